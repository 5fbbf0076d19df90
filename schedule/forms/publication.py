"""Forms of 住民向けの公開: the words of one row, the press of the button, and taking a publication back."""

from typing import Any, cast

from django import forms

from schedule.models import PublicLine
from schedule.summaries.publication import LetterYear
from townhall.forms import CleanTextMixin, VersionedForm
from townhall.once import keep_all_that_is_typed

BRIEF = "400文字まで。氏名、電話番号、庁内のことは書かないでください。"


class PublicLineForm(VersionedForm):
    use_required_attribute = False

    class Meta:
        model = PublicLine
        fields = ["is_public", "text", "next_step"]
        widgets = {"text": forms.Textarea(attrs={"rows": 4}), "next_step": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "is_public": "印をつけると、この期の状況（○△×など）と下の文が、次の公開で住民向けのページに出ます。",
            "text": BRIEF,
            "next_step": BRIEF,
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        keep_all_that_is_typed(self)


class PublicLettersForm(forms.Form):
    """One tick for each letter of a year, and what was looked at."""

    seen_stamp = forms.CharField(widget=forms.HiddenInput, required=False)
    public = forms.TypedMultipleChoiceField(
        label="公開する評価",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="印をつけた評価が、次の公開で取組のページに出ます。意見・方向性・途中の段階の評価は出ません。",
    )

    def __init__(self, *args: Any, letters: LetterYear, **kwargs: Any) -> None:
        ticked = [each.pk for each in letters.letters if each.is_public]
        super().__init__(*args, **kwargs)
        self.initial["public"], self.initial["seen_stamp"] = ticked, letters.stamp
        field = cast(forms.TypedMultipleChoiceField, self.fields["public"])
        field.choices = [(each.pk, f"{each.initiative}　{each.grade}") for each in letters.letters]


class PublishForm(forms.Form):
    use_required_attribute = False
    seen_stamp = forms.CharField(widget=forms.HiddenInput, required=False)
    is_confirmed = forms.BooleanField(label="注意の言葉を確かめました", required=False)


class WithdrawForm(CleanTextMixin, forms.Form):
    use_required_attribute = False
    reason = forms.CharField(
        label="取り下げる理由",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        error_messages={"required": "取り下げる理由を入力してください。"},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        keep_all_that_is_typed(self)
