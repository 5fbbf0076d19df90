from committee.models.meeting import AgendaItem, Decision, Meeting
from committee.models.proposal import Proposal, ProposalEvent

__all__ = ["AgendaItem", "Decision", "Meeting", "Proposal", "ProposalEvent"]
