"""From the bytes of a file to a plain table. Every refusal is a SheetError that names the cells.

A pure function of the bytes: requests call it through `townhall.sheets.child`, which limits what it may cost.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO

from openpyxl.utils import get_column_letter

from townhall.cells import CellError, clean_text, decode_text, fold, quoted, unquote_formula
from townhall.sheets.excel import Source, Workbook, beyond, covers, too_many_lines
from townhall.sheets.guard import (
    BROKEN,
    LONGEST_CELL,
    MOST_TEXT,
    REQUEST,
    HeadingError,
    Kind,
    Limits,
    SheetError,
    TooMuchError,
    check_file,
)
from townhall.sheets.table import Cell, Line, Sheet

__all__ = ["CHOICES_SHEET", "Cell", "Line", "Sheet", "read_sheet"]

CHOICES_SHEET = "選択肢"  # the hidden sheet of our own forms; nobody needs to hear of it
XML_NO_MEMORY = 1  # expat's number for it


def read_sheet(
    name: str,
    data: bytes,
    *,
    known: Sequence[str],
    required: Sequence[str],
    hidden: Sequence[str] = (),
    aliases: Mapping[str, str] | None = None,
    limits: Limits = REQUEST,
) -> Sheet:
    """The table in a .xlsx or .csv file.

    Its first line must name the columns: all of `required`, and only `known` ones. `hidden` are columns that the
    form itself hides, which is no reason for a warning. `aliases` are other names of known columns; one without a
    name is left out. Raises SheetError with everything that is wrong.
    """
    names = {_key(header): header for header in known} | {_key(word): at for word, at in (aliases or {}).items()}
    if check_file(name, data, limits) is Kind.CSV:
        return _table(_csv_source(data, limits), names, required, hidden, limits)
    try:
        return _table(_workbook_source(data, names, required, limits), names, required, hidden, limits)
    except (SheetError, MemoryError):
        raise
    except Exception as error:  # a hostile part can make the parser raise anything
        if getattr(error, "code", None) == XML_NO_MEMORY:
            raise MemoryError from error
        raise SheetError(BROKEN) from error


def _table(
    source: Source, names: Mapping[str, str], required: Sequence[str], hidden: Sequence[str], limits: Limits
) -> Sheet:
    first = next(source.lines, Line(1, ()))
    cells = first.cells if first.number == 1 else ()
    headers, wrong, strange = _headers(source, cells, names, required, limits)
    found = _lines(source, len(headers), limits)
    numbers = {line.number for line in found}
    merged = [each for each in source.merged if covers(each, numbers | {1}, len(headers))]
    wrong += [f"結合されたセル（{each}）があります。結合を解除してください。" for each in merged] + source.problems
    if strange:
        raise HeadingError(*wrong, headings=strange)
    if wrong:
        raise SheetError(*wrong)
    used = [index for index, header in enumerate(headers) if header]
    lines = tuple(Line(line.number, tuple(line.cells[index] for index in used)) for line in found)
    columns = {headers[index]: index + 1 for index in used}
    return Sheet(
        headers=tuple(columns),
        lines=lines,
        encoding=source.encoding,
        warnings=(*source.warnings, *_hidden(source, numbers, columns, hidden)),
        title=source.title,
        columns=tuple(get_column_letter(number) for number in columns.values()),
    )


def _lines(source: Source, width: int, limits: Limits) -> list[Line]:
    """The lines that hold anything, each as wide as the headings."""
    found: list[Line] = []
    length = 0
    for line in source.lines:
        if all(cell in (None, "") for cell in line.cells):
            continue
        if len(found) == limits.rows:
            raise TooMuchError(f"行が多すぎます（{limits.rows:,}行まで）。分けて取り込んでください。")
        length += sum(len(cell) for cell in line.cells if isinstance(cell, str))
        if length > MOST_TEXT:
            raise SheetError(f"表の文字が多すぎます（合わせて{MOST_TEXT:,}文字まで）。分けて取り込んでください。")
        source.problems += [
            beyond(source.place(column, line.number))
            for column, cell in enumerate(line.cells[width:], width + 1)
            if cell not in (None, "")
        ]
        found.append(Line(line.number, (*line.cells, *[None] * width)[:width]))
    return found


def _headers(
    source: Source, cells: Sequence[Cell], names: Mapping[str, str], required: Sequence[str], limits: Limits
) -> tuple[list[str], list[str], list[str]]:
    """The columns by their known names, what is wrong with them, and all headings when one of them is not known.

    Compared after folding: 全角, spaces and line breaks in a heading do not matter. Without the required columns
    it is probably not the table at all, so nothing else is said about it.
    """
    typed = [str(cell) if cell is not None else "" for cell in cells]
    while typed and not typed[-1].strip():
        typed.pop()
    if len(typed) > limits.columns:
        raise SheetError(f"列が多すぎます（{limits.columns}列まで）。")
    known = list(dict.fromkeys(filter(None, names.values())))
    headers = [names.get(_key(header), "") for header in typed]
    places = [_place(source, column) for column in range(1, len(typed) + 1)]
    wrong = [
        f"{place} の見出し{quoted(header)}は、知らない列です。"
        for place, header, name in zip(places, typed, headers, strict=True)
        if header.strip() and _key(header) not in names
    ]
    strange = typed if wrong else []
    if wrong:
        wrong.append(f"列の名前は{_listed(known)}です。")
    for header in dict.fromkeys(header for header in headers if headers.count(header) > 1 and header):
        same = "、".join(place for place, name in zip(places, headers, strict=True) if name == header)
        wrong.append(f"同じ名前の列「{header}」が二つ以上あります（{same}）。")
    missing = [header for header in required if header not in headers]
    if missing:
        where = f"「{source.title}」シートに" if source.title else ""
        sentence = f"{where}列{_listed(missing)}が見つかりません。1行目が見出しか確かめてください。"
        if source.encoding != "xlsx" and len(typed) == 1 and (sign := _other_separator(typed[0])):
            sentence += f"列が{sign}で区切られているようです。コンマ区切りのCSVか、.xlsx で保存し直してください。"
        raise HeadingError(sentence, *wrong, headings=typed)
    return headers, wrong, strange


def _other_separator(line: str) -> str:
    """What a line that is one cell seems to be separated by, as a word."""
    return next((word for sign, word in ((";", "セミコロン（;）"), ("\t", "タブ")) if sign in line), "")


def _place(source: Source, column: int) -> str:
    name = f"{get_column_letter(column)}1"
    return f"「{source.title}」シートの {name}" if source.title else name


def _hidden(source: Source, lines: set[int], columns: dict[str, int], expected: Sequence[str]) -> list[str]:
    """Somebody who does not see a line or a column should know that it is taken in."""
    said = []
    unseen = sorted(lines & source.hidden_lines)
    if unseen:
        shown = "、".join(map(str, unseen[:10])) + (" ほか" if len(unseen) > 10 else "")
        said.append(f"表示されていない行（{shown}行目）も取り込みます。")
    for header, column in columns.items():
        if header not in expected and any(first <= column <= last for first, last in source.hidden_columns):
            said.append(f"表示されていない列「{header}」（{get_column_letter(column)}列）も取り込みます。")
    return said


def _key(header: str) -> str:
    return fold(header).replace(" ", "").casefold()


def _named(cell: Cell, names: Mapping[str, str]) -> str:
    return _key(names.get(_key(str(cell)), ""))


def _listed(headers: Sequence[str]) -> str:
    return "".join(f"「{header}」" for header in headers)


# --- CSV


def _csv_source(data: bytes, limits: Limits) -> Source:
    try:
        text, encoding = decode_text(data)
    except CellError as error:
        raise SheetError(str(error)) from None
    source = Source(lines=iter(()), encoding=encoding)
    source.lines = _csv_lines(text, source, limits)
    return source


def _csv_lines(text: str, source: Source, limits: Limits) -> Iterator[Line]:
    csv.field_size_limit(len(text) + 1)  # the length of a cell is checked below, with its address
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    number, count = 1, 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            raise SheetError(
                f'{reader.line_num}行目がCSVとして読めません。引用符（"）の数を確かめるか、Excelで保存し直してください。'
            ) from None
        if cells is None:
            return
        count += 1
        if count > limits.last_line:
            raise TooMuchError(too_many_lines(limits))
        for column, cell in enumerate(cells, 1):
            if len(cell) > LONGEST_CELL:
                place = source.place(column, number)
                raise SheetError(
                    f'{place} の文字が長すぎます（{LONGEST_CELL:,}文字まで）。引用符（"）の数も確かめてください。'
                )
        yield Line(number, tuple(clean_text(unquote_formula(cell)) for cell in cells[: limits.columns + 1]))
        number = reader.line_num + 1


# --- workbook


def _workbook_source(data: bytes, names: Mapping[str, str], required: Sequence[str], limits: Limits) -> Source:
    """The sheet whose first line has the wanted headings; when there is none, the first one, whose headings are named."""
    book = Workbook(data, limits)
    if not book.sheets:
        raise SheetError("表のシートがありません。")
    wanted = {_key(header) for header in required}
    fitting = [
        number
        for number in range(len(book.sheets))
        if wanted <= {_named(cell, names) for cell in book.first_cells(number) if cell is not None}
    ]
    seen = [number for number in fitting if not book.is_hidden(number)]
    if len(seen) > 1:
        titles = _listed([book.source(number).title for number in seen])
        raise SheetError(f"同じ見出しのシートが二つ以上あります（{titles}）。取り込む一つだけを残してください。")
    chosen = next(iter(seen or fitting), 0)
    source = book.source(chosen)
    source.warnings += _hidden_sheets(book, chosen)
    return source


def _hidden_sheets(book: Workbook, chosen: int) -> list[str]:
    said = []
    for number in range(len(book.sheets)):
        title = book.source(number).title
        if not book.is_hidden(number) or re.sub("[0-9]+$", "", title) == CHOICES_SHEET:
            continue
        if number == chosen:
            said.append(f"表示されていないシート「{title}」から取り込みます。")
        elif book.holds_anything(number):
            said.append(f"表示されていないシート「{title}」は取り込みません。")
    return said
