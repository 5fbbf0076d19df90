"""住民向けの公開: what may be shown of a report, and what was published at one moment, frozen (R11)."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from initiatives.models import Plan
from schedule.models.activity import Activity
from schedule.models.round import ReportingRound
from schedule.public.content import PublicContent, from_json
from townhall.changes import ChangeHistory, VersionedModel
from townhall.frozen import Frozen


class PublicLine(VersionedModel):
    """Whether residents see how a row stands in a round, and the words written for them.

    The words are fields of their own: what a section reports (text, reason, next step) is never shown to residents.
    """

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="public_lines", verbose_name="行")
    round = models.ForeignKey(ReportingRound, models.PROTECT, related_name="public_lines", verbose_name="期")
    is_public = models.BooleanField("状況を公開する", default=False)
    text = models.TextField("住民向けの文", blank=True, max_length=400)
    next_step = models.TextField("次にすること", blank=True, max_length=400)

    history = ChangeHistory()

    class Meta:
        verbose_name = "住民向けの記載"
        verbose_name_plural = "住民向けの記載"
        ordering = ["round", "activity__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "round"],
                name="one_public_line_per_row_and_round",
                violation_error_message="この行のこの期の住民向けの記載は、もうあります。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.activity.label} {self.round.label}"

    def get_absolute_url(self) -> str:
        return reverse("public_line_edit", args=[self.activity.code])


class PublicationQuerySet(models.QuerySet["Publication"]):
    def standing(self) -> Self:
        """Not withdrawn, newest first."""
        return self.filter(withdrawal=None).order_by("-number")

    def current(self) -> "Publication | None":
        """What residents see; None before the first and when all are withdrawn."""
        return self.standing().first()

    def without_content(self) -> Self:
        """For lists: the contents are long."""
        return self.defer("content")


class Publication(Frozen):
    """One 公開: everything that the public pages, the open data and the static site say."""

    number = models.PositiveIntegerField("号", unique=True)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="publications", verbose_name="計画")
    # Empty while no round of the plan has been closed: then the plan alone is published.
    round = models.ForeignKey(
        ReportingRound, models.PROTECT, null=True, blank=True, related_name="publications", verbose_name="期"
    )
    as_of = models.DateField("公開した日")
    content = models.TextField("内容（JSON）")
    sha256 = models.CharField("内容の照合番号（SHA-256）", max_length=64)
    published_at = models.DateTimeField("公開した日時")
    published_by = models.CharField("公開した人", max_length=200)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = "公開の記録"
        verbose_name_plural = "公開の記録"
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(name="publication_from_1", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="publication_says_what_and_who",
                condition=~Q(content="") & ~Q(sha256="") & ~Q(published_by=""),
            ),
        ]

    def __str__(self) -> str:
        return f"公開 第{self.number}号"

    def get_absolute_url(self) -> str:
        return reverse("publication_detail", args=[self.number])

    @property
    def shown(self) -> PublicContent:
        return from_json(self.content)

    @property
    def is_withdrawn(self) -> bool:
        return hasattr(self, "withdrawal")


class Withdrawal(Frozen):
    """公開の取下げ: a publication that residents no longer see, and why. The publication itself stays."""

    publication = models.OneToOneField(
        Publication, models.PROTECT, related_name="withdrawal", verbose_name="公開の記録"
    )
    reason = models.TextField("取り下げる理由", max_length=1000)
    withdrawn_at = models.DateTimeField("取り下げた日時")
    withdrawn_by = models.CharField("取り下げた人", max_length=200)

    class Meta:
        verbose_name = "公開の取下げ"
        verbose_name_plural = "公開の取下げ"
        ordering = ["-withdrawn_at"]
        constraints = [
            models.CheckConstraint(
                name="withdrawal_has_reason",
                condition=~Q(reason="") & ~Q(withdrawn_by=""),
                violation_error_message="取り下げる理由を入力してください。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.publication}の取下げ"
