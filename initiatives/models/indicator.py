"""指標: what is measured for a plan or one of its initiatives, the target of each year, and what was found.

The plan itself sets no numeric target; every page works while there is no indicator, no target and no value.
"""

import uuid
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from initiatives.choices import GoodDirection, IndicatorKind, PartOfYear, ValueBasis
from initiatives.models.plan import Initiative, Plan
from townhall import fiscal
from townhall.changes import ChangeHistory, VersionedModel

DECIMALS = 3
YEAR_LIMITS = [MinValueValidator(1990), MaxValueValidator(2100)]


def figure(label: str) -> Any:
    return models.DecimalField(label, max_digits=15, decimal_places=DECIMALS)


def figure_or_none(label: str) -> Any:
    return models.DecimalField(label, max_digits=15, decimal_places=DECIMALS, null=True, blank=True)


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def in_use(self) -> Self:
        return self.filter(is_active=True)


class Indicator(VersionedModel):
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="indicators", verbose_name="計画")
    number = models.PositiveSmallIntegerField("番号")
    name = models.CharField("指標名", max_length=120)
    unit = models.CharField("単位", max_length=20)
    kind = models.CharField("種類", max_length=10, choices=IndicatorKind.choices, default=IndicatorKind.OUTCOME)
    direction = models.CharField("良い向き", max_length=10, choices=GoodDirection.choices, default=GoodDirection.UP)
    # NULL: of the plan as a whole.
    initiative = models.ForeignKey(
        Initiative, models.PROTECT, null=True, blank=True, related_name="indicators", verbose_name="関係する取組"
    )
    formula = models.CharField("算式", max_length=300, blank=True)
    source = models.CharField("出典", max_length=200, blank=True)
    baseline_year = models.PositiveSmallIntegerField("基準年度（西暦）", null=True, blank=True, validators=YEAR_LIMITS)
    baseline_value = figure_or_none("基準値")
    note = models.TextField("備考", blank=True, max_length=2000)
    # Of fixtures/indicators_national.yaml; empty for the town's own.
    template_code = models.CharField("国の比較指標の記号", max_length=30, blank=True, editable=False)
    is_active = models.BooleanField("使う", default=True)
    creation_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = IndicatorQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "指標"
        verbose_name_plural = "指標"
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"],
                name="one_indicator_per_number",
                violation_error_message="この計画には、同じ番号の指標がもうあります。",
            ),
            models.UniqueConstraint(
                fields=["plan", "name"],
                name="one_indicator_per_name",
                violation_error_message="この計画には、同じ名前の指標がもうあります。",
            ),
            models.UniqueConstraint(
                fields=["plan", "template_code"], condition=~Q(template_code=""), name="one_indicator_per_template"
            ),
            models.CheckConstraint(
                name="baseline_has_its_year",
                condition=Q(baseline_year__isnull=True, baseline_value__isnull=True)
                | Q(baseline_year__isnull=False, baseline_value__isnull=False),
                violation_error_message="基準値と基準年度は、両方入れるか、両方空欄にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("indicator_detail", args=[self.pk])

    @property
    def label(self) -> str:
        return f"指標{self.number}"

    @property
    def initiative_label(self) -> str:
        """For the file: 「5」, 「検1」, or empty for the plan as a whole."""
        return self.initiative.label if self.initiative else ""


class IndicatorTarget(VersionedModel):
    """The target of one fiscal year, and who set it where."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets", verbose_name="指標")
    fiscal_year = models.PositiveSmallIntegerField("年度（西暦）", validators=YEAR_LIMITS)
    value = figure("目標値")
    # Only where a range is good: from `value` to `upper`.
    upper = figure_or_none("目標の上限")
    decided_by = models.CharField("目標を決めた会議・文書", max_length=120)

    history = ChangeHistory()

    class Meta:
        verbose_name = "指標の目標"
        verbose_name_plural = "指標の目標"
        ordering = ["indicator", "fiscal_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "fiscal_year"],
                name="one_target_per_year",
                violation_error_message="この指標のこの年度の目標は、もうあります。",
            ),
            models.CheckConstraint(
                name="target_names_who_set_it",
                condition=~Q(decided_by=""),
                violation_error_message="目標を決めた会議・文書を入力してください。",
            ),
            models.CheckConstraint(
                name="target_range_in_order",
                condition=Q(upper__isnull=True) | Q(upper__gte=F("value")),
                violation_error_message="目標の上限は、目標値（下限）以上にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {fiscal.format_fiscal_year(self.fiscal_year)}の目標"

    def get_absolute_url(self) -> str:
        return self.indicator.get_absolute_url()


class IndicatorValue(VersionedModel):
    """One figure for a year or one of its quarters. A measured and an estimated one may stand side by side."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="values", verbose_name="指標")
    fiscal_year = models.PositiveSmallIntegerField("年度（西暦）", validators=YEAR_LIMITS)
    part = models.PositiveSmallIntegerField("期間", choices=PartOfYear.choices, default=PartOfYear.WHOLE)
    basis = models.CharField("実測・見込の別", max_length=10, choices=ValueBasis.choices, default=ValueBasis.MEASURED)
    value = figure("値")
    as_of = models.DateField("基準日")
    source = models.CharField("出典", max_length=200, blank=True)
    is_public = models.BooleanField("公開してよい", default=False)
    # Why the value was changed after it had been recorded; empty while it stands as first recorded.
    correction = models.CharField("訂正の理由", max_length=200, blank=True, editable=False)

    history = ChangeHistory()

    class Meta:
        verbose_name = "指標の値"
        verbose_name_plural = "指標の値"
        ordering = ["indicator", "fiscal_year", "part", "basis"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "fiscal_year", "part", "basis"],
                name="one_value_per_period",
                violation_error_message="この期間の値は、もう記録されています。直すときは、その値の「直す」から理由をつけて直してください。",
            ),
            models.CheckConstraint(name="value_of_a_known_part", condition=Q(part__in=PartOfYear.values)),
            models.CheckConstraint(name="value_measured_or_estimated", condition=Q(basis__in=ValueBasis.values)),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.period_label}（{ValueBasis(self.basis).label}）"

    def get_absolute_url(self) -> str:
        return self.indicator.get_absolute_url()

    @property
    def period_label(self) -> str:
        year = fiscal.format_fiscal_year(self.fiscal_year)
        return year if self.part == PartOfYear.WHOLE else f"{year} {PartOfYear(self.part).label}"
