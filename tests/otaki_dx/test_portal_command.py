"""`manage.py portal` as a person starts it: real processes in a temporary folder, stopped and killed on purpose."""

import http.client
import os
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from otaki_dx.demo import ACCOUNTS
from tests.servers import FOREIGN, free_port, temporary_folder, wait_until

pytestmark = pytest.mark.faults

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {name: value for name, value in os.environ.items() if not FOREIGN.fullmatch(name)} | {"PYTHONUTF8": "1"}
OPENED = "ポータルを開きました"


@dataclass
class Portal:
    process: subprocess.Popen[str]
    folder: Path
    port: int
    lines: list[str] = field(default_factory=list)

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    def get(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()

    def wait_for(self, sentence: str) -> None:
        wait_until(lambda: sentence in self.said or self.process.poll() is not None, what=sentence, seconds=180)
        assert sentence in self.said, self.said

    def workers(self) -> list[int]:
        return [
            pid
            for pid in children(self.process.pid)
            if "celery worker" in command(pid).replace("-A otaki_dx.celery ", "")
        ]


def portal_command(*options: object, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "portal", *map(str, options)],
        cwd=ROOT,
        env=ENVIRONMENT | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def running(folder: Path) -> Iterator[Portal]:
    port = free_port()
    portal = Portal(portal_command("--port", port, "--data", folder), folder, port)
    reader = threading.Thread(target=lambda: portal.lines.extend(line.rstrip() for line in portal.process.stdout))
    reader.start()
    try:
        portal.wait_for(OPENED)
        portal.wait_for("Ctrl-C")
        yield portal
    finally:
        portal.process.kill()
        portal.process.wait()
        reader.join()
        portal.process.stdout.close()


def refusal(*options: object, **environment: str) -> tuple[int, str]:
    """Exit code and everything said by a portal that must not start."""
    process = portal_command(*options, **environment)
    said, _ = process.communicate(timeout=30)
    return process.returncode, said.strip()


# --- what /proc knows ------------------------------------------------------------------------------------------------
def parents() -> dict[int, int]:
    """Parent of every living process; the dead that nobody has waited for do not count."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = entry.read_text().rpartition(")")[2].split()[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state not in "ZX":
            found[int(entry.parent.name)] = int(parent)
    return found


def children(pid: int) -> list[int]:
    """All processes below this one."""
    known = parents()
    found = [pid]
    for member in found:
        found += [child for child, parent in known.items() if parent == member]
    return found[1:]


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def listening_addresses(pids: list[int]) -> set[str]:
    inodes = set()
    for pid in pids:
        for descriptor in Path(f"/proc/{pid}/fd").glob("*"):
            try:
                inodes.add(os.readlink(descriptor))
            except FileNotFoundError:
                continue
    found = set()
    for table in ("tcp", "tcp6"):
        for row in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            columns = row.split()
            if columns[3] == "0A" and f"socket:[{columns[9]}]" in inodes:
                found.add(columns[1])
    return found


def gone(pids: list[int]) -> bool:
    return not set(pids) & set(parents())


# --- one portal, started on an empty folder ----------------------------------------------------------------------------
@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with running(temporary_folder() / "データ の場所") as portal:
        yield portal


@pytest.fixture
def copy(portal, tmp_path) -> Path:
    """Another folder with the same records, without another first filling."""
    folder = tmp_path / "data"
    shutil.copytree(portal.folder, folder, ignore=shutil.ignore_patterns("run", "portal.sqlite3*"))
    with (
        sqlite3.connect(portal.folder / "portal.sqlite3") as source,
        sqlite3.connect(folder / "portal.sqlite3") as target,
    ):
        source.backup(target)
    source.close()
    target.close()
    return folder


def test_new_folder_gives_a_portal_with_the_demonstration(portal):
    password = (portal.folder / "demo-password").read_text().strip()
    assert [portal.get("/healthz"), portal.get("/account/login/")] == [200, 200]
    assert f"http://127.0.0.1:{portal.port}/" in portal.said
    assert str(portal.folder) in portal.said
    assert re.fullmatch(r"\w{4}-\w{4}-\w{4}", password)
    assert f"パスワードはみな {password} " in portal.said
    assert [account.username for account in ACCOUNTS if f"    {account.username} " not in portal.said] == []


def test_secrets_are_for_the_owner_only(portal):
    modes = {name: stat.S_IMODE((portal.folder / name).stat().st_mode) for name in ("", "secret-key", "demo-password")}
    assert modes == {"": 0o700, "secret-key": 0o600, "demo-password": 0o600}


def test_only_the_web_server_listens_and_only_on_loopback(portal):
    local = f"0100007F:{portal.port:04X}"  # 127.0.0.1 as /proc writes it
    assert listening_addresses([portal.process.pid, *children(portal.process.pid)]) == {local}


def test_second_portal_on_the_same_folder_is_refused(portal):
    assert refusal("--port", free_port(), "--data", portal.folder) == (
        1,
        f"データフォルダー {portal.folder} では、ポータルがもう動いています（プロセス番号 {portal.process.pid}）。"
        "それを止めるか、別のフォルダーを DATA= で指定してください。",
    )


def test_taken_port_is_refused(portal, tmp_path):
    assert refusal("--port", portal.port, "--data", tmp_path / "other") == (
        1,
        f"ポート {portal.port} はほかのプログラムが使っています。"
        f"PORT={portal.port + 1} のように別の番号を指定してください。",
    )


def test_killed_worker_is_started_again(portal):
    wait_until(portal.workers, what="worker")
    before = portal.workers()
    os.kill(before[0], signal.SIGKILL)
    portal.wait_for("worker を起動し直しました。")
    wait_until(portal.workers, what="worker")
    assert set(portal.workers()) & set(before) == set()
    assert "worker stopped (-9)" in (portal.folder / "log" / "portal.log").read_text()
    assert portal.get("/healthz") == 200


# --- ends --------------------------------------------------------------------------------------------------------------
def test_kill_9_leaves_no_process(copy):
    with running(copy) as portal:
        wait_until(lambda: len(portal.workers()) == 2, what="worker and its pool")
        all_of_them = children(portal.process.pid)
        portal.process.kill()
        wait_until(lambda: gone(all_of_them), what="the end of all", seconds=5)
    # valkey, web and its 2 workers, worker and its pool, beat
    assert len(all_of_them) == 7
    assert "デモの利用者と記録を入れています" not in portal.said


# --- refusals ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("port", ["0", "65536", "-1", "八〇八〇", "80a", "８０８０"])
def test_impossible_port_is_refused(port, tmp_path):
    assert refusal(f"--port={port}", "--data", tmp_path) == (
        1,
        f"ポート番号は1から65535までの整数で指定してください（いまの値: {port}）。",
    )


def test_folder_that_cannot_be_made_is_refused():
    code, said = refusal("--port", free_port(), "--data", "/proc/portal")  # not even root writes there
    assert (code, said.partition("。")[0]) == (1, "データフォルダー /proc/portal を使えません")


def test_file_instead_of_a_folder_is_refused(tmp_path):
    (tmp_path / "data").write_text("")
    assert refusal("--port", free_port(), "--data", tmp_path / "data") == (
        1,
        f"データフォルダー {tmp_path / 'data'} を使えません。"
        "フォルダーではなくファイルがあります。別の名前を DATA= で指定してください。",
    )


def test_database_of_a_newer_portal_is_refused_and_not_touched(copy):
    database = sqlite3.connect(copy / "portal.sqlite3")
    database.execute(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('townhall', '0999_future', '2030-01-01')"
    )
    database.commit()
    before = list(database.iterdump())
    code, said = refusal("--port", free_port(), "--data", copy)
    assert (code, said.splitlines()[-1]) == (
        1,
        f"データベース {copy / 'portal.sqlite3'} は、このプログラムより新しい版で使われていました"
        "（townhall.0999_future）。新しい版のプログラムで起動するか、その版に上げる前のバックアップを使ってください。",
    )
    assert list(database.iterdump()) == before
    database.close()


def test_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "portal.sqlite3").write_text("これはデータベースではありません。" * 100)
    code, said = refusal("--port", free_port(), "--data", tmp_path)
    assert (code, said.splitlines()[-1]) == (
        1,
        f"データベース {tmp_path / 'portal.sqlite3'} を使えません（file is not a database）。",
    )


def test_postgresql_that_is_away_is_refused(tmp_path):
    port = free_port()
    url = f"postgresql://portal:secret@127.0.0.1:{port}/portal"
    code, said = refusal("--port", free_port(), "--data", tmp_path, DATABASE_URL=url)
    assert (code, f"データベース 127.0.0.1:{port}/portal につながりません" in said, "secret" in said) == (
        1,
        True,
        False,
    )


def test_redis_that_is_away_is_refused(tmp_path):
    url = f"redis://:secret@127.0.0.1:{free_port()}/0"
    code, said = refusal("--port", free_port(), "--data", tmp_path, REDIS_URL=url)
    assert (code, "REDIS_URL の Redis（Valkey）につながりません" in said, "secret" in said) == (1, True, False)


def test_production_brings_its_own_secrets(tmp_path):
    assert refusal("--port", free_port(), "--data", tmp_path, PORTAL_PRODUCTION="1") == (
        1,
        "PORTAL_SECRET_KEY がありません。50文字以上のでたらめな文字列を決めて設定してください。",
    )
    assert not (tmp_path / "secret-key").exists()


# --- the end of the portal that the tests above have shared ------------------------------------------------------------
def test_ctrl_c_stops_all_in_order_and_keeps_the_records(portal):
    all_of_them = children(portal.process.pid)
    portal.process.send_signal(signal.SIGINT)
    assert portal.process.wait(timeout=30) == 0
    assert gone(all_of_them)
    wait_until(lambda: "止まりました。" in portal.said, what="the last line", seconds=5)
    assert portal.lines[-2:] == ["ポータルを止めています…", "止まりました。"]
    database = sqlite3.connect(portal.folder / "portal.sqlite3")
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert database.execute("SELECT COUNT(*) FROM townhall_user").fetchone() == (len(ACCOUNTS),)
    database.close()
