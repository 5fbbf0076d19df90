"""Fields that read what people write: 全角 figures, units, Japanese dates. A refusal says what to write instead."""

import re
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES

from townhall.cells import fold, quoted
from townhall.fields import TypedOrNativeInput


class NeededToSubmit:
    """Marked ※必須, but a draft may leave it empty: submission checks it (workflow.NEEDED_TO_SUBMIT)."""

    def validate(self, value: Any) -> None:
        if value not in EMPTY_VALUES:
            super().validate(value)  # type: ignore[misc]


class NeededText(NeededToSubmit, forms.CharField):
    pass


class NeededChoice(NeededToSubmit, forms.ModelChoiceField):
    pass


class TypedOrNativeTime(TypedOrNativeInput):
    native = re.compile(r"\d{2}:\d{2}(:\d{2})?")
    input_type = "time"

    def format_value(self, value: Any) -> str | None:
        return value.strftime("%H:%M") if isinstance(value, time) else super().format_value(value)


class ClockField(forms.TimeField):
    """13:30, 13時30分, １３：３０."""

    widget = TypedOrNativeTime

    def to_python(self, value: Any) -> time | None:
        if value in self.empty_values:
            return None
        if isinstance(value, time):
            return value
        match = re.fullmatch(r"(\d{1,2})(?::|時)(?:(\d{1,2})(?::00)?分?)?", fold(str(value)).replace(" ", ""), re.ASCII)
        hour, minute = (int(match[1]), int(match[2] or 0)) if match else (24, 0)
        if hour > 23 or minute > 59:
            raise ValidationError(f"{quoted(value)}は時刻として読めません。「13:30」のように書いてください。")
        return time(hour, minute)
