"""Fields that read figures and fiscal years as people write them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from townhall import fiscal
from townhall.cells import CellError, fold, parse_number, quoted

MOST = Decimal(999_999_999_999)  # what the column holds
PLACES = 3


class NumberField(forms.CharField):
    """One number, 全角 or with 桁区切り, above or below 0. `unit` is the only word that may follow it."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    unit = ""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = super().to_python(value)
        try:
            return read_number(text, self.unit)
        except CellError as error:
            raise ValidationError(str(error)) from error

    def run_validators(self, value: Any) -> None:
        """The text validators (length, NUL) look at text; the number was checked above."""

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


def read_number(text: Any, unit: str) -> Decimal | None:
    """As the database keeps it; None for an empty cell or a lone dash. Raises CellError."""
    parsed = parse_number(text)
    if parsed.value is None:
        return None
    if parsed.unit and fold(parsed.unit) != fold(unit):
        raise CellError(f"{quoted(text)}の単位が、この指標の単位「{unit}」と違います。数だけを書いてください。")
    if abs(parsed.value) > MOST:
        raise CellError(f"{quoted(text)}は大きすぎます。{MOST:,}までで書いてください。")
    if parsed.value != round(parsed.value, PLACES):
        raise CellError(f"{quoted(text)}は細かすぎます。小数{PLACES}桁までで書いてください。")
    return parsed.value.quantize(Decimal(1).scaleb(-PLACES))


class YearField(forms.CharField):
    """令和7年度, R7, 2025."""

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        try:
            return fiscal.parse_fiscal_year(text).year
        except fiscal.DateTextError as error:
            raise ValidationError(str(error)) from error

    def run_validators(self, value: Any) -> None:
        """The text validators look at text; the range is the model's."""

    def prepare_value(self, value: Any) -> Any:
        return fiscal.format_fiscal_year(value) if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True
