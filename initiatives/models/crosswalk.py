"""対応表: which initiative answers to which 国の重点取組事項, version by version, and to which item of 総合計画.

Versions of 自治体DX推進計画 come and go; a new one is a row, not a program. Every statement carries its 確度.
"""

from django.db import models

from initiatives.choices import Certainty
from initiatives.models.plan import Initiative
from townhall import fiscal
from townhall.changes import ChangeHistory, VersionedModel


class NationalPriorityVersion(VersionedModel):
    """One version of 自治体DX推進計画."""

    number = models.CharField("版", max_length=10, unique=True)
    # NULL: the day is not known; `dated` says what is.
    published_on = models.DateField("策定日・改定日", null=True, blank=True)
    dated = models.CharField("日付の補足", max_length=60, blank=True)
    order = models.PositiveSmallIntegerField("並び順", unique=True)
    certainty = models.CharField("確度", max_length=12, choices=Certainty.choices, default=Certainty.TO_CONFIRM)
    note = models.CharField("備考", max_length=300, blank=True)

    history = ChangeHistory()

    class Meta:
        verbose_name = "国の重点取組事項の版"
        verbose_name_plural = "国の重点取組事項の版"
        ordering = ["order"]

    def __str__(self) -> str:
        return f"第{self.number}版"

    @property
    def title(self) -> str:
        return f"自治体DX推進計画 {self}"

    @property
    def dated_words(self) -> str:
        return fiscal.format_date(self.published_on) if self.published_on else self.dated or "日付は未確認"


class NationalPriority(VersionedModel):
    version_of = models.ForeignKey(
        NationalPriorityVersion, models.PROTECT, related_name="priorities", verbose_name="版"
    )
    order = models.PositiveSmallIntegerField("並び順")
    group = models.CharField("区分", max_length=60)
    name = models.CharField("事項", max_length=120)
    certainty = models.CharField("確度", max_length=12, choices=Certainty.choices, default=Certainty.TO_CONFIRM)

    history = ChangeHistory()

    class Meta:
        verbose_name = "国の重点取組事項"
        verbose_name_plural = "国の重点取組事項"
        ordering = ["version_of", "order"]
        constraints = [
            models.UniqueConstraint(fields=["version_of", "order"], name="one_national_priority_per_order"),
            models.UniqueConstraint(
                fields=["version_of", "name"],
                name="one_national_priority_per_name",
                violation_error_message="この版には、同じ事項がもうあります。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.version_of}）"


class ComprehensiveItem(VersionedModel):
    """One item of the town's 総合計画, by its code there."""

    plan_name = models.CharField("総合計画の名称", max_length=120)
    code = models.CharField("体系の記号", max_length=20)
    name = models.CharField("施策", max_length=120)
    is_example = models.BooleanField("例（町の確認前）", default=False)

    history = ChangeHistory()

    class Meta:
        verbose_name = "総合計画の施策"
        verbose_name_plural = "総合計画の施策"
        ordering = ["plan_name", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan_name", "code"],
                name="one_comprehensive_item_per_code",
                violation_error_message="この総合計画には、同じ記号の施策がもうあります。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class CrosswalkLink(VersionedModel):
    """One initiative answers to one item of the nation or of 総合計画; many to many."""

    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="crosswalk", verbose_name="取組")
    priority = models.ForeignKey(
        NationalPriority,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="links",
        verbose_name="国の重点取組事項",
    )
    item = models.ForeignKey(
        ComprehensiveItem, models.PROTECT, null=True, blank=True, related_name="links", verbose_name="総合計画の施策"
    )
    note = models.CharField("補足", max_length=200, blank=True)
    certainty = models.CharField("確度", max_length=12, choices=Certainty.choices, default=Certainty.TO_CONFIRM)
    # Withdrawn rather than deleted: the history keeps who thought so.
    is_active = models.BooleanField("使う", default=True)

    history = ChangeHistory()

    class Meta:
        verbose_name = "対応"
        verbose_name_plural = "対応"
        ordering = ["initiative", "priority", "item"]
        constraints = [
            models.CheckConstraint(
                name="link_to_one_thing",
                condition=models.Q(priority__isnull=False, item__isnull=True)
                | models.Q(priority__isnull=True, item__isnull=False),
                violation_error_message="国の重点取組事項か総合計画の施策の、どちらか一方を選んでください。",
            ),
            models.UniqueConstraint(
                fields=["initiative", "priority"],
                name="one_link_per_priority",
                violation_error_message="この取組とこの事項の対応は、もうあります。",
            ),
            models.UniqueConstraint(
                fields=["initiative", "item"],
                name="one_link_per_item",
                violation_error_message="この取組とこの施策の対応は、もうあります。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative} ⇔ {self.priority or self.item}"

    @property
    def document(self) -> str:
        """The plan of the other side."""
        if self.priority is not None:
            return self.priority.version_of.title
        return self.item.plan_name if self.item else ""

    @property
    def subject(self) -> str:
        """What stands there, as people find it."""
        return self.priority.name if self.priority else str(self.item or "")
