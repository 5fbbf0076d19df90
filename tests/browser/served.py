"""The portal as it runs: the demonstration in a data folder of its own, behind the real web server, in its own process."""

import os
import secrets
import shutil
import signal
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


@dataclass(frozen=True)
class Portal:
    """An address with a portal behind it; everybody has the same password."""

    url: str
    password: str


@dataclass(frozen=True)
class DataFolder:
    path: Path
    password: str

    def copy(self) -> "DataFolder":
        """Another portal with the same people and records, to write in."""
        path = temporary_folder() / "data"
        shutil.copytree(self.path, path)
        return DataFolder(path, self.password)

    def manage(self, *arguments: str, typed: str = "") -> str:
        """What `manage.py` says for this folder; `typed` is what it asks for at the keyboard."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments, "-v0"],
            cwd=ROOT,
            env=_environment(self.path),
            input=typed,
            text=True,
            stdout=subprocess.PIPE,
            start_new_session=True,  # without a terminal the password is read from the input
            check=True,
        ).stdout


def new_folder() -> DataFolder:
    """What a town starts with: sections, duties, the plan; nobody who could log in."""
    folder = DataFolder(temporary_folder(), password=secrets.token_urlsafe(9))
    (folder.path / "static").mkdir()
    folder.manage("prepare")
    return folder


@contextmanager
def serve(folder: DataFolder) -> Iterator[Portal]:
    port, parent = free_port(), os.getpid()
    environment = _environment(folder.path) | {"PORTAL_PORT": str(port), "PORTAL_URL": f"http://127.0.0.1:{port}"}
    with (folder.path / "web.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "python:otaki_dx.gunicorn_conf", "-w1", "otaki_dx.wsgi"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            preexec_fn=lambda: tie_to(parent),
        )
    try:
        wait_until(lambda: web_answers("127.0.0.1", port), what="gunicorn", log=folder.path / "web.log")
        yield Portal(f"http://127.0.0.1:{port}", folder.password)
    finally:
        server.send_signal(signal.SIGQUIT)  # gunicorn's word for: at once
        server.wait(timeout=20)


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of the surrounding test run: its database belongs to the other tests."""
    foreign = ("DATABASE_URL", "REDIS_URL")
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    return kept | {"PORTAL_DATA": str(folder), "PYTHONUTF8": "1"}
