"""出欠: who was called to a meeting, who came, and who came in whose stead."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from committee.choices import SeatState
from committee.models.meeting import Meeting
from townhall.changes import ChangeHistory, VersionedModel
from townhall.models import User


class SeatQuerySet(models.QuerySet["Seat"]):
    def unanswered(self) -> Self:
        return self.filter(state=SeatState.UNKNOWN, meeting__is_closed=False)

    def to_answer_by(self, user: User, *, today: date) -> Self:
        """Invitations this person has not answered; a written meeting is answered subject by subject instead."""
        return self.unanswered().filter(person=user, meeting__held_on__gte=today).exclude(meeting__way="written")


class Seat(VersionedModel):
    """One seat. Post and name are kept as they were when the meeting was called (計画書 7 (2))."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="seats", verbose_name="会議")
    person = models.ForeignKey(User, models.PROTECT, related_name="seats", verbose_name="人")
    seat = models.CharField("職・氏名", max_length=200)
    order = models.PositiveSmallIntegerField("順", default=0)
    is_member = models.BooleanField("委員（定足数に数える）", default=True)
    state = models.CharField("出欠", max_length=10, choices=SeatState.choices, default=SeatState.UNKNOWN)
    proxy = models.CharField("代理で出席した人", max_length=100, blank=True)
    opinion = models.TextField("書面の意見", blank=True, max_length=4000)

    objects = SeatQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "出欠"
        verbose_name_plural = "出欠"
        ordering = ["meeting", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person"],
                name="one_seat_per_person",
                violation_error_message="この人は、もうこの会議の名簿にあります。",
            ),
            models.CheckConstraint(
                name="proxy_is_named",
                condition=(Q(state="proxy") & ~Q(proxy="")) | (~Q(state="proxy") & Q(proxy="")),
                violation_error_message="「代理出席」のときだけ、代理で出席した人を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting.short_name} {self.seat}"

    def get_absolute_url(self) -> str:
        return self.meeting.get_absolute_url()

    @property
    def state_choice(self) -> SeatState:
        return SeatState(self.state)
