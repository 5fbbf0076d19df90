"""What follows from a decision, in the same transaction: nothing that was decided waits for somebody to remember it."""

from datetime import date
from uuid import NAMESPACE_URL, uuid5

from committee.actions.action_items import give_action_item
from committee.actions.execution import Placement, follow_adoption
from committee.choices import Outcome
from committee.models import ActionItem, Decision
from townhall.models import User


def consequences(decision: Decision, *, placement: Placement | None, by: User, today: date, source: str) -> None:
    """Called once, by `record_decision`, after the decision is saved and its proposal has moved."""
    proposal = decision.item.proposal
    if proposal is not None and decision.outcome in Outcome.ADOPTS:
        follow_adoption(proposal, placement=placement, by=by, today=today, source=source)
    if decision.conditions:
        conditions_become_action_item(decision, by=by, today=today)


def conditions_become_action_item(decision: Decision, *, by: User, today: date) -> ActionItem:
    """The conditions of 条件付き採択 are work of the section that proposed it, or that owns the row."""
    item = decision.item
    return give_action_item(
        ActionItem(
            creation_key=uuid5(NAMESPACE_URL, f"condition:{item.creation_key}"),
            meeting=item.meeting,
            item=item,
            text=decision.conditions[:2000],
            section=item.section,
            due_on=decision.conditions_due_on,
            is_condition=True,
        ),
        by=by,
        today=today,
    )
