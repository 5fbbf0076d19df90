"""専門部会 (計画書 7 なお書き): set up for a task and a term; reports to the committee as a subject of its agenda."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from townhall.changes import ChangeHistory, VersionedModel
from townhall.models import Section, User


class ProjectTeamQuerySet(models.QuerySet["ProjectTeam"]):
    def at_work(self, *, today: date) -> Self:
        return self.filter(starts_on__lte=today, ends_on__gte=today)


class ProjectTeam(VersionedModel):
    name = models.CharField("名称", max_length=80, unique=True)
    task = models.TextField("任務", max_length=2000)
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="teams", verbose_name="庶務を行う課"
    )
    starts_on = models.DateField("設置の日")
    ends_on = models.DateField("終わりの日")
    is_example = models.BooleanField("例（町の確認前）", default=False)

    objects = ProjectTeamQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "専門部会の設置"
        verbose_name_plural = "専門部会の設置"
        ordering = ["-starts_on", "name"]
        constraints = [
            models.CheckConstraint(
                name="team_term_in_order",
                condition=Q(starts_on__lte=F("ends_on")),
                violation_error_message="終わりの日は、設置の日からあとの日にしてください。",
            ),
            models.CheckConstraint(
                name="team_has_a_task", condition=~Q(task=""), violation_error_message="任務を入力してください。"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("team_detail", args=[self.pk])


class TeamMember(VersionedModel):
    team = models.ForeignKey(ProjectTeam, models.PROTECT, related_name="members", verbose_name="専門部会")
    person = models.ForeignKey(User, models.PROTECT, related_name="team_memberships", verbose_name="人")
    is_leader = models.BooleanField("部会長", default=False)
    starts_on = models.DateField("任期の始め")
    ends_on = models.DateField("任期の終わり")

    history = ChangeHistory()

    class Meta:
        verbose_name = "部会員"
        verbose_name_plural = "部会員"
        ordering = ["team", "-is_leader", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "person"],
                name="person_once_per_team",
                violation_error_message="この人は、もうこの専門部会にいます。",
            ),
            models.CheckConstraint(
                name="membership_in_order",
                condition=Q(starts_on__lte=F("ends_on")),
                violation_error_message="任期の終わりは、始めからあとの日にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team} {self.person}"

    def is_in_term(self, today: date) -> bool:
        return self.starts_on <= today <= self.ends_on
