"""What lists and pages are told, and that it costs the same number of queries whatever their length."""

from datetime import timedelta

import pytest

from committee.choices import Outcome, ProposalAction, ProposalState
from committee.models import Meeting, Proposal
from committee.summaries import (
    meeting_page,
    meeting_rows,
    next_meeting,
    proposal_page,
    proposal_rows,
    proposals_waiting_for,
    whose_turn,
)
from tests.committee.factories import add_item, create_draft, create_meeting, decide, put_in_state, step, table
from tests.conftest import TODAY

A, S = ProposalAction, ProposalState


@pytest.fixture
def make(section_head, planning, initiative):
    def make(title, *, submitted=True):
        draft = create_draft(by=section_head, section=planning, initiative=initiative, title=title)
        return step(draft, A.SUBMIT, by=section_head) if submitted else draft

    return make


def fresh(person):
    """As a request has it: the posts are read once per request."""
    return type(person).objects.get(pk=person.pk)


def titles(table):
    return [row.title for row in table.rows]


def test_a_section_sees_its_own_and_the_office_what_was_submitted(make, clerk, other_head, secretary, member, expert):
    make("提出した提案")
    make("下書き", submitted=False)
    seen = {p.username: titles(proposal_rows(p, today=TODAY)) for p in (clerk, other_head, secretary, member, expert)}
    assert seen == {
        "clerk": ["下書き", "提出した提案"],
        "other_head": [],
        "secretary": ["提出した提案"],
        "member": ["提出した提案"],
        "expert": ["提出した提案"],
    }


def test_what_was_submitted_once_stays_visible_while_the_section_mends_it(make, clerk, section_head, secretary):
    proposal = make("戻した提案")
    step(proposal, A.TAKE_BACK, by=clerk)
    assert titles(proposal_rows(secretary, today=TODAY)) == ["戻した提案"]
    draft = make("取り下げた下書き", submitted=False)
    step(draft, A.WITHDRAW, by=clerk, comment="やめた")
    assert titles(proposal_rows(secretary, today=TODAY)) == ["戻した提案"]


def test_filters_count_and_narrow(make, secretary, section_head):
    make("確認中")
    make("下書き", submitted=False)
    table(make("次第"), create_meeting(by=secretary), by=secretary)
    office = proposal_rows(secretary, today=TODAY)
    assert [(f.key, f.label, f.count) for f in office.filters] == [
        ("all", "すべて", 2),
        ("own", "自課", 0),
        ("yours", "あなたの番", 2),
        ("committee", "審査待ち", 1),
    ]
    head = proposal_rows(section_head, today=TODAY, show="yours")
    assert ([f.count for f in head.filters], titles(head)) == ([3, 3, 1, 1], ["下書き"])
    assert titles(proposal_rows(secretary, today=TODAY, show="committee")) == ["次第"]
    assert titles(proposal_rows(secretary, today=TODAY, show="nonsense")) == ["次第", "確認中"]


def test_a_fiscal_year_keeps_drafts_of_that_year(make, section_head):
    make("提出")
    make("下書き", submitted=False)
    assert titles(proposal_rows(section_head, today=TODAY, year=2026)) == ["下書き", "提出"]
    assert titles(proposal_rows(section_head, today=TODAY, year=2025)) == []
    assert proposal_rows(section_head, today=TODAY).years == (2026,)


def test_a_row_says_what_the_list_shows(make, secretary):
    make("書かない窓口")
    (row,) = proposal_rows(secretary, today=TODAY).rows
    assert (row.number, row.section, row.state, row.turn.label, row.is_yours, row.hours_saved, row.total_cost) == (
        "R8-01", "企画課", S.SUBMITTED, "事務局", True, 1450, 11_800,
    )  # fmt: skip
    assert row.days_waiting(TODAY + timedelta(days=4)) == 4


