"""A person's days as an iCalendar: what they have open, the rounds they report in, the meetings they may see.

What stands here leaves the portal: titles as in a letter, nothing confidential, and a link to the page that asks who is
there. The same data of the same day makes the same bytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event

from committee.models import Meeting
from schedule.models import ReminderLine, ReportingRound
from townhall import fiscal
from townhall.models import ClosingDay, User
from townhall.permissions import Permission, can

MOST_ENTRIES = 300  # per kind; a calendar is looked at, not archived
BACK = timedelta(days=62)
MEETING_TAKES = timedelta(hours=1, minutes=30)  # no end is recorded; calendars want one


@dataclass(frozen=True)
class Entry:
    uid: str  # the same in every fetch, so that a calendar moves the entry instead of doubling it
    title: str
    path: str
    on: date
    at: time | None = None  # None: the whole day
    note: str = ""
    place: str = ""


def entries_of(user: User, *, today: date) -> list[Entry]:
    """At most four queries."""
    return [*_open_things(user), *_rounds(user, today), *_meetings(user, today)]


def as_icalendar(entries: list[Entry], *, today: date) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Otaki DX//JA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "大多喜町DX推進ポータル")
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    for entry in entries:
        calendar.add_component(_event(entry, stamp=datetime.combine(today, time(), tzinfo=fiscal.TOWN_TIME)))
    data: bytes = calendar.to_ical()
    return data


def _event(entry: Entry, *, stamp: datetime) -> Event:
    event = Event()
    host = urlsplit(settings.PORTAL_URL).hostname or "localhost"
    event.add("uid", f"{entry.uid}@{host}")
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("summary", entry.title)
    event.add("url", settings.PORTAL_URL + entry.path)
    event.add("description", "\n".join(part for part in (entry.note, settings.PORTAL_URL + entry.path) if part))
    if entry.place:
        event.add("location", entry.place)
    if entry.at is None:
        event.add("dtstart", entry.on)
        event.add("dtend", entry.on + timedelta(days=1))
        event.add("transp", "TRANSPARENT")  # a deadline does not make anybody busy
        return event
    # In UTC: no calendar program then needs to be told what Japanese time is.
    starts_at = datetime.combine(entry.on, entry.at, tzinfo=fiscal.TOWN_TIME).astimezone(UTC)
    event.add("dtstart", starts_at)
    event.add("dtend", starts_at + MEETING_TAKES)
    return event


def _open_things(user: User) -> Iterator[Entry]:
    for line in ReminderLine.objects.open_for(user)[:MOST_ENTRIES]:
        yield Entry(f"{line.kind}-{line.subject}", f"【期限】{line.title}", line.path, line.due_on, note=line.note)


def _rounds(user: User, today: date) -> Iterator[Entry]:
    if not can(user, Permission.RECORD_PROGRESS, today=today):
        return
    closing_days = ClosingDay.days()
    rounds = ReportingRound.objects.filter(closed_at=None, due_on__gte=today - BACK).order_by("due_on")
    for each in rounds.select_related("plan")[:MOST_ENTRIES]:
        title = f"進捗入力の提出期限　{each.label}"
        yield Entry(f"round-{each.pk}", title, each.get_absolute_url(), each.deadline(closing_days))


def _meetings(user: User, today: date) -> Iterator[Entry]:
    if not can(user, Permission.VIEW_MEETING, today=today):
        return
    for meeting in Meeting.objects.filter(held_on__gte=today - BACK).order_by("held_on")[:MOST_ENTRIES]:
        yield Entry(
            f"meeting-{meeting.pk}",
            str(meeting),
            meeting.get_absolute_url(),
            meeting.held_on,
            at=meeting.starts_at,
            place=meeting.place,
        )
