"""The cells of a workbook in one pass: values as Excel stored them, and what a person would see but a program would not.

openpyxl knows the format; its own reader would fill up a sheet to its farthest cell, scan a sheet that states no size
twice, and choke on parts that hold no values. So only its parsers of strings, styles, rows and cells are used.
"""

import math
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from string import digits
from typing import Any
from xml.etree.ElementTree import iterparse

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import column_index_from_string, get_column_letter, range_boundaries
from openpyxl.worksheet._reader import (
    COL_TAG,
    FORMULA_TAG,
    INLINE_STRING,
    ROW_TAG,
    SHEET_MAIN_NS,
    WorkSheetParser,
)

from townhall.cells import clean_text
from townhall.sheets.guard import LONGEST_CELL, Limits, SheetError, TooMuchError
from townhall.sheets.table import Cell, Line

MERGED_CELL_TAG = f"{{{SHEET_MAIN_NS}}}mergeCell"
TEXT_TAG = f"{{{SHEET_MAIN_NS}}}t"
FIRST_OWN_FORMAT = 164  # below are Excel's built-in ones
LINES_LOOKED_AT = 20  # in a hidden sheet, to see whether it holds anything


@dataclass
class Source:
    """A table on its way in. What stands below `lines` is complete after the last of them was taken."""

    lines: Iterator[Line]
    title: str = ""
    encoding: str = "xlsx"
    warnings: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)  # cells that cannot be read
    hidden_lines: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)  # first, last
    merged: list[str] = field(default_factory=list)

    def place(self, column: int, line: int) -> str:
        name = f"{get_column_letter(column)}{line}"
        return f"「{self.title}」!{name}" if self.title else name


