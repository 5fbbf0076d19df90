"""Reading the change history: who, when, what from → to, why. Used by the pages and the admin alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, TextField

from townhall.changes import VersionedModel
from townhall.forms import BLANK, shown_value

KINDS = {"+": "作成", "~": "変更", "-": "削除"}
# Bookkeeping columns that no reader asks about.
HIDDEN = {"id", "version", "creation_key", "password", "last_login", "created_at"}


@dataclass(frozen=True)
class FieldChange:
    label: str
    old: str
    new: str
    is_text: bool = False  # sentences on both sides, to be shown with their difference


@dataclass(frozen=True)
class Change:
    at: datetime
    actor: str
    kind: str
    source: str
    reason: str
    fields: tuple[FieldChange, ...]


def changes_of(row: VersionedModel) -> list[Change]:
    """Every recorded change of one row, newest first. Two queries plus one per foreign key shown."""
    return changes_in(row.history.all())  # type: ignore[attr-defined]


def changes_in(history: QuerySet[Any]) -> list[Change]:
    """The same of some of one row's history: the oldest record of these shows its values as added."""
    records = list(history.order_by("-history_date", "-history_id"))
    olders: Iterable[Any] = [*records[1:], None][: len(records)]
    return [describe(record, older) for record, older in zip(records, olders, strict=True)]


def changes_by_row(history: QuerySet[Any]) -> list[Change]:
    """The same of several rows together: each record against the one before it of its own row."""
    newest_first = list(history.order_by("-history_date", "-history_id"))
    olders = (
        next((other for other in newest_first[position:] if other.id == record.id), None)
        for position, record in enumerate(newest_first, start=1)
    )
    return [describe(record, older) for record, older in zip(newest_first, olders, strict=True)]


def describe(record: Any, older: Any | None) -> Change:
    """One history row against the one before it; the first shows its values as added."""
    return Change(
        at=record.history_date,
        actor=record.history_actor,
        kind=KINDS[record.history_type],
        source=record.history_source,
        reason=record.history_change_reason or "",
        fields=tuple(_differences(record, older)) if record.history_type != "-" else (),
    )


def _differences(record: Any, older: Any | None) -> Iterable[FieldChange]:
    for field in record.tracked_fields:
        if field.name in HIDDEN:
            continue
        same = older is not None and getattr(older, field.attname) == getattr(record, field.attname)
        new = shown_value(record, field.name)
        old = "" if older is None else shown_value(older, field.name)
        if not same and not (older is None and new == BLANK):
            is_text = isinstance(field, TextField) and BLANK not in (old, new) and older is not None
            yield FieldChange(str(field.verbose_name), old, new, is_text)
