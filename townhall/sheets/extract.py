"""From a large workbook only the lines that speak of us, and the top of each sheet, where the headings stand.

A pure function of the bytes, read with calamine; the worker calls it through `townhall.sheets.child`.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any, Self

from python_calamine import CalamineWorkbook

from townhall.cells import clean_text, fold
from townhall.sheets.guard import BROKEN, Kind, Limits, SheetError, check_file
from townhall.sheets.table import Cell, Line

TOP_LINES = 8
NAMED_WITHIN = 6  # columns in which a line says of whom it speaks
MOST_KEPT = 500
LONGEST_KEPT = 500  # characters of one cell
ONLY_XLSX = "取り込めるのは .xlsx のファイルです。Excelで保存し直してください。"


@dataclass(frozen=True)
class Extract:
    title: str
    top: tuple[Line, ...]
    lines: tuple[Line, ...]  # those that name one of the words
    total: int

    def as_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "total": self.total,
            "top": [[line.number, *line.cells] for line in self.top],
            "lines": [[line.number, *line.cells] for line in self.lines],
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        top, lines = (tuple(Line(number, tuple(cells)) for number, *cells in kept[name]) for name in ("top", "lines"))
        return cls(kept["title"], top, lines, kept["total"])


def read_extracts(name: str, data: bytes, *, words: list[str], limits: Limits) -> list[Extract]:
    """Every sheet's top, and its lines with one of the words in the first columns. Raises SheetError."""
    if check_file(name, data, limits) is not Kind.XLSX:
        raise SheetError(ONLY_XLSX)
    wanted = {fold(word) for word in words}
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        return [_extract(book, number, wanted, limits) for number in range(len(book.sheet_names))]
    except (SheetError, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the parser is no Exception
        raise SheetError(BROKEN) from error


def _extract(book: CalamineWorkbook, number: int, wanted: set[str], limits: Limits) -> Extract:
    sheet = book.get_sheet_by_index(number)
    title = clean_text(sheet.name)
    height, width = sheet.total_height, sheet.total_width
    if height > limits.last_line or height * width > limits.rows * limits.columns:
        raise SheetError(f"「{title}」シートが大きすぎます（{limits.last_line:,}行まで）。")
    top: list[Line] = []
    kept: list[Line] = []
    for at, row in enumerate(sheet.iter_rows(), start=1):
        named = wanted and any(isinstance(cell, str) and fold(cell) in wanted for cell in row[:NAMED_WITHIN])
        named = named or any(isinstance(cell, float | int) and f"{cell:.0f}" in wanted for cell in row[:NAMED_WITHIN])
        if at <= TOP_LINES or named:
            line = Line(at, tuple(map(_plain, row[: limits.columns])))
            if at <= TOP_LINES:
                top.append(line)
            if named and len(kept) < MOST_KEPT:
                kept.append(line)
    return Extract(title, tuple(top), tuple(kept), height)


def _plain(value: Any) -> Cell:
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return clean_text(str(value)[:LONGEST_KEPT]) if value not in (None, "") else None
