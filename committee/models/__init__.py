from committee.models.funding import FundingSource
from committee.models.meeting import AgendaItem, Decision, Meeting
from committee.models.proposal import Proposal, ProposalEvent

__all__ = ["AgendaItem", "Decision", "FundingSource", "Meeting", "Proposal", "ProposalEvent"]
