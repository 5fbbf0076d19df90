"""通知と催促の設定: one row, versioned like everything people edit. Without it the portal's own defaults hold."""

from collections.abc import Iterable
from datetime import time
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from schedule.recurrence import WEEK, Escalation
from townhall import fiscal
from townhall.changes import ChangeHistory, VersionedModel

THE_ROW = 1
FARTHEST_LEAD = 365
LONGEST_WAIT = 28  # between two letters of what is overdue; the planner looks back 31 days
LONGEST_ANSWER = 60
MOST_LEADS = 10


class ReminderSettings(VersionedModel):
    sending_time = models.TimeField("送る時刻", default=time(8, 30))
    head_after = models.PositiveSmallIntegerField("課長へも知らせる日数", default=1)
    secretariat_after = models.PositiveSmallIntegerField("事務局へも知らせる日数", default=14)
    ciso_after = models.PositiveSmallIntegerField("CISO（委員長）へも知らせる日数", default=28)
    repeat_every = models.PositiveSmallIntegerField("期限の後に、もう一度知らせるまでの日数", default=WEEK)
    # By slug of the kind (schedule/sources.py); a kind that is not named here keeps its usual days.
    lead_days = models.JSONField("知らせる日", default=dict, blank=True)
    answer_days = models.JSONField("頼んだ日からの期限（開庁日）", default=dict, blank=True)
    without_mail = models.JSONField("メールにしない種類", default=list, blank=True)
    paused_at = models.DateTimeField("送信を止めた日時", null=True, blank=True)
    paused_by = models.CharField("送信を止めた人", max_length=200, blank=True)
    pause_reason = models.CharField("送信を止めた理由", max_length=200, blank=True)

    history = ChangeHistory()

    class Meta:
        verbose_name = "通知と催促の設定"
        verbose_name_plural = "通知と催促の設定"
        constraints = [
            models.CheckConstraint(name="one_row_of_reminder_settings", condition=Q(pk=THE_ROW)),
            models.CheckConstraint(
                name="reminders_reach_the_head_first",
                condition=Q(head_after__gte=1) & Q(secretariat_after__gte=F("head_after")),
                violation_error_message="課長へは期限の1日後以降、事務局へは課長と同じ日かその後にしてください。",
            ),
            models.CheckConstraint(
                name="reminders_reach_the_ciso_last",
                condition=Q(ciso_after__gte=F("secretariat_after")),
                violation_error_message="CISOへは、事務局と同じ日かその後にしてください。",
            ),
            models.CheckConstraint(
                name="reminders_come_again_within_four_weeks",
                condition=Q(repeat_every__gte=1, repeat_every__lte=LONGEST_WAIT),
                violation_error_message=f"もう一度知らせるまでの日数は、1から{LONGEST_WAIT}までにしてください。",
            ),
            models.CheckConstraint(
                name="a_pause_has_somebody_and_a_reason",
                condition=Q(paused_at=None, paused_by="", pause_reason="")
                | (Q(paused_at__isnull=False) & ~Q(paused_by="") & ~Q(pause_reason="")),
                violation_error_message="送信を止めるときは、理由を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return "通知と催促の設定"

    def clean(self) -> None:
        for days in self.lead_days.values():
            require_days(days)
        if not all(type(days) is int and 1 <= days <= LONGEST_ANSWER for days in self.answer_days.values()):
            raise ValidationError(f"頼んだ日からの期限は、1から{LONGEST_ANSWER}までの開庁日で指定してください。")

    @classmethod
    def current(cls) -> Self:
        """The row, or the defaults, not saved."""
        return cls.objects.filter(pk=THE_ROW).first() or cls(pk=THE_ROW)

    @property
    def seen(self) -> int:
        """What a form carries back: the version, or 0 as long as nobody has changed the defaults."""
        return 0 if self._state.adding else self.version

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None

    @property
    def pause_sentence(self) -> str:
        """Why no letters leave, for 事務局 and 運用担当; empty when they do."""
        if self.paused_at is None:
            return ""
        since = f"{fiscal.format_date(self.paused_at)} {timezone.localtime(self.paused_at):%H:%M}"
        return f"メールの送信を止めています（{since}から。{self.paused_by}：{self.pause_reason}）。"

    @property
    def escalation(self) -> Escalation:
        return Escalation(self.head_after, self.secretariat_after, self.ciso_after)

    def chosen_days(self) -> dict[str, tuple[int, ...]]:
        return {slug: tuple(days) for slug, days in self.lead_days.items()}


def require_days(days: Iterable[int]) -> None:
    known = list(days)
    if len(known) > MOST_LEADS or not all(type(day) is int and 0 <= day <= FARTHEST_LEAD for day in known):
        raise ValidationError(f"知らせる日は、0から{FARTHEST_LEAD}までの数字を{MOST_LEADS}個までで指定してください。")
