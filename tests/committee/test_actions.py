"""What an action leaves behind: the row, its number, its events, its history, or nothing at all."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from committee import actions
from committee.choices import Outcome, ProposalAction, ProposalState
from committee.models import AgendaItem, Decision, Meeting, Proposal, ProposalEvent
from committee.workflow import NEEDED_TO_SUBMIT
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
from tests.conftest import NOW, TODAY
from townhall.changes import StaleVersion, last_change
from townhall.refusal import Incomplete, Refused

A, S = ProposalAction, ProposalState


@pytest.fixture
def draft(section_head, clerk, planning, initiative):
    return create_draft(by=clerk, section=planning, initiative=initiative)


@pytest.fixture
def submitted(draft, section_head):
    return step(draft, A.SUBMIT, by=section_head)


@pytest.fixture
def meeting(secretary):
    return create_meeting(by=secretary)


def events_of(proposal):
    return [(e.action, e.from_state, e.to_state, e.actor, e.comment, e.edition) for e in proposal.events.all()]


def test_a_new_proposal_is_a_draft_with_its_first_event(draft, clerk):
    draft.refresh_from_db()
    assert (draft.state, draft.number_label, draft.edition, draft.author, draft.created_at) == (
        "draft",
        "",
        0,
        clerk,
        NOW,
    )
    assert events_of(draft) == [("create", "draft", "draft", "企画課 担当 見本 三郎", "", 0)]


def test_nobody_writes_a_proposal_for_another_section(other_head, secretary, planning):
    for person in (other_head, secretary):
        with pytest.raises(PermissionDenied, match=r"^提案を書けるのは、提案した課の課長・担当です。$"):
            create_draft(by=person, section=planning)
    assert Proposal.objects.count() == 0


def test_the_same_creation_key_twice_gives_one_proposal(clerk, planning):
    key = uuid4()
    made = [
        actions.create_proposal(
            Proposal(section=planning, title="二度押し", creation_key=key), by=clerk, today=TODAY, now=NOW
        )
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert (Proposal.objects.count(), ProposalEvent.objects.count()) == (1, 1)


def test_submission_gives_the_number_the_edition_and_a_history_row(draft, section_head):
    proposal = step(draft, A.SUBMIT, by=section_head)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.number_label, proposal.edition, proposal.version) == ("submitted", "R8-01", 1, 2)
    assert events_of(proposal)[-1] == ("submit", "draft", "submitted", "企画課 課長 見本 二郎", "", 1)
    change = last_change(proposal)
    assert (change.history_actor, change.history_change_reason) == ("企画課 課長 見本 二郎", "提出")


def test_numbers_run_within_the_fiscal_year_and_begin_again(section_head, planning, initiative):
    numbers = []
    for today in (date(2027, 3, 31), date(2027, 3, 31), date(2027, 4, 1)):
        draft = create_draft(by=section_head, section=planning, initiative=initiative)
        now = datetime(today.year, today.month, today.day, 1, tzinfo=UTC)
        actions.take_step(draft, A.SUBMIT, by=section_head, today=today, now=now, seen_version=draft.version)
        numbers.append(draft.number_label)
    assert numbers == ["R8-01", "R8-02", "R9-01"]


def test_a_number_stays_through_every_edition(draft, clerk, section_head, secretary):
    step(draft, A.SUBMIT, by=clerk)
    step(draft, A.APPROVE, by=section_head)
    step(draft, A.RETURN, by=secretary, comment="内訳は？")
    step(draft, A.ANSWER, by=clerk, comment="証明書11,200件です。")
    assert (draft.state, draft.number_label, draft.edition) == ("section_review", "R8-01", 1)
    step(draft, A.APPROVE, by=section_head)
    assert (draft.state, draft.number_label, draft.edition) == ("submitted", "R8-01", 2)


@pytest.mark.parametrize("missing", NEEDED_TO_SUBMIT)
def test_each_needed_field_is_asked_for_by_name(missing, section_head, planning, initiative):
    draft = create_draft(by=section_head, section=planning, initiative=initiative)
    setattr(draft, missing, None if missing in ("initiative", "yearly_volume", "minutes_saved") else "")
    if missing in ("initial_cost", "yearly_cost"):
        setattr(draft, missing, None)
    with pytest.raises(Incomplete) as refused:
        step(draft, A.SUBMIT, by=section_head)
    assert refused.value.missing == {missing: NEEDED_TO_SUBMIT[missing]}
    assert Proposal.objects.get(pk=draft.pk).state == "draft"


def test_at_most_twelve_fields_are_needed():
    assert len(NEEDED_TO_SUBMIT) == 12


def test_zero_is_a_figure_not_a_gap(section_head, planning, initiative):
    zeros = {"yearly_volume": 0, "minutes_saved": 0, "initial_cost": 0, "yearly_cost": 0}
    draft = create_draft(by=section_head, section=planning, initiative=initiative, **zeros)
    assert step(draft, A.SUBMIT, by=section_head).state == "submitted"


@pytest.mark.parametrize(
    ("action", "state", "who", "sentence"),
    [
        (A.RETURN, S.SUBMITTED, "secretary", "照会の内容を入力してください。"),
        (A.SEND_BACK, S.SECTION_REVIEW, "section_head", "差し戻す理由を入力してください。"),
        (A.ANSWER, S.RETURNED, "clerk", "回答を入力してください。"),
        (A.WITHDRAW, S.DRAFT, "clerk", "取下げの理由を入力してください。"),
    ],
)
def test_a_step_that_needs_a_text_is_refused_without_one(request, draft, action, state, who, sentence):
    person = request.getfixturevalue(who)
    put_in_state(draft, state, by=person)
    with pytest.raises(Refused, match=sentence):
        step(draft, action, by=person, comment="　 ")
    assert [e.action for e in draft.events.all()] == ["create"]


def test_withdrawing_keeps_the_reason(submitted, clerk):
    step(submitted, A.WITHDRAW, by=clerk, comment="見積が間に合わない")
    submitted.refresh_from_db()
    assert (submitted.state, submitted.withdrawn_reason) == ("withdrawn", "見積が間に合わない")


def test_a_stale_version_is_refused_and_says_who_was_first(draft, clerk, section_head):
    seen = draft.version
    step(draft, A.SUBMIT, by=clerk)
    with pytest.raises(StaleVersion, match=r"^企画課 担当 見本 三郎さんが"):
        actions.take_step(draft, A.WITHDRAW, by=section_head, today=TODAY, now=NOW, comment="x", seen_version=seen)
    assert Proposal.objects.get(pk=draft.pk).state == "section_review"


def test_without_a_version_nothing_is_saved(draft, clerk):
    with pytest.raises(StaleVersion, match="版が分からない"):
        actions.take_step(draft, A.SUBMIT, by=clerk, today=TODAY, now=NOW, seen_version=None)
    assert Proposal.objects.get(pk=draft.pk).state == "draft"


def test_the_same_press_twice_is_one_step(draft, clerk):
    seen = draft.version
    twin = Proposal.objects.get(pk=draft.pk)
    for row in (draft, twin, Proposal.objects.get(pk=draft.pk)):
        done = actions.take_step(row, A.SUBMIT, by=clerk, today=TODAY, now=NOW, seen_version=seen)
    assert (done.state, done.version) == ("section_review", 2)
    assert [e.action for e in draft.events.all()] == ["create", "submit"]


def test_steps_of_a_meeting_cannot_be_taken_without_one(submitted, secretary):
    with pytest.raises(Refused, match=r"^「次第に載せる」は、委員会の次第から行ってください。$"):
        step(submitted, A.TABLE, by=secretary)


def test_a_submitted_text_stays_complete(submitted, secretary):
    submitted.problem = ""
    with pytest.raises(Incomplete) as refused:
        actions.edit_proposal(submitted, by=secretary, today=TODAY, seen_version=submitted.version)
    assert list(refused.value.missing) == ["problem"]


@pytest.mark.parametrize("state", [S.SECTION_REVIEW, S.TABLED, S.ADOPTED, S.WITHDRAWN])
def test_a_text_that_is_being_approved_or_decided_is_not_changed(draft, clerk, state):
    put_in_state(draft, state, by=clerk)
    with pytest.raises(Refused, match=r"^この提案はいま「.+」のため、内容を変えられません。$"):
        actions.edit_proposal(draft, by=clerk, today=TODAY, seen_version=draft.version)


# --- meetings


def test_tabling_puts_the_proposal_on_the_agenda(submitted, meeting, secretary):
    item = table(submitted, meeting, by=secretary)
    assert (item.kind, item.title, item.order) == ("review", "R8-01 書かない窓口の導入", 1)
    assert events_of(submitted)[-1][4] == "第7回（令和8年11月24日）"
    assert Proposal.objects.get(pk=submitted.pk).state == "tabled"


def test_tabling_twice_makes_one_item(submitted, meeting, secretary):
    seen = submitted.version
    items = [
        actions.table_proposal(
            Proposal.objects.get(pk=submitted.pk), meeting, by=secretary, today=TODAY, now=NOW, seen_version=seen
        )
        for _ in range(2)
    ]
    assert items[0] == items[1]
    assert AgendaItem.objects.count() == 1


def test_taking_an_item_off_gives_the_proposal_back(submitted, meeting, secretary):
    item = table(submitted, meeting, by=secretary)
    actions.remove_agenda_item(item, by=secretary, today=TODAY, now=NOW, reason="次回へ", seen_version=item.version)
    assert Proposal.objects.get(pk=submitted.pk).state == "submitted"
    assert AgendaItem.objects.count() == 0
    assert table(Proposal.objects.get(pk=submitted.pk), meeting, by=secretary).order == 1


@pytest.mark.parametrize(
    ("outcome", "state"),
    [("adopted", "adopted"), ("conditional", "conditional"), ("continued", "continued"), ("rejected", "rejected")],
)
def test_a_decision_moves_the_proposal(submitted, meeting, secretary, deputy_mayor, outcome, state):
    item = table(submitted, meeting, by=secretary)
    decision = decide(item, by=deputy_mayor, outcome=Outcome(outcome), conditions="1月末までに協定")
    submitted.refresh_from_db()
    assert (submitted.state, decision.recorded_by) == (state, "委員長 見本 太郎".replace("委員長", "副町長"))
    assert events_of(submitted)[-1][4] == "効果が大きい。\n条件：1月末までに協定"


def test_a_continued_proposal_comes_before_the_next_meeting(submitted, meeting, secretary):
    decide(table(submitted, meeting, by=secretary), by=secretary, outcome=Outcome.CONTINUED)
    submitted.refresh_from_db()
    second = create_meeting(by=secretary, number=8)
    decide(table(submitted, second, by=secretary), by=secretary)
    assert [d.outcome for d in Decision.objects.order_by("pk")] == ["continued", "adopted"]
    assert Proposal.objects.get(pk=submitted.pk).state == "adopted"


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"reason": "　"}, {"reason": ["決定の理由を入力してください。"]}),
        ({"outcome": Outcome.CONDITIONAL}, {"conditions": ["条件付き採択のときは、条件を入力してください。"]}),
        (
            {"outcome": Outcome.NOTED},
            {"outcome": ["提案には、採択・条件付き採択・継続審議・不採択のどれかを選んでください。"]},
        ),
        ({"decided_on": date(2026, 11, 25)}, {"decided_on": ["決定日は、今日までの日付にしてください。"]}),
    ],
)
def test_an_incomplete_decision_is_refused_whole(submitted, meeting, secretary, values, errors):
    item = table(submitted, meeting, by=secretary)
    with pytest.raises(ValidationError) as refused:
        decide(item, by=secretary, **values)
    assert refused.value.message_dict == errors
    assert (Decision.objects.count(), Proposal.objects.get(pk=submitted.pk).state) == (0, "tabled")


def test_two_people_deciding_at_once_the_second_is_told(submitted, meeting, secretary, deputy_mayor):
    item = table(submitted, meeting, by=secretary)
    twin = AgendaItem.objects.get(pk=item.pk)
    decide(item, by=deputy_mayor)
    with pytest.raises(Refused, match=r"^この議題は決定を記録してあります（採択、副町長 見本 太郎）。$"):
        decide(twin, by=secretary, outcome=Outcome.REJECTED)
    assert Decision.objects.count() == 1
    assert Proposal.objects.get(pk=submitted.pk).state == "adopted"


def test_the_same_decision_pressed_twice_is_one(submitted, meeting, secretary):
    item = table(submitted, meeting, by=secretary)
    twin = AgendaItem.objects.get(pk=item.pk)
    assert decide(item, by=secretary) == decide(twin, by=secretary)
    assert Decision.objects.count() == 1


def test_a_decision_on_an_item_that_was_taken_off_is_refused(submitted, meeting, secretary):
    item = table(submitted, meeting, by=secretary)
    twin = AgendaItem.objects.get(pk=item.pk)
    actions.remove_agenda_item(item, by=secretary, today=TODAY, now=NOW, reason="次回へ", seen_version=item.version)
    with pytest.raises(StaleVersion) as stale:
        decide(twin, by=secretary)
    assert stale.value.sentence == "この内容は、ほかの人が削除しました。保存していません。"


def test_who_may_not_decide_decides_nothing(submitted, meeting, secretary, member):
    item = table(submitted, meeting, by=secretary)
    with pytest.raises(PermissionDenied, match=r"^決定を記録できるのは、事務局・委員長です。$"):
        decide(item, by=member)


def test_a_meeting_closes_only_when_all_is_decided(meeting, secretary):
    item = add_item(meeting, by=secretary)
    with pytest.raises(Refused, match=r"^まだ決定を記録していない議題が1件あります：5-3を繰り越すか$"):
        actions.close_meeting(meeting, by=secretary, today=TODAY, now=NOW, seen_version=meeting.version)
    decide(item, by=secretary, outcome=Outcome.NOTED)
    actions.close_meeting(meeting, by=secretary, today=TODAY, now=NOW, seen_version=meeting.version)
    meeting.refresh_from_db()
    assert (meeting.is_closed, meeting.closed_at, meeting.closed_by) == (True, NOW, "総務課 事務局 見本 花子")


def test_a_withdrawn_proposal_needs_no_decision(submitted, meeting, secretary, clerk):
    table(submitted, meeting, by=secretary)
    step(Proposal.objects.get(pk=submitted.pk), A.WITHDRAW, by=clerk, comment="中止")
    actions.close_meeting(meeting, by=secretary, today=TODAY, now=NOW, seen_version=meeting.version)
    assert Meeting.objects.get(pk=meeting.pk).is_closed


def test_a_closed_meeting_takes_nothing_more(submitted, meeting, secretary):
    item = add_item(meeting, by=secretary)
    decide(item, by=secretary, outcome=Outcome.NOTED)
    other = AgendaItem(meeting=Meeting.objects.get(pk=meeting.pk), title="遅れて来た議題", creation_key=uuid4())
    actions.close_meeting(meeting, by=secretary, today=TODAY, now=NOW, seen_version=meeting.version)
    stale = Meeting.objects.get(pk=meeting.pk)
    said = r"^第7回の会議は終了しています。内容は変えられません。$"
    with pytest.raises(Refused, match=said):
        actions.add_agenda_item(other, by=secretary, today=TODAY)
    with pytest.raises(Refused, match=r"^第7回の会議は終了しています。直すには、訂正の理由を入力してください。$"):
        actions.edit_meeting(stale, by=secretary, today=TODAY, now=NOW, seen_version=stale.version)
    with pytest.raises(Refused, match=said):
        table(Proposal.objects.get(pk=submitted.pk), stale, by=secretary)
    with pytest.raises(Refused, match=said):
        decide(item, by=secretary, reason="やり直し")
    assert Proposal.objects.get(pk=submitted.pk).state == "submitted"


def test_a_decision_on_a_withdrawn_proposal_is_refused_whole(submitted, meeting, secretary, clerk):
    item = table(submitted, meeting, by=secretary)
    step(Proposal.objects.get(pk=submitted.pk), A.WITHDRAW, by=clerk, comment="中止")
    with pytest.raises(Refused, match="「取下げ」のため"):
        decide(AgendaItem.objects.get(pk=item.pk), by=secretary)
    assert Decision.objects.count() == 0


def test_the_longest_reason_fits(submitted, clerk):
    step(submitted, A.WITHDRAW, by=clerk, comment="長" * 4000)
    assert len(Proposal.objects.get(pk=submitted.pk).withdrawn_reason) == 4000


def test_complete_means_complete():
    assert set(NEEDED_TO_SUBMIT) - {"initiative"} <= set(COMPLETE)
