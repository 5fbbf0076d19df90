"""What a person decides about a letter: 再送 and 取消, each with a reason. The sender does the rest within a minute."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from schedule.choices import MailState
from schedule.models import MailAction, ReminderMail, ReminderSettings
from townhall.models import User


class LetterError(Exception):
    """Nothing was changed; the message is a sentence."""


@transaction.atomic
def resend(mail: ReminderMail, *, by: User, today: date, now: datetime, seen_state: str, reason: str) -> ReminderMail:
    """Put the letter back into the queue. It keeps its Message-ID; what is done meanwhile is left out of it."""
    if ReminderSettings.current().is_paused and not mail.is_test:
        raise LetterError("送信を止めています。再送するには、先に設定の画面で送信を再開してください。")
    before = mail.body
    queued = {"state": MailState.QUEUED, "attempts": 0, "next_attempt_at": now, "sent_at": None, "last_error": ""}
    _change(
        mail, MailAction.Verb.RESEND, seen_state=seen_state, reason=reason, possible=MailState.RESENDABLE, to=queued
    )
    return _write_down(mail, MailAction.Verb.RESEND, by, today, now, seen_state, reason, body_before=before)


@transaction.atomic
def cancel(mail: ReminderMail, *, by: User, today: date, now: datetime, seen_state: str, reason: str) -> ReminderMail:
    """The letter is not sent (any more). Its lines stay in the portal."""
    to = {"state": MailState.CANCELLED}
    _change(mail, MailAction.Verb.CANCEL, seen_state=seen_state, reason=reason, possible=MailState.CANCELLABLE, to=to)
    return _write_down(mail, MailAction.Verb.CANCEL, by, today, now, seen_state, reason)


def _change(
    mail: ReminderMail,
    verb: MailAction.Verb,
    *,
    seen_state: str,
    reason: str,
    possible: tuple[str, ...],
    to: Mapping[str, object],
) -> None:
    if not reason.strip():
        raise LetterError("理由を入力してください。")
    if seen_state not in possible:
        raise LetterError(f"{_label(seen_state)}のメールは{verb.label}できません。")
    # The state the person saw is compared inside the UPDATE: a letter just being sent is never touched.
    if not ReminderMail.objects.filter(pk=mail.pk, state=seen_state).update(**to):
        mail.refresh_from_db()
        raise LetterError(
            f"この画面を開いた後に、状態が{_label(mail.state)}に変わりました。何も変えていません。確かめてください。"
        )


def _write_down(
    mail: ReminderMail,
    verb: MailAction.Verb,
    by: User,
    today: date,
    now: datetime,
    seen_state: str,
    reason: str,
    body_before: str = "",
) -> ReminderMail:
    MailAction.objects.create(
        mail=mail,
        verb=verb,
        at=now,
        actor=by.described_on(today),
        reason=reason,
        state_before=seen_state,
        body_before=body_before,
    )
    mail.refresh_from_db()
    return mail


def _label(state: str) -> str:
    return f"「{MailState(state).label}」" if state in MailState.values else "状態の分からない"
