"""A form that is sent twice is done once."""

from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from townhall.changes import VersionedModel, create_row

V = TypeVar("V", bound=VersionedModel)


def create_once(row: V, *, by: Any, today: date, source: str = "画面", history_reason: str = "") -> V:
    """Insert the row, unless one with the same one-time key is there already: pressing twice makes one."""
    twins = type(row)._default_manager.filter(creation_key=row.creation_key)  # type: ignore[attr-defined]
    first = twins.first()
    if first is not None:
        return first
    try:
        with transaction.atomic():
            return create_row(row, by=by, today=today, source=source, reason=history_reason)
    except (IntegrityError, ValidationError):
        first = twins.first()
        if first is None:
            raise
        return first
