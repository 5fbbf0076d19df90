"""Where a row stands on a day. Pure: plain values in, no database, no clock.

What a person reported decides (R2). Beside it stands the portal's own view (`suggested`), shown only when it is worse;
it never replaces what was reported. Kinds are judged differently (R10): a deadline may be late, a start may be late,
a yearly row is judged once per fiscal year, an ongoing row is never late, only silent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from schedule.choices import ScheduleKind, Standing
from schedule.rounds import full_name, short_name
from townhall import fiscal

SILENT_AFTER_DAYS = 100  # a quarter and its ten days of grace
LATE_AFTER_MONTHS = 3  # below: やや遅れ

Direction = Literal["worse", "better", "same"]

# A study moves forward through these; a row's standings are ordered by Standing.WORST_FIRST.
_STUDY_ORDER = (Standing.CONSIDERING, Standing.TRYING, Standing.DECIDED, Standing.RUNNING)
_FINISHED = (Standing.DONE, Standing.DROPPED)
_HELD = (Standing.ON_TRACK, Standing.DONE)
_NOTHING_DONE = (Standing.NOT_STARTED, Standing.DROPPED)


@dataclass(frozen=True)
class PlanPeriod:
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class RowFacts:
    kind: str
    first_year: int | None = None
    last_year: int | None = None
    due_on: date | None = None
    # Of a row that speaks of a review: from the last 改定 to the next review, as known on the day looked at.
    reviewed: tuple[date, date] | None = None


@dataclass(frozen=True)
class RoundFacts:
    fiscal_year: int
    quarter: int
    opens_on: date
    due_on: date
    is_final: bool = False
    closed_on: date | None = None
    months: int = 3  # reported on: a quarter or a half year

    @property
    def short_label(self) -> str:
        return short_name(self.quarter, months=self.months, is_final=self.is_final)

    def awaits_reports(self, as_of: date) -> bool:
        """Its deadline has not passed, and it was not closed before that."""
        return as_of <= self.due_on and (self.closed_on is None or as_of < self.closed_on)

    @property
    def key(self) -> tuple[int, int]:
        return self.fiscal_year, self.quarter


@dataclass(frozen=True)
class ReportFacts:
    """A submitted or accepted report (R4). Drafts and returned reports are not reports."""

    key: tuple[int, int]  # of its round
    standing: Standing
    reported_on: date
    percent: int | None = None
    months: int = 3  # of its round
    is_final: bool = False  # its round looks back on the whole plan
    completes_on: date | None = None  # None: it says nothing new about the completion

    @property
    def period(self) -> tuple[date, date]:
        """First and last day reported on; of a final evaluation the quarter in which it is made."""
        year, quarter = self.key
        return fiscal.quarter_start(year, quarter - (1 if self.months == 6 else 0)), fiscal.quarter_end(year, quarter)

    @property
    def label(self) -> str:
        return full_name(*self.key, months=self.months, is_final=self.is_final)

    @property
    def says_work_was_done(self) -> bool:
        return self.standing not in _NOTHING_DONE


@dataclass(frozen=True)
class RowStanding:
    standing: Standing
    is_carried: bool = False  # 前期: the deadline of this round has not passed and nothing is reported yet
    reason: str = ""  # why, when no person said it
    suggested: Standing | None = None  # the portal's view, only when it is worse
    suggestion: str = ""
    months_late: int | None = None  # whole months; None when nothing can be measured
    days_silent: int | None = None  # since the last report; None unless that is too long


@dataclass(frozen=True)
class RoundsOnDay:
    """The round that counts on a day and the one before it."""

    current: RoundFacts | None = None
    previous: RoundFacts | None = None


def rounds_on(rounds: Iterable[RoundFacts], as_of: date) -> RoundsOnDay:
    opened = sorted((each for each in rounds if each.opens_on <= as_of), key=lambda each: each.key)
    return RoundsOnDay(current=opened[-1] if opened else None, previous=opened[-2] if len(opened) > 1 else None)


def standing_on(
    row: RowFacts, *, plan: PlanPeriod, rounds: RoundsOnDay, reports: Sequence[ReportFacts], as_of: date
) -> RowStanding:
    """`reports` are those of this row that were known on that day."""
    by_round = {report.key: report for report in reports}
    said = _what_was_said(row, plan=plan, rounds=rounds, by_round=by_round, as_of=as_of)
    view = _own_view(row, said.standing, plan=plan, rounds=rounds, reports=reports, as_of=as_of)
    is_worse = view.standing is not None and severity(view.standing) < severity(said.standing)
    return RowStanding(
        standing=said.standing,
        is_carried=said.is_carried,
        reason=said.reason,
        suggested=view.standing if is_worse else None,
        suggestion=view.reason if is_worse else "",
        months_late=view.months,
        days_silent=_days_silent(row, plan=plan, reports=reports, as_of=as_of),
    )


def _what_was_said(
    row: RowFacts,
    *,
    plan: PlanPeriod,
    rounds: RoundsOnDay,
    by_round: dict[tuple[int, int], ReportFacts],
    as_of: date,
) -> RowStanding:
    current, previous = rounds.current, rounds.previous
    report = by_round.get(current.key) if current else None
    if report:
        return RowStanding(report.standing)
    is_awaited = current is not None and current.awaits_reports(as_of)
    before = by_round.get(previous.key) if previous else None
    if is_awaited and before:
        return RowStanding(before.standing, is_carried=True)
    if as_of < plan.starts_on:
        return RowStanding(Standing.NOT_STARTED, reason="計画期間の前です")
    if row.first_year and as_of < fiscal.fiscal_year_start(row.first_year):
        return RowStanding(Standing.NOT_STARTED, reason=f"{fiscal.format_fiscal_year(row.first_year)}に始まる行です")
    if current is None:
        return RowStanding(Standing.UNREPORTED, reason="まだ期がありません")
    if not is_awaited:
        return RowStanding(Standing.UNREPORTED, reason="この期は締め切られましたが、報告がありません")
    if previous is None:
        return RowStanding(Standing.UNREPORTED, reason="最初の期の報告を待っています")
    return RowStanding(Standing.UNREPORTED, reason="前期もこの期も報告がありません")


@dataclass(frozen=True)
class _View:
    standing: Standing | None = None
    reason: str = ""
    months: int | None = None


def _own_view(
    row: RowFacts,
    standing: Standing,
    *,
    plan: PlanPeriod,
    rounds: RoundsOnDay,
    reports: Sequence[ReportFacts],
    as_of: date,
) -> _View:
    if standing in _FINISHED:
        return _View()
    if row.kind == ScheduleKind.DEADLINE:
        return _view_of_deadline(row, as_of=as_of)
    if standing == Standing.UNREPORTED:
        return _View()  # nothing is known; 未報告 says so already
    if row.kind == ScheduleKind.FROM:
        return _view_of_start(row, standing, plan=plan, as_of=as_of)
    if row.kind == ScheduleKind.YEARLY:
        return _view_of_year(row, standing, rounds=rounds, reports=reports, as_of=as_of)
    return _View()


def _view_of_deadline(row: RowFacts, *, as_of: date) -> _View:
    if row.due_on is None or as_of <= row.due_on:
        return _View()
    months = whole_months(row.due_on, as_of)
    passed = f"{months}か月" if months else f"{(as_of - row.due_on).days}日"
    return _View(Standing.LATE, f"期限（{fiscal.format_date(row.due_on)}）から{passed}過ぎています", months)


def _view_of_start(row: RowFacts, standing: Standing, *, plan: PlanPeriod, as_of: date) -> _View:
    begins = fiscal.fiscal_year_start(row.first_year) if row.first_year else plan.starts_on
    if standing != Standing.NOT_STARTED or as_of < begins:
        return _View()
    months = whole_months(begins, as_of)
    late = Standing.LATE if months >= LATE_AFTER_MONTHS else Standing.SLIGHTLY_LATE
    year = fiscal.format_fiscal_year(fiscal.fiscal_year(begins))
    return _View(late, f"{year}に始める行が、まだ未着手です", months)


def _view_of_year(
    row: RowFacts, standing: Standing, *, rounds: RoundsOnDay, reports: Sequence[ReportFacts], as_of: date
) -> _View:
    """The year of the round that counts is judged; a round after the plan's end judges the last year."""
    if rounds.current is None:
        return _View()
    judged = min(rounds.current.fiscal_year, row.last_year or rounds.current.fiscal_year)
    if row.first_year and judged < row.first_year:
        return _View()
    if any(report.standing in _HELD for report in reports if report.key[0] >= judged):
        return _View()
    year = fiscal.format_fiscal_year(judged)
    if as_of > fiscal.fiscal_year_end(judged):
        return _View(Standing.LATE, f"{year}に実施した報告がありません")
    is_last_quarter = as_of >= fiscal.quarter_start(judged, 4)
    if is_last_quarter and standing == Standing.NOT_STARTED:
        return _View(Standing.SLIGHTLY_LATE, f"{year}の第4四半期ですが、まだ未着手です")
    return _View()


