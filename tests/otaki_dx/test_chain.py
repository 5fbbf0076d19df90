"""The one chain: from any of its links to the next in one click, and back, by what stands on the pages."""

import re
from urllib.parse import urljoin

import pytest

from committee.choices import BudgetStage, Outcome, ProposalAction
from committee.models import BudgetLine, EffectReview, Execution
from tests.committee.factories import add_item, create_draft, create_meeting, decide, record, step, table
from tests.conftest import TODAY
from tests.schedule.small_plan import create_activity, create_initiative, create_plan, create_quarter, report
from townhall.changes import create_row, save_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]


@pytest.fixture
def chain(secretary, deputy_mayor, section_head, planning):
    """Plan → 取組1 → row 1-1 → report; a proposal of it decided, and the row discussed, at the 7th meeting."""
    plan = create_plan()
    initiative = create_initiative(plan=plan, owner_section=planning)
    row = create_activity(initiative=initiative)
    open_round = create_quarter(plan=plan, fiscal_year=2026, quarter=3, opens_on=TODAY, due_on=TODAY.replace(month=12))
    report(row, open_round, on=TODAY)
    proposal = create_draft(by=section_head, section=planning, initiative=initiative)
    step(proposal, ProposalAction.SUBMIT, by=section_head)
    proposal.refresh_from_db()
    meeting = create_meeting(by=secretary, number=7)
    item = table(proposal, meeting, by=secretary)
    add_item(meeting, by=secretary, title="1-1を続けるか", activity=row)
    decide(item, by=deputy_mayor, outcome=Outcome.ADOPTED)
    line = BudgetLine.objects.get(proposal=proposal)
    line.activity = row
    save_row(line, by=secretary, seen_version=line.version, today=TODAY)
    record(line, BudgetStage.REQUEST, 5800, by=section_head)
    execution = Execution.objects.get(proposal=proposal)
    review = {"due_on": TODAY, "measured_on": TODAY, "volume": 7000, "minutes_saved": 5, "yen_per_hour": 4000}
    measured = {"source": "受付の記録", "recorded_by": "企画課 課長 見本 二郎"}
    create_row(EffectReview(execution=execution, months=6, **review, **measured), by=section_head, today=TODAY)
    return {
        "dashboard": "/plan/",
        "initiative": initiative.get_absolute_url(),
        "row": row.get_absolute_url(),
        "round": f"/progress/{open_round.key}/",
        "meeting": meeting.get_absolute_url(),
        "proposal": proposal.get_absolute_url(),
        "budget line": line.get_absolute_url(),
        "effects": "/effects/",
        "history of the row": f"{row.get_absolute_url()}history/",
    }


EDGES = [
    ("dashboard", "initiative"),
    ("dashboard", "row"),
    ("initiative", "row"),
    ("initiative", "proposal"),
    ("initiative", "meeting"),
    ("row", "initiative"),
    ("row", "meeting"),
    ("row", "proposal"),
    ("row", "round"),
    ("row", "history of the row"),
    ("round", "history of the row"),
    ("meeting", "row"),
    ("meeting", "proposal"),
    ("proposal", "initiative"),
    ("proposal", "meeting"),
    ("history of the row", "row"),
    # the money and what was measured stand on the proposal's page, and lead back
    ("initiative", "budget line"),
    ("initiative", "effects"),
    ("row", "effects"),
    ("row", "budget line"),
    ("budget line", "row"),
    ("proposal", "budget line"),
    ("budget line", "proposal"),
    ("budget line", "initiative"),
    ("effects", "proposal"),
]


def links_on(client, url):
    response = client.get(url)
    assert response.status_code == 200, url
    main = response.content.decode()
    return {urljoin(url, link.split("#")[0].split("?")[0]) for link in re.findall(r'href="([^"]*)"', main)}


def test_each_link_of_the_chain_is_one_click_from_the_next(chain, client, secretary):
    client.force_login(secretary)
    pages = {name: links_on(client, url) for name, url in chain.items()}
    assert [(start, end) for start, end in EDGES if chain[end] not in pages[start]] == []


def test_any_two_links_are_at_most_two_clicks_apart(chain, client, secretary):
    """The decision stands on the meeting's page, the report on the row's. The entry grid leads to the row over its history."""
    client.force_login(secretary)
    pages = {name: links_on(client, url) for name, url in chain.items()}
    far = [
        (start, end)
        for start in set(chain) - {"round"}
        for end in set(chain) - {start, "history of the row", "round", "dashboard"}
        if chain[end] not in pages[start]
        and not any(chain[middle] in pages[start] and chain[end] in pages[middle] for middle in chain)
    ]
    assert far == []
