"""What is asked of a file that somebody attaches: its name, its size, and that it is what its name says.

Nothing here opens a document as its program would. An Office file is unpacked part by part under limits, to see that
nothing in it runs, fetches or hides another file.
"""

import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from townhall.cells import quoted
from townhall.sheets.guard import CHUNK, ENCRYPTED, FORBIDDEN_XML, LONGEST_MARK, OLD_OFFICE, UTF16, ZIP

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024  # pictures of a presentation
MAX_PARTS = 3_000
MAX_RATIO = 200
RATIO_FLOOR = 5 * 1024 * 1024
MAX_RELATIONS = 5 * 1024 * 1024  # bytes of one list of relations, which is read as a whole
LONGEST_NAME = 120


@dataclass(frozen=True)
class Kind:
    """One kind of file that may be attached. `main` is the part that every Office file of the kind has."""

    extension: str
    content_type: str
    magic: bytes = b""
    main: str = ""


_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = {
    kind.extension: kind
    for kind in (
        Kind("pdf", "application/pdf", b"%PDF-"),
        Kind("xlsx", f"{_OFFICE}spreadsheetml.sheet", ZIP, "xl/workbook.xml"),
        Kind("docx", f"{_OFFICE}wordprocessingml.document", ZIP, "word/document.xml"),
        Kind("pptx", f"{_OFFICE}presentationml.presentation", ZIP, "ppt/presentation.xml"),
        Kind("png", "image/png", b"\x89PNG\r\n\x1a\n"),
        Kind("jpg", "image/jpeg", b"\xff\xd8\xff"),
        Kind("jpeg", "image/jpeg", b"\xff\xd8\xff"),
        Kind("txt", "text/plain; charset=utf-8"),
        Kind("csv", "text/csv; charset=utf-8"),
    )
}
ACCEPTED = ",".join(f".{extension}" for extension in KINDS)  # for the file chooser of the browser
IN_WORDS = "PDF・Excel（.xlsx）・Word（.docx）・PowerPoint（.pptx）・画像（.png .jpg）・テキスト（.txt .csv）"

WITH_MACROS = ("xlsm", "xltm", "docm", "dotm", "pptm", "potm", "ppsm")
OLD_KINDS = ("xls", "doc", "ppt")
# What another kind of file begins with: a text that begins so is none.
NOT_TEXT = (b"%PDF-", ZIP, OLD_OFFICE, b"\x89PNG", b"\xff\xd8\xff", b"MZ", b"\x7fELF", b"GIF8", b"Rar!", b"\x1f\x8b")
# Windows refuses these in names; on other systems they part folders or begin options.
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')

MACROS = "マクロの入ったファイルは添付できません。マクロのない形式で保存し直してください。"
LOCKED = "パスワードつきのファイルは、中を確かめられないため添付できません。パスワードを外して保存し直してください。"
BROKEN = "ファイルが壊れているため添付できません。元のアプリで開き、保存し直してください。"
EMBEDDED = (
    "ほかのファイルが埋め込まれているため添付できません（グラフの元データを含みます）。"
    "図として貼り直すか、PDFで保存してください。"
)
LINKED = (
    "ほかのファイルや外部のサーバーを参照しているため添付できません。参照（リンクの更新）を切って保存し直してください。"
)
TOO_LARGE_INSIDE = "展開すると大きくなりすぎるため添付できません。画像を小さくするか、PDFで保存してください。"


