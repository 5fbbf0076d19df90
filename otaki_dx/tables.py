"""Every table of the portal as a file: what a person may list in the admin, with the columns that may be shown.

Nobody imports these; ledgers with columns of their own are in `exchange_kinds`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db import models
from django.utils import timezone

from townhall.admin_site import TownModelAdmin
from townhall.http import PortalRequest
from townhall.permissions import Permission, can

# What no file may hold: secrets, raw bytes, and what somebody has typed or brought and not yet handed in.
NEVER = {"password", "name_key", "creation_key", "token_hash"}
NOT_OUT = {"townhall.waitingfile", "schedule.progressdraft"}


@dataclass(frozen=True)
class Table:
    """One model as its admin lists it."""

    code: str
    label: str
    app: str
    room: TownModelAdmin

    @property
    def fields(self) -> list[Any]:
        """With secrets, bytes and kept files left out; of a model whose admin names its fields only those."""
        named = set(self.room.fields or ())
        concrete = [each for each in self.room.model._meta.concrete_fields if _may_go_out(each)]
        return [each for each in concrete if each.primary_key or not named or each.name in named]

    @property
    def headings(self) -> list[str]:
        return ["番号" if each.primary_key else str(each.verbose_name) for each in self.fields]

    def lines(self, request: PortalRequest) -> Iterator[list[Any]]:
        """The rows this person may list; a row that a key points to is read once for all."""
        fields = self.fields
        keys = [each.name for each in fields if each.is_relation]
        for row in self.room.get_queryset(request).select_related(None).prefetch_related(*keys).order_by("pk"):
            yield [_cell(row, each) for each in fields]


def _may_go_out(field: Any) -> bool:
    return field.name not in NEVER and not isinstance(field, models.BinaryField | models.JSONField)


def _cell(row: Any, field: Any) -> Any:
    value = getattr(row, field.name)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value)) if value not in (None, "") else ""
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if value is None or isinstance(value, int | float) else str(value)


def all_tables() -> list[Table]:
    rooms = ((model, room) for model, room in admin.site._registry.items() if isinstance(room, TownModelAdmin))
    found = [
        Table(
            f"{model._meta.app_label}-{model._meta.model_name}",
            str(model._meta.verbose_name),
            str(model._meta.app_config.verbose_name),
            room,
        )
        for model, room in rooms
        if model._meta.label_lower not in NOT_OUT
    ]
    return sorted(found, key=lambda table: (table.app, table.label))


def tables_for(request: PortalRequest) -> Sequence[Table]:
    """As in the admin: only for people who may use it, and only what they may list there."""
    if not can(request.user, Permission.USE_ADMIN, today=request.today):
        return ()
    return [table for table in all_tables() if table.room.has_view_permission(request)]
