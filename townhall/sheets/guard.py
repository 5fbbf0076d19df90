"""What is asked of a file before a parser sees it: size, kind, and how big it grows when unpacked."""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from pathlib import PurePath

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 10 * 1024 * 1024
MAX_PARTS = 200
MAX_RATIO = 100
RATIO_FLOOR = 1024 * 1024  # an honest small part may be very even; it does no harm
LONGEST_CELL = 32_767  # Excel's own limit
MOST_TEXT = 2_000_000  # characters in one table; one shared string may stand in every cell
MOST_SENTENCES = 20
CHUNK = 64 * 1024


@dataclass(frozen=True)
class Limits:
    """What one reading may cost."""

    rows: int  # lines that hold anything
    columns: int
    last_line: int  # blank lines cost time too
    cpu: int  # seconds of the processor
    wall: float  # seconds on the clock; generous, since a machine can be busy
    memory: int  # bytes beyond what the program itself needs
    bytes: int = MAX_BYTES  # of the file
    unpacked: int = MAX_UNPACKED  # of all its parts together


MB = 1024 * 1024
REQUEST = Limits(rows=500, columns=100, last_line=2_000, cpu=2, wall=8.0, memory=100 * 1024 * 1024)
# The ministries' own workbooks: 34,820 lines of 43 columns are 4 MB and 90 MB unpacked. For the worker only.
LARGE = Limits(
    rows=200_000,
    columns=200,
    last_line=300_000,
    cpu=240,
    wall=300.0,
    memory=1024 * MB,
    bytes=20 * MB,
    unpacked=200 * MB,
)

# A ledger of the town's own with more rows than a request reads. For the worker only.
LEDGER = Limits(
    rows=20_000,
    columns=100,
    last_line=30_000,
    cpu=60,
    wall=90.0,
    memory=400 * MB,
    bytes=20 * MB,
    unpacked=100 * MB,
)

ZIP = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # .xls, and every workbook with a password
UTF16 = (b"\xff\xfe", b"\xfe\xff")
# A workbook needs neither; both are how small files are made to explode.
FORBIDDEN_XML = (b"<!DOCTYPE", b"<!ENTITY")
LONGEST_MARK = max(map(len, FORBIDDEN_XML))
ENCRYPTED = 0x1  # flag of a part

BROKEN = "Excelブックが壊れているため読めません。Excelで開き、.xlsx で保存し直してください。"
NOT_A_WORKBOOK = "Excelブックではありません。Excelで .xlsx として保存し直してください。"
LOCKED = (
    "パスワードつき、または古い形式（.xls）のExcelブックは読めません。パスワードを外し、.xlsx で保存し直してください。"
)
MACROS = "マクロの入ったExcelブック（.xlsm）は読めません。「Excelブック（.xlsx）」として保存し直してください。"


class SheetError(ValueError):
    """The file is not taken. `sentences` are for whoever chose it: everything that is wrong, not only the first."""

    def __init__(self, *sentences: str) -> None:
        more = len(sentences) - MOST_SENTENCES
        shown = sentences[:MOST_SENTENCES]
        self.sentences = (*shown, f"ほかに{more:,}か所あります。") if more > 0 else shown
        super().__init__("".join(self.sentences))


class TooMuchError(SheetError):
    """More than these limits allow; with wider ones it might be read."""


class HeadingError(SheetError):
    """The headings are not the known ones. `headings` are those of the file, for a person to say which is which."""

    def __init__(self, *sentences: str, headings: Sequence[str] = ()) -> None:
        super().__init__(*sentences)
        self.headings = tuple(headings)


class Kind(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"


def check_file(name: str, data: bytes, limits: Limits = REQUEST) -> Kind:
    """The kind of a file that may be parsed; raises SheetError for every other."""
    if not data:
        raise SheetError("ファイルが空です。表の入ったファイルを選んでください。")
    check_size(len(data), limits)
    extension = PurePath(name).suffix.lower().removeprefix(".")
    if extension == Kind.XLSX:
        _check_workbook(data, limits)
        return Kind.XLSX
    if extension == Kind.CSV:
        _check_text(data)
        return Kind.CSV
    if extension in ("xlsm", "xltm"):
        raise SheetError(MACROS)
    raise SheetError("取り込めるのは .xlsx と .csv のファイルです。Excelで保存し直してください。")


def check_size(size: int, limits: Limits = REQUEST) -> None:
    if size > limits.bytes:
        raise TooMuchError(f"ファイルが大きすぎます（{limits.bytes // MB}MBまで）。不要な行やシートを除いてください。")


def _check_text(data: bytes) -> None:
    if data.startswith((ZIP, OLD_OFFICE)):
        raise SheetError("名前は .csv ですが、中身はExcelブックです。.xlsx の名前で選び直してください。")
    if not data.startswith(UTF16) and (position := data.find(b"\0")) >= 0:
        raise SheetError(
            f"文字の表ではないデータが入っています（{position + 1:,}バイト目）。"
            "Excelで「CSV UTF-8」として保存し直してください。"
        )


def _check_workbook(data: bytes, limits: Limits) -> None:
    if data.startswith(OLD_OFFICE):
        raise SheetError(LOCKED)
    if not data.startswith(ZIP):
        raise SheetError(NOT_A_WORKBOOK)
    try:
        with zipfile.ZipFile(BytesIO(data)) as book:
            _check_parts(book.infolist())
            _unpack(book, limits)
    except (SheetError, MemoryError):
        raise
    except Exception as error:
        # Whatever a damaged archive makes the zip library say: BadZipFile, zlib.error, ValueError, struct.error …
        raise SheetError(BROKEN) from error


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len(names) > MAX_PARTS:
        raise SheetError(f"Excelブックの部品が多すぎます（{MAX_PARTS}個まで）。表だけの新しいブックに写してください。")
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise SheetError(NOT_A_WORKBOOK)
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise SheetError(LOCKED)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise SheetError(MACROS)
    # Excel writes every part once, under a plain relative name, stored or deflated.
    methods = {part.compress_type for part in parts}
    if len(set(names)) < len(names) or methods - {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise SheetError(BROKEN)
    if any(name.startswith("/") or re.search(r"\\|:|(^|/)\.\.(/|$)|[\x00-\x1f]", name) for name in names):
        raise SheetError(BROKEN)


def _unpack(book: zipfile.ZipFile, limits: Limits) -> None:
    """Count what really comes out: the sizes written in the file are a claim."""
    total = 0
    for part in book.infolist():
        size, tail = 0, b""
        is_xml = part.filename.lower().endswith((".xml", ".rels"))
        with book.open(part) as stream:
            while chunk := stream.read(CHUNK):
                if is_xml and size == 0:
                    _check_declaration(chunk)
                size += len(chunk)
                _check_growth(size, total, packed=part.compress_size, most=limits.unpacked)
                if any(mark in tail + chunk for mark in FORBIDDEN_XML):
                    raise SheetError(NOT_A_WORKBOOK)
                tail = chunk[-LONGEST_MARK:]
        total += size


def _check_growth(size: int, before: int, *, packed: int, most: int) -> None:
    if before + size > most or (size > RATIO_FLOOR and size > packed * MAX_RATIO):
        raise TooMuchError(
            f"Excelブックの中身が大きすぎます（展開して{most // MB}MBまで）。"
            "使っていない行・列・シートを削除してください。"
        )


def _check_declaration(head: bytes) -> None:
    """UTF-8 only, as Excel writes it: in another encoding the forbidden marks would not be seen."""
    declared = re.match(rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)""", head)
    if head.startswith(UTF16) or b"\0" in head[:4] or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii")):
        raise SheetError(BROKEN)
