"""時間あたりの人件費: the one setting with which hours become yen, in proposals and in 業務の棚卸し alike."""

from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from townhall.changes import ChangeHistory, VersionedModel

# Where the town has set none: a common value among municipalities, 例 until the town decides.
DEFAULT_YEN_PER_HOUR = 4000


class HourlyCostQuerySet(models.QuerySet["HourlyCost"]):
    def on(self, today: date) -> Self:
        """The one that counts on that day comes first."""
        return self.filter(starts_on__lte=today).order_by("-starts_on")


class HourlyCost(VersionedModel):
    """From a day on. The town changes it here; what was submitted or surveyed before keeps its own."""

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
