"""Working days before and after the deadline of a round, weeks afterwards."""

from datetime import date

import pytest

from schedule.recurrence import Escalation, Reach, Step, working_steps

NEW_YEAR_POWER_CUT = frozenset({date(2027, 1, 4)})
CLOSED_BEFORE = frozenset({date(2026, 11, 18)})


def keys(due_on, until, closing_days=frozenset()):
    found = working_steps(due_on, lead_days=(10, 3), also_after=(1,), until=until, closing_days=closing_days)
    return [step.key for step in found]


@pytest.mark.parametrize(
    ("due_on", "until", "closing_days", "expected"),
    [
        # a Friday: ten open days before are two weeks and the holiday of 3 November
        (
            date(2026, 11, 13),
            date(2026, 11, 28),
            frozenset(),
            ["2026-10-29:D-10", "2026-11-10:D-3", "2026-11-16:D+1", "2026-11-20:D+7", "2026-11-27:D+14"],
        ),
        # 勤労感謝の日 on the Monday after: the working day after the deadline is Tuesday
        (date(2026, 11, 20), date(2026, 11, 24), frozenset(), ["2026-11-06:D-10", "2026-11-17:D-3", "2026-11-24:D+1"]),
        # a day the town closes moves what lies before it
        (date(2026, 11, 20), date(2026, 11, 23), CLOSED_BEFORE, ["2026-11-05:D-10", "2026-11-16:D-3"]),
        # over New Year the next working day is the seventh day: one step
        (
            date(2026, 12, 28),
            date(2027, 1, 12),
            frozenset(),
            ["2026-12-14:D-10", "2026-12-23:D-3", "2027-01-04:D+7", "2027-01-11:D+14"],
        ),
        # and with 4 January closed it comes after it
        (
            date(2026, 12, 28),
            date(2027, 1, 5),
            NEW_YEAR_POWER_CUT,
            ["2026-12-14:D-10", "2026-12-23:D-3", "2027-01-04:D+7", "2027-01-05:D+1"],
        ),
        (date(2026, 11, 13), date(2026, 10, 28), frozenset(), []),  # nothing yet
    ],
)
def test_steps_before_and_right_after_are_working_days(due_on, until, closing_days, expected):
    assert keys(due_on, until, closing_days) == expected


def test_the_head_is_told_from_the_day_after_and_the_secretariat_after_two_weeks():
    found = working_steps(date(2026, 11, 13), lead_days=(10, 3), also_after=(1,), until=date(2026, 11, 28))
    assert [Escalation().reach(step) for step in found] == [
        Reach.SECTION,
        Reach.SECTION,
        Reach.HEAD,
        Reach.HEAD,
        Reach.SECRETARIAT,
    ]


def test_a_step_that_no_deadline_sets_is_keyed_by_its_day_and_name():
    assert Step(date(2026, 11, 24), 0, "manual").key == "2026-11-24:manual"
