"""宿題: what a meeting gives a section to do until a day. It stays on every next agenda until it is done."""

import uuid
from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from committee.choices import ActionState
from committee.models.meeting import AgendaItem, Meeting
from townhall.changes import ChangeHistory, VersionedModel
from townhall.models import Section, User
from townhall.permissions import Permission, sections_open_to


class ActionItemQuerySet(models.QuerySet["ActionItem"]):
    def open(self) -> Self:
        return self.filter(state=ActionState.OPEN)

    def overdue(self, *, today: date) -> Self:
        return self.open().filter(due_on__lt=today)

    def by_day(self) -> Self:
        return self.order_by(F("due_on").asc(nulls_last=True), "pk")

    def to_do_by(self, user: User, *, today: date) -> Self:
        """Open, and of this person's own sections; what no section owns is 事務局's."""
        sections: set[int | None] = {post.section_id for post in user.posts_on(today) if post.section_id}
        theirs = sections_open_to(user, Permission.FINISH_ACTION_ITEM, today=today)
        if theirs == []:
            return self.none()
        mine = Q(section__in=sections) | Q(section=None) if theirs is None else Q(section__in=theirs)
        return self.open().filter(mine)

    def before(self, meeting: Meeting) -> Self:
        """Given by earlier meetings, and still open or done since the meeting before."""
        earlier = self.filter(
            Q(meeting__held_on__lt=meeting.held_on)
            | Q(meeting__held_on=meeting.held_on, meeting__number__lt=meeting.number)
        )
        last = Meeting.objects.filter(held_on__lt=meeting.held_on).aggregate(day=models.Max("held_on"))["day"]
        return earlier.filter(Q(state=ActionState.OPEN) | Q(ended_on__gt=last or meeting.held_on))


class ActionItem(VersionedModel):
    creation_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="action_items", verbose_name="会議")
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="action_items", verbose_name="議題"
    )
    text = models.TextField("すること", max_length=2000)
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="action_items", verbose_name="担当課"
    )
    person = models.CharField("担当者", max_length=60, blank=True)
    due_on = models.DateField("期限", null=True, blank=True, help_text="空けておくと、次の会議までです。")
    is_condition = models.BooleanField("決定の条件", default=False, editable=False)
    state = models.CharField(
        "状態", max_length=10, choices=ActionState.choices, default=ActionState.OPEN, editable=False
    )
    ended_on = models.DateField("済ませた日・取りやめた日", null=True, blank=True, editable=False)
    outcome_note = models.TextField("結果・理由", blank=True, max_length=2000, editable=False)

    objects = ActionItemQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "宿題"
        verbose_name_plural = "宿題"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="action_item_says_what",
                condition=~Q(text=""),
                violation_error_message="することを入力してください。",
            ),
            models.CheckConstraint(
                name="ended_action_item_says_how",
                condition=Q(state="open", ended_on__isnull=True)
                | (~Q(state="open") & Q(ended_on__isnull=False) & ~Q(outcome_note="")),
                violation_error_message="済ませた・取りやめた宿題には、日付と結果（理由）が必要です。",
            ),
        ]

    def __str__(self) -> str:
        line = " ".join(self.text.split())
        return f"{line[:60]}…" if len(line) > 60 else line

    def get_absolute_url(self) -> str:
        return reverse("action_item_detail", args=[self.pk])

    @property
    def state_choice(self) -> ActionState:
        return ActionState(self.state)

    @property
    def owner(self) -> str:
        return self.section.name if self.section else "事務局"

    @property
    def is_open(self) -> bool:
        return self.state == ActionState.OPEN

    def is_late_on(self, today: date) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < today
