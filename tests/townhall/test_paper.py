"""Documents: what is said stays as it is, whatever is in it, and the same paper gives the same file."""

import hashlib
from dataclasses import replace
from datetime import date
from io import BytesIO

import openpyxl
import pypdf
import pytest

from townhall.paper import glyphs, pdf
from townhall.paper.changes import ADDED, CHANGED, MOVED, REMOVED, Difference, compare_papers
from townhall.paper.content import (
    Agenda,
    Blank,
    Column,
    Cover,
    Entry,
    Line,
    Pair,
    Pairs,
    Paper,
    Section,
    Table,
    Text,
    as_json,
    from_json,
    mark_of,
)
from townhall.paper.pdf import PaperError, make_pdf
from townhall.paper.workbook import make_workbook

HOSTILE = '#import "x": * $x^2$ *太字* _斜体_ <名> `等幅` // 注 \\ ~ @鍵 = 見出し #panic("終") [角] {波}'
NAMES = "髙﨑①㈱𠮷〜～―−…Ⅲ㎡㈲℡ 渡邉 齋藤 德永 神（ネ申）"


def paper(*blocks, **values) -> Paper:
    section = Section("item", "書かない窓口", blocks, number="資料1", over="議題1（審査）")
    facts = (Pair("day", "日時", "令和8年12月4日"),)
    cover = Cover(("情報化推進委員会", "第2回 会議資料"), facts, "大多喜町")
    known = {"title": "第2回 会議資料", "running": "第2回", "as_of": date(2026, 11, 24), "cover": cover}
    return Paper(**(known | {"sections": (section,)} | values))


def every_block(text: str = "文です。") -> Paper:
    return paper(
        Text("text", text, label="説明"),
        Pairs("pairs", (Pair("a", "状況", text), Pair("b", "理由", ""))),
        Table("table", (Column("番号"), Column("件", align="right")), (Line("1", (text, "4,300")),), label="表"),
        Table("none", (Column("番号"),), (), label="空の表", empty="ありません。"),
        Agenda("agenda", (Entry("1", "1", text, "企画課", "資料1"),)),
        Blank("blank", "決定（記入欄）"),
    )


def read(data: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(data))


def words(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in read(data).pages)


def in_one(text: str) -> str:
    """Where a line ends, and a break that was only allowed, say nothing about the words."""
    return "".join(text.replace("\u200b", "").split())


# --- the fonts


def test_fonts_are_those_that_were_reviewed():
    sums = dict(reversed(line.split()) for line in (glyphs.FONTS / "SHA256SUMS").read_text().splitlines())
    found = {font.name: hashlib.sha256(font.read_bytes()).hexdigest() for font in glyphs.FONTS.glob("*.ttf")}
    assert found == sums
    assert {"OFL-BIZUDPGothic.txt", "OFL-NotoSansJP.txt"} <= {file.name for file in glyphs.FONTS.iterdir()}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (NAMES, NAMES),
        ("○△×－？✓〓\n二行", "○△×－？✓〓\n二行"),
        ("😀と﷽", "〓と〓"),
        ("葛\U000e0100城", "葛城"),  # the fonts have one form of it
        ("右\u202eから\u200bも", "右からも"),
        ("a\tb\u205fc", "a b c"),
        ("\ufffd", "〓"),
    ],
)
def test_what_no_font_has_is_printed_as_geta(text, shown):
    assert glyphs.printable(text) == shown


# --- JSON


def test_a_paper_comes_back_from_its_json_as_it_was():
    said = every_block()
    assert from_json(as_json(said)) == said
    assert mark_of(as_json(said)) == mark_of(as_json(from_json(as_json(said))))


def test_an_older_paper_is_read_with_what_it_did_not_know():
    older = as_json(every_block()).replace('"is_listed":true,', "").replace('"running"', '"gone":1,"running"')
    assert from_json(older) == every_block()


# --- PDF


def test_pdf_is_tagged_and_says_what_it_is():
    document = read(make_pdf(every_block()))
    root = document.trailer["/Root"]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"][:2]) == (True, "ja")
    assert document.metadata["/Title"] == "第2回 会議資料"
    assert document.metadata["/CreationDate"].startswith("D:20261124")
    assert document.xmp_metadata.rdf_root is not None
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert [each["/Title"] for each in document.outline if isinstance(each, dict)] == ["書かない窓口"]


def test_every_page_says_its_day_edition_and_number():
    long = replace(every_block("文です。" * 900), edition="第2版")
    pages = [page.extract_text() for page in read(make_pdf(long)).pages]
    assert len(pages) > 2
    assert [n for n, page in enumerate(pages) if "令和8年11月24日現在" not in page or "第2版" not in page] == []
    assert [n for n, page in enumerate(pages, 1) if in_one(f"{n} / {len(pages)}") not in in_one(page)] == []


