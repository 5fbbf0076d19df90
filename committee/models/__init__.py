from committee.models.action_item import ActionItem
from committee.models.budget import BudgetAmount, BudgetLine, BudgetPart
from committee.models.comment import Comment
from committee.models.execution import EffectReview, Execution
from committee.models.funding import FundingSource
from committee.models.item_paper import ItemPaper
from committee.models.meeting import AgendaItem, Decision, Meeting
from committee.models.minutes import Minutes, MinutesReply
from committee.models.pack import Pack
from committee.models.proposal import Proposal
from committee.models.proposal_attachment import ProposalAttachment
from committee.models.proposal_course import ProposalEdition, ProposalEvent, ProposalOpening, ProposalQuestion
from committee.models.proposal_draft import ProposalDraft
from committee.models.proposal_funding import ProposalFunding
from committee.models.rules import CommitteeRules
from committee.models.scoring import Criterion, ProposalOpinion, ProposalScore
from committee.models.seat import Seat
from committee.models.team import ProjectTeam, TeamMember
from committee.models.written import WrittenAnswer

__all__ = [
    "ActionItem",
    "AgendaItem",
    "BudgetAmount",
    "BudgetLine",
    "BudgetPart",
    "Comment",
    "CommitteeRules",
    "Criterion",
    "Decision",
    "EffectReview",
    "Execution",
    "FundingSource",
    "ItemPaper",
    "Meeting",
    "Minutes",
    "MinutesReply",
    "Pack",
    "ProjectTeam",
    "Proposal",
    "ProposalAttachment",
    "ProposalDraft",
    "ProposalEdition",
    "ProposalEvent",
    "ProposalFunding",
    "ProposalOpening",
    "ProposalOpinion",
    "ProposalQuestion",
    "ProposalScore",
    "Seat",
    "TeamMember",
    "WrittenAnswer",
]
