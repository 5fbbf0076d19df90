"""標準化20業務: the systems that the law makes uniform, their steps, and what the ministries publish about them.

標準化法（令和3年法律第40号）, 対象事務を定める政令（令和4年政令第1号）.
"""

from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from initiatives.choices import Hosting, StepPhase, StepState, TransitionReason
from townhall import fiscal
from townhall.changes import ChangeHistory, VersionedModel
from townhall.models import Section

PUBLISHED_STEPS = 40  # 総務省PMOツール: 市区町村 × 業務 × 40ステップ
SYSTEMS = 20
MOST_MONEY = 10_000_000  # 千円


class SystemQuerySet(models.QuerySet["StandardizedSystem"]):
    def in_ministry_order(self) -> Self:
        """As the columns of 総務省's published table."""
        return self.order_by("pmo_order")

    def with_ledger(self) -> Self:
        """Owner, steps and published figures in three queries."""
        return self.select_related("owner_section").prefetch_related("steps", "published")


class StandardizedSystem(VersionedModel):
    """One of the 20業務. What the town has not confirmed is 例 (`is_example`)."""

    code = models.SlugField("記号", max_length=10, unique=True)
    name = models.CharField("業務名", max_length=40, unique=True)
    # Other names in published tables, one a line: the two ministries write them differently.
    aliases = models.TextField(
        "別の書き方", blank=True, help_text="1行に一つ。取り込みで業務を見つけるときに使います。"
    )
    ministry = models.CharField("所管", max_length=40, blank=True)
    pmo_order = models.PositiveSmallIntegerField(
        "総務省の表の順", unique=True, validators=[MinValueValidator(1), MaxValueValidator(SYSTEMS)]
    )
    agency_order = models.PositiveSmallIntegerField(
        "デジタル庁の表の順", unique=True, validators=[MinValueValidator(1), MaxValueValidator(SYSTEMS)]
    )
    owner_section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="systems", verbose_name="主管課"
    )
    is_target = models.BooleanField("町が対象とする", default=True)
    exclusion_reason = models.CharField("対象外の理由", max_length=200, blank=True)
    is_example = models.BooleanField("主管課と対象の区分は例（町の確認前）", default=False)

    vendor_now = models.CharField("現行の事業者", max_length=80, blank=True)
    product_now = models.CharField("現行のパッケージ", max_length=80, blank=True)
    vendor_after = models.CharField("移行後の事業者", max_length=80, blank=True)
    product_after = models.CharField("移行後のパッケージ", max_length=80, blank=True)
    hosting = models.CharField("置き場所", max_length=10, choices=Hosting.choices, blank=True)
    cloud_provider = models.CharField("クラウド事業者（CSP）", max_length=80, blank=True)
    method = models.CharField("移行方式", max_length=120, blank=True)
    planned_live_on = models.DateField("本番稼働日（予定）", null=True, blank=True)
    live_on = models.DateField("本番稼働日（実績）", null=True, blank=True)

    initial_cost = models.PositiveIntegerField(
        "初期の経費（千円）", null=True, blank=True, validators=[MaxValueValidator(MOST_MONEY)]
    )
    yearly_cost = models.PositiveIntegerField(
        "1年の運用経費（千円）", null=True, blank=True, validators=[MaxValueValidator(MOST_MONEY)]
    )
    subsidy = models.PositiveIntegerField(
        "補助金（千円）", null=True, blank=True, validators=[MaxValueValidator(MOST_MONEY)]
    )

    is_transitional = models.BooleanField("特定移行支援システムに該当", default=False)
    transition_reason = models.CharField("特定移行の理由", max_length=10, choices=TransitionReason.choices, blank=True)
    transition_until = models.DateField("特定移行の期限", null=True, blank=True)
    risk = models.TextField("リスク", blank=True, max_length=2000)
    note = models.TextField("メモ", blank=True, max_length=2000)

    objects = SystemQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "標準化20業務"
        verbose_name_plural = "標準化20業務"
        ordering = ["pmo_order"]
        constraints = [
            models.CheckConstraint(
                name="system_out_has_a_reason",
                condition=Q(is_target=True) | ~Q(exclusion_reason=""),
                violation_error_message="対象外とするときは、その理由を入力してください。",
            ),
            models.CheckConstraint(
                name="system_target_has_no_reason_out",
                condition=Q(is_target=False) | Q(exclusion_reason=""),
                violation_error_message="対象とする業務に「対象外の理由」は入力できません。どちらかを直してください。",
            ),
            models.CheckConstraint(
                name="transition_only_where_it_applies",
                condition=Q(is_transitional=True) | Q(transition_reason="", transition_until__isnull=True),
                violation_error_message="特定移行の理由・期限は、「特定移行支援システムに該当」のときだけ入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("system_detail", args=[self.code])

    @property
    def names(self) -> list[str]:
        return [self.name, *(line.strip() for line in self.aliases.splitlines() if line.strip())]


class SystemStepTemplate(VersionedModel):
    """手順のひな形: what a system's own steps begin with. Changing it changes no step that exists."""

    number = models.PositiveSmallIntegerField(
        "順", unique=True, validators=[MinValueValidator(1), MaxValueValidator(99)]
    )
    phase = models.CharField("フェーズ", max_length=10, choices=StepPhase.choices)
    name = models.CharField("手順", max_length=80)
    is_example = models.BooleanField("例（名称は確認前）", default=False)

    history = ChangeHistory()

    class Meta:
        verbose_name = "手順のひな形"
        verbose_name_plural = "手順のひな形"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class SystemStep(VersionedModel):
    """One step of the town's own work on one system; the ministry's 40 steps are `PublishedProgress`."""

    system = models.ForeignKey(StandardizedSystem, models.PROTECT, related_name="steps", verbose_name="業務")
    number = models.PositiveSmallIntegerField("順", validators=[MinValueValidator(1), MaxValueValidator(99)])
    phase = models.CharField("フェーズ", max_length=10, choices=StepPhase.choices)
    name = models.CharField("手順", max_length=80)
    state = models.CharField("状態", max_length=10, choices=StepState.choices, default=StepState.NOT_STARTED)
    planned_on = models.DateField("予定日", null=True, blank=True)
    done_on = models.DateField("完了日", null=True, blank=True)
    vendor = models.CharField("事業者", max_length=80, blank=True)
    note = models.CharField("メモ", max_length=200, blank=True)

    history = ChangeHistory()

    class Meta:
        verbose_name = "20業務の手順"
        verbose_name_plural = "20業務の手順"
        ordering = ["system", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["system", "number"],
                name="one_step_per_number",
                violation_error_message="この業務のこの順の手順は、もうあります。",
            ),
            models.CheckConstraint(
                name="only_a_done_step_has_a_day",
                condition=Q(done_on__isnull=True) | Q(state=StepState.DONE),
                violation_error_message="完了日は、「完了済み」の手順だけに入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.number} {self.name}"

    @property
    def state_choice(self) -> StepState:
        return StepState(self.state)

    def is_late_on(self, today: date) -> bool:
        return self.planned_on is not None and self.planned_on < today and self.state in ("none", "doing")


class PublishedProgress(VersionedModel):
    """What a ministry published about one system on one day: a fact with its source, never a figure of our own.

    `counted` is 完了ステップ as published, which takes 対象外 as done. `excluded` is known only from 業務別ステップ別;
    `steps` then holds each step's name and its word as it stands there (完了済み, 対象外, anything else, or nothing).
    """

    system = models.ForeignKey(StandardizedSystem, models.PROTECT, related_name="published", verbose_name="業務")
    as_of = models.DateField("基準日")
    counted = models.PositiveSmallIntegerField(
        "完了ステップ（公表方式）", validators=[MaxValueValidator(PUBLISHED_STEPS)]
    )
    excluded = models.PositiveSmallIntegerField(
        "うち対象外", null=True, blank=True, validators=[MaxValueValidator(PUBLISHED_STEPS)]
    )
    steps = models.JSONField("ステップごとの状態", default=list, blank=True)
    source = models.CharField("出典", max_length=200)

    history = ChangeHistory()

    class Meta:
        verbose_name = "公表された進捗"
        verbose_name_plural = "公表された進捗"
        ordering = ["-as_of", "system"]
        constraints = [
            models.UniqueConstraint(
                fields=["system", "as_of"],
                name="one_published_figure_per_day",
                violation_error_message="この業務のこの基準日の値は、もうあります。",
            ),
            models.CheckConstraint(
                name="published_within_forty",
                condition=Q(counted__lte=PUBLISHED_STEPS) & (Q(excluded__isnull=True) | Q(excluded__lte=F("counted"))),
                violation_error_message="完了ステップは0～40、うち対象外はその数までで入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system} {fiscal.format_date(self.as_of)}"
