"""送信記録: choosing what to see, and deciding about one letter."""

from typing import Any

from django import forms

from schedule.choices import MailState
from schedule.forms.duties import TownDateField
from schedule.forms.rounds import SeenForm
from schedule.models import ReminderMail
from townhall.forms import CleanTextMixin
from townhall.models import User


class MailFilterForm(forms.Form):
    state = forms.ChoiceField(label="状態", required=False, choices=[("", "すべて"), *MailState.choices])
    person = forms.ModelChoiceField(
        User.objects.order_by("name", "username"),
        label="宛先",
        required=False,
        to_field_name="username",
        empty_label="全員",
        error_messages={"invalid_choice": "この利用者はいません。一覧から選び直してください。"},
    )
    words = forms.CharField(label="件名・用件", required=False, max_length=100)
    day = TownDateField(label="作った日", required=False)
    page = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=100_000,
        widget=forms.HiddenInput,
        error_messages={
            "invalid": "ページは数字で指定してください。",
            "min_value": "ページは1からです。",
            "max_value": "そのページはありません。",
        },
    )


class MailChoiceForm(SeenForm):
    wants_mail = forms.ChoiceField(
        label="期限のお知らせのメール",
        choices=[("yes", "受け取る（開庁日の朝、1日1通まで）"), ("no", "受け取らない（ポータルで見る）")],
        widget=forms.RadioSelect,
        error_messages={
            "required": "受け取るかどうかを選んでください。",
            "invalid_choice": "受け取るかどうかを、選び直してください。",
        },
    )


class DecisionForm(CleanTextMixin, forms.Form):
    """再送 or 取消. It carries the state the person saw, which is compared inside the UPDATE."""

    seen_state = forms.CharField(
        widget=forms.HiddenInput,
        error_messages={"required": "この画面の状態が分からないため、何も変えていません。画面を開き直してください。"},
    )
    reason = forms.CharField(label="理由", max_length=200, error_messages={"required": "理由を入力してください。"})

    def __init__(self, data: Any = None, *, mail: ReminderMail, verb: str) -> None:
        super().__init__(data, prefix=verb, initial={"seen_state": mail.state})
        self.verb = verb
