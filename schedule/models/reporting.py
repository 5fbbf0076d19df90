"""進捗報告: one report per row and round, and what somebody is still typing about it."""

from typing import Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from schedule.choices import ReportState, Standing
from schedule.models.activity import Activity
from schedule.models.round import ReportingRound
from townhall.changes import ChangeHistory, VersionedModel
from townhall.models import User


class ReportQuerySet(models.QuerySet["ProgressReport"]):
    def reported(self) -> Self:
        """R4: submitted or accepted; a draft or a returned report is not a report."""
        return self.filter(state__in=ReportState.REPORTED)

    def before(self, round: ReportingRound) -> Self:
        """Of earlier rounds of the same plan."""
        earlier_year = Q(round__fiscal_year__lt=round.fiscal_year)
        same_year = Q(round__fiscal_year=round.fiscal_year, round__quarter__lt=round.quarter)
        return self.filter(earlier_year | same_year, round__plan=round.plan_id)

    def latest_round_first(self) -> Self:
        return self.order_by("-round__fiscal_year", "-round__quarter")

    def saying_completion(self) -> Self:
        return self.reported().filter(completes_on__isnull=False)

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
    reason = models.TextField("遅れ・変更の理由", blank=True, max_length=2000)
    next_step = models.TextField("来期の予定", blank=True, max_length=4000)
    # Empty: as planned, or as an earlier round said (schedule/completion.py).
    completes_on = models.DateField("完了予定", null=True, blank=True)
    # The date that this report moved away from; set by the action, and counted.
    moved_from = models.DateField("変更前の完了予定", null=True, blank=True, editable=False)
    to_committee = models.BooleanField("委員会に諮る", default=False)
    reported_at = models.DateTimeField("報告した日時", null=True, blank=True, editable=False)
    reported_by = models.CharField("報告した人", max_length=200, blank=True, editable=False)
    # 訂正 after closing: the newest one; all of them stand in the history.
    corrected_at = models.DateTimeField("訂正した日時", null=True, blank=True, editable=False)
    corrected_by = models.CharField("訂正した人", max_length=200, blank=True, editable=False)
    correction_reason = models.TextField("訂正の理由", blank=True, max_length=1000, editable=False)

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
                violation_error_message="「やや遅れ」「遅れ」のときは、理由と来期の予定を入力してください。",
            ),
            models.CheckConstraint(
                name="moved_completion_has_reason",
                condition=Q(state__in=ReportState.WITH_SECTION) | Q(moved_from__isnull=True) | ~Q(reason=""),
                violation_error_message="完了予定を変えるときは、理由を入力してください。",
            ),
            models.CheckConstraint(
                name="correction_has_reason",
                condition=Q(corrected_at__isnull=True) | ~Q(correction_reason=""),
                violation_error_message="訂正の理由を入力してください。",
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
    def is_corrected(self) -> bool:
        return self.corrected_at is not None

    @property
    def standing_choice(self) -> Standing | None:
        return Standing(self.standing) if self.standing else None


class EntryDraft(models.Model):
    """What one person has typed about one row and not yet saved. No report, no history: it only survives.

    `typed` holds the raw text of the fields, also what cannot be read; `seen_version` is the version of the report that
    was on the screen (0: nothing recorded).
    """

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="+", verbose_name="行")
    round = models.ForeignKey(ReportingRound, models.PROTECT, related_name="drafts", verbose_name="期")
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="入力した人")
    typed = models.JSONField("入力した内容", default=dict)
    seen_version = models.PositiveIntegerField("見ていた版", default=0)
    saved_at = models.DateTimeField("下書きを保存した日時")

    class Meta:
        verbose_name = "入力中の下書き"
        verbose_name_plural = "入力中の下書き"
        ordering = ["-saved_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "round", "author"], name="one_draft_per_row_round_and_person")
        ]

    def __str__(self) -> str:
        return f"{self.activity.label} {self.round.label}（{self.author.name}）"
