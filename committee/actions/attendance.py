"""招集 and 出欠."""

from collections.abc import Iterator
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from committee.actions.holding import hold_for_correction, hold_open
from committee.choices import SeatState
from committee.due import CALL_KIND, seat_subject
from committee.models import AgendaItem, Meeting, Seat
from schedule.reminders import settle
from townhall import fiscal
from townhall.changes import create_row, save_row
from townhall.choices import Role
from townhall.models import RoleAssignment, User
from townhall.permissions import Permission, can
from townhall.refusal import Refused

# 委員長 first; 専門部会 and 外部人材 sit with the committee and have no vote (計画書 7 なお書き).
SEATED = (Role.CHAIR, Role.MEMBER, Role.TASK_FORCE, Role.EXPERT)


@transaction.atomic
def convene_meeting(
    meeting: Meeting, *, reply_by: date, by: User, today: date, now: datetime, seen_version: int | None
) -> Meeting:
    """招集: a seat for everybody who belongs to the committee on the day, and 資料番号 that stay from now on."""
    held = hold_open(meeting)
    if held.is_convened and held.reply_by == reply_by and held.convened_by == by.described_on(today):
        return held  # a double click
    if not today <= reply_by <= held.held_on:
        last = fiscal.format_date(held.held_on)
        raise Refused(f"回答期限は、今日から開催日（{last}）までの日付にしてください。")
    if held.is_written and not held.items.exists():
        raise Refused("書面で開く会議は、議題を載せてから招集してください。")
    meeting.reply_by, meeting.convened_at, meeting.convened_by = reply_by, now, by.described_on(today)
    reason = "回答期限を変えて、もう一度招集" if held.is_convened else "招集"
    save_row(meeting, by=by, seen_version=seen_version, today=today, reason=reason)
    _seat_those_without(meeting, by=by, today=today)
    number_papers(meeting, by=by, today=today)
    return meeting


def _seat_those_without(meeting: Meeting, *, by: User, today: date) -> None:
    known = set(meeting.seats.values_list("person_id", flat=True))
    for order, post in enumerate(_posts_of(meeting.held_on), start=1):
        if post.user_id not in known:
            seat = Seat(meeting=meeting, person=post.user, order=order, seat=_seat_of(post))
            seat.is_member = post.role in Role.ON_THE_COMMITTEE
            create_row(seat, by=by, today=today, reason="招集")


def moved(meeting: Meeting, *, now: datetime) -> None:
    """To another day or hour after 招集. Nobody can answer after the day itself."""
    meeting.moved_at = now
    if meeting.reply_by is not None:
        meeting.reply_by = min(meeting.reply_by, meeting.held_on)


def ask_again(meeting: Meeting, *, by: User, today: date) -> None:
    """Who had answered for another day is asked anew (the first answer stays in the history); who came to belong, too.

    In writing the subjects are answered, not the day.
    """
    _seat_those_without(meeting, by=by, today=today)
    answered = () if meeting.is_written else meeting.seats.exclude(state=SeatState.UNKNOWN)
    for seat in answered:
        seat.state, seat.proxy = SeatState.UNKNOWN, ""
        save_row(seat, by=by, seen_version=seat.version, today=today, reason="会議の日時が変わったため、もう一度伺う")


def _posts_of(day: date) -> Iterator[RoleAssignment]:
    """One post a person, the one that weighs most."""
    posts = RoleAssignment.objects.on(day).filter(role__in=SEATED, user__is_active=True)
    seen: set[int] = set()
    ordered = posts.select_related("user", "section").order_by("section__order", "pk")
    for post in sorted(ordered, key=lambda post: SEATED.index(Role(post.role))):
        if post.user_id not in seen:
            seen.add(post.user_id)
            yield post


def people_to_call(day: date) -> list[tuple[str, bool]]:
    """Whom 招集 would give a seat: post and name, and whether they are counted as members. One query."""
    return [(_seat_of(post), post.role in Role.ON_THE_COMMITTEE) for post in _posts_of(day)]


def _seat_of(post: RoleAssignment) -> str:
    place = post.section.name if post.section else ""
    return " ".join(part for part in (place, post.title or post.get_role_display(), str(post.user)) if part)


def number_papers(meeting: Meeting, *, by: User, today: date) -> None:
    """Give 資料番号 to the subjects without one, in their order. A number once given is not given again."""
    used = AgendaItem.history.filter(meeting_id=meeting.pk).aggregate(last=Max("paper_number"))["last"] or 0
    for number, item in enumerate(meeting.items.filter(paper_number=None).order_by("order", "pk"), start=used + 1):
        item.paper_number = number
        save_row(item, by=by, seen_version=item.version, today=today, reason="資料番号")


@transaction.atomic
def record_attendance(
    seat: Seat, *, by: User, today: date, seen_version: int | None, reason: str = "", source: str = "画面"
) -> Seat:
    """Say who comes or came. Each member for the own seat, 事務局 for everybody; after the end only 事務局, as 訂正."""
    manages = can(by, Permission.MANAGE_MEETING, today=today)
    if not manages and not (seat.person_id == by.pk and can(by, Permission.ANSWER_MEETING, today=today)):
        raise PermissionDenied("出欠を記録できるのは、本人と事務局です。")
    told = hold_for_correction(seat.meeting, reason=reason) if manages else _own_answer(seat)
    if seat.state != SeatState.PROXY and seat.proxy:
        raise Refused(f"{seat.seat}：代理の人の名前は、「代理出席」のときだけ書いてください。")
    if seat.state == SeatState.PROXY and not seat.proxy.strip():
        raise Refused(f"{seat.seat}：代理で出席する人の職と名前を書いてください。")
    save_row(seat, by=by, seen_version=seen_version, today=today, reason=told or "出欠", source=source)
    if seat.state != SeatState.UNKNOWN:
        settle(kind=CALL_KIND.slug, subject=seat_subject(seat), reason="出欠が記録されました。")
    return seat


def _own_answer(seat: Seat) -> str:
    hold_open(seat.meeting)
    return "本人の回答"
