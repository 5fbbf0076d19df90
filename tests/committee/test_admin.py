"""The second entrance leads through the same rules."""

import pytest

from committee.choices import Outcome, ProposalAction, ProposalState
from committee.models import AgendaItem, Decision, Meeting, Proposal
from tests.committee.factories import (
    COMPLETE,
    add_item,
    create_draft,
    create_meeting,
    decide,
    put_in_state,
    step,
    table,
)
from townhall.changes import last_change

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]
A, S = ProposalAction, ProposalState


@pytest.fixture
def office(client, secretary):
    client.force_login(secretary)
    return client


@pytest.fixture
def submitted(section_head, planning, initiative):
    draft = create_draft(by=section_head, section=planning, initiative=initiative)
    return step(draft, A.SUBMIT, by=section_head)


def proposal_data(proposal, **values):
    data = {name: str(value) for name, value in COMPLETE.items()} | {"initiative": proposal.initiative_id}
    return data | {"seen_version": proposal.version} | values


def text_of(response):
    return response.content.decode()


@pytest.mark.parametrize("model", ["proposal", "proposalevent", "meeting", "agendaitem", "decision"])
def test_every_list_opens_for_the_office_and_not_for_the_engineer(client, office, engineer, submitted, model):
    assert office.get(f"/admin/committee/{model}/").status_code == 200
    client.force_login(engineer)
    assert client.get(f"/admin/committee/{model}/").status_code == 403


def test_drafts_of_a_section_are_hidden_here_too(office, clerk, planning):
    draft = create_draft(by=clerk, section=planning, title="秘密の下書き")
    for page in ("", "?q=秘密", f"{draft.pk}/change/", f"{draft.pk}/history/"):
        answer = office.get(f"/admin/committee/proposal/{page}", follow=True)
        assert "秘密の下書き" not in text_of(answer)
    assert "秘密の下書き" not in text_of(office.get("/admin/committee/proposalevent/"))


def test_the_office_mends_a_wording_and_the_history_says_so(office, submitted):
    url = f"/admin/committee/proposal/{submitted.pk}/change/"
    assert office.post(url, proposal_data(submitted, title="誤字を直した題")).status_code == 302
    submitted.refresh_from_db()
    change = last_change(submitted)
    assert (submitted.title, change.history_actor, change.history_source) == (
        "誤字を直した題", "総務課 事務局 見本 花子", "管理画面",
    )  # fmt: skip


def test_a_submitted_text_cannot_be_emptied(office, submitted):
    answer = office.post(f"/admin/committee/proposal/{submitted.pk}/change/", proposal_data(submitted, problem=""))
    assert "いまの困りごとを入力してください。" in text_of(answer)
    assert Proposal.objects.get().problem == COMPLETE["problem"]


def test_the_state_is_not_typed(office, submitted):
    office.post(
        f"/admin/committee/proposal/{submitted.pk}/change/",
        proposal_data(submitted, state="adopted", serial="99", edition="9", withdrawn_reason="x"),
    )
    proposal = Proposal.objects.get()
    assert (proposal.state, proposal.serial, proposal.edition, proposal.withdrawn_reason) == ("submitted", 1, 1, "")


@pytest.mark.parametrize("state", [S.RETURNED, S.TABLED, S.ADOPTED, S.REJECTED, S.WITHDRAWN])
def test_what_lies_elsewhere_or_is_decided_is_read_only(office, submitted, secretary, state):
    put_in_state(submitted, state, by=secretary)
    url = f"/admin/committee/proposal/{submitted.pk}/change/"
    assert 'name="title"' not in text_of(office.get(url))
    answer = office.post(url, proposal_data(submitted, title="割り込み"))
    assert answer.status_code == 409
    assert f"この提案はいま「{state.label}」のため、内容を変えられません。" in text_of(answer)
    assert "割り込み" in text_of(answer)
    assert Proposal.objects.get().title == COMPLETE["title"]


