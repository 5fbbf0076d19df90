"""The reminder ledger: a line is what is owed to one person, a mail is one letter listing that person's lines.

Unique keys make planning repeatable; a conditional UPDATE makes sending safe (docs/operations.md). A line is also
the notice in the portal: the same row, so letter and screen cannot differ.
"""

from datetime import date, datetime
from typing import Self

from django.db import models
from django.db.models import Exists, Q
from django.urls import reverse

from schedule.choices import LineState, MailState
from schedule.models.reminder_settings import ReminderSettings
from townhall.models import User

TEST = "test:"  # how the digest_key of a letter begins that somebody sends to themselves


class LineQuerySet(models.QuerySet["ReminderLine"]):
    def open_for(self, user: User) -> Self:
        return self.filter(recipient=user, state=LineState.DUE).order_by("due_on", "pk")


class ReminderLine(models.Model):
    kind = models.CharField("種類", max_length=30)
    # What it is about, e.g. "duty:12"; the engine never looks inside.
    subject = models.CharField("対象", max_length=60)
    recipient = models.ForeignKey(User, models.PROTECT, related_name="reminder_lines", verbose_name="宛先")
    # Carries the nominal date ("2026-10-09:D-3"), never the day of sending, so a second run adds nothing.
    step = models.CharField("段階", max_length=30)
    nominal_on = models.DateField("知らせる日")
    due_on = models.DateField("期限")
    title = models.CharField("用件", max_length=200)
    path = models.CharField("画面", max_length=200)
    # Whose matter it is, and why this person is told: 「担当：企画課。期限を過ぎたため、課長にもお知らせしています。」
    note = models.CharField("添え書き", max_length=200, blank=True)
    state = models.CharField("状態", max_length=10, choices=LineState.choices, default=LineState.DUE)
    state_reason = models.CharField("状態の理由", max_length=200, blank=True)
    mail = models.ForeignKey(
        "ReminderMail", models.PROTECT, null=True, blank=True, related_name="lines", verbose_name="メール"
    )
    created_at = models.DateTimeField("作った日時")

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = "催促（用件）"
        verbose_name_plural = "催促（用件）"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject", "recipient", "step"], name="one_line_per_key")
        ]
        indexes = [models.Index(fields=["recipient", "state", "mail"], name="line_open_idx")]

    def __str__(self) -> str:
        return self.title

    def days_left(self, today: date) -> int:
        return (self.due_on - today).days


class MailQuerySet(models.QuerySet["ReminderMail"]):
    def claimable(self, *, now: datetime) -> Self:
        """Asked inside the claiming UPDATE, so that a pause holds from its own moment on."""
        pause = ReminderSettings.objects.filter(paused_at__isnull=False)
        waiting = self.filter(state__in=MailState.CLAIMABLE, next_attempt_at__lte=now)
        return waiting.filter(~Exists(pause) | Q(digest_key__startswith=TEST))

    def need_a_person(self) -> Self:
        return self.filter(state__in=MailState.NEED_A_PERSON)


class ReminderMail(models.Model):
    recipient = models.ForeignKey(User, models.PROTECT, related_name="reminder_mails", verbose_name="宛先")
    channel = models.CharField("送り方", max_length=10, default="email")
    # The nominal working day, "event:<line>" for what cannot wait, or "test:<minute>" for one's own test.
    digest_key = models.CharField("まとめの単位", max_length=60)
    state = models.CharField("状態", max_length=10, choices=MailState.choices, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField("試みた回数", default=0)
    created_at = models.DateTimeField("作った日時")
    next_attempt_at = models.DateTimeField("次に試みる日時")
    claimed_at = models.DateTimeField("送り始めた日時", null=True, blank=True)
    sent_at = models.DateTimeField("送信した日時", null=True, blank=True)
    message_id = models.CharField("メールの番号", max_length=120, blank=True)
    last_error = models.TextField("直近の誤り", blank=True)
    address = models.CharField("送り先", max_length=254, blank=True)
    subject = models.CharField("件名", max_length=200, blank=True)
    body = models.TextField("本文（送ったまま）", blank=True)
    # What a person wrote above the list when chasing by hand, and who it was; empty in the letters of the planner.
    message = models.TextField("添えた文", blank=True, max_length=1000)
    asked_by = models.CharField("催促した人", max_length=200, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = "催促メール"
        verbose_name_plural = "催促メール"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "channel", "digest_key"], name="one_mail_per_digest")
        ]
        indexes = [models.Index(fields=["state", "next_attempt_at"], name="mail_queue_idx")]

    def __str__(self) -> str:
        return self.subject or f"{self.recipient} {self.digest_key}"

    def get_absolute_url(self) -> str:
        return reverse("sent_mail_detail", args=[self.pk])

    @property
    def state_choice(self) -> MailState:
        return MailState(self.state)

    @property
    def is_test(self) -> bool:
        return self.digest_key.startswith(TEST)


class MailAction(models.Model):
    """What a person decided about a letter: 再送 or 取消, with the reason. Written once, never changed."""

    class Verb(models.TextChoices):
        RESEND = "resend", "再送"
        CANCEL = "cancel", "取消"

    mail = models.ForeignKey(ReminderMail, models.PROTECT, related_name="actions", verbose_name="メール")
    verb = models.CharField("操作", max_length=10, choices=Verb.choices)
    at = models.DateTimeField("日時")
    actor = models.CharField("だれ", max_length=200)
    reason = models.CharField("理由", max_length=200)
    state_before = models.CharField("前の状態", max_length=10, choices=MailState.choices)
    # A re-send is written anew (days left, things done since); what went out before must stay readable.
    body_before = models.TextField("前の本文", blank=True)

    class Meta:
        verbose_name = "催促メールの操作"
        verbose_name_plural = "催促メールの操作"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.actor}"


class JobRun(models.Model):
    """Heartbeat: one row per periodic job, written at the end of a successful run (schedule/heartbeat.py)."""

    job = models.CharField("自動処理", max_length=40, unique=True)
    finished_at = models.DateTimeField("終わった日時")
    note = models.CharField("結果", max_length=200, blank=True)

    class Meta:
        verbose_name = "自動処理の記録"
        verbose_name_plural = "自動処理の記録"

    def __str__(self) -> str:
        return self.job
