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
    if new:
        type(new[0])._default_manager.bulk_create(new, batch_size=BATCH)
    if changed:
        _claim(changed, seen)
        model = type(changed[0])
        names = [each.name for each in model._meta.concrete_fields if not each.primary_key and not each.generated]
        model._default_manager.bulk_create(
            changed, batch_size=BATCH, update_conflicts=True, unique_fields=["pk"], update_fields=names
        )
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
    keys = [each for each in type(rows[0])._meta.concrete_fields if isinstance(each, models.ForeignKey)]
    known = {key.name: _existing(key, rows) for key in keys}
    taken: dict[tuple[str, Any], Any] = {}
    errors: dict[int, ValidationError] = {}
    for place, row in enumerate(rows):
        try:
            _clean_fields(row, known, taken)
            for key in keys:
                _check_key(key, getattr(row, key.attname), known[key.name])
            row.clean()
        except ValidationError as error:
            errors[place] = error
    if errors:
        raise RowErrors(errors)


def _clean_fields(row: V, known: Mapping[str, Any], taken: dict[tuple[str, Any], Any]) -> None:
    """As `clean_fields`; of a word or a day that many rows share, what the field makes of it is asked once."""
    errors = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.name in known or field.generated or (field.blank and value in field.empty_values):
            continue
        is_shared = bool(field.choices) or isinstance(value, date)
        if is_shared and (field.attname, value) in taken:
            setattr(row, field.attname, taken[field.attname, value])
            continue
        try:
            cleaned = field.clean(value, row)
        except ValidationError as error:
            errors[field.name] = error.error_list
            continue
        setattr(row, field.attname, cleaned)
        if is_shared:
            taken[field.attname, value] = cleaned
    if errors:
        raise ValidationError(errors)


def _existing(key: models.ForeignKey[Any, Any], rows: Sequence[V]) -> set[Any]:
    wanted = list({getattr(row, key.attname) for row in rows} - {None})
    manager = key.related_model._base_manager
    found: set[Any] = set()
    for start in range(0, len(wanted), BATCH):
        found |= set(manager.filter(pk__in=wanted[start : start + BATCH]).values_list("pk", flat=True))
    return found


def _check_key(key: models.ForeignKey[Any, Any], value: Any, known: set[Any]) -> None:
    if value is None and not key.null:
        raise ValidationError({key.name: str(key.error_messages["null" if not key.blank else "required"])})
    if value is not None and value not in known:
        raise ValidationError({key.name: f"選んだ{key.verbose_name}はありません。"})


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
