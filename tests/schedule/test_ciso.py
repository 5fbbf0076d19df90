"""What stays overdue after 事務局 was told reaches the CISO: duties and the policy, nothing else."""

from datetime import date

import pytest

from schedule.due import open_items
from schedule.recipients import Directory
from schedule.recurrence import Escalation, Reach, Step
from schedule.reminders import audience_of
from schedule.sources import DueDay
from tests.conftest import TODAY
from tests.schedule.duties import create_occurrence
from tests.schedule.factories import create_round
from tests.schedule.policies import create_document, find
from townhall.permissions import Permission

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_what_stays_overdue_reaches_the_ciso_after_the_secretariat(
    planning, clerk, section_head, secretary, deputy_mayor
):
    create_occurrence(section=planning, due_on=date(2026, 10, 23))
    told = {}
    for day in (date(2026, 11, 13), date(2026, 11, 20)):
        [item] = open_items(DueDay.on(day))
        audience = audience_of(item, item.current_step(day), Directory.on(day))
        told[day.day] = {user.username: note for user, note in audience.people}
    assert told[20] == told[13] | {
        "deputy_mayor": "担当：企画課。事務局へ知らせた後も済んでいないため、CISO（委員長）へもお知らせしています。"
    }
    assert list(told[13]) == ["clerk", "section_head", "secretary"]


def test_an_overdue_policy_reaches_the_ciso_and_an_overdue_report_does_not(plan, planning):
    create_occurrence(section=planning)
    create_document(next_review_on=date(2026, 11, 30), owner_section=planning)
    find(planning)
    create_round(plan=plan, due_on=date(2026, 12, 10))
    told = {item.kind: item.ciso_reads_with for item in open_items(DueDay.on(TODAY))}
    assert told == {
        "duty": Permission.VIEW_DUTY,
        "policy": Permission.VIEW_DUTY,
        "finding": Permission.VIEW_DUTY,
        "report": None,
        "closing": None,
    }


@pytest.mark.parametrize(("patience", "reached_after"), [(None, 28), (7, 28), (40, 54)])
def test_the_ciso_is_told_on_the_towns_day_and_later_for_a_patient_duty(patience, reached_after):
    days = {late: Escalation().reach(Step(TODAY, late, patience=patience)) for late in range(60)}
    assert min(late for late, reach in days.items() if reach is Reach.CISO) == reached_after
