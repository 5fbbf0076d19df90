"""Geometry of the plan/actual chart: everything as a percentage of the plan's months. Pure: no database, no HTML.

計画書 6 全体スケジュール: the plan's own rows in the plan's own order. Nothing is drawn that nobody reported, and
nothing beyond the day looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from schedule.choices import ScheduleKind, Standing
from schedule.progress_line import Course, Progress, progress_of
from schedule.standing import ReportFacts, RowFacts, RowStanding
from townhall import fiscal

YEAR_GAP = 0.4  # months left free at both ends of a yearly bar, so that the years stay apart
_LABEL_FITS_UNTIL = 87.0  # per cent: beyond, words beside the bar would leave the chart
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    x: float
    width: float


@dataclass(frozen=True)
class YearMark:
    label: str
    middle: float
    end: float


@dataclass(frozen=True)
class QuarterMark:
    label: str  # the months: 「4-6」
    middle: float
    end: float
    closes_year: bool


@dataclass(frozen=True)
class Axis:
    first_year: int
    last_year: int
    years: tuple[YearMark, ...]
    quarters: tuple[QuarterMark, ...]
    today: float | None  # None outside the plan's period
    today_label: str
    end: float | None  # where the plan ended, once it has
    as_of: date
    ends_on: date

    @property
    def starts_on(self) -> date:
        return fiscal.fiscal_year_start(self.first_year)

    @property
    def months(self) -> int:
        return (self.last_year - self.first_year + 1) * 12

    def position(self, day: date) -> float:
        """Where a day begins; days outside the axis stand at its edge."""
        return _share(self.first_year, self.months, day)

    def span(self, first: date, last: date, *, gap: float = 0.0) -> Span:
        """From the beginning of the first day to the end of the last."""
        inset = gap / self.months * 100
        start, end = self.position(first) + inset, self.position(last + _DAY) - inset
        return Span(round(start, 2), round(max(end - start, 0.0), 2))


@dataclass(frozen=True)
class Record:
    x: float
    says_work_was_done: bool


@dataclass(frozen=True)
class Front:
    """The イナズマ線 in one row: from `at` at the top edge to `point` at mid-height and back to `at`."""

    at: float  # the day, or the plan's end once that has passed
    point: float  # equals `at` where nothing is measured
    is_unknown: bool  # 未報告: dotted
    is_end: bool  # `at` is the plan's end


@dataclass(frozen=True)
class RowChart:
    plan: tuple[Span, ...]
    is_anytime: bool  # 随時: dashed
    due: float | None
    actual: Span | None
    actual_tone: str
    records: tuple[Record, ...]
    front: Front | None  # None before the plan
    label: str
    label_x: float
    sentence: str


@lru_cache(maxsize=4096)
def _share(first_year: int, months: int, day: date) -> float:
    """A large plan asks for the same few days thousands of times."""
    share = fiscal.month_position(fiscal.fiscal_year_start(first_year), day) / months * 100
    return round(min(max(share, 0.0), 100.0), 2)


def axis_of(first_year: int, last_year: int, *, ends_on: date, as_of: date) -> Axis:
    blank = Axis(first_year, last_year, (), (), None, "", None, as_of, ends_on)
    years = range(first_year, last_year + 1)
    is_inside = blank.starts_on <= as_of <= ends_on
    return Axis(
        first_year,
        last_year,
        years=tuple(_year_mark(blank, year) for year in years),
        quarters=tuple(_quarter_mark(blank, year, quarter) for year in years for quarter in (1, 2, 3, 4)),
        today=blank.position(as_of) if is_inside else None,
        today_label=f"{as_of.month}/{as_of.day}" if is_inside else "",
        end=blank.position(ends_on + _DAY) if as_of > ends_on else None,
        as_of=as_of,
        ends_on=ends_on,
    )


def row_chart(
    axis: Axis,
    row: RowFacts,
    *,
    standing: RowStanding,
    reports: Sequence[ReportFacts],
    timing: str,
) -> RowChart:
    """`timing` is the plan's 実施時期, for the sentence. Ongoing and yearly rows show one dot per report, not a bar."""
    is_bar = row.kind in (ScheduleKind.DEADLINE, ScheduleKind.FROM)
    worked = [report for report in reports if report.says_work_was_done]
    actual = _actual(axis, worked) if is_bar and worked else None
    records = () if is_bar else tuple(_record(axis, report) for report in reports if _lies_on(axis, report))
    progress = progress_of(row, standing=standing, reports=reports, as_of=axis.as_of, ends_on=axis.ends_on)
    label, label_x = _label(axis, standing, reports, actual)
    return RowChart(
        plan=_plan_lane(axis, row),
        is_anytime=row.kind == ScheduleKind.ONGOING,
        due=axis.position(row.due_on + _DAY) if row.due_on else None,
        actual=actual,
        actual_tone=worked[-1].standing.tone if actual else "",
        records=records,
        front=_front(axis, progress),
        label=label,
        label_x=label_x,
        sentence=_sentence(row, standing, reports, worked, progress, is_bar=is_bar, timing=timing),
    )


