import re
from decimal import Decimal
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from townhall.cells import (
    CellError,
    ParsedNumber,
    clean_text,
    decode_text,
    fold,
    has_disguised_digit,
    missing_in_cp932,
    parse_number,
    parse_percent,
    quote_formula,
    quoted,
    split_code,
    unquote_formula,
)

any_text = st.text(st.characters(exclude_categories=()), max_size=30)
# Text made of what numbers are made of comes much nearer to being one than any text does.
number_like = st.text(st.sampled_from("0123456789０５①²٣,，.．△▲-−+ %％千円m㎡()（）約_eE人・/"), max_size=12)
unhurried = settings(deadline=None)  # tests share their machine


# --- numbers


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("１２，３４５", 12345),
        ("1,649,502", 1649502),
        ("△1,234", -1234),
        ("▲1,234", -1234),
        ("−5", -5),
        ("－５", -5),
        ("‐5", -5),
        ("-5", -5),
        ("+5", 5),
        ("△ 5", -5),
        ("0", 0),
        ("０", 0),
        ("007", 7),
        ("12.5", Decimal("12.5")),
        ("１２．５", Decimal("12.5")),
        ("1,234.50", Decimal("1234.5")),
        ("　42　", 42),
        ("9" * 20, 10**20 - 1),
        (12345, 12345),
        (-1.5, Decimal("-1.5")),
        (0.1 + 0.2, Decimal("0.3")),
        (50.0, 50),
        (Decimal("2.50"), Decimal("2.5")),
    ],
)
def test_number_is_read(cell, value):
    assert parse_number(cell) == ParsedNumber(Decimal(value))


@pytest.mark.parametrize(
    ("cell", "value", "unit"),
    [
        ("50％", 50, "%"),
        ("12,345千円", 12345, "千円"),
        ("１２，３４５　千円", 12345, "千円"),
        ("120人/日", 120, "人/日"),
        ("3.5㏊", Decimal("3.5"), "ha"),
        ("3.5ｈａ", Decimal("3.5"), "ha"),
        ("100㎡", 100, "m2"),
        ("100m²", 100, "m2"),
        ("2km2", 2, "km2"),
        ("5ｶｼｮ", 5, "カショ"),
    ],
)
def test_unit_is_read_with_the_number(cell, value, unit):
    assert parse_number(cell) == ParsedNumber(Decimal(value), unit)
    assert parse_number(cell, unit=unit) == ParsedNumber(Decimal(value), unit)


@pytest.mark.parametrize(
    ("cell", "unit", "expected"),
    [
        ("12,345", "千円", ParsedNumber(Decimal(12345), "千円")),
        ("3㏊", "㏊", ParsedNumber(Decimal(3), "ha")),
        ("50%", "％", ParsedNumber(Decimal(50), "%")),
        (
            "12,345千円",
            "円",
            ParsedNumber(
                Decimal(12345),
                "千円",
                "「12,345千円」の単位は「千円」ですが、列の単位は「円」です。数を確かめてください。",
            ),
        ),
        (7, "件", ParsedNumber(Decimal(7), "件")),
        ("", "件", ParsedNumber(None, "件")),
    ],
)
def test_unit_that_contradicts_the_column_gives_a_warning(cell, unit, expected):
    assert parse_number(cell, unit=unit) == expected


@pytest.mark.parametrize("cell", ["", " ", "　", "-", "－", "―", "‐", "–", "ー", "−", None])
def test_blank_or_lone_dash_is_no_number(cell):
    assert parse_number(cell) == ParsedNumber(None)
    assert parse_percent(cell) == ParsedNumber(None, "%")


