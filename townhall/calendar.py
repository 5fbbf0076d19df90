"""Days the town hall is open: not weekends, public holidays, 12/29–1/3 or days the town adds. No clock, no database.

`extra` is always the set of additional closing days; they are rows of the town, so the caller passes them in.
"""

from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from functools import lru_cache

import jpholiday

from townhall.fiscal import fiscal_year_end, fiscal_year_start, japan_date

NO_DAYS: frozenset[date] = frozenset()
WEEKDAYS_JA = "月火水木金土日"
_DAY = timedelta(days=1)
# Far longer than any closure; a search beyond it means the closing days are wrong (or the calendar has ended).
_LONGEST_CLOSURE = 366


class NoWorkingDayError(ValueError):
    """No open day is near; the message is a sentence for the person who chose the date."""


@lru_cache(maxsize=256)
def _holidays(year: int) -> frozenset[date]:
    # jpholiday takes about 60 ms for its first year and cannot look past the last day Python knows.
    return frozenset(day for day, _ in jpholiday.year_holidays(year)) if year < date.max.year else NO_DAYS


def weekday_ja(day: date) -> str:
    return WEEKDAYS_JA[japan_date(day).weekday()]


def is_holiday(day: date) -> bool:
    """Public holidays including 振替休日 and 国民の休日. Equinox days of coming years are predictions."""
    day = japan_date(day)
    return day in _holidays(day.year)


def is_year_end(day: date) -> bool:
    """12/29–1/3, closed by ordinance and in no list of public holidays."""
    return (day.month == 12 and day.day >= 29) or (day.month == 1 and day.day <= 3)


def is_closed(day: date, extra: AbstractSet[date] = NO_DAYS) -> bool:
    day = japan_date(day)
    return day.weekday() >= 5 or is_year_end(day) or is_holiday(day) or day in extra


def working_day_on_or_before(day: date, extra: AbstractSet[date] = NO_DAYS) -> date:
    """前倒し: for deadlines inside the town hall."""
    return _nearest_open(day, -_DAY, extra)


def working_day_on_or_after(day: date, extra: AbstractSet[date] = NO_DAYS) -> date:
    """後倒し: for periods set by law (民法142条)."""
    return _nearest_open(day, _DAY, extra)


def add_working_days(day: date, count: int, extra: AbstractSet[date] = NO_DAYS) -> date:
    """The `count`-th open day after `day`; with 0 the day itself or the next open one; below 0 it counts back."""
    if count < 0:
        return working_days_before(day, -count, extra)
    return _count_open(day, count, _DAY, extra)


def working_days_before(day: date, count: int, extra: AbstractSet[date] = NO_DAYS) -> date:
    """The `count`-th open day before `day`; with 0 the day itself or the last open one before it."""
    if count < 0:
        return add_working_days(day, -count, extra)
    return _count_open(day, count, -_DAY, extra)


def working_days_between(start: date, end: date, extra: AbstractSet[date] = NO_DAYS) -> int:
    """Open days after `start` up to and including `end` (残り開庁日数); negative when `end` lies before `start`."""
    start, end = japan_date(start), japan_date(end)
    if end < start:
        return -working_days_between(end, start, extra)
    return sum(not is_closed(start + _DAY * step, extra) for step in range(1, (end - start).days + 1))


def working_days_in_fiscal_year(fy: int, extra: AbstractSet[date] = NO_DAYS) -> int:
    return working_days_between(fiscal_year_start(fy) - _DAY, fiscal_year_end(fy), extra)


def _count_open(day: date, count: int, step: timedelta, extra: AbstractSet[date]) -> date:
    day = japan_date(day)
    if count == 0:
        return _nearest_open(day, step, extra)
    for _ in range(count):
        day = _nearest_open(_shift(day, step), step, extra)
    return day


def _nearest_open(day: date, step: timedelta, extra: AbstractSet[date]) -> date:
    day = japan_date(day)
    for _ in range(_LONGEST_CLOSURE):
        if not is_closed(day, extra):
            return day
        day = _shift(day, step)
    raise NoWorkingDayError("1年以上続けて閉庁日になっています。閉庁日の設定を確かめてください。")


def _shift(day: date, step: timedelta) -> date:
    try:
        return day + step
    except OverflowError:
        raise NoWorkingDayError("日付が暦の端を越えます。もっと近い日付を選んでください。") from None
