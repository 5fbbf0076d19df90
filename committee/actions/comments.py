"""意見: by name, within the term of who writes it."""

from datetime import date, datetime
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction

from committee.actions.holding import hold_open
from committee.actions.once import create_once
from committee.models import Comment, Meeting, Proposal
from committee.workflow import who_may
from townhall.changes import save_row
from townhall.models import User
from townhall.permissions import Permission, can
from townhall.refusal import Refused


@transaction.atomic
def write_comment(comment: Comment, *, by: User, today: date, now: datetime) -> Comment:
    """The same key a second time gives the first one. On a proposal only once it was submitted."""
    if not can(by, Permission.COMMENT, today=today):
        raise PermissionDenied(f"意見を書けるのは、{who_may(Permission.COMMENT)}です。")
    proposal = comment.proposal
    if proposal is not None and not Proposal.objects.visible_to(by, today=today).filter(pk=proposal.pk).exists():
        raise PermissionDenied("この提案は、まだ提出されていません。")
    if comment.item is not None and Meeting.objects.select_for_update().get(pk=comment.item.meeting_id).is_closed:
        raise Refused("この会議は終了しています。意見は、会議録の確認で伝えてください。")
    comment.author, comment.author_text, comment.written_at = by, by.described_on(today), now
    if Comment.objects.filter(creation_key=comment.creation_key).exclude(text=comment.text).exists():
        comment.creation_key = uuid4()  # a page that was kept, and another opinion: nothing typed is lost
    twins = Comment.objects.filter(creation_key=comment.creation_key, author=by)
    return create_once(comment, twins, by=by, today=today, source="画面")


@transaction.atomic
def withdraw_comment(comment: Comment, *, by: User, today: date, now: datetime, seen_version: int | None) -> Comment:
    """By who wrote it, and only marked: others may have read it. Not once the meeting it was for is closed."""
    if comment.author_id != by.pk or not can(by, Permission.COMMENT, today=today):
        raise PermissionDenied("意見を取り下げられるのは、書いた本人です。")
    if comment.item is not None:
        hold_open(comment.item.meeting)
    if Comment.objects.get(pk=comment.pk).is_withdrawn:
        return comment  # a double click
    comment.withdrawn_at = now
    return save_row(comment, by=by, seen_version=seen_version, today=today, reason="意見を取り下げ")
