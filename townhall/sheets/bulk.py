"""A Resource for ledgers whose action is a plain save: the same rules and outcome, all rows written together."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.base import ModelState

from townhall.bulk_changes import RowErrors, save_rows
from townhall.cells import fold
from townhall.changes import StaleVersion
from townhall.sheets.resource import Column, Outcome, RowOutcome, SafeResource
from townhall.sheets.table import Line, Sheet

Found = tuple[int, Any, Any]  # number of the line, the row as it would be, the row as it is


class BulkResource(SafeResource):
    """`record` is not asked. Only for models whose `clean` asks the database nothing (townhall.bulk_changes)."""

    past: tuple[str, ...] = ()  # days of what has happened: they cannot lie ahead

    def import_instance(self, instance: Any, row: dict[str, Any], **kwargs: Any) -> None:
        before = {name: getattr(instance, name) for name in self.past}
        super().import_instance(instance, row, **kwargs)
        days = {name: getattr(instance, name) for name, day in before.items() if getattr(instance, name) != day}
        if ahead := {name: "まだ来ていない日です。" for name, day in days.items() if day and day > self.today}:
            raise ValidationError(ahead)

    def follow(self, saved: Sequence[tuple[Any, Any]]) -> None:
        """What follows from the rows as they are now and were before, in the same transaction."""

    @cached_property
    def compared(self) -> list[str]:
        """The columns that a file may change, as the row keeps them."""
        return [self._meta.model._meta.get_field(column.attribute).attname for column in self._open]

    @cached_property
    def _open(self) -> list[Column]:
        return [column for column in self.columns() if not column.readonly]

    @cached_property
    def blank(self) -> Any:
        """What every new row was before."""
        return self._meta.model()

    def new(self) -> Any:
        """A new row. A copy of the blank one: filling in each default of each row takes longer than all else."""
        row = _as_it_is(self.blank)
        for field in self._own_defaults:
            setattr(row, field.attname, field.get_default())
        return row

    @cached_property
    def _own_defaults(self) -> list[Any]:
        """The fields that begin with a value of their own in each row."""
        fields = self._meta.model._meta.concrete_fields
        return [field for field in fields if field.has_default() and callable(field.default)]

    def _changed(self, instance: Any, original: Any) -> list[Column]:
        now, before = vars(instance), vars(original)
        return [column for column, name in zip(self._open, self.compared, strict=True) if now[name] != before[name]]

    def _shown(self, column: Column, instance: Any) -> str:
        if instance is not self.blank:
            return super()._shown(column, instance)
        if column.column_name not in self._shown_of_blank:
            self._shown_of_blank[column.column_name] = super()._shown(column, instance)
        return self._shown_of_blank[column.column_name]

    @cached_property
    def _shown_of_blank(self) -> dict[str, str]:
        return {}

    def is_unchanged(self, instance: Any, original: Any) -> bool:
        if self.sheet.encoding == "cp932":
            take_back_what_cp932_changed(instance, original, self.compared)
        now, before = vars(instance), vars(original)
        return instance.pk is not None and all(now[name] == before[name] for name in self.compared)

    def run(self, sheet: Sheet, *, dry_run: bool) -> Outcome:
        """A preview writes as well, and takes it back: only the database knows whether its constraints hold."""
        with _collector_at_rest():
            return self._run(sheet, dry_run=dry_run)

    def _run(self, sheet: Sheet, *, dry_run: bool) -> Outcome:
        self._begin(sheet)
        self.before_import(None)  # the library's own table of the lines is not made
        outcomes: dict[int, RowOutcome] = {}
        found = [each for line in sheet.lines if (each := self._read(line, outcomes)) is not None]
        # Before they are saved, which gives a new row its number. While writing nobody looks at single cells: the
        # preview has told them.
        tell = self._described if dry_run else self._without_cells
        described = {number: tell(number, row, before, _kind(row)) for number, row, before in found}
        with transaction.atomic():
            errors = self._save(found, is_trial=dry_run)
            if dry_run or errors or any(each.kind == "error" for each in outcomes.values()):
                transaction.set_rollback(True)
        outcomes |= described | errors
        return Outcome(tuple(outcomes[line.number] for line in sheet.lines))

    def _read(self, line: Line, outcomes: dict[int, RowOutcome]) -> Found | None:
        """The line as a row to save; nothing when it is wrong or changes nothing, which then stands in `outcomes`."""
        row = self._cells[line.number]
        try:
            instance, is_new = self.get_or_init_instance(None, row)
            before = self.blank if is_new else _as_it_is(instance)
            self.import_instance(instance, row)
        except ValidationError as error:
            outcomes[line.number] = self._failed(line.number, error)
            return None
        if self.is_unchanged(instance, before):
            outcomes[line.number] = RowOutcome(line.number, self.name_of(instance), "same")
            return None
        return line.number, instance, before

    def _without_cells(self, number: int, row: Any, before: Any, kind: str) -> RowOutcome:
        return RowOutcome(number, self.name_of(row), kind)

    def _save(self, found: Sequence[Found], *, is_trial: bool) -> dict[int, RowOutcome]:
        rows = [row for _, row, _ in found]
        versions = self.versions if self.base is None else self.base
        seen = {row.pk: versions.get(row._sheet_key) or None for row in rows if row.pk is not None}
        try:
            with transaction.atomic():
                told = {"by": self.by, "today": self.today, "reason": self.reason, "source": self.source}
                save_rows(rows, seen=seen, is_trial=is_trial, **told)
                self.follow([(row, before) for _, row, before in found])
        except RowErrors as wrong:
            return {found[place][0]: self._failed(found[place][0], error) for place, error in wrong.by_place.items()}
        except StaleVersion as stale:
            return {number: self._failed(number, ValidationError(stale.sentence)) for number in _of(found, stale)}
        except ValidationError as error:
            return {found[0][0]: self._failed(found[0][0], error)}
        return {}


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """The rows of a file hold no circles, but each pass of the collector would look at all of them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def take_back_what_cp932_changed(instance: Any, original: Any, names: Sequence[str]) -> None:
    """〜 and − come back from a CP932 file as other signs; that is no change of the text."""
    for name in names:
        now, before = getattr(instance, name), getattr(original, name)
        if isinstance(now, str) and isinstance(before, str) and fold(now) == fold(before):
            setattr(instance, name, before)


def _as_it_is(row: Any) -> Any:
    """A copy to compare with later: `copy.copy` would take the row apart and build it again."""
    twin = object.__new__(type(row))
    vars(twin).update(vars(row))
    twin._state = ModelState()
    twin._state.db, twin._state.adding = row._state.db, row._state.adding
    twin._state.fields_cache = dict(row._state.fields_cache)
    return twin


def _kind(row: Any) -> str:
    return "new" if row.pk is None else "update"


def _of(found: Sequence[Found], stale: StaleVersion) -> list[int]:
    """The lines of the row that somebody else saved; of one that is gone we only know that it is among them."""
    pk = stale.current.pk if stale.current else None
    return [number for number, row, _ in found if pk is None or row.pk == pk]
