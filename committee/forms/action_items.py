from datetime import date
from typing import Any

from django import forms

from committee.models import ActionItem, AgendaItem
from townhall.fields import DayField, SeenVersionField
from townhall.forms import CleanTextMixin
from townhall.models import Section
from townhall.once import OnceForm, keep_all_that_is_typed


class ActionItemForm(OnceForm):
    due_on = DayField(label="期限", required=False, help_text="空けておくと、次の会議までです。")
    correction_reason = forms.CharField(
        label="訂正の理由",
        required=False,
        max_length=500,
        help_text="会議が終了したあとに宿題を加えたり直したりするときは、必ず書きます。",
    )

    class Meta:
        model = ActionItem
        fields = ["text", "item", "section", "person", "due_on"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        labels = {"item": "議題"}
        error_messages = {"text": {"required": "することを入力してください。"}}
        help_texts = {"person": "分かるときだけ。宿題は、人ではなく課のものです。"}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meeting = self.instance.meeting
        self.fields["item"].queryset = AgendaItem.objects.filter(meeting=meeting)  # type: ignore[attr-defined]
        self.fields["item"].empty_label = "（議題によらない）"  # type: ignore[attr-defined]
        kept = Section.objects.filter(pk=self.instance.section_id)
        self.fields["section"].queryset = Section.objects.on(today) | kept  # type: ignore[attr-defined]
        self.fields["section"].empty_label = "事務局"  # type: ignore[attr-defined]
        if not meeting.is_closed:
            del self.fields["correction_reason"]


class EndForm(CleanTextMixin, forms.Form):
    """済ませた: on which day, and what came of it."""

    use_required_attribute = False
    ended_on = DayField(label="済ませた日", error_messages={"required": "済ませた日を入力してください。"})
    note = forms.CharField(
        label="何をして済ませたか",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="次の会議で読まれます。文書番号や資料の場所があれば、それも書きます。",
        error_messages={"required": "何をして済ませたかを入力してください。"},
    )
    seen_version = SeenVersionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep_all_that_is_typed(self)


class CancelForm(CleanTextMixin, forms.Form):
    use_required_attribute = False
    note = forms.CharField(
        label="取りやめる理由",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "取りやめる理由を入力してください。"},
    )
    seen_version = SeenVersionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep_all_that_is_typed(self)
