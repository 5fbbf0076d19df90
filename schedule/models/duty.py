"""Yearly duties: training, policy review. One occurrence per fiscal year, never tied to a plan's period."""

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from townhall import fiscal
from townhall.changes import ChangeHistory, VersionedModel
from townhall.models import Section


class DutyKind(models.TextChoices):
    TRAINING = "training", "研修"
    POLICY = "policy", "セキュリティポリシー"
    OTHER = "other", "その他"


def validate_lead_days(value: Any) -> None:
    """A list of whole numbers of days before the due date, 0–365."""
    if not isinstance(value, list) or not all(type(n) is int and 0 <= n <= 365 for n in value):
        raise ValidationError("何日前に知らせるかを [60, 30, 7, 0] のように、0～365の整数を並べて入力してください。")


def default_lead_days() -> list[int]:
    return [60, 30, 7, 0]


class Duty(VersionedModel):
    code = models.SlugField("記号", max_length=40, unique=True)
    name = models.CharField("義務の名称", max_length=80)
    kind = models.CharField("種類", max_length=10, choices=DutyKind.choices, default=DutyKind.OTHER)
    due_month = models.PositiveSmallIntegerField("期限の月", validators=[MinValueValidator(1), MaxValueValidator(12)])
    due_day = models.PositiveSmallIntegerField(
        "期限の日",
        validators=[MinValueValidator(1), MaxValueValidator(31)],
        help_text="その月にない日は月末、閉庁日は前の開庁日になります。",
    )
    lead_days = models.JSONField("何日前に知らせるか", default=default_lead_days, validators=[validate_lead_days])
    owner_section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="duties", verbose_name="担当課"
    )
    basis = models.CharField("根拠", max_length=200, blank=True)
    guidance = models.TextField("すること", blank=True)
    is_active = models.BooleanField("使う", default=True)

    history = ChangeHistory()

    class Meta:
        verbose_name = "毎年度の義務"
        verbose_name_plural = "毎年度の義務"
        ordering = ["kind", "code"]
        constraints = [
            models.CheckConstraint(
                name="duty_date_exists",
                condition=Q(due_month__gte=1, due_month__lte=12, due_day__gte=1, due_day__lte=31),
                violation_error_message="期限の月は1～12、日は1～31で入力してください。",
            )
        ]

    def __str__(self) -> str:
        return self.name


class OccurrenceQuerySet(models.QuerySet["DutyOccurrence"]):
    def open(self) -> Self:
        return self.filter(done_on__isnull=True, skipped_reason="")

    def owed(self) -> Self:
        """Open, and of a duty the town still keeps."""
        return self.open().filter(duty__is_active=True)


class DutyOccurrence(VersionedModel):
    duty = models.ForeignKey(Duty, models.PROTECT, related_name="occurrences", verbose_name="義務")
    fiscal_year = models.PositiveSmallIntegerField(
        "年度（西暦）", validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    due_on = models.DateField("期限")
    done_on = models.DateField("済ませた日", null=True, blank=True)
    evidence = models.CharField("証拠（文書番号など）", max_length=200, blank=True)
    note = models.TextField("記録", blank=True, max_length=2000)
    no_change = models.BooleanField("見直しの結果、変更なし", default=False)
    skipped_reason = models.CharField("行わない理由", max_length=200, blank=True)

    objects = OccurrenceQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "年度ごとの義務"
        verbose_name_plural = "年度ごとの義務"
        ordering = ["-fiscal_year", "due_on", "duty"]
        constraints = [
            models.UniqueConstraint(
                fields=["duty", "fiscal_year"],
                name="one_occurrence_per_year",
                violation_error_message="この義務のこの年度の行は、もうあります。",
            ),
            models.CheckConstraint(
                name="done_or_skipped_not_both",
                condition=Q(done_on__isnull=True) | Q(skipped_reason=""),
                violation_error_message="「済ませた日」と「行わない理由」は、どちらか一方だけ入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{fiscal.format_fiscal_year(self.fiscal_year)} {self.duty.name}"

    def get_absolute_url(self) -> str:
        return reverse("occurrence_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.done_on is None and not self.skipped_reason

    def is_overdue_on(self, today: date) -> bool:
        return self.is_open and today > self.due_on
