"""From the bytes of a file to a plain table. Every refusal is a SheetError that names the cell."""

import csv
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from townhall.cells import CellError, clean_text, decode_text, fold, quoted, unquote_formula
from townhall.sheets.guard import BROKEN, Kind, SheetError, check_file

MAX_ROWS = 5000
MAX_COLUMNS = 100
LAST_LINE = 6_000  # blank lines cost time too

Cell = str | int | float | bool | None


@dataclass(frozen=True)
class Line:
    number: int  # as the spreadsheet numbers it
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """Header names as they are known here, and the lines that hold anything."""

    headers: tuple[str, ...]
    lines: tuple[Line, ...]
    encoding: str = Kind.XLSX
    warnings: tuple[str, ...] = ()


def read_sheet(name: str, data: bytes, *, known: Sequence[str], required: Sequence[str]) -> Sheet:
    """The table in a .xlsx or .csv file. The first line must name the columns: `required` ones, and only `known` ones."""
    kind = check_file(name, data)
    if kind is Kind.CSV:
        try:
            text, encoding = decode_text(data)
        except CellError as error:
            raise SheetError(str(error)) from None
        return _table(_csv_lines(text), encoding, (), known=known, required=required)
    lines, notes = _workbook_lines(data, required)
    return _table(lines, Kind.XLSX, notes, known=known, required=required)


def _table(
    lines: Iterable[Line], encoding: str, notes: tuple[str, ...], *, known: Sequence[str], required: Sequence[str]
) -> Sheet:
    rows = iter(lines)
    first = next(rows, Line(1, ()))
    headers = _headers(first.cells, known=known, required=required)
    found: list[Line] = []
    for line in rows:
        if all(cell in (None, "") for cell in line.cells):
            continue
        if len(found) == MAX_ROWS:
            raise SheetError(f"行が多すぎます（{MAX_ROWS:,}行まで）。分けて取り込んでください。")
        _refuse_beyond(line, len(headers))
        found.append(Line(line.number, (*line.cells, *[None] * len(headers))[: len(headers)]))
    used = [index for index, header in enumerate(headers) if header]
    return Sheet(
        headers=tuple(headers[index] for index in used),
        lines=tuple(Line(line.number, tuple(line.cells[index] for index in used)) for line in found),
        encoding=encoding,
        warnings=notes,
    )


def _headers(cells: Sequence[Cell], *, known: Sequence[str], required: Sequence[str]) -> list[str]:
    """Compared after folding: 全角, spaces and line breaks in a heading do not matter."""
    canonical = {_key(header): header for header in known}
    typed = [str(cell) if cell is not None else "" for cell in cells]
    while typed and not typed[-1].strip():
        typed.pop()
    if len(typed) > MAX_COLUMNS:
        raise SheetError(f"列が多すぎます（{MAX_COLUMNS}列まで）。")
    unknown = [header for header in typed if header.strip() and _key(header) not in canonical]
    if unknown:
        raise SheetError(f"知らない列{''.join(map(quoted, unknown[:5]))}があります。列の名前は{_listed(known)}です。")
    headers = [canonical.get(_key(header), "") for header in typed]
    twice = {header for header in headers if header and headers.count(header) > 1}
    if twice:
        raise SheetError(f"同じ名前の列{_listed(sorted(twice))}が二つ以上あります。")
    missing = [header for header in required if header not in headers]
    if missing:
        raise SheetError(f"列{_listed(missing)}が見つかりません。1行目が見出しか確かめてください。")
    return headers


def _key(header: str) -> str:
    return fold(header).replace(" ", "").casefold()


def _listed(headers: Iterable[str]) -> str:
    return "".join(f"「{header}」" for header in headers)


def _refuse_beyond(line: Line, width: int) -> None:
    for index, cell in enumerate(line.cells[width:], width + 1):
        if cell not in (None, ""):
            raise SheetError(f"見出しのない列に値があります（{get_column_letter(index)}{line.number}）。")


# --- CSV


def _csv_lines(text: str) -> Iterator[Line]:
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    number = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            raise SheetError(
                f'{reader.line_num}行目がCSVとして読めません。引用符（"）の数を確かめるか、Excelで保存し直してください。'
            ) from None
        if cells is None:
            return
        yield Line(number, tuple(clean_text(unquote_formula(cell)) for cell in cells[: MAX_COLUMNS + 1]))
        number = reader.line_num + 1
        if number > LAST_LINE * 10:
            raise SheetError(f"行が多すぎます（{MAX_ROWS:,}行まで）。分けて取り込んでください。")


# --- workbook


