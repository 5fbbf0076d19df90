"""A form to be filled in with Excel: locked where nothing is to be typed, with lists to choose from, ready to print.

The same content and moment give the same bytes. No password: protection is against slips, the import checks everything.
"""

import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import groupby
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.functions import tostring

from townhall.sheets.reading import CHOICES_SHEET
from townhall.sheets.writing import put, sheet_title

HOW_TO = "使い方"
AUTHOR = "DX推進ポータル"
LONGEST_LIST = 255  # what Excel takes inside a rule; longer lists stand on a sheet of their own
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)

TOP = Alignment(vertical="top", wrap_text=True)
MIDDLE = Alignment(vertical="center", wrap_text=True)
LINE = Side(style="thin", color="FF8C8C8C")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
HEADING = PatternFill("solid", fgColor="FFDCE6F1")
LOCKED = PatternFill("solid", fgColor="FFF2F2F2")
FORMATS = {"text": "@", "number": "General", "percent": "General", "date": "yyyy/m/d"}

Choices = Sequence[str] | Callable[[Sequence[Any]], Sequence[str]]


@dataclass(frozen=True)
class FormColumn:
    """One column. `choices` are the words to choose from, or a function of the row when they depend on it."""

    heading: str
    width: float = 12
    is_locked: bool = False
    is_hidden: bool = False
    choices: Choices = ()
    kind: Literal["text", "number", "percent", "date"] = "text"


def write_form_workbook(
    title: str,
    columns: Sequence[FormColumn],
    rows: Iterable[Sequence[Any]],
    *,
    instructions: Sequence[str],
    now: datetime,
) -> bytes:
    """The form as .xlsx: the sheet `title` with its headings in line 1, a sheet 「使い方」, hidden lists.

    Values: text, numbers, dates or None. Text can never become a formula; what XML cannot hold is replaced.
    """
    book = Workbook()
    sheet = book.active
    sheet.title = sheet_title(title)
    lines = [list(row) for row in rows]
    _write_headings(sheet, columns)
    for number, line in enumerate(lines, 2):
        for place, (column, value) in enumerate(zip(columns, line, strict=True), 1):
            _write_cell(sheet.cell(number, place), column, value)
    _write_how_to(book, title, instructions)
    rules = _Rules(book, sheet)
    for place, column in enumerate(columns, 1):
        if not column.is_locked:
            rules.add(place, column, lines)
    _protect(sheet)
    _prepare_for_print(sheet, title)
    return finished(book, now)


def _write_headings(sheet: Worksheet, columns: Sequence[FormColumn]) -> None:
    for place, column in enumerate(columns, 1):
        cell = sheet.cell(1, place)
        put(cell, column.heading)
        cell.font, cell.alignment, cell.fill, cell.border = Font(bold=True), MIDDLE, HEADING, BOX
        dimension = sheet.column_dimensions[get_column_letter(place)]
        dimension.width, dimension.hidden = column.width, column.is_hidden
    sheet.freeze_panes = "A2"


def _write_cell(cell: Cell, column: FormColumn, value: Any) -> None:
    if isinstance(value, date):
        cell.value = value
    else:
        put(cell, value)
    cell.number_format = FORMATS[column.kind]
    cell.alignment, cell.border = TOP, BOX
    cell.protection = Protection(locked=column.is_locked)
    if column.is_locked:
        cell.fill = LOCKED


def _write_how_to(book: Workbook, title: str, instructions: Sequence[str]) -> None:
    sheet = book.create_sheet(HOW_TO)
    sheet.column_dimensions["A"].width = 100
    for number, line in enumerate([title, *instructions], 1):
        cell = sheet.cell(number, 1)
        put(cell, line)
        cell.alignment = TOP
        cell.font = Font(bold=number == 1, size=14 if number == 1 else 11)
    _protect(sheet)
    _prepare_for_print(sheet, title)


