"""How the apps hand over what is due. The reminder engine takes plain items from here and knows none of the things.

`settings.DUE_SOURCES` names modules, one per app, such as `schedule.due`. Each offers `KINDS` and `open_items(day)`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import import_module
from typing import Any, Protocol, Self, cast

from django.conf import settings

from schedule import recurrence
from schedule.models import ReminderSettings
from schedule.recurrence import WEEK, Reach, Step
from townhall.calendar import add_working_days
from townhall.models import ClosingDay, Section, User
from townhall.permissions import Permission

Key = tuple[str, str]  # kind, subject


@dataclass(frozen=True)
class Kind:
    """One kind of due thing, and when people are told of it unless the town has chosen otherwise."""

    slug: str  # stands in the ledger; at most 30 characters
    label: str
    lead_days: tuple[int, ...] | None  # before the day, 0: on the day; None: each thing has days of its own
    days_after: tuple[int, ...] = ()  # then once a week, until the thing is done or no longer handed over
    in_working_days: bool = False  # lead_days and days_after count working days
    # Its deadline: so many working days after somebody was asked; None: each thing has a deadline of its own.
    answer_within: int | None = None


@dataclass(frozen=True)
class DueItem:
    """One open thing and the days on which people are told about it, oldest first."""

    kind: str
    subject: str  # unique within its kind, and the same until the thing is done: 「occurrence:12」
    due_on: date
    title: str
    path: str  # the page where it is recorded
    section: Section | None  # whose matter it is; None: nobody's yet
    permission: Permission  # without it a person is not told: they could not do it
    steps: tuple[Step, ...]
    begins_with: Reach = Reach.SECTION  # whose task it is; who else is told, and when, follows from the steps
    # Named people: each of them is told, instead of the section's 担当. None of them left: 課長, then 事務局 (R7).
    people: tuple[User, ...] = ()
    # 委員長 as CISO is told of what stays overdue, and must be able to read it; None: it is no matter of theirs.
    ciso_reads_with: Permission | None = None
    # What 事務局 must hold to stand in for a missing 課長, where it cannot do the thing itself; None: `permission`.
    office_stands_in_with: Permission | None = None
    note: str = ""  # what everybody is told beside the usual words; nothing confidential

    @property
    def key(self) -> Key:
        return self.kind, self.subject

    def current_step(self, today: date) -> Step | None:
        """The newest step that has come; None before the first."""
        return next((step for step in reversed(self.steps) if step.nominal_on <= today), None)


@dataclass(frozen=True)
class DueDay:
    """The day for which things are collected, and what a source needs to know of it. `on` reads it with two queries."""

    today: date
    closing_days: frozenset[date]
    lead_days: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # by kind, where the town has chosen others
    answer_days: Mapping[str, int] = field(default_factory=dict)  # the same
    repeat_every: int = WEEK

    @classmethod
    def on(cls, today: date, rules: ReminderSettings | None = None) -> Self:
        rules = rules or ReminderSettings.current()
        return cls(today, ClosingDay.days(), rules.chosen_days(), rules.answer_days, rules.repeat_every)

    def deadline(self, day: date) -> date:
        """R5: as a working day."""
        return recurrence.deadline(day, self.closing_days)

    def answer_by(self, kind: Kind, asked_on: date) -> date:
        """The deadline of a thing of this kind that somebody was asked for on that day."""
        days = self.answer_days.get(kind.slug, kind.answer_within or 0)
        return add_working_days(asked_on, days, self.closing_days)

    def steps(self, kind: Kind, due_on: date) -> tuple[Step, ...]:
        """The steps up to today of a thing of this kind that is due on that working day."""
        leads = self.lead_days.get(kind.slug, kind.lead_days or ())
        if not kind.in_working_days:
            return recurrence.steps(
                due_on, lead_days=leads, also_after=kind.days_after, until=self.today, every=self.repeat_every
            )
        return recurrence.working_steps(
            due_on,
            lead_days=leads,
            also_after=kind.days_after,
            until=self.today,
            closing_days=self.closing_days,
            every=self.repeat_every,
        )

    def with_step(self, usual: tuple[Step, ...], extra: Step | None) -> tuple[Step, ...]:
        """The usual steps and one that something else than the deadline sets; on the same day the extra one is told."""
        if extra is None or extra.nominal_on > self.today:
            return usual
        return tuple(sorted((*usual, extra), key=lambda step: (step.nominal_on, step is extra)))


class Source(Protocol):
    """A module named in `settings.DUE_SOURCES`."""

    KINDS: tuple[Kind, ...]

    def open_items(self, day: DueDay) -> Iterable[DueItem]: ...


@cache
def _source(name: str) -> Source:
    module: Any = import_module(name)
    return cast(Source, module)


def all_kinds() -> dict[str, Kind]:
    """Every kind that some app hands over, by its slug. A line of a kind listed here whose thing is gone is over."""
    return {kind.slug: kind for name in settings.DUE_SOURCES for kind in _source(name).KINDS}


def open_items(day: DueDay) -> list[DueItem]:
    return [item for name in settings.DUE_SOURCES for item in _source(name).open_items(day)]
