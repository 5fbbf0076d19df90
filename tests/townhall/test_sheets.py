"""Files in and out, without any model: hostile files get a sentence quickly, and what is written is read back as it was."""

import io
import time
import zipfile
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from townhall.cells import clean_text
from townhall.sheets.guard import BROKEN, NOT_A_WORKBOOK, SheetError
from townhall.sheets.reading import Line, read_sheet
from townhall.sheets.writing import write_csv, write_xlsx

HEADINGS = ("番号", "状況", "進捗率（％）")
QUICK = 4.0  # seconds of this process; a bomb that works takes a minute


def read(name, data, *, required=("番号",)):
    return read_sheet(name, data, known=HEADINGS, required=required)


def book(*rows, change=None, title="表"):
    """A workbook as a person would make it in Excel."""
    made = Workbook()
    sheet = made.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    if change:
        change(sheet)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def repacked(data, parts):
    """The same workbook with some parts replaced (bytes) or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.pop(name, old.read(name)))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def sheet_xml(rows, before="", after=""):
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return f'<?xml version="1.0"?><worksheet {space}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


GOOD = book(HEADINGS, ["5-3", "遅れ", 61])
PART = "xl/worksheets/sheet1.xml"
HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>番号</t></is></c></row>'


def csv_of(*lines, encoding="utf-8"):
    return "\r\n".join(lines).encode(encoding)


# --- what is refused, with which sentence


@cache
def refusals():
    zeros = b"<worksheet>" + b" " * 60_000_000
    billion = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    many = "".join(f'<row r="{n}"><c r="A{n}" t="str"><v>{n}</v></c></row>' for n in range(2, 5003))
    tiny = "".join("<row><c><v>1</v></c></row>" for _ in range(300_000))
    empty_rows = "<row/>" * 300_000
    deep = "<a>" * 200_000 + "</a>" * 200_000
    mark = GOOD.index(b"PK\x01\x02")  # the directory at the end
    return {
        "empty": ("x.csv", b"", "ファイルが空です"),
        "empty_xlsx": ("x.xlsx", b"", "ファイルが空です"),
        "too_big": ("x.csv", b"a" * (5 * 1024 * 1024 + 1), "ファイルが大きすぎます（5MBまで）"),
        "old_excel": ("x.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, ".xlsx と .csv"),
        "password": ("x.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "パスワードを外し"),
        "no_extension": ("x", GOOD, ".xlsx と .csv"),
        "program": ("x.xlsx.exe", GOOD, ".xlsx と .csv"),
        "not_a_zip": ("x.xlsx", b"\x89PNG\r\n", NOT_A_WORKBOOK),
        "csv_named_xlsx": ("x.xlsx", csv_of("番号"), NOT_A_WORKBOOK),
        "xlsx_named_csv": ("x.csv", GOOD, "中身はExcelブックです"),
        "truncated": ("x.xlsx", GOOD[:900], BROKEN),
        "no_directory": ("x.xlsx", GOOD[:mark], BROKEN),
        "flipped": ("x.xlsx", GOOD[:60] + bytes(40) + GOOD[100:], BROKEN),
        "other_zip": ("x.xlsx", zip_of({"a.txt": b"x"}), NOT_A_WORKBOOK),
        "many_parts": ("x.xlsx", repacked(GOOD, {f"x{n}": b"" for n in range(250)}), "部品が多すぎます"),
        "zip_bomb": ("x.xlsx", repacked(GOOD, {"xl/media/x.bin": zeros}), "中身が大きすぎます"),
        "sheet_bomb": ("x.xlsx", repacked(GOOD, {PART: zeros}), "中身が大きすぎます"),
        "entities": ("x.xlsx", repacked(GOOD, {PART: billion + sheet_xml(HEAD)}), NOT_A_WORKBOOK),
        "far_cell": ("x.xlsx", repacked(GOOD, {PART: sheet_xml(HEAD + far)}), "6,000行を超えています"),
        "too_many_rows": ("x.xlsx", repacked(GOOD, {PART: sheet_xml(HEAD + many)}), "行が多すぎます（5,000行まで）"),
        "tiny_rows": ("x.xlsx", repacked(GOOD, {PART: sheet_xml(HEAD + tiny)}), "6,000行を超えています"),
        "empty_rows": ("x.xlsx", repacked(GOOD, {PART: sheet_xml(HEAD + empty_rows)}), "6,000行を超えています"),
        "deep": ("x.xlsx", repacked(GOOD, {PART: sheet_xml(HEAD, after=deep)}), None),
        "not_xml": ("x.xlsx", repacked(GOOD, {PART: b"\xff\xfe\0<"}), BROKEN),
        "no_sheet_part": ("x.xlsx", repacked(GOOD, {"xl/_rels/workbook.xml.rels": b"<x/>"}), BROKEN),
        "bad_string_number": (
            "x.xlsx",
            repacked(GOOD, {PART: sheet_xml('<row r="1"><c r="A1" t="s"><v>99999</v></c></row>')}),
            BROKEN,
        ),
        "bad_reference": ("x.xlsx", repacked(GOOD, {PART: sheet_xml('<row r="x"><c r="ÄÖ"/></row>')}), BROKEN),
        "wide": ("x.xlsx", book(["番号", *[f"列{n}" for n in range(150)]]), "列が多すぎます（100列まで）"),
        "wrong_headings": ("x.xlsx", book(["名前", "率"], ["a", 1]), "知らない列「名前」「率」があります"),
        "missing_heading": ("x.xlsx", book(["状況"], ["遅れ"]), "列「番号」が見つかりません。1行目が見出しか"),
        "no_headings": ("x.xlsx", book(), "列「番号」が見つかりません"),
        "same_heading_twice": ("x.csv", csv_of("番号,番 号", "1,2"), "同じ名前の列「番号」が二つ以上"),
        "value_beyond": ("x.xlsx", book(["番号"], ["5-3", None, "メモ"]), "見出しのない列に値があります（C2）"),
        "merged": (
            "x.xlsx",
            book(HEADINGS, ["5-3", "遅れ"], change=lambda s: s.merge_cells("A2:A3")),
            "結合されたセル（A2:A3）",
        ),
        "formula": ("x.xlsx", book(HEADINGS, ["5-3", "遅れ", "=1+1"]), "C2 は式で、計算した値が入っていません"),
        "excel_error": (
            "x.xlsx",
            book(HEADINGS, ["5-3", "#REF!"], change=lambda s: setattr(s["B2"], "data_type", "e")),
            "B2 はExcelの誤り（#REF!）",
        ),
        "csv_with_nul": ("x.csv", b"a\0b", "文字の表ではない"),
        "utf16": ("x.csv", "番号".encode("utf-16"), "UTF-16"),
        "unknown_bytes": ("x.csv", b"\xe7\x95\xaa\xff\xff\x80", "文字コードを読み取れません"),
        "open_quote": ("x.csv", csv_of("番号", '"5-3'), "2行目がCSVとして読めません"),
        "long_cell": ("x.csv", csv_of("番号", "あ" * 200_000), "CSVとして読めません"),
        "csv_300k_rows": ("x.csv", csv_of("番号", *["1"] * 300_000), "行が多すぎます（5,000行まで）"),
        "csv_300k_blank": ("x.csv", csv_of("番号", *[","] * 300_000), "行が多すぎます"),
        "csv_wide": ("x.csv", csv_of(",".join(f"h{n}" for n in range(5000))), "列が多すぎます"),
    }


def zip_of(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("case", sorted(refusals()))
def test_hostile_file_gets_a_sentence_quickly(case):
    name, data, sentence = refusals()[case]
    started = time.process_time()
    said = said_about(name, data)
    assert time.process_time() - started < QUICK
    assert (sentence or "読めました。") in said
    assert said.endswith("。")


def said_about(name, data):
    try:
        read(name, data)
    except SheetError as error:
        return str(error)
    return "読めました。"


def test_directory_of_the_archive_damaged_anywhere_is_said():
    """The last 22 bytes say where everything lies; wrong ones send the zip library before the start of the file."""
    for cut in range(len(GOOD) - 22, len(GOOD)):
        for junk in (b"\x00\x11", b"\xff\xff", b"\x00"):
            assert said_about("x.xlsx", GOOD[:cut] + junk + GOOD[cut + len(junk) :]).endswith("。")


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, len(GOOD)), junk=st.binary(max_size=40))
def test_damaged_workbook_never_escapes_as_another_exception(cut, junk):
    assert said_about("x.xlsx", GOOD[:cut] + junk + GOOD[cut + len(junk) :]).endswith("。")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_named_csv_are_a_table_or_a_sentence(data):
    assert said_about("x.csv", data).endswith("。")


# --- what is read


@pytest.mark.parametrize(
    "data",
    [
        csv_of("番号,状況", "5-3,遅れ"),
        csv_of("番号,状況", "5-3,遅れ", encoding="utf-8-sig"),
        csv_of("番号,状況", "5-3,遅れ", encoding="cp932"),
        csv_of("番　号 ,状　況,", "5-3,遅れ,"),
        b"\r\n".join([csv_of("番号,状況"), b"", b",", csv_of('5-3,"遅れ"'), b""]),
    ],
)
def test_csv_as_offices_save_it(data):
    sheet = read("進捗.CSV", data)
    assert (sheet.headers, [line.cells for line in sheet.lines]) == (("番号", "状況"), [("5-3", "遅れ")])


def test_lines_keep_the_numbers_that_the_spreadsheet_shows():
    data = csv_of("番号,状況", '5-1,"一\r\n二"', "", "5-3,遅れ")
    assert read("x.csv", data).lines == (Line(2, ("5-1", "一\n二")), Line(5, ("5-3", "遅れ")))
    rows = book(["番号", "状況"], ["5-1", "順調"], [], ["5-3", "遅れ"])
    assert read("x.xlsx", rows).lines == (Line(2, ("5-1", "順調")), Line(4, ("5-3", "遅れ")))


def test_workbook_cells_as_excel_keeps_them():
    def style(sheet):
        sheet["C2"].number_format = "0%"
        sheet["A3"].number_format = "yyyy/m/d"

    data = book(HEADINGS, ["5-3", "遅れ", 0.825], [46145, "順調", 61], ["0-1", True, 0.5], change=style)
    assert [line.cells for line in read("x.xlsx", data).lines] == [
        ("5-3", "遅れ", "82.5%"),
        ("2026-05-03", "順調", 61),
        ("0-1", True, 0.5),
    ]


def test_value_that_excel_calculated_is_read():
    cell = '<row r="2"><c r="A2" t="str"><f>"5-"&amp;3</f><v>5-3</v></c></row>'
    data = repacked(GOOD, {PART: sheet_xml(HEAD + cell)})
    assert read("x.xlsx", data).lines == (Line(2, ("5-3",)),)


def test_sheet_is_found_by_its_headings_and_hidden_lines_are_mentioned():
    made = Workbook()
    made.active.append(["読みかた"])
    second = made.create_sheet("データ")
    for line in (HEADINGS, ["5-3", "遅れ", 61]):
        second.append(line)
    second.row_dimensions[2].hidden = True
    file = io.BytesIO()
    made.save(file)
    sheet = read("x.xlsx", file.getvalue())
    assert sheet.lines == (Line(2, ("5-3", "遅れ", 61)),)
    assert sheet.warnings == ("表示されていない行も取り込みます。",)


# --- what is written

DANGEROUS = [
    "=1+1",
    "+1",
    "-1+1",
    "@x",
    "\t=1",
    "＝1",
    "'=1",
    "''x",
    '=HYPERLINK("http://x")',
    "-",
    "-5",
    "△5",
    "1-1",
    "0123",
]


@pytest.mark.parametrize(
    "text", [*DANGEROUS, "二行\n目", " 前後 ", "𠮷髙﨑", "a\x0bb\x00c\ufffe", "_x0041_", "true", "1e5", "2026-01-01"]
)
def test_text_comes_back_as_it_was(text):
    for name, data in (
        ("x.xlsx", write_xlsx("表", HEADINGS, [["5-3", text, 61]])),
        ("x.csv", write_csv(HEADINGS, [["5-3", text, 61]])),
    ):
        assert read(name, data).lines[0].cells[1] == clean_text(text)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=60))
def test_any_text_comes_back_as_it_was(text):
    expected = clean_text(text)
    for name, data in (
        ("x.xlsx", write_xlsx("表", HEADINGS, [["5-3", text, None]])),
        ("x.csv", write_csv(HEADINGS, [["5-3", text, None]])),
    ):
        assert read(name, data).lines[0].cells[1] in (expected, None if expected == "" else expected)


def test_no_text_is_a_formula_in_excel():
    sheet = load_workbook(io.BytesIO(write_xlsx("表", ["=見出し"], [[text] for text in DANGEROUS]))).active
    cells = [row[0] for row in sheet.iter_rows()]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)


def test_csv_opens_in_excel_in_japan():
    data = write_csv(["番号", "文"], [["5-3", "=1\n2"], ["k1", None]])
    assert data == '\ufeff番号,文\r\n5-3,"\'=1\n2"\r\nk1,\r\n'.encode()
