"""A small plan with a closed round, and publications made the way 事務局 makes them."""

from datetime import date
from typing import Any

from initiatives.models import Plan
from schedule.actions import publication as actions
from schedule.models import Activity, Publication, PublicLine, ReportingRound
from schedule.summaries.publication import publication_check
from tests.conftest import NOW, TODAY
from tests.factories import TESTS
from tests.schedule.small_plan import create_activity, create_initiative, create_plan, create_quarter, report
from townhall.changes import save_row


def small_plan(*, rows: int = 2) -> Plan:
    """One initiative; the first row's report is accepted, the others have none. Its round is closed."""
    plan = create_plan()
    initiative = create_initiative(plan=plan)
    first, *_ = [create_activity(initiative=initiative, number=number) for number in range(1, rows + 1)]
    closed = create_quarter(plan=plan, fiscal_year=2025, quarter=4)
    report(first, closed)
    closed.closed_at, closed.closed_by = NOW, "事務局"
    save_row(closed, by=TESTS, seen_version=closed.version, today=TODAY)
    return plan


def closed_round() -> ReportingRound:
    return ReportingRound.objects.get(closed_at__isnull=False)


def write_line(code: str, *, by: Any, **values: Any) -> PublicLine:
    row = Activity.objects.get(code=code)
    line = PublicLine.objects.filter(activity=row, round=closed_round()).first()
    line = line or PublicLine(activity=row, round=closed_round(), is_public=True)
    seen = line.version if line.pk else None
    for name, value in values.items():
        setattr(line, name, value)
    return actions.save_public_line(line, by=by, today=TODAY, seen_version=seen)


def publish(plan: Plan, *, by: Any, today: date = TODAY, **values: Any) -> Publication:
    """By somebody who has just looked at the check."""
    stamp = values.pop("seen_stamp", publication_check(plan, today=today).stamp)
    return actions.publish(plan, by=by, today=today, now=NOW, seen_stamp=stamp, **values)
