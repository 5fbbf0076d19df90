"""The committee's papers: each function says, as plain values, what one document says at this moment."""

from committee.papers.meeting import agenda_paper, pack_paper
from committee.papers.minutes import minutes_paper
from committee.papers.proposal import proposal_paper
from committee.papers.report import initiative_report, row_report

__all__ = ["agenda_paper", "initiative_report", "minutes_paper", "pack_paper", "proposal_paper", "row_report"]