def _days_silent(row: RowFacts, *, plan: PlanPeriod, reports: Sequence[ReportFacts], as_of: date) -> int | None:
    """After the plan's end nobody owes news of ongoing work any more."""
    if row.kind not in (ScheduleKind.ONGOING, ScheduleKind.STUDY) or not reports or as_of > plan.ends_on:
        return None
    days = (as_of - max(report.reported_on for report in reports)).days
    return days if days > SILENT_AFTER_DAYS else None


# --- several rows together


@dataclass(frozen=True)
class Overall:
    """An initiative: its worst row, and how many of its rows say nothing."""

    standing: Standing | None  # None without rows
    unreported: int = 0
    counts: tuple[tuple[Standing, int], ...] = field(default=())  # worst first


def overall(standings: Iterable[Standing]) -> Overall:
    rows = list(standings)
    if not rows:
        return Overall(None)
    return Overall(
        standing=min(rows, key=severity),
        unreported=rows.count(Standing.UNREPORTED),
        counts=tuple((each, rows.count(each)) for each in sorted(set(rows), key=severity)),
    )


def severity(standing: Standing) -> int:
    """0 is the worst. A study is never late, so its words follow 未報告 in the order of its progress."""
    if standing in Standing.WORST_FIRST:
        return Standing.WORST_FIRST.index(standing)
    return len(Standing.WORST_FIRST) + _STUDY_ORDER.index(standing)


def direction(before: Standing, after: Standing) -> Direction | None:
    """From one round to the next. None when one side is 未報告 or 見送り: neither worse nor better."""
    if before == after:
        return "same"
    if {before, after} & {Standing.UNREPORTED, Standing.DROPPED}:
        return None
    return "better" if severity(after) > severity(before) else "worse"


def standing_in_round(each: RoundFacts, report: ReportFacts | None, *, as_of: date) -> Standing | None:
    """What a round says about one row: None while its deadline has not passed and nothing is reported."""
    if report:
        return report.standing
    return None if each.awaits_reports(as_of) else Standing.UNREPORTED


def whole_months(start: date, end: date) -> int:
    """Months that have passed completely: 3/31 → 4/30 is 0, 3/31 → 5/1 is 1."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - 1 if end.day < start.day else months
