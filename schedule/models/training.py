"""The training ledger: who has to take part in a year's training, when it was held, who was there.

Those who take part are rows of a roster, not accounts. Their names are confidential (Permission.VIEW_TRAINEE).
"""

import uuid
from datetime import date
from functools import lru_cache
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from schedule.choices import AttendanceState, Employment, SessionKind
from schedule.models.duty import DutyOccurrence
from townhall.cells import LONGEST_VALUE, fold
from townhall.changes import ChangeHistory, VersionedModel
from townhall.models import Section


def name_key(name: str) -> str:
    """For finding a name again: width and blanks do not count. 髙 and 高 stay two names, as they are in the register."""
    return _key(name) if len(name) > LONGEST_VALUE else _key_again(name)


def _key(name: str) -> str:
    return fold(name).replace(" ", "")


_key_again = lru_cache(maxsize=20_000)(_key)  # an import asks for each of its names several times


class TraineeQuerySet(models.QuerySet["Trainee"]):
    def on(self, day: date) -> Self:
        """Those on the roster that day."""
        return self.filter(
            Q(hired_on__isnull=True) | Q(hired_on__lte=day), Q(left_on__isnull=True) | Q(left_on__gte=day)
        )


class Trainee(VersionedModel):
    """One person on the roster of trainings. Ended with a last day, never deleted."""

    staff_number = models.CharField("職員番号", max_length=20, blank=True, help_text="同姓同名の人には必ず入れます。")
    name = models.CharField("氏名", max_length=60)
    name_key = models.CharField("照合用の氏名", max_length=60, blank=True, editable=False)
    section = models.ForeignKey(Section, models.PROTECT, related_name="trainees", verbose_name="課")
    employment = models.CharField("任用の区分", max_length=12, choices=Employment.choices, default=Employment.REGULAR)
    hired_on = models.DateField("採用日", null=True, blank=True, help_text="新規採用者の研修の対象になります。")
    left_on = models.DateField("名簿の最後の日", null=True, blank=True, help_text="退職・異動で外れるときに入れます。")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="trainee",
        verbose_name="利用者",
        help_text="ポータルの利用者であれば選びます。未受講のお知らせが本人に届きます。",
    )

    objects = TraineeQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "研修の名簿"
        verbose_name_plural = "研修の名簿"
        ordering = ["section__order", "name_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["staff_number"],
                condition=~Q(staff_number=""),
                name="one_trainee_per_staff_number",
                violation_error_message="同じ職員番号の人が、もう名簿にあります。",
            ),
            models.UniqueConstraint(
                fields=["name_key", "section"],
                condition=Q(staff_number="", left_on__isnull=True),
                name="same_name_needs_a_staff_number",
                violation_error_message="同じ課に同じ氏名の人がいます。職員番号を入れて分けてください。",
            ),
            models.CheckConstraint(
                name="trainee_term_in_order",
                condition=Q(hired_on__isnull=True) | Q(left_on__isnull=True) | Q(hired_on__lte=F("left_on")),
                violation_error_message="名簿の最後の日は、採用日より後の日にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        self.name = " ".join(self.name.split())
        self.name_key = name_key(self.name)
        if not self.name_key:
            raise ValidationError({"name": "氏名を入力してください。"})
        self.staff_number = fold(self.staff_number).replace(" ", "")


class Training(VersionedModel):
    """One course in one fiscal year: a duty of the kind 研修 for which attendance is kept."""

    occurrence = models.OneToOneField(
        DutyOccurrence, models.PROTECT, related_name="training", verbose_name="年度ごとの義務"
    )
    sections = models.JSONField("対象の課（記号）", default=list, blank=True, help_text="空は全課です。")
    employments = models.JSONField("対象の任用の区分", default=list, blank=True, help_text="空はすべてです。")
    only_newcomers = models.BooleanField("その年度に採用された人だけ", default=False)

    history = ChangeHistory()

    class Meta:
        verbose_name = "研修"
        verbose_name_plural = "研修"
        ordering = ["-occurrence__fiscal_year", "occurrence__due_on", "pk"]

    def __str__(self) -> str:
        return str(self.occurrence)

    def get_absolute_url(self) -> str:
        return reverse("training_detail", args=[self.pk])

    def clean(self) -> None:
        super().clean()
        for name, known in (("sections", None), ("employments", set(Employment.values))):
            value = getattr(self, name)
            if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
                raise ValidationError({name: '記号を ["somu"] のように並べてください。'})
            if known is not None and not set(value) <= known:
                raise ValidationError({name: f"{'・'.join(Employment.values)} の中から並べてください。"})

    @property
    def employments_in_words(self) -> str:
        chosen = [Employment(each).label for each in Employment.values if each in self.employments]
        words = "・".join(chosen) or "すべての任用の区分"
        return f"{words}（この年度に採用された人だけ）" if self.only_newcomers else words


class TrainingSession(VersionedModel):
    """実施回."""

    training = models.ForeignKey(Training, models.PROTECT, related_name="sessions", verbose_name="研修")
    number = models.PositiveSmallIntegerField("回", editable=False)
    held_on = models.DateField("実施日")
    kind = models.CharField("方法", max_length=10, choices=SessionKind.choices, default=SessionKind.ROOM)
    place = models.CharField("場所", max_length=80, blank=True)
    note = models.CharField("内容・講師", max_length=200, blank=True)
    creation_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    history = ChangeHistory()

    class Meta:
        verbose_name = "研修の実施回"
        verbose_name_plural = "研修の実施回"
        ordering = ["training", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["training", "number"],
                name="one_session_per_number",
                violation_error_message="この回は、もうあります。",
            )
        ]

    def __str__(self) -> str:
        return f"第{self.number}回"

    def get_absolute_url(self) -> str:
        return self.training.get_absolute_url()


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def missing(self) -> Self:
        return self.filter(state=AttendanceState.MISSING)

    def of_sections(self, sections: list[int] | None) -> Self:
        """None means every section, as in `townhall.permissions.sections_open_to`."""
        return self if sections is None else self.filter(section__in=sections)


