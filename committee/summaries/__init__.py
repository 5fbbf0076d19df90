from committee.summaries.action_items import (
    ActionItemRow,
    ActionItemTable,
    action_item_row,
    action_item_table,
)
from committee.summaries.attendance import Roll, roll_of
from committee.summaries.editions import Comparison, Edition, changes_since_submitted, compared, editions_of
from committee.summaries.meetings import (
    AgendaRow,
    MeetingPage,
    NextMeeting,
    agenda_of,
    meeting_changes,
    meeting_page,
    meeting_rows,
    next_meeting,
)
from committee.summaries.packs import PackList, pack_list
from committee.summaries.proposals import (
    ProposalFacts,
    ProposalPage,
    ProposalRow,
    ProposalTable,
    proposal_facts,
    proposal_page,
    proposal_rows,
    proposals_waiting_for,
)
from committee.summaries.scores import ScoreTable, own_points, score_table
from committee.turns import Turn, whose_turn

__all__ = [
    "ActionItemRow",
    "ActionItemTable",
    "AgendaRow",
    "Comparison",
    "Edition",
    "MeetingPage",
    "NextMeeting",
    "PackList",
    "ProposalFacts",
    "ProposalPage",
    "ProposalRow",
    "ProposalTable",
    "Roll",
    "ScoreTable",
    "Turn",
    "action_item_row",
    "action_item_table",
    "agenda_of",
    "changes_since_submitted",
    "compared",
    "editions_of",
    "meeting_changes",
    "meeting_page",
    "meeting_rows",
    "next_meeting",
    "own_points",
    "pack_list",
    "proposal_facts",
    "proposal_page",
    "proposal_rows",
    "proposals_waiting_for",
    "roll_of",
    "score_table",
    "whose_turn",
]
