from committee.models.budget import BudgetAmount, BudgetLine, BudgetPart
from committee.models.funding import FundingSource
from committee.models.meeting import AgendaItem, Decision, Meeting
from committee.models.proposal import Proposal, ProposalEvent

__all__ = [
    "AgendaItem",
    "BudgetAmount",
    "BudgetLine",
    "BudgetPart",
    "Decision",
    "FundingSource",
    "Meeting",
    "Proposal",
    "ProposalEvent",
]