class _Rules:
    """What Excel refuses while typing. The import says the same again, since pasting goes around these rules."""

    def __init__(self, book: Workbook, sheet: Worksheet) -> None:
        self.book, self.sheet = book, sheet
        self.lists: dict[tuple[str, ...], str] = {}

    def add(self, place: int, column: FormColumn, lines: Sequence[Sequence[Any]]) -> None:
        chosen = [tuple(column.choices(line) if callable(column.choices) else column.choices) for line in lines]
        letter, first = get_column_letter(place), 2
        rules: dict[tuple[str, ...], DataValidation] = {}
        for words, same in groupby(chosen):
            last = first + len(list(same)) - 1
            if words not in rules:
                rules[words] = self._rule(column, words)
            rules[words].add(f"{letter}{first}:{letter}{last}" if last > first else f"{letter}{first}")
            first = last + 1
        for rule in rules.values():
            if rule.type:
                self.sheet.add_data_validation(rule)

    def _rule(self, column: FormColumn, words: tuple[str, ...]) -> DataValidation:
        if words:
            return _refusing("一覧から選んでください。", type="list", formula1=self._formula(words))
        if column.kind == "percent":
            return _refusing(
                "0から100までの数で入力してください（％は付けません）。",
                type="whole",
                operator="between",
                formula1="0",
                formula2="100",
            )
        if column.kind == "number":
            return _refusing(
                "数で入力してください。", type="decimal", operator="between", formula1="-1E+15", formula2="1E+15"
            )
        if column.kind == "date":
            first, last = (f"DATE({day.year},{day.month},{day.day})" for day in (FIRST_DAY, LAST_DAY))
            return _refusing(
                "日付で入力してください（例 2026/4/1）。",
                type="date",
                operator="between",
                formula1=first,
                formula2=last,
            )
        return DataValidation(type=None)

    def _formula(self, words: tuple[str, ...]) -> str:
        inline = ",".join(words)
        if len(inline) <= LONGEST_LIST and not any(set(word) & set(',"\n') or word != word.strip() for word in words):
            return f'"{inline}"'
        if words not in self.lists:
            self.lists[words] = self._written(words)
        return self.lists[words]

    def _written(self, words: tuple[str, ...]) -> str:
        if CHOICES_SHEET not in self.book.sheetnames:
            self.book.create_sheet(CHOICES_SHEET).sheet_state = "hidden"
        sheet = self.book[CHOICES_SHEET]
        place = len(self.lists) + 1
        for number, word in enumerate(words, 1):
            put(sheet.cell(number, place), word)
        letter = get_column_letter(place)
        return f"{quote_sheetname(CHOICES_SHEET)}!${letter}$1:${letter}${len(words)}"


def _refusing(sentence: str, **rule: Any) -> DataValidation:
    return DataValidation(allow_blank=True, showErrorMessage=True, errorTitle="入力できません", error=sentence, **rule)


def _protect(sheet: Worksheet) -> None:
    protection = sheet.protection
    protection.sheet = True
    # False: a person may still widen a column, heighten a line and make the text larger.
    protection.formatCells = protection.formatColumns = protection.formatRows = False


def _prepare_for_print(sheet: Worksheet, title: str) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    if sheet.title != HOW_TO:
        sheet.print_title_rows = "1:1"
    sheet.oddFooter.left.text = title.replace("&", "&&")
    sheet.oddFooter.right.text = "&P / &N"


def finished(book: Workbook, now: datetime) -> bytes:
    """Saved under the given moment: openpyxl and the zip library would write down the present one."""
    moment = now.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    properties = book.properties
    properties.creator, properties.lastModifiedBy = AUTHOR, AUTHOR
    first = BytesIO()
    book.save(first)
    properties.created = properties.modified = moment
    replaced = {"docProps/core.xml": tostring(properties.to_tree())}
    stamp = max(moment, datetime(1980, 1, 1)).timetuple()[:6]  # noqa: DTZ001 - a zip knows no time zones
    last = BytesIO()
    with zipfile.ZipFile(first) as old, zipfile.ZipFile(last, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, date_time=stamp)
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, replaced.get(name, old.read(name)))
    return last.getvalue()
