"""Days to look at and to compare with: what a person typed, and the days that have a name."""

from dataclasses import dataclass
from datetime import date

from committee.models import Meeting
from initiatives.models import Plan
from townhall import fiscal


@dataclass(frozen=True)
class KnownDay:
    """A day at whose end somebody may want to know how things stood."""

    day: date
    label: str  # 「第6回委員会（令和7年8月28日）」
    is_meeting: bool = False

    @property
    def value(self) -> str:
        return self.day.isoformat()


def known_days(plan: Plan | None, *, today: date, with_meetings: bool) -> tuple[KnownDay, ...]:
    """Meetings held and rounds closed by `today`, newest first; two queries, one without the meetings.

    `with_meetings` is for those who may see the committee's meetings.
    """
    meetings = [
        KnownDay(
            meeting.held_on, f"{meeting.short_name}委員会（{fiscal.format_date(meeting.held_on)}）", is_meeting=True
        )
        for meeting in (Meeting.objects.past(today=today) if with_meetings else ())
    ]
    rounds = plan.rounds.filter(closed_at__isnull=False) if plan else ()
    closings = [
        KnownDay(day, f"{round.label}の締切（{fiscal.format_date(day)}）")
        for round in rounds
        if round.closed_at and (day := fiscal.japan_date(round.closed_at)) <= today
    ]
    return tuple(sorted([*meetings, *closings], key=lambda known: known.day, reverse=True))


def read_day(text: str, *, today: date) -> tuple[date, str]:
    """A day up to today; anything else gives today and a sentence."""
    if not text.strip():
        return today, ""
    try:
        day = fiscal.parse_date(text)
    except fiscal.DateTextError as error:
        return today, f"{error}今日の状況を表示しています。"
    if day > today:
        return today, f"{fiscal.format_date(day)}はこれからの日です。今日の状況を表示しています。"
    return day, ""
