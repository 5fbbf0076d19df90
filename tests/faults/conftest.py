"""A small town with a database of its own, which other processes can open, and a mail server that remembers."""

import asyncio
import itertools
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
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
def seeded(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[dict[str, Any]]:
    """One database with people and a duty, made once; every test works on a copy of it."""
    folder = tmp_path_factory.mktemp("seeded")
    with django_db_blocker.unblock():
        settings = connection.settings_dict
        if connection.vendor == "sqlite":
            # The test database lives in memory; its tables go into a file that other processes can open.
            connection.ensure_connection()
            with sqlite3.connect(folder / "portal.sqlite3") as file:
                connection.connection.backup(file)
            file.close()
            url = f"sqlite://{folder / 'portal.sqlite3'}"
        else:
            connections.close_all()
            connection.close_pool()
            user, password = quote(settings["USER"]), quote(settings["PASSWORD"])
            server = f"postgresql://{user}:{password}@{settings['HOST']}:{settings['PORT']}"
            url = copied(f"{server}/{settings['NAME']}")
    environment = os.environ | {"PORTAL_DATA": str(folder), "DATABASE_URL": url}
    subprocess.run([sys.executable, "-m", "tests.faults.seed", str(PEOPLE)], cwd=ROOT, env=environment, check=True)
    yield {"url": url, "folder": folder}
    if url.startswith("postgresql"):
        dropped(url)


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
def town(seeded, sink, tmp_path) -> Iterator[Town]:
    if seeded["url"].startswith("sqlite"):
        shutil.copy(seeded["folder"] / "portal.sqlite3", tmp_path / "portal.sqlite3")
        url = f"sqlite://{tmp_path / 'portal.sqlite3'}"
    else:
        url = copied(seeded["url"])
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
