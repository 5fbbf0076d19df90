"""The adopted plan in the database. Read from its file once in a test run, afterwards put back row by row as it was:
hundreds of tests start with it, and reading and checking it takes ten times as long. What `load_plan` does, and that it
does it on either database, is asked by tests/test_plan_fixture.py."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Max, Model
from django.utils import timezone

_rows: dict[type[Model], list[Model]] = {}
# What puts the rows in: preparing them takes longer than writing them, so it is done once too.
_statements: list[tuple[str, Sequence[Any]]] = []
# The moment of their history in the statements, in whose place comes the clock of the test.
_THEN = datetime(1999, 12, 31, 3, 4, 5, 678901, tzinfo=UTC)


def load() -> None:
    if any(model._base_manager.exists() for model in _rows):  # its keys may be taken
        call_command("load_plan", verbosity=0)
    elif not _rows:
        _rows.update(_made_by_loading())
    else:
        _put_back()


@transaction.atomic  # a table may stand before the one it points to
def _put_back() -> None:
    if not _statements:
        _statements.extend(_inserts())
    then, now = (connection.ops.adapt_datetimefield_value(moment) for moment in (_THEN, timezone.now()))
    with connection.cursor() as cursor:
        for sql, values in _statements:
            cursor.execute(sql, [_at(now, value, then=then) for value in values])


def _at(now: Any, value: Any, *, then: Any) -> Any:
    if isinstance(value, list):  # a column, as PostgreSQL takes them
        return [_at(now, each, then=then) for each in value]
    return now if value == then else value


def _inserts() -> list[tuple[str, Sequence[Any]]]:
    """The statements that insert the rows, without their effect."""
    noted: list[tuple[str, Sequence[Any]]] = []

    def note(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        if sql.startswith("INSERT"):
            noted.append((sql, values))
        return execute(sql, values, many, context)

    with transaction.atomic(), connection.execute_wrapper(note):
        for model, rows in _rows.items():
            for row in rows:
                if hasattr(row, "history_date"):
                    row.history_date = _THEN
            model._base_manager.bulk_create(rows)
        transaction.set_rollback(True)
    return noted


def _made_by_loading() -> dict[type[Model], list[Model]]:
    models = apps.get_models()
    last = {model: _last_key(model) for model in models}
    call_command("load_plan", verbosity=0)
    changed = [model for model in models if _last_key(model) != last[model]]
    return {model: list(model._base_manager.filter(pk__gt=last[model] or 0).order_by("pk")) for model in changed}


def _last_key(model: type[Model]) -> object:
    return model._base_manager.aggregate(last=Max("pk"))["last"]
