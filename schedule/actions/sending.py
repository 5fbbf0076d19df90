"""通知と催促の設定: changing them, stopping the mail and going on, and a letter to oneself. Rows only, no mail server."""

from datetime import date, datetime
from enum import Enum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from schedule.choices import LineState, MailState
from schedule.models import ReminderLine, ReminderMail, ReminderSettings
from schedule.models.reminder import TEST
from schedule.outbox import withhold_waiting
from townhall.changes import StaleVersion, create_row, save_row
from townhall.models import User


class SendingError(Exception):
    """Nothing was changed; the message is a sentence."""


class Withheld(Enum):
    """What becomes of the letters that were kept back."""

    SEND = "send"
    DROP = "drop"


@transaction.atomic
def change_settings(*, by: Any, today: date, seen_version: int | None, **values: Any) -> ReminderSettings:
    """Raises StaleVersion and ValidationError; then nothing is saved."""
    row = ReminderSettings.current()
    for name, value in values.items():
        setattr(row, name, value)
    return _save(row, by=by, today=today, seen_version=seen_version)


@transaction.atomic
def choose_mail(*, by: User, today: date, seen_version: int | None, wants_mail: bool) -> User:
    """A person's own choice. What is open stays in the portal either way. Raises StaleVersion."""
    person = User.objects.get(pk=by.pk)
    person.wants_mail = wants_mail
    save_row(person, by=by, seen_version=seen_version, today=today)
    return person


@transaction.atomic
def pause(*, by: Any, today: date, now: datetime, seen_version: int | None, reason: str) -> ReminderSettings:
    """From now on letters are written and listed, and none leaves. Notices in the portal go on."""
    row = ReminderSettings.current()
    _require_seen(row, seen_version)
    if row.is_paused:
        raise SendingError("送信は、もう止まっています。")
    if not reason.strip():
        raise SendingError("止める理由を入力してください。")
    row.paused_at, row.paused_by, row.pause_reason = now, by.described_on(today), reason.strip()
    _save(row, by=by, today=today, seen_version=seen_version, reason=f"送信を止める：{row.pause_reason}")
    withhold_waiting()
    return row


@transaction.atomic
def resume(
    *, by: Any, today: date, now: datetime, seen_version: int | None, withheld: Withheld, reason: str = ""
) -> int:
    """Letters leave again; how many of those kept back are sent or given up. Each person gets one at most."""
    row = ReminderSettings.current()
    _require_seen(row, seen_version)
    if not row.is_paused:
        raise SendingError("送信は止まっていません。")
    row.paused_at, row.paused_by, row.pause_reason = None, "", ""
    choice = "保留のメールを送る" if withheld is Withheld.SEND else "保留のメールを送らない"
    words = f"送信を再開する（{choice}）" + (f"：{reason.strip()}" if reason.strip() else "")
    _save(row, by=by, today=today, seen_version=seen_version, reason=words)
    kept = list(ReminderMail.objects.filter(state=MailState.WITHHELD).order_by("pk"))
    return _send(kept, today=today, now=now) if withheld is Withheld.SEND else _drop(kept)


def write_test_letter(*, by: User, now: datetime) -> ReminderMail:
    """A letter to oneself, at most one a minute; the sender finds it like any other, also while sending is paused."""
    mail = ReminderMail(
        recipient=by, digest_key=f"{TEST}{now:%Y%m%d%H%M}", created_at=now, next_attempt_at=now, asked_by=str(by)
    )
    try:
        with transaction.atomic():
            mail.save(force_insert=True)
    except IntegrityError:  # the button was pressed twice
        return ReminderMail.objects.get(recipient=by, channel=mail.channel, digest_key=mail.digest_key)
    return mail


# --- what was kept back
def _send(kept: list[ReminderMail], *, today: date, now: datetime) -> int:
    """Today's letters leave. What older ones named goes into today's, or into the next one: no pile of old letters."""
    of_today = {mail.recipient_id: mail for mail in kept if mail.digest_key == today.isoformat()}
    for mail in kept:
        if mail.digest_key == today.isoformat():
            _change(mail, state=MailState.QUEUED, attempts=0, next_attempt_at=now, last_error="")
        else:
            lines = ReminderLine.objects.filter(mail=mail, state=LineState.DUE)
            lines.update(mail=of_today.get(mail.recipient_id))
            told = "送信を止めている間に日が過ぎました。用件は、再開した後の手紙にまとめます。"
            _change(mail, state=MailState.CANCELLED, last_error=told)
    return len(kept)


def _drop(kept: list[ReminderMail]) -> int:
    """Their lines stay with them, so that no other letter names them; the portal goes on showing them."""
    told = "送信を再開したときに、送らないことにしました。用件はポータルに出ています。"
    return sum(_change(mail, state=MailState.CANCELLED, last_error=told) for mail in kept)


def _change(mail: ReminderMail, **values: Any) -> int:
    return ReminderMail.objects.filter(pk=mail.pk, state=MailState.WITHHELD).update(**values)


# --- the row
def _require_seen(row: ReminderSettings, seen_version: int | None) -> None:
    """Say "somebody was faster" before any rule about the state they left behind; `_save` decides the race."""
    if row.seen != seen_version:
        raise StaleVersion(row, seen_version)


def _save(
    row: ReminderSettings, *, by: Any, today: date, seen_version: int | None, reason: str = ""
) -> ReminderSettings:
    if row.seen != 0:
        return save_row(row, by=by, today=today, seen_version=seen_version, reason=reason)
    if seen_version != 0:
        raise StaleVersion(row, seen_version)
    try:
        with transaction.atomic():
            return create_row(row, by=by, today=today, reason=reason)
    except (IntegrityError, ValidationError):
        first = ReminderSettings.objects.filter(pk=row.pk).first()
        if first is None:
            raise
        raise StaleVersion(first, seen_version) from None  # two people made the first change at the same moment
