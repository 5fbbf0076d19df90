"""The sender: hands letters to the mail server. At most once, and every doubt in sight.

It may run in any number of processes. Whoever wants a letter claims its row with one conditional UPDATE, which also
writes down what is going to leave and asks once more whether its things are open; a letter counts as sent only after
the mail server accepted it. Celery only wakes it up; all state stands in rows.
"""

import logging
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from schedule import restored
from schedule.choices import LineState, MailState
from schedule.letters import letter_of
from schedule.models import ReminderLine, ReminderMail
from schedule.models.reminder import MailQuerySet
from schedule.recipients import people_in_post
from townhall.mail import MailRoom, one_line
from townhall.models import User
from townhall.permissions import Permission, can
from townhall.smtp import Answer, Verdict, read_answer

logger = logging.getLogger(__name__)

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
MAX_ATTEMPTS = len(BACK_OFF) + 1
# Each vain attempt may wait for EMAIL_TIMEOUT. When the server is away, the next run tries again a minute later.
UNREACHABLE_AT_MOST = 3
# So many are read at once. Other senders take some of them meanwhile, and people change: then they are read again.
LOOK_AHEAD = 100
MET_AT_MOST = 10
FRESH_FOR = timedelta(seconds=30)
GONE = "宛先の人がポータルを使えなくなりました。"


@dataclass(frozen=True)
class Outcome:
    state: MailState
    sentence: str = ""
    is_unreachable: bool = False


@dataclass(frozen=True)
class _Waiting:
    """A letter that is due, as it was read: to whom, and what is still open of its things."""

    mail: ReminderMail
    person: User | None  # None: without any post
    lines: tuple[ReminderLine, ...]


class _Books:
    """What became of the last letter, written down in one transaction with the claim of the next: one commit a letter.

    A sender that dies in between leaves a letter that is being sent, and that is doubted like any other.
    """

    def __init__(self) -> None:
        self._open: tuple[ReminderMail, dict[str, object]] | None = None

    def __enter__(self) -> "_Books":
        return self

    def __exit__(self, *args: object) -> None:
        self.write()

    def keep(self, mail: ReminderMail, outcome: Outcome, *, now: datetime) -> None:
        self._open = mail, _recorded(outcome, attempts=mail.attempts, now=now)

    def write(self) -> None:
        if self._open is not None:
            mail, values = self._open
            _claimed(mail).update(**values)

    def close(self) -> None:
        """What was written is there to stay."""
        self._open = None


class _ChangedError(Exception):
    """Somebody else has the letter, or it or its things have changed since they were read, or sending was paused."""


def send_waiting(
    *, clock: Callable[[], datetime], only_to: User | None = None, redirect_to: str = ""
) -> dict[MailState, int]:
    """Send every letter that is due; how many ended in which state. `clock` tells the time before each letter.

    `redirect_to` takes everybody's letters, on a copy of the portal that must not write to people.
    """
    counts: dict[MailState, int] = {}
    unreachable = 0
    last: ReminderMail | None = None
    restored.withhold_after_restore(now=clock())
    with MailRoom() as room, _Books() as books:
        for mail, outcome in _taken_letters(clock, only_to, redirect_to, books):
            if outcome is None:
                outcome = _hand_over(mail, room)
                books.keep(mail, outcome, now=clock())
                last = mail if outcome.state == MailState.SENT else last
            counts[outcome.state] = counts.get(outcome.state, 0) + 1
            unreachable = unreachable + 1 if outcome.is_unreachable else 0
            if unreachable == UNREACHABLE_AT_MOST:
                break
    if last is not None:
        restored.remember(last)
    return counts


def _taken_letters(
    clock: Callable[[], datetime], only_to: User | None, redirect_to: str, books: _Books
) -> Iterator[tuple[ReminderMail, Outcome | None]]:
    """One letter after the other, each taken just before it is worked on; with an outcome: it is not to be sent."""
    met = 0
    while found := _waiting(read_at := clock(), only_to):
        if met:
            random.shuffle(found)  # who begins with the oldest meets the others at every letter
        met = 0
        while found and met < MET_AT_MOST and (now := clock()) - read_at <= FRESH_FOR:
            waiting = found.pop(0)
            try:
                outcome = _take(waiting, books, now=now, redirect_to=redirect_to)
            except _ChangedError:
                random.shuffle(found)
                met += 1
            else:
                yield waiting.mail, outcome


