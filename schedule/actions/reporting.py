"""進捗報告: the one way a report changes. The grid, the admin and the import all call `record_report` (R2)."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from schedule.actions.chasing import settle_section, tell_of_return
from schedule.choices import ReportState
from schedule.completion import planned_on
from schedule.models import Activity, EntryDraft, ProgressReport, ReportingRound, RoundRule
from schedule.report_rules import ReportValues, errors_in
from townhall import fiscal
from townhall.cells import clean_text
from townhall.changes import StaleVersion, create_row, save_row
from townhall.models import User
from townhall.permissions import Permission, roles_with, sections_open_to

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
    check_may_record(activity, round, by=by, today=today)
    return _check_values(activity, round, values)


def check_may_record(activity: Activity, round: ReportingRound, *, by: User, today: date) -> None:
    """Raises NotYoursError or RoundNotOpenError."""
    _require(Permission.RECORD_PROGRESS, activity, by=by, today=today)
    _require_open(round, today=today)


def _check_values(activity: Activity, round: ReportingRound, values: ReportValues) -> ReportValues:
    if activity.plan_id != round.plan_id:
        raise InvalidReportError("この行は、この期の計画にありません。行と期を確かめてください。")
    planned = planned_on(activity, round)
    values = values.as_stored(planned)
    errors = errors_in(values, kind=activity.kind, planned_on=planned)
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
    completes_on: date | None = None,
    source: str = "画面",
    history_reason: str = "",
) -> ProgressReport:
    """Save what was typed about a row and return the report; the person's own draft of the row is used up.

    `seen_version` is the version of the report that was on the screen, None for a row not yet recorded.
    Without standing or text it is kept as a draft. Complete, it is accepted when `by` may accept, else submitted;
    where the town has switched 課長の確認 on, what a 担当 saves waits for the 課長 first.
    The same values again change nothing. Raises ReportError, or StaleVersion when somebody else saved first.
    """
    round = locked(round)
    typed = ReportValues(standing, percent, text, reason, next_step, to_committee, completes_on)
    values = check_report(activity, round, typed, by=by, today=today)
    report = ProgressReport.objects.filter(activity=activity, round=round).first()
    if report is not None and ReportValues.of(report) == values:
        _use_up_draft(activity, round, by=by)
        return report
    if report is None:
        if seen_version is not None:
            raise StaleVersion(None, seen_version)
        if values.is_blank:
            raise InvalidReportError("まだ何も入力されていません。状況と今期の実績を入力してください。")
        report = ProgressReport(activity=activity, round=round)
        _fill(report, values, by=by, today=today, now=now)
        saved = _first_report(report, by=by, today=today, source=source, reason=history_reason)
    elif seen_version is None:
        raise AlreadyReported(report)
    else:
        _fill(report, values, by=by, today=today, now=now)
        saved = save_row(report, by=by, seen_version=seen_version, today=today, source=source, reason=history_reason)
    _use_up_draft(activity, round, by=by)
    if saved.state == ReportState.CHECKING or saved.is_reported:
        settle_section(activity, round)
    return saved


@transaction.atomic
def confirm_report(report: ProgressReport, *, by: User, today: date, seen_version: int | None) -> ProgressReport:
    """課長 confirms what 担当 wrote (課長の確認待ち → 提出). Confirming twice is the same as once."""
    report = _current(report)
    _require(Permission.CONFIRM_REPORT, report.activity, by=by, today=today)
    _require_open(locked(report.round), today=today)
    if report.is_reported:
        return report
    if report.state != ReportState.CHECKING:
        raise WrongStateError(f"「{report.get_state_display()}」の報告は、まだ確認できません。")
    report.state = ReportState.SUBMITTED
    saved = save_row(report, by=by, seen_version=seen_version, today=today)
    settle_section(report.activity, report.round)
    return saved


@transaction.atomic
def accept_report(report: ProgressReport, *, by: User, today: date, seen_version: int | None) -> ProgressReport:
    """事務局の確認 (提出 → 確認済). Accepting twice is the same as once."""
    report = _current(report)
    _require(Permission.ACCEPT_REPORT, report.activity, by=by, today=today)
    _require_open(locked(report.round), today=today)
    if report.state == ReportState.ACCEPTED:
        return report
    if report.state != ReportState.SUBMITTED and not _waits_in_vain(report):
        raise WrongStateError(f"「{report.get_state_display()}」の報告は、確認済にできません。")
    report.state = ReportState.ACCEPTED
    saved = save_row(report, by=by, seen_version=seen_version, today=today)
    settle_section(report.activity, report.round)
    return saved


@transaction.atomic
def return_report(
    report: ProgressReport, *, by: User, today: date, seen_version: int | None, reason: str
) -> ProgressReport:
    """Send a report back to its section with the reason.

    事務局: 提出・確認済 → 差戻し. 課長, of the own section: 課長の確認待ち → 差戻し.
    """
    report = _current(report)
    waits_for_head = report.state == ReportState.CHECKING
    _require(permission_to_return(report), report.activity, by=by, today=today)
    _require_open(locked(report.round), today=today)
    if not report.is_reported and not waits_for_head:
        raise WrongStateError(f"「{report.get_state_display()}」の報告は、差し戻せません。")
    reason = clean_text(reason).strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise InvalidReportError({"reason": f"差し戻す理由を、{LONGEST_REASON}文字までで入力してください。"})
    report.state = ReportState.RETURNED
    saved = save_row(report, by=by, seen_version=seen_version, today=today, reason=reason)
    settle_section(report.activity, report.round)
    tell_of_return(saved, today=today)
    return saved


@transaction.atomic
def correct_report(
    activity: Activity,
    round: ReportingRound,
    *,
    by: User,
    today: date,
    now: datetime,
    seen_version: int | None,
    why: str,
    values: ReportValues,
) -> ProgressReport:
    """訂正: change, or add, the report of a row in a closed round; only complete, and only with a reason.

    `seen_version` is 0 for a row without a report; None, a form without a version, is refused.

    What was known before the correction stays known for every earlier day (reading with `as_of`). Raises ReportError,
    or StaleVersion when somebody else corrected first.
    """
    round = locked(round)
    _require(Permission.CORRECT_REPORT, activity, by=by, today=today)
    if not round.is_closed:
        raise WrongStateError(f"{round.label}はまだ締め切っていません。進捗入力の画面で直してください。")
    values = _check_values(activity, round, values)
    why = clean_text(why).strip()
    errors = (
        {} if 0 < len(why) <= LONGEST_REASON else {"why": f"訂正の理由を、{LONGEST_REASON}文字までで入力してください。"}
    )
    if not values.is_complete:
        errors["" if values.standing else "standing"] = "状況と今期の実績を入力してください。"
    if errors:
        raise InvalidReportError(errors)
    report = ProgressReport.objects.filter(activity=activity, round=round).first()
    if report is not None and report.is_reported and ReportValues.of(report) == values:
        raise InvalidReportError("変わったところがありません。訂正する内容を入力してください。")
    is_first = report is None
    if seen_version is None or (report is None and seen_version):
        raise StaleVersion(report, seen_version)
    if report is not None and not seen_version:
        raise AlreadyReported(report)
    report = report or ProgressReport(activity=activity, round=round)
    _fill(report, values, by=by, today=today, now=now)
    report.corrected_at, report.corrected_by, report.correction_reason = now, by.described_on(today), why
    if is_first:
        saved = _first_report(report, by=by, today=today, source="訂正", reason=why)
    else:
        saved = save_row(report, by=by, seen_version=seen_version, today=today, source="訂正", reason=why)
    _use_up_draft(activity, round, by=by)
    return saved


def permission_to_return(report: ProgressReport) -> Permission:
    """What waits for the 課長 is theirs to send back; what has been submitted, the secretariat's."""
    return Permission.CONFIRM_REPORT if report.state == ReportState.CHECKING else Permission.ACCEPT_REPORT


