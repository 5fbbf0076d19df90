"""The forms of the wizard and of the exports."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from otaki_dx.tables import Table
from townhall.cells import clean_text
from townhall.sheets.exports import FORMATS, XLSX
from townhall.sheets.guard import LEDGER, MB


class ImportFileForm(forms.Form):
    use_required_attribute = False
    file = forms.FileField(
        label=f"取り込むファイル（.xlsx・.csv、{LEDGER.bytes // MB}MBまで）",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={
            "required": "ファイルを選んでください。",
            "empty": "ファイルが空です。表の入ったファイルを選んでください。",
        },
    )


class ExportForm(forms.Form):
    format = forms.ChoiceField(
        label="形式",
        choices=FORMATS,
        initial=XLSX,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "形式は、Excel・CSV（UTF-8）・CSV（CP932）から選んでください。"},
    )


class TableForm(ExportForm):
    """Any of the tables this person may list, by the part of the portal it belongs to."""

    table = forms.ChoiceField(label="表")
    field_order = ["table", "format"]

    def __init__(self, *args: Any, tables: Sequence[Table], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grouped = groupby(tables, key=lambda table: table.app)
        choices = [(app, [(each.code, each.label) for each in rooms]) for app, rooms in grouped]
        self.fields["table"].choices = choices  # type: ignore[attr-defined]


class ColumnsForm(forms.Form):
    """One choice for each heading of the file; the first choice leaves the column out."""

    use_required_attribute = False

    def __init__(self, *args: Any, suggested: dict[str, str], known: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headings = list(suggested)
        choices = [("", "取り込まない"), *((each, each) for each in known)]
        for place, (heading, at) in enumerate(suggested.items()):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=f"「{heading}」", choices=choices, initial=at, required=False
            )

    @property
    def columns(self) -> dict[str, str]:
        return {heading: self.cleaned_data.get(f"column-{place}", "") for place, heading in enumerate(self.headings)}


class UndoForm(forms.Form):
    use_required_attribute = False
    reason = forms.CharField(
        label="取り消す理由",
        max_length=150,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "取り消す理由を入力してください。"},
    )

    def clean_reason(self) -> str:
        reason = clean_text(self.cleaned_data["reason"]).strip()
        if not reason:
            raise ValidationError("取り消す理由を入力してください。")
        return reason
