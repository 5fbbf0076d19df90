"""Every state × action × person: written down here by hand, and compared with what the portal allows."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from committee.choices import ProposalAction, ProposalState
from committee.models import Proposal
from committee.turns import whose_turn
from committee.workflow import EDITORS, STEPS, TURNS, allowed_step, may_edit, open_steps
from tests import factories
from tests.committee.factories import create_draft, create_meeting, put_in_state
from tests.conftest import TODAY
from townhall.choices import Role
from townhall.refusal import Refused

# (action, state before) → who may, and where it leads. Whatever is not written here must be refused.
EXPECTED = {
    ("submit", "draft"): {"clerk": "section_review", "section_head": "submitted"},
    ("approve", "section_review"): {"section_head": "submitted"},
    ("send_back", "section_review"): {"section_head": "draft"},
    ("take_back", "section_review"): {"clerk": "draft", "section_head": "draft"},
    ("take_back", "submitted"): {"clerk": "draft", "section_head": "draft"},
    ("return", "submitted"): {"secretary": "returned"},
    ("return", "continued"): {"secretary": "returned"},
    ("answer", "returned"): {"clerk": "section_review", "section_head": "submitted"},
    ("table", "submitted"): {"secretary": "tabled"},
    ("table", "continued"): {"secretary": "tabled"},
    ("untable", "tabled"): {"secretary": "submitted"},
    ("adopt", "tabled"): {"secretary": "adopted", "deputy_mayor": "adopted"},
    ("adopt_conditionally", "tabled"): {"secretary": "conditional", "deputy_mayor": "conditional"},
    ("continue", "tabled"): {"secretary": "continued", "deputy_mayor": "continued"},
    ("reject", "tabled"): {"secretary": "rejected", "deputy_mayor": "rejected"},
    ("withdraw", "draft"): {"clerk": "withdrawn", "section_head": "withdrawn"},
    ("withdraw", "section_review"): {"clerk": "withdrawn", "section_head": "withdrawn"},
    ("withdraw", "submitted"): {"clerk": "withdrawn", "section_head": "withdrawn"},
    ("withdraw", "returned"): {"clerk": "withdrawn", "section_head": "withdrawn"},
    ("withdraw", "tabled"): {"clerk": "withdrawn", "section_head": "withdrawn"},
    ("withdraw", "continued"): {"clerk": "withdrawn", "section_head": "withdrawn"},
    ("request_budget", "adopted"): {"clerk": "requested", "section_head": "requested", "secretary": "requested"},
    ("request_budget", "conditional"): {"clerk": "requested", "section_head": "requested", "secretary": "requested"},
    ("request_budget", "unfunded"): {"clerk": "requested", "section_head": "requested", "secretary": "requested"},
    ("fund", "requested"): {"secretary": "budgeted"},
    ("fund_partly", "requested"): {"secretary": "budgeted"},
    ("put_off", "requested"): {"secretary": "unfunded"},
    ("start", "adopted"): {"clerk": "running", "section_head": "running"},
    ("start", "conditional"): {"clerk": "running", "section_head": "running"},
    ("start", "unfunded"): {"clerk": "running", "section_head": "running"},
    ("start", "budgeted"): {"clerk": "running", "section_head": "running"},
    ("measure", "running"): {"clerk": "measured", "section_head": "measured"},
    ("complete", "measured"): {"secretary": "completed"},
    ("drop", "adopted"): {"secretary": "dropped"},
    ("drop", "conditional"): {"secretary": "dropped"},
    ("drop", "unfunded"): {"secretary": "dropped"},
    ("drop", "requested"): {"secretary": "dropped"},
    ("drop", "budgeted"): {"secretary": "dropped"},
    ("drop", "running"): {"secretary": "dropped"},
}
PEOPLE = (
    "clerk",
    "section_head",
    "other_head",
    "secretary",
    "deputy_mayor",
    "member",
    "task_force",
    "expert",
    "engineer",
    "outsider",
    "gone",
)


@pytest.fixture
def people(request, planning):
    """Everybody by name; `task_force` sits in 専門部会, `gone` held the post until yesterday."""
    cast = {name: request.getfixturevalue(name) for name in PEOPLE if name not in ("task_force", "gone")}
    cast["task_force"] = factories.create_person(username="task_force", name="見本 九郎", role=Role.TASK_FORCE)
    cast["gone"] = factories.create_person(
        username="gone",
        name="見本 十郎",
        role=Role.SECTION_HEAD,
        section=planning,
        valid_until=TODAY.replace(day=TODAY.day - 1),
    )
    return cast


@pytest.mark.one_database
@pytest.mark.parametrize("state", ProposalState)
def test_every_action_of_every_person_is_allowed_or_refused_with_a_sentence(state, people, planning):
    proposal = Proposal(section=planning, state=state)
    found, wanted, sentences = {}, {}, set()
    for action in set(ProposalAction) - {ProposalAction.CREATE}:
        for name, person in people.items():
            wanted[action.value, name] = EXPECTED.get((action.value, state.value), {}).get(name, "refused")
            try:
                found[action.value, name] = allowed_step(proposal, action, by=person, today=TODAY).target.value
            except (Refused, PermissionDenied) as refusal:
                found[action.value, name] = "refused"
                sentences.add(str(refusal))
    assert found == wanted
    assert [text for text in sentences if not re.fullmatch(r"[^A-Za-z]*[ぁ-ん][^A-Za-z]*。", text)] == []


@pytest.mark.one_database
@pytest.mark.parametrize("state", ProposalState)
def test_the_buttons_are_exactly_the_allowed_steps(state, people, planning):
    proposal = Proposal(section=planning, state=state)
    for name, person in people.items():
        wanted = {(a, who[name]) for (a, s), who in EXPECTED.items() if s == state.value and name in who}
        assert {(s.action.value, s.target.value) for s in open_steps(proposal, by=person, today=TODAY)} == wanted, name


EDITING = {
    "draft": {"clerk", "section_head"},
    "returned": {"clerk", "section_head"},
    "submitted": {"secretary"},
    "continued": {"secretary"},
}


@pytest.mark.one_database
@pytest.mark.parametrize("state", ProposalState)
def test_the_text_is_changed_only_by_whoever_has_it(state, people, planning):
    proposal = Proposal(section=planning, state=state)
    found = {name for name, person in people.items() if may_edit(proposal, by=person, today=TODAY)}
    assert found == EDITING.get(state.value, set())


TURN = {
    "draft": {"clerk", "section_head"},
    "section_review": {"section_head"},
    "submitted": {"secretary"},
    "returned": {"clerk", "section_head"},
    "tabled": {"secretary", "deputy_mayor"},
    "continued": {"secretary"},
    "adopted": {"clerk", "section_head", "secretary"},
    "conditional": {"clerk", "section_head", "secretary"},
    "unfunded": {"clerk", "section_head", "secretary"},
    "requested": {"secretary"},
    "budgeted": {"clerk", "section_head"},
    "running": {"clerk", "section_head"},
    "measured": {"secretary"},
}


@pytest.mark.parametrize("state", ProposalState)
def test_whose_turn_in_words_and_in_the_list_say_the_same(state, people, planning):
    meeting = create_meeting(by=people["secretary"], held_on=TODAY)
    draft = create_draft(by=people["clerk"], section=planning)
    proposal = put_in_state(draft, state, by=people["secretary"], meeting=meeting)
    turn = whose_turn(proposal)
    said = {name for name, person in people.items() if turn.is_yours(person, today=TODAY)}
    listed = {name for name, person in people.items() if Proposal.objects.waiting_for(person, today=TODAY).exists()}
    assert (said, listed) == (TURN.get(state.value, set()), TURN.get(state.value, set()))


def test_before_the_day_of_the_meeting_nobody_is_asked_to_decide(people, planning):
    meeting = create_meeting(by=people["secretary"], held_on=TODAY.replace(day=TODAY.day + 1))
    draft = create_draft(by=people["clerk"], section=planning)
    proposal = put_in_state(draft, ProposalState.TABLED, by=people["secretary"], meeting=meeting)
    chair = people["deputy_mayor"]
    assert not whose_turn(proposal).is_yours(chair, today=TODAY)
    assert not Proposal.objects.waiting_for(chair, today=TODAY).exists()


def test_every_open_state_waits_for_somebody_and_no_closed_one_does():
    assert set(TURNS) == set(ProposalState) - {ProposalState(s) for s in ProposalState.CLOSED}
    assert set(EDITORS) < set(TURNS)


# --- docs/state-machine.md tells the same table

DOC = Path(__file__).parents[2] / "docs" / "state-machine.md"


def rows_of_the_document():
    lines = [line for line in DOC.read_text().splitlines() if re.match(r"\| `\w+` \|", line)]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]


def test_the_document_lists_exactly_the_steps_of_the_code():
    told = [
        (
            f"`{step.action}`",
            step.button,
            "、".join(state.label for state in step.sources) + ("（事務局が開くまで）" if step.until_opened else ""),
            step.target.label,
            f"`{step.permission}`",
            step.comment or "―",
            step.action.label,
        )
        for step in STEPS
    ]
    assert rows_of_the_document() == told
