"""The pages of a meeting: agenda, decisions, the end."""

from uuid import uuid4

import pytest

from committee import actions
from committee.choices import Outcome, ProposalAction
from committee.models import AgendaItem, Decision, Meeting, Proposal
from schedule.models import Activity
from tests.committee.factories import add_item, close, create_draft, create_meeting, decide, step, table
from tests.conftest import NOW, TODAY
from tests.schedule.small_plan import create_activity, create_plan
from tests.schedule.small_plan import create_initiative as create_small_initiative

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]

DAY = {"number": "7", "held_on": "2026-12-04", "starts_at": "13:30", "place": "大会議室", "way": "gathered"}


@pytest.fixture
def meeting(secretary):
    return create_meeting(by=secretary)


@pytest.fixture
def submitted(section_head, planning, initiative):
    draft = create_draft(by=section_head, section=planning, initiative=initiative)
    return step(draft, ProposalAction.SUBMIT, by=section_head)


@pytest.fixture
def office(client, secretary):
    client.force_login(secretary)
    return client


def text_of(response):
    return response.content.decode()


def test_the_next_number_is_suggested(office, secretary):
    assert office.get("/meetings/new/").context["form"]["number"].value() == 1
    create_meeting(by=secretary, number=7)
    assert office.get("/meetings/new/").context["form"]["number"].value() == 8


@pytest.mark.parametrize("day", ["2026-12-04", "令和8年12月4日", "R8.12.4", "２０２６/１２/４"])
def test_a_meeting_is_called_with_a_day_in_any_writing(office, day):
    assert office.post("/meetings/new/", DAY | {"held_on": day}).url == "/meetings/7/"
    assert "令和8年12月4日（金）　13:30～　大会議室" in text_of(office.get("/meetings/7/"))


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"number": ""}, ["number"]),
        ({"number": "0"}, ["__all__"]),
        ({"number": "-1"}, ["number"]),
        ({"number": "99999999999"}, ["number"]),
        ({"held_on": "12月4日"}, ["held_on"]),
        ({"held_on": ""}, ["held_on"]),
        ({"starts_at": "25時"}, ["starts_at"]),
        ({"place": "場" * 81}, ["place"]),
        ({"place": "場\x00所"}, ["place"]),
    ],
)
def test_a_wrong_entry_is_named_and_kept(office, values, wrong):
    answer = office.post("/meetings/new/", DAY | values)
    assert (answer.status_code, Meeting.objects.count()) == (200, 0)
    assert list(answer.context["form"].errors) == wrong
    for sentences in answer.context["form"].errors.values():
        assert [s[-1] for s in sentences] == ["。"] * len(sentences) or wrong == ["place"]
    value = next(iter(values.values()))
    assert value.replace("\x00", "") in text_of(answer).replace("\x00", "").replace("\ufffd", "")


def test_a_number_is_used_once_but_a_double_click_is_no_error(office):
    data = DAY | {"creation_key": str(uuid4())}
    assert [office.post("/meetings/new/", data).url for _ in range(2)] == ["/meetings/7/"] * 2
    answer = office.post("/meetings/new/", DAY | {"creation_key": str(uuid4())})
    assert list(answer.context["form"].errors) == ["number"]
    assert Meeting.objects.count() == 1


def test_only_the_office_calls_meetings(client, meeting, deputy_mayor, section_head, engineer):
    for person in (deputy_mayor, section_head, engineer):
        client.force_login(person)
        for page in ("/meetings/new/", "/meetings/7/edit/", "/meetings/7/close/", "/meetings/7/items/new/"):
            assert client.get(page).status_code == client.post(page).status_code == 403


def test_the_empty_list_says_who_fills_it(client, secretary, member):
    client.force_login(secretary)
    assert "会議を作ると、次第に提案や協議することを載せられます。" in text_of(client.get("/meetings/"))
    client.force_login(member)
    assert "事務局が会議を作ると、ここに並びます。" in text_of(client.get("/meetings/"))


@pytest.mark.parametrize("number", [0, 999, 2**31, 10**30])
def test_an_unknown_meeting_is_not_found(office, number):
    for page in ("", "edit/", "close/", "history/", "items/new/", "items/1/decision/"):
        assert office.get(f"/meetings/{number}/{page}").status_code == 404


def test_an_item_of_another_meeting_is_not_found(office, meeting, secretary):
    item = add_item(create_meeting(by=secretary, number=8), by=secretary)
    for page in ("edit", "remove", "decision"):
        assert office.get(f"/meetings/7/items/{item.pk}/{page}/").status_code == 404


