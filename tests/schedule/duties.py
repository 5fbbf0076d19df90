"""Duties and due things, exactly as their names say."""

from datetime import date, datetime, time
from typing import Any

from schedule import reminders, sources
from schedule.models import Duty, DutyOccurrence
from schedule.models.duty import DutyKind
from schedule.recurrence import steps
from schedule.reminders import Planned
from schedule.sources import DueItem
from tests.conftest import TODAY
from tests.factories import TESTS
from townhall import fiscal
from townhall.changes import create_row
from townhall.models import Section
from townhall.permissions import Permission


def create_duty(*, name: str = "情報セキュリティ研修", **values: Any) -> Duty:
    """Due on 30 November, owned by nobody, told 60, 30, 7 and 0 days before."""
    values = {"code": "training", "kind": DutyKind.TRAINING, "due_month": 11, "due_day": 30} | values
    return create_row(Duty(name=name, **values), by=TESTS, today=TODAY)


def create_occurrence(
    *, duty: Duty | None = None, section: Section | None = None, due_on: date = date(2026, 11, 30), **values: Any
) -> DutyOccurrence:
    duty = duty or create_duty(owner_section=section)
    row = DutyOccurrence(duty=duty, fiscal_year=fiscal.fiscal_year(due_on), due_on=due_on, **values)
    return create_row(row, by=TESTS, today=TODAY)


def item(
    *,
    section: Section | None = None,
    subject: str = "thing:1",
    due_on: date = date(2026, 11, 30),
    title: str = "令和8年度 情報セキュリティ研修",
    lead_days: tuple[int, ...] = (60, 30, 7, 0),
    until: date = TODAY,
) -> DueItem:
    """A thing the engine has never heard of."""
    return DueItem(
        kind="thing",
        subject=subject,
        due_on=due_on,
        title=title,
        path="/duties/1/",
        section=section,
        permission=Permission.VIEW_DUTY,
        steps=steps(due_on, lead_days=lead_days, until=until),
    )


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """That day in Otaki; by default after the sending hour."""
    return datetime.combine(day, time(hour, minute), tzinfo=fiscal.TOWN_TIME)


def plan_items(*items: DueItem, today: date = TODAY, hour: int = 9, **values: Any) -> Planned:
    return reminders.plan(items, kinds=["thing"], today=today, now=at(today, hour), **values)


def plan_all(today: date = TODAY, hour: int = 9, **values: Any) -> Planned:
    """One run of the planner over everything that is due."""
    items = sources.open_items(sources.DueDay.on(today))
    return reminders.plan(items, kinds=sources.all_kinds(), today=today, now=at(today, hour), **values)
