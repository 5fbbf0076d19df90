"""The adopted plan as rows: what the town promised, in the plan's own words (計画書 1–5, 7 and the glossary)."""

from datetime import date
from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from initiatives.choices import InitiativeKind
from townhall import fiscal
from townhall.changes import ChangeHistory, VersionedModel
from townhall.models import Section


class PlanQuerySet(models.QuerySet["Plan"]):
    def current(self, *, today: date) -> "Plan | None":
        """The plan in force today, else the one that ended last, else the one that starts next; None when empty."""
        return self.filter(starts_on__lte=today).order_by("-starts_on").first() or self.order_by("starts_on").first()


class Plan(VersionedModel):
    code = models.SlugField("記号", max_length=30, unique=True)
    name = models.CharField("計画の名称", max_length=120)
    starts_on = models.DateField("計画期間の始め")
    ends_on = models.DateField("計画期間の終わり")
    predecessor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="successors", verbose_name="前の計画"
    )

    objects = PlanQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "計画"
        verbose_name_plural = "計画"
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                name="plan_period_in_order",
                condition=Q(starts_on__lt=F("ends_on")),
                violation_error_message="計画期間の終わりは、始めより後の日にしてください。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.period_label}）"

    @property
    def first_year(self) -> int:
        return fiscal.fiscal_year(self.starts_on)

    @property
    def last_year(self) -> int:
        return fiscal.fiscal_year(self.ends_on)

    @property
    def years(self) -> range:
        """Fiscal years of the plan, first to last."""
        return range(self.first_year, self.last_year + 1)

    @property
    def period_label(self) -> str:
        first, last = fiscal.format_fiscal_year(self.first_year), fiscal.format_fiscal_year(self.last_year)
        return f"{first}～{last}" if first != last else first

    def has_ended(self, today: date) -> bool:
        return today > self.ends_on

    def has_started(self, today: date) -> bool:
        return today >= self.starts_on


class Chapter(VersionedModel):
    """One chapter of the plan's text. Paragraphs are separated by an empty line; 【※n】 points to a GlossaryTerm."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="chapters", verbose_name="計画")
    number = models.PositiveSmallIntegerField("章")
    heading = models.CharField("見出し", max_length=60)
    text = models.TextField("本文", blank=True)

    history = ChangeHistory()

    class Meta:
        verbose_name = "計画本文の章"
        verbose_name_plural = "計画本文の章"
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="one_chapter_per_number")]

    def __str__(self) -> str:
        return f"{self.number} {self.heading}"


class Principle(VersionedModel):
    """基本理念 (計画書 3)."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="principles", verbose_name="計画")
    number = models.PositiveSmallIntegerField("番号")
    text = models.TextField("本文")

    history = ChangeHistory()

    class Meta:
        verbose_name = "基本理念"
        verbose_name_plural = "基本理念"
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="one_principle_per_number")]

    def __str__(self) -> str:
        return f"({self.number}) {self.text[:30]}"


class InitiativeQuerySet(models.QuerySet["Initiative"]):
    def priorities(self) -> Self:
        return self.filter(kind=InitiativeKind.PRIORITY)

    def studies(self) -> Self:
        return self.filter(kind=InitiativeKind.STUDY)

    def in_plan_order(self) -> Self:
        return self.order_by("kind", "number")  # "priority" sorts before "study"


class Initiative(VersionedModel):
    """取組事項: 8 重点取組 and 3 検討事項 (計画書 5)."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="initiatives", verbose_name="計画")
    kind = models.CharField("区分", max_length=10, choices=InitiativeKind.choices)
    number = models.PositiveSmallIntegerField("番号")
    code = models.CharField(
        "記号", max_length=6, validators=[RegexValidator(r"^(?:\d{1,2}|k\d{1,2})$", "1 や k1 の形で入力してください。")]
    )
    name = models.CharField("取組事項", max_length=120)
    text = models.TextField("計画の記載")
    # The plan names no section; the town sets it, and every page works while it is empty.
    owner_section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="initiatives", verbose_name="主担当"
    )

    objects = InitiativeQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "取組"
        verbose_name_plural = "取組"
        ordering = ["plan", "kind", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "kind", "number"], name="one_initiative_per_number"),
            models.UniqueConstraint(fields=["plan", "code"], name="one_initiative_per_code"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("initiative_detail", args=[self.code])

    @property
    def label(self) -> str:
        """As people write it: 「5」 for 重点取組, 「検1」 for 検討事項."""
        return f"検{self.number}" if self.kind == InitiativeKind.STUDY else str(self.number)


class GlossaryTerm(VersionedModel):
    """※1–※12 of 用語説明."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="terms", verbose_name="計画")
    number = models.PositiveSmallIntegerField("番号")
    term = models.CharField("用語", max_length=60)
    definition = models.TextField("説明")
    # Other spellings met in running text, one a line.
    aliases = models.TextField("別の書き方", blank=True)

    history = ChangeHistory()

    class Meta:
        verbose_name = "用語"
        verbose_name_plural = "用語"
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="one_term_per_number")]

    def __str__(self) -> str:
        return f"※{self.number} {self.term}"


class PlanRole(VersionedModel):
    """推進体制と役割 (計画書 7): who carries the plan, and their duty in the plan's words."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="roles", verbose_name="計画")
    number = models.PositiveSmallIntegerField("番号")
    name = models.CharField("役", max_length=60)
    holder = models.CharField("だれ", max_length=120, blank=True)
    duty = models.TextField("役割")

    history = ChangeHistory()

    class Meta:
        verbose_name = "推進体制の役割"
        verbose_name_plural = "推進体制の役割"
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="one_role_per_number")]

    def __str__(self) -> str:
        return self.name
