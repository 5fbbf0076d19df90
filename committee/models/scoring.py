"""採点と所見: how the secretariat and the members see a proposal. Kept apart from the decision, and never one."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from committee.choices import Recommendation
from committee.models.proposal import Proposal
from townhall.changes import ChangeHistory, VersionedModel
from townhall.models import User


class CriterionQuerySet(models.QuerySet["Criterion"]):
    def in_use(self) -> Self:
        return self.filter(is_active=True)


class Criterion(VersionedModel):
    """採点の観点. What each step means is written down, so that two people mean the same by 3."""

    name = models.CharField("観点", max_length=40, unique=True)
    question = models.CharField("見ること", max_length=200)
    weight = models.PositiveSmallIntegerField(
        "重み", default=1, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    steps = models.TextField("各段階の意味（1行に1つ、低い順）", max_length=1000)
    order = models.PositiveSmallIntegerField("並び順", default=0)
    is_active = models.BooleanField("使う", default=True)
    is_example = models.BooleanField("例（町の確認前）", default=False)

    objects = CriterionQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "採点の観点"
        verbose_name_plural = "採点の観点"
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="criterion_weighs_something",
                condition=Q(weight__gte=1, weight__lte=10),
                violation_error_message="重みは 1～10 で入力してください。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def meanings(self) -> list[str]:
        return [line.strip() for line in self.steps.splitlines() if line.strip()]

    @property
    def most(self) -> int:
        return len(self.meanings)


class ProposalScore(VersionedModel):
    """One person's points for one criterion. `most` and `weight` are those of the day: settings change later."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="scores", verbose_name="提案")
    edition = models.PositiveSmallIntegerField("版")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores", verbose_name="観点")
    scorer = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="採点した人")
    points = models.PositiveSmallIntegerField("点")
    most = models.PositiveSmallIntegerField("満点")
    weight = models.PositiveSmallIntegerField("重み")

    history = ChangeHistory()

    class Meta:
        verbose_name = "提案の採点"
        verbose_name_plural = "提案の採点"
        ordering = ["criterion__order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "edition", "criterion", "scorer"], name="one_score_per_criterion_and_person"
            ),
            models.CheckConstraint(
                name="points_within_the_steps",
                condition=Q(points__gte=1, points__lte=models.F("most")),
                violation_error_message="点は、段階の中から選んでください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal} {self.criterion}"


class ProposalOpinion(VersionedModel):
    """事務局の所見 on one edition: a recommendation to the committee, never its decision."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="opinions", verbose_name="提案")
    edition = models.PositiveSmallIntegerField("版")
    recommendation = models.CharField("事務局の見立て", max_length=12, choices=Recommendation.choices)
    text = models.TextField("所見", max_length=4000)

    history = ChangeHistory()

    class Meta:
        verbose_name = "事務局の所見"
        verbose_name_plural = "事務局の所見"
        ordering = ["edition"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "edition"], name="one_opinion_per_edition"),
            models.CheckConstraint(
                name="opinion_says_why",
                condition=~Q(text=""),
                violation_error_message="所見を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal} 第{self.edition}版"
