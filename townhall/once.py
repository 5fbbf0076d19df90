"""Forms that make a row: pressed twice they make it once, and nothing typed is cut off."""

from typing import Any
from uuid import UUID, uuid4

from django import forms

from townhall.changes import VersionedModel
from townhall.forms import VersionedForm


def keep_all_that_is_typed(form: forms.BaseForm) -> None:
    """Without maxlength a paste is never cut off in silence; the server says how long a text may be."""
    for field in form.fields.values():
        field.widget.attrs.pop("maxlength", None)


class OnceForm(VersionedForm):
    """A form that carries a one-time key while its row is new: pressing the button twice makes one row."""

    use_required_attribute = False
    creation_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.fields["creation_key"].initial = uuid4()
        else:
            del self.fields["creation_key"]
        keep_all_that_is_typed(self)

    def clean_creation_key(self) -> UUID:
        self.instance.creation_key = self.cleaned_data.get("creation_key") or uuid4()
        return self.instance.creation_key

    @property
    def is_already_saved(self) -> bool:
        """Somebody was first, with exactly the same content: usually the same person, pressing twice."""
        return self.conflict is not None and not self.conflict.is_deleted and not self.conflict.fields

    def differs_from(self, first: VersionedModel) -> bool:
        """Is there anything in this form that the row made with the same key does not say?"""
        names = [name for name in self.cleaned_data if name in self._meta.fields]  # type: ignore[operator]
        return any(getattr(first, name) != self.cleaned_data[name] for name in names)
