"""A mail server that is slow, hangs up between letters or refuses one of them, on one talk with many letters."""

import asyncio
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller

from schedule.models import ReminderMail
from schedule.sender import send_waiting
from tests import factories
from tests.conftest import TODAY
from tests.schedule.duties import at, item, plan_items
from tests.servers import free_port
from townhall.choices import Role

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.one_database]

LONGER_THAN_ANYBODY_WAITS = 60


class Scripted:
    """Behaves by the first word of the recipient: 「slow-1」 and 「gone-1」 only once, then well."""

    def __init__(self):
        self.texts, self.talks, self.met = [], set(), set()

    def _first_time(self, name):
        seen = name in self.met
        self.met.add(name)
        return not seen

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        name = address.partition("@")[0]
        self.talks.add(session.peer)
        if name.startswith("slow") and self._first_time(name):
            await asyncio.sleep(LONGER_THAN_ANYBODY_WAITS)
        if name.startswith("gone") and self._first_time(name):
            server.transport.abort()
        if name.startswith("unknown"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        name = envelope.rcpt_tos[0].partition("@")[0]
        self.texts.append(name)
        if name.startswith("cut"):
            server.transport.abort()
        if name.startswith("tarpit"):
            await asyncio.sleep(LONGER_THAN_ANYBODY_WAITS)
        return "250 OK"


@pytest.fixture
def server(settings):
    server = Scripted()
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "townhall.smtp.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", controller.port, 5
    yield server
    controller.stop()


@pytest.fixture
def letters_to(planning):
    """One letter to each, in this order."""

    def letters_to(*names):
        for name in names:
            factories.create_person(username=name, name="見本", role=Role.STAFF, section=planning)
        plan_items(item(section=planning))

    return letters_to


def send(now=None):
    send_waiting(clock=lambda: now or at(TODAY))
    return dict(ReminderMail.objects.order_by("pk").values_list("recipient__username", "state"))


def test_one_bad_of_three_leaves_the_talk_and_the_others_as_they_are(server, letters_to):
    letters_to("fine-1", "unknown-2", "fine-3")
    assert send() == {"fine-1": "sent", "unknown-2": "failed", "fine-3": "sent"}
    assert (server.texts, len(server.talks)) == (["fine-1", "fine-3"], 1)


def test_a_server_that_hung_up_between_two_letters_is_called_again_at_once(server, letters_to):
    letters_to("fine-1", "gone-2", "fine-3")
    assert send() == {"fine-1": "sent", "gone-2": "sent", "fine-3": "sent"}
    assert (server.texts, len(server.talks)) == (["fine-1", "gone-2", "fine-3"], 2)


def test_a_line_cut_after_the_text_is_in_doubt_and_never_handed_over_again(server, letters_to):
    letters_to("fine-1", "cut-2", "fine-3")
    assert send() == {"fine-1": "sent", "cut-2": "unknown", "fine-3": "sent"}
    assert send(at(TODAY) + timedelta(hours=5)) == {"fine-1": "sent", "cut-2": "unknown", "fine-3": "sent"}
    assert (server.texts, len(server.talks)) == (["fine-1", "cut-2", "fine-3"], 2)


def test_a_slow_server_is_given_up_and_asked_again_a_minute_later(server, letters_to, settings):
    letters_to("slow-1")
    settings.EMAIL_TIMEOUT = 1
    assert send() == {"slow-1": "retry"}
    mail = ReminderMail.objects.get()
    assert (mail.next_attempt_at, server.texts) == (at(TODAY) + timedelta(minutes=1), [])
    assert mail.last_error.startswith("メールサーバーにつながりませんでした（")
    settings.EMAIL_TIMEOUT = 30
    assert send(mail.next_attempt_at) == {"slow-1": "sent"}
    assert server.texts == ["slow-1"]


def test_a_server_that_keeps_the_text_without_an_answer_leaves_the_letter_in_doubt(server, letters_to, settings):
    letters_to("tarpit-1")
    settings.EMAIL_TIMEOUT = 1
    assert send() == {"tarpit-1": "unknown"}
    assert send(at(TODAY) + timedelta(hours=5)) == {"tarpit-1": "unknown"}
    assert server.texts == ["tarpit-1"]
