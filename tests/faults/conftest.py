"""A small town with a database of its own, which other processes can open, and a mail server that remembers."""

import asyncio
import itertools
import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from aiosmtpd.controller import Controller
from django.db import connection, connections

from tests.servers import free_port, tie_to

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 20
logging.getLogger("mail.log").setLevel(logging.WARNING)  # the mail server's own, several lines a letter
NUMBERS = itertools.count()


@dataclass
class Sink:
    """Accepts every letter after `delay` seconds and remembers who got it."""

    delay: float = 0
    received: list[str] = field(default_factory=list)

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        await asyncio.sleep(self.delay)
        self.received += envelope.rcpt_tos
        return "250 OK"

    @property
    def twice(self) -> list[str]:
        return [address for address, count in Counter(self.received).items() if count > 1]

    def wait_for(self, count: int, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while len(self.received) < count:
            assert time.monotonic() < deadline, f"{len(self.received)} of {count} letters after {seconds} s"
            time.sleep(0.01)


@pytest.fixture
def sink() -> Iterator[Sink]:
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    sink.port = controller.port
    yield sink
    controller.stop()


@dataclass
class Town:
    url: str  # of its database
    folder: Path
    environment: dict[str, str]
    senders: subprocess.Popen | None = None

    def start(self, *command: str) -> subprocess.Popen:
        parent = os.getpid()
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: tie_to(parent),
        )

    def send_reminders(self, date: str = "2026-11-24") -> int:
        """Start a process that runs the command; its id."""
        if self.senders is None:
            self.senders = self.start("-m", "tests.faults.senders")
        return self._ask(date)

    def plan_reminders(self, times: int) -> int:
        """Start a process that plans so often, as beat and people would; its id."""
        if self.senders is None:
            self.senders = self.start("-m", "tests.faults.senders")
        return self._ask(f"plan {times}")

    def wait_for(self, *pids: int) -> list[int]:
        """How each process ended: 0 is well, -9 is killed."""
        return [self._ask(f"wait {pid}") for pid in pids]

    def _ask(self, line: str) -> int:
        self.senders.stdin.write(f"{line}\n")
        self.senders.stdin.flush()
        return int(self.senders.stdout.readline())

    def count(self, table: str, *columns: str) -> dict[Any, int]:
        """How many rows there are for each value of the columns."""
        sql = f"SELECT {', '.join(columns)}, COUNT(*) FROM {table} GROUP BY {', '.join(columns)}"  # noqa: S608
        if self.url.startswith("sqlite"):
            rows = sqlite3.connect(self.folder / "portal.sqlite3").execute(sql).fetchall()
        else:
            with psycopg.connect(self.url) as server:
                rows = server.execute(sql).fetchall()
        return {row[0] if len(columns) == 1 else row[:-1]: row[-1] for row in rows}

    @property
    def mails(self) -> dict[str, int]:
        return self.count("schedule_remindermail", "state")


@pytest.fixture(scope="session")
def empty(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[str]:
    """The tables without rows, where other processes can open them. Before any test has a transaction open."""
    with django_db_blocker.unblock():
        settings = connection.settings_dict
        if connection.vendor == "sqlite":
            # The test database lives in memory; its tables go into a file.
            path = tmp_path_factory.mktemp("empty") / "portal.sqlite3"
            connection.ensure_connection()
            with sqlite3.connect(path) as file:
                connection.connection.backup(file)
            file.close()
            url = f"sqlite://{path}"
        else:
            connections.close_all()
            connection.close_pool()
            user, password = quote(settings["USER"]), quote(settings["PASSWORD"])
            server = f"postgresql://{user}:{password}@{settings['HOST']}:{settings['PORT']}"
            url = copied(f"{server}/{settings['NAME']}")
    yield url
    if url.startswith("postgresql"):
        dropped(url)


@pytest.fixture(scope="session")
def seeded(empty, tmp_path_factory) -> Iterator[Callable[[int], str]]:
    """A database with so many people and a duty, made once; every test works on a copy of it."""
    made: dict[int, str] = {}

    def with_people(count: int) -> str:
        if count not in made:
            folder = tmp_path_factory.mktemp("seeded")
            made[count] = copy_of(empty, folder)
            environment = os.environ | {"PORTAL_DATA": str(folder), "DATABASE_URL": made[count]}
            seed = [sys.executable, "-m", "tests.faults.seed", str(count)]
            subprocess.run(seed, cwd=ROOT, env=environment, check=True)
        return made[count]

    yield with_people
    for url in made.values():
        if url.startswith("postgresql"):
            dropped(url)


def copy_of(url: str, folder: Path) -> str:
    if url.startswith("postgresql"):
        return copied(url)
    shutil.copy(url.removeprefix("sqlite://"), folder / "portal.sqlite3")
    return f"sqlite://{folder / 'portal.sqlite3'}"


def dropped(url: str) -> None:
    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def copied(url: str) -> str:
    """A PostgreSQL database like this one, on the same server."""
    server, _, template = url.rpartition("/")
    name = f"faults_{os.getpid()}_{next(NUMBERS)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return f"{server}/{name}"


@pytest.fixture
def town(request, seeded, sink, tmp_path) -> Iterator[Town]:
    """With PEOPLE, or as many as the test asks for (`parametrize("town", [60], indirect=True)`)."""
    url = copy_of(seeded(getattr(request, "param", PEOPLE)), tmp_path)
    environment = os.environ | {
        "PORTAL_DATA": str(tmp_path),
        "DATABASE_URL": url,
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(sink.port),
    }
    town = Town(url, tmp_path, environment)
    yield town
    if town.senders:
        town.senders.communicate()  # the end of its input is its end
    if url.startswith("postgresql"):
        dropped(url)
