"""Fields of forms that every package needs: days and numbers as people write them, the version a page was opened with."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from townhall import fiscal
from townhall.cells import CellError, parse_number, quoted

# How much one of the named units is, in the unit of the field.
MONEY_UNITS = {"千円": Decimal(1), "万円": Decimal(10), "百万円": Decimal(1000), "円": Decimal("0.001")}


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


class FigureField(forms.CharField):
    """One number, typed as people type it, by default of at least 0. `units` are the words that may follow it."""

    def __init__(
        self, *, most: int, units: dict[str, Decimal], decimals: int = 0, least: int = 0, **kwargs: Any
    ) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal" if decimals else "numeric"}))
        super().__init__(**kwargs)
        self.most, self.least, self.units, self.decimals = most, least, units, decimals

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
        if number < self.least < 0:
            raise ValidationError(f"{quoted(typed)}は小さすぎます。{self.least:,}{unit}からで書いてください。")
        if number < 0 and not self.least:
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


def add_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Show the errors of a model beside their fields; those of fields the form does not have go on top."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, errors)
