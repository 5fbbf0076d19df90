"""Cells about a report as people write them, from a file or the clipboard: what a heading means, what a cell says."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from typing import Any

from schedule.choices import Standing
from schedule.report_rules import LABELS, standings_for
from townhall import fiscal
from townhall.cells import CellError, clean_text, fold, parse_percent, quoted, split_code
from townhall.sheets.resource import YesNoCell, as_text

CODE, SKIP = "code", ""
IN_GRID_ORDER = ("standing", "percent", "text", "next_step", "completes_on", "to_committee")

# Headings that sections use. The first one is the portal's own.
HEADINGS: dict[str, tuple[str, ...]] = {
    CODE: ("番号", "No.", "No", "№", "項番"),
    "standing": ("状況", "今期の状況", "進捗状況", "評価"),
    "percent": ("進捗率", "進捗率（％）", "進捗", "率", "％"),
    "text": ("今期の実績", "実績", "今期", "取組状況"),
    "reason": ("遅れ・変更の理由", "遅れの理由", "理由"),
    "next_step": ("来期の予定", "予定", "今後の予定", "来期"),
    "completes_on": ("完了予定", "完了予定日", "完了見込み", "期限変更"),
    "to_committee": ("委員会に諮る", "諮る", "委員会"),
}

# Words and marks that sections write for a standing.
SYNONYMS = {
    **dict.fromkeys(("○", "◯", "〇", "◎", "計画どおり", "計画通り", "予定どおり", "予定通り"), Standing.ON_TRACK),
    **dict.fromkeys(("△", "▲", "やや遅延"), Standing.SLIGHTLY_LATE),
    **dict.fromkeys(("×", "✕", "✖", "遅延"), Standing.LATE),
    **dict.fromkeys(("✓", "✔", "済", "済み", "完了済み"), Standing.DONE),
    **dict.fromkeys(("ー", "―", "－", "—", "-", "未着"), Standing.NOT_STARTED),
}


# What stands before the word: the digit of the choice, or the mark of the page.
_MARK = re.compile(r"^[1-9○◯〇△▲×✕✓✔][\s.．、]*(?=.)")


def parse_standing(value: Any, kind: str) -> str:
    """「順調」, 「1 順調」, 「１」 or 「○」; the words depend on the kind of row. Raises CellError."""
    allowed = standings_for(kind)
    text = as_text(value).strip()
    digit = fold(text)
    if re.fullmatch("[1-9]", digit) and int(digit) <= len(allowed):
        return str(allowed[int(digit) - 1])
    for word in (text, split_code(text)[1], _MARK.sub("", fold(text))):
        found = next((each for each in allowed if each.label == fold(word)), SYNONYMS.get(word))
        if found in allowed:
            return str(found)
    words = "・".join(each.label for each in allowed)
    raise CellError(f"{quoted(value)}は状況の言葉ではありません。{words}から書いてください。")


def parse_whole_percent(value: Any) -> int | None:
    parsed = parse_percent(value)
    if parsed.warning:
        raise CellError(f"{parsed.warning}進捗率は、80 か 80％ のように書いてください。")
    number = parsed.value
    if number is None:
        return None
    if 0 < number < 1:
        raise CellError(f"{quoted(value)}では割合か％か決められません。80％なら、80 と書いてください。")
    if number != int(number):
        raise CellError("小数のない数で書いてください。")
    return int(number)


_MONTH = re.compile(
    r"(?P<year>(?:[RH]|令和|平成)?\s*(?:\d{1,4}|元))(?P<between>[-./])(?P<month>\d{1,2})", re.ASCII | re.IGNORECASE
)


def day_or_end_of_month(text: str) -> date:
    """R9.3 and 令和9年3月 are the last day of that month. Raises ValueError with the sentence about what was typed."""
    try:
        return fiscal.parse_date(text)
    except ValueError:
        month = _MONTH.fullmatch(unicodedata.normalize("NFKC", text).replace("年", ".").removesuffix("月"))
        if month is None:
            raise
        try:
            first = fiscal.parse_date(f"{month['year']}{month['between']}{month['month']}{month['between']}1")
        except ValueError:
            first = None
        if first is None:
            raise
        return date(first.year, first.month, monthrange(first.year, first.month)[1])


def parse_day(value: Any) -> date:
    try:
        return day_or_end_of_month(as_text(value))
    except ValueError as error:
        raise CellError(str(error)) from None


def parse_cell(name: str, value: Any, kind: str) -> Any:
    """The value of one field from a cell that is not empty; raises CellError with a sentence."""
    if name == "standing":
        return parse_standing(value, kind)
    if name == "percent":
        return parse_whole_percent(value)
    if name == "completes_on":
        return parse_day(value)
    if name == "to_committee":
        return YesNoCell().clean(value)
    return clean_text(as_text(value)).strip()


def code_text(typed: str) -> str:
    """The code of a row as stored. Excel turns a typed 5-3 into a date: that is undone, since no code is a date."""
    text = fold(typed).replace(" ", "")
    if day := re.fullmatch(r"[0-9]{4}-0?([0-9]{1,2})-0?([0-9]{1,2})", text) or re.fullmatch(
        r"([0-9]{1,2})月([0-9]{1,2})日", text
    ):
        return f"{day[1]}-{day[2]}"
    return re.sub(r"^検", "k", text)


def is_code(cell: str) -> bool:
    return re.fullmatch(r"\d{1,2}-\d{1,3}|k\d{1,2}", code_text(cell)) is not None


def _reads(name: str) -> Callable[[str], bool]:
    def test(cell: str) -> bool:
        try:
            parse_cell(name, cell, "from")
        except CellError:
            return False
        return True

    return test


def _is_standing(cell: str) -> bool:
    words = {each.label for each in Standing}
    return _MARK.sub("", fold(cell)) in words or cell in SYNONYMS


LOOKS_LIKE: dict[str, Callable[[str], bool]] = {
    "standing": _is_standing,
    "percent": _reads("percent"),
    "completes_on": _reads("completes_on"),
    "to_committee": _reads("to_committee"),
}
NAMES = {CODE: "番号", **LABELS, SKIP: "（取り込まない）"}