def test_a_row_marked_for_the_committee_becomes_a_subject(office, meeting, plan):
    page = office.get("/meetings/7/items/new/?activity=5-3")
    assert page.context["form"]["title"].value() == "5-3 民間とタイアップした地域DX事業を実施"
    for nonsense in ("", "%00", "x" * 500, "9-9"):
        assert office.get(f"/meetings/7/items/new/?activity={nonsense}").status_code == 200
    row = Activity.objects.get(code="5-3")
    data = {"kind": "discuss", "title": "5-3を繰り越すか", "activity": row.pk, "creation_key": str(uuid4())}
    assert [office.post("/meetings/7/items/new/", data).url for _ in range(2)] == ["/meetings/7/"] * 2
    assert [(item.order, item.title, item.activity) for item in meeting.items.all()] == [(1, "5-3を繰り越すか", row)]


@pytest.mark.parametrize(
    "values", [{"title": ""}, {"title": "題" * 121}, {"kind": "x"}, {"activity": "999"}, {"note": "説" * 4001}]
)
def test_a_wrong_subject_is_named_and_kept(office, meeting, values):
    data = {"kind": "discuss", "title": "題", "note": "説明"} | values
    answer = office.post("/meetings/7/items/new/", data)
    assert (answer.status_code, AgendaItem.objects.count()) == (200, 0)
    assert list(answer.context["form"].errors) == list(values)
    assert data["note"] in text_of(answer)


def test_a_subject_is_mended_and_taken_off_with_a_reason(office, meeting, secretary):
    item = add_item(meeting, by=secretary)
    url = f"/meetings/7/items/{item.pk}/"
    office.post(f"{url}edit/", {"kind": "report", "title": "直した題", "note": "", "seen_version": item.version})
    item.refresh_from_db()
    assert (item.kind, item.title, item.version) == ("report", "直した題", 2)
    answer = office.post(f"{url}remove/", {"reason": "", "seen_version": item.version})
    assert "外す理由を入力してください。" in text_of(answer)
    assert office.post(f"{url}remove/", {"reason": "次回へ", "seen_version": item.version}).url == "/meetings/7/"
    assert "次回へ" in text_of(office.get("/meetings/7/history/"))


# --- deciding


def decision(**values):
    return {"outcome": "adopted", "reason": "効果が大きい。", "decided_on": "2026-11-24"} | values


def test_a_decision_needs_its_reason_and_keeps_what_was_typed(office, meeting, submitted, secretary):
    item = table(submitted, meeting, by=secretary)
    url = f"/meetings/7/items/{item.pk}/decision/"
    for values, wrong in (
        ({"reason": " "}, ["reason"]),
        ({"outcome": ""}, ["outcome"]),
        ({"outcome": "noted"}, ["outcome"]),
        ({"outcome": "conditional"}, ["conditions"]),
        ({"decided_on": "2026-11-25"}, ["decided_on"]),
        ({"decided_on": "きのう"}, ["decided_on"]),
        ({"reason": "長" * 4001}, ["reason"]),
    ):
        answer = office.post(url, decision(document_number="総務第1号", seen_version=item.version) | values)
        assert (answer.status_code, list(answer.context["form"].errors)) == (200, wrong)
        assert "総務第1号" in text_of(answer)
    assert (Decision.objects.count(), Proposal.objects.get().state) == (0, "tabled")


def test_a_report_is_noted_and_a_proposal_is_not(office, meeting, submitted, secretary):
    report, proposal = add_item(meeting, by=secretary, kind="report"), table(submitted, meeting, by=secretary)
    choices = [
        [
            value
            for value, _ in office.get(f"/meetings/7/items/{item.pk}/decision/")
            .context["form"]
            .fields["outcome"]
            .choices
        ]
        for item in (report, proposal)
    ]
    assert choices == [
        ["adopted", "conditional", "continued", "rejected", "noted"],
        ["adopted", "conditional", "continued", "rejected"],
    ]


def test_the_second_of_two_deciding_at_once_is_told_and_keeps_the_text(
    client, meeting, submitted, secretary, deputy_mayor
):
    item = table(submitted, meeting, by=secretary)
    url = f"/meetings/7/items/{item.pk}/decision/"
    client.force_login(deputy_mayor)
    assert client.post(url, decision(seen_version=item.version)).status_code == 302
    client.force_login(secretary)
    answer = client.post(url, decision(outcome="rejected", reason="予算がない", seen_version=item.version))
    assert answer.status_code == 409
    assert "この議題は決定を記録してあります（採択、副町長 見本 太郎）。" in text_of(answer)
    assert "予算がない" in text_of(answer)
    assert Proposal.objects.get().state == "adopted"


def test_the_same_decision_sent_twice_is_one(office, meeting, submitted, secretary):
    item = table(submitted, meeting, by=secretary)
    data = decision(seen_version=item.version)
    answers = [office.post(f"/meetings/7/items/{item.pk}/decision/", data).status_code for _ in range(2)]
    assert (answers, Decision.objects.count()) == ([302, 302], 1)


