"""One initiative, or one row: where it stands, how it stood round by round, and what was reported."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from initiatives.models import Initiative
from schedule.choices import Standing
from schedule.models import Activity
from schedule.standing import overall, standing_in_round
from schedule.summaries.matrix import InitiativeLine, initiative_line
from schedule.summaries.plan import AttentionItem, PlanTime, attention_of, plan_time
from schedule.summaries.reports import ReportEntry, report_entries
from schedule.summaries.rows import LinesOnDay, RoundLine, RowLine, lines_on
from townhall import fiscal

NEWEST_REPORTS = 12  # on the page of an initiative; the page of a row shows all of its own


@dataclass(frozen=True)
class Period:
    label: str
    is_now: bool
    standing: Standing | None  # None: open, and nothing reported yet


@dataclass(frozen=True)
class PeriodYear:
    label: str
    periods: tuple[Period, ...]


@dataclass(frozen=True)
class InitiativeSummary:
    line: InitiativeLine
    time: PlanTime
    round: RoundLine | None
    rows: tuple[RowLine, ...]
    years: tuple[PeriodYear, ...]
    attention: tuple[AttentionItem, ...]
    reports: tuple[ReportEntry, ...]
    has_more_reports: bool


@dataclass(frozen=True)
class ActivitySummary:
    row: RowLine
    time: PlanTime
    round: RoundLine | None
    years: tuple[PeriodYear, ...]
    reports: tuple[ReportEntry, ...]

    @property
    def rows(self) -> tuple[RowLine, ...]:
        return (self.row,)


def initiative_summary(initiative: Initiative, *, as_of: date, suffix: str = "") -> InitiativeSummary:
    """Six queries, however many rows and reports."""
    plan = initiative.plan
    activities = Activity.objects.filter(initiative=initiative)
    lines = lines_on(plan, as_of=as_of, activities=activities, suffix=suffix)
    reports = report_entries(plan, as_of=as_of, rows=activities, newest=NEWEST_REPORTS + 1, suffix=suffix)
    return InitiativeSummary(
        line=initiative_line(initiative, lines.rows, (), as_of=as_of, suffix=suffix),
        time=plan_time(plan, as_of=as_of),
        round=lines.round_line(lines.now.current),
        rows=lines.rows,
        years=tuple(_years(lines, lines.rows, as_of=as_of)),
        attention=tuple(attention_of(lines.rows)),
        reports=reports[:NEWEST_REPORTS],
        has_more_reports=len(reports) > NEWEST_REPORTS,
    )


def activity_summary(activity: Activity, *, as_of: date, suffix: str = "") -> ActivitySummary:
    """Six queries, however many reports."""
    plan = activity.plan
    lines = lines_on(plan, as_of=as_of, activities=Activity.objects.filter(pk=activity.pk), suffix=suffix)
    return ActivitySummary(
        row=lines.rows[0],
        time=plan_time(plan, as_of=as_of),
        round=lines.round_line(lines.now.current),
        years=tuple(_years(lines, lines.rows, as_of=as_of)),
        reports=report_entries(plan, as_of=as_of, rows=[activity.pk], suffix=suffix),
    )


def _years(lines: LinesOnDay, rows: Sequence[RowLine], *, as_of: date) -> Iterable[PeriodYear]:
    """The rounds opened by that day, by fiscal year; the worst row of each."""
    opened = [each for each in lines.rounds if each.facts.opens_on <= as_of]
    for year in dict.fromkeys(each.facts.fiscal_year for each in opened):
        mine = [each for each in opened if each.facts.fiscal_year == year]
        yield PeriodYear(
            fiscal.format_fiscal_year(year), tuple(_period(each, lines, rows, as_of=as_of) for each in mine)
        )


def _period(each: RoundLine, lines: LinesOnDay, rows: Sequence[RowLine], *, as_of: date) -> Period:
    is_now = each.facts == lines.now.current
    if is_now and not all(row.standing.is_carried for row in rows):
        return Period(each.short_label, True, overall(row.standing.standing for row in rows).standing)
    said = (standing_in_round(each.facts, row.report_in(each.facts.key), as_of=as_of) for row in rows)
    worst = overall(standing for standing in said if standing is not None).standing
    return Period(each.short_label, is_now, worst)
