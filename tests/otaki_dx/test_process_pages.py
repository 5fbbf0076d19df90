"""業務の棚卸し and the proposals that rest on it: from one to the other and back."""

import pytest

from committee.choices import ProposalAction
from tests.committee.factories import create_draft, step
from tests.initiatives import ledgers
from tests.schedule.small_plan import create_initiative, create_plan

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]


@pytest.fixture
def process(planning):
    return ledgers.create_process(section=planning)


@pytest.fixture
def proposals(process, planning, section_head):
    own = {"by": section_head, "section": planning, "process": process}
    first = create_draft(initiative=create_initiative(plan=create_plan()), title="出した提案", **own)
    create_draft(title="下書きの提案", **own)
    return step(first, ProposalAction.SUBMIT, by=section_head)


def test_each_leads_to_the_other_as_far_as_the_reader_may_know(client, process, proposals, clerk, member, other_head):
    titles = {}
    for person in (clerk, member, other_head):
        client.force_login(person)
        page = client.get(process.get_absolute_url())
        titles[person.username] = [proposal.title for proposal in page.context["proposals"]]
        assert f'href="{proposals.get_absolute_url()}"' in page.content.decode() or person == other_head
    own, others = {"出した提案", "下書きの提案"}, ["出した提案"]
    assert (set(titles[clerk.username]), titles[member.username], titles[other_head.username]) == (own, others, [])
    client.force_login(clerk)
    assert f'href="{process.get_absolute_url()}"' in client.get(proposals.get_absolute_url()).content.decode()


def test_a_process_without_proposals_says_how_they_come(client, process, clerk):
    client.force_login(clerk)
    assert "ここに並びます。" in client.get(process.get_absolute_url()).content.decode()
