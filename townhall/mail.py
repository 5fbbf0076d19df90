"""Plain-text mail. One function sends one letter to one person; it says what happened, never guesses."""

import time
import uuid
from collections.abc import Sequence
from email.utils import formataddr
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email


class UnusableAddress(Exception):  # noqa: N818 - reads as the fact it reports
    """The address cannot receive mail; the message is a sentence for the 送信記録."""


class EmlFileBackend(BaseEmailBackend):
    """Writes each letter as one .eml file: the demonstration's mail server. Opens in any mail program."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            # "x": two senders at once never write into one file.
            with (folder / f"{time.time_ns()}-{uuid.uuid4().hex[:6]}.eml").open("xb") as file:
                file.write(message.message().as_bytes())
        return len(email_messages)


def one_line(text: str) -> str:
    """A header value: line breaks and other control characters become blanks."""
    return " ".join("".join(" " if ord(c) < 32 or ord(c) == 127 else c for c in text).split())


def usable_address(address: str) -> str:
    """The address if one letter can go to exactly one mailbox, else UnusableAddress with a sentence."""
    if not address:
        raise UnusableAddress("メールアドレスが登録されていません。")
    try:
        validate_email(address)
    except ValidationError:
        raise UnusableAddress(f"メールアドレスの形が正しくありません：{one_line(address)}") from None
    return address


def send_letter(*, to: str, to_name: str, subject: str, body: str, message_id: str, connection: Any = None) -> None:
    """Hand one plain-text letter to the mail server. Returns only when the server accepted it.

    Raises UnusableAddress before talking to anyone, and what smtplib raises (SMTPException, OSError) afterwards.
    `message_id` is made from the row, so that a re-send carries the same one.
    """
    address = usable_address(to)
    message = EmailMessage(
        subject=one_line(subject),
        body=body,
        from_email=formataddr(("大多喜町DX推進ポータル", settings.DEFAULT_FROM_EMAIL)),
        to=[formataddr((one_line(to_name), address)) if to_name else address],
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
        connection=connection or get_connection(),
    )
    message.send()
