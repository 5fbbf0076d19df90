"""What follows the decision: a row of the plan, a line of the budget, the start, what was measured, the end.

Each moves the proposal by a step of workflow.STEPS, in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from committee.actions.proposals import advance, step_now
from committee.choices import Assessment, BudgetStage, ProposalAction, ProposalState
from committee.models import BudgetAmount, BudgetLine, EffectReview, Execution, Proposal
from committee.models.execution import REVIEWED_AFTER_MONTHS, months_after
from committee.workflow import who_may
from initiatives.choices import InitiativeKind
from initiatives.models import Initiative
from schedule.choices import ScheduleKind
from schedule.models import Activity
from townhall import fiscal
from townhall.changes import StaleVersion, create_row, save_row
from townhall.models import User
from townhall.permissions import Permission, can
from townhall.refusal import Refused

A, S = ProposalAction, ProposalState

# One budget line follows from one proposal, however often it is asked for.
BUDGET_KEYS = UUID("5a7d6c1e-7b39-4f0a-9a2f-6d1f0b1d2c33")
GRANTED = {Assessment.FULL: A.FUND, Assessment.PART: A.FUND_PARTLY}


# --- 採択 → a row of the plan and a line of the budget


@dataclass(frozen=True)
class Placement:
    """Where in the plan an adopted proposal goes. A 検討事項 has no schedule: then only the initiative counts."""

    initiative: Initiative
    kind: str = ScheduleKind.FROM
    first_year: int | None = None
    last_year: int | None = None
    due_on: date | None = None


@transaction.atomic
def follow_adoption(
    proposal: Proposal, *, placement: Placement | None, by: User, today: date, source: str = "画面"
) -> Execution:
    """The consequences of 採択: asked for twice, they come once. Without a plan the row waits for `place_in_plan`."""
    execution = execution_of(proposal, by=by, today=today, source=source)
    if placement is not None:
        place(execution, placement, by=by, today=today, source=source)
    _budget_line(execution, placement, by=by, today=today, source=source)
    return execution


def execution_of(proposal: Proposal, *, by: User, today: date, source: str = "画面") -> Execution:
    Proposal.objects.select_for_update().get(pk=proposal.pk)
    known = Execution.objects.filter(proposal=proposal).select_related("activity__plan").first()
    return known or create_row(Execution(proposal=proposal), by=by, today=today, source=source)


def _budget_line(
    execution: Execution, placement: Placement | None, *, by: User, today: date, source: str
) -> BudgetLine | None:
    """For the year after the decision; none for what costs nothing."""
    proposal = execution.proposal
    initiative = placement.initiative if placement else proposal.initiative
    if not proposal.total_cost or initiative is None:
        return None
    key = uuid5(BUDGET_KEYS, str(proposal.creation_key))
    known = BudgetLine.objects.filter(creation_key=key).first()
    year = fiscal.fiscal_year(today) + 1
    return known or create_row(
        BudgetLine(
            creation_key=key,
            budget_year=year,
            spending_year=year,
            initiative=initiative,
            activity=execution.activity if placement else None,
            proposal=proposal,
            section_id=proposal.section_id,
            name=proposal.title[:100],
        ),
        by=by,
        today=today,
        reason="提案の採択から",
        source=source,
    )


@transaction.atomic
def place_in_plan(
    proposal: Proposal, placement: Placement, *, by: User, today: date, seen_version: int | None, source: str = "画面"
) -> Activity:
    """計画に反映する: later, when there was no plan to put it into at the decision."""
    if not can(by, Permission.EDIT_PLAN, today=today):
        raise PermissionDenied(f"計画に反映できるのは、{who_may(Permission.EDIT_PLAN)}です。")
    if proposal.state not in S.ADOPTED_OR_LATER or proposal.state == S.DROPPED:
        raise Refused(f"この提案はいま「{proposal.state_choice.label}」のため、計画に反映できません。")
    execution = execution_of(proposal, by=by, today=today, source=source)
    if execution.activity is not None:
        return execution.activity
    activity = place(execution, placement, by=by, today=today, source=source)
    _budget_line(execution, placement, by=by, today=today, source=source)
    for line in BudgetLine.objects.filter(proposal=proposal, activity=None, initiative=placement.initiative):
        line.activity = activity
        save_row(line, by=by, seen_version=line.version, today=today, reason="計画に反映", source=source)
    return activity


def place(execution: Execution, placement: Placement, *, by: User, today: date, source: str) -> Activity:
    """The row, and who made it; the one that is there already, if any."""
    if execution.activity is not None:
        return execution.activity
    if errors := placement_errors(placement, today=today):
        raise ValidationError(errors)
    activity = _study_line(placement) or _new_row(execution.proposal, placement, by=by, today=today, source=source)
    execution.activity = activity
    save_row(execution, by=by, seen_version=execution.version, today=today, reason="計画に反映", source=source)
    return activity


def placement_errors(placement: Placement, *, today: date) -> dict[str, str]:
    """Field → sentence."""
    plan = placement.initiative.plan
    if plan.has_ended(today):
        return {"initiative": f"{plan}は終わっています。いまの計画か次の計画の取組を選んでください。"}
    if placement.initiative.kind == InitiativeKind.STUDY:
        return {}
    errors = {}
    if placement.kind not in ScheduleKind.IN_THE_SCHEDULE:
        errors["kind"] = "区分を選んでください。"
    for name, label in (("first_year", "始め"), ("last_year", "終わり")):
        year = getattr(placement, name)
        if year is None or year not in plan.years:
            errors[name] = f"{label}の年度は、計画期間（{plan.period_label}）から選んでください。"
    if not errors and (placement.first_year or 0) > (placement.last_year or 0):
        errors["last_year"] = "終わりの年度は、始めの年度より前にできません。"
    if placement.kind == ScheduleKind.DEADLINE:
        due_on = placement.due_on
        if due_on is None or not plan.starts_on <= due_on <= plan.ends_on:
            errors["due_on"] = "期限型の行には、計画期間の中の期限を入れてください。"
    return errors


def _study_line(placement: Placement) -> Activity | None:
    """検討事項 have no schedule: the proposal is reported on their one line."""
    if placement.initiative.kind != InitiativeKind.STUDY:
        return None
    return placement.initiative.activities.filter(kind=ScheduleKind.STUDY).first()


def _new_row(proposal: Proposal, placement: Placement, *, by: User, today: date, source: str) -> Activity:
    """The next number of its initiative, after its last row in the schedule."""
    initiative = placement.initiative
    Initiative.objects.select_for_update().get(pk=initiative.pk)
    rows = list(Activity.objects.filter(plan_id=initiative.plan_id).in_plan_order())
    own = [row for row in rows if row.initiative_id == initiative.pk]
    numbers = [int(row.code.rpartition("-")[2]) for row in own if "-" in row.code]
    before = own or rows
    row = Activity(
        plan=initiative.plan,
        initiative=initiative,
        code=f"{initiative.number}-{max(numbers, default=0) + 1}",
        order=before[-1].order if before else 1,
        content=proposal.title,
        timing_text=timing_text(placement),
        kind=placement.kind,
        first_year=placement.first_year,
        last_year=placement.last_year,
        due_on=placement.due_on if placement.kind == ScheduleKind.DEADLINE else None,
        owner_section_id=proposal.section_id,
    )
    return create_row(row, by=by, today=today, reason=f"提案 {proposal.number_label}の採択から", source=source)


def timing_text(placement: Placement) -> str:
    """As the plan writes it (計画書 6)."""
    if placement.kind == ScheduleKind.YEARLY:
        return "毎年"
    if placement.kind == ScheduleKind.ONGOING:
        return "随時"
    if placement.kind == ScheduleKind.DEADLINE and placement.due_on:
        return f"{fiscal.format_date(placement.due_on)}まで"
    return f"{fiscal.format_fiscal_year(placement.first_year or 0)}～実施"


# --- 予算要求, 査定


def follow_amount(amount: BudgetAmount, *, by: User, today: date, now: datetime) -> None:
    """The first request, and the assessment of the last one, move the proposal."""
    proposal = amount.line.proposal
    if proposal is None:
        return
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if amount.stage == BudgetStage.REQUEST and proposal.state in S.ASKS_FOR_MONEY:
        comment = f"{amount.line}　{amount.thousands:,}千円"
        _move(proposal, A.REQUEST_BUDGET, by=by, today=today, now=now, comment=comment)
    if amount.stage == BudgetStage.ASSESSED and proposal.state == S.REQUESTED:
        lines = BudgetLine.objects.filter(proposal=proposal, budget_year=amount.line.budget_year)
        _assess(proposal, list(lines.prefetch_related("amounts")), by=by, today=today, now=now)


def _assess(proposal: Proposal, lines: Sequence[BudgetLine], *, by: User, today: date, now: datetime) -> None:
    """When every requested line of the year is assessed; one that is granted carries the others."""
    results = []
    for line in lines:
        amounts = {amount.stage: amount for amount in line.amounts.all()}
        if BudgetStage.REQUEST in amounts:
            results.append(amounts[BudgetStage.ASSESSED].result_choice if BudgetStage.ASSESSED in amounts else None)
    if not results or None in results:
        return
    if all(result == Assessment.NONE for result in results):
        action = A.PUT_OFF
    else:
        action = A.FUND if all(result == Assessment.FULL for result in results) else A.FUND_PARTLY
    comment = "、".join(str(result.label) for result in results if result is not None)
    _move(proposal, action, by=by, today=today, now=now, comment=comment)


def _move(
    proposal: Proposal, action: ProposalAction, *, by: User, today: date, now: datetime, comment: str = ""
) -> None:
    step = step_now(proposal, action, by=by, today=today, seen_version=proposal.version)
    advance(proposal, step, by=by, today=today, now=now, comment=comment, seen_version=proposal.version)


# --- 実施, 効果の検証


@transaction.atomic
def start_work(
    proposal: Proposal,
    *,
    started_on: date,
    by: User,
    today: date,
    now: datetime,
    comment: str = "",
    seen_version: int | None,
) -> Execution:
    """From that day on it runs; its effect is asked for after 6 and 12 months. Without a budget it needs a reason."""
    execution = execution_of(proposal, by=by, today=today)
    current = Proposal.objects.get(pk=proposal.pk)
    if current.state == S.RUNNING and execution.started_on == started_on:
        return execution  # a double click
    step = step_now(proposal, A.START, by=by, today=today, seen_version=seen_version)
    if started_on > today:
        raise ValidationError({"started_on": "開始日は、今日までの日にしてください。"})
    told = f"開始日 {fiscal.format_date(started_on)}" + (f"\n{comment.strip()}" if comment.strip() else "")
    if step.comment and not comment.strip():
        raise ValidationError({"comment": f"{step.comment}を入力してください。"})
    execution.started_on = started_on
    save_row(execution, by=by, seen_version=execution.version, today=today, reason="実施を開始")
    advance(proposal, step, by=by, today=today, now=now, comment=told, seen_version=seen_version)
    for months in REVIEWED_AFTER_MONTHS:
        review = EffectReview(execution=execution, months=months, due_on=months_after(started_on, months))
        create_row(review, by=by, today=today, reason="実施を開始")
    return execution


@dataclass(frozen=True)
class Measurement:
    measured_on: date
    volume: int
    minutes_saved: Decimal
    source: str
    note: str = ""


@transaction.atomic
def record_effect(
    review: EffectReview,
    measured: Measurement,
    *,
    by: User,
    today: date,
    now: datetime,
    seen_version: int | None,
    reason: str = "",
    entrance: str = "画面",
) -> EffectReview:
    """Write down what was measured, or correct it with a reason. With the last one the proposal is 検証済み."""
    proposal = Proposal.objects.select_for_update().get(pk=review.execution.proposal_id)
    if not can(by, Permission.WRITE_PROPOSAL, today=today, section=proposal.section_id):
        raise PermissionDenied(f"効果を記録できるのは、{who_may(Permission.WRITE_PROPOSAL)}です。")
    before = EffectReview.objects.get(pk=review.pk)
    if all(getattr(before, name) == value for name, value in vars(measured).items()):
        return before
    if before.version != seen_version:
        raise StaleVersion(before, seen_version)
    if proposal.state not in (S.RUNNING, S.MEASURED):
        raise Refused(f"この提案はいま「{proposal.state_choice.label}」のため、効果は記録できません。")
    if errors := measurement_errors(before, measured, reason=reason, today=today):
        raise ValidationError(errors)
    for name, value in vars(measured).items():
        setattr(review, name, value)
    review.yen_per_hour = proposal.yen_per_hour
    review.recorded_by = by.described_on(today)
    save_row(review, by=by, seen_version=seen_version, today=today, reason=reason, source=entrance)
    if proposal.state == S.RUNNING and not review.execution.reviews.filter(measured_on=None).exists():
        comment = f"{review.label}　{review.measured_hours:,}時間（実測）"
        _move(proposal, A.MEASURE, by=by, today=today, now=now, comment=comment)
    return review


def measurement_errors(before: EffectReview, measured: Measurement, *, reason: str, today: date) -> dict[str, str]:
    """Field → sentence."""
    errors = {}
    started = before.execution.started_on
    if not before.is_measured and today < before.asked_from:
        errors["measured_on"] = f"{before.label}の効果は、{fiscal.format_date(before.asked_from)}から記録できます。"
    elif measured.measured_on > today:
        errors["measured_on"] = "測定日は、今日までの日にしてください。"
    elif started is not None and measured.measured_on < started:
        errors["measured_on"] = f"測定日は、開始日（{fiscal.format_date(started)}）からあとの日にしてください。"
    if not measured.source.strip():
        errors["source"] = "測り方・出典を入力してください。"
    if before.is_measured and not reason.strip():
        errors["reason"] = "訂正の理由を入力してください。"
    return errors
