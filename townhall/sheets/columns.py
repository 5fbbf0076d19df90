"""Cells that many ledgers have: a day, a figure, one of several words, a section, an account."""

from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.core.exceptions import ValidationError

from townhall import fiscal
from townhall.cells import CellError, fold, parse_number, quoted
from townhall.models import Section, User
from townhall.sheets.resource import WordCell, as_text


class DayCell(WordCell):
    """Written as text, which no spreadsheet turns into a number."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date:
        try:
            return fiscal.parse_date(as_text(value))
        except fiscal.DateTextError as error:
            raise CellError(str(error)) from error

    def render(self, value: date | None, obj: Any = None, **kwargs: Any) -> str:
        return fiscal.format_date(value) if value else ""


class ChoiceCell(WordCell):
    """The label of a choice."""

    def __init__(self, choices: Any) -> None:
        super().__init__()
        self.choices = choices

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        for choice in self.choices:
            if fold(as_text(value)) in (fold(choice.label), choice.value):
                return str(choice.value)
        raise CellError(f"{quoted(value)}は使えません。{'・'.join(self.choices.labels)}のどれかで書いてください。")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return self.choices(value).label if value else ""


class FigureCell(WordCell):
    """One number of at least 0, 全角 or with 桁区切り; `unit` may follow it."""

    def __init__(self, unit: str, *, decimals: int = 0) -> None:
        super().__init__()
        self.unit, self.decimals = unit, decimals

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Decimal | int | None:
        parsed = parse_number(value, unit=self.unit)
        if parsed.value is None:
            return None
        if parsed.warning or parsed.value < 0 or parsed.value != round(parsed.value, self.decimals):
            places = f"小数{self.decimals}桁まで" if self.decimals else "小数のない数"
            raise CellError(f"{quoted(value)}は使えません。0以上の{places}で書いてください（単位は{self.unit}）。")
        return parsed.value.quantize(Decimal("0.1")) if self.decimals else int(parsed.value)

    def render(self, value: Decimal | int | None, obj: Any = None, **kwargs: Any) -> int | float | None:
        if value is None:
            return None
        return int(value) if value == int(value) else float(value)


LONGEST_PLACE = 4  # digits, with zeros before them; thousands of them cannot even be read as a number


def place_of(value: Any, field: str, *, most: int = 99) -> int:
    """The number of a line in its list, as a part of the key; `field` is whose column is named when it is none."""
    number = fold(as_text("" if value is None else value))
    if not (number.isascii() and number.isdecimal() and len(number) <= LONGEST_PLACE and 1 <= int(number) <= most):
        raise ValidationError({field: f"{quoted(number)}は使えません。1～{most}の整数で書いてください。"})
    return int(number)


class Known:
    """What the lines of one import can name, read once: sections and accounts, as `known` of each row."""

    def __init__(self) -> None:
        self.sections = {_word(word): each for each in Section.objects.all() for word in (each.code, each.name)}
        self.users = {fold(each.username): each for each in User.objects.filter(is_active=True)}

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """The library copies rows with all they hold; this is for all of them."""
        return self


def _word(typed: Any) -> str:
    return fold(as_text(typed)).replace(" ", "")


class SectionCell(WordCell):
    """The name of a section, or its code."""

    def clean(self, value: Any, row: Any = None, instance: Any = None, **kwargs: Any) -> Section:
        known: dict[str, Section] = instance.known.sections
        if (word := _word(value)) not in known:
            raise CellError(f"{quoted(value)}という課はありません。課の名称を確かめてください。")
        return known[word]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(value) if value else ""


class UserCell(WordCell):
    """The login name of an account."""

    def clean(self, value: Any, row: Any = None, instance: Any = None, **kwargs: Any) -> User:
        known: dict[str, User] = instance.known.users
        if (word := fold(as_text(value))) not in known:
            raise CellError(f"{quoted(value)}という利用者はいません。ログイン名を確かめるか、空欄にしてください。")
        return known[word]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.username if value else ""
