"""Cells from Excel's clipboard: which column is which. Pure: text in, a table out; no database, no clock."""

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

from schedule.report_cells import CODE, HEADINGS, IN_GRID_ORDER, LOOKS_LIKE, SKIP, code_text, is_code
from townhall.cells import clean_text, fold
from townhall.sheets.table import PASTED, Line, Sheet

MOST_CHARACTERS = 500_000
MOST_LINES, MOST_COLUMNS = 500, 30
_SYNONYMS = {fold(word).casefold(): name for name, words in HEADINGS.items() for word in words}


class PasteError(ValueError):
    """Nothing of it can be read; the message is a sentence."""


@dataclass(frozen=True)
class KnownRow:
    """What a pasted column may merely repeat."""

    kind: str
    title: str
    section: str


def cells_of(text: str) -> list[list[str]]:
    """The cells as Excel writes them: tabs between, CRLF after a line, quotes around a cell with line breaks."""
    if not text.strip():
        raise PasteError("何も貼り付けられていません。Excelでセルの範囲をコピーして、ここに貼り付けてください。")
    if len(text) > MOST_CHARACTERS:
        raise PasteError(f"一度に貼り付けられるのは{MOST_CHARACTERS:,}文字までです。行を分けて貼り付けてください。")
    plain = clean_text(text.replace("\0", ""))
    try:
        lines = [[cell.strip() for cell in line] for line in csv.reader(StringIO(plain, newline=""), delimiter="\t")]
    except csv.Error:
        raise PasteError("セルの区切りが読めません。Excelでもう一度コピーして、貼り付けてください。") from None
    lines = [line for line in lines if any(line)]
    width = max(map(len, lines), default=0)
    if not lines:
        raise PasteError("貼り付けた内容に、文字のあるセルがありません。Excelでもう一度コピーしてください。")
    if len(lines) > MOST_LINES or width > MOST_COLUMNS:
        raise PasteError(f"一度に貼り付けられるのは{MOST_LINES}行・{MOST_COLUMNS}列までです。")
    return [line + [""] * (width - len(line)) for line in lines]


def columns_of(
    lines: Sequence[Sequence[str]], rows: Mapping[str, KnownRow], *, at_column: str = ""
) -> tuple[list[str], bool]:
    """The name of each column (`SKIP` for one that is not taken in), and whether the first line names them.

    By heading; else by what stands in them; else, when no column holds row numbers, from `at_column` to the right.
    """
    named = [_SYNONYMS.get(re.sub(r"[\s※*]|必須", "", fold(cell)).casefold(), "") for cell in lines[0]]
    if named.count(CODE) == 1 or sum(map(bool, named)) >= 2:
        return [name if name and name not in named[:place] else SKIP for place, name in enumerate(named)], True
    width = len(lines[0])
    code_at = next((place for place in range(width) if _mostly(_column(lines, place), is_code)), None)
    if code_at is None:
        start = IN_GRID_ORDER.index(at_column) if at_column in IN_GRID_ORDER else 0
        names = list(IN_GRID_ORDER[start : start + width])
        return names + [SKIP] * (width - len(names)), False
    return _guessed(lines, code_at, rows), False


def sheet_of(
    lines: Sequence[Sequence[str]], columns: Sequence[str], *, has_heading: bool, codes: Sequence[str], at_row: str = ""
) -> Sheet:
    """The lines under the given columns. Without row numbers they are the rows from `at_row` on, in plan order."""
    body = list(enumerate(lines, 1))[1 if has_heading else 0 :]
    used = [place for place, name in enumerate(columns) if name != SKIP]
    names = [columns[place] for place in used]
    letters = [f"{place + 1}列目" for place in used]
    rows = [Line(number, tuple(cells[place] for place in used)) for number, cells in body]
    said: tuple[str, ...] = ()
    if CODE not in names:
        start = codes.index(at_row) if at_row in codes else 0
        following = [*codes[start:], *[""] * len(rows)]
        rows = [Line(line.number, (code, *line.cells)) for line, code in zip(rows, following, strict=False)]
        names, letters = [CODE, *names], ["", *letters]
        first = re.sub("^k", "検", codes[start]) if codes else ""
        said = (f"番号の列がないため、{first}の行から下へ、画面の順に当てはめました。",)
    return Sheet(headers=tuple(names), lines=tuple(rows), encoding=PASTED, warnings=said, columns=tuple(letters))


def _column(lines: Sequence[Sequence[str]], place: int) -> list[str]:
    return [line[place] for line in lines if line[place]]


def _mostly(cells: Sequence[Any], test: Callable[[Any], bool]) -> bool:
    return bool(cells) and sum(map(test, cells)) * 2 > len(cells)


def _guessed(lines: Sequence[Sequence[str]], code_at: int, rows: Mapping[str, KnownRow]) -> list[str]:
    """Beside the row numbers: columns that repeat the row are skipped, the others told by their content."""
    names = [SKIP] * len(lines[0])
    names[code_at] = CODE
    texts: list[int] = []
    for place in range(len(names)):
        if place == code_at or not _column(lines, place) or _repeats(lines, place, code_at, rows):
            continue
        found = next((name for name in LOOKS_LIKE if _mostly(_column(lines, place), LOOKS_LIKE[name])), "text")
        if found == "standing" and texts:
            found = "to_committee"  # ○ after the texts is a tick, before them a standing
        if found == "standing" and "standing" in names:
            names[names.index("standing")] = SKIP  # 前期 stands before 状況
        if found == "text":
            texts.append(place)
        elif found not in names:
            names[place] = found
    for place, name in zip(texts, _text_names(len(texts)), strict=False):
        names[place] = name
    return names


def _text_names(count: int) -> tuple[str, ...]:
    return ("text", "reason", "next_step") if count >= 3 else ("text", "next_step")


def _repeats(lines: Sequence[Sequence[str]], place: int, code_at: int, rows: Mapping[str, KnownRow]) -> bool:
    """Does the column say what the portal knows: the content or the section of the row?"""
    told = [(line[place], rows.get(code_text(line[code_at]))) for line in lines if line[place]]
    same = [bool(row) and (_same(cell, row.section) or _same(cell, row.title)) for cell, row in told if row]
    return _mostly(same, bool)


def _same(cell: str, known: str) -> bool:
    left, right = (re.sub(r"[\s・／/、]", "", fold(text)) for text in (cell, known))
    return bool(left) and (left == right or (len(left) > 5 and right.startswith(left.rstrip("…."))))
