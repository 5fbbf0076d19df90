"""Geometry of the イナズマ線: how far a row has come, against the day looked at. Pure: no database, no HTML.

The line runs down the chart at the day. In a row whose progress can be measured it goes to the point where the work
stands and back: to the left is late, to the right is ahead. The point is start + rate × (end − start): it takes for
granted that the work grows evenly, so it is a hint (目安) and never changes what was reported.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from schedule.choices import ScheduleKind, Standing
from schedule.standing import ReportFacts, RowFacts, RowStanding
from townhall import fiscal


class Course(Enum):
    MEASURED = "measured"
    STRAIGHT = "straight"  # nothing to measure: 随時, 毎年, finished, not begun, or no rate reported
    UNKNOWN = "unknown"  # 未報告: dotted


@dataclass(frozen=True)
class Progress:
    """`months` behind are counted to the nearest half and rounded to whole ones; negative when ahead."""

    course: Course
    stands_on: date | None = None  # where the work stands; None unless it is measured
    percent: int | None = None
    months: int = 0

    @property
    def words(self) -> str:
        """「進み60％、計画より約2か月遅れ」; empty where nothing is measured."""
        if self.course is not Course.MEASURED:
            return ""
        if not self.months:
            return f"進み{self.percent}％、計画どおり"
        return f"進み{self.percent}％、計画より約{abs(self.months)}か月{'遅れ' if self.months > 0 else '先'}"


STRAIGHT = Progress(Course.STRAIGHT)
UNKNOWN = Progress(Course.UNKNOWN)
_FINISHED = (Standing.DONE, Standing.DROPPED)


def progress_of(
    row: RowFacts, *, standing: RowStanding, reports: Sequence[ReportFacts], as_of: date, ends_on: date
) -> Progress:
    """`reports` oldest first; the newest is the one the row stands by. After the plan's end its last day is measured."""
    if standing.standing == Standing.UNREPORTED:
        return UNKNOWN
    span = _span(row)
    if span is None or standing.standing in _FINISHED or not reports or reports[-1].percent is None:
        return STRAIGHT
    start, end = span
    day = min(as_of, ends_on)
    if day < start:
        return STRAIGHT
    percent = min(max(reports[-1].percent, 0), 100)
    stands_on = start + (end - start) * percent / 100
    behind = fiscal.month_position(start, min(day + timedelta(days=1), end)) - fiscal.month_position(start, stands_on)
    return Progress(Course.MEASURED, stands_on, percent, _rounded(behind))


def _span(row: RowFacts) -> tuple[date, date] | None:
    """The first day of the row and the day after its last; None for rows that have no end to come closer to.

    A 見直し starts again with each 改定: its way goes from the last one to the next review.
    """
    if row.reviewed is not None:
        revised_on, review_on = row.reviewed
        return (revised_on, review_on + timedelta(days=1)) if revised_on < review_on else None
    if row.kind not in (ScheduleKind.DEADLINE, ScheduleKind.FROM) or not row.first_year or not row.last_year:
        return None
    start = fiscal.fiscal_year_start(row.first_year)
    end = min(row.due_on or date.max, fiscal.fiscal_year_end(row.last_year)) + timedelta(days=1)
    return (start, end) if start < end else None


def _rounded(months: float) -> int:
    """0.5 of a month is one month, on both sides."""
    return int(abs(months) + 0.5) * (1 if months > 0 else -1)
