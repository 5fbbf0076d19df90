"""The portal's import-export Resource: natural keys, empty cell = keep, 「（消す）」 = clear, nothing guessed.

A subclass says which columns there are, finds the row a key means, and saves through its action. The library's own
loader, temp files and HTML diff are not used.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import tablib
from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.results import RowResult
from import_export.widgets import Widget

from townhall.cells import CLEAR, CellError, fold, is_clear, quoted
from townhall.sheets.table import Sheet

logger = logging.getLogger(__name__)

UNCHANGEABLE = "この列は、取り込みでは変えられません。元の値に戻すか、空欄にしてください。"

KINDS = {
    RowResult.IMPORT_TYPE_NEW: "new",
    RowResult.IMPORT_TYPE_UPDATE: "update",
    RowResult.IMPORT_TYPE_SKIP: "same",
}


@dataclass(frozen=True)
class RowOutcome:
    """What an import does, or would do, with one line of the file."""

    line: int
    name: str
    kind: str  # new, update, same, error
    changes: tuple[tuple[str, str, str], ...] = ()  # column, before, after
    errors: tuple[str, ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()  # column, as typed: 全角, 和暦, units read as something else


@dataclass(frozen=True)
class Outcome:
    rows: tuple[RowOutcome, ...]
    errors: tuple[str, ...] = ()  # about the file as a whole

    def count(self, kind: str) -> int:
        return sum(row.kind == kind for row in self.rows)

    @property
    def counts(self) -> dict[str, int]:
        return {"新規": self.count("new"), "変更": self.count("update"), "変更なし": self.count("same")}

    @property
    def sentences(self) -> list[str]:
        """Every error of the file, for the record."""
        return [*self.errors, *(f"{row.line}行目 {sentence}" for row in self.failed for sentence in row.errors)]

    @property
    def is_clean(self) -> bool:
        return not self.errors and not self.count("error")

    @property
    def changed(self) -> list[RowOutcome]:
        return [row for row in self.rows if row.kind in ("new", "update")]

    @property
    def failed(self) -> list[RowOutcome]:
        return [row for row in self.rows if row.kind == "error"]


class Column(Field):
    """A column of the file. `is_key` finds the row; `is_shown_only` is written out and compared, never taken in."""

    def __init__(
        self,
        heading: str,
        attribute: str | None = None,
        *,
        widget: Widget | None = None,
        is_key: bool = False,
        is_shown_only: bool = False,
        is_free: bool = False,
    ) -> None:
        super().__init__(attribute, heading, widget=widget or TextCell(), readonly=is_key or is_shown_only)
        self.is_key, self.is_shown_only = is_key, is_shown_only
        self.is_protected = is_shown_only and not is_free
        # A plain name is read as it is; a path stops where there is nothing.
        self._read = attrgetter(attribute) if attribute and "__" not in attribute else None

    def get_value(self, instance: Any) -> Any:
        if self._read is None:
            return super().get_value(instance)
        try:
            value = self._read(instance)
        except (AttributeError, ObjectDoesNotExist):
            return None
        return value() if callable(value) else value

    def save(self, instance: Any, row: Any, is_m2m: bool = False, *, known: Any = None, **kwargs: Any) -> None:
        """An empty cell keeps what is recorded, 「（消す）」 takes it out. `known` is what cells were read as before."""
        typed = row.get(self.column_name)
        if typed is None or typed == "":
            return
        if is_clear(typed) and not self.is_shown_only:
            setattr(instance, self.attribute, self._nothing(instance))
        elif not self.readonly:
            setattr(instance, self.attribute, self._value(typed, row, instance, {} if known is None else known))

    def _value(self, typed: Any, row: Any, instance: Any, known: dict[Any, Any]) -> Any:
        if not getattr(self.widget, "is_the_same_in_every_row", False):
            return self.widget.clean(typed, row=row, instance=instance)
        key = self.column_name, type(typed), typed
        if key not in known:
            known[key] = self.widget.clean(typed, row=row, instance=instance)
        return known[key]

    def _nothing(self, instance: Any) -> Any:
        """As the row keeps it; raises CellError where there must be something."""
        fields = {each.name: each for each in instance._meta.concrete_fields}
        field = None if self.is_key else fields.get(self.attribute)
        if field is None or not field.blank or not (field.null or field.empty_strings_allowed):
            raise CellError(f"この列は{quoted(CLEAR)}で空にできません。値を書くか、空欄（いまのまま）にしてください。")
        return None if field.null else ""


class WordCell(Widget):
    """Reads the same word as the same value in every row of a file, so each is read once."""

    is_the_same_in_every_row = True


class TextCell(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        return as_text(value).strip()


def as_text(value: Any) -> str:
    """What the cell shows: a whole number without a needless .0."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _differs_in_letters(cell: Any, after: str) -> bool:
    return cell not in (None, "") and as_text(cell).strip() != after.strip()


