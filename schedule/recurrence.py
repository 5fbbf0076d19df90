"""When yearly things are due and when people are told: arithmetic on dates, no clock and no database."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from townhall import fiscal
from townhall.calendar import (
    NO_DAYS,
    add_working_days,
    working_day_on_or_after,
    working_day_on_or_before,
)

WEEK = 7
# A deadline missed for so long is no longer the section's own matter, unless the town or the duty says otherwise.
DAYS_UNTIL_SECRETARIAT = 14
DAYS_UNTIL_CISO = 28


class Reach(IntEnum):
    """How far a reminder goes; each wider circle includes the narrower ones."""

    SECTION = 1  # 担当
    HEAD = 2  # and 課長
    SECRETARIAT = 3  # and 事務局
    CISO = 4  # and 委員長, for what they answer for (計画書 7 (1): CIO兼CISO)


@dataclass(frozen=True)
class Step:
    """One reminder of one thing. `nominal_on` may be a closed day; letters go out on the next open one."""

    nominal_on: date
    offset: int  # days from the due date: -30, 0, 7; of `working_steps` near the day, working days
    name: str = ""  # of a step that something else than the deadline sets: 「returned」, 「manual」
    note: str = ""  # what people are told beside the usual words
    at_once: bool = False  # does not wait for the morning: a letter of its own (差戻し, 招集)
    patience: int | None = None  # days late from which 事務局 is told; None: as the town has set for everything

    @property
    def key(self) -> str:
        """The part of a ledger line's unique key that names the nominal day: 「2026-10-09:D-3」."""
        if self.name:
            return f"{self.nominal_on.isoformat()}:{self.name}"
        return f"{self.nominal_on.isoformat()}:D{self.offset:+d}" if self.offset else f"{self.nominal_on}:D"


@dataclass(frozen=True)
class Escalation:
    """From how many days after the deadline others than 担当 are told: then it is no longer the section's own matter."""

    head_after: int = 1
    secretariat_after: int = DAYS_UNTIL_SECRETARIAT
    ciso_after: int = DAYS_UNTIL_CISO

    def reach(self, step: Step | None) -> Reach:
        """None: before the first step."""
        if step is None or step.offset < self.head_after:
            return Reach.SECTION
        patience = self.secretariat_after if step.patience is None else step.patience
        if step.offset < patience:
            return Reach.HEAD
        # 事務局 always has the same time to see to it, however patient a duty is.
        ciso_after = max(self.ciso_after, patience + self.ciso_after - self.secretariat_after)
        return Reach.SECRETARIAT if step.offset < ciso_after else Reach.CISO


def deadline(day: date, closing_days: AbstractSet[date] = NO_DAYS) -> date:
    """R5: the open day on or before `day` (前倒し), but never in the fiscal year before."""
    open_day = working_day_on_or_before(day, closing_days)
    if fiscal.fiscal_year(open_day) == fiscal.fiscal_year(day):
        return open_day
    return working_day_on_or_after(day, closing_days)


def yearly_date(month: int, day: int, *, fiscal_year: int) -> date:
    """That day in that fiscal year (1–3月 lie in the calendar year after); a day the month lacks is its last day."""
    year = fiscal_year if month >= 4 else fiscal_year + 1
    next_month = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day - 1), next_month - timedelta(days=1))


def steps(
    due_on: date,
    *,
    lead_days: Iterable[int],
    until: date,
    also_after: Iterable[int] = (),
    every: int = WEEK,
    patience: int | None = None,
) -> tuple[Step, ...]:
    """Every step whose nominal day is not after `until`, oldest first.

    Before and on the day as `lead_days` says; afterwards on the days of `also_after` and again `every` so many days,
    until it is done.
    """
    offsets = {-days for days in lead_days} | set(also_after)
    offsets |= set(range(every, (until - due_on).days + 1, every))
    found = (Step(due_on + timedelta(days=offset), offset, patience=patience) for offset in sorted(offsets))
    return tuple(step for step in found if step.nominal_on <= until)


def working_steps(
    due_on: date,
    *,
    lead_days: Iterable[int],
    also_after: Iterable[int],
    until: date,
    closing_days: AbstractSet[date] = NO_DAYS,
    every: int = WEEK,
) -> tuple[Step, ...]:
    """Like `steps`, but the days before and right after the due date are working days; the weeks stay weeks.

    Two steps that fall on one day are one: over New Year the working day after the deadline may be the seventh day.
    """
    near = {-days for days in lead_days} | set(also_after)
    days = {add_working_days(due_on, offset, closing_days): offset for offset in near}
    days |= {due_on + timedelta(days=late): late for late in range(every, (until - due_on).days + 1, every)}
    return tuple(Step(day, days[day]) for day in sorted(days) if day <= until)
