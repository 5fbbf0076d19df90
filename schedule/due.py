"""What is due in this app: duties and rounds hand over their open things as plain items (schedule/sources.py)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from schedule.due_evaluation import EVALUATION_KIND, evaluation_items
from schedule.due_policy import FINDING_KIND, POLICY_KIND, policy_items
from schedule.due_training import TRAINING_KIND, duty_steps, training_items
from schedule.missing import MissingRow, by_section, missing_rows
from schedule.models import DutyOccurrence, ProgressReport, ReportingRound
from schedule.recurrence import Reach, Step
from schedule.sources import DueDay, DueItem, Kind
from townhall import fiscal
from townhall.models import Section
from townhall.permissions import Permission

DUTY = "duty"
REPORT = "report"
CONFIRM = "confirm"  # 課長の確認, where the town has switched it on
CLOSING = "closing"  # 事務局 closes the round
OF_A_ROUND = (REPORT, CONFIRM, CLOSING)

DUTY_KIND = Kind(DUTY, "毎年度の義務（研修・ポリシー）", lead_days=None)
# 進捗照会: ten and three working days before the deadline, and the working day after it; then weekly like everything.
REPORT_KIND = Kind(REPORT, "進捗の入力", lead_days=(10, 3), days_after=(1,), in_working_days=True)
CONFIRM_KIND = Kind(CONFIRM, "課長の確認", lead_days=(10, 3), days_after=(1,), in_working_days=True)
CLOSING_KIND = Kind(CLOSING, "期の締切", lead_days=(0,))
KINDS = (
    *(DUTY_KIND, TRAINING_KIND, POLICY_KIND, FINDING_KIND, EVALUATION_KIND),
    *(REPORT_KIND, CONFIRM_KIND, CLOSING_KIND),
)
LONGEST_REASON_TOLD = 120

RETURNED, WAITING = "returned", "waiting"  # names of steps that no deadline sets


def open_items(day: DueDay) -> list[DueItem]:
    return [*_duties(day), *training_items(day), *policy_items(day), *evaluation_items(day), *_rounds(day)]


def duty_subject(occurrence: DutyOccurrence) -> str:
    return f"occurrence:{occurrence.pk}"


def round_prefix(round: ReportingRound) -> str:
    """What the subjects of everything about a round begin with."""
    return f"round:{round.pk}:"


def report_subject(round: ReportingRound, section_id: int | None) -> str:
    return f"{round_prefix(round)}section:{section_id or 0}"


def _duties(day: DueDay) -> Iterator[DueItem]:
    for occurrence in DutyOccurrence.objects.owed().select_related("duty__owner_section"):
        due_on = day.deadline(occurrence.due_on)
        yield DueItem(
            kind=DUTY,
            subject=duty_subject(occurrence),
            due_on=due_on,
            title=str(occurrence),
            path=occurrence.get_absolute_url(),
            section=occurrence.duty.owner_section,
            permission=Permission.MANAGE_DUTY,
            ciso_reads_with=Permission.VIEW_DUTY,
            steps=duty_steps(occurrence.duty, due_on, day),
        )


# --- rounds -----------------------------------------------------------------------------------------------------------
def _rounds(day: DueDay) -> Iterator[DueItem]:
    """Every open round waits to be closed; of a plan's open rounds the newest asks the sections."""
    asked: set[int] = set()
    rounds = ReportingRound.objects.filter(closed_at=None).opened_by(day.today)
    for round in rounds.select_related("plan").latest_first():
        yield _to_close(round, day)
        if round.plan_id not in asked:
            asked.add(round.plan_id)
            yield from report_items(round, day)


def _to_close(round: ReportingRound, day: DueDay) -> DueItem:
    due_on = round.closing_day(day.closing_days)
    return DueItem(
        kind=CLOSING,
        subject=f"{round_prefix(round)}closing",
        due_on=due_on,
        title=f"{round.label}を締め切ってください",
        path=reverse("round_close", args=[round.key]),
        section=None,
        permission=Permission.MANAGE_ROUND,
        steps=day.steps(CLOSING_KIND, due_on),
        begins_with=Reach.SECRETARIAT,
    )


