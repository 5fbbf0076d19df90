"""毎年度の義務: making the rows of a year, and recording that one was done, left out, or opened again."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from schedule.choices import DutyRecurrence, YearPart
from schedule.due import DUTY, duty_subject
from schedule.duty_rule import DutyRule
from schedule.models import Duty, DutyOccurrence
from schedule.recurrence import deadline
from schedule.reminders import settle
from townhall import fiscal
from townhall.changes import StaleVersion, System, create_row, save_row
from townhall.models import ClosingDay
from townhall.refusal import Refused

YEARS_AHEAD = 1
BY_ITSELF = System("毎年度の義務")


class WrongStateError(Refused):
    """The step does not fit what is recorded."""


def prepare_occurrences(*, today: date, by: Any = BY_ITSELF) -> list[DutyOccurrence]:
    """The rows of this fiscal year and the next of every duty in use; what exists is left alone, whoever made it.

    A day that has passed before the duty was known is no debt: a portal that starts in November owes no training of June.
    """
    this_year = fiscal.fiscal_year(today)
    years = range(this_year, this_year + YEARS_AHEAD + 1)
    known = set(DutyOccurrence.objects.filter(fiscal_year__in=years).values_list("duty_id", "fiscal_year"))
    duties = Duty.objects.filter(is_active=True).order_by("pk")
    wanted = [(duty, year) for duty in duties for year in years if (duty.pk, year) not in known]
    if not wanted:
        return []
    closing_days = ClosingDay.days()
    rows = [row for duty, year in wanted for row in _rows_of(duty, year, closing_days) if row.due_on >= today]
    made = (_create(row, by=by, today=today) for row in rows)
    return [row for row in made if row is not None]


def _rows_of(duty: Duty, year: int, closing_days: frozenset[date]) -> list[DutyOccurrence]:
    days = duty.rule.days_in(year)
    return [
        DutyOccurrence(duty=duty, fiscal_year=year, part=part, due_on=deadline(day, closing_days))
        for part, day in days.items()
    ]


def _create(row: DutyOccurrence, *, by: Any, today: date) -> DutyOccurrence | None:
    try:
        with transaction.atomic():
            return create_row(row, by=by, today=today, source="自動")
    except (IntegrityError, ValidationError):
        if DutyOccurrence.objects.filter(duty=row.duty, fiscal_year=row.fiscal_year, part=row.part).exists():
            return None  # somebody else was faster; the unique key decides
        raise


@transaction.atomic
def mark_done(
    occurrence: DutyOccurrence,
    *,
    by: Any,
    today: date,
    seen_version: int | None,
    done_on: date,
    evidence: str = "",
    note: str = "",
    no_change: bool = False,
    source: str = "画面",
    history_reason: str = "",
) -> DutyOccurrence:
    """Record the day, the proof and 「変更なし」; on a duty already done it corrects the record.

    Raises StaleVersion, ValidationError and WrongStateError; then nothing is saved.
    """
    _require_seen(occurrence, seen_version)
    if occurrence.skipped_reason:
        raise WrongStateError(
            "「行わない」と記録されています。済ませたときは、先に「記録を取り消す」で開き直してください。"
        )
    require_done_on(occurrence, done_on, today=today)
    occurrence.done_on, occurrence.evidence = done_on, evidence
    occurrence.note, occurrence.no_change = note, no_change
    save_row(occurrence, by=by, seen_version=seen_version, today=today, source=source, reason=history_reason)
    stop_notices(occurrence)
    return occurrence


def require_done_on(occurrence: DutyOccurrence, day: date, *, today: date) -> None:
    """A day on which this year's duty can have been done. Raises ValidationError."""
    if day > today:
        raise ValidationError({"done_on": "まだ来ていない日です。今日までの日を入力してください。"})
    first = fiscal.fiscal_year_start(occurrence.fiscal_year)
    # What is done once may have been done before the portal was there.
    if day < first and occurrence.duty.recurrence != DutyRecurrence.ONCE:
        year = fiscal.format_fiscal_year(occurrence.fiscal_year)
        raise ValidationError(
            {"done_on": f"{year}の始め（{fiscal.format_date(first)}）より前の日です。年度を確かめてください。"}
        )


