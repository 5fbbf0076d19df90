"""受講した人の一覧 as a file: its lines, with the cell in which each name stands. No database here."""

from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile

from townhall.cells import fold
from townhall.sheets.child import read_apart
from townhall.sheets.guard import REQUEST, HeadingError, SheetError, check_size
from townhall.sheets.table import Line, Sheet

NUMBER, NAME, SECTION = "職員番号", "氏名", "課"
KNOWN = (NUMBER, NAME, SECTION)
OTHER_WORDS = {
    **{"名前": NAME, "職員氏名": NAME, "受講者": NAME, "出席者": NAME},
    **{"所属": SECTION, "所属課": SECTION, "職員コード": NUMBER},
}


@dataclass(frozen=True)
class NamedLine:
    place: str  # 「Sheet1」!B7
    text: str  # 職員番号, 氏名 and 課 as somebody would paste them


def read_names(upload: UploadedFile) -> list[NamedLine]:
    """One line of the file a person. Other columns are left aside. Raises SheetError with everything that is wrong."""
    check_size(upload.size or 0, REQUEST)
    data = upload.read(REQUEST.bytes + 1)
    check_size(len(data), REQUEST)
    sheet = _sheet(upload.name or "", data)
    if not sheet.lines:
        raise SheetError("氏名の行がありません。1行目に見出し、2行目から氏名を入れてください。")
    return [NamedLine(sheet.address(line, NAME), _text(sheet, line)) for line in sheet.lines]


def _sheet(name: str, data: bytes) -> Sheet:
    try:
        return read_apart(name, data, known=KNOWN, required=(NAME,), aliases=OTHER_WORDS)
    except HeadingError as error:
        ours = {_key(word) for word in (*KNOWN, *OTHER_WORDS)}
        left_out = {heading: "" for heading in error.headings if _key(heading) not in ours}
        return read_apart(name, data, known=KNOWN, required=(NAME,), aliases={**OTHER_WORDS, **left_out})


def _key(heading: str) -> str:
    return fold(heading).replace(" ", "").casefold()


def _text(sheet: Sheet, line: Line) -> str:
    values = sheet.values(line)
    return "\t".join(str(values[name]) for name in KNOWN if values.get(name) not in (None, ""))
