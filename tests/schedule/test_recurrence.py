"""When duties are due and when people are told: examples, and every day of four years."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from schedule.recurrence import Escalation, Reach, Step, deadline, steps, yearly_date
from townhall import calendar, fiscal

FIRST, LAST = date(2025, 4, 1), date(2029, 4, 30)
DAYS = st.dates(FIRST, LAST)
CLOSING_DAYS = st.frozensets(DAYS, max_size=5)


@pytest.mark.parametrize(
    ("month", "day", "fiscal_year", "expected"),
    [
        (4, 1, 2026, date(2026, 4, 1)),
        (11, 30, 2026, date(2026, 11, 30)),
        (12, 31, 2026, date(2026, 12, 31)),
        (1, 29, 2026, date(2027, 1, 29)),  # 1–3月 belong to the fiscal year that began before
        (3, 31, 2026, date(2027, 3, 31)),
        (2, 29, 2026, date(2027, 2, 28)),
        (2, 29, 2027, date(2028, 2, 29)),
        (6, 31, 2026, date(2026, 6, 30)),
    ],
)
def test_yearly_date_lies_in_its_fiscal_year(month, day, fiscal_year, expected):
    assert yearly_date(month, day, fiscal_year=fiscal_year) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 30), date(2026, 11, 30)),  # Monday
        (date(2026, 12, 31), date(2026, 12, 28)),  # year-end closure
        (date(2026, 5, 31), date(2026, 5, 29)),  # Sunday
        (date(2027, 3, 21), date(2027, 3, 19)),
        (date(2028, 4, 1), date(2028, 4, 3)),  # Saturday: 3/31 would be the year before
    ],
)
def test_deadline_is_the_open_day_before_within_the_fiscal_year(day, expected):
    assert deadline(day) == expected


def test_deadline_respects_the_days_the_town_adds():
    assert deadline(date(2026, 11, 30), frozenset({date(2026, 11, 30)})) == date(2026, 11, 27)


def test_steps_are_told_before_on_and_weekly_after_the_day():
    found = steps(date(2026, 11, 30), lead_days=[60, 30, 7, 0], until=date(2026, 12, 20))
    assert [(step.key, Escalation().reach(step)) for step in found] == [
        ("2026-10-01:D-60", Reach.SECTION),
        ("2026-10-31:D-30", Reach.SECTION),
        ("2026-11-23:D-7", Reach.SECTION),
        ("2026-11-30:D", Reach.SECTION),
        ("2026-12-07:D+7", Reach.HEAD),
        ("2026-12-14:D+14", Reach.SECRETARIAT),
    ]


def test_no_step_lies_in_the_future():
    assert steps(date(2026, 11, 30), lead_days=[60], until=date(2026, 9, 30)) == ()


def test_a_round_is_also_told_on_the_day_after():
    found = steps(date(2026, 11, 20), lead_days=[10, 3], also_after=[1], until=date(2026, 11, 28))
    assert [step.offset for step in found] == [-10, -3, 1, 7]


@given(month=st.integers(1, 12), day=st.integers(1, 31), year=st.integers(2025, 2028), closed=CLOSING_DAYS)
def test_every_deadline_is_an_open_day_of_its_fiscal_year(month, day, year, closed):
    nominal = yearly_date(month, day, fiscal_year=year)
    due_on = deadline(nominal, closed)
    assert fiscal.fiscal_year(nominal) == fiscal.fiscal_year(due_on) == year
    assert not calendar.is_closed(due_on, closed)
    between = [nominal + timedelta(days=n) for n in range((due_on - nominal).days, 0)]
    assert all(calendar.is_closed(each, closed) for each in between if each > due_on)


@given(due_on=DAYS, until=DAYS, lead_days=st.lists(st.integers(0, 365), max_size=6))
def test_the_newest_step_of_every_day_is_the_right_period(due_on, until, lead_days):
    found = steps(due_on, lead_days=lead_days, until=until)
    assert len({step.key for step in found}) == len(found)
    assert list(found) == sorted(found, key=lambda step: step.nominal_on)
    assert all(step.nominal_on == due_on + timedelta(days=step.offset) <= until for step in found)
    late = (until - due_on).days
    expected = max([-n for n in lead_days if -n <= late] + list(range(7, late + 1, 7)), default=None)
    assert (found[-1].offset if found else None) == expected


def test_no_hour_of_four_years_falls_into_a_wrong_period():
    """F12: the town's date is taken once at the edge; 15:00 UTC begins the next day in Japan."""
    instant, wrong = datetime(2025, 4, 1, tzinfo=UTC), []
    while instant < datetime(2029, 5, 1, tzinfo=UTC):
        day = timezone.localdate(instant)
        in_japan = instant + timedelta(hours=9)
        if day != in_japan.date() or fiscal.fiscal_year(day) != in_japan.year - (in_japan.month < 4):
            wrong.append(instant)
        instant += timedelta(hours=1)
    assert wrong == []


def test_step_keys_carry_the_nominal_date():
    assert [Step(date(2026, 10, 9), offset).key for offset in (-3, 0, 7)] == [
        "2026-10-09:D-3",
        "2026-10-09:D",
        "2026-10-09:D+7",
    ]
