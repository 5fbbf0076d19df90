"""Cells from Excel's clipboard: which column is which, whatever was copied."""

import pytest

from schedule.paste import KnownRow, PasteError, cells_of, columns_of, sheet_of
from schedule.report_cells import parse_cell
from townhall.cells import CellError

ROWS = {
    "1-1": KnownRow("ongoing", "知識の習得・意識の醸成", "総務課"),
    "5-3": KnownRow("from", "民間とタイアップした地域DX事業を実施", "企画課"),
    "k1": KnownRow("study", "業務のペーパーレス化", "総務課"),
}


def columns(text, at_column=""):
    return columns_of(cells_of(text), ROWS, at_column=at_column)


def test_quoted_cells_keep_their_line_breaks_and_quotes():
    text = '5-3\t△\t"一行目\n二行目"\t"「""引用""」"\r\n\r\n'
    assert cells_of(text) == [["5-3", "△", "一行目\n二行目", '「"引用"」']]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # by heading, in any order, with the marks of the page and words of their own
        ("No.\t状況 ※必須\t進捗率\t今期の実績\n5-3\t○\t80\t開いた", (["code", "standing", "percent", "text"], True)),
        ("番号\t備考\tやったこと\t状況\n5-3\tx\ty\t○", (["code", "", "", "standing"], True)),
        ("実績\t№\t理由\n開いた\t5-3\t人手", (["text", "code", "reason"], True)),
        # the grid as it stands, without a heading: 内容, 主担当 and 前期 repeat what is known
        (
            "1-1\t知識の習得・意識の醸成\t総務課\t○\t○ 順調\t８０％\t開いた。\t続ける。\t○\n"
            "5-3\t民間とタイアップした…\t企画課\t△\t3 遅れ\t61\t進まない。\t協議する。\t",
            (["code", "", "", "", "standing", "percent", "text", "next_step", "to_committee"], False),
        ),
        # numbers and texts only
        ("5-3\t開いた。\t続ける。\nk1\t試した。\t広げる。", (["code", "text", "next_step"], False)),
        ("５－３\t順調\n検1\t検討中", (["code", "standing"], False)),
    ],
)
def test_columns_are_told_by_heading_or_content(text, expected):
    assert columns(text) == expected


def test_without_row_numbers_the_place_decides():
    assert columns("順調\t80", at_column="standing") == (["standing", "percent"], False)
    sheet = sheet_of([["80"], ["61"]], ["percent"], has_heading=False, codes=["1-1", "5-3", "k1"], at_row="5-3")
    assert [line.cells for line in sheet.lines] == [("5-3", "80"), ("k1", "61")]


def test_cells_are_named_by_line_and_column():
    lines = cells_of("番号\t状況\n5-3\tだめ")
    sheet = sheet_of(lines, ["code", "standing"], has_heading=True, codes=list(ROWS))
    assert sheet.address(sheet.lines[0], "standing") == "2行目の2列目"


@pytest.mark.parametrize(
    "text", ["", " \r\n\t\r\n", "あ" * 500_001, "\n".join(["5-3\t○"] * 501), "\t".join(["x"] * 31)]
)
def test_nothing_or_too_much_is_refused_with_a_sentence(text):
    with pytest.raises(PasteError):
        cells_of(text)


@pytest.mark.parametrize(
    ("name", "cell", "kind", "expected"),
    [
        ("standing", "○", "from", "on_track"),
        ("standing", "計画どおり", "from", "on_track"),
        ("standing", "1 順調", "from", "on_track"),
        ("standing", "２", "from", "slightly_late"),
        ("standing", "△ やや遅れ", "from", "slightly_late"),
        ("standing", "済", "from", "done"),
        ("standing", "試行中", "study", "trying"),
        ("percent", "８０", "from", 80),
        ("percent", "80％", "from", 80),
        ("completes_on", "R9.3.31", "from", "2027-03-31"),
        ("to_committee", "諮る", "from", True),
    ],
)
def test_what_people_write_is_understood(name, cell, kind, expected):
    assert str(parse_cell(name, cell, kind)) == str(expected)


@pytest.mark.parametrize(
    ("name", "cell", "kind"),
    [
        ("standing", "順調", "study"),
        ("standing", "まあまあ", "from"),
        ("percent", "約8割", "from"),
        ("percent", "0.8", "from"),
    ],
)
def test_what_cannot_be_read_is_said(name, cell, kind):
    with pytest.raises(CellError):
        parse_cell(name, cell, kind)
