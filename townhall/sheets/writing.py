"""Tables out. No cell that a person typed can become a formula, and importing the file again changes nothing."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from townhall.cells import clean_text, quote_formula
from townhall.sheets.guard import LONGEST_CELL

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
TOP = Alignment(vertical="top", wrap_text=True)


def write_xlsx(
    title: str, headers: Sequence[str], rows: Iterable[Sequence[Any]], *, widths: Sequence[int] = ()
) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_title(title))
    sheet.freeze_panes = "A2"
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    heading, text = _style_of(sheet, font=Font(bold=True)), _style_of(sheet)
    sheet.append([_cell(sheet, header, heading) for header in headers])
    for row in rows:
        sheet.append([_cell(sheet, value, text) for value in row])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _style_of(sheet: Any, *, font: Font | None = None) -> Any:
    """The style of a cell with text, made once: looking it up for every cell takes longer than writing them."""
    cell = WriteOnlyCell(sheet)
    put(cell, "文字")
    cell.alignment = TOP
    if font:
        cell.font = font
    return cell._style


def _cell(sheet: Any, value: Any, style: Any) -> Any:
    """As `put`: past openpyxl's own setter, which would take a text that begins with = for a formula."""
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    cell = WriteOnlyCell(sheet)
    cell._value, cell.data_type, cell._style = _text_of(value), "s", style
    return cell


def put(cell: Any, value: Any) -> None:
    """Write a value. Text is typed as text and marked with Excel's own quote, so that editing the cell keeps it text."""
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        cell.value = value
        return
    cell.value = _text_of(value)
    cell.data_type = "s"
    cell.quotePrefix = True


def _text_of(value: Any) -> str:
    """What a cell can hold. Excel reads _x0041_ as the character with that number; its own escape keeps the letters."""
    text = clean_text(str(value))
    return (re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text) if "_x" in text else text)[:LONGEST_CELL]


def sheet_title(title: str) -> str:
    """The name of a sheet as Excel allows it."""
    return re.sub(r"[\[\]:*?/\\\n\t]", " ", clean_text(title)).strip(" '")[:31] or "表"


def unwritable(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[str]:
    """The characters of these cells that CP932 does not know, each once."""
    chars = {char for row in (headers, *rows) for value in row if isinstance(value, str) for char in clean_text(value)}
    return sorted(char for char in chars if not _in_cp932(char))


def _in_cp932(char: str) -> bool:
    try:
        char.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[Any]], *, encoding: str = "utf-8-sig") -> bytes:
    """CRLF, and UTF-8 with BOM unless something else is wanted, as Excel in Japan opens it."""
    file = StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    for row in (headers, *rows):
        writer.writerow([quote_formula(clean_text(value)) if isinstance(value, str) else value for value in row])
    return file.getvalue().encode(encoding)
