"""差戻し, 招集: what cannot wait for the morning has a letter of its own, once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from schedule import reminders
from schedule.models import ReminderLine, ReminderMail
from schedule.recurrence import Step
from tests.conftest import TODAY
from tests.schedule.duties import at, item, plan_items

pytestmark = pytest.mark.django_db

SUNDAY = date(2026, 11, 29)


def urgent(section, on=TODAY):
    return replace(item(section=section), steps=(Step(on, -6, "asked", at_once=True),))


def letters():
    """Of each letter: is it of its own, and which things stand in it."""
    mails = ReminderMail.objects.order_by("pk").prefetch_related("lines")
    return [(mail.digest_key.startswith("event:"), [line.subject for line in mail.lines.all()]) for mail in mails]


def test_it_has_a_letter_of_its_own_before_the_sending_hour(clerk, planning):
    usual = item(section=planning, subject="thing:2")
    assert plan_items(urgent(planning), usual, hour=7).letters == 1
    assert letters() == [(True, ["thing:1"])]


def test_planning_again_and_the_letter_of_the_morning_do_not_name_it_again(clerk, planning):
    usual = item(section=planning, subject="thing:2")
    assert [plan_items(urgent(planning), usual, hour=hour).letters for hour in (7, 7, 9, 10)] == [1, 0, 1, 0]
    assert letters() == [(True, ["thing:1"]), (False, ["thing:2"])]


def test_told_by_the_action_it_has_its_letter_before_the_planner_comes(clerk, planning):
    for _ in range(2):
        reminders.tell_now(urgent(planning), today=TODAY, now=at(TODAY, 20))
    assert letters() == [(True, ["thing:1"])]
    assert plan_items(urgent(planning)).letters == 0


def test_on_a_closed_day_it_waits_for_the_letter_of_the_next_morning(clerk, planning):
    reminders.tell_now(urgent(planning, SUNDAY), today=SUNDAY, now=at(SUNDAY))
    assert plan_items(urgent(planning, SUNDAY), today=SUNDAY).letters == 0
    monday = SUNDAY + timedelta(days=1)
    assert [plan_items(urgent(planning, SUNDAY), today=monday, hour=hour).letters for hour in (7, 9)] == [0, 1]
    assert letters() == [(False, ["thing:1"])]


def test_who_takes_no_letters_sees_it_in_the_portal(clerk, planning):
    clerk.wants_mail = False
    clerk.save()
    reminders.tell_now(urgent(planning), today=TODAY, now=at(TODAY))
    assert (plan_items(urgent(planning)).letters, letters()) == (0, [])
    assert [line.step for line in ReminderLine.objects.open_for(clerk)] == ["2026-11-24:asked"]
