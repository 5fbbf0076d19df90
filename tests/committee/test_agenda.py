"""次第 in one press: 宿題, 諮る, 提案, 義務; each says where it comes from, and nothing stands there twice."""

from datetime import date, timedelta

import pytest

from committee import actions
from committee.candidates import candidates_for
from committee.choices import ItemOrigin, Outcome, ProposalAction
from committee.models import AgendaItem, Meeting
from schedule.models import Duty, DutyOccurrence
from tests.committee.factories import add_item, assign, close, convene, create_draft, create_meeting, decide, step
from tests.conftest import NOW, TODAY
from tests.factories import TESTS
from tests.schedule.small_plan import create_activity, create_quarter, report
from townhall.changes import create_row
from townhall.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]


@pytest.fixture
def before(secretary):
    """An earlier meeting that gave something to do."""
    meeting = create_meeting(by=secretary, number=6, held_on=TODAY - timedelta(days=90))
    assign(meeting, by=secretary)
    return meeting


@pytest.fixture
def meeting(before, secretary):
    return create_meeting(by=secretary, held_on=TODAY + timedelta(days=10))


@pytest.fixture
def waiting(section_head, planning, initiative):
    draft = create_draft(by=section_head, section=planning, initiative=initiative)
    return step(draft, ProposalAction.SUBMIT, by=section_head)


@pytest.fixture
def policy(general_affairs):
    duty = Duty(code="policy", name="ポリシーの見直し", kind="policy", due_month=3, due_day=31)
    create_row(duty, by=TESTS, today=TODAY)
    row = DutyOccurrence(duty=duty, fiscal_year=2026, due_on=TODAY + timedelta(days=60))
    return create_row(row, by=TESTS, today=TODAY)


@pytest.fixture
def office(client, secretary):
    client.force_login(secretary)
    return client


def text_of(response):
    return response.content.decode()


def build(meeting, *keys, by):
    return actions.build_agenda(meeting, keys, by=by, today=TODAY, now=NOW)


def test_candidates_say_where_they_come_from(meeting, waiting, policy):
    told = [(c.key, c.origin, c.title, c.why) for c in candidates_for(meeting, today=TODAY)]
    assert told == [
        ("homework", ItemOrigin.HOMEWORK, "前回までの宿題の確認", "宿題1件（未了1件）"),
        (f"proposal-{waiting.pk}", ItemOrigin.PROPOSAL, "R8-01 書かない窓口の導入", "企画課の提案（事務局の確認中）"),
        (f"duty-{policy.pk}", ItemOrigin.DUTY, "令和8年度 ポリシーの見直し", "期限 令和9年1月23日"),
    ]


def test_the_page_asks_first_and_one_press_puts_all_on_the_agenda(office, meeting, waiting, policy):
    page = office.get("/meetings/7/agenda/")
    assert AgendaItem.objects.count() == 0
    keys = [each.key for each in page.context["offered"]]
    assert page.context["ticked"] == set(keys)
    answers = [office.post("/meetings/7/agenda/", {"chosen": keys}).url for _ in range(2)]
    assert answers == ["/meetings/7/"] * 2
    items = [(i.order, i.kind, i.title, i.origin, i.presenter) for i in meeting.items.all()]
    assert items == [
        (1, "report", "前回までの宿題の確認", "homework", "事務局"),
        (2, "review", "R8-01 書かない窓口の導入", "proposal", "企画課"),
        (3, "approve", "令和8年度 ポリシーの見直し", "duty", "事務局"),
    ]
    text = text_of(office.get("/meetings/7/"))
    assert "1件のうち0件が済んでいます。" in text
    assert "いま新しく載せられるものはありません。" in text_of(office.get("/meetings/7/agenda/"))


def test_only_what_was_chosen_is_added(meeting, waiting, policy, secretary):
    assert [item.title for item in build(meeting, f"duty-{policy.pk}", by=secretary)] == ["令和8年度 ポリシーの見直し"]
    waiting.refresh_from_db()
    assert waiting.state == "submitted"


