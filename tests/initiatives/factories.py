"""A plan of two initiatives with indicators, made through the actions."""

from datetime import date
from decimal import Decimal
from typing import Any

from initiatives.actions import indicators as actions
from initiatives.actions.evaluations import evaluate
from initiatives.models import (
    ComprehensiveItem,
    CrosswalkLink,
    Evaluation,
    EvaluationGrade,
    Indicator,
    IndicatorTarget,
    IndicatorValue,
    Initiative,
    NationalPriority,
    NationalPriorityVersion,
    Plan,
)
from tests.conftest import TODAY
from tests.factories import TESTS
from townhall.changes import create_row

END_OF_R6 = date(2025, 3, 31)


def create_plan(*, code: str = "small", first_year: int = 2023, last_year: int = 2025) -> Plan:
    plan = Plan(code=code, name="試験の計画", starts_on=date(first_year, 4, 1), ends_on=date(last_year + 1, 3, 31))
    return create_row(plan, by=TESTS, today=TODAY)


def create_initiative(*, plan: Plan, number: int = 1, **values: Any) -> Initiative:
    values.setdefault("kind", "priority")
    code = f"k{number}" if values["kind"] == "study" else str(number)
    row = Initiative(plan=plan, number=number, code=code, name=f"取組その{number}", text="する。", **values)
    return create_row(row, by=TESTS, today=TODAY)


def create_indicator(*, plan: Plan, name: str = "研修の受講率", unit: str = "%", **values: Any) -> Indicator:
    return actions.create_indicator(Indicator(plan=plan, name=name, unit=unit, **values), by=TESTS, today=TODAY)


def aim(indicator: Indicator, year: int, value: str, **values: Any) -> IndicatorTarget:
    values.setdefault("decided_by", "第1回委員会")
    target = IndicatorTarget(indicator=indicator, fiscal_year=year, value=Decimal(value), **values)
    return actions.set_target(target, by=TESTS, today=TODAY, seen_version=None)


def measure(indicator: Indicator, year: int, value: str, **values: Any) -> IndicatorValue:
    values.setdefault("as_of", date(year + 1, 3, 31) if year < 2026 else TODAY)
    row = IndicatorValue(indicator=indicator, fiscal_year=year, value=Decimal(value), **values)
    return actions.record_value(row, by=TESTS, today=TODAY)


def grade_of(plan: Plan, code: str) -> EvaluationGrade:
    return EvaluationGrade.objects.select_related("scale").get(scale__plan=plan, code=code)


def give(
    initiative: Initiative,
    year: int,
    stage: str,
    letter: str,
    *,
    by: Any = TESTS,
    today: date = TODAY,
    comment: str = "計画どおり。",
    direction: str = "",
) -> Evaluation:
    plan = initiative.plan
    draft = Evaluation(initiative=initiative, stage=stage, grade=grade_of(plan, letter), comment=comment)
    draft.direction = direction
    return evaluate(draft, plan=plan, fiscal_year=year, by=by, today=today, seen_version=None)


def map_to_the_nation(initiative: Initiative, *, number: str = "2.3", name: str = "見本の事項") -> CrosswalkLink:
    known = NationalPriorityVersion.objects.filter(number=number).first()
    order = NationalPriorityVersion.objects.count() + 1
    version = known or create_row(NationalPriorityVersion(number=number, order=order), by=TESTS, today=TODAY)
    place = version.priorities.count() + 1
    priority = NationalPriority(version_of=version, order=place, group="重点取組事項", name=name)
    create_row(priority, by=TESTS, today=TODAY)
    return create_row(CrosswalkLink(initiative=initiative, priority=priority), by=TESTS, today=TODAY)


def map_to_the_town(initiative: Initiative, *, code: str = "1-2") -> CrosswalkLink:
    item = ComprehensiveItem(plan_name="第4次総合計画", code=code, name="見本の施策", is_example=True)
    create_row(item, by=TESTS, today=TODAY)
    return create_row(CrosswalkLink(initiative=initiative, item=item), by=TESTS, today=TODAY)