TWO_VALUES = "には数が二つ以上あります。一つのセルには一つの数だけを書いてください。"
VAGUE = "は一つの数に決められません。「約」や「以上」などを取り、数だけを書いてください。"
BAD_DIGIT = "には読めない数字があります。丸数字や上付き文字ではなく、0から9で書いてください。"
NO_NUMBER = "は数ではありません。「1234」や「12.5」のように数字で書いてください。値がないときは空欄にします。"
BAD_SEPARATOR = "は桁区切りか小数点の位置が正しくありません。「1,234」や「1234.5」のように書いてください。"
TOO_MANY_DIGITS = "は桁が多すぎます。20桁までの数で書いてください。"
OTHER = "は数として読めません。「1,234」や「△5」、「12.5」のように書いてください。"


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("99（9）", TWO_VALUES),
        ("29（4）", TWO_VALUES),
        ("10 20", TWO_VALUES),
        ("5～7", TWO_VALUES),
        ("3/4", TWO_VALUES),
        ("1e5", TWO_VALUES),
        ("1_000", TWO_VALUES),
        ("5万3千", TWO_VALUES),
        ("約100", VAGUE),
        ("100以上", VAGUE),
        ("30分程度", VAGUE),
        ("٣", BAD_DIGIT),
        ("१२", BAD_DIGIT),
        ("①", BAD_DIGIT),
        ("10²", BAD_DIGIT),
        ("5㍘", BAD_DIGIT),
        ("½", BAD_DIGIT),
        ("1৴", BAD_DIGIT),
        ("NaN", NO_NUMBER),
        ("inf", NO_NUMBER),
        ("なし", NO_NUMBER),
        ("二十", NO_NUMBER),
        ("--", NO_NUMBER),
        ("1,23", BAD_SEPARATOR),
        ("1234,567", BAD_SEPARATOR),
        ("1.234.567", BAD_SEPARATOR),
        ("12,345,67円", BAD_SEPARATOR),
        ("5.", BAD_SEPARATOR),
        (".5", BAD_SEPARATOR),
        ("(1,234)", OTHER),
        ("¥1,234", OTHER),
        ("5二", OTHER),
        ("△-5", OTHER),
        ("9" * 21, TOO_MANY_DIGITS),
    ],
)
def test_cell_that_is_not_one_number_is_refused_with_a_sentence(cell, sentence):
    with pytest.raises(CellError) as refusal:
        parse_number(cell)
    assert str(refusal.value) == f"「{cell}」{sentence}"


def test_enormous_cell_is_refused_at_once():
    with pytest.raises(CellError, match=f"^「{'1a' * 15}…」は長すぎて数として読めません。"):
        parse_number("1a" * 10**6)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (True, "TRUE・FALSEは数として読めません。数字で書いてください。"),
        (float("nan"), "計算できない値（無限大など）が入っています。数字で書いてください。"),
        (float("-inf"), "計算できない値（無限大など）が入っています。数字で書いてください。"),
        (Decimal("sNaN"), "計算できない値（無限大など）が入っています。数字で書いてください。"),
        (1e300, "数の桁が多すぎます。20桁までの数で書いてください。"),
        (10**400, "数の桁が多すぎます。20桁までの数で書いてください。"),
    ],
)
def test_stored_value_that_is_no_number_is_refused_with_a_sentence(value, sentence):
    with pytest.raises(CellError) as refusal:
        parse_number(value)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("cell", "is_percent_cell", "value"),
    [
        ("50％", False, 50),
        ("50%", True, 50),
        ("50", False, 50),
        ("12.5 %", False, Decimal("12.5")),
        (0.5, True, 50),
        (0.07, True, 7),
        (0.983, True, Decimal("98.3")),
        (1, True, 100),
        (50, False, 50),
        (0.5, False, Decimal("0.5")),
    ],
)
def test_percentage_is_read_as_its_figure(cell, is_percent_cell, value):
    parsed = parse_percent(cell, percent_cell=is_percent_cell)
    assert parsed == ParsedNumber(Decimal(value), "%")
    assert str(parsed.value) == str(value)


@unhurried
@given(st.decimals(-(10**12), 10**12, places=3))
def test_number_written_in_any_japanese_way_is_the_same(number):
    text = f"{number:,f}"
    wide = text.translate(
        {ord(narrow): wide for narrow, wide in zip("0123456789,.", "０１２３４５６７８９，．", strict=True)}
    )
    ways = [text, wide, text.replace("-", "△"), wide.replace("-", "▲"), text.replace("-", "−"), f" {text} "]
    assert [parse_number(way).value for way in ways] == [number] * 6


