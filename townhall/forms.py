"""Forms that keep what was typed: every editing form carries the version it was opened with."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone

from townhall import fiscal
from townhall.cells import clean_text
from townhall.changes import StaleVersion, VersionedModel, create_row, save_row

BLANK = "（空欄）"


@dataclass(frozen=True)
class Conflict:
    """Two people changed one row: what happened, and per differing field the other's value and mine."""

    sentence: str
    is_deleted: bool
    fields: tuple[tuple[str, str, str], ...]  # label, 相手の値, 自分の値


class CleanTextMixin:
    """Text is stored with LF line ends and without characters that no .xlsx can hold."""

    def clean(self) -> Any:
        cleaned = super().clean()  # type: ignore[misc]
        data: dict[str, Any] = self.cleaned_data if cleaned is None else cleaned  # type: ignore[attr-defined]
        for name, value in data.items():
            if isinstance(value, str):
                data[name] = clean_text(value)
        return data


class VersionedForm(CleanTextMixin, forms.ModelForm):
    """A model form that saves through `save_row`; without a readable version nothing is saved.

    `save_as` returns False and fills `conflict` when somebody saved first; the form then carries the newer version,
    so pressing the button again overwrites knowingly, and a third person is noticed again.
    """

    seen_version = forms.IntegerField(
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid": "この画面の版が読めないため、保存していません。画面を開き直してください。"},
    )
    conflict: Conflict | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["seen_version"].initial = self.instance.version

    def save_as(self, *, by: Any, today: date, reason: str = "", source: str = "画面") -> bool:
        row: VersionedModel = self.instance
        if row.pk is None:
            create_row(row, by=by, today=today, reason=reason, source=source)
            return True
        try:
            save_row(
                row,
                by=by,
                seen_version=self.cleaned_data.get("seen_version"),
                today=today,
                reason=reason,
                source=source,
            )
        except StaleVersion as stale:
            self.take_conflict(stale)
            return False
        return True

    def take_conflict(self, stale: StaleVersion) -> Conflict:
        self.conflict = conflict_of(self, stale)
        if stale.current is not None and stale.seen_version is not None:
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data[self.add_prefix("seen_version")] = str(stale.current.version)  # type: ignore[index]
        return self.conflict


class VersionedAdminForm(VersionedForm):
    """In the admin the form itself comes back with what the other person saved; the UPDATE still guards the race."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        row: VersionedModel = self.instance
        seen = self.cleaned_data.get("seen_version")
        if row.pk is None or "seen_version" in self.errors or seen == row.version:
            return
        current = type(row)._default_manager.filter(pk=row.pk).first()
        conflict = self.take_conflict(StaleVersion(current, seen))
        self.add_error(None, conflict.sentence)
        for label, theirs, mine in conflict.fields:
            self.add_error(None, f"{label}：相手の値「{theirs}」／自分の値「{mine}」")
        if current is not None and seen is not None:
            self.add_error(None, "もう一度保存すると、自分の値で上書きします。")


def conflict_of(form: forms.ModelForm, stale: StaleVersion) -> Conflict:
    current = stale.current
    if current is None:
        return Conflict(stale.sentence, is_deleted=stale.seen_version is not None, fields=())
    differing = []
    for name in form.fields:
        if name == "seen_version" or name not in form.cleaned_data:
            continue
        theirs, mine = shown_value(current, name), shown_value(form.instance, name)
        if theirs != mine:
            label = str(form.fields[name].label or name)
            differing.append((label, theirs, mine))
    return Conflict(stale.sentence, is_deleted=False, fields=tuple(differing))


def shown_value(row: models.Model, name: str) -> str:
    """A field's value in words: the label of a choice, はい／いいえ, 令和 dates, 「（空欄）」 when empty."""
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name, None)
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"  # 12.000 is 12 on every page
    if isinstance(value, datetime):
        return f"{fiscal.format_date(value)} {timezone.localtime(value):%H:%M}"
    if isinstance(value, date):
        return fiscal.format_date(value)
    if isinstance(value, dict):
        value = [
            f"{key}：{'・'.join(map(str, each)) if isinstance(each, list) else each}" for key, each in value.items()
        ]
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, list):
        value = "、".join(str(part) for part in value)
    return str(value) if value not in (None, "") else BLANK
