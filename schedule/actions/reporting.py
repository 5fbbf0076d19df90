"""進捗報告: the one way a report changes. The grid, the admin and the import all call `record_report` (R2)."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from schedule.choices import ReportState
from schedule.models import Activity, ProgressReport, ReportingRound
from schedule.report_rules import ReportValues, errors_in
from townhall import fiscal
from townhall.cells import clean_text
from townhall.changes import StaleVersion, create_row, save_row
from townhall.models import User
from townhall.permissions import Permission, refusal, sections_open_to

LONGEST_REASON = 1000


class ReportError(Exception):
    """Nothing was saved. `errors` maps a field to its sentence; "" stands for the row as a whole."""

    def __init__(self, errors: dict[str, str] | str) -> None:
        self.errors = {"": errors} if isinstance(errors, str) else errors
        super().__init__("".join(self.errors.values()))


class NotYoursError(ReportError):
    """This person may not do it for the section of this row."""


class RoundNotOpenError(ReportError):
    """The round has been closed, or has not begun."""


class InvalidReportError(ReportError):
    """A rule about the values (R1, R10, range, length)."""


class WrongStateError(ReportError):
    """The step does not fit the state of the report or round."""


class AlreadyReported(StaleVersion):
    """Two people made the first report of a row; the second one sees what the first wrote."""

    def __init__(self, current: ProgressReport) -> None:
        super().__init__(current, seen_version=0)


def check_report(
    activity: Activity, round: ReportingRound, values: ReportValues, *, by: User, today: date
) -> ReportValues:
    """The values as they will be stored; raises ReportError with every sentence at once."""
    _require(Permission.RECORD_PROGRESS, activity, by=by, today=today)
    _require_open(round, today=today)
    if activity.plan_id != round.plan_id:
        raise InvalidReportError("この行は、この期の計画にありません。行と期を確かめてください。")
    values = values.as_stored()
    errors = errors_in(values, kind=activity.kind)
    if errors:
        raise InvalidReportError(errors)
    return values


@transaction.atomic
def record_report(
    activity: Activity,
    round: ReportingRound,
    *,
    by: User,
    today: date,
    now: datetime,
    seen_version: int | None,
    standing: str,
    percent: int | None,
    text: str,
    reason: str,
    next_step: str,
    to_committee: bool,
    source: str = "画面",
) -> ProgressReport:
    """Save what was typed about a row and return the report.

    `seen_version` is the version of the report that was on the screen, None for a row not yet recorded.
    Without standing or text it is kept as a draft; complete, it is accepted when `by` may accept, else submitted.
    The same values again change nothing. Raises ReportError, or StaleVersion when somebody else saved first.
    """
    round = _locked(round)
    typed = ReportValues(standing, percent, text, reason, next_step, to_committee)
    values = check_report(activity, round, typed, by=by, today=today)
    report = ProgressReport.objects.filter(activity=activity, round=round).first()
    if report is not None and ReportValues.of(report) == values:
        return report
    if report is None:
        if seen_version is not None:
            raise StaleVersion(None, seen_version)
        if values.is_blank:
            raise InvalidReportError("まだ何も入力されていません。状況と今期の実績を入力してください。")
        report = ProgressReport(activity=activity, round=round)
        _fill(report, values, by=by, today=today, now=now)
        return _first_report(report, by=by, today=today, source=source)
    if seen_version is None:
        raise AlreadyReported(report)
    _fill(report, values, by=by, today=today, now=now)
    return save_row(report, by=by, seen_version=seen_version, today=today, source=source)


@transaction.atomic
def accept_report(report: ProgressReport, *, by: User, today: date, seen_version: int | None) -> ProgressReport:
    """事務局の確認 (提出 → 確認済). Accepting twice is the same as once."""
    report = _current(report)
    _require(Permission.ACCEPT_REPORT, report.activity, by=by, today=today)
    _require_open(_locked(report.round), today=today)
    if report.state == ReportState.ACCEPTED:
        return report
    if report.state != ReportState.SUBMITTED:
        raise WrongStateError(f"「{report.get_state_display()}」の報告は、確認済にできません。")
    report.state = ReportState.ACCEPTED
    return save_row(report, by=by, seen_version=seen_version, today=today)


@transaction.atomic
def return_report(
    report: ProgressReport, *, by: User, today: date, seen_version: int | None, reason: str
) -> ProgressReport:
    """Send a report back to its section with the reason (提出・確認済 → 差戻し)."""
    report = _current(report)
    _require(Permission.ACCEPT_REPORT, report.activity, by=by, today=today)
    _require_open(_locked(report.round), today=today)
    if not report.is_reported:
        raise WrongStateError(f"「{report.get_state_display()}」の報告は、差し戻せません。")
    reason = clean_text(reason).strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise InvalidReportError({"reason": f"差し戻す理由を、{LONGEST_REASON}文字までで入力してください。"})
    report.state = ReportState.RETURNED
    return save_row(report, by=by, seen_version=seen_version, today=today, reason=reason)


@transaction.atomic
def close_round(
    round: ReportingRound, *, by: User, today: date, now: datetime, seen_version: int | None
) -> ReportingRound:
    """締切: from now on the reports of this round cannot change, and missing ones stay 未報告."""
    if sections_open_to(by, Permission.MANAGE_ROUND, today=today) is not None:
        raise NotYoursError(refusal(Permission.MANAGE_ROUND))
    round = _locked(round)
    _require_open(round, today=today)
    round.closed_at, round.closed_by = now, by.described_on(today)
    return save_row(round, by=by, seen_version=seen_version, today=today)


def _fill(report: ProgressReport, values: ReportValues, *, by: User, today: date, now: datetime) -> None:
    for name, value in vars(values).items():
        setattr(report, name, value)
    report.state = state_after(report, values, by=by, today=today)
    is_reported = report.state in ReportState.REPORTED
    report.reported_at = now if is_reported else None
    report.reported_by = by.described_on(today) if is_reported else ""


def state_after(report: ProgressReport, values: ReportValues, *, by: User, today: date) -> ReportState:
    """The state a report takes when this person saves these values."""
    if not values.is_complete:
        return ReportState.RETURNED if report.state == ReportState.RETURNED else ReportState.DRAFT
    return (
        ReportState.ACCEPTED if _holds(Permission.ACCEPT_REPORT, report.activity, by, today) else ReportState.SUBMITTED
    )


def _first_report(report: ProgressReport, *, by: User, today: date, source: str) -> ProgressReport:
    try:
        with transaction.atomic():
            return create_row(report, by=by, today=today, source=source)
    except (IntegrityError, ValidationError):
        other = ProgressReport.objects.filter(activity=report.activity, round=report.round).first()
        if other is None:
            raise
        raise AlreadyReported(other) from None


def _locked(round: ReportingRound) -> ReportingRound:
    """The round as it is now; whoever closes it waits until this transaction has ended."""
    return ReportingRound.objects.select_for_update().get(pk=round.pk)


def _current(report: ProgressReport) -> ProgressReport:
    return ProgressReport.objects.select_related("activity__initiative", "round").get(pk=report.pk)


def _holds(permission: Permission, activity: Activity, by: User, today: date) -> bool:
    open_to = sections_open_to(by, permission, today=today)
    return open_to is None or activity.section_id in open_to


def _require(permission: Permission, activity: Activity, *, by: User, today: date) -> None:
    if not _holds(permission, activity, by, today):
        raise NotYoursError(f"{activity.label}は、あなたの課の行ではないため保存していません。")


def _require_open(round: ReportingRound, *, today: date) -> None:
    if round.closed_at is not None:
        at = timezone.localtime(round.closed_at)
        raise RoundNotOpenError(
            f"{round.label}は、{at.month}月{at.day}日 {at:%H:%M} に締め切りました（{round.closed_by}）。保存していません。"
        )
    if today < round.opens_on:
        raise RoundNotOpenError(f"{round.label}は、{fiscal.format_date(round.opens_on)}から入力できます。")
