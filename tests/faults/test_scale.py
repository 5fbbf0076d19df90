"""T-M1, T-M2, T-M3, T-M6 of the reminders, in a short form and, with `make faults`, in full."""

import os
import random
import signal
import threading
import time

import pytest
from kombu.exceptions import OperationalError
from redis import Redis, RedisError

from otaki_dx.celery import app
from tests.faults.scale import FULL, SCALE
from tests.servers import running_valkey

# In full on both databases; the short form on one, for test_reminder_delivery asks both.
ONCE = [] if SCALE == FULL else [pytest.mark.one_database]
pytestmark = [pytest.mark.faults, pytest.mark.django_db, *ONCE]

DICE = random.Random(20261124)  # noqa: S311 - which sender dies need not be a secret
EVERYBODY = {f"p{number:02}@town.example" for number in range(SCALE.letters)}
AT_ONCE = 4


@pytest.mark.parametrize("town", [SCALE.letters], indirect=True)
def test_senders_killed_in_the_middle_lose_nothing_unseen_and_send_nothing_twice(town, sink):
    """Every process plans before it sends, so everything is planned many times over."""
    sink.delay = 0.002
    running = [town.send_reminders() for _ in range(AT_ONCE)]
    step = SCALE.letters // (SCALE.kills + 1)
    for kill in range(1, SCALE.kills + 1):
        sink.wait_for(kill * step - DICE.randrange(step), seconds=SCALE.patience)
        victim = running.pop(DICE.randrange(len(running)))
        os.kill(victim, signal.SIGKILL)
        town.wait_for(victim)
        running.append(town.send_reminders())
    assert town.wait_for(*running) == [0] * AT_ONCE
    assert town.wait_for(town.send_reminders()) == [0]
    # A day later what was claimed and has no result is in doubt, and shown as such.
    assert town.wait_for(town.send_reminders("2026-11-25")) == [0]
    states = town.mails
    unknown = states.get("unknown", 0)
    assert sink.twice == []
    assert (states.get("sent", 0) + unknown, set(states) - {"sent", "unknown"}) == (SCALE.letters, set())
    assert unknown <= SCALE.kills
    assert len(EVERYBODY - set(sink.received)) <= unknown
    assert town.count("schedule_reminderline", "state") == {"due": SCALE.letters, "missed": SCALE.letters}
    print(f"{SCALE.kills} kills: {len(sink.received)} letters, {unknown} in doubt, none twice")  # noqa: T201


@pytest.mark.parametrize("town", [SCALE.letters], indirect=True)
def test_two_beats_and_runs_by_hand_add_no_row(town):
    planners = [town.plan_reminders(SCALE.plannings) for _ in range(AT_ONCE)]
    assert town.wait_for(*planners) == [0] * AT_ONCE
    assert town.mails == {"queued": SCALE.letters}
    assert town.count("schedule_reminderline", "state") == {"due": SCALE.letters, "missed": SCALE.letters}


@pytest.mark.parametrize("town", [SCALE.letters], indirect=True)
def test_a_broker_emptied_or_gone_at_any_moment_costs_nothing(town, sink):
    """A beat rings all the time; at random moments the broker forgets everything, or is away for a while."""
    socket = town.folder / "valkey.sock"
    url = f"redis+socket://{socket}"
    town.environment["REDIS_URL"] = url
    sink.delay = 0.005
    moments = sorted(DICE.sample(range(1, SCALE.letters - 1), SCALE.broken_brokers))
    with Bell(url), town.start("-m", "tests.faults.travelling_worker") as worker:
        for number, moment in enumerate([*moments, SCALE.letters]):
            with running_valkey(socket):  # gone in between
                while len(sink.received) < moment:
                    if worker.poll() is not None:
                        pytest.fail(worker.stdout.read())
                    time.sleep(0.01)
                if number % 2:
                    Redis(unix_socket_path=str(socket)).flushall()
        worker.terminate()
        output = worker.communicate(timeout=60)[0]
    assert (set(sink.received), sink.twice) == (EVERYBODY, []), output
    assert town.mails == {"sent": SCALE.letters}


class Bell:
    """Beat, without its clock: rings for planner and sender as fast as the broker takes it, whatever happens to it."""

    def __init__(self, url: str) -> None:
        self.url, self.over = url, threading.Event()
        self.thread = threading.Thread(target=self._ring, daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *args: object) -> None:
        self.over.set()
        self.thread.join()

    def _ring(self) -> None:
        while not self.over.wait(0.05):
            try:
                with app.connection_for_write(self.url) as broker:
                    for task in ("schedule.plan_reminders", "schedule.send_reminders"):
                        app.send_task(task, connection=broker, retry=False)
            except (OperationalError, RedisError, OSError):
                continue  # the broker is away; nobody cares
