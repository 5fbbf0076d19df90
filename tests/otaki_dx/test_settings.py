"""Settings come from the environment; what is missing or unreadable stops the start with a sentence."""

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
from kombu import Connection

from otaki_dx import env, healthcheck, launch
from tests.servers import FOREIGN, running_valkey

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {"PORTAL_PRODUCTION": "1", "PORTAL_SECRET_KEY": "k" * 60, "PORTAL_ALLOWED_HOSTS": "dx.town.example"}


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A fresh process, because settings are read once."""
    clean = {name: value for name, value in os.environ.items() if not FOREIGN.fullmatch(name)}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=clean | {"PYTHONUTF8": "1"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"PORTAL_SECRET_KEY": ""},
            "PORTAL_SECRET_KEY がありません。50文字以上のでたらめな文字列を決めて設定してください。",
        ),
        (
            {"PORTAL_ALLOWED_HOSTS": " , "},
            "PORTAL_ALLOWED_HOSTS がありません。ポータルを開く名前（例 dx.town.example）を設定してください。",
        ),
        ({"PORTAL_DEBUG": "1"}, "本番（PORTAL_PRODUCTION=1）では PORTAL_DEBUG を使えません。"),
        ({"PORTAL_HTTPS": "はい"}, "PORTAL_HTTPS は 1 か 0 で指定してください（いまの値: 'はい'）。"),
        ({"EMAIL_PORT": "smtp"}, "EMAIL_PORT は整数で指定してください（いまの値: 'smtp'）。"),
        (
            {"DATABASE_URL": "mysql://db/portal"},
            "DATABASE_URL は postgresql://利用者:パスワード@ホスト:ポート/データベース名 の形で指定してください。",
        ),
    ],
)
def test_production_refuses_to_start_with_a_sentence(change, sentence):
    done = python("manage.py", "check", **(PRODUCTION | change))
    assert (done.returncode, done.stderr.strip()) == (1, sentence)


def test_production_is_strict_and_sends_plain_requests_to_https_except_the_health_check():
    names = ("DEBUG", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_REDIRECT_EXEMPT")
    script = f"from otaki_dx import settings; print([getattr(settings, name) for name in {names}])"
    assert python("-c", script, **PRODUCTION).stdout.strip() == str([False, True, True, True, [r"^healthz$"]])


@override_settings(SECURE_SSL_REDIRECT=True)
@pytest.mark.django_db
def test_health_check_is_answered_without_tls(client):
    assert (client.get("/healthz").status_code, client.get("/help/").status_code) == (200, 301)


# --- typed readers -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("text", "value"), [("1", True), ("Yes", True), ("off", False), ("", False), (" true ", True)])
def test_boolean_words(monkeypatch, text, value):
    monkeypatch.setenv("X", text)
    assert env.boolean("X", default=not value) is value


def test_names_are_separated_by_commas(monkeypatch):
    monkeypatch.setenv("X", " dx.town.example, ,10.0.0.1,")
    assert env.names("X") == ["dx.town.example", "10.0.0.1"]


def test_postgresql_address_is_taken_apart(monkeypatch):
    monkeypatch.setenv("X", "postgresql://p%40o:pa%2Fss@db:5433/portal?sslmode=require")
    found = env.database("X", sqlite_file=Path("unused"))
    assert {key: found[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "NAME": "portal",
        "USER": "p@o",
        "PASSWORD": "pa/ss",
        "HOST": "db",
        "PORT": 5433,
    }
    assert found["OPTIONS"]["sslmode"] == "require"


@pytest.mark.parametrize("url", ["portal", "postgresql://db:port/x", "postgresql://[db/x"])
def test_address_that_is_none_is_refused(monkeypatch, url):
    monkeypatch.setenv("X", url)
    with pytest.raises(ImproperlyConfigured, match="X は postgresql://"):
        env.database("X", sqlite_file=Path("unused"))


def test_sqlite_waits_for_its_turn_and_keeps_what_it_promised(tmp_path):
    assert env.sqlite(tmp_path / "x")["OPTIONS"] == {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }


# --- .env.example ----------------------------------------------------------------------------------------------------------
def test_example_lists_every_variable_and_no_other():
    script = (
        "from otaki_dx import env, gunicorn_conf, healthcheck, launch, settings; print(*sorted(env.NAMES), sep='\\n')"
    )
    asked_for = set(python("-c", script).stdout.split())
    by_compose = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    example = re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    assert sorted(asked_for | by_compose) == sorted(example)


def test_variables_are_read_in_one_place():
    readers = re.compile(r"os\.getenv|environ\.get\(|environ\[[^\]]+\](?! = )")
    packages = ("otaki_dx", "committee", "schedule", "initiatives", "townhall")
    files = [file for package in packages for file in (ROOT / package).rglob("*.py")]
    found = [f"{file.relative_to(ROOT)}: {hit}" for file in files for hit in readers.findall(file.read_text())]
    assert found == ["otaki_dx/env.py: environ.get("]


# --- where the broker listens ------------------------------------------------------------------------------------------------
def test_socket_lies_in_the_data_folder_unless_its_path_is_too_long(tmp_path):
    short, long = Path("/srv/portal"), Path("/srv") / ("長い名前" * 10)
    assert launch.broker_socket(short) == short / "run/valkey.sock"
    assert len(os.fsencode(launch.broker_socket(long))) <= launch.LONGEST_SOCKET_PATH
    assert launch.broker_socket(long) != launch.broker_socket(long / "x")


def test_folder_of_the_socket_must_be_ours_alone(tmp_path):
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    with pytest.raises(launch.Refused):
        launch.prepare_broker_folder(tmp_path / "open/valkey.sock")
    launch.prepare_broker_folder(tmp_path / "own/valkey.sock")
    assert (tmp_path / "own").stat().st_mode & 0o777 == 0o700


def test_celery_finds_the_broker_in_a_folder_with_an_awkward_name(tmp_path):
    script = "from otaki_dx import settings; print(settings.REDIS_URL)"
    url = python("-c", script, PORTAL_DATA=str(tmp_path / "町 の#100%")).stdout.strip()
    path = Path(unquote(url.removeprefix("redis+socket://")))
    path.parent.mkdir(parents=True)
    with running_valkey(path), Connection(url) as connection:
        connection.ensure_connection(max_retries=1, timeout=3)
        assert connection.connected


# --- health ------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("allowed", "name"),
    [(["dx.town.example", "x"], "dx.town.example"), ([".town.example"], "town.example"), (["*"], "localhost")],
)
def test_health_check_asks_by_a_name_that_the_portal_accepts(allowed, name):
    assert healthcheck.own_name(allowed) == name


def test_beat_is_alive_while_it_writes_its_timetable(tmp_path):
    assert healthcheck.beat_ticks(tmp_path, now=1000) is False
    (tmp_path / "beat-schedule.db").write_text("")
    os.utime(tmp_path / "beat-schedule.db", (1000, 1000))
    assert [healthcheck.beat_ticks(tmp_path, now=now) for now in (1299, 1301)] == [True, False]
