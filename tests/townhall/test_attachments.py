"""Files that people attach: taken only when they are what they say, kept once, handed out and never shown."""

import hashlib
import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404

from tests.conftest import NOW, TODAY
from townhall.attachment_guard import KINDS, MAX_BYTES, AttachmentError, check_attachment
from townhall.attachments import attachment_response, content_of, folder, keep_attachment, path_of
from townhall.models import Attachment

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
JPG = b"\xff\xd8\xff\xe0" + b"\0" * 20
MAIN = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml", "pptx": "ppt/presentation.xml"}
RELATION = (
    '<Relationships><Relationship Id="1" Type="http://x/{kind}" Target="{to}" TargetMode="External"/></Relationships>'
)


def office(extension, parts=None):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": "<Types/>", MAIN[extension]: "<x/>", **(parts or {})}.items():
            archive.writestr(name, content)
    return stream.getvalue()


GOOD = {
    "見積書（2社）.pdf": PDF,
    "業務フロー図.xlsx": office("xlsx"),
    "仕様.DOCX": office("docx", {"word/_rels/document.xml.rels": RELATION.format(kind="hyperlink", to="https://x")}),
    "説明.pptx": office("pptx"),
    "画面.png": PNG,
    "窓口.jpg": JPG,
    "窓口.jpeg": JPG,
    "覚え.txt": "髙﨑①㈱𠮷〜".encode(),
    "一覧.csv": "番号,名称\r\n1,見本\r\n".encode("cp932"),
    "令和8年度 第1版.txt": "\ufeff見本".encode("utf-16"),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_people_attach_is_taken(name):
    assert check_attachment(name, GOOD[name]).extension == name.rpartition(".")[2].lower()


BAD = {
    "nothing": ("空.pdf", b""),
    "too large": ("大きい.txt", b"a" * (MAX_BYTES + 1)),
    "a program": ("setup.exe", b"MZ" + b"\0" * 20),
    "a page": ("画面.html", b"<html></html>"),
    "a drawing with script": ("図.svg", b"<svg/>"),
    "a program called a picture": ("図.png", b"MZ" + b"\0" * 20),
    "a page called a PDF": ("資料.pdf", b"<html><script>1</script>"),
    "half a PDF": ("資料.pdf", PDF[:-7]),
    "a PDF that acts": ("資料.pdf", PDF.replace(b"<<>>", b"<</OpenAction<</S/JavaScript/JS(1)>>>>")),
    "a PDF with a file in it": ("資料.pdf", PDF.replace(b"<<>>", b"<</Type/EmbeddedFile>>")),
    "a workbook called a text": ("表.csv", office("xlsx")),
    "a text of bytes": ("表.txt", b"a\0b"),
    "a text of no encoding": ("表.txt", b"\x81\xff\xfe\x80"),
    "macros by name": ("表.xlsm", office("xlsx")),
    "macros inside": ("表.xlsx", office("xlsx", {"xl/vbaProject.bin": "x"})),
    "old macros": ("表.xlsx", office("xlsx", {"xl/macrosheets/sheet1.xml": "<x/>"})),
    "an old workbook": ("表.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 20),
    "a password": ("表.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 20),
    "another Office file": ("表.xlsx", office("docx")),
    "any archive": ("表.docx", office("xlsx")),
    "an embedded file": ("文書.docx", office("docx", {"word/embeddings/x.xlsx": "x"})),
    "another workbook": ("表.xlsx", office("xlsx", {"xl/externalLinks/externalLink1.xml": "<x/>"})),
    "a template fetched from outside": (
        "文書.docx",
        office(
            "docx", {"word/_rels/settings.xml.rels": RELATION.format(kind="attachedTemplate", to="http://x/t.dotm")}
        ),
    ),
    "entities": ("表.xlsx", office("xlsx", {"xl/a.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]>"})),
    "a bomb": ("表.xlsx", office("xlsx", {"xl/media/a.bin": b"\0" * 8 * 1024 * 1024})),
    "a way out": ("表.xlsx", office("xlsx", {"../../etc/passwd": "x"})),
    "a broken archive": ("表.xlsx", office("xlsx")[:-30]),
    "a name that is turned round": ("見積\u202efdp.pdf", PDF),
    "two lines": ("見積\n書.pdf", PDF),
    "a path": ("../見積.pdf", PDF),
    "a path of Windows": ("C:\\見積.pdf", PDF),
    "a hidden file": (".pdf", PDF),
    "dots at the end": ("見積.pdf.", PDF),
    "two dots": ("見積..pdf", PDF),
    "no kind": ("見積", PDF),
    "a long name": ("あ" * 200 + ".pdf", PDF),
}


@pytest.mark.parametrize("what", BAD)
def test_every_other_file_gets_one_sentence(what):
    with pytest.raises(AttachmentError) as refused:
        check_attachment(*BAD[what])
    sentence = refused.value.sentence
    assert (sentence[-1], sentence.isprintable(), len(sentence) < 200) == ("。", True, True)


def test_half_a_file_of_any_kind_never_breaks_the_guard():
    for name, data in GOOD.items():
        for length in range(0, len(data), max(len(data) // 20, 1)):
            try:
                check_attachment(name, data[:length])
            except AttachmentError as refused:
                assert refused.sentence  # noqa: PT017 - some halves are whole files, as of a text


# --- keeping and handing out


@pytest.fixture
def kept(clerk, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return keep_attachment("見積書（2社）.pdf", PDF, by=clerk, today=TODAY, now=NOW)


def test_a_file_is_kept_under_a_name_of_its_own(kept, tmp_path):
    assert [file.name for file in (tmp_path / "attachments").iterdir()] == [kept.stored_as.hex]
    assert (kept.size, kept.sha256, kept.added_by_text) == (
        len(PDF),
        hashlib.sha256(PDF).hexdigest(),
        "企画課 担当 見本 三郎",
    )
    assert content_of(kept) == PDF


@pytest.mark.one_database
def test_the_file_is_handed_out_and_never_shown(kept):
    response = attachment_response(kept)
    assert response.content == PDF
    headers = ("Content-Type", "X-Content-Type-Options", "Content-Security-Policy", "Cache-Control")
    assert [response[name] for name in headers] == [
        "application/pdf",
        "nosniff",
        "default-src 'none'; sandbox",
        "no-store",
    ]
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")


def test_a_kept_file_is_never_changed(kept):
    kept.name = "別の名前.pdf"
    with pytest.raises(ValidationError, match="変えられません"):
        kept.save()
    assert path_of(kept).stat().st_mode & 0o777 == 0o400


@pytest.mark.one_database
def test_a_file_that_is_gone_or_changed_is_not_handed_out(kept):
    path_of(kept).chmod(0o600)
    path_of(kept).write_bytes(PDF + b" ")
    with pytest.raises(Http404):
        attachment_response(kept)
    path_of(kept).unlink()
    with pytest.raises(Http404):
        attachment_response(kept)


def test_a_refused_file_leaves_nothing(clerk, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with pytest.raises(AttachmentError):
        keep_attachment("setup.exe", b"MZ", by=clerk, today=TODAY, now=NOW)
    assert (Attachment.objects.count(), folder().exists()) == (0, False)


def test_a_full_disk_is_told_and_leaves_no_row(clerk, settings, tmp_path):
    (tmp_path / "attachments").write_text("a file where the folder should be")
    settings.DATA_DIR = tmp_path
    with pytest.raises(AttachmentError, match="保存できませんでした"):
        keep_attachment("見積.pdf", PDF, by=clerk, today=TODAY, now=NOW)
    assert Attachment.objects.count() == 0


def test_every_kind_has_a_fixed_type_that_no_browser_runs():
    assert [
        kind.content_type for kind in KINDS.values() if "html" in kind.content_type or "svg" in kind.content_type
    ] == []
