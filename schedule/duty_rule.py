"""How often a duty comes, as dates of one fiscal year. Pure: no clock and no database; never tied to a plan's period."""

from dataclasses import dataclass
from datetime import date

from schedule.choices import DutyRecurrence, YearPart
from schedule.recurrence import yearly_date

LAST_DAY = 31  # 「月末」: a day that no month is longer than
HALF_A_YEAR = 6


@dataclass(frozen=True)
class DutyRule:
    recurrence: str
    month: int
    day: int | None = None  # None: by the end of the month
    first_year: int | None = None  # fiscal year; nothing is due before it
    every_years: int | None = None

    def days_in(self, fiscal_year: int) -> dict[YearPart, date]:
        """The days of that fiscal year before they are moved to an open day; empty when the duty does not come."""
        if not self._comes_in(fiscal_year):
            return {}
        day = self.day or LAST_DAY
        if self.recurrence != DutyRecurrence.HALF:
            return {YearPart.WHOLE: yearly_date(self.month, day, fiscal_year=fiscal_year)}
        other = (self.month + HALF_A_YEAR - 1) % 12 + 1
        first, second = sorted(yearly_date(month, day, fiscal_year=fiscal_year) for month in (self.month, other))
        return {YearPart.FIRST: first, YearPart.SECOND: second}

    def _comes_in(self, fiscal_year: int) -> bool:
        if self.first_year is None:
            return True
        passed = fiscal_year - self.first_year
        if self.recurrence == DutyRecurrence.ONCE:
            return passed == 0
        if self.recurrence == DutyRecurrence.INTERVAL and self.every_years:
            return passed >= 0 and passed % self.every_years == 0
        return passed >= 0
