"""Plain-text mail. A letter goes to one person; what happened to it is said, never guessed."""

import smtplib
import time
import uuid
from collections.abc import Sequence
from email.utils import formataddr
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email

# Refusals of one letter, after which the same talk goes on; but not with this code, which ends it.
REFUSALS = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)
CLOSING = 421


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


def _codes(error: Exception) -> set[int]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return {code for code, _ in error.recipients.values()}
    return {error.smtp_code} if isinstance(error, smtplib.SMTPResponseException) else set()


def leaves_line_open(error: Exception) -> bool:
    return isinstance(error, (UnicodeError, *REFUSALS)) and CLOSING not in _codes(error)


def is_hung_up(error: Exception) -> bool:
    """The other side ended the talk before this letter's text: nothing of it has left."""
    if isinstance(error, REFUSALS):
        return CLOSING in _codes(error)
    return isinstance(error, (smtplib.SMTPServerDisconnected, ConnectionError))


class MailRoom:
    """One talk with the mail server, kept open for many letters; each letter is a transaction of its own.

    Use it as a context. A server that has hung up between two letters is called again, once a letter.
    """

    def __init__(self) -> None:
        self._line: BaseEmailBackend | None = None
        self._is_fresh = True

    def __enter__(self) -> "MailRoom":
        return self

    def __exit__(self, *args: object) -> None:
        self.hang_up()

    def hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def send(self, *, to: str, to_name: str, subject: str, body: str, message_id: str) -> None:
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
        )
        try:
            self._hand_over(message)
        except Exception as error:
            was_fresh = self._is_fresh
            if not leaves_line_open(error):
                self.hang_up()
            if was_fresh or not is_hung_up(error):
                raise
            self._hand_over(message)

    def _hand_over(self, message: EmailMessage) -> None:
        self._is_fresh = self._line is None
        if self._line is None:
            self._line = get_connection()
            self._line.open()
        self._line.send_messages([message])
