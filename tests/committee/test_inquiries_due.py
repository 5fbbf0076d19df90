"""A 照会 is told to the section at once, asked for until it is answered, and over with the answer."""

from datetime import date

import pytest

from committee.choices import ProposalAction
from committee.inquiries_due import open_items
from otaki_dx.home import own_items
from schedule.choices import LineState
from schedule.models import ReminderLine, ReminderMail
from schedule.recipients import Directory
from schedule.reminders import audience_of
from schedule.sources import DueDay
from tests.committee.factories import create_draft, step
from tests.conftest import TODAY
from tests.schedule.duties import plan_all

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def asked(section_head, secretary, planning, initiative):
    proposal = create_draft(by=section_head, section=planning, initiative=initiative)
    proposal = step(proposal, ProposalAction.SUBMIT, by=section_head)
    return step(proposal, ProposalAction.RETURN, by=secretary, comment="個人情報の扱いを教えてください。")


def test_it_is_due_ten_open_days_later_and_names_nothing_but_the_number(asked, clerk, planning):
    [item] = open_items(DueDay.on(date(2026, 12, 9)))
    assert (item.subject, item.title, item.section) == (
        f"proposal:{asked.pk}:edition:1",
        "照会への回答　提案R8-01",
        planning,
    )
    assert item.due_on == date(2026, 12, 8)
    assert [step.key for step in item.steps] == [
        "2026-11-24:asked",
        "2026-12-03:D-3",
        "2026-12-08:D",
        "2026-12-09:D+1",
    ]
    told = audience_of(item, item.current_step(TODAY), Directory.on(TODAY))
    assert [user for user, _ in told.people] == [clerk]


def test_the_letter_goes_out_at_once_and_the_answer_ends_the_notice(asked, clerk, section_head):
    plan_all(hour=7)  # before the sending hour
    assert list(ReminderMail.objects.values_list("recipient__username", flat=True)) == ["clerk"]
    step(asked, ProposalAction.ANSWER, by=section_head, comment="扱いません。")
    assert list(ReminderLine.objects.values_list("state", "state_reason")) == [(LineState.DONE, "回答して再提出する")]
    assert list(open_items(DueDay.on(TODAY))) == []


def test_the_home_page_names_it_once_with_its_day(asked, clerk, section_head):
    plan_all()
    assert [(item.title, item.days_in_words) for item in own_items(clerk, today=TODAY)] == [
        ("照会への回答　提案R8-01", "あと14日")
    ]
    assert [item.title for item in own_items(section_head, today=TODAY)] == [str(asked)]


def test_asked_again_it_is_another_thing(asked, clerk, section_head, secretary):
    plan_all()
    again = step(asked, ProposalAction.ANSWER, by=section_head, comment="扱いません。")
    step(again, ProposalAction.RETURN, by=secretary, comment="費用の内訳を教えてください。")
    plan_all()
    assert list(ReminderLine.objects.order_by("pk").values_list("subject", "state")) == [
        (f"proposal:{asked.pk}:edition:1", LineState.DONE),
        (f"proposal:{asked.pk}:edition:2", LineState.DUE),
    ]
