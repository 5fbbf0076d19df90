"""予算: what a fiscal year spends on an initiative, from the request to the settled account. Amounts in 千円."""

import uuid
from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from committee.choices import Assessment, BudgetStage
from committee.models.funding import FundingSource
from committee.models.proposal import Proposal
from initiatives.models import Initiative
from schedule.models import Activity
from townhall import fiscal
from townhall.changes import ChangeHistory, VersionedModel
from townhall.models import Section, User
from townhall.permissions import Permission, can

YEARS = [MinValueValidator(2000), MaxValueValidator(2100)]
# 継続費・繰越 go on for a few years; a longer distance is a slip of the finger.
MOST_YEARS_CARRIED = 5
MOST_THOUSANDS = 100_000_000  # 1,000億円


class BudgetLineQuerySet(models.QuerySet["BudgetLine"]):
    def with_figures(self) -> Self:
        """Everything that one line's figures are made of; three queries more."""
        return self.select_related("initiative__plan", "section", "proposal").prefetch_related(
            "amounts__parts__source",
        )

    def in_order(self) -> Self:
        return self.order_by("-initiative__plan__starts_on", "initiative__kind", "initiative__number", "pk")

    def touching(self, fiscal_year: int) -> Self:
        """Budgeted for that year, or carried over into it."""
        return self.filter(Q(budget_year=fiscal_year) | Q(spending_year=fiscal_year))

    def shows_proposal_to(self, user: User, *, today: date) -> set[int]:
        """Ids of the proposals behind these lines that this person may open."""
        return set(Proposal.objects.visible_to(user, today=today).values_list("pk", flat=True))


class BudgetLine(VersionedModel):
    """予算の事業. `spending_year` differs from `budget_year` when the money is carried over (繰越)."""

    creation_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    budget_year = models.PositiveSmallIntegerField("予算の年度（西暦）", validators=YEARS)
    spending_year = models.PositiveSmallIntegerField("執行の年度（西暦）", validators=YEARS)
    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="budget_lines", verbose_name="取組")
    activity = models.ForeignKey(
        Activity, models.PROTECT, null=True, blank=True, related_name="budget_lines", verbose_name="取組内容"
    )
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, null=True, blank=True, related_name="budget_lines", verbose_name="提案"
    )
    section = models.ForeignKey(Section, models.PROTECT, related_name="budget_lines", verbose_name="要求する課")
    name = models.CharField("事業名", max_length=100)
    account = models.CharField("科目", max_length=100, blank=True)
    note = models.TextField("説明", max_length=4000, blank=True)

    objects = BudgetLineQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "予算の事業"
        verbose_name_plural = "予算の事業"
        ordering = ["-budget_year", "pk"]
        constraints = [
            models.CheckConstraint(
                name="money_is_spent_from_its_year_on",
                condition=Q(spending_year__gte=F("budget_year"))
                & Q(spending_year__lte=F("budget_year") + MOST_YEARS_CARRIED),
                violation_error_message="執行の年度は、予算の年度と同じか、繰り越した年度（5年以内）にしてください。",
            ),
            models.CheckConstraint(
                name="budget_line_has_a_name",
                condition=~Q(name=""),
                violation_error_message="事業名を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{fiscal.format_fiscal_year(self.budget_year)}）"

    def get_absolute_url(self) -> str:
        return reverse("budget_line_detail", args=[self.pk])

    @property
    def is_carried_over(self) -> bool:
        return self.spending_year != self.budget_year

    def is_theirs(self, user: User, *, today: date) -> bool:
        """Does this person ask for money, or account for it, for this line's section?"""
        return can(user, Permission.REQUEST_BUDGET, today=today, section=self.section_id)


class BudgetAmount(VersionedModel):
    """One amount of one stage, with its day and document. The sum of `parts` is the amount (committee.budget)."""

    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="amounts", verbose_name="予算の事業")
    stage = models.CharField("段階", max_length=10, choices=BudgetStage.choices)
    # 第1号補正, 第2号補正 …; 0 for every other stage.
    number = models.PositiveSmallIntegerField("補正の号", default=0)
    thousands = models.IntegerField(
        "金額（千円）", validators=[MinValueValidator(-MOST_THOUSANDS), MaxValueValidator(MOST_THOUSANDS)]
    )
    result = models.CharField("査定の結果", max_length=4, choices=Assessment.choices, blank=True)
    decided_on = models.DateField("日付")
    document_number = models.CharField("決裁・文書番号", max_length=60, blank=True)
    note = models.TextField("説明", max_length=4000, blank=True)

    history = ChangeHistory()

    class Meta:
        verbose_name = "予算の金額"
        verbose_name_plural = "予算の金額"
        ordering = ["line", "decided_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "stage", "number"],
                name="one_amount_per_stage",
                violation_error_message="この段階の金額は、もう記録してあります。",
            ),
            models.CheckConstraint(
                name="only_supplements_are_numbered",
                condition=(Q(stage="supplement") & Q(number__gte=1)) | (~Q(stage="supplement") & Q(number=0)),
                violation_error_message="補正予算だけに、1 からの号をつけてください。",
            ),
            models.CheckConstraint(
                name="only_supplements_take_away",
                condition=Q(stage="supplement") | Q(thousands__gte=0),
                violation_error_message="金額は 0 以上で入力してください。減らすのは補正予算だけです。",
            ),
            models.CheckConstraint(
                name="assessment_has_a_result",
                condition=(Q(stage="assessed") & ~Q(result="")) | (~Q(stage="assessed") & Q(result="")),
                violation_error_message="査定には結果（計上・一部計上・見送り）が必要です。",
            ),
            models.CheckConstraint(
                name="nothing_is_granted_when_put_off",
                condition=(Q(result="none") & Q(thousands=0))
                | (Q(result__in=("full", "part")) & Q(thousands__gt=0))
                | Q(result=""),
                violation_error_message="見送りの査定額は 0、計上・一部計上の査定額は 1 以上にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.label}" + (f" {self.thousands:,}千円" if self.thousands is not None else "")

    def get_absolute_url(self) -> str:
        return self.line.get_absolute_url()

    @property
    def stage_choice(self) -> BudgetStage:
        return BudgetStage(self.stage)

    @property
    def label(self) -> str:
        """「要求」, 「補正予算（第1号）」."""
        return f"{self.get_stage_display()}（第{self.number}号）" if self.number else str(self.get_stage_display())

    @property
    def result_choice(self) -> Assessment | None:
        return Assessment(self.result) if self.result else None


class BudgetPart(VersionedModel):
    """財源内訳: how much of an amount comes from one source."""

    amount = models.ForeignKey(BudgetAmount, models.PROTECT, related_name="parts", verbose_name="予算の金額")
    source = models.ForeignKey(FundingSource, models.PROTECT, related_name="budget_parts", verbose_name="財源")
    thousands = models.IntegerField(
        "金額（千円）", validators=[MinValueValidator(-MOST_THOUSANDS), MaxValueValidator(MOST_THOUSANDS)]
    )

    history = ChangeHistory()

    class Meta:
        verbose_name = "財源の内訳"
        verbose_name_plural = "財源の内訳"
        ordering = ["amount", "source__order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["amount", "source"],
                name="a_source_once_per_amount",
                violation_error_message="同じ財源が二つあります。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.thousands:,}千円"