@pytest.mark.parametrize("key", ["row-99999", "proposal-0", "duty-x", "nonsense", "", "homework-1", "row-" + "9" * 40])
def test_what_cannot_be_put_on_an_agenda_changes_nothing(office, meeting, waiting, key):
    answer = office.post("/meetings/7/agenda/", {"chosen": [f"proposal-{waiting.pk}", key]})
    assert (answer.status_code, AgendaItem.objects.count()) == (409, 0)
    assert "もう載せられません" in text_of(answer)
    assert "次第に載せるものを選んでください。" in text_of(office.post("/meetings/7/agenda/", {}))


def test_a_row_marked_for_the_committee_is_suggested_once(secretary, planning, initiative):
    activity = create_activity(initiative=initiative, owner_section=planning)
    report(activity, create_quarter(plan=initiative.plan, fiscal_year=2025, quarter=4), to_committee=True)
    meeting = create_meeting(by=secretary)
    (row,) = candidates_for(meeting, today=TODAY)
    assert (row.origin, row.about["presenter"]) == (ItemOrigin.MARKED, "企画課")
    build(meeting, row.key, by=secretary)
    assert candidates_for(meeting, today=TODAY) == ()
    build(meeting, row.key, by=secretary)
    assert meeting.items.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_candidate_query_count(
    count, meeting, before, section_head, planning, initiative, secretary, django_assert_num_queries
):
    for number in range(count):
        draft = create_draft(by=section_head, section=planning, initiative=initiative, title=f"提案{number}")
        step(draft, ProposalAction.SUBMIT, by=section_head)
        assign(before, by=secretary, text=f"宿題{number}")
    with django_assert_num_queries(6):
        assert len(candidates_for(meeting, today=TODAY)) == count + 1


# --- 資料番号, order


def papers(meeting):
    return [(item.title, item.paper_number) for item in meeting.items.order_by("order")]


def test_paper_numbers_follow_the_order_until_the_meeting_is_called_and_then_stay(secretary, office):
    meeting = create_meeting(by=secretary)
    first, second = add_item(meeting, by=secretary, title="一"), add_item(meeting, by=secretary, title="二")
    actions.move_agenda_item(second, up=True, by=secretary, today=TODAY, seen_version=second.version)
    assert papers(meeting) == [("二", None), ("一", None)]
    convene(meeting, by=secretary)
    assert papers(meeting) == [("二", 1), ("一", 2)]
    first.refresh_from_db()
    actions.move_agenda_item(first, up=True, by=secretary, today=TODAY, seen_version=first.version)
    assert papers(meeting) == [("一", 2), ("二", 1)]
    assert "資料2　説明" not in text_of(office.get("/meetings/7/"))
    first.refresh_from_db()
    actions.remove_agenda_item(first, by=secretary, today=TODAY, now=NOW, reason="次回へ", seen_version=first.version)
    add_item(meeting, by=secretary, title="三")
    assert papers(meeting) == [("二", 1), ("三", 3)]


def test_an_item_moves_by_its_button_and_not_beyond_the_end(office, secretary):
    meeting = create_meeting(by=secretary)
    one, _ = add_item(meeting, by=secretary, title="一"), add_item(meeting, by=secretary, title="二")
    url = f"/meetings/7/items/{one.pk}/move/"
    office.post(url, {"up": "1", "seen_version": one.version})
    assert [title for title, _ in papers(meeting)] == ["一", "二"]
    assert office.post(url, {"seen_version": one.version}).url == f"/meetings/7/#item-{one.pk}"
    assert [title for title, _ in papers(meeting)] == ["二", "一"]
    office.post(url, {"up": "1", "seen_version": one.version})  # of a page that is out of date
    assert [title for title, _ in papers(meeting)] == ["二", "一"]


