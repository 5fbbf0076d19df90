"""書面の回答, 会議録, 意見."""

from typing import Any

from django import forms

from committee.choices import Vote
from committee.models import Comment, Minutes, MinutesReply, WrittenAnswer
from townhall.fields import DayField, SeenVersionField
from townhall.forms import CleanTextMixin, VersionedForm
from townhall.once import OnceForm, keep_all_that_is_typed


class WrittenAnswerForm(VersionedForm):
    """One subject of 書面開催."""

    use_required_attribute = False

    class Meta:
        model = WrittenAnswer
        fields = ["vote", "comment"]
        widgets = {"vote": forms.RadioSelect, "comment": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["vote"].choices = Vote.choices  # type: ignore[attr-defined]
        self.fields["vote"].error_messages["required"] = "回答を選んでください。"
        self.fields["comment"].help_text = "「意見あり」「反対」のときは必ず書きます。"
        keep_all_that_is_typed(self)

    def clean(self) -> Any:
        data = super().clean()
        if data.get("vote") in (Vote.COMMENT, Vote.OPPOSE) and not data.get("comment"):
            self.add_error("comment", "「意見あり」「反対」のときは、意見を入力してください。")
        return data


class MinutesForm(VersionedForm):
    use_required_attribute = False
    correction_reason = forms.CharField(label="訂正の理由", required=False, max_length=500)

    class Meta:
        model = Minutes
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 30})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.is_confirmed:
            del self.fields["correction_reason"]
        keep_all_that_is_typed(self)


class SendMinutesForm(forms.Form):
    use_required_attribute = False
    reply_by = DayField(label="確認の期限", error_messages={"required": "確認の期限を入力してください。"})
    seen_version = SeenVersionField()


class MinutesReplyForm(VersionedForm):
    use_required_attribute = False

    class Meta:
        model = MinutesReply
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep_all_that_is_typed(self)


class HandleForm(CleanTextMixin, forms.Form):
    use_required_attribute = False
    handled = forms.CharField(
        label="事務局の対応",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="直したときは、どこをどう直したか。直さないときは、その理由。",
        error_messages={"required": "どう対応したかを入力してください。"},
    )
    seen_version = SeenVersionField()


class CommentForm(OnceForm):
    class Meta:
        model = Comment
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        error_messages = {"text": {"required": "意見を入力してください。"}}
