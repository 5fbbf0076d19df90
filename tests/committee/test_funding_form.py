"""財源の内訳 in the form of a proposal: what cannot be kept is said beside its line, and everything typed stays."""

import pytest

from committee.models import Proposal, ProposalFunding
from tests.committee.factories import COMPLETE, create_draft, create_source

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]


@pytest.fixture
def draft(clerk, planning, initiative):
    return create_draft(by=clerk, section=planning, initiative=initiative)


@pytest.fixture
def grant(db):
    return create_source(name="見本の交付金", kind="national", is_example=True)


@pytest.fixture
def page(client, clerk, draft):
    client.force_login(clerk)
    return f"/proposals/{draft.pk}/edit/"


def typed(draft, **values):
    texts = {name: str(value) for name, value in COMPLETE.items()} | {"initiative": draft.initiative_id}
    return texts | {"seen_version": Proposal.objects.get(pk=draft.pk).version} | values


def saved():
    return [(row.source.name, row.amounts) for row in ProposalFunding.objects.all()]


def test_a_line_is_saved_as_people_write_money(client, page, draft, grant):
    client.post(page, typed(draft, funding_0=grant.pk, funding_0_1="２１５万円", funding_0_2="1,000"))
    assert saved() == [("見本の交付金", (2150, 1000, 0, 0, 0))]
    shown = client.get(f"/proposals/{draft.pk}/").content.decode()
    assert "国庫　見本の交付金（例）" in shown
    assert [text in shown for text in ("3,650", "一般財源（残り）")] == [True, True]
    again = client.get(page).content.decode()
    assert 'name="funding_0_1" value="2150"' in again
    client.post(page, typed(draft, funding_0="", funding_0_1=""))
    assert saved() == []


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ({"funding_0_1": "100"}, "どの財源かを選んでください。"),
        ({"funding_0": "grant"}, "「見本の交付金」の額を、どれかの年に入力してください。"),
        (
            {"funding_0": "grant", "funding_0_1": "1", "funding_1": "grant", "funding_1_2": "1"},
            "「見本の交付金」が2行あります。1行にまとめてください。",
        ),
        ({"funding_0": "grant", "funding_0_3": "百円"}, "「百円」"),
        ({"funding_0": "grant", "funding_0_3": "-5"}, "0 より小さい数です。"),
        ({"funding_0": "999999", "funding_0_1": "1"}, "選択したものは候補にありません"),
    ],
)
def test_a_line_that_cannot_be_kept_is_named_and_nothing_is_saved(client, page, draft, grant, lines, sentence):
    lines = {name: grant.pk if value == "grant" else value for name, value in lines.items()}
    answer = client.post(page, typed(draft, title="変えた題", **lines))
    assert (answer.status_code, saved(), Proposal.objects.get().title) == (200, [], COMPLETE["title"])
    assert sentence in answer.content.decode()
    assert "変えた題" in answer.content.decode()


def test_money_that_somebody_else_changed_meanwhile_is_a_conflict(client, page, draft, grant):
    seen = draft.version
    client.post(page, typed(draft, funding_0=grant.pk, funding_0_1="500"))
    answer = client.post(page, typed(draft, funding_0=grant.pk, funding_0_1="700") | {"seen_version": seen})
    assert (answer.status_code, saved()) == (409, [("見本の交付金", (500, 0, 0, 0, 0))])
    shown = answer.content.decode()
    assert "見本の交付金：500・0・0・0・0千円" in shown
    assert "見本の交付金：700・0・0・0・0千円" in shown


def test_a_year_that_is_paid_twice_is_said_where_it_is_submitted(client, page, draft, grant):
    client.post(page, typed(draft, funding_0=grant.pk, funding_0_2="9999"))
    shown = client.get(f"/proposals/{draft.pk}/submit/").content.decode()
    assert "2年目の財源の合計が、その年の事業費を超えています。" in shown
    assert f"/proposals/{draft.pk}/edit/#id_funding_0" in shown


def test_the_example_says_that_it_is_one_and_could_be_submitted(client, page):
    shown = client.get("/proposals/example/").content.decode()
    assert "例　架空の内容です" in shown
    assert "未入力" not in shown.replace("対象の取組</dt>", "").split("2　効果と費用")[1]
