"""Several people in the same instant, on separate connections."""

import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connections

from committee import actions
from committee.choices import Outcome, ProposalAction
from committee.models import AgendaItem, Decision, Meeting, Proposal, WrittenAnswer
from initiatives.models import Initiative
from tests.committee.factories import (
    add_item,
    assign,
    convene,
    create_draft,
    create_meeting,
    decide,
    draft_minutes,
)
from tests.conftest import NOW, TODAY
from townhall.changes import StaleVersion
from townhall.refusal import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*jobs):
    """Run the jobs in threads that start together; what each returned or raised."""
    gate, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(index, job):
        try:
            gate.wait(timeout=20)
            results[index] = job()
        except Exception as error:
            results[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def test_submissions_in_the_same_instant_get_different_numbers(section_head, planning):
    call_command("load_plan", verbosity=0)
    initiative = Initiative.objects.get(code="1")
    drafts = [create_draft(by=section_head, section=planning, initiative=initiative) for _ in range(6)]

    def submit(draft):
        actions.take_step(
            draft, ProposalAction.SUBMIT, by=section_head, today=TODAY, now=NOW, seen_version=draft.version
        )
        return draft.number_label

    numbers = at_once(*[lambda d=draft: submit(d) for draft in drafts])
    assert sorted(map(str, numbers)) == [f"R8-0{n}" for n in range(1, 7)]


def test_of_two_decisions_in_the_same_instant_one_counts(secretary, deputy_mayor):
    meeting = create_meeting(by=secretary, held_on=TODAY - timedelta(days=1))
    item = add_item(meeting, by=secretary)
    rows = [AgendaItem.objects.get(pk=item.pk) for _ in range(2)]
    results = at_once(
        lambda: decide(rows[0], by=secretary, outcome=Outcome.ADOPTED).outcome,
        lambda: decide(rows[1], by=deputy_mayor, outcome=Outcome.REJECTED).outcome,
    )
    refused = [r for r in results if isinstance(r, Refused | StaleVersion)]
    assert (len(refused), Decision.objects.count()) == (1, 1)
    assert Decision.objects.get().outcome in results


def test_nothing_slips_into_a_meeting_while_it_is_closed(secretary):
    meeting = create_meeting(by=secretary, held_on=TODAY)
    decide(add_item(meeting, by=secretary), by=secretary, outcome=Outcome.NOTED)
    meeting = Meeting.objects.get(pk=meeting.pk)
    results = at_once(
        lambda: actions.close_meeting(meeting, by=secretary, today=TODAY, now=NOW, seen_version=meeting.version),
        lambda: add_item(Meeting.objects.get(pk=meeting.pk), by=secretary, title="駆け込み"),
    )
    assert sum(isinstance(r, Refused) for r in results) == 1
    closed, late = Meeting.objects.get().is_closed, AgendaItem.objects.filter(title="駆け込み").exists()
    assert closed != late


CHANGES = {
    "seat": ("state", "present", actions.record_attendance),
    "task": ("text", "変えた宿題", actions.edit_action_item),
    "item": ("title", "変えた議題", actions.edit_agenda_item),
    "minutes": ("text", "変えた文", actions.edit_minutes),
}


@pytest.mark.parametrize("what", CHANGES)
def test_who_changes_something_while_the_meeting_is_closed_is_first_or_is_told(secretary, member, what):
    meeting = create_meeting(by=secretary, held_on=TODAY)
    item = add_item(meeting, by=secretary)
    convene(meeting, by=secretary)
    task, minutes = assign(meeting, by=secretary), draft_minutes(meeting, by=secretary)
    item.refresh_from_db()
    decide(item, by=secretary, outcome=Outcome.NOTED)
    meeting = Meeting.objects.get()
    row = {"seat": meeting.seats.get(), "task": task, "item": meeting.items.get(), "minutes": minutes}[what]
    field, wanted, change = CHANGES[what]
    before = getattr(row, field)
    setattr(row, field, wanted)
    closed, changed = at_once(
        lambda: actions.close_meeting(meeting, by=secretary, today=TODAY, now=NOW, seen_version=meeting.version),
        lambda: change(row, by=secretary, today=TODAY, seen_version=row.version),
    )
    told = isinstance(changed, Refused)
    kept = getattr(type(row).objects.get(pk=row.pk), field)
    assert (closed.is_closed, kept, getattr(row, field)) == (True, before if told else wanted, wanted)
    assert not told or changed.sentence[-1] == "。"
    assert told or what != "item"  # a decided subject is changed by nobody before the end


def test_two_members_who_answer_and_one_who_decides_in_the_same_instant_all_count(secretary, deputy_mayor, member):
    meeting = create_meeting(by=secretary, held_on=TODAY, way="written")
    item = add_item(meeting, by=secretary)
    convene(meeting, by=secretary)
    item.refresh_from_db()

    def answer(person):
        given = WrittenAnswer(item=AgendaItem.objects.get(pk=item.pk), vote="agree")
        return actions.answer_in_writing(given, by=person, today=TODAY, seen_version=None).vote

    results = at_once(lambda: answer(deputy_mayor), lambda: answer(member), lambda: decide(item, by=secretary).outcome)
    assert (results, WrittenAnswer.objects.count()) == (["agree", "agree", "adopted"], 2)


def test_a_form_sent_twice_in_the_same_instant_makes_one_proposal(clerk, planning):
    made = [Proposal(section=planning, title="二度押し") for _ in range(2)]
    made[1].creation_key = made[0].creation_key
    results = at_once(
        *[lambda d=draft: actions.create_proposal(d, by=clerk, today=TODAY, now=NOW).pk for draft in made]
    )
    assert (results[0] == results[1], Proposal.objects.count()) == (True, 1)
