"""Fiscal years (4/1–3/31), quarters and Japanese eras: arithmetic, display, and reading what people type. No clock.

A fiscal year is an integer, the western year in which it begins. Every refusal is a `DateTextError` whose message is a
Japanese sentence: what is wrong, and what to write.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from townhall.cells import LONGEST_VALUE, fold, has_disguised_digit, quoted

TOWN_TIME = ZoneInfo("Asia/Tokyo")


@dataclass(frozen=True)
class Era:
    name: str
    letter: str
    starts_on: date
    # Years of the era that papers written before it ended still use (a ten-year plan of 平成30年度 runs to 平成39年度).
    written_until: int = 0

    @property
    def first_year(self) -> int:
        return self.starts_on.year

    @property
    def names(self) -> tuple[str, str, str]:
        return self.name, self.name[0], self.letter


# Newest first. A new era is one more line, whenever in the fiscal year it begins.
ERAS = (
    Era("令和", "R", date(2019, 5, 1)),
    Era("平成", "H", date(1989, 1, 8), written_until=39),
    Era("昭和", "S", date(1926, 12, 25)),
    Era("大正", "T", date(1912, 7, 30)),
    Era("明治", "M", date(1868, 1, 25)),
)
# Before 1873 Japan used another calendar: such dates are shown as western ones and not read.
FIRST_DATE = date(1873, 1, 1)
LAST_YEAR = 2100

_EXCEL_DAY_0 = date(1899, 12, 30)

NO_VALUE = frozenset({"", "-", "0", "なし", "未定"})  # only in columns of fiscal years; elsewhere 0 is zero

_TEXT = re.compile(
    r"(?:西暦(?=[0-9]{4}))?(?P<era>[^\W\d_]{1,2}?)?(?P<year>元|[0-9]{1,4})"
    r"(?:年度|(?P<calendar>年)?"
    r"|年(?P<month>[0-9]{1,2})月(?:(?P<day>[0-9]{1,2})日)?"
    r"|(?P<mark>[./-])(?P<month_>[0-9]{1,2})(?:(?P=mark)(?P<day_>[0-9]{1,2}))?)"
    r"(?:\((?P<weekday>[月火水木金土日])(?:曜日?)?\))?"
)
_OPEN_END = re.compile(r"(?:~|から|以降)$")
_BETWEEN = re.compile(r"~|から|-(?=[^\W\d_]|[0-9]{4}|[0-9]{1,2}年度)")


class DateTextError(ValueError):
    """The text is no date or fiscal year; the message is a sentence for the person who typed it."""


class ParsedFiscalYear(NamedTuple):
    year: int | None  # None: the cell says "no value" (blank, a dash, 0, なし, 未定)
    warning: str | None = None


# --- arithmetic


def japan_date(day: date) -> date:
    """The plain date. An instant with a time zone counts as the day it is in Japan: 3/31 15:30 UTC is 4/1 here."""
    if not isinstance(day, datetime):
        return day
    return (day if day.tzinfo is None else day.astimezone(TOWN_TIME)).date()


def fiscal_year(day: date) -> int:
    day = japan_date(day)
    return day.year if day.month >= 4 else day.year - 1


def quarter(day: date) -> int:
    """1 (4–6月) to 4 (1–3月)."""
    return (japan_date(day).month - 4) % 12 // 3 + 1


def fiscal_year_start(fy: int) -> date:
    return quarter_start(fy, 1)


def fiscal_year_end(fy: int) -> date:
    return quarter_end(fy, 4)


@lru_cache(maxsize=256)
def quarter_start(fy: int, q: int) -> date:
    if q not in {1, 2, 3, 4}:
        raise DateTextError("四半期は1から4までの数です。")
    if not 1 <= fy < date.max.year:
        raise DateTextError("年度は西暦4桁の数です。")
    return date(fy, 3 * q + 1, 1) if q < 4 else date(fy + 1, 1, 1)


@lru_cache(maxsize=256)
def quarter_end(fy: int, q: int) -> date:
    start = quarter_start(fy, q)
    return date(start.year, start.month + 2, _days_in_month(start.year, start.month + 2))


def months_between(start: date, end: date) -> int:
    """Month columns from the month of `start` to that of `end`, whatever the days: 4/30 → 5/1 is 1."""
    start, end = japan_date(start), japan_date(end)
    return (end.year - start.year) * 12 + end.month - start.month


def month_position(start: date, day: date) -> float:
    """Where a day begins on an axis of months from `start`; for the end of a bar pass the day after."""
    return months_between(start, day) + _month_fraction(day) - _month_fraction(start)


def _month_fraction(day: date) -> float:
    day = japan_date(day)
    return (day.day - 1) / _days_in_month(day.year, day.month)


def _days_in_month(year: int, month: int) -> int:
    if month == 12:
        return 31
    return (date(year, month + 1, 1) - date(year, month, 1)).days


# --- display


def format_date(day: date) -> str:
    """令和8年11月24日"""
    return _in_words(japan_date(day))


@lru_cache(maxsize=1024)
def _in_words(day: date) -> str:
    era = _era_on(day)
    year = f"{era.name}{_era_year(day.year, era)}" if era else f"{day.year}"
    return f"{year}年{day.month}月{day.day}日"


def format_date_short(day: date) -> str:
    """R8.11.24"""
    day = japan_date(day)
    return f"{format_month_short(day)}.{day.day}"


def format_month_short(day: date) -> str:
    """R8.11"""
    day = japan_date(day)
    era = _era_on(day)
    year = f"{era.letter}{day.year - era.first_year + 1}" if era else f"{day.year}"
    return f"{year}.{day.month}"


def format_fiscal_year(fy: int) -> str:
    """令和8年度. The year in which an era began counts as its first even before the day: 2019 is 令和元年度."""
    era = _era_of_year(fy)
    return f"{era.name}{_era_year(fy, era)}年度" if era else f"{fy}年度"


def format_fiscal_year_short(fy: int) -> str:
    """R8"""
    era = _era_of_year(fy)
    return f"{era.letter}{fy - era.first_year + 1}" if era else f"{fy}"


def format_quarter(fy: int, q: int) -> str:
    """令和8年度 第3四半期"""
    return f"{format_fiscal_year(fy)} 第{q}四半期"


def _era_on(day: date) -> Era | None:
    return next((era for era in ERAS if era.starts_on <= day), None) if day >= FIRST_DATE else None


def _era_of_year(year: int) -> Era | None:
    return next((era for era in ERAS if era.first_year <= year), None)


def _era_year(year: int, era: Era) -> str:
    number = year - era.first_year + 1
    return "元" if number == 1 else str(number)


# --- reading


class _Reading(NamedTuple):
    """What was typed, with the year as a western one."""

    year: int
    month: int | None
    day: int | None
    says_year: bool  # 「年」 alone: a calendar year or a fiscal year, the text does not tell
    is_late: bool  # past the end of its era, as papers written before the change have it

    @property
    def fiscal_year(self) -> int:
        return self.year if self.month is None else fiscal_year(date(self.year, self.month, self.day or 1))


def parse_date(value: str | date) -> date:
    """One day: 令和8年11月24日, R8.11.24, 2026-11-24, 2026/11/24, with or without （火）."""
    return japan_date(value) if isinstance(value, date) else _day_in(value)


@lru_cache(maxsize=1024)  # a table says the same days again and again
def _day_in(value: str) -> date:
    text = _normal(value)
    if not text:
        raise DateTextError("日付が空です。「令和8年11月24日」や「2026-11-24」のように書いてください。")
    reading = _read(text, value)
    if reading is None or reading.month is None or reading.day is None:
        raise DateTextError(
            f"{quoted(value)}は日付として読めません。「令和8年11月24日」「R8.11.24」「2026-11-24」のように、日まで書いてください。"
        )
    day = date(reading.year, reading.month, reading.day)
    if reading.is_late:
        raise DateTextError(f"{quoted(value)}は元号が変わった後の日です。「{format_date(day)}」と書いてください。")
    return day


def parse_fiscal_year(value: str | int | float | date | None) -> ParsedFiscalYear:
    """One fiscal year: 令和6年度, R6, 2024年度, 2024; a month or a day (R6.2.1) gives the fiscal year it lies in."""
    if isinstance(value, date):
        return ParsedFiscalYear(fiscal_year(value))
    typed = _typed(value)
    text = _normal(typed)
    if text in NO_VALUE:
        return ParsedFiscalYear(None)
    reading = _read_fiscal(text, typed)
    fy = reading.fiscal_year
    shown = f"{format_fiscal_year(fy)}（{fy}年度）"
    if reading.says_year:
        return ParsedFiscalYear(
            fy, f"{quoted(typed)}は年度とみて、{shown}と読みました。1月から12月までの年のときは直してください。"
        )
    if reading.is_late:
        return ParsedFiscalYear(fy, f"{quoted(typed)}は改元前の書き方とみて、{shown}と読みました。")
    return ParsedFiscalYear(fy)


def parse_fiscal_span(value: str | int | float | date | None) -> tuple[int, int | None] | None:
    """First and last fiscal year of a period: R5～R7, 令和5～7年度, 令和5年度～ (no end: None). None: no value.

    There is no warning here, so a year that may be a calendar year (令和6年～令和8年) is refused.
    """
    if isinstance(value, date):
        return fiscal_year(value), fiscal_year(value)
    typed = _typed(value)
    text = _normal(typed)
    if text in NO_VALUE:
        return None
    if _OPEN_END.search(text):
        return _span_year(_OPEN_END.sub("", text), typed), None
    first, *rest = _BETWEEN.split(text.removesuffix("まで"), maxsplit=1)
    start = _span_year(first, typed)
    if not rest:
        return start, start
    end = _span_year(_with_era_of(first, rest[0]), typed)
    if end < start:
        raise DateTextError(f"{quoted(typed)}は終わりが始まりより前です。始まりの年度を先に書いてください。")
    return start, end


def date_from_excel(serial: int | float) -> date:
    """The date behind the number a spreadsheet stores in a cell formatted as a date: 45017 is 2023-04-01."""
    # Spreadsheets believe in 1900-02-29, so the numbers count truly only from 61, which is 1900-03-01.
    if not 61 <= serial < (date(LAST_YEAR + 1, 1, 1) - _EXCEL_DAY_0).days:
        raise DateTextError(f"{quoted(serial)}は日付のセルの値として読めません。日付を入れ直してください。")
    return _EXCEL_DAY_0 + timedelta(days=int(serial))


def _typed(value: str | int | float | None) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)


def _normal(typed: str) -> str:
    if len(typed) > LONGEST_VALUE:
        raise DateTextError(
            f"{quoted(typed)}は長すぎて読めません。「令和8年11月24日」や「令和8年度」のように書いてください。"
        )
    if has_disguised_digit(typed):
        raise DateTextError(f"{quoted(typed)}には読めない数字があります。丸数字などではなく、0から9で書いてください。")
    # 「令 和 5 年 度」 is one word, but 「1 2」 is not 12.
    return re.sub("(?<![0-9]) | (?![0-9])", "", fold(typed))


def _read(text: str, typed: str) -> _Reading | None:
    """None when the text has no form of a date; an error when it has one but there is no such day or year."""
    match = _TEXT.fullmatch(text)
    if match is None:
        return None
    month, day = match["month"] or match["month_"], match["day"] or match["day_"]
    if match["weekday"] and not day:
        return None
    if match["mark"] == "-" and not day and (match["era"] or len(month) < 2):
        return None  # R5-7 may be a month or a period; 2024-03 can only be a month
    era, number = _era_and_number(match, typed)
    year = number if era is None else era.first_year + number - 1
    reading = _Reading(year, int(month) if month else None, int(day) if day else None, bool(match["calendar"]), False)
    _check_range(reading, typed)
    _check_weekday(reading, match["weekday"], typed)
    return reading if era is None else _placed_in_era(reading, era, number, typed)


def _era_and_number(match: re.Match[str], typed: str) -> tuple[Era | None, int]:
    name, digits = match["era"], match["year"]
    if name is None:
        if len(digits) < 4:
            raise DateTextError(
                f"{quoted(typed)}は元号がないため、いつか決められません。「令和5」「R5」のように元号を付けるか、西暦4桁で書いてください。"
            )
        return None, int(digits)
    era = next((era for era in ERAS if name.upper() in era.names), None)
    if era is None:
        known = "・".join(era.name for era in reversed(ERAS))
        raise DateTextError(f"{quoted(typed)}の「{name}」は元号として読めません。使える元号は{known}です。")
    number = 1 if digits == "元" else int(digits)
    if number == 0:
        raise DateTextError(f"{quoted(typed)}の「0年」はありません。最初の年は「{era.name}元年」です。")
    return era, number


def _check_range(reading: _Reading, typed: str) -> None:
    year, month, day = reading.year, reading.month, reading.day
    if year > LAST_YEAR:
        raise DateTextError(f"{quoted(typed)}は先すぎて読めません。西暦{LAST_YEAR}年までで書いてください。")
    if year < (ERAS[-1].first_year if month is None else FIRST_DATE.year):
        raise DateTextError(f"{quoted(typed)}は古すぎて読めません。明治6年（1873年）からの年で書いてください。")
    if month is None:
        return
    if not 1 <= month <= 12:
        raise DateTextError(f"{quoted(typed)}の「{month}月」はありません。月は1から12までです。")
    if day is not None and not 1 <= day <= _days_in_month(year, month):
        raise DateTextError(
            f"{quoted(typed)}という日はありません。{year}年{month}月は{_days_in_month(year, month)}日までです。"
        )


def _check_weekday(reading: _Reading, weekday: str | None, typed: str) -> None:
    if weekday is None or reading.month is None or reading.day is None:
        return
    right = "月火水木金土日"[date(reading.year, reading.month, reading.day).weekday()]
    if weekday != right:
        raise DateTextError(f"{quoted(typed)}は日付と曜日が合いません。この日は{right}曜日です。")


def _placed_in_era(reading: _Reading, era: Era, number: int, typed: str) -> _Reading:
    first = date(reading.year, reading.month or 1, reading.day or 1)
    last = date(reading.year, reading.month or 12, reading.day or _days_in_month(reading.year, reading.month or 12))
    if last < era.starts_on:
        raise DateTextError(f"{quoted(typed)}は{era.name}になる前です。「{_right_words(reading)}」と書いてください。")
    ends_on = next(
        (later.starts_on - timedelta(days=1) for later in ERAS[::-1] if later.starts_on > era.starts_on), None
    )
    if ends_on is None or first <= ends_on:
        return reading
    if number > max(era.written_until, ends_on.year - era.first_year + 1):
        raise DateTextError(
            f"{quoted(typed)}はありません。{era.name}は{format_date(ends_on).removeprefix(era.name)}までです。"
            f"「{_right_words(reading)}」と書いてください。"
        )
    return reading._replace(is_late=True)


def _right_words(reading: _Reading) -> str:
    """The same time in the era it belongs to."""
    if reading.month is None:
        words = format_fiscal_year(reading.year)
        return words.removesuffix("度") if reading.says_year else words
    words = format_date(date(reading.year, reading.month, reading.day or _days_in_month(reading.year, reading.month)))
    return words if reading.day else words[: words.index("月") + 1]


def _read_fiscal(text: str, typed: str) -> _Reading:
    reading = _read(text, typed)
    if reading is not None:
        return reading
    shown = quoted(typed)
    if _OPEN_END.search(text) or _BETWEEN.search(text):
        raise DateTextError(f"{shown}は期間です。ここには「令和5年度」のように一つの年度だけを書いてください。")
    if re.fullmatch("[0-9]+", text):
        raise DateTextError(
            f"{shown}は年度として読めません。日付のセルなら書式を日付にし、年度なら「令和5年度」と書いてください。"
        )
    raise DateTextError(f"{shown}は年度として読めません。「令和5年度」「R5」「2023年度」のように書いてください。")


def _span_year(part: str, typed: str) -> int:
    reading = _read(part, typed)
    if reading is None:
        raise DateTextError(
            f"{quoted(typed)}は期間として読めません。「令和5年度～令和7年度」か「令和5年度～」のように書いてください。"
        )
    if reading.says_year:
        raise DateTextError(
            f"{quoted(typed)}は年か年度か分かりません。「令和5年度～令和7年度」のように書いてください。"
        )
    return reading.fiscal_year


def _with_era_of(first: str, last: str) -> str:
    """令和5～7年度: the second year belongs to the era of the first."""
    era = re.match(r"[^\W\d_]+", first)
    return era[0] + last if era and re.match("[0-9]{1,3}(?![0-9])", last) else last
