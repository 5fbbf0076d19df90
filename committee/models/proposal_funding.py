"""財源の内訳 of a proposal."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from committee.choices import FundingKind
from committee.costs import YEARS_COUNTED, SourceLine
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
