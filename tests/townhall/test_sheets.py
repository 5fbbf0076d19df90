"""Files in and out, without any model: hostile files get a sentence quickly, and what is written is read back as it was."""

import io
import json
import zipfile
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from townhall.cells import clean_text
from townhall.sheets.guard import BROKEN, MACROS, NOT_A_WORKBOOK, SheetError
from townhall.sheets.reading import Line, Sheet, read_sheet
from townhall.sheets.writing import write_csv, write_xlsx

HEADINGS = ("番号", "状況", "進捗率（％）")


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
HEADS = "<row>" + "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in HEADINGS) + "</row>"
HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>番号</t></is></c></row>'


def csv_of(*lines, encoding="utf-8"):
    return "\r\n".join(lines).encode(encoding)


# --- what is refused, with which sentence


@cache
def refusals():
    zeros = b"<worksheet>" + b" " * 60_000_000
    billion = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    many = "".join(f'<row r="{n}"><c r="A{n}" t="str"><v>{n}</v></c></row>' for n in range(2, 503))
    tiny = "<row><c><v>1</v></c></row>" * 300_000
    deep = "<a>" * 200_000 + "</a>" * 200_000
    even = '<row><c t="inlineStr"><is><t>' + "あ" * 400_000 + "</t></is></c></row>"
    repeated = ("<row>" + '<c t="s"><v>0</v></c>' * 3 + "</row>") * 40
    infinite = '<row r="2"><c r="A2"><v>1e999</v></c></row>'
    long = "<row><c/><c t='str'><v>" + "".join(f"{n:x}" for n in range(12_000)) + "</v></c></row>"
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
        "far_cell": ("x.xlsx", repacked(GOOD, {PART: sheet_xml(HEAD + far)}), "2,000行を超えています"),
        "too_many_rows": ("x.xlsx", repacked(GOOD, {PART: sheet_xml(HEAD + many)}), "行が多すぎます（500行まで）"),
        "far_column": (
            "x.xlsx",
            repacked(GOOD, {PART: sheet_xml(HEAD + '<row r="2"><c r="XFD2"><v>1</v></c></row>')}),
            "見出しのない列に値があります（「表」!XFD2）",
        ),
        "tiny_rows": ("x.xlsx", repacked(GOOD, {PART: sheet_xml(HEAD + tiny)}), "中身が大きすぎます"),
        "empty_rows": ("x.xlsx", repacked(GOOD, {PART: sheet_xml(HEAD + "<row/>" * 3_000)}), "2,000行を超えています"),
        "rows_backwards": ("x.xlsx", repacked(GOOD, {PART: sheet_xml(HEAD + '<row r="3"/><row r="2"/>')}), BROKEN),
        "deep": ("x.xlsx", repacked(GOOD, {PART: sheet_xml(HEAD, after=deep)}), "中身が大きすぎます"),
        "very_even": ("x.xlsx", repacked(GOOD, {PART: sheet_xml(HEAD + even)}), "中身が大きすぎます"),
        "one_string_everywhere": (
            "x.xlsx",
            repacked(GOOD, {PART: sheet_xml(HEADS + repeated), **strings("".join(map(chr, range(0x4E00, 0x9C20))))}),
            "表の文字が多すぎます（合わせて2,000,000文字まで）",
        ),
        "long_text": (
            "x.xlsx",
            repacked(GOOD, {PART: sheet_xml(HEADS + long)}),
            "「表」!B2 の文字が長すぎます（32,767",
        ),
        "infinite": ("x.xlsx", repacked(GOOD, {PART: sheet_xml(HEAD + infinite)}), "「表」!A2 の数は大きすぎて"),
        "macros": ("x.xlsx", repacked(GOOD, {"xl/vbaProject.bin": b"x"}), MACROS),
        "macros_by_name": ("x.xlsm", GOOD, MACROS),
        "part_outside": ("x.xlsx", repacked(GOOD, {"../../etc/x.xml": b"<x/>"}), BROKEN),
        "part_from_the_root": ("x.xlsx", repacked(GOOD, {"/etc/x.xml": b"<x/>"}), BROKEN),
        "part_with_backslash": ("x.xlsx", repacked(GOOD, {"xl\\..\\x.xml": b"<x/>"}), BROKEN),
        "part_twice": ("x.xlsx", doubled(GOOD), BROKEN),
        "part_locked": ("x.xlsx", locked(GOOD), "パスワードを外し"),
        "other_packing": ("x.xlsx", zip_of(parts_of(GOOD), packing=zipfile.ZIP_LZMA), BROKEN),
        "xml_in_utf16": ("x.xlsx", repacked(GOOD, {PART: sheet_xml(HEAD).encode("utf-16")}), BROKEN),
        "xml_in_ebcdic": (
            "x.xlsx",
            repacked(GOOD, {PART: b'<?xml version="1.0" encoding="cp037"?>' + sheet_xml("").encode("cp037")}),
            BROKEN,
        ),
        "not_xml": ("x.xlsx", repacked(GOOD, {PART: b"\xff\xfe\0<"}), BROKEN),
        "no_sheet_part": ("x.xlsx", repacked(GOOD, {"xl/_rels/workbook.xml.rels": b"<x/>"}), BROKEN),
        "bad_string_number": (
            "x.xlsx",
            repacked(GOOD, {PART: sheet_xml('<row r="1"><c r="A1" t="s"><v>99999</v></c></row>')}),
            BROKEN,
        ),
        "bad_reference": ("x.xlsx", repacked(GOOD, {PART: sheet_xml('<row r="x"><c r="ÄÖ"/></row>')}), BROKEN),
        "wide": ("x.xlsx", book(["番号", *[f"列{n}" for n in range(150)]]), "列が多すぎます（100列まで）"),
        "wrong_headings": (
            "x.xlsx",
            book(["名前", "率"], ["a", 1]),
            "「表」シートの B1 の見出し「率」は、知らない列です。",
        ),
        "missing_heading": ("x.xlsx", book(["状況"], ["遅れ"]), "列「番号」が見つかりません。1行目が見出しか"),
        "semicolons": ("x.csv", csv_of("番号;状況", "5-3;遅れ"), "列がセミコロン（;）で区切られているようです。"),
        "no_headings": ("x.xlsx", book(), "列「番号」が見つかりません"),
        "same_heading_twice": (
            "x.csv",
            csv_of("番号,番 号", "1,2"),
            "同じ名前の列「番号」が二つ以上あります（A1、B1）。",
        ),
        "value_beyond": ("x.xlsx", book(["番号"], ["5-3", None, "メモ"]), "見出しのない列に値があります（「表」!C2）"),
        "merged": (
            "x.xlsx",
            book(HEADINGS, ["5-3", "遅れ"], change=lambda s: s.merge_cells("A2:A3")),
            "結合されたセル（A2:A3）",
        ),
        "formula": ("x.xlsx", book(HEADINGS, ["5-3", "遅れ", "=1+1"]), "「表」!C2 は式で、計算した値が入っていません"),
        "excel_error": (
            "x.xlsx",
            book(HEADINGS, ["5-3", "#REF!"], change=lambda s: setattr(s["B2"], "data_type", "e")),
            "「表」!B2 はExcelの誤り（#REF!）",
        ),
        "csv_with_nul": ("x.csv", b"a\0b", "文字の表ではないデータが入っています（2バイト目）"),
        "utf16": ("x.csv", "番号".encode("utf-16"), "UTF-16"),
        "unknown_bytes": ("x.csv", b"\xe7\x95\xaa\xff\xff\x80", "文字コードを読み取れません"),
        "open_quote": ("x.csv", csv_of("番号", '"5-3'), "2行目がCSVとして読めません"),
        "long_cell": ("x.csv", csv_of("番号", "あ" * 200_000), "A2 の文字が長すぎます（32,767文字まで）"),
        "csv_300k_rows": ("x.csv", csv_of("番号", *["1"] * 300_000), "行が多すぎます（500行まで）"),
        "csv_300k_blank": ("x.csv", csv_of("番号", *[","] * 300_000), "2,000行を超えています"),
        "csv_wide": ("x.csv", csv_of(",".join(f"h{n}" for n in range(5000))), "列が多すぎます"),
    }


