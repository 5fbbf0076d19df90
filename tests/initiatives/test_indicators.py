"""Indicators: rules of the database and of the actions, and what the summary says. On both databases."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from initiatives.actions import indicators as actions
from initiatives.models import Indicator, IndicatorTarget, IndicatorValue
from initiatives.national_indicators import national_indicators
from initiatives.summaries import indicator_table
from tests.conftest import TODAY
from tests.factories import TESTS
from tests.initiatives.factories import aim, create_indicator, create_initiative, create_plan, measure
from townhall.changes import StaleVersion, last_change
from townhall.refusal import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_plan(db):
    return create_plan()


# --- constraints


@pytest.mark.parametrize(
    "row",
    [
        lambda i: Indicator(plan=i.plan, number=i.number, name="別の名前", unit="件"),
        lambda i: Indicator(plan=i.plan, number=99, name=i.name, unit="件"),
        lambda i: Indicator(plan=i.plan, number=99, name="別の名前", unit="件", baseline_value=1),
        lambda i: IndicatorTarget(indicator=i, fiscal_year=2024, value=1, decided_by=""),
        lambda i: IndicatorTarget(indicator=i, fiscal_year=2024, value=2, upper=1, decided_by="会議"),
        lambda i: IndicatorTarget(indicator=i, fiscal_year=2023, value=2, decided_by="会議"),
        lambda i: IndicatorValue(indicator=i, fiscal_year=2023, value=2, as_of=TODAY),
        lambda i: IndicatorValue(indicator=i, fiscal_year=2024, part=5, value=2, as_of=TODAY),
        lambda i: IndicatorValue(indicator=i, fiscal_year=2024, basis="guess", value=2, as_of=TODAY),
    ],
)
def test_the_database_refuses(small_plan, row):
    indicator = create_indicator(plan=small_plan)
    aim(indicator, 2023, "50")
    measure(indicator, 2023, "40")
    with pytest.raises(IntegrityError), transaction.atomic():
        row(indicator).save()


# --- actions


def test_numbers_follow_each_other_and_a_second_press_makes_nothing_new(small_plan):
    first = create_indicator(plan=small_plan)
    again = Indicator(plan=small_plan, name=first.name, unit="%", creation_key=first.creation_key)
    assert actions.create_indicator(again, by=TESTS, today=TODAY) == first
    second = create_indicator(plan=small_plan, name="来庁回数")
    assert [first.label, second.label] == ["指標1", "指標2"]
    with pytest.raises(ValidationError, match="同じ名前の指標がもうあります"):
        create_indicator(plan=small_plan, name="来庁回数")


def test_a_value_is_corrected_only_with_a_reason_and_keeps_it(small_plan):
    value = measure(create_indicator(plan=small_plan), 2024, "61")
    value.value = Decimal(62)
    told = {"by": TESTS, "today": TODAY, "seen_version": value.version}
    with pytest.raises(Refused, match="訂正の理由"):
        actions.correct_value(value, reason=" ", **told)
    actions.correct_value(value, reason="数え直した", **told)
    value.refresh_from_db()
    assert (value.value, value.correction, value.version) == (Decimal("62.000"), "数え直した", 2)
    assert last_change(value).history_change_reason == "数え直した"


def test_of_two_who_record_one_period_the_second_is_told_and_the_same_twice_is_once(small_plan):
    indicator = create_indicator(plan=small_plan)
    first = measure(indicator, 2024, "61")
    assert measure(indicator, 2024, "61") == first
    with pytest.raises(StaleVersion):
        measure(indicator, 2024, "70")
    measure(indicator, 2024, "70", basis="estimated")
    measure(indicator, 2024, "30", part=1)
    assert indicator.values.count() == 3


@pytest.mark.parametrize(
    ("year", "as_of", "sentence"),
    [(2026, date(2027, 3, 31), "今日までの日"), (2025, date(2025, 3, 31), "令和7年度の始めより前")],
)
def test_a_measurement_is_neither_of_the_future_nor_of_before_its_year(small_plan, year, as_of, sentence):
    indicator = create_indicator(plan=small_plan)
    with pytest.raises(ValidationError, match=sentence):
        measure(indicator, year, "1", as_of=as_of)
    measure(indicator, year, "1", as_of=as_of, basis="estimated")


def test_an_upper_end_belongs_to_a_range(small_plan):
    with pytest.raises(ValidationError, match="決めた範囲の中が良い"):
        aim(create_indicator(plan=small_plan), 2024, "20", upper=Decimal(28))
    ranged = create_indicator(plan=small_plan, name="室温", direction="range")
    aim(ranged, 2024, "20", upper=Decimal(28))
    ranged.direction = "up"
    with pytest.raises(ValidationError, match="先に目標を直して"):
        actions.edit_indicator(ranged, by=TESTS, today=TODAY, seen_version=ranged.version)


def test_an_initiative_of_another_plan_is_refused(small_plan):
    other = create_initiative(plan=create_plan(code="other"))
    with pytest.raises(ValidationError, match="この指標の計画にない取組"):
        create_indicator(plan=small_plan, initiative=other)


def test_a_section_records_for_its_own_initiative_only(small_plan, clerk, planning, welfare, secretary):
    own = create_indicator(plan=small_plan, initiative=create_initiative(plan=small_plan, owner_section=planning))
    theirs = create_initiative(plan=small_plan, number=2, owner_section=welfare)
    rows = [own, create_indicator(plan=small_plan, name="よその指標", initiative=theirs)]
    rows.append(create_indicator(plan=small_plan, name="計画全体の指標"))
    assert [actions.may_record(clerk, row, today=TODAY) for row in rows] == [True, False, False]
    assert [actions.may_record(secretary, row, today=TODAY) for row in rows] == [True, True, True]
    value = IndicatorValue(indicator=rows[1], fiscal_year=2024, value=1, as_of=date(2025, 3, 31))
    with pytest.raises(PermissionDenied):
        actions.record_value(value, by=clerk, today=TODAY)
    with pytest.raises(PermissionDenied):
        actions.create_indicator(Indicator(plan=small_plan, name="x", unit="件"), by=clerk, today=TODAY)


def test_national_indicators_come_only_when_chosen_and_once(small_plan):
    initiative = create_initiative(plan=small_plan, number=2)
    chosen = [each for each in national_indicators() if each.code in ("training", "ai")]
    made = actions.adopt_national(small_plan, chosen, by=TESTS, today=TODAY)
    assert [(each.name, each.initiative) for each in made] == [
        ("全職員を対象とした研修の受講率", initiative),
        ("AIを導入した業務の数", None),
    ]
    assert actions.adopt_national(small_plan, chosen, by=TESTS, today=TODAY) == []
    assert Indicator.objects.count() == 2


# --- the summary


def test_measured_and_estimated_stand_apart(small_plan):
    indicator = create_indicator(plan=small_plan)
    aim(indicator, 2024, "60")
    aim(indicator, 2025, "90")
    measure(indicator, 2024, "61")
    measure(indicator, 2025, "88", basis="estimated")
    measure(indicator, 2025, "40", part=1, as_of=date(2025, 6, 30))
    measure(indicator, 2025, "55", part=2, as_of=date(2025, 9, 30))
    (line,) = indicator_table(small_plan).lines
    last = line.years[-1]
    assert [cell.fiscal_year for cell in line.years] == [2023, 2024, 2025]
    assert (last.measured.value, last.measured.part.label, last.estimated.value) == (55, "第2四半期", 88)
    assert (line.latest.fiscal_year, last.achievement.percent) == (2025, Decimal("61.1"))
    table = indicator_table(small_plan)
    assert (len(table.judged), table.met, table.without_target, table.without_value) == (1, 0, 0, 0)


def test_years_outside_the_plan_are_shown_when_they_have_a_figure(small_plan):
    measure(create_indicator(plan=small_plan), 2021, "10")
    assert indicator_table(small_plan).years == (2021, 2023, 2024, 2025)


@pytest.mark.parametrize("count", [1, 3])
def test_query_count(small_plan, count, django_assert_num_queries):
    for number in range(count):
        indicator = create_indicator(plan=small_plan, name=f"指標の名前{number}")
        aim(indicator, 2024, "60")
        measure(indicator, 2024, "61")
    with django_assert_num_queries(3):
        assert indicator_table(small_plan).met == count