class Attendance(VersionedModel):
    """One person who has to take part in one training; the section is the one they belonged to then."""

    training = models.ForeignKey(Training, models.PROTECT, related_name="attendances", verbose_name="研修")
    trainee = models.ForeignKey(Trainee, models.PROTECT, related_name="attendances", verbose_name="人")
    section = models.ForeignKey(Section, models.PROTECT, related_name="+", verbose_name="課")
    state = models.CharField("状況", max_length=10, choices=AttendanceState.choices, default=AttendanceState.MISSING)
    session = models.ForeignKey(
        TrainingSession, models.PROTECT, null=True, blank=True, related_name="attendances", verbose_name="実施回"
    )
    attended_on = models.DateField("受講日", null=True, blank=True)
    reason = models.CharField("免除の理由", max_length=200, blank=True)

    objects = AttendanceQuerySet.as_manager()
    history = ChangeHistory()

    class Meta:
        verbose_name = "受講の記録"
        verbose_name_plural = "受講の記録"
        ordering = ["section__order", "trainee__name_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["training", "trainee"],
                name="one_attendance_per_person",
                violation_error_message="この人は、もうこの研修の対象です。",
            ),
            models.CheckConstraint(
                name="attended_on_a_day",
                condition=Q(state=AttendanceState.ATTENDED, attended_on__isnull=False)
                | (~Q(state=AttendanceState.ATTENDED) & Q(attended_on__isnull=True, session__isnull=True)),
                violation_error_message="受講のときだけ、受講日を入力してください。",
            ),
            models.CheckConstraint(
                name="excused_for_a_reason",
                condition=(Q(state=AttendanceState.EXCUSED) & ~Q(reason=""))
                | (~Q(state=AttendanceState.EXCUSED) & Q(reason="")),
                violation_error_message="免除のときだけ、理由を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training} {self.trainee}"

    @property
    def state_choice(self) -> AttendanceState:
        return AttendanceState(self.state)

    def clean(self) -> None:
        super().clean()
        if self.session_id and self.session and self.session.training_id != self.training_id:
            raise ValidationError({"session": "ほかの研修の実施回です。"})

    def record(
        self, state: str, *, session: TrainingSession | None = None, on: date | None = None, reason: str = ""
    ) -> Any:
        """Put the row into a state with exactly what belongs to it; the caller saves."""
        attended = state == AttendanceState.ATTENDED
        self.state, self.session = state, session if attended else None
        self.attended_on = (on or (session.held_on if session else None)) if attended else None
        self.reason = reason if state == AttendanceState.EXCUSED else ""
        return self