def test_proposals_are_not_made_or_deleted_here(office, submitted):
    assert office.get("/admin/committee/proposal/add/").status_code == 403
    assert office.post(f"/admin/committee/proposal/{submitted.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_meeting_is_called_and_changed(office):
    data = {"number": "7", "held_on": "2026-12-04", "starts_at": "13:30", "place": "大会議室", "way": "gathered"}
    assert office.post("/admin/committee/meeting/add/", data).status_code == 302
    meeting = Meeting.objects.get()
    url = f"/admin/committee/meeting/{meeting.pk}/change/"
    office.post(url, data | {"place": "小会議室", "seen_version": "1"})
    answer = office.post(url, data | {"place": "廊下", "seen_version": "1"})
    assert "相手の値「小会議室」／自分の値「廊下」" in text_of(answer)
    assert Meeting.objects.get().place == "小会議室"


def test_a_closed_meeting_is_read_only(office, secretary):
    meeting = create_meeting(by=secretary)
    item = add_item(meeting, by=secretary)
    decide(item, by=secretary, outcome=Outcome.NOTED)
    office.post("/meetings/7/close/", {"seen_version": meeting.version})
    meeting.refresh_from_db()
    data = {"number": "7", "held_on": "2026-12-04", "place": "廊下", "way": "gathered"} | {
        "seen_version": meeting.version
    }
    assert office.post(f"/admin/committee/meeting/{meeting.pk}/change/", data).status_code == 409
    for page in (f"meeting/{meeting.pk}/change/", f"agendaitem/{item.pk}/change/"):
        assert 'name="_save"' not in text_of(office.get(f"/admin/committee/{page}"))
    answer = office.post(
        "/admin/committee/agendaitem/add/", {"meeting": meeting.pk, "kind": "discuss", "title": "遅れて"}
    )
    assert (answer.status_code, AgendaItem.objects.count()) == (200, 1)


def test_a_subject_is_added_at_the_end_and_mended(office, secretary):
    meeting = create_meeting(by=secretary)
    add_item(meeting, by=secretary)
    data = {"meeting": meeting.pk, "kind": "discuss", "title": "二つ目", "note": ""}
    assert office.post("/admin/committee/agendaitem/add/", data).status_code == 302
    item = AgendaItem.objects.get(title="二つ目")
    data = data | {"title": "直した題", "seen_version": item.version}
    assert office.post(f"/admin/committee/agendaitem/{item.pk}/change/", data).status_code == 302
    item.refresh_from_db()
    assert (item.order, item.title) == (2, "直した題")


def test_a_decided_subject_is_not_changed(office, secretary):
    item = add_item(create_meeting(by=secretary), by=secretary)
    decide(item, by=secretary, outcome=Outcome.NOTED)
    item.refresh_from_db()
    data = {"kind": "discuss", "title": "あとから", "note": "", "seen_version": item.version}
    answer = office.post(f"/admin/committee/agendaitem/{item.pk}/change/", data)
    assert answer.status_code == 409
    assert "この議題は決定を記録してあります（報告了承、総務課 事務局 見本 花子）。" in text_of(answer)


def decision_data(item, **values):
    data = {"item": item.pk, "outcome": "adopted", "reason": "効果", "decided_on": "2026-11-24"}
    return data | values


def test_a_decision_here_moves_the_proposal(office, submitted, secretary):
    item = table(submitted, create_meeting(by=secretary), by=secretary)
    assert office.post("/admin/committee/decision/add/", decision_data(item)).status_code == 302
    assert (Proposal.objects.get().state, Decision.objects.get().recorded_by) == ("adopted", "総務課 事務局 見本 花子")
    assert submitted.events.last().action == "adopt"


@pytest.mark.parametrize(
    "values",
    [
        {"reason": ""},
        {"outcome": "noted"},
        {"outcome": "conditional"},
        {"decided_on": "2026-11-25"},
        {"item": "999"},
        {"item": ""},
    ],
)
def test_an_incomplete_decision_is_refused_here_too(office, submitted, secretary, values):
    item = table(submitted, create_meeting(by=secretary), by=secretary)
    answer = office.post("/admin/committee/decision/add/", decision_data(item) | values)
    assert (answer.status_code, Decision.objects.count(), Proposal.objects.get().state) == (200, 0, "tabled")


def test_a_recorded_decision_is_not_changed(office, submitted, secretary):
    item = table(submitted, create_meeting(by=secretary), by=secretary)
    decision = decide(item, by=secretary)
    url = f"/admin/committee/decision/{decision.pk}/change/"
    assert 'name="_save"' not in text_of(office.get(url))
    assert office.post(url, decision_data(item, reason="別の理由")).status_code == 403
    assert Decision.objects.get().reason == "効果が大きい。"
