"""Reports in full, newest first, as the pages of an initiative and of a row show them."""

from dataclasses import dataclass
from datetime import date, datetime

from initiatives.models import Plan
from schedule.choices import ReportState, Standing
from schedule.models import Activity, ProgressReport, ReportingRound
from schedule.models.activity import ActivityQuerySet
from schedule.summaries.known import known_reports


@dataclass(frozen=True)
class ReportEntry:
    row_label: str
    row_title: str
    row_url: str
    round_label: str
    state: ReportState
    standing: Standing
    percent: int | None
    text: str
    reason: str
    next_step: str
    to_committee: bool
    completes_on: date | None
    moved_from: date | None
    reported_at: datetime
    reported_by: str
    corrected_at: datetime | None
    correction_reason: str


def report_entries(
    plan: Plan, *, as_of: date, rows: list[int] | ActivityQuerySet, newest: int | None = None, suffix: str = ""
) -> tuple[ReportEntry, ...]:
    """One query. Reports of these rows by round, newest round first; `newest` limits their number."""
    reports = (
        known_reports(plan, as_of=as_of)
        .filter(activity__in=rows)
        .select_related("activity", "round")
        .order_by("-round__fiscal_year", "-round__quarter", "activity__order")
    )
    return tuple(_entry(report, report.activity, report.round, suffix) for report in reports[:newest])


def _entry(report: ProgressReport, row: Activity, round: ReportingRound, suffix: str) -> ReportEntry:
    assert report.reported_at is not None  # noqa: S101 - known_reports compares it
    return ReportEntry(
        row_label=row.label,
        row_title=row.title,
        row_url=row.get_absolute_url() + suffix,
        round_label=round.label,
        state=ReportState(report.state),
        standing=Standing(report.standing),
        percent=report.percent,
        text=report.text,
        reason=report.reason,
        next_step=report.next_step,
        to_committee=report.to_committee,
        completes_on=report.completes_on,
        moved_from=report.moved_from,
        reported_at=report.reported_at,
        reported_by=report.reported_by,
        corrected_at=report.corrected_at,
        correction_reason=report.correction_reason,
    )
