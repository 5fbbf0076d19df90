"""意見: by name, within the term of who writes it."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from committee.actions.once import create_once
from committee.models import Comment, Proposal
from committee.workflow import Refused, who_may
from townhall.models import User
from townhall.permissions import Permission, can


@transaction.atomic
def write_comment(comment: Comment, *, by: User, today: date, now: datetime) -> Comment:
    """The same key a second time gives the first one. On a proposal only once it was submitted."""
    if not can(by, Permission.COMMENT, today=today):
        raise PermissionDenied(f"意見を書けるのは、{who_may(Permission.COMMENT)}です。")
    proposal = comment.proposal
    if proposal is not None and not Proposal.objects.visible_to(by, today=today).filter(pk=proposal.pk).exists():
        raise PermissionDenied("この提案は、まだ提出されていません。")
    if comment.item is not None and comment.item.meeting.is_closed:
        raise Refused("この会議は終了しています。意見は、会議録の確認で伝えてください。")
    comment.author, comment.author_text, comment.written_at = by, by.described_on(today), now
    twins = Comment.objects.filter(creation_key=comment.creation_key, author=by)
    return create_once(comment, twins, by=by, today=today, source="画面")