@pytest.mark.parametrize(
    ("state", "label"),
    [
        (S.DRAFT, "企画課"),
        (S.SECTION_REVIEW, "企画課長"),
        (S.SUBMITTED, "事務局"),
        (S.RETURNED, "企画課"),
        (S.TABLED, "委員会（第7回）"),
        (S.CONTINUED, "事務局"),
        (S.ADOPTED, "企画課"),
        (S.CONDITIONAL, "企画課"),
        (S.REQUESTED, "事務局"),
        (S.UNFUNDED, "企画課"),
        (S.BUDGETED, "企画課"),
        (S.RUNNING, "企画課"),
        (S.MEASURED, "事務局"),
        (S.COMPLETED, "なし（完了）"),
        (S.DROPPED, "なし（見送り）"),
        (S.REJECTED, "なし（決定済み）"),
        (S.WITHDRAWN, "なし（取下げ）"),
    ],
)
def test_whose_turn_it_is_in_words(state, label, clerk, planning, secretary):
    meeting = create_meeting(by=secretary)
    proposal = put_in_state(create_draft(by=clerk, section=planning), state, by=secretary, meeting=meeting)
    assert whose_turn(proposal).label == label


def test_the_seven_steps_say_who_and_when(make, secretary, deputy_mayor):
    proposal = make("書かない窓口")
    meeting = create_meeting(by=secretary, held_on=TODAY + timedelta(days=10))
    item = table(proposal, meeting, by=secretary)
    page = proposal_page(Proposal.objects.get(pk=proposal.pk), secretary, today=TODAY)
    assert [(s.name, s.who, s.when, s.status) for s in page.flow] == [
        ("作成", "企画課", "11月24日", "done"),
        ("課内の決裁", "企画課長", "11月24日", "done"),
        ("事務局の確認", "事務局", "11月24日", "done"),
        ("委員会の審査", "第7回", "12月4日予定", "current"),
        ("決定の通知", "委員長", "", "todo"),
        ("予算要求", "企画課", "", "todo"),
        ("実施・効果の検証", "企画課", "", "todo"),
    ]
    decide(item, by=deputy_mayor, outcome=Outcome.REJECTED)
    page = proposal_page(Proposal.objects.get(pk=proposal.pk), secretary, today=TODAY)
    assert [s.status for s in page.flow] == ["done"] * 5 + ["todo"] * 2
    assert [s.when for s in page.flow][3:] == ["11月24日", "11月24日", "行いません", "行いません"]


def test_questions_are_numbered_and_the_open_one_stands_first(make, secretary, section_head):
    proposal = make("書かない窓口")
    step(proposal, A.RETURN, by=secretary, comment="内訳は？")
    step(proposal, A.ANSWER, by=section_head, comment="11,200件です。")
    step(proposal, A.RETURN, by=secretary, comment="見積は？")
    page = proposal_page(proposal, section_head, today=TODAY)
    assert [(t.number, t.question, t.answer) for t in page.threads] == [
        (2, "見積は？", ""),
        (1, "内訳は？", "11,200件です。"),
    ]
    assert [m.text for m in page.moments] == [
        "事務局が照会", "照会に回答（第2版として提出）", "事務局が照会", "提出（第1版）", "下書きを作成",
    ]  # fmt: skip


def test_the_next_meeting_comes_with_its_agenda(make, secretary):
    assert next_meeting(TODAY) is None
    create_meeting(by=secretary, number=6, held_on=TODAY - timedelta(days=1))
    meeting = create_meeting(by=secretary, number=7, held_on=TODAY)
    table(make("書かない窓口"), meeting, by=secretary)
    decide(add_item(meeting, by=secretary, title="報告", kind="report"), by=secretary, outcome=Outcome.NOTED)
    found = next_meeting(TODAY)
    assert (found.meeting, found.to_decide) == (meeting, 1)
    assert [(i.position, i.kind.label, i.title, i.section) for i in found.items] == [
        (1, "審査", "R8-01 書かない窓口", "企画課"),
        (2, "報告", "報告", ""),
    ]


