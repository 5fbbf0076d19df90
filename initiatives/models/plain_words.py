"""やさしい説明: one plain line about an initiative for residents, beside the plan's own words and never instead of them."""

from django.db import models

from initiatives.models.plan import Initiative
from townhall.changes import ChangeHistory, VersionedModel


class PlainWords(VersionedModel):
    initiative = models.OneToOneField(Initiative, models.PROTECT, related_name="plain_words", verbose_name="取組")
    text = models.CharField("やさしい説明", max_length=120)
    is_example = models.BooleanField("例（町の確認前）", default=False)

    history = ChangeHistory()

    class Meta:
        verbose_name = "やさしい説明"
        verbose_name_plural = "やさしい説明"
        ordering = ["initiative"]

    def __str__(self) -> str:
        return f"{self.initiative.label} {self.text}"
