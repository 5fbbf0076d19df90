"""情報化推進委員会: meetings, their agenda, and what was decided. A decision hangs off the meeting that made it."""

import uuid
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from committee.choices import ItemKind, Outcome, ProposalState
from committee.models.proposal import Proposal
from schedule.models import Activity
from townhall import calendar, fiscal
from townhall.changes import ChangeHistory, VersionedModel


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def upcoming(self, *, today: date) -> Self:
        return self.filter(held_on__gte=today, is_closed=False).order_by("held_on", "number")

    def open_for_items(self) -> Self:
        return self.filter(is_closed=False).order_by("held_on", "number")

    def next_number(self) -> int:
        return (self.aggregate(last=models.Max("number"))["last"] or 0) + 1

    def past(self, *, today: date) -> Self:
        return self.filter(held_on__lt=today).order_by("-held_on", "-number")


class Meeting(VersionedModel):
    creation_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.PositiveSmallIntegerField("回", unique=True)
    held_on = models.DateField("開催日")
    starts_at = models.TimeField("開始時刻", null=True, blank=True)
    place = models.CharField("場所", max_length=80, blank=True)
    is_closed = models.BooleanField("終了", default=False, editable=False)
    closed_at = models.DateTimeField("終了した日時", null=True, blank=True, editable=False)
    closed_by = models.CharField("終了した人", max_length=200, blank=True, editable=False)

    objects = MeetingQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "委員会の会議"
        verbose_name_plural = "委員会の会議"
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                name="meeting_number_from_1",
                condition=Q(number__gte=1),
                violation_error_message="回は 1 以上で入力してください。",
            ),
            models.CheckConstraint(
                name="closed_meeting_says_when",
                condition=Q(is_closed=False) | (Q(closed_at__isnull=False) & ~Q(closed_by="")),
                violation_error_message="終了した会議には、終了した日時と人が必要です。",
            ),
        ]

    def __str__(self) -> str:
        return f"第{self.number}回 情報化推進委員会"

    def get_absolute_url(self) -> str:
        return reverse("meeting_detail", args=[self.number])

    @property
    def short_name(self) -> str:
        return f"第{self.number}回"

    def describe(self) -> str:
        """「第7回　令和8年12月4日（金）大会議室」, where one of several is chosen."""
        day = f"{fiscal.format_date(self.held_on)}（{calendar.weekday_ja(self.held_on)}）"
        return "　".join(part for part in (self.short_name, day, self.place) if part)


class AgendaItem(VersionedModel):
    """議題. Concerns at most one proposal or one row of the schedule."""

    creation_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items", verbose_name="会議")
    order = models.PositiveSmallIntegerField("順")
    kind = models.CharField("種類", max_length=10, choices=ItemKind.choices, default=ItemKind.DISCUSS)
    title = models.CharField("議題", max_length=120)
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, null=True, blank=True, related_name="agenda_items", verbose_name="提案"
    )
    activity = models.ForeignKey(
        Activity, models.PROTECT, null=True, blank=True, related_name="agenda_items", verbose_name="取組内容"
    )
    note = models.TextField("説明", blank=True, max_length=4000)

    history = ChangeHistory()

    class Meta:
        verbose_name = "議題"
        verbose_name_plural = "議題"
        ordering = ["meeting", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "proposal"],
                name="proposal_once_per_meeting",
                violation_error_message="この提案は、もうこの会議の次第にあります。",
            ),
            models.CheckConstraint(
                name="item_concerns_one_thing",
                condition=Q(proposal__isnull=True) | Q(activity__isnull=True),
                violation_error_message="議題には、提案か取組内容のどちらか一方だけを選んでください。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def decision_or_none(self) -> "Decision | None":
        return getattr(self, "decision", None)

    @property
    def is_open(self) -> bool:
        """Still to be decided; an item whose proposal was withdrawn needs no decision."""
        withdrawn = self.proposal is not None and self.proposal.state == ProposalState.WITHDRAWN
        return self.decision_or_none is None and not withdrawn


class Decision(VersionedModel):
    """決定. One per agenda item, with a mandatory reason; corrected only with a reason (history)."""

    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="decision", verbose_name="議題")
    outcome = models.CharField("決定", max_length=12, choices=Outcome.choices)
    reason = models.TextField("理由", max_length=4000)
    conditions = models.TextField("条件", blank=True, max_length=4000)
    decided_on = models.DateField("決定日")
    document_number = models.CharField("決裁・文書番号", max_length=60, blank=True)
    recorded_by = models.CharField("記録した人", max_length=200, editable=False)

    history = ChangeHistory()

    class Meta:
        verbose_name = "決定"
        verbose_name_plural = "決定"
        ordering = ["-decided_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="decision_has_reason",
                condition=~Q(reason=""),
                violation_error_message="決定の理由を入力してください。",
            ),
            models.CheckConstraint(
                name="conditional_names_conditions",
                condition=~Q(outcome="conditional") | ~Q(conditions=""),
                violation_error_message="条件付き採択のときは、条件を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.get_outcome_display()}"

    @property
    def outcome_choice(self) -> Outcome:
        return Outcome(self.outcome)
