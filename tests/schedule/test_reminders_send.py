"""The sender: what becomes of a letter. Outcomes of a real mail server are in tests/faults."""

import smtplib
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from typing import ClassVar

import pytest
from django.core import mail as mailbox
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from schedule import reminders
from schedule.choices import MailState
from schedule.models import ReminderLine, ReminderMail
from schedule.reminders import settle
from schedule.sender import BACK_OFF, MAX_ATTEMPTS, send_waiting
from tests import factories
from tests.conftest import TODAY
from tests.schedule.duties import at, item, plan_items
from townhall.changes import save_row
from townhall.choices import Role
from townhall.mail import UnusableAddress
from townhall.models import RoleAssignment, User
from townhall.smtp import LostAfterText, Verdict, read_answer

pytestmark = pytest.mark.django_db

MORNING = at(TODAY)


def send(now: datetime = MORNING, **values):
    return send_waiting(clock=lambda: now, **values)


def edit(person, **values):
    for name, value in values.items():
        setattr(person, name, value)
    save_row(person, by=factories.TESTS, seen_version=person.version, today=TODAY)


def states():
    return list(ReminderMail.objects.order_by("pk").values_list("state", flat=True))


@pytest.fixture
def letter(clerk, planning):
    """One letter to the clerk, waiting."""
    plan_items(item(section=planning))
    return ReminderMail.objects.get()


class Broken(EmailBackend):
    """A mail server that answers every letter with `error`."""

    error: Exception = ConnectionRefusedError(111, "Connection refused")
    tried = 0

    def send_messages(self, messages):
        type(self).tried += 1
        raise type(self).error


class Watching(EmailBackend):
    """Remembers for each letter whether a transaction was open."""

    seen: ClassVar[list[bool]] = []

    def send_messages(self, messages):
        self.seen.append(connection.in_atomic_block)
        return super().send_messages(messages)


