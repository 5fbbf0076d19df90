"""A form that is sent twice is done once."""

from datetime import date
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models

from townhall.changes import VersionedModel, create_row
from townhall.models import User
from townhall.refusal import Refused

SAME_MOMENT = "ほかの人が同時に同じ番号で保存しました。まだ保存していません。番号を確かめて、もう一度保存してください。"

V = TypeVar("V", bound=VersionedModel)


def create_once(row: V, twins: models.QuerySet[V], *, by: User, today: date, source: str, reason: str = "") -> V:
    """Insert the row, unless a form with the same one-time key was here before: pressing twice makes one."""
    first = twins.first()
    if first is not None:
        return first
    try:
        return create_row(row, by=by, today=today, source=source, reason=reason)
    except (IntegrityError, ValidationError) as error:
        first = twins.first()
        if first is None and isinstance(error, IntegrityError):
            raise Refused(SAME_MOMENT) from error
        if first is None:
            raise
        return first
