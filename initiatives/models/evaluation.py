"""年度評価: a letter per initiative and fiscal year, by the plan's own scale. Never mixed with the ○△× of the rounds.

Which letters there are, their order and whether a letter counts is data of each plan: elsewhere D is 「評価できない」 and not the worst,
1 is the best, or 完了 is one of the letters.
"""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from initiatives.choices import EvaluationStage, FutureDirection
from initiatives.models.plan import Initiative, Plan
from townhall import fiscal
from townhall.changes import ChangeHistory, VersionedModel


class EvaluationScale(VersionedModel):
    plan = models.OneToOneField(Plan, models.PROTECT, related_name="scale", verbose_name="計画")
    name = models.CharField("名称", max_length=60)
    source = models.CharField("根拠", max_length=200, blank=True)
    is_confirmed = models.BooleanField("町が確認した", default=False)

    history = ChangeHistory()

    class Meta:
        verbose_name = "評価の区分"
        verbose_name_plural = "評価の区分"
        ordering = ["plan"]

    def __str__(self) -> str:
        return f"{self.plan.name}の{self.name}"


class EvaluationGrade(VersionedModel):
    """One letter. `points` are for the average only; a letter that says 「評価できない」 has none."""

    scale = models.ForeignKey(EvaluationScale, models.PROTECT, related_name="grades", verbose_name="評価の区分")
    order = models.PositiveSmallIntegerField("並び順", help_text="1 がいちばん良い評価です。")
    code = models.CharField("記号", max_length=4)
    label = models.CharField("名称", max_length=30)
    meaning = models.CharField("意味", max_length=200, blank=True)
    is_evaluable = models.BooleanField("評価対象に数える", default=True)
    points = models.PositiveSmallIntegerField("平均に使う点", null=True, blank=True)
    is_low = models.BooleanField("注意の色で示す", default=False)

    history = ChangeHistory()

    class Meta:
        verbose_name = "評価の記号"
        verbose_name_plural = "評価の記号"
        ordering = ["scale", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["scale", "code"],
                name="one_grade_per_code",
                violation_error_message="この区分には、同じ記号がもうあります。",
            ),
            models.UniqueConstraint(
                fields=["scale", "order"],
                name="one_grade_per_order",
                violation_error_message="この区分には、同じ並び順の記号がもうあります。",
            ),
            models.CheckConstraint(
                name="points_for_evaluable_grades",
                condition=Q(is_evaluable=True, points__isnull=False) | Q(is_evaluable=False, points__isnull=True),
                violation_error_message="点は、評価対象に数える記号にだけ入れてください（数える記号には必ず入れます）。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


class EvaluationYear(VersionedModel):
    """The evaluation of one plan in one fiscal year: open, then fixed as a whole (確定)."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="evaluation_years", verbose_name="計画")
    fiscal_year = models.PositiveSmallIntegerField(
        "年度（西暦）", validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    fixed_on = models.DateField("確定日", null=True, blank=True)
    fixed_by = models.CharField("確定した人", max_length=200, blank=True)

    history = ChangeHistory()

    class Meta:
        verbose_name = "年度評価の年度"
        verbose_name_plural = "年度評価の年度"
        ordering = ["plan", "fiscal_year"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "fiscal_year"], name="one_evaluation_per_year"),
            models.CheckConstraint(
                name="fixed_by_somebody_on_a_day",
                condition=Q(fixed_on__isnull=True, fixed_by="") | (Q(fixed_on__isnull=False) & ~Q(fixed_by="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{fiscal.format_fiscal_year(self.fiscal_year)}の年度評価"

    def get_absolute_url(self) -> str:
        return f"{reverse('evaluation_year', args=[self.fiscal_year])}?plan={self.plan.code}"

    @property
    def is_fixed(self) -> bool:
        return self.fixed_on is not None


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def final(self) -> Self:
        """What the committee gave."""
        return self.filter(stage=EvaluationStage.COMMITTEE)

    def fixed(self) -> Self:
        """Of years that are fixed (確定)."""
        return self.filter(year__fixed_on__isnull=False)


class Evaluation(VersionedModel):
    """What one stage says about one initiative in one year."""

    year = models.ForeignKey(EvaluationYear, models.PROTECT, related_name="evaluations", verbose_name="年度")
    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="evaluations", verbose_name="取組")
    stage = models.CharField("段階", max_length=10, choices=EvaluationStage.choices)
    grade = models.ForeignKey(EvaluationGrade, models.PROTECT, related_name="evaluations", verbose_name="評価")
    direction = models.CharField("今後の方向性", max_length=10, choices=FutureDirection.choices, blank=True)
    comment = models.TextField("意見", blank=True, max_length=2000)
    given_on = models.DateField("評価した日", editable=False)
    given_by = models.CharField("評価した人", max_length=200, editable=False)
    # Why it was changed after the year had been fixed; empty while it stands as fixed.
    correction = models.CharField("訂正の理由", max_length=200, blank=True, editable=False)
    # Whether residents read the letter (公開前チェック); only of the committee, and only once the year is fixed.
    is_public = models.BooleanField("公開してよい", default=False)

    objects = EvaluationQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "年度評価"
        verbose_name_plural = "年度評価"
        ordering = ["year", "initiative", "stage"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "initiative", "stage"],
                name="one_evaluation_per_stage",
                violation_error_message="この段階の評価は、もうあります。",
            ),
            models.CheckConstraint(name="evaluation_of_a_known_stage", condition=Q(stage__in=EvaluationStage.values)),
            models.CheckConstraint(
                name="only_the_committees_letter_is_public",
                condition=Q(is_public=False) | Q(stage=EvaluationStage.COMMITTEE),
                violation_error_message="住民に公開できるのは、委員会の評価だけです。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}　{self.initiative.label}　{EvaluationStage(self.stage).label}"
