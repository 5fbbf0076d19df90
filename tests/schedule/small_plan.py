"""A plan made of as many rows as a test needs. The shipped plan has its own fixture, `plan`."""

from datetime import UTC, date, datetime
from typing import Any

from initiatives.models import Initiative, Plan
from schedule.models import Activity, ProgressReport, ReportingRound
from tests.factories import TESTS
from townhall.changes import create_row

DAY = date(2026, 4, 1)


def create_plan(*, code: str = "small", starts_on: date = date(2023, 4, 1), ends_on: date = date(2026, 3, 31)) -> Plan:
    return create_row(Plan(code=code, name="試験の計画", starts_on=starts_on, ends_on=ends_on), by=TESTS, today=DAY)


def create_initiative(*, plan: Plan, number: int = 1, kind: str = "priority", **values: Any) -> Initiative:
    code = f"k{number}" if kind == "study" else str(number)
    row = Initiative(plan=plan, kind=kind, number=number, code=code, name=f"取組その{number}", text="本文。", **values)
    return create_row(row, by=TESTS, today=DAY)


def create_activity(*, initiative: Initiative, number: int = 1, kind: str = "from", **values: Any) -> Activity:
    """Row 「1-2」 for initiative 1 and number 2; the line of a 検討事項 for a study."""
    is_study = initiative.kind == "study"
    years = {} if is_study else {"first_year": 2023, "last_year": 2025, "timing_text": "令和5年度～実施"}
    row = Activity(
        plan=initiative.plan,
        initiative=initiative,
        code=initiative.code if is_study else f"{initiative.number}-{number}",
        order=initiative.number * 100 + number + (5000 if is_study else 0),
        kind="study" if is_study else kind,
        **{"content": f"{initiative.name}の内容{number}", **years, **values},
    )
    return create_row(row, by=TESTS, today=DAY)


def create_quarter(*, plan: Plan, fiscal_year: int, quarter: int, **values: Any) -> ReportingRound:
    """Opens in the last month of its quarter, due ten days after its end."""
    month, year = {1: 6, 2: 9, 3: 12, 4: 3}[quarter], fiscal_year + (quarter == 4)
    due = date(year + (month == 12), month % 12 + 1, 10)
    each = ReportingRound(plan=plan, fiscal_year=fiscal_year, quarter=quarter, **values)
    each.opens_on, each.due_on = values.get("opens_on", date(year, month, 1)), values.get("due_on", due)
    return create_row(each, by=TESTS, today=DAY)


def report(
    row: Activity, round: ReportingRound, standing: str = "on_track", *, on: date | None = None, **values: Any
) -> ProgressReport:
    """An accepted report, as if written on that day (the round's due date)."""
    needs_reason = standing in ("late", "slightly_late")
    day = on or round.due_on
    texts = {
        "state": "accepted",
        "text": f"{row.code}の実績。",
        "next_step": "続けます。",
        "reason": "人手が足りません。" if needs_reason else "",
    }
    made = ProgressReport(
        activity=row,
        round=round,
        standing=standing,
        reported_at=datetime(day.year, day.month, day.day, 3, tzinfo=UTC),
        reported_by="企画課 課長 見本 二郎",
        **{**texts, **values},
    )
    return create_row(made, by=TESTS, today=DAY)
