"""Forms of 住民向けの公開: the words of one row, the press of the button, and taking a publication back."""

from django import forms

from schedule.models import PublicLine
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