def _workbook_lines(data: bytes, required: Sequence[str]) -> tuple[list[Line], tuple[str, ...]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl grumbles about parts that it leaves out
            return _read_workbook(data, required)
    except SheetError:
        raise
    except Exception as error:  # a hostile part can make the parser raise anything
        raise SheetError(BROKEN) from error


def _read_workbook(data: bytes, required: Sequence[str]) -> tuple[list[Line], tuple[str, ...]]:
    book = load_workbook(BytesIO(data), read_only=True, keep_links=False)
    try:
        sheet = _sheet_with(book, required)
        notes = _shape_of(data, sheet)
        lines, formulas = _cells_of(sheet)
        if formulas:
            lines = _calculated(data, sheet.title, lines, formulas)
        return lines, notes
    finally:
        book.close()


def _sheet_with(book: Any, required: Sequence[str]) -> Any:
    """The first sheet whose first line has the wanted headings, else the first one (whose headings are then named)."""
    if not book.worksheets:
        raise SheetError("表のシートがありません。")
    wanted = {_key(header) for header in required}
    for sheet in book.worksheets:
        first = next(sheet.iter_rows(max_row=1, max_col=MAX_COLUMNS + 1, values_only=True), ())
        if wanted <= {_key(str(cell)) for cell in first if cell is not None}:
            return sheet
    return book.worksheets[0]


def _shape_of(data: bytes, sheet: Any) -> tuple[str, ...]:
    """What the row reader does not tell: merged cells (refused) and hidden lines (worth a word)."""
    with zipfile.ZipFile(BytesIO(data)) as parts:
        xml = parts.read(sheet._worksheet_path.lstrip("/"))
    merged = re.search(rb'<(?:\w+:)?mergeCell\s[^>]*\bref\s*=\s*["\']([A-Z]+[0-9]+:[A-Z]+[0-9]+)', xml)
    if merged:
        raise SheetError(f"結合されたセル（{merged[1].decode()}）があります。結合を解除してください。")
    if re.search(rb'<(?:\w+:)?row\s[^>]*\bhidden\s*=\s*["\'](?:1|true)', xml):
        return ("表示されていない行も取り込みます。",)
    return ()


def _cells_of(sheet: Any) -> tuple[list[Line], set[tuple[int, int]]]:
    lines, formulas = [], set()
    number = 0
    for number, row in enumerate(sheet.iter_rows(max_row=LAST_LINE + 1, max_col=MAX_COLUMNS + 1), 1):
        if number > LAST_LINE:
            raise SheetError(f"空の行を含めて{LAST_LINE:,}行を超えています。使っていない行を削除してください。")
        cells = []
        for column, cell in enumerate(row, 1):
            if cell.data_type == "f":
                formulas.add((number, column))
            cells.append(None if cell.data_type == "f" else _plain(cell, number, column))
        while cells and cells[-1] is None and (number, len(cells)) not in formulas:
            cells.pop()
        lines.append(Line(number, tuple(cells)))
    return lines, formulas


def _calculated(data: bytes, title: str, lines: list[Line], formulas: set[tuple[int, int]]) -> list[Line]:
    """The values that Excel stored beside its formulas; a formula without one is refused, never taken as empty."""
    book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        values = {}
        for number, row in enumerate(book[title].iter_rows(max_row=len(lines), max_col=MAX_COLUMNS + 1), 1):
            for column, cell in enumerate(row, 1):
                if (number, column) in formulas:
                    values[number, column] = _plain(cell, number, column)
    finally:
        book.close()
    for number, column in sorted(formulas):
        if values.get((number, column)) is None:
            raise SheetError(
                f"{get_column_letter(column)}{number} は式で、計算した値が入っていません。"
                "Excelで開いて保存し直すか、値として貼り付けてください。"
            )
    return [
        Line(line.number, tuple(values.get((line.number, column), cell) for column, cell in enumerate(line.cells, 1)))
        for line in lines
    ]


def _plain(cell: Any, number: int, column: int) -> Cell:
    value = cell.value
    if value is None or isinstance(value, bool):
        return value
    if cell.data_type == "e":
        raise SheetError(
            f"{get_column_letter(column)}{number} はExcelの誤り（{value}）です。直してから取り込んでください。"
        )
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, int | float):
        # Excel keeps 80 % as 0.8 and shows it through the format.
        return _percent(value) if "%" in cell.number_format else value
    return clean_text(re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), str(value)))


def _percent(value: int | float) -> str:
    shown = format((Decimal(format(value, ".15g")) * 100).normalize(), "f")
    return f"{shown}%"
