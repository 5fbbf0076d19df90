"""Fields of forms that every package needs: days as people write them, the version a page was opened with."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from townhall import fiscal


class SeenVersionField(forms.IntegerField):
    """The version a page was opened with. Unreadable counts as missing, and missing is refused as a conflict."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput)

    def to_python(self, value: Any) -> int | None:
        try:
            return super().to_python(value)
        except ValidationError:
            return None


class TypedOrNativeInput(forms.DateInput):
    """The browser's own picker; a text box when the value is not what the picker can show, so nothing typed is lost."""

    native = re.compile(r"\d{4}-\d{2}-\d{2}")
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        if shown and not self.native.fullmatch(shown):
            context["widget"]["type"] = "text"
        return context


class DayField(forms.DateField):
    """2026-12-04, 令和8年12月4日, R8.12.4."""

    widget = TypedOrNativeInput

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        try:
            return fiscal.parse_date(value)
        except fiscal.DateTextError as error:
            raise ValidationError(str(error)) from error


def add_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Show the errors of a model beside their fields; those of fields the form does not have go on top."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, errors)
