"""Rounds and reports, made the way people make them."""

from datetime import date, datetime
from typing import Any

from initiatives.models import Plan
from schedule.actions.reporting import record_report
from schedule.actions.rounds import close_round
from schedule.closing import closing_check
from schedule.models import Activity, ProgressReport, ReportingRound
from tests.conftest import NOW, TODAY
from tests.factories import TESTS
from townhall.changes import create_row, save_row
from townhall.models import Section, User

FULL = {
    "standing": "on_track",
    "percent": 80,
    "text": "勉強会を1回開いた。",
    "reason": "",
    "next_step": "事例集を公開する。",
    "to_committee": False,
}


def create_round(
    *,
    plan: Plan,
    fiscal_year: int = 2025,
    quarter: int = 4,
    opens_on: date = date(2026, 11, 1),
    due_on: date = date(2026, 12, 10),
    **values: Any,
) -> ReportingRound:
    each = ReportingRound(
        plan=plan, fiscal_year=fiscal_year, quarter=quarter, opens_on=opens_on, due_on=due_on, **values
    )
    return create_row(each, by=TESTS, today=TODAY)


def give_rows_to(section: Section, *codes: str) -> None:
    """Make a section the owner of these rows of the plan."""
    for row in Activity.objects.filter(code__in=codes):
        row.owner_section = section
        save_row(row, by=TESTS, seen_version=row.version, today=TODAY)


def record(
    activity: Activity,
    round: ReportingRound,
    *,
    by: User,
    seen_version: int | None = None,
    today: date = TODAY,
    now: datetime = NOW,
    source: str = "画面",
    **values: Any,
) -> ProgressReport:
    """`record_report` with a complete report unless a value says otherwise."""
    return record_report(
        activity, round, by=by, today=today, now=now, seen_version=seen_version, source=source, **{**FULL, **values}
    )


def close(round: ReportingRound, *, by: User, seen_version: int | None, now: datetime = NOW) -> ReportingRound:
    """`close_round` by somebody who has just looked at the check."""
    stamp = closing_check(round, by=by).stamp
    return close_round(round, by=by, today=TODAY, now=now, seen_version=seen_version, seen_stamp=stamp)


def row(code: str) -> Activity:
    return Activity.objects.select_related("initiative").get(code=code)