@transaction.atomic
def move_due_day(
    occurrence: DutyOccurrence,
    *,
    by: Any,
    today: date,
    seen_version: int | None,
    due_on: date,
    reason: str,
    source: str = "画面",
) -> DutyOccurrence:
    """This year it is due on another day, and why; a new rule of its duty then leaves it there."""
    _require_seen(occurrence, seen_version)
    if not occurrence.is_open:
        raise WrongStateError("もう「済み」か「行わない」と記録されているため、期限は変えられません。")
    if not reason.strip():
        raise WrongStateError("期限を変えるときは、その理由も入力してください。")
    occurrence.due_on = due_on
    return save_row(occurrence, by=by, seen_version=seen_version, today=today, source=source, reason=reason.strip())


@transaction.atomic
def skip(
    occurrence: DutyOccurrence,
    *,
    by: Any,
    today: date,
    seen_version: int | None,
    reason: str,
    source: str = "画面",
    history_reason: str = "",
) -> DutyOccurrence:
    """This year it will not be done, and why."""
    _require_seen(occurrence, seen_version)
    if occurrence.done_on is not None:
        raise WrongStateError("もう「済み」と記録されています。")
    if not reason.strip():
        raise WrongStateError("行わない理由を入力してください。")
    occurrence.skipped_reason = reason
    save_row(occurrence, by=by, seen_version=seen_version, today=today, source=source, reason=history_reason)
    stop_notices(occurrence)
    return occurrence


@transaction.atomic
def reopen(
    occurrence: DutyOccurrence, *, by: Any, today: date, seen_version: int | None, reason: str, source: str = "画面"
) -> DutyOccurrence:
    """Take 済み or 行わない back; what was recorded stays in the history. The planner brings the notices back."""
    _require_seen(occurrence, seen_version)
    if occurrence.is_open:
        raise WrongStateError("まだ記録されていないため、取り消すものがありません。")
    if not reason.strip():
        raise WrongStateError("取り消す理由を入力してください。")
    occurrence.done_on, occurrence.evidence, occurrence.note = None, "", ""
    occurrence.no_change, occurrence.skipped_reason = False, ""
    return save_row(occurrence, by=by, seen_version=seen_version, today=today, source=source, reason=reason)


def stop_notices(occurrence: DutyOccurrence) -> None:
    """What is done or left out leaves everybody's list in the portal at once, and letters not yet sent."""
    if occurrence.is_open:
        return
    reason = f"行わないことにしました（{occurrence.skipped_reason}）。"
    if occurrence.done_on:
        reason = f"{fiscal.format_date(occurrence.done_on)}に済ませました。"
    settle(kind=DUTY, subject=duty_subject(occurrence), reason=reason)


@transaction.atomic
def follow_new_rule(duty: Duty, *, old: DutyRule, by: Any, today: date, source: str = "画面") -> list[DutyOccurrence]:
    """After a duty's rule was changed: move its open rows that still stand on the day computed from the old one.

    A row whose day a person has set stays where it is, and so does one that the new rule does not know.
    """
    closing_days = ClosingDay.days()
    moved = []
    for row in duty.occurrences.open():
        before, after = (_due_on(rule, row, closing_days) for rule in (old, duty.rule))
        if after is not None and row.due_on == before != after:
            row.due_on = after
            reason = f"「{duty.name}」の期限の変更に合わせて"
            moved.append(save_row(row, by=by, seen_version=row.version, today=today, reason=reason, source=source))
    return moved


def _due_on(rule: DutyRule, row: DutyOccurrence, closing_days: frozenset[date]) -> date | None:
    day = rule.days_in(row.fiscal_year).get(YearPart(row.part))
    return deadline(day, closing_days) if day else None


def _require_seen(occurrence: DutyOccurrence, seen_version: int | None) -> None:
    """Say "somebody was faster" before any rule about the state they left behind; `save_row` decides the race."""
    if occurrence.version != seen_version:
        raise StaleVersion(DutyOccurrence.objects.filter(pk=occurrence.pk).first(), seen_version)
