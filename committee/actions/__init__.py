"""What people do to proposals and meetings. Every function is one transaction: all of it is saved, or nothing.

They raise PermissionDenied (not this person's), Refused (not now), StaleVersion (somebody was first) and
ValidationError (a value cannot be stored); each carries a Japanese sentence.
"""

from committee.actions.budget import add_budget_line, edit_budget_line, record_amount
from committee.actions.execution import follow_adoption, place_in_plan, record_effect, start_work
from committee.actions.meetings import (
    add_agenda_item,
    close_meeting,
    decision_errors,
    edit_agenda_item,
    edit_meeting,
    record_decision,
    remove_agenda_item,
    schedule_meeting,
    table_proposal,
)
from committee.actions.packs import make_pack
from committee.actions.proposals import create_proposal, edit_proposal, take_step

__all__ = [
    "add_agenda_item",
    "add_budget_line",
    "close_meeting",
    "create_proposal",
    "decision_errors",
    "edit_agenda_item",
    "edit_budget_line",
    "edit_meeting",
    "edit_proposal",
    "follow_adoption",
    "make_pack",
    "place_in_plan",
    "record_amount",
    "record_decision",
    "record_effect",
    "remove_agenda_item",
    "schedule_meeting",
    "start_work",
    "table_proposal",
    "take_step",
]