def test_a_withdrawn_proposal_is_no_longer_to_be_decided(make, secretary, clerk):
    meeting = create_meeting(by=secretary)
    proposal = make("書かない窓口")
    table(proposal, meeting, by=secretary)
    add_item(meeting, by=secretary)
    step(Proposal.objects.get(pk=proposal.pk), A.WITHDRAW, by=clerk, comment="中止")
    (row,) = meeting_rows()
    assert (row.items, row.open_items, next_meeting(TODAY).to_decide) == (2, 1, 1)


def test_a_proposal_on_the_agenda_is_opened_only_by_those_who_may(make, secretary, other_head, clerk):
    meeting = create_meeting(by=secretary)
    table(make("書かない窓口"), meeting, by=secretary)
    opens = {
        person.username: meeting_page(meeting, person, today=TODAY).items[0].opens_proposal
        for person in (secretary, clerk, other_head)
    }
    assert opens == {"secretary": True, "clerk": True, "other_head": False}


# --- fixed numbers of queries


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("show", ["all", "own", "yours", "committee"])
def test_list_query_count(count, show, make, secretary, section_head, django_assert_num_queries):
    meeting = create_meeting(by=secretary)
    for number in range(count):
        make(f"下書き{number}", submitted=False)
        table(make(f"次第{number}"), meeting, by=secretary)
    person = fresh(section_head)
    person.posts_on(TODAY)
    with django_assert_num_queries(5):
        found = proposal_rows(person, today=TODAY, show=show)
    assert len(found.rows) == {"all": 2 * count, "own": 2 * count, "yours": count, "committee": count}[show]


@pytest.mark.parametrize("count", [1, 3])
def test_waiting_query_count(count, make, secretary, django_assert_num_queries):
    for number in range(count):
        make(f"確認中{number}")
    person = fresh(secretary)
    person.posts_on(TODAY)
    with django_assert_num_queries(2):
        assert len(proposals_waiting_for(person, today=TODAY)) == count


@pytest.mark.parametrize("count", [1, 3])
def test_proposal_page_query_count(count, make, secretary, section_head, django_assert_num_queries):
    proposal = make("書かない窓口")
    for number in range(count):
        step(proposal, A.RETURN, by=secretary, comment=f"照会{number}")
        step(proposal, A.ANSWER, by=section_head, comment="回答")
    row = Proposal.objects.select_related("section").get(pk=proposal.pk)
    section_head.posts_on(TODAY)
    with django_assert_num_queries(7):
        assert len(proposal_page(row, section_head, today=TODAY).threads) == count


@pytest.mark.parametrize("count", [1, 3])
def test_meeting_query_counts(count, make, secretary, django_assert_num_queries):
    meeting = create_meeting(by=secretary)
    for number in range(count):
        table(make(f"次第{number}"), meeting, by=secretary)
        make(f"確認中{number}")
        decide(add_item(meeting, by=secretary), by=secretary, outcome=Outcome.NOTED)
    secretary.posts_on(TODAY)
    meeting = Meeting.objects.get(pk=meeting.pk)
    with django_assert_num_queries(13):
        page = meeting_page(meeting, secretary, today=TODAY)
    assert (len(page.items), len(page.waiting), page.open_items) == (2 * count, count, count)
    with django_assert_num_queries(2):
        assert next_meeting(TODAY).to_decide == count
    with django_assert_num_queries(1):
        assert meeting_rows()[0].items == 2 * count


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (S.ADOPTED, [(6, "要求の前", "current"), (7, "", "todo")]),
        (S.REQUESTED, [(6, "査定待ち", "current"), (7, "", "todo")]),
        (S.BUDGETED, [(6, "", "done"), (7, "実施の前", "current")]),
        (S.RUNNING, [(6, "", "done"), (7, "実施中", "current")]),
        (S.COMPLETED, [(6, "", "done"), (7, "", "done")]),
    ],
)
def test_the_last_two_steps_say_how_far_the_money_and_the_work_are(state, told, clerk, planning, secretary):
    proposal = put_in_state(create_draft(by=clerk, section=planning), state, by=secretary)
    page = proposal_page(proposal, secretary, today=TODAY)
    assert [(step.number, step.when, step.status) for step in page.flow[5:]] == told
