"""What is typed in the form of a proposal survives, and is nobody else's."""

import pytest

from committee.choices import ProposalAction
from committee.models import Proposal, ProposalDraft
from tests.committee.factories import COMPLETE, create_draft, put_in_state, step

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]
JSON = {"Accept": "application/json"}


@pytest.fixture
def draft(clerk, planning, initiative):
    return create_draft(by=clerk, section=planning, initiative=initiative)


def type_in(client, **values):
    return client.post("/proposals/draft/", values, headers=JSON)


def test_a_new_proposal_comes_back_until_it_is_saved(client, clerk):
    client.force_login(clerk)
    assert type_in(client, title="打ちかけの題", yearly_volume="百件").json() == {"saved_at": "10:00"}
    assert Proposal.objects.count() == 0
    page = client.get("/proposals/new/").content.decode()
    assert [text in page for text in ("打ちかけの題", "百件", "保存していない入力")] == [True] * 3
    client.post("/proposals/new/", {"title": "保存した題"})
    assert (ProposalDraft.objects.count(), Proposal.objects.get().title) == (0, "保存した題")


def test_what_was_typed_over_an_older_version_is_noticed_when_it_is_saved(client, draft, clerk, section_head):
    client.force_login(clerk)
    type_in(client, proposal=draft.pk, problem="打ちかけの文", seen_version=draft.version)
    client.force_login(section_head)
    texts = {name: str(value) for name, value in COMPLETE.items()} | {"initiative": draft.initiative_id}
    client.post(f"/proposals/{draft.pk}/edit/", texts | {"title": "課長の題", "seen_version": draft.version})
    client.force_login(clerk)
    page = client.get(f"/proposals/{draft.pk}/edit/").content.decode()
    assert "打ちかけの文" in page
    assert f'name="seen_version" value="{draft.version}"' in page  # the one it was typed beside
    assert ProposalDraft.objects.count() == 1


def test_a_draft_is_thrown_away_by_its_own_author_only(client, draft, clerk, section_head):
    client.force_login(clerk)
    type_in(client, proposal=draft.pk, problem="打ちかけの文")
    client.force_login(section_head)
    assert "打ちかけの文" not in client.get(f"/proposals/{draft.pk}/edit/").content.decode()
    client.post("/proposals/draft/", {"proposal": draft.pk, "drop": "1"})
    assert ProposalDraft.objects.count() == 1
    client.force_login(clerk)
    assert client.post("/proposals/draft/", {"proposal": draft.pk, "drop": "1"}).url == f"/proposals/{draft.pk}/edit/"
    assert ProposalDraft.objects.count() == 0


@pytest.mark.parametrize("number", ["x", "0", "999999", "9" * 30, "１", "-1"])
def test_an_unknown_proposal_is_refused_with_a_sentence(client, clerk, number):
    client.force_login(clerk)
    answer = type_in(client, proposal=number, title="題")
    assert (answer.status_code, ProposalDraft.objects.count()) == (409, 0)
    assert answer.json()["sentence"].endswith("。")


def test_another_sections_proposal_takes_no_draft(client, draft, other_head):
    client.force_login(other_head)
    assert type_in(client, proposal=draft.pk, title="題").status_code == 409
    assert client.get("/proposals/draft/", {"proposal": draft.pk}).status_code == 409


def test_what_lies_with_the_office_takes_no_draft(client, draft, clerk, secretary):
    put_in_state(draft, "tabled", by=secretary)
    client.force_login(clerk)
    assert "下書きに保存していません" in type_in(client, proposal=draft.pk, title="題").json()["sentence"]


def test_ten_thousand_characters_survive_and_far_too_many_are_refused(client, clerk):
    client.force_login(clerk)
    assert type_in(client, problem="あ" * 10_000).status_code == 200
    assert ProposalDraft.objects.get().typed["problem"] == "あ" * 10_000
    assert type_in(client, problem="あ" * 100_001).status_code == 409


# --- 回答


@pytest.fixture
def asked(section_head, planning, initiative, secretary):
    proposal = step(
        create_draft(by=section_head, section=planning, initiative=initiative), ProposalAction.SUBMIT, by=section_head
    )
    return step(proposal, ProposalAction.RETURN, by=secretary, comment="内訳を教えてください。")


def test_an_answer_comes_back_until_it_is_sent(client, asked, clerk):
    client.force_login(clerk)
    url = f"/proposals/{asked.pk}/answer/draft/"
    assert client.post(url, {"comment": "打ちかけの回答"}, headers=JSON).json() == {"saved_at": "10:00"}
    assert client.get(url).json() == {"saved_at": "10:00"}
    for path in (asked.get_absolute_url(), f"/proposals/{asked.pk}/answer/"):
        page = client.get(path).content.decode()
        assert ["打ちかけの回答" in page, "保存していない入力" in page, f'data-draft-url="{url}"' in page] == [True] * 3
    assert "打ちかけの回答" not in client.get(f"/proposals/{asked.pk}/edit/").content.decode()
    sent = {"comment": "内訳はこうです。", "seen_version": asked.version}
    assert client.post(f"/proposals/{asked.pk}/answer/", sent).status_code == 302
    assert ProposalDraft.objects.count() == 0
    assert client.post(url, {"comment": "遅れて"}, headers=JSON).json() == {"saved_at": ""}


def test_a_draft_of_an_answer_and_one_of_the_contents_stand_beside_each_other(client, asked, clerk):
    client.force_login(clerk)
    url = f"/proposals/{asked.pk}/answer/draft/"
    client.post(url, {"comment": "打ちかけの回答"}, headers=JSON)
    type_in(client, proposal=asked.pk, problem="打ちかけの文")
    assert {each.kind: each.typed for each in ProposalDraft.objects.all()} == {
        "answers": {"1": "打ちかけの回答"},
        "contents": {"problem": "打ちかけの文"},
    }
    assert client.post(url, {"drop": "1"}).url == asked.get_absolute_url()
    assert [each.kind for each in ProposalDraft.objects.all()] == ["contents"]


def test_far_too_long_an_answer_is_refused_with_a_sentence(client, asked, clerk):
    client.force_login(clerk)
    answer = client.post(f"/proposals/{asked.pk}/answer/draft/", {"comment": "あ" * 100_001}, headers=JSON)
    assert (answer.status_code, "下書きに保存していません。" in answer.json()["sentence"]) == (409, True)
