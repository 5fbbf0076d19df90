"""Reading what people type into cells: numbers, percentages, text. No clock, no database.

Every refusal is a `CellError` whose message is a Japanese sentence: what is wrong, and what to write.
"""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

# Dashes that NFKC leaves alone. The long-vowel mark ー belongs here because it is typed for a dash, and a dash for it.
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\u2500\u30fc\ufe58"
WAVE_DASHES = "\u301c\u223c\u223e\u3030"
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
# Stand-alone voicing marks: NFKC would turn them into a space and a mark; as combining marks カ゛ becomes ガ.
VOICING_MARKS = {0x309B: "\u3099", 0x309C: "\u309a"}

_BEFORE_NFKC = {**VOICING_MARKS, **dict.fromkeys(map(ord, INVISIBLE))}
_AFTER_NFKC = {
    **dict.fromkeys(map(ord, DASHES), "-"),
    **dict.fromkeys(map(ord, WAVE_DASHES), "~"),
    0x2016: "\u2225",  # ‖ comes back from a CP932 file as ∥
}

# Units are the only place where a small or squared digit may be meant: ㎡, m².
_UNITS_WITH_DIGIT = re.compile("[㎟㎠㎡㎢㎣㎤㎥㎦]|(?<=[mｍ])[²³]")
_PLAIN_DIGITS = "0123456789０１２３４５６７８９"

_SURROGATES = re.compile("[\ud800-\udfff]")
_ILLEGAL_IN_XML = re.compile("[\x00-\x08\x0e-\x1f\ufffe\uffff]")
# Overrides, embeddings and isolates of direction; the plain marks LRM and RLM turn nothing but their neighbours.
_TURNS_AROUND = re.compile("[\u202a-\u202e\u2066-\u2069]")
_STRAY_IN_CP932 = re.compile("[\x80\xa0\uf8f0-\uf8f3]")
# Spreadsheets calculate a text that begins so, behind any number of apostrophes; negative numbers and "-" are harmless.
_FORMULA_START = re.compile("'*[=+@\t\r＝＋－＠-]")
_NO_FORMULA = re.compile("[-－]|-[0-9][0-9,]*(?:\\.[0-9]+)?%?")

CLEAR = "（消す）"  # written into a cell of a table, takes out what is recorded; an empty cell keeps it

LONGEST_VALUE = 200  # no number and no date is longer, so a cell of a million characters costs nothing
MAX_DIGITS = 20  # inside the precision of Decimal, and far above any amount of a town
_NUMBER = re.compile(
    r"(?P<sign>[△▲+-]?)"
    r"(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)"
    r"(?P<fraction>\.[0-9]+)?"
    r"(?P<unit>[^0-9.,].*)?"
)
# Letters and signs, a digit only as in m2 or km3; kanji digits and words of vagueness (約, 以上 …) make it no unit.
_UNIT = re.compile(r"(?:[^\W\d_〇一二三四五六七八九十]|[%‰°/・]|(?<=m)[23])+")
_VAGUE = re.compile("約|以上|以下|以内|未満|超|程度|前後|ほど|くらい|ぐらい|余り?$|[弱強]$")
_TWO_VALUES = re.compile(r"[0-9][^0-9.,]+[0-9]")


class CellError(ValueError):
    """The cell cannot be read; the message is a sentence for the person who typed it."""


class ParsedNumber(NamedTuple):
    value: Decimal | None  # None: the cell says "no value" (blank or a lone dash)
    unit: str | None = None
    warning: str | None = None


def clean_text(text: str) -> str:
    """What may be stored: line ends as LF, U+FFFD for what XML 1.0 (so every .xlsx) cannot hold, nothing unseen that
    shows what follows backwards.
    """
    if text.isprintable():
        return text  # all that is changed below cannot be printed
    if _SURROGATES.search(text):
        # Two halves that belong together are joined, a lone half is replaced.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    # U+000B is the soft line break of Word, U+000C its page break.
    text = re.sub("\r\n|[\r\v\f\x85\u2028\u2029]", "\n", text)
    return _TURNS_AROUND.sub("", _ILLEGAL_IN_XML.sub("\ufffd", text))


