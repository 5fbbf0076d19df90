"""進捗照会: the rule from which a plan's rounds (期) come, the rounds, and who has looked at one."""

from collections.abc import Set as AbstractSet
from datetime import date
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from initiatives.models import Plan
from schedule.choices import RoundInterval, RoundState
from schedule.recurrence import deadline
from schedule.rounds import full_name, short_name
from townhall import fiscal
from townhall.calendar import NO_DAYS
from townhall.changes import ChangeHistory, VersionedModel
from townhall.models import User

_DAYS = [MinValueValidator(-180), MaxValueValidator(180)]


class RoundRule(VersionedModel):
    """How often a plan asks, and when. Offsets are calendar days from the last day of the period reported on.

    Below zero: before the period ends. The dates that come out are moved to working days (schedule/rounds.py).
    """

    plan = models.OneToOneField(Plan, models.PROTECT, related_name="round_rule", verbose_name="計画")
    interval = models.CharField("間隔", max_length=10, choices=RoundInterval.choices, default=RoundInterval.QUARTER)
    opens_after = models.SmallIntegerField("入力の始め（対象期間の末日から何日後）", default=1, validators=_DAYS)
    due_after = models.SmallIntegerField("提出期限（対象期間の末日から何日後）", default=15, validators=_DAYS)
    closes_after = models.SmallIntegerField("締切の予定（対象期間の末日から何日後）", default=22, validators=_DAYS)
    final_after = models.SmallIntegerField(
        "最終評価の始め（計画期間の末日から何日後）",
        default=31,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    head_confirms = models.BooleanField(
        "課長の確認を入れる",
        default=False,
        help_text="入れると、担当が入力した報告は、課長が確認してから提出になります。",
    )

    history = ChangeHistory()

    class Meta:
        verbose_name = "期の決まり"
        verbose_name_plural = "期の決まり"
        constraints = [
            models.CheckConstraint(
                name="rule_opens_due_closes_in_order",
                condition=Q(opens_after__lte=F("due_after"), due_after__lte=F("closes_after")),
                violation_error_message="入力の始め、提出期限、締切の予定の順になるように入力してください。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan}　{self.get_interval_display()}"


class RoundQuerySet(models.QuerySet["ReportingRound"]):
    def opened_by(self, as_of: date) -> Self:
        return self.filter(opens_on__lte=as_of)

    def latest_first(self) -> Self:
        return self.order_by("-fiscal_year", "-quarter")

    def earlier_than(self, round: "ReportingRound") -> Self:
        same_year = Q(fiscal_year=round.fiscal_year, quarter__lt=round.quarter)
        return self.filter(Q(fiscal_year__lt=round.fiscal_year) | same_year)

    def later_than(self, round: "ReportingRound") -> Self:
        same_year = Q(fiscal_year=round.fiscal_year, quarter__gt=round.quarter)
        return self.filter(Q(fiscal_year__gt=round.fiscal_year) | same_year)

    def current(self, plan: Plan, *, as_of: date) -> "ReportingRound | None":
        """The newest round that has opened by that day; None before the first."""
        return self.filter(plan=plan).opened_by(as_of).latest_first().first()


class ReportingRound(VersionedModel):
    """Three independent facts: the months reported on, the deadline, and whether it is closed."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="rounds", verbose_name="計画")
    fiscal_year = models.PositiveSmallIntegerField(
        "年度（西暦）", validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    quarter = models.PositiveSmallIntegerField(
        "四半期",
        validators=[MinValueValidator(1), MaxValueValidator(4)],
        help_text="1は4～6月、4は1～3月です。半期の期は、終わりの四半期（2か4）です。",
    )
    months = models.PositiveSmallIntegerField("対象期間の月数", choices=[(3, "3か月"), (6, "6か月")], default=3)
    is_final = models.BooleanField("最終評価（計画期間の終了後）", default=False)
    opens_on = models.DateField("入力の始め")
    due_on = models.DateField("提出期限")
    closes_on = models.DateField("締切の予定", null=True, blank=True, help_text="空欄のときは、提出期限の日です。")
    # Moved by a person: the rule does not change these dates any more.
    is_moved = models.BooleanField("日付を変えた", default=False, editable=False)
    closed_at = models.DateTimeField("締め切った日時", null=True, blank=True, editable=False)
    closed_by = models.CharField("締め切った人", max_length=200, blank=True, editable=False)
    # 「3-1」…: what the closing fixed as 未報告; kept when such a row is corrected later.
    unreported_at_close = models.JSONField("締切のとき未報告の行", default=list, blank=True, editable=False)
    reopened_at = models.DateTimeField("開け直した日時", null=True, blank=True, editable=False)
    reopened_by = models.CharField("開け直した人", max_length=200, blank=True, editable=False)
    reopen_reason = models.TextField("開け直した理由", blank=True, max_length=1000, editable=False)

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
                name="round_due_before_close",
                condition=Q(closes_on__isnull=True) | Q(due_on__lte=F("closes_on")),
                violation_error_message="締切の予定は、提出期限より前にできません。",
            ),
            models.CheckConstraint(
                name="quarter_is_1_to_4",
                condition=Q(quarter__gte=1, quarter__lte=4),
                violation_error_message="四半期は1から4で入力してください。",
            ),
            models.CheckConstraint(
                name="half_year_ends_in_2_or_4",
                condition=Q(months=3) | Q(months=6, quarter__in=(2, 4)),
                violation_error_message="半期の期は、第2四半期か第4四半期に終わります。",
            ),
            models.CheckConstraint(
                name="reopening_has_reason",
                condition=Q(reopened_at__isnull=True) | ~Q(reopen_reason=""),
                violation_error_message="開け直す理由を入力してください。",
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
        return full_name(self.fiscal_year, self.quarter, months=self.months, is_final=self.is_final)

    @property
    def short_label(self) -> str:
        """「R7 4Q」, 「R7 下半期」: for lists without room for the whole name."""
        name = short_name(self.quarter, months=self.months, is_final=self.is_final)
        return f"{fiscal.format_fiscal_year_short(self.fiscal_year)} {name}"

    @property
    def period(self) -> tuple[date, date]:
        """First and last day reported on; a final evaluation looks back on the whole plan."""
        if self.is_final:
            return self.plan.starts_on, self.plan.ends_on
        first_quarter = self.quarter - (1 if self.months == 6 else 0)
        return fiscal.quarter_start(self.fiscal_year, first_quarter), fiscal.quarter_end(self.fiscal_year, self.quarter)

    @property
    def period_label(self) -> str:
        """The months reported on: 「令和7年10月～12月」, of a final evaluation 「令和5年4月～令和8年3月」."""
        start, end = self.period
        first, last = (fiscal.format_date(day).split("月")[0] for day in (start, end))
        same_year = first.split("年")[0] == last.split("年")[0]
        return f"{first}月～{last.split('年')[1] if same_year else last}月"

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    def deadline(self, closing_days: AbstractSet[date] = NO_DAYS) -> date:
        """R5: the working day until which reports are in time, computed when asked."""
        return deadline(self.due_on, closing_days)

    def closing_day(self, closing_days: AbstractSet[date] = NO_DAYS) -> date:
        """The working day on which 事務局 means to close the round; nothing closes by itself."""
        return deadline(self.closes_on or self.due_on, closing_days)

    def state_on(self, today: date) -> RoundState:
        if self.is_closed:
            return RoundState.CLOSED
        return RoundState.OPEN if self.opens_on <= today else RoundState.COMING

    def is_open_on(self, today: date) -> bool:
        return self.state_on(today) == RoundState.OPEN

    def is_overdue_on(self, today: date) -> bool:
        return today > self.due_on


class RoundVisit(models.Model):
    """閲覧: the last day on which a person opened the entry page of a round. One write a person and day."""

    round = models.ForeignKey(ReportingRound, models.PROTECT, related_name="visits", verbose_name="期")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="利用者")
    seen_on = models.DateField("開いた日")

    class Meta:
        verbose_name = "進捗入力の閲覧"
        verbose_name_plural = "進捗入力の閲覧"
        ordering = ["-seen_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "user"], name="one_visit_per_round_and_person")]

    def __str__(self) -> str:
        return f"{self.user} {self.round}"
