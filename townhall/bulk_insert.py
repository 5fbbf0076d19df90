"""Inserting many rows of one model in few statements, and faster than `bulk_create`.

`bulk_create` compiles each row's every value on its own, which takes longer than the database needs for the rest. Here
a column is prepared at once, and what many rows share (a day, a state) is prepared once. The values are prepared by the
fields, the statement is Django's; only plain values are taken, as validated rows have them.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db import connections, models, router
from django.db.models.constants import OnConflict

R = TypeVar("R", bound=models.Model)

MOST_ROWS = 500  # in one statement
# What these fields keep is what they hand to the database; each row has its own, so remembering does not help.
AS_THEY_ARE = (models.CharField, models.TextField)


def insert_rows(rows: Sequence[R]) -> None:
    """Insert rows without a number, which they then have."""
    if not rows:
        return
    model = type(rows[0])
    fields = [field for field in model._meta.local_concrete_fields if not (field.primary_key or field.generated)]
    pk: Any = model._meta.pk
    connection = connections[router.db_for_write(model)]
    numbers = _write(rows, fields, connection, f" RETURNING {connection.ops.quote_name(pk.column)}")
    for row, (number,) in zip(rows, numbers, strict=True):
        row.pk = number
        row._state.adding, row._state.db = False, connection.alias


def overwrite_rows(rows: Sequence[R]) -> None:
    """Write every column of rows that are there, by their numbers."""
    if not rows:
        return
    model = type(rows[0])
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    pk: Any = model._meta.pk
    others = [field for field in fields if not field.primary_key]
    connection = connections[router.db_for_write(model)]
    columns = [field.column for field in others]
    suffix = connection.ops.on_conflict_suffix_sql(fields, OnConflict.UPDATE, columns, [pk.column])
    _write(rows, fields, connection, f" {suffix}")


def _write(rows: Sequence[Any], fields: Sequence[Any], connection: Any, suffix: str) -> list[tuple[Any, ...]]:
    """In statements of as many rows as the database takes; answers what they return."""
    quote, table = connection.ops.quote_name, type(rows[0])._meta.db_table
    into = f"INSERT INTO {quote(table)} ({', '.join(quote(field.column) for field in fields)}) VALUES "  # noqa: S608 - names of our own
    marks = f"({', '.join(['%s'] * len(fields))})"
    lines = list(zip(*(_column(rows, field, connection) for field in fields), strict=True))
    size = min(MOST_ROWS, connection.ops.bulk_batch_size(fields, rows))
    found: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        for start in range(0, len(lines), size):
            batch = lines[start : start + size]
            cursor.execute(into + ", ".join([marks] * len(batch)) + suffix, [value for line in batch for value in line])
            found += cursor.fetchall() if "RETURNING" in suffix else []
    return found


def _column(rows: Sequence[Any], field: Any, connection: Any) -> list[Any]:
    values = [field.pre_save(row, add=row._state.adding) for row in rows]
    if isinstance(field, AS_THEY_ARE):
        return values
    prepared = _remembering(lambda value: field.get_db_prep_save(value, connection))
    return [prepared(value) for value in values]


def _remembering(prepare: Callable[[Any], Any]) -> Callable[[Any], Any]:
    known: dict[Any, Any] = {}

    def prepared(value: Any) -> Any:
        try:
            return known[type(value), value]
        except KeyError:
            return known.setdefault((type(value), value), prepare(value))
        except TypeError:  # a list cannot be remembered by its value
            return prepare(value)

    return prepared
