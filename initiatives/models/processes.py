"""業務の棚卸し（BPR）: how a section works today, how it is to work, and what was measured afterwards."""

import uuid
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from initiatives.choices import Ecrs, Medium
from initiatives.models.hourly_cost import DEFAULT_YEN_PER_HOUR
from initiatives.models.plan import Initiative
from townhall.changes import ChangeHistory, VersionedModel
from townhall.models import Section

MOST_MINUTES = 10_000
MOST_VOLUME = 10_000_000


class BusinessProcess(VersionedModel):
    """Hours and yen are computed from the steps and never typed (initiatives.summaries.processes)."""

    # One-time key of the form that created it: pressing twice makes one.
    creation_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    section = models.ForeignKey(Section, models.PROTECT, related_name="processes", verbose_name="担当課")
    name = models.CharField("業務名", max_length=80)
    initiative = models.ForeignKey(
        Initiative, models.PROTECT, null=True, blank=True, related_name="processes", verbose_name="関係する取組"
    )
    summary = models.TextField("業務の内容", blank=True, max_length=2000)
    is_routine = models.BooleanField("定型の業務", default=True)
    is_core = models.BooleanField("職員でなければできない業務（コア）", default=False)
    # Begins as the setting (HourlyCost) and is kept with each 業務, so that a new one changes no old result.
    yen_per_hour = models.PositiveIntegerField(
        "時間あたりの人件費（円）",
        default=DEFAULT_YEN_PER_HOUR,
        validators=[MinValueValidator(1), MaxValueValidator(100_000)],
        help_text="時間を金額に換算する単価です。予算の減額ではありません。",
    )
    surveyed_on = models.DateField("現行を調べた日", null=True, blank=True)
    measured_on = models.DateField("見直し後を測った日", null=True, blank=True)
    remeasure_on = models.DateField("次に測る日", null=True, blank=True)

    history = ChangeHistory()

    class Meta:
        verbose_name = "業務の棚卸し"
        verbose_name_plural = "業務の棚卸し"
        ordering = ["section__order", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "name"],
                name="one_process_per_name",
                violation_error_message="この課には、同じ名前の業務がもうあります。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("process_detail", args=[self.pk])


def minutes_field(label: str, **kwargs: Any) -> models.DecimalField:
    return models.DecimalField(
        label,
        max_digits=6,
        decimal_places=1,
        validators=[MinValueValidator(0), MaxValueValidator(MOST_MINUTES)],
        **kwargs,
    )


class ProcessStep(VersionedModel):
    process = models.ForeignKey(BusinessProcess, models.PROTECT, related_name="steps", verbose_name="業務")
    order = models.PositiveSmallIntegerField("順", validators=[MinValueValidator(1), MaxValueValidator(99)])
    name = models.CharField("工程", max_length=80)
    person = models.CharField("担当", max_length=40, blank=True)
    medium = models.CharField("媒体", max_length=10, choices=Medium.choices, blank=True)
    system = models.CharField("システム", max_length=60, blank=True)
    minutes = minutes_field("1件の分")
    volume = models.PositiveIntegerField("年間の件数", validators=[MaxValueValidator(MOST_VOLUME)])
    frequency = models.CharField("頻度", max_length=40, blank=True)
    legal_basis = models.CharField("法令の根拠", max_length=120, blank=True)
    problem = models.CharField("課題", max_length=200, blank=True)
    change = models.CharField("見直し（ECRS＋D）", max_length=2, choices=Ecrs.choices, blank=True)
    # None: nothing planned (it stays as it is) and nothing measured (it is not known).
    minutes_planned = minutes_field("見直し後の分（見込）", null=True, blank=True)
    minutes_measured = minutes_field("見直し後の分（実測）", null=True, blank=True)
    note = models.CharField("備考", max_length=200, blank=True)

    history = ChangeHistory()

    class Meta:
        verbose_name = "業務の工程"
        verbose_name_plural = "業務の工程"
        ordering = ["process", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["process", "order"],
                name="one_process_step_per_order",
                violation_error_message="この業務のこの順の工程は、もうあります。",
            ),
            models.CheckConstraint(
                name="what_is_dropped_takes_no_time",
                condition=~Q(change="e") | Q(minutes_planned__isnull=False, minutes_planned=0),
                violation_error_message="「なくす」工程の見直し後の分は 0 にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process} {self.order} {self.name}"

    @property
    def change_choice(self) -> Ecrs:
        return Ecrs(self.change)