def zip_of(parts, packing=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def parts_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        return {name: made.read(name) for name in made.namelist()}


def doubled(data):
    """The sheet a second time under the same name: which of the two is meant?"""
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as made, pytest.warns(UserWarning, match="Duplicate name"):
        made.writestr(PART, sheet_xml(HEAD))
    return out.getvalue()


def locked(data):
    """The directory says of the first part that it needs a password."""
    place = data.index(b"PK\x01\x02") + 8
    return data[:place] + bytes([data[place] | 1]) + data[place + 1 :]


def strings(*texts):
    """The parts of a workbook whose cells share their strings, as Excel writes it."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    types = parts_of(GOOD)["[Content_Types].xml"].decode()
    told = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    return {
        "[Content_Types].xml": types.replace("</Types>", told),
        "xl/sharedStrings.xml": f"<sst {space}>{''.join(f'<si><t>{text}</t></si>' for text in texts)}</sst>",
    }


@pytest.mark.parametrize("case", sorted(refusals()))
def test_hostile_file_gets_a_sentence(case):
    name, data, sentence = refusals()[case]
    said = said_about(name, data)
    assert sentence in said
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
    assert sheet.warnings == ("表示されていない行（2行目）も取り込みます。",)


def test_everything_that_is_wrong_is_said_at_once():
    def spoil(sheet):
        sheet.merge_cells("A4:A5")
        sheet["B2"].data_type = "e"

    rows = [["番号", "状況", "進捗率（％）", None], ["5-1", "#N/A", "=1"], ["5-2", None, 1, "メモ"], ["5-3"]]
    with pytest.raises(SheetError) as refused:
        read("x.xlsx", book(*rows, change=spoil, title="入力"))
    assert refused.value.sentences == (
        "結合されたセル（A4:A5）があります。結合を解除してください。",
        "「入力」!B2 はExcelの誤り（#N/A）です。直してから取り込んでください。",
        "「入力」!C2 は式で、計算した値が入っていません。Excelで開いて保存し直すか、値として貼り付けてください。",
        "見出しのない列に値があります（「入力」!D3）。",
    )


def test_only_the_first_twenty_of_many_errors_are_spelled_out():
    with pytest.raises(SheetError) as refused:
        read("x.xlsx", book(HEADINGS, *[[f"{n}", "=1"] for n in range(30)]))
    assert (len(refused.value.sentences), refused.value.sentences[-1]) == (21, "ほかに10か所あります。")


def test_merged_cells_beside_the_table_do_not_matter():
    data = book(HEADINGS, ["5-3"], change=lambda s: (s.merge_cells("A9:B9"), s.merge_cells("F1:G2")))
    assert read("x.xlsx", data).lines == (Line(2, ("5-3", None, None)),)


def test_cells_can_be_named():
    sheet = read("x.xlsx", book(["番号", None, "状況"], [], ["5-3", None, "遅れ"], title="入力"))
    assert (sheet.columns, sheet.values(sheet.lines[0])) == (("A", "C"), {"番号": "5-3", "状況": "遅れ"})
    assert sheet.address(sheet.lines[0], "状況") == "「入力」!C3"
    assert sheet.address(3, "進捗率（％）") == "「入力」の3行目"
    assert read("x.csv", csv_of("番号,状況", "5-3,遅れ")).address(2, "状況") == "B2"
    assert Sheet.from_json(json.loads(json.dumps(sheet.as_json()))) == sheet


def with_sheets(*sheets):
    """Each sheet as (title, state, rows)."""
    made = Workbook()
    made.remove(made.active)
    for title, state, rows in sheets:
        sheet = made.create_sheet(title)
        sheet.sheet_state = state
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


TABLE = (HEADINGS, ["5-3", "遅れ", 61])


def test_hidden_parts_are_named():
    data = with_sheets(
        ("使い方", "visible", [["読みかた"]]),
        ("入力", "visible", TABLE),
        ("控え", "hidden", TABLE),
        ("空", "hidden", []),
        ("選択肢", "hidden", [["順調"]]),
    )
    opened = load_workbook(io.BytesIO(data))
    for letter in "BC":
        opened["入力"].column_dimensions[letter].hidden = True
    file = io.BytesIO()
    opened.save(file)
    sheet = read_sheet("x.xlsx", file.getvalue(), known=HEADINGS, required=("番号",), hidden=("進捗率（％）",))
    assert sheet.warnings == (
        "表示されていないシート「控え」は取り込みません。",
        "表示されていない列「状況」（B列）も取り込みます。",
    )


def test_two_sheets_that_fit_are_not_guessed_between():
    said = said_about("x.xlsx", with_sheets(("入力", "visible", TABLE), ("入力 (2)", "visible", TABLE)))
    assert said == "同じ見出しのシートが二つ以上あります（「入力」「入力 (2)」）。取り込む一つだけを残してください。"


def test_only_fitting_sheet_is_hidden():
    data = with_sheets(("使い方", "visible", [["読みかた"]]), ("入力", "hidden", TABLE))
    assert read("x.xlsx", data).warnings == ("表示されていないシート「入力」から取り込みます。",)


def test_percent_sign_that_is_only_painted():
    data = book(HEADINGS, ["5-3", "遅れ", 80], change=lambda s: setattr(s["C2"], "number_format", '0"%"'))
    assert read("x.xlsx", data).lines[0].cells[2] == 80


def test_mixed_encodings_name_the_byte_where_reading_ends():
    utf8, cp932 = "番号,状況\r\n5-1,順調\r\n".encode(), "5-3,遅れ".encode("cp932")
    position = len(utf8) + len("5-3,") + 1
    assert f"文字コードを読み取れません（{position}バイト目）" in said_about("x.csv", utf8 + cp932)


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