@pytest.fixture
def broken(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    monkeypatch.setattr(Broken, "tried", 0)
    return lambda error: monkeypatch.setattr(Broken, "error", error)


def test_a_letter_is_sent_once_and_kept_as_sent(letter, clerk):
    assert send() == {MailState.SENT: 1}
    assert send() == {}
    [message] = mailbox.outbox
    letter.refresh_from_db()
    assert (letter.state, letter.sent_at, letter.attempts) == (MailState.SENT, MORNING, 1)
    assert (letter.address, letter.subject, letter.body) == (clerk.email, message.subject, message.body)
    assert message.extra_headers["Message-ID"] == letter.message_id
    assert parseaddr(message.to[0])[1] == clerk.email


def test_the_message_id_is_made_from_the_row(letter):
    send()
    letter.refresh_from_db()
    assert letter.message_id == f"<reminder-{letter.pk}-20261124000000@127.0.0.1>"


def test_no_transaction_is_open_while_talking_to_the_mail_server(transactional_db, letter, settings):
    Watching.seen.clear()
    settings.EMAIL_BACKEND = f"{__name__}.Watching"
    send()
    assert Watching.seen == [False]


def test_what_is_done_meanwhile_is_left_out(letter, clerk, planning):
    tomorrow = date(2026, 11, 25)
    second = item(
        section=planning, subject="thing:2", title="令和8年度 DX研修", due_on=date(2026, 12, 2), until=tomorrow
    )
    plan_items(item(section=planning), second, today=tomorrow)
    settle(kind="thing", subject="thing:1", reason="済ませました。")
    send(at(tomorrow))
    [message] = mailbox.outbox
    assert "DX研修" in message.body
    assert "情報セキュリティ研修" not in message.body
    assert states() == [MailState.SKIPPED, MailState.SENT]


def test_a_letter_of_nothing_left_is_skipped(letter):
    settle(kind="thing", subject="thing:1", reason="済ませました。")
    assert send() == {MailState.SKIPPED: 1}
    assert mailbox.outbox == []


@pytest.mark.parametrize("how", ["stopped", "out of term"])
def test_a_person_who_is_gone_gets_nothing_and_the_next_one_takes_over(letter, clerk, section_head, planning, how):
    if how == "stopped":
        edit(clerk, is_active=False)
    else:
        edit(clerk.posts.get(), valid_until=date(2026, 11, 23))
    assert send() == {MailState.CANCELLED: 1}
    tomorrow = date(2026, 11, 25)
    plan_items(item(section=planning, until=tomorrow), today=tomorrow)
    assert send(at(tomorrow)) == {MailState.SENT: 1}
    assert [parseaddr(message.to[0])[1] for message in mailbox.outbox] == [section_head.email]


def test_who_has_turned_mail_off_meanwhile_gets_none(letter, clerk):
    edit(clerk, wants_mail=False)
    assert send() == {MailState.SKIPPED: 1}
    assert [line.title for line in ReminderLine.objects.open_for(clerk)] == ["令和8年度 情報セキュリティ研修"]


def test_a_missing_address_fails_in_sight(letter, clerk):
    edit(clerk, email="")
    assert send() == {MailState.FAILED: 1}
    letter.refresh_from_db()
    assert letter.last_error == "メールアドレスが登録されていません。"
    assert list(ReminderMail.objects.need_a_person()) == [letter]


def test_temporary_trouble_is_tried_again_later_and_later_then_given_up(letter, broken):
    now, waits = MORNING, []
    for attempt in range(1, MAX_ATTEMPTS + 1):
        send(now)
        letter.refresh_from_db()
        assert letter.attempts == attempt
        waits.append(letter.next_attempt_at - now)
        assert send(letter.next_attempt_at - timedelta(seconds=1)) == {}  # not before its time
        now = letter.next_attempt_at
    assert waits[:-1] == list(BACK_OFF)
    assert letter.state == MailState.FAILED
    assert letter.last_error.startswith("6回試みましたが送れませんでした。メールサーバーにつながりませんでした")


def test_sent_on_recovery(letter, broken, settings):
    send()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send(MORNING + timedelta(minutes=1)) == {MailState.SENT: 1}
    letter.refresh_from_db()
    assert (letter.attempts, letter.last_error) == (2, "")


def test_a_server_that_is_away_is_not_asked_for_every_letter(clerk, planning, broken):
    for n in range(5):
        factories.create_person(username=f"more{n}", name=f"見本 {n}", role=Role.STAFF, section=planning)
    plan_items(item(section=planning))
    assert send() == {MailState.RETRY: 3}
    assert Broken.tried == 3
    assert states().count(MailState.QUEUED) == 3


def test_a_poison_letter_fails_alone(clerk, planning):
    poisoned = factories.create_person(username="poison", name="見本 毒", role=Role.STAFF, section=planning)
    edit(poisoned, email="doku@日本.example")  # passes as an address and cannot be written into a header
    factories.create_person(username="after", name="見本 次", role=Role.STAFF, section=planning)
    plan_items(item(section=planning))
    assert send() == {MailState.SENT: 2, MailState.FAILED: 1}
    assert states() == [MailState.SENT, MailState.FAILED, MailState.SENT]
    assert ReminderMail.objects.get(recipient=poisoned).last_error.endswith("。")


@pytest.mark.one_database
def test_one_poisoned_letter_of_500_leaves_499_sent(clerk):
    """As many rows as that, without as many people making them."""
    names = [f"p{number:03}" for number in range(500)]
    people = User.objects.bulk_create(User(username=name, name="見本", email=f"{name}@town.example") for name in names)
    RoleAssignment.objects.bulk_create(
        RoleAssignment(user=person, role=Role.MEMBER, valid_from=date(2026, 4, 1)) for person in people
    )
    waiting = {"digest_key": TODAY.isoformat(), "created_at": MORNING, "next_attempt_at": MORNING}
    mails = ReminderMail.objects.bulk_create(ReminderMail(recipient=person, **waiting) for person in people)
    ReminderLine.objects.bulk_create(
        ReminderLine(
            **{"kind": "thing", "subject": "thing:1", "step": "2026-11-23:D-7", "title": "研修", "path": "/duties/1/"},
            **{"nominal_on": date(2026, 11, 23), "due_on": date(2026, 11, 30), "created_at": MORNING},
            recipient=mail.recipient,
            mail=mail,
        )
        for mail in mails
    )
    User.objects.filter(username="p250").update(email="doku@日本.example")
    assert send() == {MailState.SENT: 499, MailState.FAILED: 1}
    assert len(mailbox.outbox) == 499
    assert list(ReminderMail.objects.need_a_person().values_list("recipient__username", flat=True)) == ["p250"]


def test_a_letter_that_cannot_be_written_fails_with_the_reason(letter, settings):
    settings.PORTAL_URL = None
    assert send() == {MailState.FAILED: 1}
    letter.refresh_from_db()
    assert letter.last_error.startswith("手紙を作れませんでした（TypeError: ")


def test_a_stuck_letter_is_doubted_and_not_sent_again(letter, planning):
    ReminderMail.objects.update(state=MailState.SENDING, claimed_at=MORNING, attempts=1)
    plan_items(item(section=planning))
    assert states() == [MailState.SENDING]
    later = MORNING + timedelta(minutes=16)
    planned = reminders.plan([item(section=planning)], kinds=["thing"], today=TODAY, now=later)
    assert planned.doubtful == 1
    assert states() == [MailState.UNKNOWN]
    assert send(later) == {}


def test_only_to_sends_nobody_elses_letter(letter, planning):
    other = factories.create_person(username="other", name="見本 九郎", role=Role.STAFF, section=planning)
    plan_items(item(section=planning))
    assert send(only_to=other) == {MailState.SENT: 1}
    assert states() == [MailState.QUEUED, MailState.SENT]


RECIPIENT = "a@town.example"


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (ConnectionRefusedError(111, "Connection refused"), Verdict.UNREACHABLE),
        (TimeoutError("timed out"), Verdict.UNREACHABLE),
        (smtplib.SMTPConnectError(554, b"no"), Verdict.UNREACHABLE),
        (smtplib.SMTPAuthenticationError(535, b"wrong password"), Verdict.UNREACHABLE),
        (smtplib.SMTPServerDisconnected("Connection unexpectedly closed"), Verdict.UNREACHABLE),
        (smtplib.SMTPRecipientsRefused({RECIPIENT: (450, b"greylisted")}), Verdict.TRY_AGAIN),
        (smtplib.SMTPRecipientsRefused({RECIPIENT: (550, b"no such user")}), Verdict.REFUSED),
        (smtplib.SMTPSenderRefused(451, b"later", RECIPIENT), Verdict.TRY_AGAIN),
        (smtplib.SMTPSenderRefused(553, b"no", RECIPIENT), Verdict.REFUSED),
        (smtplib.SMTPDataError(452, b"disk full"), Verdict.TRY_AGAIN),
        (smtplib.SMTPDataError(554, b"spam"), Verdict.REFUSED),
        (LostAfterText("Connection unexpectedly closed"), Verdict.IN_DOUBT),
        (UnusableAddress("メールアドレスが登録されていません。"), Verdict.REFUSED),
    ],
)
def test_every_answer_of_a_mail_server_has_a_meaning_and_a_sentence(error, verdict):
    answer = read_answer(error)
    assert answer.verdict is verdict
    assert answer.sentence.endswith(("。", "）"))


def test_an_error_of_our_own_is_no_answer_of_the_mail_server():
    assert read_answer(KeyError("title")) is None
