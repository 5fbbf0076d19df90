"""採点と所見: what people think of a proposal, apart from what the committee decides."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from committee import actions
from committee.choices import ProposalAction, ProposalState
from committee.models import Criterion, ProposalOpinion, ProposalScore
from committee.summaries import own_points, score_table
from tests.committee.factories import create_draft, put_in_state, step
from tests.conftest import TODAY
from tests.factories import TESTS
from townhall.changes import StaleVersion, create_row, save_row
from townhall.refusal import Refused

A, S = ProposalAction, ProposalState
pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]


@pytest.fixture
def submitted(section_head, planning, initiative):
    return step(create_draft(by=section_head, section=planning, initiative=initiative), A.SUBMIT, by=section_head)


@pytest.fixture
def need(db):
    return create_row(
        Criterion(name="必要性", question="困りごとは大きいか", weight=2, steps="小さい\n中\n大きい"),
        by=TESTS,
        today=TODAY,
    )


@pytest.fixture
def cost(db):
    return create_row(Criterion(name="費用", question="見合うか", steps="いいえ\nはい", order=1), by=TESTS, today=TODAY)


def score(proposal, by, points):
    actions.score_proposal(proposal, points, by=by, today=TODAY)


def test_the_summary_weighs_the_averages(submitted, need, cost, secretary, member):
    score(submitted, secretary, {need.pk: 3, cost.pk: 1})
    score(submitted, member, {need.pk: 2})
    table = score_table(submitted)
    assert [(row.name, row.average, row.lowest, row.highest, row.count) for row in table.rows] == [
        ("必要性", Decimal("2.5"), 2, 3, 2),
        ("費用", Decimal("1.0"), 1, 1, 1),
    ]
    assert (table.people, table.percent) == (2, Decimal("75.0"))  # (2.5×2 + 1×1) ÷ (3×2 + 2×1)
    assert own_points(submitted, member) == {need.pk: 2}


def test_nobody_has_scored(submitted, need):
    table = score_table(submitted)
    assert (table.people, table.percent, table.rows[0].average) == (0, None, None)


def test_ones_own_points_can_be_changed_and_keep_the_scale_of_their_day(submitted, need, secretary):
    score(submitted, secretary, {need.pk: 3})
    need.steps, need.weight = "いいえ\nはい", 5
    save_row(need, by=TESTS, seen_version=need.version, today=TODAY)
    row = ProposalScore.objects.get()
    assert (row.points, row.most, row.weight) == (3, 3, 2)
    with pytest.raises(ValidationError, match="段階の中から"):
        score(submitted, secretary, {need.pk: 9})
    score(submitted, secretary, {need.pk: 2})
    row.refresh_from_db()
    assert (row.points, row.most, row.weight) == (2, 2, 5)


@pytest.mark.parametrize("state", [S.DRAFT, S.SECTION_REVIEW, S.ADOPTED, S.REJECTED, S.WITHDRAWN])
def test_nothing_is_scored_before_or_after_it_is_weighed(submitted, need, secretary, state):
    put_in_state(submitted, state, by=secretary)
    with pytest.raises(Refused, match="採点と所見は変えられません"):
        score(submitted, secretary, {need.pk: 1})


@pytest.mark.parametrize("person", ["clerk", "section_head", "expert", "engineer"])
def test_only_the_committee_scores(submitted, need, request, person):
    with pytest.raises(PermissionDenied):
        score(submitted, request.getfixturevalue(person), {need.pk: 1})


def test_an_opinion_says_why_and_is_no_decision(submitted, secretary, member):
    def opinion(**values):
        return ProposalOpinion(proposal=submitted, edition=1, recommendation="adopt", **values)

    who = {"today": TODAY, "seen_version": None}
    with pytest.raises(PermissionDenied):
        actions.write_opinion(opinion(text="よい。"), by=member, **who)
    with pytest.raises(ValidationError):
        actions.write_opinion(opinion(text=""), by=secretary, **who)
    kept = actions.write_opinion(opinion(text="よい。"), by=secretary, **who)
    with pytest.raises(StaleVersion):
        actions.write_opinion(kept, by=secretary, today=TODAY, seen_version=9)
    submitted.refresh_from_db()
    assert submitted.state == S.SUBMITTED


def test_the_page_scores_and_shows_it_to_the_committee_only(client, submitted, need, secretary, member, section_head):
    client.force_login(member)
    url = f"/proposals/{submitted.pk}/scores/"
    assert "採点の参考" not in client.get(url).content.decode()
    assert client.post(url, {f"criterion_{need.pk}": "2"}).status_code == 302
    shown = client.get(url).content.decode()
    assert [text in shown for text in ("66.7％", "委員会の決定ではありません", "2　中")] == [True] * 3
    assert client.post(url, {f"criterion_{need.pk}": "7"}).status_code == 200
    client.force_login(secretary)
    client.post(f"/proposals/{submitted.pk}/opinion/", {"recommendation": "conditions", "text": "連携を確かめる。"})
    assert "条件付き採択相当" in client.get(url).content.decode()
    client.force_login(section_head)
    assert client.get(url).status_code == 403
    assert "採点" not in client.get(f"/proposals/{submitted.pk}/").content.decode()
