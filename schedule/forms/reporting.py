"""The fields of a report, as the grid and the admin offer them."""

import re
from datetime import date
from typing import Any

from django import forms

from schedule.actions.reporting import ReportError, check_report, state_after
from schedule.choices import ScheduleKind, Standing
from schedule.entry import EntryLine
from schedule.models import ProgressReport
from schedule.report_cells import day_or_end_of_month
from schedule.report_rules import LABELS, ReportValues, standings_for
from townhall import fiscal
from townhall.cells import CellError, parse_percent
from townhall.forms import CleanTextMixin, VersionedAdminForm
from townhall.models import User

_VERSION = re.compile(r"[0-9]{1,9}", re.ASCII)


# Django's own Japanese for this says something else.
NO_NUL = {"null_characters_not_allowed": "使えない文字（NUL）が入っています。その文字を消してください。"}


class PercentField(forms.CharField):
    """A whole number from what people type: 80, ８０, 80％; empty is None. The range is checked with the report."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 4}))
        super().__init__(label=LABELS["percent"], required=False, error_messages=NO_NUL, **options)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, int):
            return value
        try:
            number = parse_percent(super().to_python(value)).value
        except CellError as error:
            raise forms.ValidationError(str(error)) from None
        if number is None:
            return None
        if number != int(number):
            raise forms.ValidationError("進捗率は、小数のない数で入力してください。")
        return int(number)


class CompletionField(forms.CharField):
    """完了予定 as people write it: R9.3.31, 令和9年3月31日, 2027-03-31; empty is None (as planned)."""

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "widget", forms.TextInput(attrs={"autocomplete": "off", "size": 10, "placeholder": "R9.3.31"})
        )
        super().__init__(label=LABELS["completes_on"], required=False, error_messages=NO_NUL, **options)

    def prepare_value(self, value: Any) -> Any:
        return fiscal.format_date_short(value) if isinstance(value, date) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, date):
            return value
        text = (super().to_python(value) or "").strip()
        try:
            return day_or_end_of_month(text) if text else None
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None


class StandingSelect(forms.Select):
    """Each option names its tone, so that the script can follow the choice with mark and colour."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value:
            option["attrs"]["data-tone"] = Standing(value).tone
        return option


def numbered_choices(kind: str) -> list[tuple[str, str]]:
    """「1 順調」 …: the digit picks the choice from the keyboard."""
    return [("", "選ぶ"), *((each.value, f"{key} {each.label}") for key, each in enumerate(standings_for(kind), 1))]


def _text() -> forms.CharField:
    return forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 1}), error_messages=NO_NUL)


class EntryForm(CleanTextMixin, forms.Form):
    """One row of the grid. Whether the values may be saved is asked in `record_report`, not here."""

    standing = forms.ChoiceField(
        required=False,
        widget=StandingSelect,
        error_messages={"invalid_choice": "状況は、選択肢から選んでください。"},
    )
    percent = PercentField()
    text = _text()
    reason = _text()
    next_step = _text()
    completes_on = CompletionField()
    to_committee = forms.BooleanField(required=False)
    seen_version = forms.Field(required=False, widget=forms.HiddenInput)  # read by `seen`, never refused here

    def __init__(self, line: EntryLine, data: Any = None) -> None:
        initial = {**vars(line.values), "seen_version": line.version}
        super().__init__(data, prefix=prefix_of(line.activity.code), initial=initial, use_required_attribute=False)
        self.line = line
        self.fields["standing"].choices = numbered_choices(line.activity.kind)  # type: ignore[attr-defined]
        if line.activity.is_study:
            del self.fields["percent"]
        if line.activity.kind not in ScheduleKind.WITH_END:
            del self.fields["completes_on"]
        for name, field in self.fields.items():
            if name in LABELS:
                field.label = LABELS[name]
                unit = "（パーセント）" if name == "percent" else ""
                field.widget.attrs["aria-label"] = f"{line.activity.label} {field.label}{unit}"

    @property
    def values(self) -> ReportValues:
        typed = {name: self.cleaned_data[name] for name in LABELS if name in self.cleaned_data}
        return ReportValues(**typed).as_stored(self.line.planned_on)

    @property
    def seen(self) -> int | None:
        """The version that was on the screen, 0 for "nothing recorded", None when it is missing or no number."""
        return self._version("seen_version")

    @property
    def shown(self) -> int | None:
        """The version that stood beside one's own values in a conflict."""
        return self._version("shown_version")

    def _version(self, name: str) -> int | None:
        typed = str(self.data.get(self.add_prefix(name), "")).strip()
        return int(typed) if _VERSION.fullmatch(typed) else None

    def place(self, errors: dict[str, str]) -> None:
        """Put each sentence beside its field; what has no field here goes above the row."""
        for name, sentence in errors.items():
            self.add_error(name if name in self.fields else None, sentence)

    def show(self, values: ReportValues, *, version: int | None) -> None:
        """Have the controls show these values, typed over that version; None is a version that cannot be read."""
        data = self.data.copy()  # type: ignore[attr-defined]
        for name, value in {**vars(values), "seen_version": version}.items():
            data.pop(self.add_prefix(name), None)
            if value is not None and value is not False and value != "":
                shown = self.fields[name].prepare_value(value) if name in self.fields else value
                data[self.add_prefix(name)] = "on" if value is True else str(shown)
        self.data = data


def prefix_of(code: str) -> str:
    return f"r{code}"


def code_in(name: str) -> str | None:
    """The row a posted name belongs to: "r5-3-text" → "5-3"."""
    match = re.fullmatch(r"r(.{1,40}?)-(?:seen_version|" + "|".join(LABELS) + ")", name, re.DOTALL)
    return match[1] if match else None


class ReportAdminForm(VersionedAdminForm):
    """The same rules as in the grid, asked before saving, so that each sentence stands beside its field.

    The admin sets `by` and `today` on a subclass for each request.
    """

    by: User
    today: date
    percent = PercentField()
    completes_on = CompletionField()

    class Meta:
        model = ProgressReport
        fields = ("activity", "round", *LABELS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages |= NO_NUL
        kinds = (
            [self.instance.activity.kind] if self.instance.activity_id else [ScheduleKind.ONGOING, ScheduleKind.STUDY]
        )
        if "standing" in self.fields:
            choices = {each.value: each.label for kind in kinds for each in standings_for(kind)}
            self.fields["standing"].choices = [("", "選ぶ"), *choices.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        super().clean()
        activity = self.cleaned_data.get("activity") or (self.instance.activity_id and self.instance.activity)
        round = self.cleaned_data.get("round") or (self.instance.round_id and self.instance.round)
        if not activity or not round:
            return self.cleaned_data
        before = ReportValues.of(self.instance)
        values = ReportValues(**{name: self.cleaned_data.get(name, getattr(before, name)) for name in LABELS})
        try:
            values = check_report(activity, round, values, by=self.by, today=self.today)
        except ReportError as refused:
            self._place(refused.errors)
        self.cleaned_data.update({name: value for name, value in vars(values).items() if name in self.cleaned_data})
        # The model's own constraints are asked next: they must see the state that these values lead to.
        report = ProgressReport(activity=activity, round=round, state=self.instance.state)
        self.instance.state = state_after(report, values, by=self.by, today=self.today)
        return self.cleaned_data

    def _place(self, errors: dict[str, str]) -> None:
        """A field that this form does not show (in the list) is named in the sentence instead."""
        for name, sentence in errors.items():
            self.add_error(name if name in self.fields else None, sentence)
