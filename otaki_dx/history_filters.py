"""変更履歴: which changes somebody asked for. Everything stands in the address, and each condition can be taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils import timezone

from initiatives.models import Plan
from otaki_dx.history_source import Source
from otaki_dx.history_sources import field_choices
from otaki_dx.recent_changes import Wanted
from schedule.models import ReportingRound
from townhall import fiscal
from townhall.forms import CleanTextMixin
from townhall.models import Section

NOT_IN_LIST = {"invalid_choice": "一覧にない値です。この条件は使わずに表示しています。"}
TOO_LONG = {"max_length": "40文字までで入力してください。この条件は使わずに表示しています。"}


@dataclass(frozen=True)
class Condition:
    """One condition as a person reads it, and the address without it."""

    label: str
    value: str
    without: str


class DayField(forms.CharField):
    """「令和7年8月28日」「R7.8.28」「2025-08-28」 → a day; None when empty."""

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text.strip():
            return None
        try:
            return fiscal.parse_date(text)
        except fiscal.DateTextError as error:
            raise forms.ValidationError(f"{error}この条件は使わずに表示しています。") from error


class HistoryFilterForm(CleanTextMixin, forms.Form):
    kind = forms.ChoiceField(label="種類", required=False, error_messages=NOT_IN_LIST)
    round = forms.ChoiceField(label="期", required=False, error_messages=NOT_IN_LIST)
    section = forms.ChoiceField(label="課", required=False, error_messages=NOT_IN_LIST)
    field = forms.ChoiceField(label="項目", required=False, error_messages=NOT_IN_LIST)
    person = forms.CharField(label="人（氏名や課の一部）", required=False, max_length=40, error_messages=TOO_LONG)
    since = DayField(label="この日から", required=False, max_length=40, error_messages=TOO_LONG)
    until = DayField(label="この日まで", required=False, max_length=40, error_messages=TOO_LONG)

    def __init__(self, data: Any, *, plan: Plan | None, sources: Sequence[Source]) -> None:
        """Two queries: the rounds and the sections to choose from."""
        super().__init__(data)
        self.rounds = {each.key: each for each in (plan.rounds.latest_first() if plan else ())}
        sections = {section.code: section for section in Section.objects.order_by("order", "name")}
        self.sections = sections
        self._offer("kind", [(source.slug, source.kind) for source in sources])
        self._offer("round", [(key, round.label) for key, round in self.rounds.items()])
        self._offer("section", [(code, section.name) for code, section in sections.items()])
        self._offer("field", field_choices(sources))

    def _offer(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = [("", "すべて"), *choices]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """What can be read of the conditions; the rest is left out and says so beside its field."""
        self.is_valid()
        read = self.cleaned_data
        section = self.sections.get(read.get("section", ""))
        return Wanted(
            kind=read.get("kind", ""),
            round=self._round_of(read.get("round", "")),
            section=section.pk if section else None,
            field=read.get("field", ""),
            person=read.get("person", "").strip(),
            since=_start_of(read["since"]) if read.get("since") else None,
            before=_start_of(read["until"] + timedelta(days=1)) if read.get("until") else None,
        )

    def _round_of(self, key: str) -> ReportingRound | None:
        return self.rounds.get(key)

    def conditions(self) -> list[Condition]:
        """Those in use, in the order of the form."""
        used = {name: value for name, value in self.cleaned_data.items() if value}
        return [
            Condition(str(self.fields[name].label), self._in_words(name, value), self._address_without(name, used))
            for name, value in used.items()
        ]

    def _in_words(self, name: str, value: Any) -> str:
        if isinstance(value, date):
            return fiscal.format_date(value)
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            names = dict(_flat(field.choices))
            return str(names.get(value, value))
        return f"「{value}」"

    def _address_without(self, name: str, used: dict[str, Any]) -> str:
        kept = {each: value for each, value in used.items() if each != name}
        return f"?{urlencode(kept)}" if kept else "?"


def _flat(choices: Any) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for value, name in choices:
        if isinstance(name, (list, tuple)):
            found += [(each, f"{value}：{label}") for each, label in name]
        else:
            found.append((value, name))
    return found


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
