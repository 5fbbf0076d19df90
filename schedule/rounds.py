"""The dates of rounds from a rule. Pure: plain values in, dates out; no database, no clock."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from schedule.choices import RoundInterval
from schedule.recurrence import deadline
from townhall import fiscal
from townhall.calendar import working_day_on_or_after

HALF_YEARS = {2: "上半期", 4: "下半期"}  # by their last quarter
FINAL_QUARTER = 1  # the final evaluation stands in the first quarter after the plan


def short_name(quarter: int, *, months: int = 3, is_final: bool = False) -> str:
    """「3Q」, 「下半期」 or 「最終評価」: where the year stands beside it."""
    if is_final:
        return "最終評価"
    return f"{quarter}Q" if months == 3 else HALF_YEARS[quarter]


def full_name(fiscal_year: int, quarter: int, *, months: int = 3, is_final: bool = False) -> str:
    """「令和7年度 第3四半期」, 「令和7年度 下半期」, 「令和8年度 第1四半期（最終評価）」."""
    year = fiscal.format_fiscal_year(fiscal_year)
    name = fiscal.format_quarter(fiscal_year, quarter) if months == 3 else f"{year} {HALF_YEARS[quarter]}"
    return f"{name}（最終評価）" if is_final else name


class Rule(Protocol):
    interval: str
    opens_after: int
    due_after: int
    closes_after: int
    final_after: int


@dataclass(frozen=True)
class RoundDates:
    """One round as the rule wants it. The three dates are working days."""

    fiscal_year: int
    quarter: int
    months: int
    is_final: bool
    opens_on: date
    due_on: date
    closes_on: date

    @property
    def key(self) -> tuple[int, int]:
        return self.fiscal_year, self.quarter


def rounds_of(
    rule: Rule, *, starts_on: date, ends_on: date, today: date, closing_days: AbstractSet[date]
) -> tuple[RoundDates, ...]:
    """Every round of a plan's period, oldest first, and after it the final evaluation.

    A final evaluation that could have been over before anybody made it begins today instead.
    """
    quarters = (2, 4) if rule.interval == RoundInterval.HALF else (1, 2, 3, 4)
    months = 6 if rule.interval == RoundInterval.HALF else 3
    found = []
    for year, quarter in _quarters(starts_on, ends_on, quarters):
        end = fiscal.quarter_end(year, quarter)
        days = _days(end + timedelta(days=rule.opens_after), rule, closing_days)
        found.append(RoundDates(year, quarter, months, False, *days))
    begins = ends_on + timedelta(days=rule.final_after)
    days = _days(begins, rule, closing_days)
    if days[1] < today:
        days = _days(today, rule, closing_days)
    year = fiscal.fiscal_year(ends_on + timedelta(days=1))
    found.append(RoundDates(year, FINAL_QUARTER, 3, True, *days))
    return tuple(found)


def _quarters(starts_on: date, ends_on: date, quarters: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """The quarters that end within the period."""
    for year in range(fiscal.fiscal_year(starts_on), fiscal.fiscal_year(ends_on) + 1):
        for quarter in quarters:
            if starts_on <= fiscal.quarter_end(year, quarter) <= ends_on:
                yield year, quarter


def _days(begins: date, rule: Rule, closing_days: AbstractSet[date]) -> tuple[date, date, date]:
    """入力の始め on or after its day; 提出期限 and 締切 before it when the town hall is closed, never before the start."""
    opens_on = working_day_on_or_after(begins, closing_days)
    due_on = max(opens_on, deadline(begins + timedelta(days=rule.due_after - rule.opens_after), closing_days))
    closes_on = max(due_on, deadline(begins + timedelta(days=rule.closes_after - rule.opens_after), closing_days))
    return opens_on, due_on, closes_on
