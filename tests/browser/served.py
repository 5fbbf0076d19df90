"""The portal as it runs: the demonstration in a data folder of its own, behind the real web server, in its own process."""

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from otaki_dx.healthcheck import web_answers
from otaki_dx.tether import tie_to
from tests.servers import free_port, temporary_folder, wait_until

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = (
    ("collectstatic", "--noinput"),
    ("migrate",),
    ("createcachetable",),
    ("load_defaults",),
    ("load_plan",),
)


@dataclass(frozen=True)
class Portal:
    """An address with the demonstration behind it; every demo account has the same password."""

    url: str
    password: str


@dataclass(frozen=True)
class DemoFolder:
    path: Path
    password: str

    def copy(self) -> "DemoFolder":
        """Another portal with the same people and records, to write in."""
        path = temporary_folder() / "data"
        shutil.copytree(self.path, path)
        return DemoFolder(path, self.password)


def make_demo_folder() -> DemoFolder:
    demo = DemoFolder(temporary_folder(), password=secrets.token_urlsafe(9))
    (demo.path / "static").mkdir()
    for command in (*COMMANDS, ("load_demo", "--password", demo.password)):
        subprocess.run(
            [sys.executable, "manage.py", *command, "-v0"],
            cwd=ROOT,
            env=_environment(demo.path),
            stdout=subprocess.DEVNULL,
            check=True,
        )
    return demo


@contextmanager
def serve(demo: DemoFolder) -> Iterator[Portal]:
    port, parent = free_port(), os.getpid()
    environment = _environment(demo.path) | {"PORTAL_PORT": str(port), "PORTAL_URL": f"http://127.0.0.1:{port}"}
    with (demo.path / "web.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "python:otaki_dx.gunicorn_conf", "-w1", "otaki_dx.wsgi"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            preexec_fn=lambda: tie_to(parent),
        )
    try:
        wait_until(lambda: web_answers("127.0.0.1", port), what="gunicorn", log=demo.path / "web.log")
        yield Portal(f"http://127.0.0.1:{port}", demo.password)
    finally:
        server.terminate()
        server.wait(timeout=20)


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of the surrounding test run: its database belongs to the other tests."""
    foreign = ("DATABASE_URL", "REDIS_URL")
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    return kept | {"PORTAL_DATA": str(folder), "PYTHONUTF8": "1"}
