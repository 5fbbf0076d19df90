"""課内の決裁: the 課長 of the section is asked, nobody outside it, until the proposal has gone on."""

from datetime import date

import pytest

from committee.approvals_due import open_items
from committee.choices import ProposalAction
from schedule.models import ReminderLine
from schedule.recipients import Directory
from schedule.reminders import audience_of
from schedule.sources import DueDay
from tests.committee.factories import create_draft, step
from tests.conftest import TODAY
from tests.schedule.duties import plan_all

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def waiting(clerk, planning, initiative):
    return step(create_draft(by=clerk, section=planning, initiative=initiative), ProposalAction.SUBMIT, by=clerk)


def test_the_head_has_five_open_days_and_the_letter_says_nothing_of_the_proposal(waiting, section_head, secretary):
    [item] = open_items(DueDay.on(date(2026, 12, 2)))
    assert (item.title, item.due_on) == ("提案の課内の決裁", date(2026, 12, 1))
    assert [step.key for step in item.steps] == ["2026-11-24:waiting", "2026-11-30:D-1", "2026-12-02:D+1"]
    told = audience_of(item, item.current_step(TODAY), Directory.on(TODAY))
    assert told.people == ((section_head, "担当：企画課"),)


def test_nobody_outside_the_section_is_told_however_long_it_waits(waiting, secretary, deputy_mayor):
    long_after = date(2027, 3, 1)
    [item] = open_items(DueDay.on(long_after))
    told = audience_of(item, item.current_step(long_after), Directory.on(long_after))
    assert (told.people, told.has_owner) == ((), False)


@pytest.mark.parametrize(
    ("action", "comment"), [(ProposalAction.APPROVE, ""), (ProposalAction.SEND_BACK, "金額を確かめてください。")]
)
def test_what_the_head_decides_ends_the_notice_and_the_next_time_is_another_thing(
    waiting, clerk, section_head, action, comment
):
    plan_all()
    moved = step(waiting, action, by=section_head, comment=comment)
    assert ReminderLine.objects.open_for(section_head).count() == 0
    assert list(open_items(DueDay.on(TODAY))) == []
    if action == ProposalAction.SEND_BACK:
        step(moved, ProposalAction.SUBMIT, by=clerk)
        plan_all()
        assert ReminderLine.objects.open_for(section_head).count() == 1