@settings(max_examples=300, deadline=None)
@given(st.one_of(number_like, any_text))
@example("9" * 5000)
@example("\ud800")
def test_any_text_is_a_number_or_refused_with_a_sentence(text):
    for parse in (parse_number, parse_percent):
        try:
            value, sentence = parse(text).value, "。"
        except CellError as refusal:
            value, sentence = None, str(refusal)
        assert sentence.endswith("。")
        assert len(sentence.encode()) < 600
        if value is not None:
            assert value.is_finite()
            # Every digit of the number was typed as an ordinary or a full-width one.
            assert re.search("[0-9０-９]", text)
            assert [char for char in text if char.isdecimal() and not re.match("[0-9０-９]", char)] == []


@unhurried
@given(st.characters(categories=["Nd", "No"]).filter(lambda char: not re.match("[0-9０-９]", char)))
def test_digit_of_another_script_is_refused(digit):
    for text in (digit, f"1{digit}", f"{digit}千円"):
        with pytest.raises(CellError):
            parse_number(text)


# --- comparing texts


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("㏊", "ha"),
        ("ｈａ", "ha"),
        ("㎡", "m2"),
        ("①", "1"),
        ("㈱", "(株)"),
        ("ｶﾞ", "ガ"),
        ("カ゛", "ガ"),
        ("ハ゜", "パ"),
        ("～", "~"),
        ("－", "-"),
        ("―", "-"),
        ("‐", "-"),
        ("−", "-"),
        ("–", "-"),
        ("—", "-"),
        ("ー", "-"),
        ("ｰ", "-"),
        ("〜", "~"),
        ("　山田　太郎", "山田 太郎"),
        ("進捗\r\n 状況\t", "進捗 状況"),
        ("髙﨑", "髙﨑"),
        ("\ufeff番号\u200b", "番号"),
    ],
)
def test_text_is_folded_for_comparison(text, folded):
    assert fold(text) == folded


def test_variant_of_a_name_is_another_character():
    assert [fold("髙") == fold("高"), fold("﨑") == fold("崎")] == [False, False]


def test_way_through_cp932_and_back_makes_no_difference_to_any_character():
    every = "".join(char for char in map(chr, range(0x20, 0xFFFF)) if not missing_in_cp932(char))
    back = every.encode("cp932").decode("cp932")
    changed = [(before, after) for before, after in zip(every, back, strict=True) if before != after]
    assert {("〜", "～"), ("−", "－"), ("‖", "∥")} <= set(changed)
    assert [pair for pair in changed if fold(pair[0]) != fold(pair[1])] == []


@unhurried
@given(any_text)
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "code", "label"),
    [
        ("１　現状維持", "1", "現状維持"),
        ("2. 改善", "2", "改善"),
        ("現状維持", None, "現状維持"),
        ("20業務", None, "20業務"),
        ("1 2", None, "1 2"),
        ("1", None, "1"),
    ],
)
def test_code_is_split_from_its_label(text, code, label):
    assert split_code(text) == (code, label)


def test_only_ordinary_digits_are_digits():
    assert [has_disguised_digit(text) for text in ("12", "１２", "100㎡", "m²", "令和元年", "①", "5²", "㋀", "٣")] == [
        *[False] * 5,
        *[True] * 4,
    ]


# --- text that is stored


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("一行目\r\n二行目\r三行目\n四行目", "一行目\n二行目\n三行目\n四行目"),
        ("題名\v改行", "題名\n改行"),
        ("頁\f頁", "頁\n頁"),
        ("a\u2028b\u2029c\x85d", "a\nb\nc\nd"),
        ("a\x00b\x1fc\ufffed\uffff", "a\ufffdb\ufffdc\ufffdd\ufffd"),
        ("半分\ud842だけ", "半分\ufffdだけ"),
        ("\ud842\udfb7野家", "𠮷野家"),
        ("　字下げ\tタブ　", "　字下げ\tタブ　"),
        ("髙﨑 ｶﾞ ① 〜 − \u200b", "髙﨑 ｶﾞ ① 〜 − \u200b"),
        ("承認\u202e001\u202c・\u2067右\u2069から", "承認001・右から"),
        ("\u200f右\u200e👩\u200d💻", "\u200f右\u200e👩\u200d💻"),
        ("", ""),
    ],
)
def test_text_is_stored_as_typed_but_for_what_no_file_can_hold(typed, stored):
    assert clean_text(typed) == stored


