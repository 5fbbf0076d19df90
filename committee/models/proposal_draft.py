"""What somebody is typing about a proposal and has not saved: it only survives (ADR 7)."""

from django.db import models
from django.db.models import Q

from committee.choices import DraftKind
from committee.models.proposal import Proposal
from townhall.models import User


class ProposalDraft(models.Model):
    """The raw text of the form, one per person, proposal and form; without a proposal it is a new one's. No history.

    回答 are kept by the number of their question, so that they find it again when others were asked meanwhile.
    """

    proposal = models.ForeignKey(
        Proposal, models.PROTECT, null=True, blank=True, related_name="drafts", verbose_name="提案"
    )
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="入力した人")
    kind = models.CharField("入力した画面", max_length=10, choices=DraftKind.choices, default=DraftKind.CONTENTS)
    typed = models.JSONField("入力した内容", default=dict)
    saved_at = models.DateTimeField("下書きを保存した日時")

    class Meta:
        verbose_name = "提案の入力中の下書き"
        verbose_name_plural = "提案の入力中の下書き"
        ordering = ["-saved_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "author", "kind"], name="one_draft_per_form_and_person"),
            models.UniqueConstraint(
                fields=["author"], condition=Q(proposal__isnull=True), name="one_draft_of_a_new_proposal_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"下書き#{self.pk}"
