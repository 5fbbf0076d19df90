"""決定 and 宿題 in the card of a subject: who sees which form, and where sending it leads."""

import pytest

from committee.choices import Outcome, ProposalAction
from committee.models import ActionItem, Decision
from initiatives.models import Initiative, Plan
from tests.committee.factories import add_item, close, create_draft, create_meeting, decide, step, table
from tests.conftest import TODAY
from tests.factories import TESTS
from townhall.changes import save_row

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]


@pytest.fixture
def meeting(secretary):
    return create_meeting(by=secretary)


@pytest.fixture
def office(client, secretary):
    client.force_login(secretary)
    return client


@pytest.fixture
def propose(section_head, planning, initiative):
    def one(title):
        draft = create_draft(by=section_head, section=planning, initiative=initiative, title=title)
        return step(draft, ProposalAction.SUBMIT, by=section_head)

    return one


@pytest.fixture
def open_plan(initiative):
    plan = Plan.objects.get(pk=initiative.plan_id)
    plan.ends_on = plan.ends_on.replace(year=2029)
    return save_row(plan, by=TESTS, seen_version=plan.version, today=TODAY)


def shown(form):
    """What a browser sends of a form on which nothing was changed."""
    values = {field.html_name: field.value() for field in form}
    return {name: value for name, value in values.items() if value not in (None, "", False)}


def forms_for(client, person, number=7):
    client.force_login(person)
    cards = client.get(f"/meetings/{number}/").context["cards"]
    return [tuple(form is not None for form in (card.decision, card.place, card.task)) for card in cards]


def test_each_sees_the_forms_of_what_they_may_do(
    client, meeting, propose, open_plan, secretary, deputy_mayor, member, clerk
):
    decided = add_item(meeting, by=secretary)
    decide(decided, by=secretary, outcome=Outcome.NOTED)
    add_item(meeting, by=secretary, title="協議")
    table(propose("書かない窓口"), meeting, by=secretary)
    assert forms_for(client, secretary) == [(False, False, True), (True, False, True), (True, True, True)]
    assert forms_for(client, deputy_mayor) == [(False, False, True), (True, False, True), (True, True, True)]
    assert forms_for(client, member) == forms_for(client, clerk) == [(False, False, False)] * 3


def test_nobody_writes_on_the_agenda_of_a_closed_meeting(client, meeting, secretary):
    decide(add_item(meeting, by=secretary), by=secretary, outcome=Outcome.NOTED)
    close(meeting, by=secretary)
    assert forms_for(client, secretary) == [(False, False, False)]


def test_a_decision_sent_from_the_card_leads_back_to_it(office, meeting, propose, open_plan, secretary):
    add_item(meeting, by=secretary)
    item = table(propose("書かない窓口"), meeting, by=secretary)
    card = office.get("/meetings/7/").context["cards"][1]
    url = f"/meetings/7/items/{item.pk}/decision/"
    assert f'action="{url}"' in office.get("/meetings/7/").content.decode()
    sent = shown(card.decision) | shown(card.place) | {"outcome": "adopted"}
    refused = office.post(url, sent)
    assert (refused.status_code, list(refused.context["form"].errors)) == (200, ["reason"])
    answer = office.post(url, sent | {"reason": "費用を2年で回収できる。"})
    assert answer.url == f"/meetings/7/#item-{item.pk}"
    assert Decision.objects.get().item.proposal.execution.activity.initiative == Initiative.objects.get()


def test_homework_sent_from_the_card_stands_in_it(office, meeting, propose, secretary, planning):
    item = table(propose("書かない窓口"), meeting, by=secretary)
    card = office.get("/meetings/7/").context["cards"][0]
    assert shown(card.task)["section"] == planning.pk
    sent = shown(card.task) | {"text": "協定の案を作る。", "due_on": "R9.1.31"}
    assert [office.post("/meetings/7/tasks/new/", sent).url for _ in range(2)] == [f"/meetings/7/#item-{item.pk}"] * 2
    task = ActionItem.objects.get()
    assert (task.item, task.section, str(task.due_on)) == (item, planning, "2027-01-31")
    assert [row.item for row in office.get("/meetings/7/").context["cards"][0].tasks] == [task]


@pytest.mark.parametrize("count", [1, 3])
def test_query_count(count, office, meeting, propose, open_plan, secretary, django_assert_num_queries):
    for number in range(count):
        table(propose(f"提案{number}"), meeting, by=secretary)
        add_item(meeting, by=secretary)
    office.get("/meetings/7/")
    with django_assert_num_queries(22):
        assert len(office.get("/meetings/7/").context["cards"]) == 2 * count