@unhurried
@given(any_text)
def test_stored_text_can_always_be_written(text):
    stored = clean_text(text)
    assert clean_text(stored) == stored
    assert "\r" not in stored
    assert not ILLEGAL_CHARACTERS_RE.search(stored)
    assert ElementTree.fromstring(f"<a>{escape(stored)}</a>".encode()).text in {stored, None}  # noqa: S314


def test_quoted_text_stays_on_one_short_line():
    assert [quoted("二\n行"), quoted("\u202e逆"), quoted("あ" * 31), quoted("\ud800"), quoted(5)] == [
        "「二 行」",
        "「逆」",
        f"「{'あ' * 30}…」",
        "「\ufffd」",
        "「5」",
    ]


# --- files


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "@x", "-x", "\tx", "\rx", "＝1", "－x", "＋1", "＠x", "'=1", "''@", "-1+1", "--"]
)
def test_text_that_a_spreadsheet_would_calculate_is_quoted(text):
    assert quote_formula(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-", "－", "-5", "-1,234", "-12.5%", "△5", "1+1", "'x", "'", "", "大多喜", "1-3"])
def test_harmless_text_is_not_quoted(text):
    assert quote_formula(text) == text
    assert unquote_formula(text) == text


@unhurried
@given(st.one_of(any_text, st.text(st.sampled_from("'=+-@\t\r＝－1a%.,"), max_size=5)))
def test_quoting_is_taken_back_exactly(text):
    assert unquote_formula(quote_formula(text)) == text


def test_characters_cp932_cannot_hold_are_named():
    assert missing_in_cp932("令和 ㋿–—㏊𠮷é 髙﨑①～é") == ("㋿", "–", "—", "㏊", "𠮷", "é")


@pytest.mark.parametrize(
    ("data", "decoded"),
    [
        ("\ufeff番号".encode(), ("番号", "utf-8-sig")),
        ("番号".encode(), ("番号", "utf-8-sig")),
        ("番号①髙".encode("cp932"), ("番号①髙", "cp932")),
        ("外字\ue000".encode("cp932"), ("外字\ue000", "cp932")),
        (b"", ("", "utf-8-sig")),
    ],
)
def test_file_is_decoded(data, decoded):
    assert decode_text(data) == decoded


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            b"abc\xff\xff",
            "文字コードを読み取れません（4バイト目）。Excelで「CSV UTF-8（コンマ区切り）」として保存し直してください。",
        ),
        (
            "番号".encode("cp932") + b"\xa0",
            "文字コードを読み取れません（5バイト目）。Excelで「CSV UTF-8（コンマ区切り）」として保存し直してください。",
        ),
        (
            "番号".encode("cp932") + b"\x81",
            "文字コードを読み取れません（5バイト目）。Excelで「CSV UTF-8（コンマ区切り）」として保存し直してください。",
        ),
        (
            "番号".encode("utf-16"),
            "文字コードがUTF-16のため読めません。Excelで「CSV UTF-8（コンマ区切り）」として保存し直してください。",
        ),
    ],
)
def test_unknown_encoding_is_refused_with_a_sentence(data, sentence):
    with pytest.raises(CellError) as refusal:
        decode_text(data)
    assert str(refusal.value) == sentence


@unhurried
@given(st.binary(max_size=30))
def test_any_file_is_decoded_or_refused(data):
    try:
        text, _ = decode_text(data)
    except CellError:
        return
    assert "\ufffd" not in text or "\ufffd".encode() in data