def report_items(round: ReportingRound, day: DueDay) -> list[DueItem]:
    """Per section of an open round: rows to enter for 担当, rows to confirm for 課長 (R4: a draft is not a report)."""
    due_on = round.deadline(day.closing_days)
    rows = missing_rows(round)
    turns = _turns(rows)
    items = []
    for section, of_section in by_section(rows).items():
        to_enter = [row for row in of_section if not row.waits_for_head]
        to_confirm = [row for row in of_section if row.waits_for_head]
        if to_enter:
            returned = _step_of(RETURNED, [turns[row] for row in to_enter if row in turns], due_on)
            steps_to_enter = day.with_step(day.steps(REPORT_KIND, due_on), returned)
            items.append(_to_enter(round, section, len(to_enter), due_on, steps_to_enter))
        if to_confirm:
            waiting = _step_of(WAITING, [turns[row] for row in to_confirm if row in turns], due_on)
            steps_to_confirm = day.with_step(day.steps(CONFIRM_KIND, due_on), waiting)
            items.append(_to_confirm(round, section, len(to_confirm), due_on, steps_to_confirm))
    return items


def _to_enter(
    round: ReportingRound, section: Section | None, count: int, due_on: date, steps: tuple[Step, ...]
) -> DueItem:
    return DueItem(
        kind=REPORT,
        subject=report_subject(round, section.pk if section else None),
        due_on=due_on,
        title=f"進捗の入力　{round.label}（未入力 {count}行）",
        path=round.get_absolute_url(),
        section=section,
        permission=Permission.RECORD_PROGRESS,
        steps=steps,
    )


def _to_confirm(
    round: ReportingRound, section: Section | None, count: int, due_on: date, steps: tuple[Step, ...]
) -> DueItem:
    return DueItem(
        kind=CONFIRM,
        subject=report_subject(round, section.pk if section else None),
        due_on=due_on,
        title=f"担当の入力の確認　{round.label}（{count}行）",
        path=round.get_absolute_url(),
        section=section,
        permission=Permission.CONFIRM_REPORT,
        steps=steps,
        begins_with=Reach.HEAD,
        office_stands_in_with=Permission.ACCEPT_REPORT,
        note="担当が入力し、課長の確認を待っています。",
    )


# --- rows that changed hands: 差戻し, 課長の確認待ち --------------------------------------------------------------------
@dataclass(frozen=True)
class _Turn:
    """When a row came to whom it lies with now, and why."""

    label: str
    on: date
    reason: str
    number: int  # of the version with which it came: a row returned twice on one day has two


def _turns(rows: Sequence[MissingRow]) -> dict[MissingRow, _Turn]:
    """For returned rows and those that wait for their 課長; one query, none when there are no such rows."""
    moved = {row.report.pk: row for row in rows if row.report is not None and (row.is_returned or row.waits_for_head)}
    if not moved:
        return {}
    known: dict[int, list[Any]] = {}
    for version in ProgressReport.history.model.objects.filter(id__in=moved).order_by("history_date", "history_id"):
        known.setdefault(version.id, []).append(version)
    turns = {}
    for pk, row in moved.items():
        came = _came_into_its_state(known.get(pk, []))
        if came is not None:
            reason = (came.history_change_reason or "") if row.is_returned else ""
            turns[row] = _Turn(row.activity.label, fiscal.japan_date(came.history_date), reason, came.history_id)
    return turns


def _came_into_its_state(versions: list[Any]) -> Any:
    """The version with which the report took its present state; later saves that left it there do not count."""
    came = None
    for version in reversed(versions):
        if came is not None and version.state != came.state:
            break
        came = version
    return came


def _step_of(name: str, turns: Sequence[_Turn], due_on: date) -> Step | None:
    """A step on the day of the newest turn: the matter is told again although the usual day has passed.

    差戻し has a letter of its own each time, so its step carries the number of the turn.
    """
    if not turns:
        return None
    newest = max(turn.on for turn in turns)
    reasons = "／".join(f"{_short(turn.reason)}（{turn.label}）" for turn in turns if turn.on == newest and turn.reason)
    note = f"差戻し：{reasons}　" if reasons else ""
    at_once = name == RETURNED
    number = f"-{max(turn.number for turn in turns if turn.on == newest)}" if at_once else ""
    return Step(newest, (newest - due_on).days, f"{name}{number}", note, at_once=at_once)


def _short(reason: str) -> str:
    words = " ".join(reason.split())
    return f"{words[:LONGEST_REASON_TOLD]}…" if len(words) > LONGEST_REASON_TOLD else words
