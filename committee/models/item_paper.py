"""資料: files laid before a meeting with a subject. The file itself is townhall's; its view asks for the meeting's permission."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from committee.models.meeting import AgendaItem
from townhall.changes import ChangeHistory, VersionedModel
from townhall.models import Attachment


class ItemPaperQuerySet(models.QuerySet["ItemPaper"]):
    def laid(self) -> Self:
        return self.filter(is_removed=False).select_related("attachment")


class ItemPaper(VersionedModel):
    """Numbered within its subject when it is added: 資料1-2, 参考資料1-1. A number is never given twice."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="papers", verbose_name="議題")
    attachment = models.OneToOneField(
        Attachment, models.PROTECT, related_name="of_item", verbose_name="添付ファイル", editable=False
    )
    is_reference = models.BooleanField("参考資料", default=False, editable=False)
    number = models.PositiveSmallIntegerField("枝番", editable=False)
    is_removed = models.BooleanField("外した", default=False)

    objects = ItemPaperQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "議題の資料"
        verbose_name_plural = "議題の資料"
        ordering = ["item", "is_reference", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "is_reference", "number"],
                name="item_paper_number_once",
                violation_error_message="この資料の番号は、もう使われています。",
            ),
            models.CheckConstraint(
                name="item_paper_number_from_1",
                condition=Q(number__gte=1),
                violation_error_message="枝番は 1 以上です。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.attachment}"

    def get_absolute_url(self) -> str:
        return reverse("item_paper", args=[self.item.meeting.number, self.item_id, self.pk])

    def label_under(self, paper: str) -> str:
        """`paper`: the number of the subject's own sheet, which comes first: 資料1 → 資料1-2, 資料1-3, 参考資料1-1."""
        return f"参考{paper}-{self.number}" if self.is_reference else f"{paper}-{self.number + 1}"