class YesNoCell(WordCell):
    YES = frozenset({"はい", "○", "◯", "〇", "1", "true", "諮る", "する", "有"})
    NO = frozenset({"いいえ", "×", "0", "false", "諮らない", "しない", "無", "-"})

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        word = fold(as_text(value)).lower()
        if word in self.YES or word in self.NO:
            return word in self.YES
        raise CellError("「はい」か「いいえ」で書いてください。")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "はい" if value else "いいえ"


class SafeResource(ModelResource):
    """Import all or nothing. `base` holds the versions that the preview was made from; None while previewing.

    `source` and `reason` are what the history says beside each change (townhall.sheets.jobs).
    """

    class Meta:
        clean_model_instances = False  # the action checks, with sentences that name the field
        use_transactions = True
        skip_unchanged = True
        report_skipped = True
        skip_html_diff = True
        store_instance = True

    def __init__(
        self,
        *,
        by: Any = None,
        today: Any = None,
        now: Any = None,
        base: dict[str, int] | None = None,
        source: str = "取込",
        reason: str = "",
    ) -> None:
        super().__init__()
        self.by, self.today, self.now, self.base = by, today, now, base
        self.source, self.reason = source, reason
        self.sheet = Sheet((), ())
        self.versions: dict[str, int] = {}
        self._done: set[str] = set()
        self._cells: dict[int, dict[str, Any]] = {}
        self._given: list[Column] = []
        self._read_before: dict[Any, Any] = {}

    # --- what a subclass answers

    def key_of(self, row: dict[str, Any]) -> str:
        """The natural key in this line, in one spelling; raises ValidationError when a part cannot be read."""
        raise NotImplementedError

    def find(self, key: str) -> tuple[Any, bool]:
        """(instance, is new) for a key; raises ValidationError when nothing of the kind exists."""
        raise NotImplementedError

    def name_of(self, instance: Any) -> str:
        return str(instance)

    def is_unchanged(self, instance: Any, original: Any) -> bool:
        raise NotImplementedError

    def record(self, instance: Any, *, seen_version: int | None) -> None:
        """Save through the action; raises ValidationError."""
        raise NotImplementedError

    # --- columns

    @classmethod
    def columns(cls) -> list[Column]:
        """In the order of Meta.fields, which is the order of the file."""
        return [cls.fields[name] for name in cls._meta.fields]

    @classmethod
    def headings(cls) -> list[str]:
        return [column.column_name for column in cls.columns()]

    @classmethod
    def key_headings(cls) -> list[str]:
        return [column.column_name for column in cls.columns() if column.is_key]

    @classmethod
    def written(cls, instances: Iterable[Any]) -> list[list[Any]]:
        """The lines of a file for these rows, in the order of `headings`."""
        columns = cls.columns()
        return [[column.export(each) for column in columns] for each in instances]

    # --- the import

    def run(self, sheet: Sheet, *, dry_run: bool) -> Outcome:
        """Import a sheet; with an error in any line nothing is written."""
        self._begin(sheet)
        data = tablib.Dataset(*(line.cells for line in sheet.lines), headers=list(sheet.headers))
        result = self.import_data(
            data, dry_run=dry_run, rollback_on_validation_errors=True, retain_instance_in_row_result=True
        )
        for error in result.base_errors:
            logger.error("import failed: %r", error.error)
        numbers = [line.number for line in sheet.lines]
        return Outcome(
            rows=tuple(self._outcome(number, row) for number, row in zip(numbers, result.rows, strict=True)),
            errors=("取り込みの途中で止まりました。何も書き込んでいません。",) if result.base_errors else (),
        )

    def _begin(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._cells = {line.number: sheet.values(line) for line in sheet.lines}
        self._given = [column for column in self.columns() if column.column_name in sheet.headers]
        self._read_before = {}

    def _outcome(self, number: int, row: Any) -> RowOutcome:
        if row.import_type == RowResult.IMPORT_TYPE_INVALID:
            return self._failed(number, row.validation_error)
        if row.import_type not in KINDS:
            for error in row.errors:
                logger.error("line %s: %r", number, error.error, exc_info=error.error)
            return self._failed(number, ValidationError("この行は読めませんでした。"))
        original = row.original or type(row.instance)()
        return self._described(number, row.instance, original, KINDS[row.import_type])

    def _failed(self, number: int, error: ValidationError) -> RowOutcome:
        return RowOutcome(number, self._typed_name(number), "error", errors=tuple(self._sentences(error, number)))

    def _typed_name(self, number: int) -> str:
        """What the file calls a line that is wrong: there may be no row to name."""
        cells = self._cells.get(number, {})
        typed = (cells.get(heading) for heading in self.key_headings())
        return "".join(quoted(as_text(cell)) for cell in typed if cell not in (None, ""))

    def _described(self, number: int, instance: Any, original: Any, kind: str) -> RowOutcome:
        if kind == "same":
            return RowOutcome(number, self.name_of(instance), kind)
        was_there = kind == "update"  # the default of a new row was never recorded, so nothing takes its place
        shown = (
            (column.column_name, self._shown(column, original) if was_there else "", self._shown(column, instance))
            for column in self._changed(instance, original)
        )
        changes = tuple(change for change in shown if change[1] != change[2])
        return RowOutcome(number, self.name_of(instance), kind, changes, corrections=self._corrections(number, changes))

    def _changed(self, instance: Any, original: Any) -> list[Column]:
        columns = (column for column in self.columns() if not column.readonly)
        return [column for column in columns if column.get_value(original) != column.get_value(instance)]

    def _corrections(self, number: int, changes: tuple[tuple[str, str, str], ...]) -> tuple[tuple[str, str], ...]:
        """What stands in the file where it is not, letter by letter, what is taken in."""
        cells = self._cells.get(number, {})
        typed = ((heading, cells.get(heading), after) for heading, _, after in changes)
        return tuple((heading, as_text(cell)) for heading, cell, after in typed if _differs_in_letters(cell, after))

    def _shown(self, column: Column, instance: Any) -> str:
        """As in the file."""
        value = column.export(instance)
        return "" if value is None else str(value)

    def _sentences(self, error: ValidationError, number: int) -> list[str]:
        """Each with its column and cell: 「状況（「入力」!D7）：…」, in a .csv 「状況（D7）：…」."""
        named = {name: self.fields[name].column_name for name in self._meta.fields}
        named |= {column.attribute: column.column_name for column in self.columns() if column.attribute}
        if not hasattr(error, "error_dict"):
            return error.messages
        return [
            sentence if field == NON_FIELD_ERRORS else f"{self._placed(named.get(field, field), number)}：{sentence}"
            for field, sentences in error.message_dict.items()
            for sentence in sentences
        ]

    def _placed(self, heading: str, number: int) -> str:
        return f"{heading}（{self.sheet.address(number, heading)}）" if heading in self.sheet.headers else heading

    def get_or_init_instance(self, instance_loader: Any, row: dict[str, Any]) -> tuple[Any, bool]:
        key = self.key_of(row)
        if key in self._done:
            raise ValidationError("同じ行が、このファイルに二つ以上あります。")
        self._done.add(key)
        instance, is_new = self.find(key)
        self.versions[key] = 0 if is_new else instance.version
        instance._sheet_key = key
        return instance, is_new

    def import_instance(self, instance: Any, row: dict[str, Any], **kwargs: Any) -> None:
        errors = {}
        for column in self._given:
            try:
                column.save(instance, row, known=self._read_before)
            except ValueError as error:  # CellError is one
                errors[column.attribute or column.column_name] = str(error)
            if column.is_protected and self._differs(column, instance, row):
                errors[column.column_name] = UNCHANGEABLE
        if errors:
            raise ValidationError(errors)

    def _differs(self, column: Column, instance: Any, row: dict[str, Any]) -> bool:
        typed = row.get(column.column_name)
        return typed not in (None, "") and fold(as_text(typed)) != fold(self._shown(column, instance))

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        return not import_validation_errors and self.is_unchanged(instance, original)

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        key = instance._sheet_key
        seen = self.versions[key] if self.base is None else self.base.get(key, 0)
        self.record(instance, seen_version=seen or None)

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """The library would reset sequences here; every row was made by its action."""