# --- what is on it: 案, 決裁の控え, the fixed lines


def test_the_chosen_option_is_one_of_the_item(secretary, office):
    meeting = create_meeting(by=secretary)
    item = add_item(meeting, by=secretary, options="案A 繰り越す\n\n 案B 見送る ")
    assert item.option_list == ("案A 繰り越す", "案B 見送る")
    with pytest.raises(Exception, match="この議題の案から選んでください。"):
        decide(item, by=secretary, chosen_option="案C")
    url = f"/meetings/7/items/{item.pk}/decision/"
    data = {"outcome": "adopted", "chosen_option": "案A 繰り越す", "reason": "協定が間に合わない。"}
    data |= {"decided_on": "2026-11-24", "drafted_on": "2026-11-25", "approved_on": "2026-11-24"}
    answer = office.post(url, data | {"seen_version": item.version})
    assert list(answer.context["form"].errors) == ["approved_on"]
    data |= {"drafted_on": "R8.11.20", "approval_class": "副町長専決", "document_number": "総務第123号"}
    assert office.post(url, data | {"seen_version": item.version}).status_code == 302
    text = text_of(office.get("/meetings/7/"))
    for words in (
        "案A 繰り越す",
        "起案 令和8年11月20日",
        "副町長専決",
        "総務第123号",
        "開会",
        "委員長あいさつ",
        "閉会",
    ):
        assert words in text


def test_a_decision_is_corrected_with_a_reason_also_after_the_end(office, secretary, deputy_mayor):
    meeting = create_meeting(by=secretary)
    item = add_item(meeting, by=secretary)
    decision = decide(item, by=secretary, outcome=Outcome.NOTED, reason="承知した。")
    close(meeting, by=secretary)
    url = f"/meetings/7/items/{item.pk}/decision/correct/"
    data = {
        "outcome": "noted",
        "reason": "報告を了承した。",
        "decided_on": "2026-11-24",
        "seen_version": decision.version,
    }
    answer = office.post(url, data)
    assert list(answer.context["form"].errors) == ["correction_reason"]
    assert office.post(url, data | {"correction_reason": "字句の誤り"}).url == f"/meetings/7/#item-{item.pk}"
    assert "訂正：字句の誤り" in text_of(office.get("/meetings/7/history/"))
    stale = office.post(url, data | {"correction_reason": "二人目", "reason": "別の文"})
    assert (stale.status_code, "別の文" in text_of(stale)) == (409, True)
    decision.refresh_from_db()
    assert (decision.reason, decision.recorded_by) == ("報告を了承した。", "総務課 事務局 見本 花子")


def test_the_outcome_for_a_proposal_stays(secretary, meeting, waiting):
    (item,) = build(meeting, f"proposal-{waiting.pk}", by=secretary)
    decision = decide(item, by=secretary)
    decision.outcome = Outcome.REJECTED
    with pytest.raises(Refused, match="決定の区分は変えられません"):
        actions.correct_decision(decision, by=secretary, today=TODAY, reason="誤り", seen_version=decision.version)


def test_homework_on_the_agenda_needs_no_decision_and_does_not_hold_the_meeting(meeting, secretary):
    (item,) = build(meeting, "homework", by=secretary)
    with pytest.raises(Refused, match="宿題の確認には、決定を記録しません"):
        decide(item, by=secretary)
    assert close(Meeting.objects.get(number=7), by=secretary).is_closed


def test_days_of_other_years_are_no_candidates(meeting, general_affairs):
    duty = Duty(code="audit", name="監査", kind="other", due_month=3, due_day=31)
    create_row(duty, by=TESTS, today=TODAY)
    create_row(DutyOccurrence(duty=duty, fiscal_year=2026, due_on=date(2027, 3, 31)), by=TESTS, today=TODAY)
    assert [c.key for c in candidates_for(meeting, today=TODAY)] == ["homework"]