def test_a_decision_on_what_was_taken_off_meanwhile_is_shown_again(office, meeting, secretary):
    item = add_item(meeting, by=secretary)
    url = f"/meetings/7/items/{item.pk}/decision/"
    data = decision(reason="せっかく書いた理由", seen_version=item.version)
    actions.remove_agenda_item(item, by=secretary, today=TODAY, now=NOW, reason="次回へ", seen_version=item.version)
    answer = office.post(url, data)
    assert answer.status_code == 410
    assert "この議題は次第から外されました" in text_of(answer)
    assert "せっかく書いた理由" in text_of(answer)


def test_the_members_do_not_record_decisions(client, meeting, secretary, member):
    item = add_item(meeting, by=secretary)
    client.force_login(member)
    assert client.post(f"/meetings/7/items/{item.pk}/decision/", decision()).status_code == 403


# --- the end


def test_an_undecided_meeting_does_not_close(office, meeting, secretary):
    add_item(meeting, by=secretary)
    answer = office.post("/meetings/7/close/", {"seen_version": meeting.version})
    assert answer.status_code == 409
    assert "まだ決定を記録していない議題が1件あります：5-3を繰り越すか" in text_of(answer)


def test_a_closed_meeting_is_read_and_not_changed(office, meeting, secretary):
    item = add_item(meeting, by=secretary)
    decide(item, by=secretary, outcome=Outcome.NOTED)
    assert office.post("/meetings/7/close/", {"seen_version": meeting.version}).url == "/meetings/7/"
    text = text_of(office.get("/meetings/7/"))
    assert "令和8年11月24日 10:00 に終了しました（総務課 事務局 見本 花子）。" in text
    assert "決定を記録する" not in text
    for page in ("close/", "items/new/", f"items/{item.pk}/remove/", f"items/{item.pk}/decision/"):
        assert office.get(f"/meetings/7/{page}").status_code == 302
    answer = office.post("/meetings/7/items/new/", {"kind": "discuss", "title": "遅れて来た議題"})
    assert answer.status_code == 409
    assert "第7回の会議は終了しています。内容は変えられません。" in text_of(answer)
    assert "遅れて来た議題" in text_of(answer)
    answer = office.post("/meetings/7/edit/", DAY | {"place": "別の部屋", "seen_version": 2})
    assert (answer.status_code, "別の部屋" in text_of(answer)) == (409, True)


def test_after_the_end_day_place_chair_and_wording_are_corrected_with_a_reason_that_the_page_shows(
    office, meeting, secretary
):
    item = add_item(meeting, by=secretary, options="案A 継ぐ\n案B 見送る")
    row = create_activity(initiative=create_small_initiative(plan=create_plan()))
    decide(item, by=secretary, outcome=Outcome.NOTED, chosen_option="案A 継ぐ")
    seen = close(meeting, by=secretary).version
    asked = {"held_on": "2026-11-23", "place": "小会議室", "chaired_by": "教育長 見本 九郎", "seen_version": seen}
    refused = office.post("/meetings/7/edit/", asked)
    assert (refused.status_code, "教育長 見本 九郎" in text_of(refused)) == (409, True)
    assert "訂正の理由を入力してください。" in text_of(refused)
    told = {"correction_reason": "日付の誤り"}
    future = office.post("/meetings/7/edit/", asked | told | {"held_on": "2026-12-24"})
    assert (future.status_code, "今日までの日付" in text_of(future)) == (409, True)
    assert office.post("/meetings/7/edit/", asked | told | {"number": "9", "way": "written"}).url == "/meetings/7/"
    now = Meeting.objects.get()
    assert (now.number, now.way, now.held_on.day, now.chaired_by) == (7, "gathered", 23, "教育長 見本 九郎")
    url = f"/meetings/7/items/{item.pk}/edit/"
    said = {
        "kind": "discuss",
        "title": "議題の正しい名",
        "activity": row.pk,
        "options": "案A 継ぐ",
        "correction_reason": "誤字",
    }
    lost = office.post(url, said | {"options": "案C", "seen_version": item.version})
    assert (lost.status_code, "選んだ案「案A 継ぐ」は、案から外せません。" in text_of(lost)) == (409, True)
    assert office.post(url, said | {"seen_version": item.version}).url == "/meetings/7/"
    assert AgendaItem.objects.get(pk=item.pk).activity == row
    page = office.get("/meetings/7/")
    assert {(c.what, c.reason) for c in page.context["page"].corrections} == {("次第", "誤字"), ("会議", "日付の誤り")}
    assert "訂正の記録" in text_of(page)


def test_a_stale_change_of_the_day_shows_both(office, meeting, secretary):
    office.post("/meetings/7/edit/", DAY | {"place": "小会議室", "seen_version": 1})
    answer = office.post("/meetings/7/edit/", DAY | {"place": "大広間", "seen_version": 1})
    assert answer.status_code == 409
    assert answer.context["form"].conflict.fields == (("場所", "小会議室", "大広間"),)


def test_only_the_expected_methods_are_answered(office, meeting):
    assert [office.post(path).status_code for path in ("/meetings/", "/meetings/7/", "/meetings/7/history/")] == [
        405
    ] * 3
