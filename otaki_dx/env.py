"""Typed readers of environment variables. A value that cannot be read stops the start with a sentence."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# Every name ever asked for; tests compare it with .env.example.
NAMES: set[str] = set()

TRUE = ("1", "true", "yes", "on")
FALSE = ("0", "false", "no", "off", "")


def text(name: str, default: str = "") -> str:
    NAMES.add(name)
    return os.environ.get(name, default).strip()


def boolean(name: str, *, default: bool) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} は 1 か 0 で指定してください（いまの値: {value!r}）。")


def integer(name: str, default: int) -> int:
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} は整数で指定してください（いまの値: {value!r}）。") from None


def names(name: str) -> list[str]:
    """A comma-separated list; blanks dropped."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


def folder(name: str, default: Path) -> Path:
    return Path(text(name) or default).expanduser().resolve()


def database(name: str, *, sqlite_file: Path) -> dict[str, object]:
    """Settings of one database: PostgreSQL when the URL is given, else SQLite in the data folder."""
    url = text(name)
    if not url:
        return sqlite(sqlite_file)
    try:
        parts = urlsplit(url)
        port = parts.port or ""
    except ValueError:
        parts, port = urlsplit(""), ""
    if parts.scheme == "sqlite":
        return sqlite(Path(parts.path))
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(
            f"{name} は postgresql://利用者:パスワード@ホスト:ポート/データベース名 の形で指定してください。"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": port,
        "OPTIONS": {
            # The library would wait 30 s for a connection, as long as a web worker may take for everything.
            "pool": {"min_size": 1, "max_size": 10, "timeout": 5},
            # A person waits behind these: give up with a sentence rather than hang.
            "connect_timeout": 3,
            "options": "-c lock_timeout=5000 -c statement_timeout=15000",
            # ?sslmode=require and the like
            **dict(parse_qsl(parts.query)),
        },
    }


def sqlite(file: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        # A file in tests too: threads and servers of a test must meet the locks of the real thing.
        "TEST": {"NAME": str(file.with_name(f"test-{file.name}"))},
        "OPTIONS": {
            # IMMEDIATE: with the default DEFERRED mode concurrent read-then-write fails with "database is locked".
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: a power cut must not take back a mark of a mail that has left the house.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }
