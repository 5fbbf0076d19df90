"""What is asked of a file before a parser sees it: size, kind, and how big it grows when unpacked."""

import zipfile
from enum import StrEnum
from io import BytesIO
from pathlib import PurePath

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 10 * 1024 * 1024
MAX_PARTS = 200
CHUNK = 64 * 1024

ZIP = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # .xls, and every workbook with a password
# A workbook needs neither; both are how small files are made to explode.
FORBIDDEN_XML = (b"<!DOCTYPE", b"<!ENTITY")
LONGEST_MARK = max(map(len, FORBIDDEN_XML))

BROKEN = "Excelブックが壊れているため読めません。Excelで開き、.xlsx で保存し直してください。"
NOT_A_WORKBOOK = "Excelブックではありません。Excelで .xlsx として保存し直してください。"


class SheetError(ValueError):
    """The file is not taken; the message is a sentence for whoever chose it."""


class Kind(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"


def check_file(name: str, data: bytes) -> Kind:
    """The kind of a file that may be parsed; raises SheetError for every other."""
    if not data:
        raise SheetError("ファイルが空です。表の入ったファイルを選んでください。")
    check_size(len(data))
    extension = PurePath(name).suffix.lower().removeprefix(".")
    if extension == Kind.XLSX:
        _check_workbook(data)
        return Kind.XLSX
    if extension == Kind.CSV:
        if data.startswith((ZIP, OLD_OFFICE)):
            raise SheetError("名前は .csv ですが、中身はExcelブックです。.xlsx の名前で選び直してください。")
        if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise SheetError("文字の表ではないデータが入っています。Excelで「CSV UTF-8」として保存し直してください。")
        return Kind.CSV
    raise SheetError("取り込めるのは .xlsx と .csv のファイルです。Excelで保存し直してください。")


def check_size(size: int) -> None:
    if size > MAX_BYTES:
        raise SheetError(
            f"ファイルが大きすぎます（{MAX_BYTES // 1024 // 1024}MBまで）。不要な行やシートを除いてください。"
        )


def _check_workbook(data: bytes) -> None:
    if data.startswith(OLD_OFFICE):
        raise SheetError(
            "パスワードつき、または古い形式（.xls）のExcelブックは読めません。パスワードを外し、.xlsx で保存し直してください。"
        )
    if not data.startswith(ZIP):
        raise SheetError(NOT_A_WORKBOOK)
    try:
        with zipfile.ZipFile(BytesIO(data)) as book:
            names = [part.filename for part in book.infolist()]
            if len(names) > MAX_PARTS:
                raise SheetError(
                    f"Excelブックの部品が多すぎます（{MAX_PARTS}個まで）。表だけの新しいブックに写してください。"
                )
            if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
                raise SheetError(NOT_A_WORKBOOK)
            _unpack(book)
    except SheetError:
        raise
    except Exception as error:
        # Whatever a damaged archive makes the zip library say: BadZipFile, zlib.error, ValueError, struct.error …
        raise SheetError(BROKEN) from error


def _unpack(book: zipfile.ZipFile) -> None:
    """Count what really comes out: the sizes written in the file are a claim."""
    total = 0
    for part in book.infolist():
        tail = b""
        with book.open(part) as stream:
            while chunk := stream.read(CHUNK):
                total += len(chunk)
                if total > MAX_UNPACKED:
                    raise SheetError(
                        f"Excelブックの中身が大きすぎます（展開して{MAX_UNPACKED // 1024 // 1024}MBまで）。"
                        "使っていない行・列・シートを削除してください。"
                    )
                if any(mark in tail + chunk for mark in FORBIDDEN_XML):
                    raise SheetError(NOT_A_WORKBOOK)
                tail = chunk[-LONGEST_MARK:]
