"""財源: where money comes from. The names change every year, so they are rows that the town edits."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from committee.choices import FundingKind
from townhall.changes import ChangeHistory, VersionedModel


class FundingSourceQuerySet(models.QuerySet["FundingSource"]):
    def in_year(self, fiscal_year: int) -> Self:
        """Those that money of that fiscal year can come from, in the order of the town's papers."""
        return self.filter(
            Q(first_year__isnull=True) | Q(first_year__lte=fiscal_year),
            Q(last_year__isnull=True) | Q(last_year__gte=fiscal_year),
        )


class FundingSource(VersionedModel):
    """An empty first or last year means open. A source that is over is ended, not deleted."""

    name = models.CharField("財源の名称", max_length=80, unique=True)
    kind = models.CharField("区分", max_length=12, choices=FundingKind.choices)
    order = models.PositiveSmallIntegerField("並び順", default=0)
    first_year = models.PositiveSmallIntegerField("始めの年度（西暦）", null=True, blank=True)
    last_year = models.PositiveSmallIntegerField("終わりの年度（西暦）", null=True, blank=True)
    is_example = models.BooleanField("例（町の確認前）", default=False)
    note = models.CharField("備考", max_length=200, blank=True)

    objects = FundingSourceQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "財源"
        verbose_name_plural = "財源"
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="funding_years_in_order",
                condition=Q(first_year__isnull=True) | Q(last_year__isnull=True) | Q(first_year__lte=F("last_year")),
                violation_error_message="終わりの年度は、始めの年度より前にできません。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """「国庫　デジタル基盤改革支援補助金（例）」; a source named like its kind is not said twice."""
        kind = self.get_kind_display()
        name = self.name if self.name.startswith(kind) else f"{kind}　{self.name}"
        return f"{name}（例）" if self.is_example else name
