"""A row of 全体スケジュール (計画書 6), and the report line of each 検討事項, which has no schedule."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from initiatives.models import Initiative, Plan
from schedule.choices import ScheduleKind
from townhall import fiscal
from townhall.changes import ChangeHistory, VersionedModel
from townhall.models import Section


class ActivityQuerySet(models.QuerySet["Activity"]):
    def scheduled(self) -> Self:
        """The 16 rows of the plan's schedule, without the 検討事項."""
        return self.filter(kind__in=ScheduleKind.IN_THE_SCHEDULE)

    def in_plan_order(self) -> Self:
        return self.order_by("order", "pk")

    def owned_by(self, section_ids: list[int] | None) -> Self:
        """Rows of these sections; None means every row. The row's section goes before its initiative's."""
        if section_ids is None:
            return self
        return self.filter(
            Q(owner_section__in=section_ids) | Q(owner_section__isnull=True, initiative__owner_section__in=section_ids)
        )


class Activity(VersionedModel):
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="activities", verbose_name="計画")
    # Empty for the row DX推進体制 (0-1): it belongs to no 取組 but counts in the 16.
    initiative = models.ForeignKey(
        Initiative, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name="取組"
    )
    code = models.CharField(
        "番号",
        max_length=8,
        validators=[RegexValidator(r"^(?:\d{1,2}-\d{1,3}|k\d{1,2})$", "5-3 や k1 の形で入力してください。")],
    )
    order = models.PositiveSmallIntegerField("並び順")
    content = models.TextField("内容")
    timing_text = models.CharField("実施時期（計画の記載）", max_length=120, blank=True)
    kind = models.CharField("区分", max_length=10, choices=ScheduleKind.choices)
    first_year = models.PositiveSmallIntegerField(
        "始めの年度（西暦）", null=True, blank=True, validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    last_year = models.PositiveSmallIntegerField(
        "終わりの年度（西暦）", null=True, blank=True, validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    due_on = models.DateField("期限", null=True, blank=True)
    owner_section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name="主担当"
    )

    objects = ActivityQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "取組内容（工程の行）"
        verbose_name_plural = "取組内容（工程の行）"
        ordering = ["plan", "order"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="one_activity_per_code"),
            models.CheckConstraint(
                name="deadline_has_a_date",
                condition=~Q(kind="deadline") | Q(due_on__isnull=False),
                violation_error_message="期限型の行には期限を入れてください。",
            ),
            models.CheckConstraint(
                name="activity_years_in_order",
                condition=Q(first_year__isnull=True) | Q(last_year__isnull=True) | Q(first_year__lte=F("last_year")),
                violation_error_message="終わりの年度は、始めの年度より前にできません。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("activity_detail", args=[self.code])

    @property
    def label(self) -> str:
        """As people write it: 「5-3」, 「検1」."""
        return f"検{self.code[1:]}" if self.code.startswith("k") else self.code

    @property
    def title(self) -> str:
        """The content on one line (row 1-3 has three bullets)."""
        return " ".join(self.content.split())

    @property
    def is_study(self) -> bool:
        return self.kind == ScheduleKind.STUDY

    @property
    def section(self) -> Section | None:
        """Who reports this row: its own section, else that of its initiative, else nobody yet."""
        if self.owner_section_id:
            return self.owner_section
        return self.initiative.owner_section if self.initiative else None

    @property
    def section_id(self) -> int | None:
        if self.owner_section_id or self.initiative is None:
            return self.owner_section_id
        return self.initiative.owner_section_id

    @property
    def group_name(self) -> str:
        """The heading under which the row stands in the plan's schedule."""
        return str(self.initiative) if self.initiative else "DX推進体制"

    def covers(self, fiscal_year: int) -> bool:
        """Is there a plan bar in this fiscal year?"""
        return bool(self.first_year and self.last_year and self.first_year <= fiscal_year <= self.last_year)

    @property
    def years_label(self) -> str:
        if not self.first_year or not self.last_year:
            return "工程の定めなし"
        first, last = fiscal.format_fiscal_year(self.first_year), fiscal.format_fiscal_year(self.last_year)
        return first if first == last else f"{first}～{last}"
