"""The sender: hands letters to the mail server. At most once, and every doubt in sight.

It may run in any number of processes. Whoever wants a letter claims its row with one conditional UPDATE; a letter
counts as sent only after the mail server accepted it. Celery only wakes it up; all state stands in rows.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError
from django.db.models import F
from django.utils import timezone

from schedule.choices import LineState, MailState
from schedule.letters import letter_of
from schedule.models import ReminderMail
from schedule.models.reminder import MailQuerySet
from townhall.mail import MailRoom, one_line
from townhall.models import User
from townhall.permissions import Permission, can
from townhall.smtp import Answer, Verdict, read_answer

logger = logging.getLogger(__name__)

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
MAX_ATTEMPTS = len(BACK_OFF) + 1
# Each vain attempt may wait for EMAIL_TIMEOUT. When the server is away, the next run tries again a minute later.
UNREACHABLE_AT_MOST = 3
LOOK_AHEAD = 20


@dataclass(frozen=True)
class Outcome:
    state: MailState
    sentence: str = ""
    is_unreachable: bool = False


def send_waiting(
    *, clock: Callable[[], datetime], only_to: User | None = None, redirect_to: str = ""
) -> dict[MailState, int]:
    """Send every letter that is due; how many ended in which state. `clock` tells the time before each letter.

    `redirect_to` takes everybody's letters, on a copy of the portal that must not write to people.
    """
    counts: dict[MailState, int] = {}
    unreachable = 0
    with MailRoom() as room:
        for mail in _claimed_letters(clock, only_to):
            outcome = _deliver(mail, room, now=clock(), redirect_to=redirect_to)
            _record(mail, outcome, now=clock())
            counts[outcome.state] = counts.get(outcome.state, 0) + 1
            unreachable = unreachable + 1 if outcome.is_unreachable else 0
            if unreachable == UNREACHABLE_AT_MOST:
                break
    return counts


def _claimed_letters(clock: Callable[[], datetime], only_to: User | None) -> Iterator[ReminderMail]:
    """One letter after the other, each claimed just before it is worked on."""
    while pks := _waiting(clock(), only_to):
        for pk in pks:
            now = clock()
            # One row changed: the letter is mine. None: somebody else has it, or sending was paused.
            if (
                ReminderMail.objects.filter(pk=pk)
                .claimable(now=now)
                .update(state=MailState.SENDING, claimed_at=now, attempts=F("attempts") + 1)
            ):
                yield ReminderMail.objects.select_related("recipient").get(pk=pk)


def _waiting(now: datetime, only_to: User | None) -> list[int]:
    """The next few; all senders begin with the same ones and meet at most that often."""
    waiting: MailQuerySet = ReminderMail.objects.claimable(now=now)
    if only_to is not None:
        waiting = waiting.filter(recipient=only_to)
    return list(waiting.order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:LOOK_AHEAD])


def _deliver(mail: ReminderMail, room: MailRoom, *, now: datetime, redirect_to: str) -> Outcome:
    """One letter, whatever happens to it: a letter that cannot be made or sent never stops the others."""
    try:
        return _attempt(mail, room, now=now, redirect_to=redirect_to)
    except Exception as error:
        logger.warning("reminder mail %s: %s: %s", mail.pk, type(error).__name__, error)
        return _outcome_of(error, attempts=mail.attempts)


def _outcome_of(error: Exception, *, attempts: int) -> Outcome:
    answer = read_answer(error)
    if isinstance(error, DatabaseError):
        answer = Answer(Verdict.TRY_AGAIN, "データベースを使えませんでした。")
    if answer is None:
        reason = one_line(f"{type(error).__name__}: {error}")[:500]
        return Outcome(MailState.FAILED, f"手紙を作れませんでした（{reason}）。")
    if answer.verdict is Verdict.IN_DOUBT:
        return Outcome(MailState.UNKNOWN, answer.sentence)
    if answer.verdict is Verdict.REFUSED:
        return Outcome(MailState.FAILED, answer.sentence)
    unreachable = answer.verdict is Verdict.UNREACHABLE
    if attempts >= MAX_ATTEMPTS:
        return Outcome(MailState.FAILED, f"{attempts}回試みましたが送れませんでした。{answer.sentence}", unreachable)
    return Outcome(MailState.RETRY, answer.sentence, unreachable)


def _attempt(mail: ReminderMail, room: MailRoom, *, now: datetime, redirect_to: str) -> Outcome:
    person, today = mail.recipient, timezone.localdate(now)
    lines = mail.lines.filter(state=LineState.DUE)
    if not can(person, Permission.VIEW_PORTAL, today=today):
        # The planner finds who stands in, and writes new lines under that person's key.
        lines.update(state=LineState.CANCELLED, state_reason="宛先の人がポータルを使えなくなりました。")
        return Outcome(MailState.CANCELLED, "宛先の人がポータルを使えなくなりました。用件は代わりの人へ回します。")
    if not person.wants_mail and not mail.is_test:
        return Outcome(MailState.SKIPPED, "本人がメールを受け取らない設定です。用件はポータルに出ています。")
    open_lines = list(lines.order_by("due_on", "pk"))
    if not open_lines and not mail.is_test:
        return Outcome(MailState.SKIPPED, "送る前に、すべての用件が済みました。")
    letter = letter_of(mail, open_lines, today=today)
    mail.message_id = mail.message_id or _message_id(mail)
    address = redirect_to or person.email
    # Written down before it is handed over: whatever happens next, people can see what may have arrived.
    _claimed(mail).update(
        address=address, subject=letter.subject, body=letter.body, message_id=mail.message_id, last_error=""
    )
    room.send(to=address, to_name=person.name, subject=letter.subject, body=letter.body, message_id=mail.message_id)
    return Outcome(MailState.SENT)


def _record(mail: ReminderMail, outcome: Outcome, *, now: datetime) -> None:
    values: dict[str, object] = {"state": outcome.state, "last_error": outcome.sentence}
    if outcome.state == MailState.SENT:
        values["sent_at"] = now
    if outcome.state == MailState.RETRY:
        values["next_attempt_at"] = now + BACK_OFF[mail.attempts - 1]
    _claimed(mail).update(**values)


def _claimed(mail: ReminderMail) -> MailQuerySet:
    """The row as I claimed it; a planner that lost patience meanwhile is overruled by the one who knows."""
    return ReminderMail.objects.filter(
        pk=mail.pk,
        attempts=mail.attempts,
        claimed_at=mail.claimed_at,
        state__in=(MailState.SENDING, MailState.UNKNOWN),
    )


def _message_id(mail: ReminderMail) -> str:
    """Made from the row, so that a re-send carries the same one and a mail server may drop the repetition."""
    host = urlsplit(settings.PORTAL_URL).hostname or "localhost"
    return f"<reminder-{mail.pk}-{mail.created_at:%Y%m%d%H%M%S}@{host}>"
