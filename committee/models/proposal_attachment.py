"""添付: files that belong to a proposal. The file itself is townhall's; who may have it is decided here each time."""

from django.db import models
from django.urls import reverse

from committee.models.proposal import Proposal
from townhall.changes import ChangeHistory, VersionedModel
from townhall.models import Attachment


class ProposalAttachment(VersionedModel):
    """A file taken off the proposal stays where an edition names it."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="attachments", verbose_name="提案")
    attachment = models.OneToOneField(
        Attachment, models.PROTECT, related_name="of_proposal", verbose_name="添付ファイル"
    )
    is_removed = models.BooleanField("外した", default=False)

    history = ChangeHistory()

    class Meta:
        verbose_name = "提案の添付"
        verbose_name_plural = "提案の添付"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.proposal} {self.attachment}"

    def get_absolute_url(self) -> str:
        return reverse("proposal_attachment", args=[self.proposal_id, self.pk])
