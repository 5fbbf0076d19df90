"""貼り付け and 入力用Excel: what a person chooses before anything is written."""

from typing import Any

from django import forms

from schedule.exchange import MINE, THEIRS, Preview
from schedule.forms.reporting import NO_NUL
from schedule.paste import MOST_CHARACTERS
from townhall.models import Section


class PasteForm(forms.Form):
    text = forms.CharField(
        label="Excelからコピーした内容",
        strip=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
        error_messages=NO_NUL
        | {"required": "何も貼り付けられていません。Excelでセルの範囲をコピーして、ここに貼り付けてください。"},
    )
    at_row = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    at_column = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)


class UploadForm(forms.Form):
    file = forms.FileField(
        label="入力したファイル",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={
            "required": "ファイルを選んでください。",
            "empty": "ファイルが空です。表の入ったファイルを選んでください。",
        },
    )


class DownloadForm(forms.Form):
    """Which rows: a section (empty: all that this person may report)."""

    section = forms.ModelChoiceField(
        label="課", queryset=Section.objects.none(), required=False, empty_label="すべての課"
    )
    unreported_only = forms.BooleanField(label="まだ報告していない行だけ", required=False)

    def __init__(self, *args: Any, open_to: list[int] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sections = Section.objects.all() if open_to is None else Section.objects.filter(pk__in=open_to)
        self.fields["section"].queryset = sections  # type: ignore[attr-defined]


def choices_in(data: Any, preview: Preview) -> dict[str, str]:
    """For conflicting rows, by code: whose value counts. What is neither is no choice."""
    asked = {line.code: data.get(f"choice-{line.code}") for line in preview.conflicting}
    return {code: chosen for code, chosen in asked.items() if chosen in (THEIRS, MINE)}


def left_out_in(data: Any, preview: Preview) -> list[str]:
    """Rows whose tick was taken away. A page without ticks leaves nothing out."""
    if "has_ticks" not in data:
        return []
    ticked = set(data.getlist("take"))
    return [line.code for line in preview.changed if line.code not in ticked]