def fold(text: str) -> str:
    """The form used to compare texts, never to store or show them: NFKC, one kind of dash, single spaces, trimmed."""
    return _fold(text) if len(text) > LONGEST_VALUE else _fold_again(text)


def _fold(text: str) -> str:
    if text.isascii():
        return " ".join(text.split())
    folded = unicodedata.normalize("NFKC", text.translate(_BEFORE_NFKC))
    return " ".join(folded.translate(_AFTER_NFKC).split())


_fold_again = lru_cache(maxsize=8192)(_fold)  # a table names the same sections, words and people again and again


def is_clear(cell: object) -> bool:
    return isinstance(cell, str) and "消す" in cell and fold(cell) == fold(CLEAR)


def quoted(value: object, *, limit: int = 30) -> str:
    """What was typed, in 「」 on one line and short enough for a sentence."""
    # Invisible marks (among them those that turn the direction of writing) would disturb the sentence around them.
    text = "".join(char for char in clean_text(str(value)[:LONGEST_VALUE]) if unicodedata.category(char) != "Cf")
    text = " ".join(text.split())
    return f"「{text if len(text) <= limit else text[:limit] + '…'}」"


def has_disguised_digit(text: str) -> bool:
    """Whether NFKC would make a digit of something that was not typed as one: ①, ², ㋀ (10² would become 102)."""
    return not text.isascii() and any(
        unicodedata.category(char) in {"Nd", "No"} or re.search("[0-9]", unicodedata.normalize("NFKC", char))
        for char in set(_UNITS_WITH_DIGIT.sub("", text)).difference(_PLAIN_DIGITS)
    )


def split_code(text: str) -> tuple[str | None, str]:
    """「１　現状維持」 → ("1", "現状維持"); the code is None when the text does not begin with one."""
    folded = fold(text)
    match = re.fullmatch(r"([0-9]{1,3})[ .:)]\s*([^0-9].*)", folded)
    return (match[1], match[2]) if match else (None, folded)


def parse_number(value: str | int | float | Decimal | None, *, unit: str | None = None) -> ParsedNumber:
    """Read one number. `unit` is the unit of the column; a cell that names another one gets a warning."""
    if not isinstance(value, str):
        return ParsedNumber(_stored_number(value), unit)
    if len(value) > LONGEST_VALUE:
        raise CellError(f"{quoted(value)}は長すぎて数として読めません。数だけを書いてください。")
    text = fold(value)
    if text in {"", "-"}:
        return ParsedNumber(None, unit)
    if has_disguised_digit(value):
        raise CellError(
            f"{quoted(value)}には読めない数字があります。丸数字や上付き文字ではなく、0から9で書いてください。"
        )
    # A space between two digits may separate two values, any other is only layout.
    match = _NUMBER.fullmatch(re.sub("(?<![0-9]) | (?![0-9])", "", text))
    found = match["unit"] if match else None
    if match is None or (found and (not _UNIT.fullmatch(found) or _VAGUE.search(found))):
        raise CellError(_why_not_a_number(value, text))
    digits = match["digits"].replace(",", "") + (match["fraction"] or "")
    if len(digits) > MAX_DIGITS:
        raise CellError(f"{quoted(value)}は桁が多すぎます。{MAX_DIGITS}桁までの数で書いてください。")
    number = Decimal(digits) if match["sign"] in {"", "+"} else -Decimal(digits)
    return ParsedNumber(number, found or unit, _unit_warning(value, found, unit))


def parse_percent(value: str | int | float | Decimal | None, *, percent_cell: bool = False) -> ParsedNumber:
    """Read a percentage as its figure: 「50％」 is 50.

    `percent_cell` says that a spreadsheet shows the cell as a percentage and therefore stores 0.5 for 50 %.
    """
    parsed = parse_number(value, unit="%")
    if percent_cell and not isinstance(value, str) and parsed.value is not None:
        return ParsedNumber(_plain(parsed.value * 100), "%")
    return parsed


