"""A Resource for ledgers whose rows are saved by an action, one after the other: a due day moved, a duty done."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from townhall.cells import CellError, fold
from townhall.refusal import Refused
from townhall.sheets.bulk import take_back_what_cp932_changed
from townhall.sheets.columns import DayCell
from townhall.sheets.refusals import refused_in_words
from townhall.sheets.resource import SafeResource, as_text


class ActionResource(SafeResource):
    """`save` calls the action; what it says no with is told of the line, as on the page."""

    compared: tuple[str, ...]  # what a file may change, as the row keeps it

    def save(self, instance: Any, *, seen_version: int | None) -> None:
        raise NotImplementedError

    @property
    def told(self) -> dict[str, Any]:
        return {"by": self.by, "today": self.today, "source": self.source}

    def is_unchanged(self, instance: Any, original: Any) -> bool:
        if self.sheet.encoding == "cp932":
            take_back_what_cp932_changed(instance, original, self.compared)
        return instance.pk is not None and all(
            getattr(instance, name) == getattr(original, name) for name in self.compared
        )

    def record(self, instance: Any, *, seen_version: int | None) -> None:
        with refused_in_words():
            self.save(instance, seen_version=seen_version)


def on_cell(field: str, action: Callable[[], object]) -> None:
    """A step that does not fit is told of the cell that asked for it."""
    try:
        action()
    except Refused as refused:
        raise ValidationError({field: str(refused)}) from None


def without_reason(rows: Iterable[Any]) -> Iterator[Any]:
    """A reason stands in the history; its column goes out empty, to be filled in."""
    for row in rows:
        row.change_reason = ""
        yield row


def word_in(row: Mapping[str, Any], heading: str) -> str:
    """The cell as it is compared; nothing for an empty one."""
    value = row.get(heading)
    return "" if value is None else fold(as_text(value))


def day_in(row: Mapping[str, Any], field: str, heading: str) -> date:
    """A day that is part of the key. Raises ValidationError."""
    if not word_in(row, heading):
        raise ValidationError({field: f"{heading}がありません。"})
    try:
        return DayCell().clean(row[heading])
    except CellError as error:
        raise ValidationError({field: str(error)}) from error
