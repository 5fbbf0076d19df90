"""The form to be filled in with Excel: what may be typed where, and that it comes back as it went out."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.conftest import NOW
from townhall.cells import clean_text
from townhall.sheets.reading import read_sheet
from townhall.sheets.workbook import FormColumn, write_form_workbook

WORDS = tuple(f"言葉{number:03}" for number in range(60))
COLUMNS = [
    FormColumn("番号", 8, is_locked=True),
    FormColumn("状況", 12, choices=lambda row: ("試行中", "実施中") if row[0] == "k1" else ("順調", "遅れ")),
    FormColumn("区分", 12, choices=WORDS),
    FormColumn("進捗率（％）", 9, kind="percent"),
    FormColumn("完了予定", 12, kind="date"),
    FormColumn("実績", 50),
    FormColumn("版", 5, is_locked=True, is_hidden=True, kind="number"),
]
ROWS = [
    ["5-3", "遅れ", "言葉007", 61, date(2026, 3, 31), "=1+1\n二行", 4],
    ["k1", None, None, None, None, None, 0],
]
HEADINGS = [column.heading for column in COLUMNS]


def written(title="入力", rows=ROWS, now=NOW):
    return write_form_workbook(title, COLUMNS, rows, instructions=["色のない欄に入力します。"], now=now)


def opened(data):
    return load_workbook(io.BytesIO(data))


def test_form_comes_back_as_it_went_out():
    sheet = read_sheet("x.xlsx", written(), known=HEADINGS, required=("番号", "版"), hidden=("版",))
    assert [line.cells for line in sheet.lines] == [
        ("5-3", "遅れ", "言葉007", 61, "2026-03-31", "=1+1\n二行", 4),
        ("k1", None, None, None, None, None, 0),
    ]
    assert (sheet.title, sheet.warnings) == ("入力", ())


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=40))
def test_any_text_comes_back_as_it_was(text):
    data = written(rows=[["5-3", None, None, None, None, text, 1]])
    cell = read_sheet("x.xlsx", data, known=HEADINGS, required=("番号",), hidden=("版",)).lines[0].cells[5]
    assert (cell or "") == clean_text(text)


def test_only_what_is_to_be_typed_is_open():
    sheet = opened(written())["入力"]
    assert (sheet.protection.sheet, sheet.protection.password) == (True, None)
    assert [cell.protection.locked for cell in sheet[1]] == [True] * 7
    assert [cell.protection.locked for cell in sheet[3]] == [True, False, False, False, False, False, True]
    hidden = [letter for letter, dimension in sheet.column_dimensions.items() if dimension.hidden]
    assert (hidden, sheet.freeze_panes) == (["G"], "A2")
    assert {cell.data_type for cell in sheet["F"]} == {"s", "n"}
    assert [sheet[name].number_format for name in ("A2", "B3", "D2", "E2")] == ["@", "@", "General", "yyyy/m/d"]


def test_what_excel_lets_be_typed():
    book = opened(written())
    rules = {str(rule.sqref): (rule.type, rule.formula1) for rule in book["入力"].data_validations.dataValidation}
    assert rules == {
        "B2": ("list", '"順調,遅れ"'),
        "B3": ("list", '"試行中,実施中"'),
        "C2:C3": ("list", "'選択肢'!$A$1:$A$60"),
        "D2:D3": ("whole", "0"),
        "E2:E3": ("date", "DATE(2000,1,1)"),
    }
    assert (book.sheetnames, book["選択肢"].sheet_state) == (["入力", "使い方", "選択肢"], "hidden")
    assert [cell.value for cell in book["選択肢"]["A"]] == list(WORDS)


@pytest.mark.parametrize("words", [("a,b", "c"), ('"引用"',), (" 前", "後 ")])
def test_words_that_a_short_list_cannot_hold_stand_on_their_own_sheet(words):
    data = write_form_workbook("表", [FormColumn("列", choices=words)], [[None]], instructions=[], now=NOW)
    assert [cell.value for cell in opened(data)["選択肢"]["A"]] == list(words)


def test_form_prints_on_a4():
    sheet = opened(written())["入力"]
    setup = sheet.page_setup
    assert (setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight) == ("landscape", 9, 1, 0)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.print_title_rows) == (True, "$1:$1")


def test_instructions_stand_on_their_own_sheet():
    assert [cell.value for cell in opened(written())["使い方"]["A"]] == ["入力", "色のない欄に入力します。"]


def test_file_says_nothing_about_a_person_and_only_the_given_moment():
    data = written()
    assert data == written()
    assert data != written(now=NOW + timedelta(minutes=1))
    about = opened(data).properties
    moment = NOW.replace(tzinfo=None)
    assert (about.creator, about.lastModifiedBy, about.created, about.modified) == (
        *("DX推進ポータル",) * 2,
        *(moment,) * 2,
    )
    assert opened(written(now=datetime(1970, 1, 1, tzinfo=UTC))).sheetnames[0] == "入力"


@pytest.mark.parametrize(
    ("title", "name"), [("令和8年度/第1四半期", "令和8年度 第1四半期"), ("あ" * 40, "あ" * 31), ("'[]*", "表")]
)
def test_title_that_excel_does_not_take(title, name):
    assert opened(written(title)).sheetnames[0] == name
