"""The outbox: one letter a person and working day, and one of its own for what cannot wait.

It puts open lines into letters and knows when none may leave; schedule/sender.py hands them to the mail server.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from django.db import IntegrityError, transaction
from django.utils import timezone

from schedule.choices import LineState, MailState
from schedule.models import ReminderLine, ReminderMail, ReminderSettings
from schedule.models.reminder import TEST, LineQuerySet
from townhall.calendar import is_closed
from townhall.models import ClosingDay, User

STUCK_AFTER = timedelta(minutes=15)  # a claimed letter without a result
CLOSED = "閉庁日"
WITHHELD = "送信を止めているため、保留にしています。"

LineKey = tuple[str, str, str]  # kind, subject, step


@dataclass(frozen=True)
class Outbox:
    """What may leave at one moment."""

    rules: ReminderSettings
    closing_days: frozenset[date]
    now: datetime

    @classmethod
    def at(cls, now: datetime) -> Self:
        """Two queries."""
        return cls(ReminderSettings.current(), ClosingDay.days(), now)

    @property
    def is_closed_day(self) -> bool:
        return is_closed(timezone.localdate(self.now), self.closing_days)

    @property
    def obstacle(self) -> str:
        """Why no letters are made now, in words; empty on a working day from the sending hour on."""
        if self.is_closed_day:
            return CLOSED
        hour = self.rules.sending_time
        return f"送る時刻（{hour:%H:%M}）の前" if timezone.localtime(self.now).time() < hour else ""

    # --- letters
    def write_digests(self, *, only_to: User | None = None) -> int:
        """One letter per person and working day, for those who have something open that no letter has named yet."""
        if self.obstacle:
            return 0
        digest_key = timezone.localdate(self.now).isoformat()
        waiting = self._untold()
        if only_to is not None:
            waiting = waiting.filter(recipient=only_to)
        people = set(waiting.values_list("recipient_id", flat=True))
        people -= set(ReminderMail.objects.filter(digest_key=digest_key).values_list("recipient_id", flat=True))
        return sum(self._write(person, digest_key) for person in sorted(people))

    def write_urgent(self, urgent: Collection[LineKey], *, only_to: User | None = None) -> int:
        """A letter of its own for each of these steps of today. After its day it stands in the usual letter."""
        if self.is_closed_day or not urgent:
            return 0
        waiting = self._untold().filter(nominal_on=timezone.localdate(self.now))
        if only_to is not None:
            waiting = waiting.filter(recipient=only_to)
        found = waiting.order_by("pk").values_list("kind", "subject", "step", "recipient_id", "pk")
        return sum(
            self._write(person, f"event:{pk}", only=pk)
            for kind, subject, step, person, pk in found
            if (kind, subject, step) in urgent
        )

    def new_mail(self, recipient: User | int, digest_key: str) -> ReminderMail:
        """Not yet saved. While sending is paused it is written and listed, and does not leave."""
        mail = ReminderMail(
            recipient_id=recipient if isinstance(recipient, int) else recipient.pk,
            digest_key=digest_key,
            created_at=self.now,
            next_attempt_at=self.now,
        )
        if self.rules.is_paused:
            mail.state, mail.last_error = MailState.WITHHELD, WITHHELD
        return mail

    def _untold(self) -> LineQuerySet:
        """Open lines that no letter has named yet, of people who take letters and kinds that are mailed."""
        lines = ReminderLine.objects.filter(
            state=LineState.DUE, mail=None, recipient__is_active=True, recipient__wants_mail=True
        )
        return lines.exclude(kind__in=self.rules.without_mail)

    def _write(self, recipient_id: int, digest_key: str, *, only: int | None = None) -> bool:
        """The letter and its lines in one transaction; False when another one was faster or nothing is left to tell."""
        mail = self.new_mail(recipient_id, digest_key)
        try:
            with transaction.atomic():
                mail.save(force_insert=True)
                attached = attach_open_lines(mail, only=only, without=self.rules.without_mail)
                if not attached:
                    transaction.set_rollback(True)
        except IntegrityError:
            return False
        return bool(attached)


def attach_open_lines(mail: ReminderMail, *, only: int | None = None, without: Collection[str] = ()) -> int:
    """Put every open line that no letter has named yet into this one; or one line, if it is such a one.

    The conditions stand on the row itself: of two letters that want a line one gets it, on every database.
    """
    lines = ReminderLine.objects.filter(recipient=mail.recipient_id, state=LineState.DUE, mail=None)
    if only is not None:
        lines = lines.filter(pk=only)
    return lines.exclude(kind__in=without).update(mail=mail)


def doubt_stuck_letters(*, now: datetime) -> int:
    """A sender died in the middle: nobody knows whether the letter left. It is never sent again by itself."""
    stuck = ReminderMail.objects.filter(state=MailState.SENDING, claimed_at__lt=now - STUCK_AFTER)
    return stuck.update(
        state=MailState.UNKNOWN, last_error="送信の途中で自動処理が止まりました。届いたかどうか分かりません。"
    )


def withhold_waiting() -> int:
    """Sending is paused: what waits stays, in sight. What a person tries on the mail server itself goes on."""
    waiting = ReminderMail.objects.filter(state__in=MailState.CLAIMABLE).exclude(digest_key__startswith=TEST)
    return waiting.update(state=MailState.WITHHELD, last_error=WITHHELD)


def release_stragglers(*, now: datetime) -> int:
    """Letters that another planner kept back while sending was being resumed."""
    kept = ReminderMail.objects.filter(state=MailState.WITHHELD)
    return kept.update(state=MailState.QUEUED, next_attempt_at=now, last_error="")
