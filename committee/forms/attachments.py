"""Choosing a file, and taking one off."""

from typing import Any

from django import forms

from townhall.attachment_guard import ACCEPTED, IN_WORDS, AttachmentError, check_attachment, check_size
from townhall.attachments import WARNING
from townhall.fields import SeenVersionField


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


class PaperForm(AttachmentForm):
    """A file laid before a meeting with a subject."""

    is_reference = forms.BooleanField(label="参考資料にする", required=False)


class TakeOffForm(forms.Form):
    seen_version = SeenVersionField()
