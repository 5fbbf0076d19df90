"""Yearly duties: training, policy review. Occurrences per fiscal year, never tied to a plan's period."""

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from schedule.choices import DutyRecurrence, YearPart
from schedule.duty_rule import DutyRule
from schedule.recurrence import DAYS_UNTIL_SECRETARIAT
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
    recurrence = models.CharField("頻度", max_length=10, choices=DutyRecurrence.choices, default=DutyRecurrence.YEARLY)
    every_years = models.PositiveSmallIntegerField(
        "何年ごと",
        null=True,
        blank=True,
        validators=[MinValueValidator(2), MaxValueValidator(20)],
        help_text="「n年ごと」のときだけ入れます。",
    )
    first_year = models.PositiveSmallIntegerField(
        "初めの年度（西暦）",
        null=True,
        blank=True,
        validators=[MinValueValidator(2000), MaxValueValidator(2100)],
        help_text="「n年ごと」「一度だけ」では必ず入れます。ほかは、その年度から始めるときに入れます。",
    )
    due_month = models.PositiveSmallIntegerField("期限の月", validators=[MinValueValidator(1), MaxValueValidator(12)])
    due_day = models.PositiveSmallIntegerField(
        "期限の日",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(31)],
        help_text="空欄は月末です。その月にない日も月末、閉庁日は前の開庁日になります。",
    )
    lead_days = models.JSONField("何日前に知らせるか", default=default_lead_days, validators=[validate_lead_days])
    escalates_after = models.PositiveSmallIntegerField(
        "何日過ぎたら事務局へも知らせるか",
        default=DAYS_UNTIL_SECRETARIAT,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
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
                condition=Q(due_month__gte=1, due_month__lte=12)
                & (Q(due_day__isnull=True) | Q(due_day__gte=1, due_day__lte=31)),
                violation_error_message="期限の月は1～12、日は1～31で入力してください。",
            ),
            models.CheckConstraint(
                name="duty_with_a_first_year",
                condition=~Q(recurrence__in=DutyRecurrence.WITH_FIRST_YEAR) | Q(first_year__isnull=False),
                violation_error_message="「n年ごと」「一度だけ」のときは、初めの年度を入力してください。",
            ),
            models.CheckConstraint(
                name="duty_every_n_years",
                condition=Q(recurrence=DutyRecurrence.INTERVAL, every_years__isnull=False, every_years__gte=2)
                | (~Q(recurrence=DutyRecurrence.INTERVAL) & Q(every_years__isnull=True)),
                violation_error_message="「何年ごと」は、「n年ごと」のときだけ、2以上で入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rule(self) -> DutyRule:
        return DutyRule(self.recurrence, self.due_month, self.due_day, self.first_year, self.every_years)

    @property
    def rule_in_words(self) -> str:
        """「毎年度 11月30日まで」, 「3年ごと（令和8年度から） 3月末まで」."""
        day = f"{self.due_month}月{self.due_day}日" if self.due_day else f"{self.due_month}月末"
        if self.recurrence == DutyRecurrence.HALF:
            return f"半年ごと（{day}とその半年後まで）"
        often = f"{self.every_years}年ごと" if self.every_years else self.get_recurrence_display()
        if self.first_year is None:
            return f"{often}　{day}まで"
        since = fiscal.format_fiscal_year(self.first_year)
        return f"{often}（{since}{'' if self.recurrence == DutyRecurrence.ONCE else 'から'}）　{day}まで"


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
    part = models.PositiveSmallIntegerField("年度のうち", choices=YearPart.choices, default=YearPart.WHOLE)
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
                fields=["duty", "fiscal_year", "part"],
                name="one_occurrence_per_year",
                violation_error_message="この義務のこの年度の行は、もうあります。",
            ),
            models.CheckConstraint(
                name="done_or_skipped_not_both",
                condition=Q(done_on__isnull=True) | Q(skipped_reason=""),
                violation_error_message="「済ませた日」と「行わない理由」は、どちらか一方だけ入力してください。",
            ),
            models.CheckConstraint(
                name="no_change_of_what_was_done",
                condition=Q(no_change=False) | Q(done_on__isnull=False),
                violation_error_message="「変更なし」は、見直しを済ませた日と一緒に記録してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.duty.name}"

    @property
    def period(self) -> str:
        """「令和8年度」, 「令和8年度 上半期」."""
        year = fiscal.format_fiscal_year(self.fiscal_year)
        return year if self.part == YearPart.WHOLE else f"{year} {YearPart(self.part).label}"

    def get_absolute_url(self) -> str:
        return reverse("occurrence_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.done_on is None and not self.skipped_reason

    def is_overdue_on(self, today: date) -> bool:
        return self.is_open and today > self.due_on
