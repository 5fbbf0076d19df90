"""Saving many rows of one model as `create_row` and `save_row` do each, in a fixed number of statements per batch.

The rules stay: every field is validated, uniqueness and checks are asked of the database, versions are compared inside
an UPDATE, and each row gets its history record with the actor's text, all in one transaction. For models whose `clean`
asks the database nothing and whose action is a plain save; anything else goes through its action, row by row.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, models, router, transaction
from django.db.models import F
from django.db.models.deletion import Collector
from django.utils import timezone

from townhall.bulk_insert import insert_rows, overwrite_rows
from townhall.changes import StaleVersion, System, VersionedModel, create_row, note_written, save_row

V = TypeVar("V", bound=VersionedModel)
BATCH = 500


class RowErrors(ValidationError):  # noqa: N818 - it is several
    """What is wrong, by the place of the row in what was given."""

    def __init__(self, errors: Mapping[int, ValidationError]) -> None:
        self.by_place = dict(errors)
        super().__init__([sentence for error in errors.values() for sentence in error.messages])


@transaction.atomic
def save_rows(
    rows: Sequence[V],
    *,
    seen: Mapping[Any, int | None],
    by: Any,
    today: date,
    reason: str = "",
    source: str = "画面",
    is_trial: bool = False,
) -> None:
    """Create the rows without a number, change the others if they still have the version `seen` under their number.

    All or nothing. Raises RowErrors with everything that is wrong, and StaleVersion. A trial is for a caller who rolls
    back: every rule is asked, but no history is written.
    """
    told = {"by": by, "today": today, "reason": reason, "source": source}
    _validate_fields(rows)
    new = [place for place, row in enumerate(rows) if row.pk is None]
    try:
        with transaction.atomic():
            new_rows, changed = _write(rows, seen)
            if not is_trial:
                _note(new_rows, "+", **told)
                _note(changed, "~", **told)
    except IntegrityError as error:
        for place in new:
            rows[place].pk = None
        _name_what_is_wrong(rows, seen, told)  # the database says that something is wrong, not with which row
        raise ValidationError("行どうしの決まりに合わないため、保存できません。") from error


@transaction.atomic
def delete_rows(rows: Sequence[V], *, by: Any, today: date, reason: str = "", source: str = "画面") -> None:
    """Delete rows that are still as they were read; their history stays. Raises ProtectedError, StaleVersion."""
    if not rows:
        return
    told = {"by": by, "today": today, "reason": reason, "source": source}
    model = type(rows[0])
    collector = Collector(using=router.db_for_write(model))
    collector.collect(rows)
    _claim(rows, {row.pk: row.version for row in rows})
    _note(rows, "-", **told)
    for start in range(0, len(rows), BATCH):
        batch = model._base_manager.filter(pk__in=[row.pk for row in rows[start : start + BATCH]])
        batch._raw_delete(batch.db)  # with signals each would write a second record


def _write(rows: Sequence[V], seen: Mapping[Any, int | None]) -> tuple[list[V], list[V]]:
    """The rows that are new, and those that were there."""
    new = [row for row in rows if row.pk is None]
    changed = [row for row in rows if row.pk is not None]
    insert_rows(new)
    if changed:
        _claim(changed, seen)
        overwrite_rows(changed)
    return new, changed


def _claim(rows: Sequence[V], seen: Mapping[Any, int | None]) -> None:
    """One UPDATE for each batch of rows with the same version; one that is missing was saved by somebody else."""
    by_version: dict[int | None, list[V]] = defaultdict(list)
    for row in rows:
        by_version[seen.get(row.pk)].append(row)
    manager = type(rows[0])._default_manager
    for version, same in by_version.items():
        if version is None:
            raise StaleVersion(same[0], None)
        for start in range(0, len(same), BATCH):
            batch = same[start : start + BATCH]
            mine = manager.filter(pk__in=[row.pk for row in batch], version=version)
            if mine.update(version=F("version") + 1) != len(batch):
                raise StaleVersion(_first_stale(batch, version), version)
            for row in batch:
                row.version = version + 1


def _first_stale(batch: Sequence[V], version: int) -> VersionedModel | None:
    """After the UPDATE, those that it did not raise."""
    left = type(batch[0])._default_manager.filter(pk__in=[row.pk for row in batch]).exclude(version=version + 1)
    return left.first()


def _note(rows: Sequence[V], kind: str, *, by: Any, today: date, reason: str, source: str) -> None:
    if not rows:
        return
    said = {
        "history_date": timezone.now(),
        "history_user": None if isinstance(by, System) else by.pk,
        "history_type": kind,
        "history_change_reason": reason,
        "history_actor": by.described_on(today),
        "history_source": source,
    }
    for start in range(0, len(rows), BATCH):
        _copy_to_history(rows[start : start + BATCH], said)
    for row in rows:
        note_written(row, kind)


def _copy_to_history(rows: Sequence[V], said: Mapping[str, Any]) -> None:
    """The rows as they stand in their table now: the database copies them, so no record is built here."""
    model: Any = type(rows[0])
    record = model.history.model
    own = [record._meta.get_field(name) for name in said]
    copied = [record._meta.get_field(field.name) for field in record.tracked_fields]
    with connections[router.db_for_write(model)].cursor() as cursor:
        ops = cursor.db.ops
        into = ", ".join(ops.quote_name(field.column) for field in (*copied, *own))
        out = ", ".join(ops.quote_name(field.column) for field in record.tracked_fields)
        pk, table, history = map(ops.quote_name, (model._meta.pk.column, model._meta.db_table, record._meta.db_table))
        marks = ", ".join(["%s"] * len(own)), ", ".join(["%s"] * len(rows))
        cursor.execute(
            f"INSERT INTO {history} ({into}) SELECT {out}, {marks[0]} FROM {table} WHERE {pk} IN ({marks[1]}) ORDER BY {pk}",  # noqa: S608 - names of our own tables
            [field.get_db_prep_save(value, cursor.db) for field, value in zip(own, said.values(), strict=True)]
            + [row.pk for row in rows],
        )


# --- what is wrong


def _validate_fields(rows: Sequence[V]) -> None:
    """As `full_clean`, with one query for each foreign key instead of one for each row."""
    if not rows:
        return
    wrong: dict[int, dict[str, Any]] = defaultdict(dict)
    for field in type(rows[0])._meta.concrete_fields:
        if isinstance(field, models.ForeignKey):
            found = _check_key(field, rows)
        else:
            found = {} if field.generated else _clean_field(field, rows)
        for place, error in found.items():
            wrong[place][field.name] = error.error_list
    errors = {place: ValidationError(by_field) for place, by_field in wrong.items()}
    for place, row in enumerate(rows):
        if place not in errors:
            try:
                row.clean()
            except ValidationError as error:
                errors[place] = error
    if errors:
        raise RowErrors(dict(sorted(errors.items())))


def _clean_field(field: Any, rows: Sequence[V]) -> dict[int, ValidationError]:
    """As `clean_fields`, for one column; what the field makes of a word or day that many rows share is asked once."""
    name, empty = field.attname, field.empty_values if field.blank else ()
    is_own = isinstance(field, models.CharField | models.TextField) and not field.choices
    cleaned: dict[Any, Any] = {}
    errors: dict[int, ValidationError] = {}
    for place, row in enumerate(rows):
        value = getattr(row, name)
        if field.blank and value in empty:
            continue
        is_shared = not is_own and value.__hash__ is not None
        try:
            if not is_shared:
                setattr(row, name, field.clean(value, row))
                continue
            if (key := (type(value), value)) not in cleaned:
                cleaned[key] = field.clean(value, row)
            setattr(row, name, cleaned[key])
        except ValidationError as error:
            errors[place] = error
    return errors


def _existing(key: models.ForeignKey[Any, Any], rows: Sequence[V]) -> set[Any]:
    wanted = list({getattr(row, key.attname) for row in rows} - {None})
    manager = key.related_model._base_manager
    found: set[Any] = set()
    for start in range(0, len(wanted), BATCH):
        found |= set(manager.filter(pk__in=wanted[start : start + BATCH]).values_list("pk", flat=True))
    return found


def _check_key(key: models.ForeignKey[Any, Any], rows: Sequence[V]) -> dict[int, ValidationError]:
    known, name = _existing(key, rows), key.attname
    missing = ValidationError(str(key.error_messages["null"]))
    unknown = ValidationError(f"選んだ{key.verbose_name}はありません。")
    values = ((place, getattr(row, name)) for place, row in enumerate(rows))
    return {
        place: missing if value is None else unknown
        for place, value in values
        if value not in known and not (value is None and key.null)
    }


def _name_what_is_wrong(rows: Sequence[V], seen: Mapping[Any, int | None], told: dict[str, Any]) -> None:
    """One by one, as the pages do, each in its own savepoint; nothing of it stays."""
    errors: dict[int, ValidationError] = {}
    with transaction.atomic():
        for place, row in enumerate(rows):
            try:
                with transaction.atomic():
                    if row.pk is None:
                        create_row(row, **told)
                    else:
                        save_row(row, seen_version=seen.get(row.pk), **told)
            except ValidationError as error:
                errors[place] = error
        transaction.set_rollback(True)
    if errors:
        raise RowErrors(errors)
