"""What a mail server's answer means for one letter: accepted, try again, refused, or nobody can know.

SMTP cannot promise "exactly once": when the line breaks after the text was handed over, the letter may or may not
have arrived. That case is told apart here, so that such a letter is shown to a person and not sent again by itself.
"""

import smtplib
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

from townhall.mail import UnusableAddress, one_line


class Verdict(Enum):
    TRY_AGAIN = "try_again"  # not accepted, and may be accepted later
    UNREACHABLE = "unreachable"  # no talk came about; that says nothing about the letter
    REFUSED = "refused"  # will be refused again
    IN_DOUBT = "in_doubt"  # the text was handed over, the answer is missing


@dataclass(frozen=True)
class Answer:
    verdict: Verdict
    sentence: str


class LostAfterText(smtplib.SMTPException):
    """The connection broke, or the answer was unreadable, after the letter's text had been handed over."""


class _NoticesHandOver:
    """Mixed into smtplib's clients: commands are sent as str, the letter's text as bytes."""

    _in_data = False
    _handed_over = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        self._in_data, self._handed_over = True, False
        try:
            code, reply = super().data(msg)  # type: ignore[misc]
        except smtplib.SMTPDataError:
            raise  # the server refused the command itself; nothing was handed over
        except (smtplib.SMTPException, OSError) as error:
            if self._handed_over:
                raise LostAfterText(str(error)) from error
            raise
        finally:
            self._in_data = False
        if code != 250 and not 400 <= code < 600:
            raise LostAfterText(f"{code} {_text(reply)}")
        return code, reply

    def send(self, s: Any) -> None:
        if self._in_data and not isinstance(s, str):
            self._handed_over = True
        super().send(s)  # type: ignore[misc]


class SMTP(_NoticesHandOver, smtplib.SMTP):
    pass


class SMTPWithTLS(_NoticesHandOver, smtplib.SMTP_SSL):
    pass


class SmtpBackend(EmailBackend):
    """Django's backend, with clients that know whether the text has left the house."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return SMTPWithTLS if self.use_ssl else SMTP


def read_answer(error: Exception) -> Answer | None:
    """What an error of `MailRoom.send` means; None when it did not come from sending (then the letter itself is bad)."""
    if isinstance(error, UnusableAddress):
        return Answer(Verdict.REFUSED, str(error))
    if isinstance(error, UnicodeError):
        return Answer(Verdict.REFUSED, "メールアドレスか本文に、メールでは送れない文字があります。")
    if isinstance(error, LostAfterText):
        return Answer(
            Verdict.IN_DOUBT,
            f"本文を渡した後にメールサーバーとの接続が切れました。届いたかどうか分かりません。（{_text(error)}）",
        )
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, reply = next(iter(error.recipients.values()))
        return _judged(code, f"宛先が断られました（{code} {_text(reply)}）。")
    if isinstance(error, (smtplib.SMTPConnectError, smtplib.SMTPHeloError, smtplib.SMTPAuthenticationError)):
        reason = f"{error.smtp_code} {_text(error.smtp_error)}"
        return Answer(Verdict.UNREACHABLE, f"メールサーバーが接続を受け付けませんでした（{reason}）。")
    if isinstance(error, smtplib.SMTPResponseException):
        reason = f"{error.smtp_code} {_text(error.smtp_error)}"
        return _judged(error.smtp_code, f"メールサーバーが受け取りませんでした（{reason}）。")
    if isinstance(error, (smtplib.SMTPException, OSError)):
        return Answer(Verdict.UNREACHABLE, f"メールサーバーにつながりませんでした（{_text(error)}）。")
    return None


def _judged(code: int, sentence: str) -> Answer:
    return Answer(Verdict.REFUSED if 500 <= code < 600 else Verdict.TRY_AGAIN, sentence)


def _text(reply: Any) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else str(reply)
    return one_line(text)[:200]
