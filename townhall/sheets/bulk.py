"""A Resource for ledgers whose action is a plain save: the same rules and outcome, all rows written together."""

import copy
from collections.abc import Sequence
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.db import transaction

from townhall.bulk_changes import RowErrors, save_rows
from townhall.changes import StaleVersion
from townhall.sheets.resource import Outcome, RowOutcome, SafeResource
from townhall.sheets.table import Line, Sheet

Found = tuple[int, Any, Any]  # number of the line, the row as it would be, the row as it is


class BulkResource(SafeResource):
    """`record` is not asked. Only for models whose `clean` asks the database nothing (townhall.bulk_changes)."""

    def run(self, sheet: Sheet, *, dry_run: bool) -> Outcome:
        """A preview writes as well, and takes it back: only the database knows whether its constraints hold."""
        self._begin(sheet)
        self.before_import(tablib.Dataset(*(line.cells for line in sheet.lines), headers=list(sheet.headers)))
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
            instance, _ = self.get_or_init_instance(None, row)
            before = copy.copy(instance)
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

    def _failed(self, number: int, error: ValidationError) -> RowOutcome:
        return RowOutcome(number, "", "error", errors=tuple(self._sentences(error, number)))

    def _save(self, found: Sequence[Found], *, is_trial: bool) -> dict[int, RowOutcome]:
        rows = [row for _, row, _ in found]
        versions = self.versions if self.base is None else self.base
        seen = {row.pk: versions.get(row._sheet_key) or None for row in rows if row.pk is not None}
        try:
            with transaction.atomic():
                told = {"by": self.by, "today": self.today, "reason": self.reason, "source": self.source}
                save_rows(rows, seen=seen, is_trial=is_trial, **told)
        except RowErrors as wrong:
            return {found[place][0]: self._failed(found[place][0], error) for place, error in wrong.by_place.items()}
        except StaleVersion as stale:
            return {number: self._failed(number, ValidationError(stale.sentence)) for number in _of(found, stale)}
        except ValidationError as error:
            return {found[0][0]: self._failed(found[0][0], error)}
        return {}


def _kind(row: Any) -> str:
    return "new" if row.pk is None else "update"


def _of(found: Sequence[Found], stale: StaleVersion) -> list[int]:
    """The lines of the row that somebody else saved; of one that is gone we only know that it is among them."""
    pk = stale.current.pk if stale.current else None
    return [number for number, row, _ in found if pk is None or row.pk == pk]
