"""How often a duty comes: examples, and what holds for every rule and year."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedule.choices import DutyRecurrence as Often
from schedule.choices import YearPart as Part
from schedule.duty_rule import DutyRule
from townhall import fiscal


@pytest.mark.parametrize(
    ("rule", "year", "expected"),
    [
        (DutyRule(Often.YEARLY, 11, 30), 2026, {Part.WHOLE: date(2026, 11, 30)}),
        (DutyRule(Often.YEARLY, 2), 2027, {Part.WHOLE: date(2028, 2, 29)}),
        (DutyRule(Often.ANYTIME, 12, 31), 2026, {Part.WHOLE: date(2026, 12, 31)}),
        (DutyRule(Often.YEARLY, 11, 30, first_year=2027), 2026, {}),
        (DutyRule(Often.HALF, 5), 2026, {Part.FIRST: date(2026, 5, 31), Part.SECOND: date(2026, 11, 30)}),
        (DutyRule(Often.HALF, 1, 15), 2026, {Part.FIRST: date(2026, 7, 15), Part.SECOND: date(2027, 1, 15)}),
        (DutyRule(Often.HALF, 3), 2026, {Part.FIRST: date(2026, 9, 30), Part.SECOND: date(2027, 3, 31)}),
        (DutyRule(Often.ONCE, 3, first_year=2026), 2026, {Part.WHOLE: date(2027, 3, 31)}),
        (DutyRule(Often.ONCE, 3, first_year=2026), 2027, {}),
        (DutyRule(Often.INTERVAL, 6, 1, 2024, 3), 2027, {Part.WHOLE: date(2027, 6, 1)}),
        (DutyRule(Often.INTERVAL, 6, 1, 2024, 3), 2026, {}),
        (DutyRule(Often.INTERVAL, 6, 1, 2024, 3), 2021, {}),
    ],
)
def test_the_days_of_a_year(rule, year, expected):
    assert rule.days_in(year) == expected


RULES = st.builds(
    DutyRule,
    st.sampled_from(Often.values),
    st.integers(1, 12),
    st.none() | st.integers(1, 31),
    st.none() | st.integers(2020, 2030),
    st.none() | st.integers(2, 5),
)


@given(RULES, st.integers(2020, 2035))
def test_every_day_lies_in_its_fiscal_year_and_the_halves_in_order(rule, year):
    days = rule.days_in(year)
    assert {fiscal.fiscal_year(day) for day in days.values()} <= {year}
    assert list(days.values()) == sorted(days.values())
