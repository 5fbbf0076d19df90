"""会議録: drafted from what was recorded, checked by those who were there, then confirmed."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from committee.choices import MinutesState
from committee.models.meeting import Meeting
from townhall.changes import ChangeHistory, VersionedModel
from townhall.models import User


class MinutesQuerySet(models.QuerySet["Minutes"]):
    def to_check_by(self, user: User) -> Self:
        """Sent round, to somebody who was called to that meeting and has not answered."""
        sent = self.filter(state=MinutesState.SENT, meeting__seats__person=user)
        return sent.exclude(replies__person=user)

    def to_confirm(self, *, today: date) -> Self:
        return self.filter(state=MinutesState.SENT, reply_by__lt=today)


class Minutes(VersionedModel):
    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="minutes", verbose_name="会議")
    text = models.TextField("会議録", max_length=40_000)
    state = models.CharField(
        "段階", max_length=10, choices=MinutesState.choices, default=MinutesState.DRAFT, editable=False
    )
    reply_by = models.DateField("確認の期限", null=True, blank=True, editable=False)
    confirmed_on = models.DateField("確定した日", null=True, blank=True, editable=False)
    confirmed_by = models.CharField("確定した人", max_length=200, blank=True, editable=False)

    objects = MinutesQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "会議録"
        verbose_name_plural = "会議録"
        ordering = ["-meeting__number"]
        constraints = [
            models.CheckConstraint(
                name="minutes_sent_with_a_day",
                condition=Q(state="draft") | Q(reply_by__isnull=False),
                violation_error_message="委員に送るには、確認の期限が必要です。",
            ),
            models.CheckConstraint(
                name="confirmed_minutes_say_by_whom",
                condition=Q(state="confirmed", confirmed_on__isnull=False)
                | (~Q(state="confirmed") & Q(confirmed_on__isnull=True)),
                violation_error_message="確定した会議録には、確定した日が必要です。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting.short_name} 会議録"

    def get_absolute_url(self) -> str:
        return reverse("minutes_detail", args=[self.meeting.number])

    @property
    def state_choice(self) -> MinutesState:
        return MinutesState(self.state)

    @property
    def is_confirmed(self) -> bool:
        return self.state == MinutesState.CONFIRMED


class MinutesReply(VersionedModel):
    """修正なし, or what should be corrected; and what 事務局 did about it."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="replies", verbose_name="会議録")
    person = models.ForeignKey(User, models.PROTECT, related_name="minutes_replies", verbose_name="人")
    seat = models.CharField("職・氏名", max_length=200)
    text = models.TextField("修正してほしいこと", blank=True, max_length=4000, help_text="なければ空けておきます。")
    handled = models.TextField("事務局の対応", blank=True, max_length=2000)

    history = ChangeHistory()

    class Meta:
        verbose_name = "会議録の確認"
        verbose_name_plural = "会議録の確認"
        ordering = ["minutes", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["minutes", "person"],
                name="one_reply_per_person_and_minutes",
                violation_error_message="この会議録は、もう確認しています。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes} {self.seat}"

    @property
    def waits(self) -> bool:
        """For 事務局 to say what was done about it."""
        return bool(self.text) and not self.handled