def _front(axis: Axis, progress: Progress) -> Front | None:
    at = axis.today if axis.end is None else axis.end
    if at is None:
        return None
    point = axis.position(progress.stands_on) if progress.stands_on else at
    return Front(at, point, is_unknown=progress.course is Course.UNKNOWN, is_end=axis.end is not None)


def _year_mark(axis: Axis, year: int) -> YearMark:
    span = axis.span(fiscal.fiscal_year_start(year), fiscal.fiscal_year_end(year))
    return YearMark(fiscal.format_fiscal_year(year), round(span.x + span.width / 2, 2), round(span.x + span.width, 2))


def _quarter_mark(axis: Axis, year: int, quarter: int) -> QuarterMark:
    first, last = fiscal.quarter_start(year, quarter), fiscal.quarter_end(year, quarter)
    span = axis.span(first, last)
    middle, end = round(span.x + span.width / 2, 2), round(span.x + span.width, 2)
    return QuarterMark(f"{first.month}-{last.month}", middle, end, closes_year=quarter == 4)


def _plan_lane(axis: Axis, row: RowFacts) -> tuple[Span, ...]:
    if not row.first_year or not row.last_year:
        return ()
    if row.kind == ScheduleKind.YEARLY:
        years = range(row.first_year, row.last_year + 1)
        return tuple(
            axis.span(fiscal.fiscal_year_start(year), fiscal.fiscal_year_end(year), gap=YEAR_GAP) for year in years
        )
    last = fiscal.fiscal_year_end(row.last_year)
    return (axis.span(fiscal.fiscal_year_start(row.first_year), min(row.due_on or last, last)),)


def _actual(axis: Axis, worked: Sequence[ReportFacts]) -> Span | None:
    """From the first months reported on to the last ones, or to the first that says 完了; never beyond the day."""
    closing = next((report for report in worked if report.standing == Standing.DONE), worked[-1])
    first, last = worked[0].period[0], min(closing.period[1], axis.as_of)
    span = axis.span(first, last)
    return span if first <= last and span.width else None


def _lies_on(axis: Axis, report: ReportFacts) -> bool:
    """The final evaluation looks back on the plan from after its end: it has no place on the axis."""
    return axis.first_year <= report.key[0] <= axis.last_year


def _record(axis: Axis, report: ReportFacts) -> Record:
    """In the middle of the months reported on, whenever it was written."""
    first, last = report.period
    return Record(axis.position(min(first + (last - first) / 2, axis.as_of)), report.says_work_was_done)


def _label(axis: Axis, standing: RowStanding, reports: Sequence[ReportFacts], actual: Span | None) -> tuple[str, float]:
    """A few words right of the bar, only where they fit; at the beginning of the lane when nothing is reported."""
    if not reports:
        return "報告なし", 0.0
    x = round(actual.x + actual.width, 2) if actual else 0.0
    if actual is None or x > _LABEL_FITS_UNTIL:
        return "", 0.0
    done = next((report for report in reports if report.standing == Standing.DONE), None)
    if standing.standing == Standing.DONE and done:
        return f"完了 {fiscal.format_month_short(done.period[1])}", x
    return (f"{standing.months_late}か月遅れ", x) if standing.months_late else ("", 0.0)


def _sentence(
    row: RowFacts,
    standing: RowStanding,
    reports: Sequence[ReportFacts],
    worked: Sequence[ReportFacts],
    progress: Progress,
    *,
    is_bar: bool,
    timing: str,
) -> str:
    """The chart in words, for those who hear the page."""
    parts = [f"計画 {timing}"]
    if row.due_on:
        parts.append(f"期限 {fiscal.format_date(row.due_on)}")
    if not reports:
        parts.append("実績の報告はありません")
    elif not is_bar:
        parts.append(f"実施の記録 {len(worked)}回")
    elif worked:
        first, last = worked[0].label, worked[-1].label
        parts.append(f"実績 {first}から{last}まで" if first != last else f"実績 {first}")
    else:
        parts.append("着手の報告はありません")
    if progress.words:
        parts.append(progress.words)
    late = f"、{standing.months_late}か月遅れ" if standing.months_late else ""
    parts.append(f"状況 {standing.standing.label}{'（前期）' if standing.is_carried else ''}{late}")
    return "。".join(parts)
