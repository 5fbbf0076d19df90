"""The whole portal in one command: Valkey, web server, Celery worker and beat, watched by this process."""

import contextlib
import os
import signal
import time
import unicodedata
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from otaki_dx import env, launch, preparation, valkey
from otaki_dx.demo import ACCOUNTS
from otaki_dx.healthcheck import web_answers
from otaki_dx.supervisor import Child, Supervisor
from townhall.context import DEMO_NOTICE
from townhall.models import Notice

GUNICORN = ("-m", "gunicorn", "-c", "python:otaki_dx.gunicorn_conf", "otaki_dx.wsgi")
CELERY = ("-m", "celery", "-A", "otaki_dx.celery")
WORKER = (*CELERY, "worker", "--concurrency", "1", "--without-gossip", "--without-mingle", "--loglevel", "INFO")
# No pid file: after kill -9 it would keep the next beat from starting.
BEAT = (*CELERY, "beat", "--pidfile=", "--loglevel", "INFO")


class Command(BaseCommand):
    help = "ポータルを起動します。Ctrl-C で止まります。"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        launch.add_options(parser)

    def handle(self, *args: Any, demo: bool | None, **options: Any) -> None:
        began = time.monotonic()
        self.supervisor = Supervisor(
            folder=settings.BASE_DIR,
            log_folder=settings.DATA_DIR / "log",
            environment=os.environ | {"PORTAL_URL": settings.PORTAL_URL},
            say=self.note,
        )
        # Until the supervisor reads the signals itself, each of them ends the preparation in order.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler)
        try:
            self.run(demo=demo, began=began)
        except KeyboardInterrupt:
            self.say("準備を中止しました。")
        finally:
            self.supervisor.stop()

    def run(self, *, demo: bool | None, began: float) -> None:
        self.say(f"大多喜町DX推進ポータルを準備しています。データの場所は {settings.DATA_DIR} です。")
        self.start_broker()
        preparation.bring_up_to_date(say=self.step)
        # On the other core while this one fills the database; the address is told when both are done.
        web = Child("web", GUNICORN, patience=15)
        self.supervisor.start(web)
        if preparation.fill(demo=demo, say=self.step):
            launch.write_secret(settings.DATA_DIR / "demo-password", settings.PORTAL_DEMO_PASSWORD)
        lines = self.welcome()
        preparation.let_go_of_the_database()
        self.wait_for_the_first_page(web)
        # After the first page, so that nobody waits for them.
        self.supervisor.start(Child("worker", WORKER, patience=15))
        self.supervisor.start(Child("beat", BEAT))
        self.say(f"ポータルを開きました（{time.monotonic() - began:.1f}秒）。", *lines)
        self.supervisor.tend()
        self.say("ポータルを止めています…")
        self.supervisor.stop()
        self.say("止まりました。")

    def wait_for_the_first_page(self, web: Child) -> None:
        # A web server that dies three times in a row will not get better by itself.
        self.supervisor.tend(until=lambda: self.web_is_up() or web.deaths >= 3, seconds=60)
        if self.supervisor.stopping:
            raise KeyboardInterrupt
        if not self.web_is_up():
            log = settings.DATA_DIR / "log" / "web.log"
            last = log.read_text(encoding="utf-8", errors="replace").strip().rpartition("\n")[2]
            raise launch.Refused(f"ポータルが応答しません（{last}）。くわしくは {log} にあります。")

    def start_broker(self) -> None:
        if env.text("REDIS_URL"):
            check_broker()
            return
        launch.prepare_broker_folder(settings.BROKER_SOCKET)
        try:
            command = valkey.command(settings.BROKER_SOCKET)
        except FileNotFoundError:
            raise launch.Refused("この機械で動く Valkey がありません。REDIS_URL を指定してください。") from None
        self.supervisor.start(Child("valkey", tuple(command)))
        if not self.supervisor.tend(until=lambda: valkey.answers(settings.BROKER_SOCKET), seconds=10):
            raise launch.Refused(f"Valkey が応答しません。{settings.DATA_DIR}/log/valkey.log を見てください。")

    def web_is_up(self) -> bool:
        host = env.text("PORTAL_BIND", "127.0.0.1")
        return web_answers("127.0.0.1" if host == "0.0.0.0" else host, settings.PORTAL_PORT)  # noqa: S104 - compared

    def welcome(self) -> list[str]:
        return [
            f"  アドレス  http://127.0.0.1:{settings.PORTAL_PORT}/",
            f"  データ    {settings.DATA_DIR}（データベース、メール、記録 log/）",
            *self.demo_accounts(),
            "  止めるには Ctrl-C を押します。",
        ]

    def demo_accounts(self) -> list[str]:
        if settings.PRODUCTION or not Notice.objects.filter(key=DEMO_NOTICE).exists():
            return []
        with contextlib.suppress(OSError):
            password = Path(settings.DATA_DIR / "demo-password").read_text(encoding="utf-8").strip()
            rows = [(account.username, account.name, account.role_label, account.purpose) for account in ACCOUNTS]
            table = [f"    {padded(a, 14)}{padded(b, 12)}{padded(c, 14)}{d}" for a, b, c, d in rows]
            return [f"  デモの利用者（架空。パスワードはみな {password} ）", *table]
        return []

    def step(self, sentence: str) -> None:
        self.say(f"  {sentence}…")

    def say(self, *lines: str) -> None:
        # A closed terminal is no reason to stop.
        with contextlib.suppress(OSError, ValueError):
            self.stdout.write("\n".join(lines))
            self.stdout.flush()

    def note(self, line: str) -> None:
        """What happened while the portal runs: to the terminal and to log/portal.log."""
        stamped = f"{timezone.localtime():%Y-%m-%d %H:%M:%S} {line}"
        self.say(stamped)
        with (
            contextlib.suppress(OSError),
            (settings.DATA_DIR / "log" / "portal.log").open("a", encoding="utf-8") as log,
        ):
            log.write(stamped + "\n")


def check_broker() -> None:
    """Raises Refused when nobody answers at REDIS_URL within a few seconds."""
    # A third of a second of imports, needed only for a broker that is not ours.
    from kombu.exceptions import OperationalError  # noqa: PLC0415

    from otaki_dx.celery import app  # noqa: PLC0415

    try:
        with app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, timeout=3, interval_start=0.5)
    except (OperationalError, OSError, KeyError, ValueError) as error:  # the last two: an address that is none
        raise launch.Refused(
            f"REDIS_URL の Redis（Valkey）につながりません（{preparation.one_line(error)}）。"
            "アドレスと、動いていることを確かめてください。"
        ) from None


def padded(text: str, width: int) -> str:
    """`text` filled up to `width` columns of a terminal, where a Japanese character takes two."""
    taken = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return text + " " * max(width - taken, 1)
