"""What is due around meetings: 招集, the day itself, 書面の回答, 宿題, 会議録.

Letters say the number of the meeting and what to do. Titles of subjects and the text of 宿題 stay in the portal.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import F, Q

from committee.choices import MeetingWay, MinutesState, SeatState
from committee.models import ActionItem, AgendaItem, CommitteeRules, Meeting, Minutes, Seat
from schedule.recurrence import Reach, Step
from schedule.sources import DueDay, DueItem, Kind
from townhall import calendar, fiscal
from townhall.permissions import Permission

CONVENING_KIND = Kind("convening", "会議の招集", lead_days=(5, 0), days_after=(1,), in_working_days=True)
CALL_KIND = Kind("call", "会議の出欠の回答", lead_days=(1, 0), days_after=(1,), in_working_days=True)
WRITTEN_KIND = Kind("written", "書面開催の回答", lead_days=(3, 0), in_working_days=True)
DAY_KIND = Kind("meeting", "会議の前日", lead_days=(1,), in_working_days=True)
CLOSING_KIND = Kind("meeting_end", "会議の終了", lead_days=(0,), days_after=(1,), in_working_days=True)
TASK_KIND = Kind("action_item", "宿題", lead_days=(7, 0), days_after=(1,))
# The usual period is ten working days: the first letter goes out as soon as the minutes are sent round.
MINUTES_KIND = Kind("minutes", "会議録の確認", lead_days=(10, 3, 0), in_working_days=True)
CONFIRMING_KIND = Kind("minutes_end", "会議録の確定", lead_days=(0,), days_after=(1,), in_working_days=True)
KINDS = (
    *(CONVENING_KIND, CALL_KIND, WRITTEN_KIND, DAY_KIND, CLOSING_KIND),
    *(TASK_KIND, MINUTES_KIND, CONFIRMING_KIND),
)
CONVENED, MOVED = (
    "convened",
    "moved",
)  # names of the steps of 招集 and a new day, whose letters do not wait for the morning


def open_items(day: DueDay) -> list[DueItem]:
    """Nine queries, however many meetings there are."""
    return [*_meetings(day), *_action_items(day), *_minutes(day)]


def seat_subject(seat: Seat) -> str:
    """The same for 出欠, 書面の回答 and 会議録の確認: each is owed once by each seat."""
    return f"seat:{seat.pk}"


def action_item_subject(task: ActionItem) -> str:
    return f"action_item:{task.pk}"


# --- meetings ---------------------------------------------------------------------------------------------------------
def _meetings(day: DueDay) -> Iterator[DueItem]:
    notice_days = CommitteeRules.now().notice_days
    answered = _answered_in_writing()
    for meeting in Meeting.objects.filter(is_closed=False).prefetch_related("seats__person", "items"):
        seats = list(meeting.seats.all())
        if meeting.held_on < day.today:
            yield _of_the_office(meeting, CLOSING_KIND, meeting.held_on, "会議を終了してください", day)
        elif not meeting.is_convened:
            due_on = calendar.working_days_before(meeting.held_on, notice_days, day.closing_days)
            yield _of_the_office(meeting, CONVENING_KIND, due_on, "会議を招集してください", day)
        elif meeting.is_written:
            subjects = {item.pk for item in meeting.items.all() if not item.follows_up}
            yield from _written(
                meeting, [seat for seat in seats if subjects - answered.get(seat.person_id, set())], day
            )
        else:
            yield from _calls(meeting, [seat for seat in seats if seat.state == SeatState.UNKNOWN], day)
            if coming := [seat for seat in seats if seat.state != SeatState.ABSENT]:
                yield _the_day(meeting, coming, day)


def _of_the_office(meeting: Meeting, kind: Kind, due_on: date, words: str, day: DueDay) -> DueItem:
    return DueItem(
        kind=kind.slug,
        subject=f"meeting:{meeting.pk}",
        due_on=due_on,
        title=f"{meeting}　{words}",
        path=meeting.get_absolute_url(),
        section=None,
        permission=Permission.MANAGE_MEETING,
        steps=day.steps(kind, due_on),
        begins_with=Reach.SECRETARIAT,
    )


def _calls(meeting: Meeting, seats: Iterable[Seat], day: DueDay) -> Iterator[DueItem]:
    """Asked until the day of the meeting, also after the day for answers."""
    for seat in seats:
        yield _of_a_seat(seat, meeting, CALL_KIND, f"{meeting}（{_when(meeting)}）　出欠を回答してください", day)


def _written(meeting: Meeting, seats: Iterable[Seat], day: DueDay) -> Iterator[DueItem]:
    """Until the day for answers: after it nobody can answer."""
    if meeting.reply_by is None or meeting.reply_by < day.today:
        return
    for seat in seats:
        if seat.is_member:
            yield _of_a_seat(seat, meeting, WRITTEN_KIND, f"{meeting}（書面開催）　議題に回答してください", day)


def _of_a_seat(seat: Seat, meeting: Meeting, kind: Kind, title: str, day: DueDay) -> DueItem:
    """招集 is told at once, and so is another day or hour: to everybody, because who had answered is asked again."""
    due_on = day.deadline(meeting.reply_by or meeting.held_on)
    steps = day.steps(kind, due_on)
    if meeting.convened_at is not None:
        called_on = fiscal.japan_date(meeting.convened_at)
        steps = day.with_step(steps, Step(called_on, (called_on - due_on).days, CONVENED, "招集　", at_once=True))
    if meeting.moved_at is not None:
        moved_on = fiscal.japan_date(meeting.moved_at)
        words = "日時が変わりました　"
        steps = day.with_step(steps, Step(moved_on, (moved_on - due_on).days, MOVED, words, at_once=True))
    return DueItem(
        kind=kind.slug,
        subject=seat_subject(seat),
        due_on=due_on,
        title=title,
        path=meeting.get_absolute_url(),
        section=None,
        permission=Permission.ANSWER_MEETING,
        steps=steps,
        people=(seat.person,),
    )


def _the_day(meeting: Meeting, coming: Iterable[Seat], day: DueDay) -> DueItem:
    place = f"　{meeting.place}" if meeting.place else ""
    return DueItem(
        kind=DAY_KIND.slug,
        subject=f"meeting:{meeting.pk}",
        due_on=meeting.held_on,
        title=f"{meeting}　{_when(meeting)}{place}",
        path=meeting.get_absolute_url(),
        section=None,
        permission=Permission.ANSWER_MEETING,
        steps=day.steps(DAY_KIND, meeting.held_on),
        people=tuple(seat.person for seat in coming),
    )


def _when(meeting: Meeting) -> str:
    day = meeting.held_on
    hour = f" {meeting.starts_at:%H:%M}" if meeting.starts_at else ""
    return f"{day.month}月{day.day}日（{calendar.weekday_ja(day)}）{hour}"


def _answered_in_writing() -> dict[int, set[int]]:
    """Person → the subjects of open written meetings they answered; one query."""
    open_ones = AgendaItem.objects.filter(meeting__is_closed=False, meeting__way=MeetingWay.WRITTEN)
    found: dict[int, set[int]] = {}
    for person, item in open_ones.filter(answers__isnull=False).values_list("answers__person", "pk"):
        found.setdefault(person, set()).add(item)
    return found


# --- 宿題 --------------------------------------------------------------------------------------------------------------
def _action_items(day: DueDay) -> Iterator[DueItem]:
    """Without a day of its own: until the next meeting."""
    coming = list(Meeting.objects.open_for_items())
    for task in ActionItem.objects.open().by_day().select_related("meeting", "section", "item"):
        until = task.due_on or _next_after(task.meeting, coming)
        if until is None:
            continue
        due_on = day.deadline(until)
        paper = f"（{task.item.paper_label}）" if task.item and task.item.paper_label else ""
        yield DueItem(
            kind=TASK_KIND.slug,
            subject=action_item_subject(task),
            due_on=due_on,
            title=f"{task.meeting.short_name}の宿題{paper}",
            path=task.get_absolute_url(),
            section=task.section,
            permission=Permission.FINISH_ACTION_ITEM,
            steps=day.steps(TASK_KIND, due_on),
            begins_with=Reach.SECTION if task.section else Reach.SECRETARIAT,
        )


def _next_after(meeting: Meeting, coming: Iterable[Meeting]) -> date | None:
    return next((other.held_on for other in coming if other.held_on > meeting.held_on), None)


# --- 会議録 ------------------------------------------------------------------------------------------------------------
def _minutes(day: DueDay) -> Iterator[DueItem]:
    """Until the day for answers each seat is asked; from then on 事務局 confirms them."""
    for minutes in Minutes.objects.filter(state=MinutesState.SENT).select_related("meeting"):
        if minutes.reply_by is not None and minutes.reply_by < day.today:
            yield _to_confirm(minutes, minutes.reply_by, day)
    has_replied = Q(meeting__minutes__replies__person=F("person"))
    asked = Seat.objects.filter(meeting__minutes__state=MinutesState.SENT, meeting__minutes__reply_by__gte=day.today)
    replied = Seat.objects.filter(has_replied).values("pk")
    for seat in asked.exclude(pk__in=replied).select_related("meeting__minutes", "person"):
        yield _to_check(seat, seat.meeting.minutes, day)


def _to_check(seat: Seat, minutes: Minutes, day: DueDay) -> DueItem:
    due_on = day.deadline(minutes.reply_by or day.today)
    return DueItem(
        kind=MINUTES_KIND.slug,
        subject=seat_subject(seat),
        due_on=due_on,
        title=f"{minutes}　確認してください",
        path=minutes.get_absolute_url(),
        section=None,
        permission=Permission.ANSWER_MEETING,
        steps=day.steps(MINUTES_KIND, due_on),
        people=(seat.person,),
    )


def _to_confirm(minutes: Minutes, asked_until: date, day: DueDay) -> DueItem:
    return DueItem(
        kind=CONFIRMING_KIND.slug,
        subject=f"minutes:{minutes.pk}",
        due_on=asked_until,
        title=f"{minutes}　確定してください",
        path=minutes.get_absolute_url(),
        section=None,
        permission=Permission.MANAGE_MEETING,
        steps=day.steps(CONFIRMING_KIND, asked_until),
        begins_with=Reach.SECRETARIAT,
    )