def _fill(report: ProgressReport, values: ReportValues, *, by: User, today: date, now: datetime) -> None:
    for name, value in vars(values).items():
        setattr(report, name, value)
    planned = planned_on(report.activity, report.round)
    report.moved_from = planned if values.moves(planned) else None
    report.state = state_after(report, values, by=by, today=today)
    is_reported = report.state in ReportState.REPORTED
    report.reported_at = now if is_reported else None
    report.reported_by = by.described_on(today) if is_reported else ""


def state_after(report: ProgressReport, values: ReportValues, *, by: User, today: date) -> ReportState:
    """The state a report takes when this person saves these values."""
    if not values.is_complete:
        return ReportState.RETURNED if report.state == ReportState.RETURNED else ReportState.DRAFT
    if _holds(Permission.ACCEPT_REPORT, report.activity, by, today):
        return ReportState.ACCEPTED
    if _holds(Permission.CONFIRM_REPORT, report.activity, by, today) or not _heads_confirm(report.round):
        return ReportState.SUBMITTED
    return ReportState.CHECKING


def _heads_confirm(round: ReportingRound) -> bool:
    return RoundRule.objects.filter(plan=round.plan_id, head_confirms=True).exists()


def _waits_in_vain(report: ProgressReport) -> bool:
    """The town has switched 課長の確認 off since the 担当 saved."""
    return report.state == ReportState.CHECKING and not _heads_confirm(report.round)


def _use_up_draft(activity: Activity, round: ReportingRound, *, by: User) -> None:
    EntryDraft.objects.filter(activity=activity, round=round, author=by).delete()


def _first_report(report: ProgressReport, *, by: User, today: date, source: str, reason: str) -> ProgressReport:
    try:
        with transaction.atomic():
            return create_row(report, by=by, today=today, source=source, reason=reason)
    except (IntegrityError, ValidationError):
        other = ProgressReport.objects.filter(activity=report.activity, round=report.round).first()
        if other is None:
            raise
        raise AlreadyReported(other) from None


def locked(round: ReportingRound) -> ReportingRound:
    """The round as it is now; whoever closes it waits until this transaction has ended."""
    return ReportingRound.objects.select_for_update().get(pk=round.pk)


def _current(report: ProgressReport) -> ProgressReport:
    return ProgressReport.objects.select_related("activity__initiative", "round").get(pk=report.pk)


def _holds(permission: Permission, activity: Activity, by: User, today: date) -> bool:
    open_to = sections_open_to(by, permission, today=today)
    return open_to is None or activity.section_id in open_to


def _require(permission: Permission, activity: Activity, *, by: User, today: date) -> None:
    if _holds(permission, activity, by, today):
        return
    if _holds(Permission.RECORD_PROGRESS, activity, by, today):
        people = "・".join(role.label for role in roles_with(permission))
        raise NotYoursError(f"{activity.label}は変わっていません。これは{people}が行います。")
    raise NotYoursError(f"{activity.label}は、あなたの課の行ではないため保存していません。")


def _require_open(round: ReportingRound, *, today: date) -> None:
    if round.closed_at is not None:
        at = timezone.localtime(round.closed_at)
        raise RoundNotOpenError(
            f"{round.label}は、{at.month}月{at.day}日 {at:%H:%M} に締め切りました（{round.closed_by}）。保存していません。"
        )
    if today < round.opens_on:
        raise RoundNotOpenError(f"{round.label}は、{fiscal.format_date(round.opens_on)}から入力できます。")
