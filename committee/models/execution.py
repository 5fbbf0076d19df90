"""実施: what became of an adopted proposal, and what it brought. Measured is never added to planned (R9)."""

from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from committee.models.proposal import ASKED_BEFORE, Proposal
from schedule.models import Activity
from townhall import fiscal
from townhall.changes import ChangeHistory, VersionedModel

REVIEWED_AFTER_MONTHS = (6, 12)
MEASURED_TOGETHER = ("measured_on", "volume", "minutes_saved", "yen_per_hour")


class Execution(VersionedModel):
    """One per adopted proposal, from the decision on."""

    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="execution", verbose_name="提案")
    # The row of the plan it became. A 検討事項 has no schedule, so its one line may stand for several proposals.
    activity = models.ForeignKey(
        Activity, models.PROTECT, null=True, blank=True, related_name="executions", verbose_name="計画の行"
    )
    started_on = models.DateField("開始日", null=True, blank=True)

    history = ChangeHistory()

    class Meta:
        verbose_name = "提案の実施"
        verbose_name_plural = "提案の実施"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.proposal}の実施"

    def get_absolute_url(self) -> str:
        return self.proposal.get_absolute_url()


class EffectReviewQuerySet(models.QuerySet["EffectReview"]):
    def open(self) -> Self:
        """Still to be measured, of what is going on."""
        return self.filter(measured_on__isnull=True, execution__proposal__state="running")

    def asked_by(self, today: date) -> Self:
        return self.open().filter(due_on__lte=today + ASKED_BEFORE)

    def with_proposal(self) -> Self:
        return self.select_related("execution__proposal__section", "execution__proposal__initiative__plan")


class EffectReview(VersionedModel):
    """効果の検証: what was measured of the months since the start. Hours and yen are computed, never typed."""

    execution = models.ForeignKey(Execution, models.PROTECT, related_name="reviews", verbose_name="実施")
    months = models.PositiveSmallIntegerField(
        "開始からの月数", validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    due_on = models.DateField("測定の期限")
    measured_on = models.DateField("測定日", null=True, blank=True)
    volume = models.PositiveIntegerField(
        "この期間の件数（件）", null=True, blank=True, validators=[MaxValueValidator(10_000_000)]
    )
    # Below 0 when a case takes longer than before: also that is a result.
    minutes_saved = models.DecimalField(
        "1件あたりの短縮（分、実測）", max_digits=6, decimal_places=1, null=True, blank=True
    )
    # As it was when measured: a later unit cost does not change what was reported.
    yen_per_hour = models.PositiveIntegerField("時間あたりの人件費（円）", null=True, blank=True, editable=False)
    source = models.CharField("測り方・出典", max_length=200, blank=True)
    note = models.TextField("住民への効果・気づいたこと", max_length=4000, blank=True)
    recorded_by = models.CharField("記録した人", max_length=200, blank=True, editable=False)

    objects = EffectReviewQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "効果の検証"
        verbose_name_plural = "効果の検証"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["execution", "months"], name="one_review_per_months"),
            models.CheckConstraint(
                name="what_is_measured_is_measured_whole",
                condition=Q(**{f"{name}__isnull": True for name in MEASURED_TOGETHER}, source="", recorded_by="")
                | (Q(**{f"{name}__isnull": False for name in MEASURED_TOGETHER}) & ~Q(source="") & ~Q(recorded_by="")),
                violation_error_message="測定日・件数・短縮・測り方は、そろえて入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.execution.proposal}　{self.label}"

    def get_absolute_url(self) -> str:
        return reverse("effect_record", args=[self.execution.proposal_id, self.months])

    @property
    def label(self) -> str:
        return f"開始から{self.months}か月"

    @property
    def is_measured(self) -> bool:
        return self.measured_on is not None

    @property
    def asked_from(self) -> date:
        return self.due_on - ASKED_BEFORE

    @property
    def measured_hours(self) -> int | None:
        """件数 × 分 ÷ 60 of these months, fractions dropped."""
        if self.volume is None or self.minutes_saved is None:
            return None
        return int((Decimal(self.volume) * self.minutes_saved / 60).to_integral_value(rounding=ROUND_FLOOR))

    @property
    def measured_effect(self) -> int | None:
        """千円, a conversion (換算) and no saving in the budget."""
        if self.measured_hours is None or self.yen_per_hour is None:
            return None
        return self.measured_hours * self.yen_per_hour // 1000

    @property
    def planned_hours(self) -> int | None:
        """The proposal's hours of one year, for these months."""
        yearly = self.execution.proposal.hours_saved
        return None if yearly is None else yearly * self.months // 12

    @property
    def planned_effect(self) -> int | None:
        yearly = self.execution.proposal.yearly_effect
        return None if yearly is None else yearly * self.months // 12

    @property
    def period_label(self) -> str:
        """「令和9年4月1日～令和9年9月30日」."""
        started = self.execution.started_on
        if started is None:
            return ""
        return f"{fiscal.format_date(started)}～{fiscal.format_date(self.due_on - timedelta(days=1))}"


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last day: 8/31 → 2/28."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
