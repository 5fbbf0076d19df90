"""財源の内訳 of a proposal, and the unit cost with which its effect is turned into yen."""

from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from committee.choices import FundingKind
from committee.costs import YEARS_COUNTED, SourceLine
from committee.models.figures import DEFAULT_YEN_PER_HOUR
from committee.models.funding import FundingSource
from committee.models.proposal import Proposal
from townhall.changes import ChangeHistory, VersionedModel

MOST_IN_A_YEAR = 10_000_000  # 千円


def _year(number: int) -> models.PositiveIntegerField:
    return models.PositiveIntegerField(
        f"{number}年目（千円）", default=0, validators=[MaxValueValidator(MOST_IN_A_YEAR)]
    )


class ProposalFunding(VersionedModel):
    """What one source pays towards one proposal. What no source pays is 一般財源 and has no row."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="funding", verbose_name="提案")
    source = models.ForeignKey(FundingSource, models.PROTECT, related_name="proposals", verbose_name="財源")
    year_1 = _year(1)
    year_2 = _year(2)
    year_3 = _year(3)
    year_4 = _year(4)
    year_5 = _year(5)

    history = ChangeHistory()

    class Meta:
        verbose_name = "提案の財源"
        verbose_name_plural = "提案の財源"
        ordering = ["source__order", "source"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "source"], name="one_line_per_proposal_and_source"),
            models.CheckConstraint(
                name="funding_line_pays_something",
                condition=Q(year_1__gt=0) | Q(year_2__gt=0) | Q(year_3__gt=0) | Q(year_4__gt=0) | Q(year_5__gt=0),
                violation_error_message="財源の額を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal} {self.source}"

    @property
    def amounts(self) -> tuple[int, ...]:
        return tuple(getattr(self, f"year_{year}") for year in range(1, YEARS_COUNTED + 1))

    @property
    def line(self) -> SourceLine:
        return SourceLine(self.source.label, FundingKind(self.source.kind), self.amounts)


class HourlyCostQuerySet(models.QuerySet["HourlyCost"]):
    def on(self, today: date) -> Self:
        """The one that counts on that day comes first."""
        return self.filter(starts_on__lte=today).order_by("-starts_on")


class HourlyCost(VersionedModel):
    """時間あたりの人件費 from a day on. The town changes it here; what was submitted before keeps its own."""

    yen = models.PositiveIntegerField("時間あたりの人件費（円）", validators=[MaxValueValidator(100_000)])
    starts_on = models.DateField("適用の始め", unique=True)
    basis = models.CharField("根拠", max_length=200, blank=True)
    is_example = models.BooleanField("例（町の確認前）", default=False)

    objects = HourlyCostQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "時間あたりの人件費"
        verbose_name_plural = "時間あたりの人件費"
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                name="hourly_cost_is_something",
                condition=Q(yen__gt=0),
                violation_error_message="時間あたりの人件費は 1円以上で入力してください。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.yen:,}円（{self.starts_on}から）"

    @classmethod
    def in_force(cls, today: date) -> "HourlyCost":
        """Where the town has set none: the default, marked as an example."""
        return cls.objects.on(today).first() or cls(yen=DEFAULT_YEN_PER_HOUR, starts_on=today, is_example=True)