def _waiting(now: datetime, only_to: User | None) -> list[_Waiting]:
    """The next few; three queries."""
    letters: MailQuerySet = ReminderMail.objects.claimable(now=now)
    if only_to is not None:
        letters = letters.filter(recipient=only_to)
    mails = list(letters.order_by("next_attempt_at", "pk")[:LOOK_AHEAD])
    if not mails:
        return []
    people = people_in_post([mail.recipient_id for mail in mails], today=timezone.localdate(now))
    lines: dict[int | None, list[ReminderLine]] = defaultdict(list)
    for line in ReminderLine.objects.filter(mail__in=mails, state=LineState.DUE).order_by("due_on", "pk"):
        lines[line.mail_id].append(line)
    return [_Waiting(mail, people.get(mail.recipient_id), tuple(lines[mail.pk])) for mail in mails]


# --- taking a letter -------------------------------------------------------------------------------------------------
def _take(waiting: _Waiting, books: _Books, *, now: datetime, redirect_to: str) -> Outcome | None:
    """Claim the letter together with what is going to leave: None, and it can be handed over.

    An outcome says why it is not sent; it is recorded already. A letter that cannot be written never stops the others.
    """
    mail, today = waiting.mail, timezone.localdate(now)
    try:
        outcome = _not_to_be_sent(waiting, today)
        if outcome is None:
            # Written down before it is handed over: whatever happens next, people can see what may have arrived.
            _claim(waiting, books, now=now, state=MailState.SENDING, **_written(waiting, redirect_to, today))
            return None
    except _ChangedError:
        raise
    except Exception as error:
        outcome = _failed(mail, error, attempts=mail.attempts + 1)
    _claim(waiting, books, now=now, **_recorded(outcome, attempts=mail.attempts + 1, now=now))
    if outcome.state == MailState.CANCELLED:
        # The planner finds who stands in, and writes new lines under that person's key.
        mail.lines.filter(state=LineState.DUE).update(state=LineState.CANCELLED, state_reason=GONE)
    return outcome


def _not_to_be_sent(waiting: _Waiting, today: date) -> Outcome | None:
    if waiting.person is None or not can(waiting.person, Permission.VIEW_PORTAL, today=today):
        return Outcome(MailState.CANCELLED, f"{GONE}用件は代わりの人へ回します。")
    if waiting.mail.is_test:
        return None
    if not waiting.person.wants_mail:
        return Outcome(MailState.SKIPPED, "本人がメールを受け取らない設定です。用件はポータルに出ています。")
    if not waiting.lines:
        return Outcome(MailState.SKIPPED, "送る前に、すべての用件が済みました。")
    return None


def _written(waiting: _Waiting, redirect_to: str, today: date) -> dict[str, str]:
    mail, person = waiting.mail, waiting.person or waiting.mail.recipient
    mail.recipient = person
    letter = letter_of(mail, waiting.lines, today=today)
    mail.address, mail.subject, mail.body = redirect_to or person.email, letter.subject, letter.body
    mail.message_id = mail.message_id or _message_id(mail)
    return {name: getattr(mail, name) for name in ("address", "subject", "body", "message_id")} | {"last_error": ""}


def _claim(waiting: _Waiting, books: _Books, *, now: datetime, **values: object) -> None:
    """One row changed: the letter is mine, and it says what is open at this moment."""
    mail = waiting.mail
    named = Q(pk__in=[line.pk for line in waiting.lines])
    changed = ReminderLine.objects.filter(mail=OuterRef("pk")).filter(
        (Q(state=LineState.DUE) & ~named) | (named & ~Q(state=LineState.DUE))
    )
    read = {name: getattr(mail, name) for name in ("pk", "attempts", "message", "asked_by")}
    mine = ReminderMail.objects.filter(~Exists(changed), **read).claimable(now=now)
    with transaction.atomic():
        books.write()
        is_mine = mine.update(claimed_at=now, attempts=mail.attempts + 1, **values)
    books.close()
    if not is_mine:
        raise _ChangedError
    mail.attempts, mail.claimed_at = mail.attempts + 1, now


# --- handing it over -------------------------------------------------------------------------------------------------
def _hand_over(mail: ReminderMail, room: MailRoom) -> Outcome:
    """One letter, whatever happens to it. No transaction is open."""
    try:
        room.send(
            to=mail.address,
            to_name=mail.recipient.name,
            subject=mail.subject,
            body=mail.body,
            message_id=mail.message_id,
        )
    except Exception as error:
        return _failed(mail, error, attempts=mail.attempts)
    return Outcome(MailState.SENT)


def _failed(mail: ReminderMail, error: Exception, *, attempts: int) -> Outcome:
    logger.warning("reminder mail %s: %s: %s", mail.pk, type(error).__name__, error)
    return _outcome_of(error, attempts=attempts)


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


def _recorded(outcome: Outcome, *, attempts: int, now: datetime) -> dict[str, object]:
    values: dict[str, object] = {"state": outcome.state, "last_error": outcome.sentence}
    if outcome.state == MailState.SENT:
        values["sent_at"] = now
    if outcome.state == MailState.RETRY:
        values["next_attempt_at"] = now + BACK_OFF[attempts - 1]
    return values


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
