"""催促: which sections, and the text above the list. What may be asked is decided in the action."""

from typing import Any

from django import forms

from schedule.actions.chasing import LONGEST_TEXT
from schedule.chasing import ChaseBoard
from townhall.forms import CleanTextMixin
from townhall.models import User


class ChaseForm(CleanTextMixin, forms.Form):
    """`sections` are the ticks of the table; what no longer misses anything is left out by the action."""

    use_required_attribute = False
    text = forms.CharField(
        label="文面（直せます）",
        required=False,
        help_text="課ごとの未入力の行と期限は、ポータルがこの下に書き加えます。",
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_TEXT}),
    )
    letter_to = forms.ChoiceField(
        label="文面を見る相手",
        required=False,
        error_messages={"invalid_choice": "この人は、いまの相手の一覧にいません。選び直してください。"},
    )

    def __init__(self, data: Any = None, *, board: ChaseBoard) -> None:
        super().__init__(data, initial={"text": board.text}, auto_id="chase-%s")
        self.board = board
        choices = [(str(user.pk), f"{user}さん") for user in board.people]
        self.fields["letter_to"].choices = choices  # type: ignore[attr-defined]

    @property
    def sections(self) -> set[int]:
        """The ticked sections; before anything was posted, those the board proposes."""
        if not self.is_bound:
            return {gap.section.pk for gap in self.board.sections if gap.is_ticked and gap.section}
        typed = self.data.getlist("section")  # type: ignore[attr-defined]
        return {int(value) for value in typed if value.isascii() and value.isdigit() and len(value) < 10}

    @property
    def reader(self) -> User | None:
        """Whose letter is to be looked at; None when nobody was chosen."""
        chosen = self.cleaned_data["letter_to"]
        return next((user for user in self.board.people if str(user.pk) == chosen), None)

    def clean(self) -> Any:
        cleaned = super().clean()
        text = self.cleaned_data.get("text", "").strip()
        if len(text) > LONGEST_TEXT:
            self.add_error("text", f"{LONGEST_TEXT}文字までで入力してください（いま{len(text)}文字）。")
        return cleaned
