"""Brings the database of this installation up to the code: tables, cache, files, the plan, and what a town starts with."""

import contextlib
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from initiatives.models import Plan
from otaki_dx.launch import Refused
from townhall.models import User


def bring_up_to_date(*, say: Callable[[str], None]) -> None:
    """Files and tables as this version wants them. Changes nothing the second time. Raises Refused."""
    with sentences():
        check_reachable()
        check_not_newer()
        if "townhall_user" not in connection.introspection.table_names():
            _marker().touch()
        if settings.STATIC_ROOT.is_relative_to(settings.DATA_DIR):  # else an image has brought them
            say("画面の部品を並べています")
            call_command("collectstatic", interactive=False, verbosity=0)
        say("データベースの表を整えています")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)


def fill(*, demo: bool | None, say: Callable[[str], None]) -> bool:
    """What a town starts with, and the plan when it is missing. Returns whether the demonstration was loaded.

    `demo` None means: only when the database was empty before `update`. Raises Refused.
    """
    first = _marker().exists()
    with sentences():
        say("計画を確かめています")
        if first:
            run("load_defaults")
        if not Plan.objects.exists():
            run("load_plan")
        if first:
            run("load_crosswalk")
            run("load_plain_words")
        if demo and not first:
            say("既に記録があるため、デモの記録は入れません")
        # Somebody is there already when an earlier start was cut off after the demonstration was loaded.
        load = first and demo is not False and not settings.PRODUCTION and not User.objects.exists()
        if load:
            say("デモの利用者と記録を入れています")
            run("load_demo", password=settings.PORTAL_DEMO_PASSWORD)
    _marker().unlink(missing_ok=True)
    return load


def _marker() -> Path:
    """Its presence says that the first filling of the database was begun and not finished."""
    return Path(settings.DATA_DIR / "first-filling")


@contextlib.contextmanager
def sentences() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        raise Refused(f"データベース {where()} を使えません（{one_line(error)}）。") from error
    except OSError as error:
        raise Refused(f"データフォルダー {settings.DATA_DIR} に書けません（{one_line(error)}）。") from error


def run(name: str, **options: Any) -> None:
    if name in get_commands():
        call_command(name, verbosity=0, stdout=io.StringIO(), **options)


def check_reachable() -> None:
    """One plain connection, because a pool reports only that it waited in vain."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM sqlite_master")
        return
    import psycopg  # noqa: PLC0415 - only when PostgreSQL is asked for

    parameters = {name: value for name, value in connection.get_connection_params().items() if name != "pool"}
    try:
        psycopg.connect(**parameters).close()
    except psycopg.Error as error:
        raise Refused(
            f"データベース {where()} につながりません（{one_line(error)}）。DATABASE_URL と、PostgreSQL が動いていることを"
            "確かめてください。"
        ) from None


def check_not_newer() -> None:
    """A database that a newer portal migrated has tables this code does not know: refuse before touching it."""
    own = {config.label for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR}
    loader = MigrationLoader(connection)
    known = set(loader.disk_migrations)
    for migration in loader.disk_migrations.values():
        known.update(migration.replaces)
    unknown = sorted(
        f"{app}.{name}" for app, name in loader.applied_migrations if app in own and (app, name) not in known
    )
    if unknown:
        raise Refused(
            f"データベース {where()} は、このプログラムより新しい版で使われていました（{'、'.join(unknown)}）。"
            "新しい版のプログラムで起動するか、その版に上げる前のバックアップを使ってください。"
        )


def let_go_of_the_database() -> None:
    """This process only watches from now on: no open file, no idle connections."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined]


def where() -> str:
    """The database as a person knows it; no password."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(database["NAME"])
    return f"{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"


def one_line(error: Exception) -> str:
    return " ".join(str(error).split())
