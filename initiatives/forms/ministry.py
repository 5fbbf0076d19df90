from datetime import date

from django import forms
from django.core.exceptions import ValidationError

from townhall.fields import DayField


class MinistryFileForm(forms.Form):
    use_required_attribute = False
    file = forms.FileField(
        label="国の公表ファイル（.xlsx、20MBまで）",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": "ファイルを選んでください。",
            "empty": "ファイルが空です。表の入ったファイルを選んでください。",
        },
    )
    as_of = DayField(
        label="基準日",
        required=False,
        help_text="ふつうは空欄のままにします。シートの名前やファイルの名前から読み取れないときだけ入力します。",
    )

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.today = today

    def clean_as_of(self) -> date | None:
        day: date | None = self.cleaned_data["as_of"]
        if day and day > self.today:
            raise ValidationError("まだ来ていない日です。公表された値の基準日を入力してください。")
        return day
