"""書面開催: the members answer each subject until a day."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from committee.actions.holding import hold_open
from committee.choices import Vote
from committee.models import Seat, WrittenAnswer
from townhall import fiscal
from townhall.changes import create_row, save_row
from townhall.models import User
from townhall.permissions import Permission, can
from townhall.refusal import Refused


@transaction.atomic
def answer_in_writing(answer: WrittenAnswer, *, by: User, today: date, seen_version: int | None) -> WrittenAnswer:
    """One member, one subject, one answer; it can be changed until the day has passed."""
    meeting = hold_open(answer.item.meeting)
    seat = Seat.objects.filter(meeting=meeting, person=by, is_member=True).first()
    if seat is None or not can(by, Permission.ANSWER_MEETING, today=today):
        raise PermissionDenied("書面の回答ができるのは、この会議の名簿にある委員です。")
    if not meeting.is_written or meeting.reply_by is None:
        raise Refused("この会議は、まだ書面で招集していません。")
    if today > meeting.reply_by:
        last = fiscal.format_date(meeting.reply_by)
        raise Refused(f"回答期限（{last}）を過ぎました。事務局（総務課）へお知らせください。")
    if answer.vote != Vote.AGREE and not answer.comment.strip():
        raise Refused(f"「{Vote(answer.vote).label}」のときは、意見を入力してください。")
    answer.person, answer.seat = by, seat.seat
    if answer.pk is None:
        first = WrittenAnswer.objects.filter(item=answer.item, person=by).first()
        if first is not None and (first.vote, first.comment) == (answer.vote, answer.comment):
            return first  # a double click
        return create_row(answer, by=by, today=today)
    return save_row(answer, by=by, seen_version=seen_version, today=today)
