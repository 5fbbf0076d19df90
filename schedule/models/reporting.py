"""進捗照会: a round (期) per quarter, and one report per row and round."""

from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from initiatives.models import Plan
from schedule.choices import ReportState, Standing
from schedule.models.activity import Activity
from townhall import fiscal
from townhall.changes import ChangeHistory, VersionedModel


class RoundQuerySet(models.QuerySet["ReportingRound"]):
    def opened_by(self, as_of: date) -> Self:
        return self.filter(opens_on__lte=as_of)

    def latest_first(self) -> Self:
        return self.order_by("-fiscal_year", "-quarter")

    def current(self, plan: Plan, *, as_of: date) -> "ReportingRound | None":
        """The newest round that has opened by that day; None before the first."""
        return self.filter(plan=plan).opened_by(as_of).latest_first().first()


class ReportingRound(VersionedModel):
    """Three independent facts: the quarter reported on, the deadline, and whether it is closed."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="rounds", verbose_name="計画")
    fiscal_year = models.PositiveSmallIntegerField(
        "年度（西暦）", validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    quarter = models.PositiveSmallIntegerField(
        "四半期", validators=[MinValueValidator(1), MaxValueValidator(4)], help_text="1は4～6月、4は1～3月です。"
    )
    is_final = models.BooleanField("最終評価（計画期間の終了後）", default=False)
    opens_on = models.DateField("入力の始め")
    due_on = models.DateField("提出期限")
    closed_at = models.DateTimeField("締め切った日時", null=True, blank=True, editable=False)
    closed_by = models.CharField("締め切った人", max_length=200, blank=True, editable=False)

    objects = RoundQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "期（進捗照会）"
        verbose_name_plural = "期（進捗照会）"
        ordering = ["plan", "-fiscal_year", "-quarter"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "fiscal_year", "quarter"],
                name="one_round_per_quarter",
                violation_error_message="この計画の同じ年度・四半期の期は、もうあります。",
            ),
            models.CheckConstraint(
                name="round_opens_before_due",
                condition=Q(opens_on__lte=F("due_on")),
                violation_error_message="提出期限は、入力の始めより後の日にしてください。",
            ),
            models.CheckConstraint(
                name="quarter_is_1_to_4",
                condition=Q(quarter__gte=1, quarter__lte=4),
                violation_error_message="四半期は1から4で入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("round_entry", args=[self.key])

    @property
    def key(self) -> str:
        """The round in addresses: 「2025-3」."""
        return f"{self.fiscal_year}-{self.quarter}"

    @property
    def label(self) -> str:
        final = "（最終評価）" if self.is_final else ""
        return f"{fiscal.format_quarter(self.fiscal_year, self.quarter)}{final}"

    @property
    def period_label(self) -> str:
        """The months reported on: 「令和7年10月～12月」."""
        start, end = (edge(self.fiscal_year, self.quarter) for edge in (fiscal.quarter_start, fiscal.quarter_end))
        return f"{fiscal.format_date(start).split('月')[0]}月～{end.month}月"

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    def is_open_on(self, today: date) -> bool:
        return not self.is_closed and self.opens_on <= today

    def is_overdue_on(self, today: date) -> bool:
        return today > self.due_on


class ReportQuerySet(models.QuerySet["ProgressReport"]):
    def reported(self) -> Self:
        """R4: submitted or accepted; a draft or a returned report is not a report."""
        return self.filter(state__in=ReportState.REPORTED)

    def with_last_save(self) -> Self:
        """Each report with `saved_at`, `saved_by` (name) and `saved_reason` of its newest change, in the same query."""
        newest = self.model.history.model.objects.filter(id=OuterRef("pk")).order_by("-history_date", "-history_id")
        return self.annotate(
            saved_at=Subquery(newest.values("history_date")[:1]),
            saved_by=Subquery(newest.annotate(who=Coalesce("history_user__name", "history_actor")).values("who")[:1]),
            saved_reason=Subquery(newest.values("history_change_reason")[:1]),
        )


class ProgressReport(VersionedModel):
    """What a section says about one row in one round. A row's standing changes only through this (R2)."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="reports", verbose_name="行")
    round = models.ForeignKey(ReportingRound, models.PROTECT, related_name="reports", verbose_name="期")
    state = models.CharField("提出の状態", max_length=10, choices=ReportState.choices, default=ReportState.DRAFT)
    standing = models.CharField("状況", max_length=15, choices=Standing.choices, blank=True)
    percent = models.PositiveSmallIntegerField(
        "進捗率（％）",
        null=True,
        blank=True,
        validators=[MaxValueValidator(100, "進捗率は 0～100 で入力してください。")],
    )
    text = models.TextField("今期の実績", blank=True, max_length=4000)
    reason = models.TextField("遅れの理由", blank=True, max_length=2000)
    next_step = models.TextField("来期の予定", blank=True, max_length=4000)
    to_committee = models.BooleanField("委員会に諮る", default=False)
    reported_at = models.DateTimeField("報告した日時", null=True, blank=True, editable=False)
    reported_by = models.CharField("報告した人", max_length=200, blank=True, editable=False)

    objects = ReportQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "進捗報告"
        verbose_name_plural = "進捗報告"
        ordering = ["-round__fiscal_year", "-round__quarter", "activity__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "round"],
                name="one_report_per_row_and_round",
                violation_error_message="この行のこの期の報告は、もうあります。",
            ),
            models.CheckConstraint(
                name="percent_is_0_to_100",
                condition=Q(percent__isnull=True) | Q(percent__gte=0, percent__lte=100),
                violation_error_message="進捗率は 0～100 で入力してください。",
            ),
            models.CheckConstraint(
                name="reported_has_standing_and_text",
                condition=Q(state__in=ReportState.WITH_SECTION) | (~Q(standing="") & ~Q(text="")),
                violation_error_message="状況と今期の実績を入力してください。",
            ),
            models.CheckConstraint(
                name="delay_has_reason_and_next_step",  # R1
                condition=Q(state__in=ReportState.WITH_SECTION)
                | ~Q(standing__in=Standing.NEED_REASON)
                | (~Q(reason="") & ~Q(next_step="")),
                violation_error_message="「やや遅れ」「遅れ」のときは、遅れの理由と来期の予定を入力してください。",
            ),
            models.CheckConstraint(
                name="unreported_is_not_a_choice",
                condition=~Q(standing=Standing.UNREPORTED),
                violation_error_message="「未報告」は選べません。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity.label} {self.round.label}"

    @property
    def is_reported(self) -> bool:
        return self.state in ReportState.REPORTED

    @property
    def standing_choice(self) -> Standing | None:
        return Standing(self.standing) if self.standing else None
