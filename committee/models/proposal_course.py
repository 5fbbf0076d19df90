"""What happened to a proposal on its way."""

from django.db import models

from committee.choices import ProposalAction, ProposalState
from committee.models.proposal import Proposal


class ProposalEvent(models.Model):
    """経過: one row per step of the workflow, append-only. 照会 and 回答 are events with a text."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="events", verbose_name="提案")
    action = models.CharField("したこと", max_length=20, choices=ProposalAction.choices)
    from_state = models.CharField("前の段階", max_length=15, choices=ProposalState.choices)
    to_state = models.CharField("後の段階", max_length=15, choices=ProposalState.choices)
    at = models.DateTimeField("日時")
    actor = models.CharField("だれ", max_length=200)
    comment = models.TextField("文", blank=True)
    edition = models.PositiveSmallIntegerField("版", default=0)

    class Meta:
        verbose_name = "提案の経過"
        verbose_name_plural = "提案の経過"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.proposal} {self.get_action_display()}"