class AttachmentError(ValueError):
    """The file is not taken; the sentence is for whoever chose it."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


def check_attachment(name: str, data: bytes) -> Kind:
    """The kind of a file that may be kept. Raises AttachmentError for every other."""
    check_name(name)
    check_size(len(data))
    extension = name.rpartition(".")[2].lower()
    if extension in WITH_MACROS:
        raise AttachmentError(MACROS)
    if extension in OLD_KINDS:
        raise AttachmentError(
            f"古い形式（.{extension}）のファイルは添付できません。.{extension}x で保存し直してください。"
        )
    if extension not in KINDS:
        raise AttachmentError(f"添付できるのは、{IN_WORDS}です。{quoted(name)}は添付できません。")
    kind = KINDS[extension]
    if kind.main and data.startswith(OLD_OFFICE):
        raise AttachmentError(LOCKED)
    if not data.startswith(kind.magic):
        raise AttachmentError(f"名前は .{extension} ですが、中身が違います。元のアプリで保存し直してください。")
    if kind.main:
        _check_office(kind, data)
    elif not kind.magic:
        _check_text(extension, data)
    elif extension == "pdf":
        _check_pdf(data)
    return kind


def check_size(size: int) -> None:
    if size == 0:
        raise AttachmentError("ファイルが空です。中身のあるファイルを選んでください。")
    if size > MAX_BYTES:
        raise AttachmentError(
            f"ファイルが大きすぎます（{MAX_BYTES // 1024 // 1024}MBまで）。分けるか、小さくしてください。"
        )


def check_name(name: str) -> None:
    """A name is only ever shown. One that could mislead a reader is refused rather than changed in silence."""
    if len(name) > LONGEST_NAME:
        raise AttachmentError(f"ファイルの名前が長すぎます（{LONGEST_NAME}文字まで）。短くしてください。")
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for char in name):
        raise AttachmentError("ファイルの名前に、改行や見えない文字が入っています。名前を付け直してください。")
    if _NOT_IN_NAMES.search(name):
        raise AttachmentError(f"ファイルの名前に使えない記号があります（{quoted(name)}）。名前を付け直してください。")
    if name.startswith(".") or name.endswith((".", " ")) or ".." in name or not name.rpartition(".")[0].strip(" ."):
        raise AttachmentError(
            f"ファイルの名前の点（.）の位置が正しくありません（{quoted(name)}）。付け直してください。"
        )


def _check_text(extension: str, data: bytes) -> None:
    if data.startswith(NOT_TEXT):
        raise AttachmentError(f"名前は .{extension} ですが、中身が違います。元のアプリで保存し直してください。")
    if not data.startswith(UTF16) and b"\0" in data:
        raise AttachmentError("文字ではないデータが入っています。テキストとして保存し直してください。")
    for encoding in ("utf-16",) if data.startswith(UTF16) else ("utf-8", "cp932"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return
    raise AttachmentError("文字の符号が読めません。UTF-8のテキストとして保存し直してください。")


# Names of a PDF that start something or carry another file. Compressed parts are not looked into: the reader's program
# asks before it runs anything, and the file is only ever handed out, never opened here.
_ACTIVE_IN_PDF = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia)(?![A-Za-z])")


def _check_pdf(data: bytes) -> None:
    if b"%%EOF" not in data[-2048:]:
        raise AttachmentError(BROKEN)
    if _ACTIVE_IN_PDF.search(data):
        raise AttachmentError(
            "動作（JavaScriptなど）や別のファイルが入ったPDFは添付できません。印刷し直して作ってください。"
        )


def _check_office(kind: Kind, data: bytes) -> None:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_parts(kind, archive.infolist())
            total = 0
            for part in archive.infolist():
                total += _check_part(archive, part, total)
    except (AttachmentError, MemoryError):
        raise
    except Exception as error:
        # Whatever a damaged archive makes the zip library say: BadZipFile, zlib.error, ValueError, struct.error …
        raise AttachmentError(BROKEN) from error


def _check_parts(kind: Kind, parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len(names) > MAX_PARTS:
        raise AttachmentError(TOO_LARGE_INSIDE)
    if "[Content_Types].xml" not in names or kind.main not in names:
        raise AttachmentError(f"名前は .{kind.extension} ですが、中身が違います。元のアプリで保存し直してください。")
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise AttachmentError(LOCKED)
    methods = {part.compress_type for part in parts}
    if len(set(names)) < len(names) or methods - {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise AttachmentError(BROKEN)
    if any(name.startswith("/") or re.search(r"\\|:|(^|/)\.\.(/|$)|[\x00-\x1f]", name) for name in names):
        raise AttachmentError(BROKEN)
    for name in map(str.lower, names):
        if "vbaproject" in name or "macrosheets/" in name or "activex" in name:
            raise AttachmentError(MACROS)
        if "/embeddings/" in name or "oleobject" in name:
            raise AttachmentError(EMBEDDED)
        if "/externallinks/" in name:
            raise AttachmentError(LINKED)


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, before: int) -> int:
    """Count what really comes out: the size written in the file is a claim."""
    name = part.filename.lower()
    size, tail, relations = 0, b"", b""
    for chunk in _chunks(archive, part):
        size += len(chunk)
        if before + size > MAX_UNPACKED or (size > RATIO_FLOOR and size > part.compress_size * MAX_RATIO):
            raise AttachmentError(TOO_LARGE_INSIDE)
        if name.endswith((".xml", ".rels")):
            if any(mark in tail + chunk for mark in FORBIDDEN_XML) or (not tail and chunk.startswith(UTF16)):
                raise AttachmentError(BROKEN)
            tail = chunk[-LONGEST_MARK:]
        if name.endswith(".rels"):
            relations += chunk
            if size > MAX_RELATIONS:
                raise AttachmentError(TOO_LARGE_INSIDE)
    _check_relations(relations)
    return size


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _check_relations(relations: bytes) -> None:
    """An address to click on may stand in a text; what the program fetches by itself may not."""
    for relation in re.findall(rb"<[^>]*\bRelationship\b[^>]*>", relations):
        kind = re.search(rb"""\bType\s*=\s*["']([^"']*)""", relation)
        is_outside = re.search(rb"""\bTargetMode\s*=\s*["']External["']""", relation, re.IGNORECASE)
        if is_outside and not (kind and kind[1].endswith(b"/hyperlink")):
            raise AttachmentError(LINKED)
