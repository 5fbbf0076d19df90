"""What people do to proposals and meetings. Every function is one transaction: all of it is saved, or nothing.

They raise PermissionDenied (not this person's), Refused (not now), StaleVersion (somebody was first) and
ValidationError (a value cannot be stored); each carries a Japanese sentence.
"""

from committee.actions.action_items import assign_action_item, cancel_action_item, edit_action_item, finish_action_item
from committee.actions.agenda import build_agenda, move_agenda_item
from committee.actions.attachments import attach_to_proposal, take_off_proposal
from committee.actions.attendance import convene_meeting, people_to_call, record_attendance
from committee.actions.budget import add_budget_line, edit_budget_line, record_amount
from committee.actions.comments import withdraw_comment, write_comment
from committee.actions.decisions import correct_decision, decision_errors, record_decision
from committee.actions.drafts import drop_proposal_draft, keep_answer_draft, keep_proposal_draft, proposal_draft_of
from committee.actions.execution import follow_adoption, place_in_plan, record_effect, start_work
from committee.actions.item_papers import lay_paper, take_back_paper
from committee.actions.meetings import (
    add_agenda_item,
    close_meeting,
    edit_agenda_item,
    edit_meeting,
    remove_agenda_item,
    schedule_meeting,
    table_proposal,
)
from committee.actions.minutes import (
    confirm_minutes,
    draft_minutes,
    edit_minutes,
    handle_reply,
    minutes_due,
    reply_to_minutes,
    send_minutes,
)
from committee.actions.packs import make_pack
from committee.actions.proposals import create_proposal, edit_proposal, take_step
from committee.actions.questions import note_opening
from committee.actions.scoring import score_proposal, write_opinion
from committee.actions.teams import add_team_member, edit_team, edit_team_member, set_up_team
from committee.actions.written import answer_in_writing

__all__ = [
    "add_agenda_item",
    "add_budget_line",
    "add_team_member",
    "answer_in_writing",
    "assign_action_item",
    "attach_to_proposal",
    "build_agenda",
    "cancel_action_item",
    "close_meeting",
    "confirm_minutes",
    "convene_meeting",
    "correct_decision",
    "create_proposal",
    "decision_errors",
    "draft_minutes",
    "drop_proposal_draft",
    "edit_action_item",
    "edit_agenda_item",
    "edit_budget_line",
    "edit_meeting",
    "edit_minutes",
    "edit_proposal",
    "edit_team",
    "edit_team_member",
    "finish_action_item",
    "follow_adoption",
    "handle_reply",
    "keep_answer_draft",
    "keep_proposal_draft",
    "lay_paper",
    "make_pack",
    "minutes_due",
    "move_agenda_item",
    "note_opening",
    "people_to_call",
    "place_in_plan",
    "proposal_draft_of",
    "record_amount",
    "record_attendance",
    "record_decision",
    "record_effect",
    "remove_agenda_item",
    "reply_to_minutes",
    "schedule_meeting",
    "score_proposal",
    "send_minutes",
    "set_up_team",
    "start_work",
    "table_proposal",
    "take_back_paper",
    "take_off_proposal",
    "take_step",
    "withdraw_comment",
    "write_comment",
    "write_opinion",
]
