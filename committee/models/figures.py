"""The arithmetic of a proposal: what it saves, what it costs, when it pays. Computed, never typed (計画書 has no figure)."""

from decimal import ROUND_FLOOR, Decimal

from django.core.validators import MaxValueValidator
from django.db import models

from committee.costs import YEARS_COUNTED
from initiatives.models.hourly_cost import DEFAULT_YEN_PER_HOUR


class Figures(models.Model):
    yearly_volume = models.PositiveIntegerField(
        "年間の件数（件）", null=True, blank=True, validators=[MaxValueValidator(10_000_000)]
    )
    minutes_saved = models.DecimalField("1件あたりの短縮（分）", max_digits=6, decimal_places=1, null=True, blank=True)
    initial_cost = models.PositiveIntegerField(
        "導入時の費用（千円）", null=True, blank=True, validators=[MaxValueValidator(10_000_000)]
    )
    yearly_cost = models.PositiveIntegerField(
        "1年の運用費（千円）", null=True, blank=True, validators=[MaxValueValidator(10_000_000)]
    )
    # The unit cost of the day it was last written or submitted: a later setting changes no result that was decided on.
    yen_per_hour = models.PositiveIntegerField("時間あたりの人件費（円）", default=DEFAULT_YEN_PER_HOUR, editable=False)

    class Meta:
        abstract = True

    @property
    def hours_saved(self) -> int | None:
        """件数 × 分 ÷ 60, whole hours a year, fractions dropped. None while a figure is missing."""
        if self.yearly_volume is None or self.minutes_saved is None:
            return None
        hours = Decimal(self.yearly_volume) * self.minutes_saved / 60
        return int(hours.to_integral_value(rounding=ROUND_FLOOR))

    @property
    def yearly_effect(self) -> int | None:
        """Hours × unit cost, in 千円 a year, fractions dropped. A conversion (換算), not a saving in the budget."""
        return None if self.hours_saved is None else self.hours_saved * self.yen_per_hour // 1000

    @property
    def total_cost(self) -> int | None:
        """導入 + 運用 × 5年, 千円. None while a figure is missing."""
        if self.initial_cost is None or self.yearly_cost is None:
            return None
        return self.initial_cost + self.yearly_cost * YEARS_COUNTED

    @property
    def running_cost(self) -> int | None:
        """運用 × 5年, 千円."""
        return None if self.yearly_cost is None else self.yearly_cost * YEARS_COUNTED

    @property
    def total_effect(self) -> int | None:
        """One year's effect × 5年, 千円."""
        return None if self.yearly_effect is None else self.yearly_effect * YEARS_COUNTED

    @property
    def payback_months(self) -> int | None:
        """Whole months (rounded up) until the effect exceeds the cost; None when it never does within the years."""
        if self.yearly_effect is None or self.initial_cost is None or self.yearly_cost is None:
            return None
        return months_to_pay(self.initial_cost, self.yearly_cost, self.yearly_effect)

    @property
    def payback_parts(self) -> tuple[int, int] | None:
        """Years and months of `payback_months`."""
        return None if self.payback_months is None else divmod(self.payback_months, 12)

    @property
    def payback_words(self) -> str:
        return "" if self.payback_months is None else months_in_words(self.payback_months)


def months_to_pay(initial: int, yearly_cost: int, yearly_effect: int) -> int | None:
    net = yearly_effect - yearly_cost
    if net <= 0:
        return None
    months = -(-initial * 12 // net)
    return months if months <= YEARS_COUNTED * 12 else None


def months_in_words(months: int) -> str:
    """「1年11か月」; without the year while there is none."""
    years, rest = divmod(months, 12)
    return f"{years}年{rest}か月" if years else f"{rest}か月"
