"""Choosing a file, and taking one off."""

from typing import Any

from django import forms

from townhall.attachment_guard import ACCEPTED, IN_WORDS, AttachmentError, check_attachment, check_size
from townhall.attachments import WARNING
from townhall.fields import SeenVersionField
from townhall.forms import CleanTextMixin

CLOSED = "会議が終了しているため、必ず書きます。変更履歴と会議のページに残ります。"


class AttachmentForm(forms.Form):
    use_required_attribute = False
    file = forms.FileField(
        label="ファイル",
        help_text=f"{IN_WORDS}、1つ20MBまで。{WARNING}",
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={
            "required": "ファイルを選んでください。",
            "empty": "ファイルが空です。中身のあるファイルを選んでください。",
        },
    )
    content: bytes = b""

    def clean_file(self) -> Any:
        """Read once; the sentence of the guard stands beside the field."""
        upload = self.cleaned_data["file"]
        try:
            check_size(upload.size)
            self.content = upload.read()
            check_attachment(upload.name, self.content)
        except AttachmentError as refused:
            raise forms.ValidationError(refused.sentence) from refused
        return upload


class PaperForm(CleanTextMixin, AttachmentForm):
    """A file laid before a meeting with a subject."""

    is_reference = forms.BooleanField(label="参考資料にする", required=False)
    correction_reason = forms.CharField(label="訂正の理由", required=False, max_length=500, help_text=CLOSED)

    def __init__(self, *args: Any, is_closed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_closed:
            del self.fields["correction_reason"]


class TakeOffForm(forms.Form):
    seen_version = SeenVersionField()


class TakeBackForm(CleanTextMixin, TakeOffForm):
    """A paper of a subject: after the end of the meeting with a reason."""

    correction_reason = forms.CharField(label="訂正の理由", required=False, max_length=500, help_text=CLOSED)

    def __init__(self, *args: Any, is_closed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_closed:
            del self.fields["correction_reason"]
