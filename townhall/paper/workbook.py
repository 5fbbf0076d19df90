"""From a paper to a workbook: a sheet for each section, ready to print. The same paper gives the same bytes."""

import re
from datetime import UTC, datetime, time
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from townhall import fiscal
from townhall.paper.content import Agenda, Blank, Block, Cover, Pairs, Paper, Section, Table, Text
from townhall.sheets.workbook import BOX, HEADING, TOP, finished
from townhall.sheets.writing import put, sheet_title

SHEET_WIDTH = 96  # characters that A4 upright takes
PLAIN_NUMBER = re.compile(r"-?(0|[1-9]\d{0,2}(,\d{3})+|[1-9]\d*)(\.\d+)?")


def make_workbook(paper: Paper) -> bytes:
    book = Workbook()
    book.remove(book.active)
    book.properties.title = paper.title
    taken: set[str] = set()
    if paper.cover:
        _SheetWriter(book, _name("表紙", taken), paper).cover(paper.cover)
    for section in paper.sections:
        name = f"{section.number} {section.heading}".strip()
        _SheetWriter(book, _name(name, taken), paper).section(section)
    return finished(book, datetime.combine(paper.as_of, time.min, UTC))


def _name(wanted: str, taken: set[str]) -> str:
    """Excel knows sheets by a name of 31 characters, whatever their case."""
    name, number = sheet_title(wanted), 1
    while name.lower() in taken:
        number += 1
        mark = f"（{number}）"
        name = f"{sheet_title(wanted)[: 31 - len(mark)]}{mark}"
    taken.add(name.lower())
    return name


class _SheetWriter:
    def __init__(self, book: Workbook, name: str, paper: Paper) -> None:
        self.sheet: Worksheet = book.create_sheet(name)
        self.paper = paper
        self.row = 1
        self.columns = 2

    def cover(self, cover: Cover) -> None:
        for line in cover.title:
            self._line(line, font=Font(bold=True, size=16))
        self.row += 1
        for fact in cover.facts:
            self._cells([fact.label, fact.text])
        self.row += 1
        self._line(cover.sender)
        self._finish(())

    def section(self, section: Section) -> None:
        self.columns = max((_columns_of(block) for block in section.blocks), default=2)
        if section.number:
            self._line(section.number, font=Font(bold=True))
        if section.over:
            self._line(section.over)
        self._line(section.heading, font=Font(bold=True, size=14))
        for block in section.blocks:
            self.row += 1
            self._block(block)
        self._finish(section.blocks)

    def _block(self, block: Block) -> None:
        if block.label:
            self._line(block.label, font=Font(bold=True))
        match block:
            case Text():
                self._line(block.said_on(self.paper.as_of))
            case Pairs():
                for row in block.rows:
                    self._cells([row.label, row.text], boxed=True, headings=1)
            case Table() if block.lines:
                self._cells([each.label for each in block.columns], boxed=True, headings=len(block.columns))
                for line in block.lines:
                    self._cells(line.cells, boxed=True)
            case Table():
                self._line(block.empty)
            case Agenda():
                for entry in block.entries:
                    self._cells([entry.number, "\n".join(filter(None, (entry.text, entry.note))), entry.aside])
            case Blank():
                self.row += block.lines

    def _line(self, text: str, *, font: Font | None = None) -> None:
        """Across the whole width."""
        self._cells([text])
        row = self.row - 1
        self.sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=self.columns)
        if font:
            self.sheet.cell(row, 1).font = font
        lines = sum(-(-max(len(line) * 2, 1) // SHEET_WIDTH) for line in text.split("\n"))
        self.sheet.row_dimensions[row].height = min(18.0 * lines + (6 if font else 0), 400)

    def _cells(self, values: Any, *, boxed: bool = False, headings: int = 0) -> None:
        for place, value in enumerate(values, 1):
            cell = self.sheet.cell(self.row, place)
            put(cell, _number(value) if boxed and place > headings else value)
            cell.alignment = TOP
            if boxed:
                cell.border = BOX
            if place <= headings:
                cell.fill, cell.font = HEADING, Font(bold=True)
            if isinstance(cell.value, int | float):
                cell.number_format, cell.alignment = (
                    "#,##0.##" if cell.value % 1 else "#,##0",
                    Alignment(vertical="top"),
                )
        self.row += 1

    def _finish(self, blocks: tuple[Block, ...]) -> None:
        sheet = self.sheet
        for place, width in enumerate(_widths(blocks, self.columns), 1):
            sheet.column_dimensions[get_column_letter(place)].width = width
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        stamp = "　".join(filter(None, (f"{fiscal.format_date(self.paper.as_of)}現在", self.paper.edition)))
        sheet.oddFooter.left.text = f"{self.paper.running}　{stamp}".replace("&", "&&")
        sheet.oddFooter.right.text = "&P / &N"


def _columns_of(block: Block) -> int:
    return len(block.columns) if isinstance(block, Table) else 3 if isinstance(block, Agenda) else 2


def _widths(blocks: tuple[Block, ...], columns: int) -> list[float]:
    """Of the widest table; a sheet has one set of columns for all its blocks."""
    tables = [block for block in blocks if isinstance(block, Table) and len(block.columns) == columns]
    if tables:
        shares = [column.width for column in tables[0].columns]
        return [max(SHEET_WIDTH * share / sum(shares), 8) for share in shares]
    return [8, SHEET_WIDTH - 24, 16] if columns == 3 else [24, SHEET_WIDTH - 24]


def _number(text: str) -> Any:
    """「4,300」 is a number for whoever goes on reckoning; 「5-3」 and 「007」 stay what they are."""
    if not PLAIN_NUMBER.fullmatch(text) or len(text) > 15:
        return text
    plain = text.replace(",", "")
    return float(plain) if "." in plain else int(plain)
