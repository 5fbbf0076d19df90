"""What the committee decided: recorded once, corrected with a reason."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from committee.actions.consequences import consequences
from committee.actions.execution import Placement
from committee.actions.holding import hold_for_correction, hold_open
from committee.actions.proposals import advance
from committee.choices import CORRECTION, Outcome
from committee.models import AgendaItem, Decision
from committee.workflow import ACTION_OF_OUTCOME, allowed_step, who_may
from townhall.changes import create_row, save_row
from townhall.models import User
from townhall.permissions import Permission, can
from townhall.refusal import Refused

# What a second press of the same button repeats.
SAID = ("recorded_by", "outcome", "reason", "conditions", "chosen_option", "decided_on", "document_number")


@transaction.atomic
def record_decision(
    decision: Decision,
    *,
    by: User,
    today: date,
    now: datetime,
    seen_version: int | None,
    placement: Placement | None = None,
    source: str = "画面",
) -> Decision:
    """Write down what the committee decided on one item; its consequences follow in the same transaction.

    `seen_version` is the version of the agenda item that was shown: of two people deciding at once, one is told.
    """
    item = decision.item
    may_decide(by, today=today)
    decision.recorded_by = by.described_on(today)
    first = Decision.objects.filter(item_id=item.pk).first()
    if first is not None and all(getattr(first, name) == getattr(decision, name) for name in SAID):
        return first  # a double click
    undecided_item(item)
    if item.follows_up:
        raise Refused("宿題の確認には、決定を記録しません。宿題ごとに「済ませた」を記録してください。")
    if errors := decision_errors(decision, today=today):
        raise ValidationError(errors)
    save_row(item, by=by, seen_version=seen_version, today=today, reason="決定を記録", source=source)
    create_row(decision, by=by, today=today, source=source)
    if item.proposal is not None:
        step = allowed_step(item.proposal, ACTION_OF_OUTCOME[decision.outcome_choice], by=by, today=today)
        comment = decision.reason if not decision.conditions else f"{decision.reason}\n条件：{decision.conditions}"
        version = item.proposal.version
        advance(item.proposal, step, by=by, today=today, now=now, comment=comment, seen_version=version)
    consequences(decision, placement=placement, by=by, today=today, source=source)
    return decision


@transaction.atomic
def correct_decision(
    decision: Decision, *, by: User, today: date, reason: str, seen_version: int | None, source: str = "画面"
) -> Decision:
    """訂正 of a recorded decision, also after the meeting was closed: always with a reason.

    What was decided about a proposal stays: the proposal has moved on with it. Only its wording is corrected.
    """
    may_decide(by, today=today)
    if not reason.strip():
        raise Refused("訂正の理由を入力してください。")
    hold_for_correction(decision.item.meeting, reason=reason)
    before = Decision.objects.get(pk=decision.pk)
    if decision.item.proposal_id is not None and decision.outcome != before.outcome:
        raise Refused(
            "提案についての決定の区分は変えられません。もう一度審議するときは、次の会議の次第に載せてください。"
        )
    if errors := decision_errors(decision, today=today):
        raise ValidationError(errors)
    return save_row(
        decision, by=by, seen_version=seen_version, today=today, reason=f"{CORRECTION}{reason.strip()}", source=source
    )


def may_decide(by: User, *, today: date) -> None:
    if not can(by, Permission.DECIDE, today=today):
        raise PermissionDenied(f"決定を記録できるのは、{who_may(Permission.DECIDE)}です。")


def undecided_item(item: AgendaItem) -> None:
    hold_open(item.meeting)
    decision = Decision.objects.filter(item_id=item.pk).first()
    if decision is not None:
        raise Refused(f"この議題は決定を記録してあります（{decision.outcome_choice.label}、{decision.recorded_by}）。")


def decision_errors(decision: Decision, *, today: date) -> dict[str, str]:
    """Field → sentence; empty when the decision can be recorded."""
    errors = {}
    if not decision.reason.strip():
        errors["reason"] = "決定の理由を入力してください。"
    if decision.outcome == Outcome.CONDITIONAL and not decision.conditions.strip():
        errors["conditions"] = "条件付き採択のときは、条件を入力してください。"
    if decision.conditions_due_on and not decision.conditions.strip():
        errors["conditions_due_on"] = "条件の期限は、条件があるときだけ入力してください。"
    if decision.item.proposal_id is not None and decision.outcome == Outcome.NOTED:
        errors["outcome"] = "提案には、採択・条件付き採択・継続審議・不採択のどれかを選んでください。"
    if decision.chosen_option and decision.chosen_option not in decision.item.option_list:
        errors["chosen_option"] = "この議題の案から選んでください。"
    if decision.decided_on and decision.decided_on > today:
        errors["decided_on"] = "決定日は、今日までの日付にしてください。"
    if decision.drafted_on and decision.approved_on and decision.approved_on < decision.drafted_on:
        errors["approved_on"] = "決裁日は、起案日からあとの日にしてください。"
    return errors
