from typing import Any

from django import forms

from committee.choices import SeatState
from committee.models import Seat
from townhall.forms import VersionedForm
from townhall.once import keep_all_that_is_typed


class SeatForm(VersionedForm):
    """One line of 出欠."""

    use_required_attribute = False

    class Meta:
        model = Seat
        fields = ["state", "proxy", "opinion"]
        widgets = {"opinion": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{field.label}：{self.instance.seat}"
            if name == "proxy":
                field.widget.attrs["placeholder"] = "例 財政課 課長補佐 見本"
        keep_all_that_is_typed(self)

    def clean(self) -> Any:
        data = super().clean()
        if data.get("state") == SeatState.PROXY and not data.get("proxy"):
            self.add_error("proxy", "代理で出席する人の職と名前を書いてください。")
        elif data.get("proxy") and data.get("state") not in (SeatState.PROXY, None):
            self.add_error("proxy", "代理の人を書くときは、出欠を「代理出席」にしてください。")
        return data


class CorrectionReasonForm(forms.Form):
    """Asked for when the meeting is closed."""

    use_required_attribute = False
    correction_reason = forms.CharField(
        label="訂正の理由", required=False, max_length=500, help_text="終了した会議を直すときは、必ず書きます。"
    )