class Workbook:
    """An opened workbook; the guard has looked at it before."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        reader = ExcelReader(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl grumbles about parts that it leaves out
            reader.read_manifest()
            reader.read_strings()
            reader.read_workbook()
            apply_stylesheet(reader.archive, reader.wb)
        self.reader, self.limits = reader, limits
        self.sheets = [
            (sheet, rel.target)
            for sheet, rel in reader.parser.find_sheets()
            if rel.target in reader.valid_files and "chartsheet" not in rel.Type
        ]
        self.percent_styles = {
            number for number, style in enumerate(reader.wb._cell_styles) if _is_percent(reader.wb, style.numFmtId)
        }

    def source(self, number: int) -> Source:
        """The sheet at that position; its lines are read while they are taken."""
        sheet, path = self.sheets[number]
        source = Source(lines=iter(()), title=clean_text(str(sheet.name)))
        source.lines = self._lines(path, source)
        return source

    def is_hidden(self, number: int) -> bool:
        return bool(self.sheets[number][0].state != "visible")

    def first_cells(self, number: int) -> tuple[Cell, ...]:
        first = next(self.source(number).lines, None)
        return first.cells if first and first.number == 1 else ()

    def holds_anything(self, number: int) -> bool:
        lines = zip(self.source(number).lines, range(LINES_LOOKED_AT), strict=False)
        return any(cell not in (None, "") for line, _ in lines for cell in line.cells)

    def _lines(self, path: str, source: Source) -> Iterator[Line]:
        wb = self.reader.wb
        with self.reader.archive.open(path) as stream, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a date out of range arrives as an error value
            rows = Rows(
                stream,
                self.reader.shared_strings,
                data_only=True,
                epoch=wb.epoch,
                date_formats=wb._date_formats,
                timedelta_formats=wb._timedelta_formats,
            )
            last = 0
            for number, cells in rows.parse_into(source):
                if number > self.limits.last_line:
                    raise TooMuchError(too_many_lines(self.limits))
                if number <= last:
                    raise ValueError("rows out of order")
                last = number
                yield Line(number, self._row(number, cells, source))

    def _row(self, number: int, cells: Sequence[dict[str, Any]], source: Source) -> tuple[Cell, ...]:
        found: dict[int, Cell] = {}
        for cell in cells:
            column = cell["column"]
            try:
                value = _plain(cell, is_percent=cell["style_id"] in self.percent_styles)
            except SheetError as error:
                source.problems.append(f"{source.place(column, number)} {error}")
                value = None
            if value is None:
                continue
            if column > self.limits.columns + 1:
                source.problems.append(beyond(source.place(column, number)))
                continue
            found[column] = value
        return tuple(found.get(column) for column in range(1, max(found, default=0) + 1))


class Rows(WorkSheetParser):
    """Rows as they come; between them only what is hidden or merged is looked at."""

    col_counter: int

    def parse_into(self, source: Source) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        for _, element in iterparse(self.source):  # noqa: S314 - see the import
            if element.tag == ROW_TAG:
                row = self.parse_row(element)
                if element.get("hidden") in ("1", "true"):
                    source.hidden_lines.add(row[0])
                element.clear()
                yield row
            elif element.tag == COL_TAG and element.get("hidden") in ("1", "true"):
                source.hidden_columns.append((int(element.attrib["min"]), int(element.attrib["max"])))
            elif element.tag == MERGED_CELL_TAG:
                source.merged.append(element.attrib["ref"])

    def parse_cell(self, element: Any) -> dict[str, Any]:
        if (text := _plain_text(element)) is not None:
            return {"column": self._column(element), "value": text, "data_type": "s", "style_id": 0}
        cell: dict[str, Any] = super().parse_cell(element)
        cell["is_formula"] = cell["value"] is None and element.find(FORMULA_TAG) is not None
        return cell

    def _column(self, element: Any) -> int:
        place = element.get("r")
        self.col_counter = column_index_from_string(place.rstrip(digits)) if place else self.col_counter + 1
        return self.col_counter


def _plain_text(element: Any) -> str | None:
    """A text without formats that stands in its cell, or None for every other cell.

    openpyxl writes every text so, and reads it by building objects for its formats, which takes longer than all else.
    """
    if element.get("t") != "inlineStr" or len(element) != 1:
        return None
    within = element[0]
    if within.tag != INLINE_STRING or len(within) != 1 or within[0].tag != TEXT_TAG:
        return None
    return within[0].text or ""


def too_many_lines(limits: Limits) -> str:
    return f"空の行を含めて{limits.last_line:,}行を超えています。使っていない行を削除してください。"


def beyond(place: str) -> str:
    return f"見出しのない列に値があります（{place}）。"


def covers(merged: str, lines: set[int], width: int) -> bool:
    """Whether merged cells hide anything of a table with these lines and so many columns."""
    left, top, right, bottom = range_boundaries(merged)
    if None in (left, top, right, bottom) or left > width:
        return False
    return any(top <= line <= bottom for line in lines)


def _is_percent(wb: Any, number: int) -> bool:
    if number < FIRST_OWN_FORMAT:
        shown = BUILTIN_FORMATS.get(number, "General")
    else:
        own = wb._number_formats
        shown = own[number - FIRST_OWN_FORMAT] if number - FIRST_OWN_FORMAT < len(own) else "General"
    # A sign in quotes or behind \ is only painted: 0"%" shows 80 as 80%.
    return "%" in re.sub(r'"[^"]*"|\\.', "", shown)


def _plain(cell: dict[str, Any], *, is_percent: bool) -> Cell:
    value = cell["value"]
    if cell["data_type"] == "s" and value is not None:
        return _text(value)
    if value is None and cell["is_formula"]:
        raise SheetError("は式で、計算した値が入っていません。Excelで開いて保存し直すか、値として貼り付けてください。")
    if value is None or isinstance(value, bool):
        return value
    if cell["data_type"] == "e":
        raise SheetError(f"はExcelの誤り（{str(value)[:20]}）です。直してから取り込んでください。")
    if isinstance(value, int | float):
        if not math.isfinite(value):
            raise SheetError("の数は大きすぎて読めません。")
        # Excel keeps 80 % as 0.8 and shows it through the format.
        return _percent(value) if is_percent else value
    if isinstance(value, date | time | timedelta):
        return _moment(value)
    return _text(value)


def _text(value: str) -> str:
    if len(value) > LONGEST_CELL:
        raise SheetError(f"の文字が長すぎます（{LONGEST_CELL:,}文字まで）。")
    if "_x" in value:
        value = re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), value)
    return clean_text(value)


def _moment(value: date | time | timedelta) -> str:
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date().isoformat()
    return value.isoformat()


def _percent(value: int | float) -> str:
    shown = format((Decimal(format(value, ".15g")) * 100).normalize(), "f")
    return f"{shown}%"
