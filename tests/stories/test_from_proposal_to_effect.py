"""Two sections propose; one proposal is asked back, adopted on conditions, paid for, and measured. Through the pages."""

import re
from datetime import date

import pytest
import time_machine

from committee.models import ActionItem, BudgetLine, Meeting, Pack, Proposal
from schedule.models import Activity
from tests.committee.factories import COMPLETE, create_source
from tests.schedule.small_plan import create_activity, create_initiative, create_plan, create_quarter, report
from tests.stories.browser import Browser

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

TYPED = {key: str(value) for key, value in COMPLETE.items()}
ROW = "窓口の手順を見直す"


def on(day):
    return time_machine.travel(f"{day}T01:00:00Z", tick=False)


def text_of(page):
    """Without tags, so that the words of a table's line stand beside each other."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


@pytest.fixture
def running_plan(planning, secretary):
    """令和8～10年度, with one row, reported 順調 in the first quarter and やや遅れ, 諮る, in the third."""
    plan = create_plan(code="running", starts_on=date(2026, 4, 1), ends_on=date(2029, 3, 31))
    initiative = create_initiative(plan=plan, owner_section=planning)
    row = create_activity(initiative=initiative, content=ROW, first_year=2026, last_year=2028)
    report(row, create_quarter(plan=plan, fiscal_year=2026, quarter=1))
    create_source(name="国のデジタル交付金", kind="national", order=1)
    create_source(order=9)
    return plan


@pytest.fixture
def desks(secretary, deputy_mayor, member, section_head, clerk, other_head, running_plan):
    people = (secretary, deputy_mayor, member, section_head, clerk, other_head)
    with on("2026-10-05"):
        return {person.username: Browser(person) for person in people}


def everybody_logs_in(desks):
    for desk in desks.values():
        desk.log_in()


def test_from_two_proposals_to_what_was_measured(desks, running_plan):
    with on("2026-10-05"):
        ours, theirs = two_sections_propose(desks, running_plan)
    with on("2026-10-07"):
        everybody_logs_in(desks)
        one_is_asked_back_and_comes_again(desks, ours)
    with on("2026-10-14"):
        everybody_logs_in(desks)
        meeting = the_papers_are_made(desks, ours, theirs)
    with on("2026-10-30"):
        everybody_logs_in(desks)
        the_meeting_decides(desks, meeting, ours, theirs)
        the_adopted_one_is_a_row_and_a_line_of_the_budget(desks, ours)
        the_second_edition_says_what_changed(desks, meeting)
    with on("2027-01-25"):
        everybody_logs_in(desks)
        the_next_meeting_has_the_homework_and_what_changed(desks, running_plan)
        the_money_is_asked_for_and_granted(desks, ours)
    with on("2027-04-01"):
        everybody_logs_in(desks)
        desks["clerk"].send(f"{ours.get_absolute_url()}start/", started_on="2027-04-01")
    with on("2027-10-04"):
        everybody_logs_in(desks)
        the_effect_is_measured(desks, ours)
        the_initiative_shows_the_whole_chain(desks, ours)
    ours.refresh_from_db()
    assert [event.action for event in ours.events.all()] == [
        "create", "submit", "return", "answer", "table", "adopt_conditionally", "request_budget", "fund", "start",
    ]  # fmt: skip


def two_sections_propose(desks, plan):
    initiative = plan.initiatives.get().pk
    proposals = []
    for head, title in (("section_head", "書かない窓口の導入"), ("other_head", "健診予約の電子化")):
        page = desks[head].send("/proposals/new/", **TYPED | {"title": title}, initiative=initiative)
        proposals.append(Proposal.objects.get(title=title))
        assert page.redirect_chain == [(proposals[-1].get_absolute_url(), 302)]
    # a draft is its section's alone
    assert desks["other_head"].get(proposals[0].get_absolute_url()).status_code == 404
    for head, proposal in zip(("section_head", "other_head"), proposals, strict=True):
        page = desks[head].send(f"{proposal.get_absolute_url()}submit/")
        assert "次は事務局の番です。" in text_of(page)
    assert [str(row) for row in Proposal.objects.order_by("serial")] == [
        "R8-01 書かない窓口の導入",
        "R8-02 健診予約の電子化",
    ]
    return proposals


def one_is_asked_back_and_comes_again(desks, proposal):
    url = proposal.get_absolute_url()
    page = desks["secretary"].send(f"{url}return/", comment="年間14,500件の内訳を教えてください。")
    assert "照会しました。次は企画課の番です。" in text_of(page)
    page = desks["section_head"].get(url)
    assert "あなたの番です" in text_of(page)
    assert "年間14,500件の内訳を教えてください。" in text_of(page)
    desks["section_head"].send(f"{url}edit/", **TYPED | {"initial_cost": "4200"}, initiative=proposal.initiative_id)
    desks["section_head"].send(f"{url}answer/", comment="証明書11,200件、転出入3,300件です。")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.edition) == ("submitted", 2)
    versions = text_of(desks["secretary"].get(f"{url}versions/1..2/"))
    assert ("導入時の費用" in versions, "いまの困りごと" in versions) == (True, False)


def the_papers_are_made(desks, ours, theirs):
    office = desks["secretary"]
    office.send("/meetings/new/", number="7", held_on="2026-10-30", starts_at="13:30", place="大会議室", way="gathered")
    meeting = Meeting.objects.get(number=7)
    page = office.get("/meetings/7/agenda/")
    keys = [candidate.key for candidate in page.context["offered"]]
    assert keys == [f"proposal-{ours.pk}", f"proposal-{theirs.pk}"]
    office.client.post("/meetings/7/agenda/", {"chosen": keys}, follow=True)
    page = office.send("/meetings/7/convene/", reply_by="2026-10-23")
    assert "招集しました" in text_of(page)
    page = office.client.post("/meetings/7/packs/new/", follow=True)
    paper = text_of(page)
    assert "会議資料の第1版を作りました。" in paper
    assert [word in paper for word in ("資料1", "資料2", "R8-01", "健診予約の電子化")] == [True] * 4
    assert Pack.objects.get().edition == 1
    return meeting


def the_meeting_decides(desks, meeting, ours, theirs):
    seats = {seat.person.username: seat for seat in meeting.seats.select_related("person") if seat.person}
    replies = {"deputy_mayor": ("present", ""), "member": ("proxy", "総務課 課長補佐 見本 九子")}
    for name, (state, proxy) in replies.items():
        seat = seats[name]
        line = {"state": state, "proxy": proxy, "opinion": "", "seen_version": seat.version}
        page = desks[name].client.post(
            "/meetings/7/attendance/", {f"seat-{seat.pk}-{key}": value for key, value in line.items()}, follow=True
        )
        assert "出欠を保存しました。" in text_of(page)
    page = text_of(desks["secretary"].get("/meetings/7/"))
    assert ("代理出席" in page, "見本 九子" in page, "成立" in page) == (True, True, True)

    item = meeting.items.get(proposal=ours)
    url = f"/meetings/7/items/{item.pk}/decision/"
    opened = desks["deputy_mayor"].open(url)
    # refused without its conditions, and what was typed is still there
    page = desks["deputy_mayor"].send_as_shown(opened, outcome="conditional", reason="効果が大きい。")
    assert "条件付き採択のときは、条件を入力してください。" in text_of(page)
    assert "効果が大きい。" in text_of(page)
    place = {field.html_name: field.value() for field in opened.context["place"] if field.value() not in (None, "")}
    page = desks["deputy_mayor"].send_as_shown(
        opened,
        **place,
        outcome="conditional",
        reason="効果が大きい。",
        conditions="電話でも受け付けること。",
        conditions_due_on="2027-01-15",
        document_number="総務第123号",
    )
    assert page.redirect_chain == [(f"/meetings/7/#item-{item.pk}", 302)]
    other = meeting.items.get(proposal=theirs)
    page = desks["deputy_mayor"].open(f"/meetings/7/items/{other.pk}/decision/")
    desks["deputy_mayor"].send_as_shown(page, outcome="rejected", reason="先に健診の担当で試すこと。")
    theirs.refresh_from_db()
    assert theirs.state == "rejected"
    assert "先に健診の担当で試すこと。" in text_of(desks["other_head"].get(theirs.get_absolute_url()))


def the_adopted_one_is_a_row_and_a_line_of_the_budget(desks, ours):
    ours.refresh_from_db()
    assert ours.state == "conditional"
    row = Activity.objects.get(executions__proposal=ours)
    line = BudgetLine.objects.get(proposal=ours)
    assert (line.activity, line.budget_year, line.name) == (row, 2027, "書かない窓口の導入")
    task = ActionItem.objects.get()
    assert (task.section, task.text, task.due_on, task.is_condition) == (
        ours.section,
        "電話でも受け付けること。",
        date(2027, 1, 15),
        True,
    )
    page = text_of(desks["clerk"].get(ours.get_absolute_url()))
    assert ("決定のあと" in page, "電話でも受け付けること。" in page, "令和9年度" in page) == (True, True, True)


def the_second_edition_says_what_changed(desks, meeting):
    desks["secretary"].client.post("/meetings/7/packs/new/", follow=True)
    first, second = Pack.objects.order_by("edition")
    assert (first.sha256 == second.sha256, "電話でも受け付けること。" in first.content) == (False, False)
    changes = text_of(desks["member"].get("/meetings/7/packs/2/changes/"))
    assert ("条件付き採択" in changes, "電話でも受け付けること。" in changes) == (True, True)
    page = desks["secretary"].send("/meetings/7/close/")
    assert "直すときは、理由を書いて訂正します。" in text_of(page)
    desks["secretary"].client.post("/meetings/7/packs/new/", follow=True)
    assert meeting.packs.count() == 2


def the_next_meeting_has_the_homework_and_what_changed(desks, plan):
    """The section did its homework late; the row that was 順調 is やや遅れ since."""
    office = desks["secretary"]
    row = Activity.objects.get(content=ROW)
    winter = create_quarter(plan=plan, fiscal_year=2026, quarter=3)
    report(row, winter, "slightly_late", to_committee=True)
    task = ActionItem.objects.get()
    assert "電話でも受け付けること。" in text_of(desks["clerk"].get("/"))
    desks["clerk"].send(f"{task.get_absolute_url()}finish/", ended_on="2027-01-25", note="電話の受付簿を残した。")
    office.send("/meetings/new/", number="8", held_on="2027-02-10", starts_at="13:30", place="大会議室", way="gathered")
    keys = [candidate.key for candidate in office.get("/meetings/8/agenda/").context["offered"]]
    assert keys == ["homework", f"row-{row.pk}"]
    office.client.post("/meetings/8/agenda/", {"chosen": keys}, follow=True)
    agenda = text_of(office.get("/meetings/8/"))
    assert ("電話でも受け付けること。" in agenda, "電話の受付簿を残した。" in agenda) == (True, True)
    paper = text_of(office.client.post("/meetings/8/packs/new/", follow=True))
    assert "前回の委員会（令和8年10月30日）から1件が悪くなり、0件がよくなりました。" in paper
    assert ("電話の受付簿を残した。" in paper, "1-1" in paper) == (True, True)


def the_money_is_asked_for_and_granted(desks, ours):
    url = f"{ours.get_absolute_url()}budget/"
    asked = desks["clerk"].open(url)
    assert asked.context["form"]["thousands"].value() == 5700
    assert "要求を保存しました。" in text_of(desks["clerk"].send_as_shown(asked))
    desks["secretary"].send_as_shown(desks["secretary"].open(url), result="full")
    ours.refresh_from_db()
    assert ours.state == "budgeted"


def the_effect_is_measured(desks, ours):
    url = f"{ours.get_absolute_url()}effects/6/"
    page = desks["clerk"].send(url, measured_on="2027-10-04", volume="7000", minutes_saved="5", source="受付の記録")
    text = text_of(page)
    # planned and measured beside each other: 14,500 × 6 ÷ 60 ÷ 2 and 7,000 × 5 ÷ 60
    assert ("725時間" in text, "583時間" in text, "80.4％" in text, "1,308時間" in text) == (True, True, True, False)


def the_initiative_shows_the_whole_chain(desks, ours):
    page = text_of(desks["member"].get(ours.initiative.get_absolute_url()))
    chain = (
        "R8-01 書かない窓口の導入",
        "条件付き採択",
        "査定 5,700千円",
        "開始から6か月",
        "計画 725時間／実測 583時間（80.4％、実測÷計画）",
    )
    assert [words for words in chain if words not in page] == []