def quote_formula(text: str) -> str:
    """A text for a .csv file that no spreadsheet calculates; `unquote_formula` gives back exactly the text."""
    return f"'{text}" if _is_formula(text) else text


def unquote_formula(text: str) -> str:
    return text[1:] if text.startswith("'") and _is_formula(text[1:]) else text


def missing_in_cp932(text: str) -> tuple[str, ...]:
    """The characters that a CP932 file cannot hold, each once, in the order they appear."""
    return tuple(char for char in dict.fromkeys(text) if not _fits_cp932(char))


def decode_text(data: bytes) -> tuple[str, str]:
    """The text of a file and its encoding: UTF-8 (with or without BOM), else CP932; never with replaced characters."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise CellError(
            "文字コードがUTF-16のため読めません。Excelで「CSV UTF-8（コンマ区切り）」として保存し直してください。"
        )
    try:
        return data.decode("utf-8-sig"), "utf-8-sig"
    except UnicodeDecodeError as error:
        readable = error.start
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError as error:
        # In a file of mixed encodings the place to look at is where the better guess breaks off.
        raise _undecodable(max(readable, error.start)) from None
    # Python reads even the bytes to which CP932 gives no character.
    stray = _STRAY_IN_CP932.search(text)
    if stray:
        raise _undecodable(len(text[: stray.start()].encode("cp932")))
    return text, "cp932"


def _undecodable(offset: int) -> CellError:
    return CellError(
        f"文字コードを読み取れません（{offset + 1}バイト目）。Excelで「CSV UTF-8（コンマ区切り）」として保存し直してください。"
    )


def _is_formula(text: str) -> bool:
    return bool(_FORMULA_START.match(text)) and not _NO_FORMULA.fullmatch(text)


def _fits_cp932(char: str) -> bool:
    try:
        char.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def _stored_number(value: int | float | Decimal | None) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, bool):
        raise CellError("TRUE・FALSEは数として読めません。数字で書いてください。")
    # Spreadsheets keep 15 digits; the rest of a float is noise (0.1 + 0.2).
    number = Decimal(format(value, ".15g")) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise CellError("計算できない値（無限大など）が入っています。数字で書いてください。")
    if number and number.adjusted() >= MAX_DIGITS:
        raise CellError(f"数の桁が多すぎます。{MAX_DIGITS}桁までの数で書いてください。")
    return _plain(number)


def _plain(number: Decimal) -> Decimal:
    """Without exponent and needless zeros: 5E+1 and 50.0 are 50."""
    whole = number.to_integral_value()
    return whole.quantize(Decimal(1)) if number == whole else number.normalize()


def _why_not_a_number(typed: str, text: str) -> str:
    shown = quoted(typed)
    if not re.search("[0-9]", text):
        return (
            f"{shown}は数ではありません。「1234」や「12.5」のように数字で書いてください。値がないときは空欄にします。"
        )
    if _VAGUE.search(text):
        return f"{shown}は一つの数に決められません。「約」や「以上」などを取り、数だけを書いてください。"
    if _TWO_VALUES.search(text):
        return f"{shown}には数が二つ以上あります。一つのセルには一つの数だけを書いてください。"
    if re.fullmatch(r"[△▲+-]?[0-9]*[,.][0-9,.]*[^0-9,.]*", text):
        return f"{shown}は桁区切りか小数点の位置が正しくありません。「1,234」や「1234.5」のように書いてください。"
    return f"{shown}は数として読めません。「1,234」や「△5」、「12.5」のように書いてください。"


def _unit_warning(typed: str, found: str | None, unit: str | None) -> str | None:
    if not found or not unit or fold(unit).replace(" ", "") == found:
        return None
    return f"{quoted(typed)}の単位は「{found}」ですが、列の単位は「{unit}」です。数を確かめてください。"
