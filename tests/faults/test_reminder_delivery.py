"""Real processes, a real broker and a mail server that misbehaves: nothing twice, nothing lost unseen."""

import os
import signal
import subprocess
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as django_settings

from otaki_dx.celery import app
from schedule.models import ReminderMail
from schedule.sender import send_waiting
from tests import factories
from tests.conftest import TODAY
from tests.faults.conftest import PEOPLE
from tests.schedule.duties import at, item, plan_items
from tests.servers import free_port, running_valkey
from townhall.choices import Role

# django_db also says: run on both databases.
pytestmark = [pytest.mark.faults, pytest.mark.django_db]


def test_four_processes_at_once_plan_and_send_everything_once(town, sink):
    sink.delay = 0.02
    senders = [town.send_reminders() for _ in range(4)]
    assert town.wait_for(*senders) == [0, 0, 0, 0]
    assert (sorted(sink.received), sink.twice) == ([f"p{n:02}@town.example" for n in range(PEOPLE)], [])
    assert town.mails == {"sent": PEOPLE}
    assert town.count("schedule_reminderline", "state") == {"due": PEOPLE, "missed": PEOPLE}


def test_killed_senders_lose_nothing_unseen_and_send_nothing_twice(town, sink):
    sink.delay = 0.05
    kills = 0
    for received in (3, 8):
        sender = town.send_reminders()
        sink.wait_for(received)
        os.kill(sender, signal.SIGKILL)
        assert town.wait_for(sender) == [-signal.SIGKILL]
        assert len(sink.received) < PEOPLE  # in the middle
        kills += 1
    assert town.wait_for(town.send_reminders()) == [0]
    assert town.wait_for(town.send_reminders("2026-11-25")) == [
        0
    ]  # by now a letter still being sent is in doubt, and shown as such
    unknown = town.mails.get("unknown", 0)
    assert town.mails.get("sent", 0) + unknown == PEOPLE
    assert unknown <= kills
    assert sink.twice == []
    assert len(sink.received) >= PEOPLE - unknown


def test_a_reminder_arrives_once_through_worker_and_broker(town, sink):
    """Both tasks are put into the queue five times over; two worker processes take them."""
    socket = town.folder / "valkey.sock"
    url = f"redis+socket://{socket}"
    town.environment["REDIS_URL"] = url
    with running_valkey(socket), town.start("-m", "tests.faults.travelling_worker") as worker:
        with app.connection_for_write(url) as broker:
            for _ in range(5):
                for entry in django_settings.CELERY_BEAT_SCHEDULE.values():
                    app.send_task(entry["task"], connection=broker)
            # The letters may have been planned after the last sending task had run.
            while len(sink.received) < PEOPLE:
                app.send_task("schedule.send_reminders", connection=broker)
                sink.wait_for(1)
                if worker.poll() is not None:
                    pytest.fail(worker.stdout.read())
        worker.terminate()  # warm: what is being done is finished first
        output = worker.communicate(timeout=30)[0]
    assert (sorted(sink.received), sink.twice) == ([f"p{n:02}@town.example" for n in range(PEOPLE)], []), output
    assert town.mails == {"sent": PEOPLE}
    assert set(town.count("schedule_jobrun", "job")) == {"plan_reminders", "send_reminders"}


# --- a mail server that misbehaves, by the name of the recipient ---------------------------------------------------------
class Misbehaving:
    def __init__(self):
        self.texts = {}

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's name
        name = address.partition("@")[0]
        if name in ("greylisted", "unknown", "closing"):
            return {
                "greylisted": "450 4.2.0 greylisted",
                "unknown": "550 5.1.1 no such user",
                "closing": "421 4.3.2 shutting down",
            }[name]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        name = envelope.rcpt_tos[0].partition("@")[0]
        self.texts[name] = envelope.content
        if name == "cut":
            server.transport.abort()
        return {"full": "452 4.3.1 disk full", "spam": "554 5.7.1 looks like spam"}.get(name, "250 OK")


EXPECTED = {
    "closing": ("retry", "（421 4.3.2 shutting down）"),
    "cut": ("unknown", "届いたかどうか分かりません。"),
    "fine": ("sent", ""),
    "full": ("retry", "（452 4.3.1 disk full）"),
    "greylisted": ("retry", "（450 4.2.0 greylisted）"),
    "spam": ("failed", "（554 5.7.1 looks like spam）"),
    "unknown": ("failed", "（550 5.1.1 no such user）"),
}


def test_every_answer_of_the_mail_server_ends_in_its_state(planning, settings):
    server = Misbehaving()
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "townhall.smtp.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", controller.port, 5
    for name in EXPECTED:
        factories.create_person(username=name, name="見本", role=Role.STAFF, section=planning)
    plan_items(item(section=planning))
    try:
        send_waiting(clock=lambda: at(TODAY))
    finally:
        controller.stop()
    mails = ReminderMail.objects.select_related("recipient").order_by("recipient__username")
    got = {mail.recipient.username: (mail.state, mail.last_error) for mail in mails}
    assert {name: state for name, (state, _) in got.items()} == {name: state for name, (state, _) in EXPECTED.items()}
    assert [name for name, (_, part) in EXPECTED.items() if part not in got[name][1]] == []
    fine = ReminderMail.objects.get(recipient__username="fine")
    text = message_from_bytes(server.texts["fine"])
    assert text["Message-ID"] == fine.message_id
    assert text.get_payload(decode=True).decode().replace("\r\n", "\n").strip() == fine.body.strip()


def test_a_mail_server_that_is_not_there_is_tried_again(planning, clerk, settings):
    settings.EMAIL_BACKEND = "townhall.smtp.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    plan_items(item(section=planning))
    send_waiting(clock=lambda: at(TODAY))
    mail = ReminderMail.objects.get()
    assert mail.state == "retry"
    assert mail.last_error.startswith("メールサーバーにつながりませんでした")


def test_the_processes_of_this_file_end_with_it():
    """Nothing started here may outlive a test: a zombie sender would send from an old database."""
    listing = subprocess.run(["ps", "-o", "ppid=,args="], capture_output=True, text=True, check=True).stdout
    mine = [line for line in listing.splitlines() if line.split()[0] == str(os.getpid())]
    assert [line for line in mine if "send_reminders" in line or "travelling_worker" in line] == []