def test_whatever_was_typed_stands_in_the_pdf_as_it_was_typed():
    typed = [HOSTILE, NAMES, "長い名前" * 60, "A" * 400, "\n\n", "あ\x01い\x07", "😀﷽", "文。" * 5000]
    said = from_json(as_json(paper(*(Text(str(number), text) for number, text in enumerate(typed)))))
    printed = in_one(words(make_pdf(said)))
    wanted = [in_one(glyphs.printable(block.text)) for block in said.sections[0].blocks]
    assert [text for text in wanted[:-1] if text not in printed] == []
    assert printed.count("文。") == 5000  # over several pages


def test_the_same_paper_gives_the_same_bytes():
    said = every_block(NAMES)
    assert make_pdf(said) == make_pdf(from_json(as_json(said)))
    assert make_workbook(said) == make_workbook(from_json(as_json(said)))


def test_a_paper_without_cover_or_with_an_empty_section_is_made():
    assert "書かない窓口" in words(make_pdf(paper(cover=None)))
    assert len(read(make_pdf(paper())).pages) == 2


def test_a_process_that_fails_costs_the_pdf_only(monkeypatch, caplog):
    monkeypatch.setattr(pdf, "COMMAND", [*pdf.COMMAND[:-1], "townhall.paper.nothing_here"])
    with pytest.raises(PaperError):
        make_pdf(every_block())
    assert "a paper was not typeset (1)" in caplog.text


# --- workbook


def test_workbook_has_a_sheet_for_each_section_and_numbers_that_count():
    book = openpyxl.load_workbook(BytesIO(make_workbook(every_block("=1+1"))))
    assert book.sheetnames == ["表紙", "資料1 書かない窓口"]
    cells = [cell for row in book["資料1 書かない窓口"].iter_rows() for cell in row if cell.value is not None]
    assert [(cell.data_type, cell.quotePrefix) for cell in cells if cell.value == "=1+1"] == [("s", True)] * 3
    assert 4300 in [cell.value for cell in cells]


def test_sheets_of_the_same_name_are_told_apart():
    twins = tuple(Section(str(n), "あ" * 40, ()) for n in range(3))
    names = openpyxl.load_workbook(BytesIO(make_workbook(paper(sections=twins)))).sheetnames
    assert names == ["表紙", "あ" * 31, "あ" * 28 + "（2）", "あ" * 28 + "（3）"]


# --- what changed


def test_the_same_paper_has_no_differences_whatever_its_day():
    assert compare_papers(every_block(), replace(every_block(), as_of=date(2026, 12, 1), edition="第2版")) == ()


def test_every_kind_of_difference_is_said_with_its_place():
    old = paper(
        Pairs("pairs", (Pair("a", "状況", "順調"), Pair("b", "理由", "なし"))),
        Table("t", (Column("番号"), Column("件数")), (Line("1", ("5-1", "3")), Line("2", ("5-2", "4")))),
        Agenda("agenda", (Entry("x", "1", "議題あ"), Entry("y", "2", "議題い"))),
        Text("note", "前の文"),
    )
    new = paper(
        Pairs("pairs", (Pair("a", "状況", "遅れ"), Pair("c", "予定", "続ける"))),
        Table("t", (Column("番号"), Column("件数")), (Line("1", ("5-1", "9")), Line("3", ("5-3", "1")))),
        Agenda("agenda", (Entry("y", "1", "議題い"), Entry("z", "2", "議題う"))),
        Text("other", "新しい文", label="補足"),
    )
    gone = Section("gone", "参考", ())
    name = "資料1　書かない窓口"
    assert compare_papers(replace(old, sections=(*old.sections, gone)), new) == (
        Difference(name, "状況", CHANGED, "順調", "遅れ"),
        Difference(name, "予定", ADDED, after="続ける"),
        Difference(name, "理由", REMOVED, before="なし"),
        Difference(name, "5-1・件数", CHANGED, "3", "9"),
        Difference(name, "5-3", ADDED, after="5-3 1"),
        Difference(name, "5-2", REMOVED, before="5-2 4"),
        Difference(name, "議題い", MOVED, "2", "1"),
        Difference(name, "議題う", ADDED),
        Difference(name, "議題あ", REMOVED),
        Difference(name, "補足", ADDED, after="新しい文"),
        Difference(name, "本文", REMOVED, before="前の文"),
        Difference("参考", "", REMOVED),
    )
