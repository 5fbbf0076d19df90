"""Fields that read what people write: 全角 figures, units, Japanese dates. A refusal says what to write instead."""

import re
from datetime import time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES

from townhall.cells import CellError, fold, parse_number, quoted
from townhall.fields import TypedOrNativeInput

# How much one of the named units is, in the unit of the field.
MONEY_UNITS = {"千円": Decimal(1), "万円": Decimal(10), "百万円": Decimal(1000), "円": Decimal("0.001")}


class NeededToSubmit:
    """Marked ※必須, but a draft may leave it empty: submission checks it (workflow.NEEDED_TO_SUBMIT)."""

    def validate(self, value: Any) -> None:
        if value not in EMPTY_VALUES:
            super().validate(value)  # type: ignore[misc]


class NeededText(NeededToSubmit, forms.CharField):
    pass


class NeededChoice(NeededToSubmit, forms.ModelChoiceField):
    pass


class FigureField(forms.CharField):
    """One number of at least 0, typed as people type it. `units` are the words that may follow it."""

    def __init__(self, *, most: int, units: dict[str, Decimal], decimals: int = 0, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal" if decimals else "numeric"}))
        super().__init__(**kwargs)
        self.most, self.units, self.decimals = most, units, decimals

    def to_python(self, value: Any) -> Decimal | int | None:  # type: ignore[override]
        text = super().to_python(value)
        try:
            parsed = parse_number(text)
        except CellError as error:
            raise ValidationError(str(error)) from error
        if parsed.value is None:
            return None
        unit = next(iter(self.units))
        if parsed.unit and parsed.unit not in self.units:
            raise ValidationError(f"{quoted(value)}の単位が違います。{unit}の数だけを書いてください。")
        number = parsed.value * self.units[parsed.unit or unit]
        self._check(number, value, unit)
        # As the database gives it back (6.0, not 6), so that an unchanged figure is not taken for a change.
        return number.quantize(Decimal(1).scaleb(-self.decimals)) if self.decimals else int(number)

    def _check(self, number: Decimal, typed: str, unit: str) -> None:
        if number < 0:
            raise ValidationError(f"{quoted(typed)}は 0 より小さい数です。0 以上で書いてください。")
        if number > self.most:
            raise ValidationError(f"{quoted(typed)}は大きすぎます。{self.most:,}{unit}までで書いてください。")
        if number != round(number, self.decimals):
            places = f"小数{self.decimals}桁まで" if self.decimals else "小数のない数"
            raise ValidationError(f"{quoted(typed)}は細かすぎます。{places}で書いてください（単位は{unit}）。")

    def run_validators(self, value: Any) -> None:
        """The text validators (length, NUL) look at text; the number was checked above."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return f"{value.normalize():f}"
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


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
