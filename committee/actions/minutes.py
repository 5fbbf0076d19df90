"""会議録: drafted, sent round, confirmed; after that corrected only with a reason."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from committee.choices import CORRECTION, MinutesState
from committee.due import MINUTES_KIND, seat_subject
from committee.models import CommitteeRules, Meeting, Minutes, MinutesReply, Seat
from committee.workflow import who_may
from schedule.reminders import settle
from townhall import calendar, fiscal
from townhall.changes import create_row, save_row
from townhall.models import ClosingDay, User
from townhall.permissions import Permission, can
from townhall.refusal import Refused


@transaction.atomic
def draft_minutes(meeting: Meeting, text: str, *, by: User, today: date) -> Minutes:
    """Begin the minutes with a text made of what was recorded; a second press gives the first draft."""
    _manages(by, today=today)
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    first = Minutes.objects.filter(meeting=meeting).first()
    if first is not None:
        return first
    try:
        return create_row(Minutes(meeting=meeting, text=text), by=by, today=today)
    except IntegrityError as error:
        raise Refused("ほかの人が同時に下書きを作りました。画面を開き直してください。") from error


@transaction.atomic
def edit_minutes(minutes: Minutes, *, by: User, today: date, seen_version: int | None, reason: str = "") -> Minutes:
    """Until they are confirmed the text is free; after that it is corrected, with a reason."""
    _manages(by, today=today)
    now = Minutes.objects.select_for_update().get(pk=minutes.pk)
    if now.is_confirmed and not reason.strip():
        raise Refused("確定した会議録です。直すには、訂正の理由を入力してください。")
    told = f"{CORRECTION}{reason.strip()}" if now.is_confirmed else reason.strip()
    return save_row(minutes, by=by, seen_version=seen_version, today=today, reason=told)


def minutes_due(today: date) -> date:
    """The last day of the correction period, as the rules say (開庁日)."""
    return calendar.add_working_days(today, CommitteeRules.now().minutes_days, ClosingDay.days())


@transaction.atomic
def send_minutes(minutes: Minutes, *, reply_by: date, by: User, today: date, seen_version: int | None) -> Minutes:
    """Ask everybody who was called to that meeting to check them."""
    _manages(by, today=today)
    _not_confirmed(minutes)
    if not minutes.meeting.is_closed:
        raise Refused("会議を終了してから、会議録を送ってください。")
    if reply_by < today:
        raise Refused("確認の期限は、今日からあとの日にしてください。")
    minutes.state, minutes.reply_by = MinutesState.SENT, reply_by
    return save_row(minutes, by=by, seen_version=seen_version, today=today, reason="委員に確認を依頼")


@transaction.atomic
def reply_to_minutes(reply: MinutesReply, *, by: User, today: date, seen_version: int | None) -> MinutesReply:
    """修正なし (an empty text) or what should be corrected; until the minutes are confirmed it can be changed."""
    minutes = Minutes.objects.select_for_update().get(pk=reply.minutes_id)
    seat = Seat.objects.filter(meeting=minutes.meeting_id, person=by).first()
    if seat is None or not can(by, Permission.ANSWER_MEETING, today=today):
        raise PermissionDenied("会議録を確認するのは、この会議の名簿にある人です。")
    if minutes.state != MinutesState.SENT:
        raise Refused(f"この会議録はいま「{minutes.state_choice.label}」のため、確認を受け付けていません。")
    reply.person, reply.seat = by, seat.seat
    if reply.pk is None:
        first = MinutesReply.objects.filter(minutes=minutes, person=by).first()
        if first is not None and first.text == reply.text:
            return first  # a double click
        create_row(reply, by=by, today=today)
        settle(kind=MINUTES_KIND.slug, subject=seat_subject(seat), reason="会議録の確認が記録されました。")
        return reply
    reply.handled = ""  # what was said about the former text does not answer the new one
    return save_row(reply, by=by, seen_version=seen_version, today=today)


@transaction.atomic
def handle_reply(reply: MinutesReply, handled: str, *, by: User, today: date, seen_version: int | None) -> MinutesReply:
    """What 事務局 did about a wish: mended, or why not."""
    _manages(by, today=today)
    _not_confirmed(reply.minutes)
    if not handled.strip():
        raise Refused("どう対応したかを入力してください。")
    reply.handled = handled.strip()
    return save_row(reply, by=by, seen_version=seen_version, today=today, reason="修正の求めへの対応")


@transaction.atomic
def confirm_minutes(minutes: Minutes, *, by: User, today: date, seen_version: int | None) -> Minutes:
    """確定: when the period is over or everybody answered, and every wish has been dealt with."""
    _manages(by, today=today)
    _not_confirmed(minutes)
    if minutes.state != MinutesState.SENT or minutes.reply_by is None:
        raise Refused("委員に送って確認してもらってから、確定してください。")
    replies = list(minutes.replies.all())
    if waiting := [reply.seat for reply in replies if reply.waits]:
        raise Refused(f"対応を書いていない修正の求めが{len(waiting)}件あります：{'、'.join(waiting)}")
    if today <= minutes.reply_by and len(replies) < minutes.meeting.seats.count():
        last = fiscal.format_date(minutes.reply_by)
        raise Refused(f"確認の期限（{last}）までは、全員が確認するまで確定できません。")
    minutes.state, minutes.confirmed_on = MinutesState.CONFIRMED, today
    minutes.confirmed_by = by.described_on(today)
    return save_row(minutes, by=by, seen_version=seen_version, today=today, reason="会議録を確定")


def _not_confirmed(minutes: Minutes) -> None:
    now = Minutes.objects.select_for_update().get(pk=minutes.pk)
    if now.is_confirmed:
        raise Refused("確定した会議録です。直すときは、理由をつけて「訂正する」から直してください。")


def _manages(by: User, *, today: date) -> None:
    if not can(by, Permission.MANAGE_MEETING, today=today):
        raise PermissionDenied(f"会議録を作るのは、{who_may(Permission.MANAGE_MEETING)}です。")
