"""ホーム by role: whose turn is it, in the order of the days."""

from datetime import date, timedelta

import pytest
import time_machine

from committee.choices import ProposalAction
from committee.models import AgendaItem
from otaki_dx.home import HomeItem, own_items
from schedule.models import Activity, ReminderLine, ReminderMail, RoundRule
from tests.committee.factories import create_draft, create_meeting, step
from tests.conftest import NOW, TODAY
from tests.factories import TESTS, assign
from tests.otaki_dx.pages import card, get, html_of, words
from tests.schedule.duties import plan_all
from tests.schedule.factories import close, give_rows_to, record
from tests.schedule.small_plan import create_activity, create_initiative, create_plan, create_quarter, report
from townhall.changes import create_row
from townhall.choices import Role
from townhall.models import ClosingDay

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]


@pytest.fixture
def final_round(plan):
    """The final evaluation, open since 11/16, due 12/8 (あと14日)."""
    return create_quarter(
        plan=plan, fiscal_year=2026, quarter=3, is_final=True, opens_on=date(2026, 11, 16), due_on=date(2026, 12, 8)
    )


def remind(person, *, subject="duty:1", nominal_on=TODAY, **values):
    values = {"due_on": date(2026, 11, 23), "title": "令和8年度 セキュリティ研修", "path": "/duties/1/"} | values
    key = {"kind": "duty", "subject": subject, "step": f"{nominal_on}:D-0", "nominal_on": nominal_on}
    ReminderLine(recipient=person, created_at=NOW, **key, **values).save()


def home(client, person):
    client.force_login(person)
    return html_of(client, "home")


# --- 事務局


def test_the_secretariats_own_turn_is_ordered_by_day(client, final_round, secretary, section_head, planning):
    remind(secretary, note="担当：総務課")
    draft = create_draft(by=section_head, section=planning, initiative=final_round.plan.initiatives.get(code="5"))
    step(draft, ProposalAction.SUBMIT, by=section_head)
    items = own_items(secretary, today=TODAY)
    assert [(item.kind, item.title, item.days_in_words, item.tone, item.verb) for item in items] == [
        ("期限のある仕事", "令和8年度 セキュリティ研修", "期限切れ1日", "late", "開く"),
        ("進捗入力", "令和8年度 第3四半期（最終評価）の進捗入力　未入力19行", "あと14日", "none", "入力する"),
        ("進捗入力", "令和8年度 第3四半期（最終評価）　未報告 19行", "あと14日", "none", "確かめる"),
        ("提案", "R8-01 書かない窓口の導入", "期限なし", "none", "次第に載せる"),
    ]
    html = home(client, secretary)
    text = card(html, "あなたの番です（4件）")
    assert text.startswith("あなたの番です（4件） 期限の近い順 期限切れ1日 期限のある仕事 令和8年度 セキュリティ研修")
    assert 'ホーム<span class="dx-count">4<span class="dx-visually-hidden">件の用事</span></span>' in html


def test_letters_that_failed_are_counted_for_the_secretariat(secretary, clerk):
    for number, state in enumerate(("failed", "unknown", "sent")):
        ReminderMail(
            recipient=clerk, digest_key=f"2026-11-2{number}", state=state, created_at=NOW, next_attempt_at=NOW
        ).save()
    assert [item.title for item in own_items(secretary, today=TODAY)] == ["送れなかったメール　2通"]
    assert own_items(clerk, today=TODAY) == ()


def test_the_secretariat_sees_what_other_sections_owe(client, final_round, secretary, planning):
    give_rows_to(planning, "5-1", "5-3")
    text = card(home(client, secretary), "ほかの人の番です（1件）")
    assert "企画課の報告 2行 12月8日（火）まで（あと14日） 5-1・5-3" in text


def test_the_secretariat_is_led_to_what_is_missing_and_told_of_rows_without_an_owner(
    final_round, secretary, section_head, planning, welfare
):
    give_rows_to(planning, "5-1", "5-3")
    give_rows_to(welfare, "4-1")  # nobody works there
    items = [item for item in own_items(secretary, today=TODAY) if item.url.endswith("/chase/")]
    assert items == [
        HomeItem(
            kind="進捗入力",
            title="令和8年度 第3四半期（最終評価）　未報告 19行・2課",
            url="/progress/2026-3/chase/",
            verb="確かめる",
            note="担当のいない行が17行あります",
            due_on=date(2026, 12, 8),
            days_left=14,
        )
    ]


def test_the_day_of_closing_is_the_secretariats_turn_until_it_is_closed(final_round, secretary, section_head):
    day = date(2026, 12, 8)
    closing = [("令和8年度 第3四半期（最終評価）の締切", "締め切る", 0)]

    def told(person, today):
        return [(i.title, i.verb, i.days_left) for i in own_items(person, today=today) if i.url.endswith("/close/")]

    assert told(secretary, day - timedelta(days=1)) == []
    assert told(secretary, day) == closing
    assert told(section_head, day) == []
    plan_all(today=day)  # the line in the ledger is the same matter, shown once
    assert told(secretary, day) == closing
    close(final_round, by=secretary, seen_version=final_round.version)
    assert told(secretary, day) == []


def test_days_left_are_counted_to_the_working_day(final_round, section_head, planning):
    give_rows_to(planning, "5-1")
    create_row(ClosingDay(day=date(2026, 12, 8), label="庁舎の停電"), by=TESTS, today=TODAY)
    assert [(item.due_on, item.days_left) for item in own_items(section_head, today=TODAY)] == [(date(2026, 12, 7), 13)]


def test_without_anything_to_do_the_next_round_is_named(client, plan, secretary):
    create_quarter(plan=plan, fiscal_year=2026, quarter=4, opens_on=date(2027, 1, 5), due_on=date(2027, 1, 20))
    text = words(home(client, secretary))
    assert (
        "いま、あなたの番の用事はありません。次の進捗入力（令和8年度 第4四半期）は 1月5日（火）に始まります。" in text
    )


# --- 課長・担当


def test_a_section_sees_its_own_rows_and_nothing_of_others(client, final_round, section_head, planning, welfare):
    give_rows_to(planning, "5-1", "5-3")
    give_rows_to(welfare, "4-1")
    items = own_items(section_head, today=TODAY)
    assert items == (
        HomeItem(
            kind="進捗入力",
            title="令和8年度 第3四半期（最終評価）の進捗入力　未入力2行",
            url="/progress/2026-3/",
            verb="入力する",
            note="5-1・5-3",
            due_on=date(2026, 12, 8),
            days_left=14,
        ),
    )
    assert "4-1" not in card(home(client, section_head), "あなたの番です（1件）")


def test_a_reminder_of_the_same_rows_is_not_shown_beside_them(final_round, section_head, planning):
    give_rows_to(planning, "5-1")
    plan_all()
    assert ReminderLine.objects.open_for(section_head).count() == 1
    assert [item.verb for item in own_items(section_head, today=TODAY)] == ["入力する"]


def test_the_head_confirms_what_the_staff_wrote(final_round, section_head, clerk, planning):
    create_row(RoundRule(plan=final_round.plan, head_confirms=True), by=TESTS, today=TODAY)
    give_rows_to(planning, "5-1", "5-3")
    record(Activity.objects.get(code="5-1"), final_round, by=clerk)
    shown = [(item.title.split("）")[1], item.verb, item.note) for item in own_items(section_head, today=TODAY)]
    assert shown == [
        ("の進捗入力　未入力1行", "入力する", "5-3"),
        ("　担当の入力の確認　1行", "確認する", "5-1"),
    ]
    assert [item.verb for item in own_items(clerk, today=TODAY)] == ["入力する"]


def test_a_reported_row_is_no_task_any_more(final_round, section_head, planning):
    give_rows_to(planning, "5-1")
    report(Activity.objects.get(code="5-1"), final_round, on=TODAY)
    assert own_items(section_head, today=TODAY) == ()


def test_a_closed_round_asks_nobody(final_round, section_head, planning):
    give_rows_to(planning, "5-1")
    final_round.closed_at, final_round.closed_by = NOW, "総務課"
    final_round.save()
    assert own_items(section_head, today=TODAY) == ()


def test_a_proposal_waits_for_the_section_or_for_somebody_else(client, plan, secretary, section_head, clerk, planning):
    draft = create_draft(by=clerk, section=planning, initiative=plan.initiatives.get(code="5"))
    step(draft, ProposalAction.SUBMIT, by=clerk)
    assert [item.verb for item in own_items(section_head, today=TODAY)] == ["決裁する"]
    text = card(home(client, clerk), "ほかの人の番です（1件）")
    assert "書かない窓口の導入 企画課長の番です。課内の決裁を待っています" in text


def test_only_the_newest_reminder_of_a_thing_is_shown(section_head):
    for days in (30, 7):
        remind(section_head, nominal_on=TODAY - timedelta(days=days), title="令和8年度 研修" if days == 7 else "古い文")
    assert [item.title for item in own_items(section_head, today=TODAY)] == ["令和8年度 研修"]


@pytest.mark.parametrize(
    ("days", "words_of_it", "tone"),
    [(-2, "期限切れ2日", "late"), (0, "今日まで", "slow"), (7, "あと7日", "slow"), (8, "あと8日", "none")],
)
def test_days_are_said_in_words(days, words_of_it, tone):
    item = HomeItem("", "", "", due_on=TODAY + timedelta(days=days), days_left=days)
    assert (item.days_in_words, item.tone) == (words_of_it, tone)


# --- 委員


def test_a_member_sees_meeting_then_dashboard_without_a_click(client, plan, final_round, member, secretary):
    meeting = create_meeting(by=secretary, number=7, held_on=date(2026, 12, 4), place="大会議室")
    create_row(AgendaItem(meeting=meeting, order=1, title="5-3を引き継ぐか"), by=TESTS, today=TODAY)
    html = home(client, member)
    text = words(html)
    order = [
        "次回の委員会：第7回 12月4日（金）",
        "最終評価では、16の取組内容のうち",
        "遅れ・注意（1件）",
        "5-3を引き継ぐか",
    ]
    assert sorted(order, key=text.index) == order
    assert "dx-matrix" in html
    assert "dx-gantt" in html
    assert "あなたの番です" not in text


def test_the_chair_is_told_when_a_decision_waits(client, plan, deputy_mayor):
    remind(deputy_mayor)
    text = words(home(client, deputy_mayor))
    assert text.index("あなたの番です（1件）") < text.index("次回の委員会")


def test_a_member_who_also_heads_a_section_gets_the_tasks(client, final_round, section_head, planning):
    assign(section_head, role=Role.MEMBER)
    give_rows_to(planning, "5-1")
    text = words(home(client, section_head))
    assert "あなたの番です（1件）" in text
    assert "次回の委員会で決めること" in text


# --- those who read


def test_an_expert_reads_the_plan(client, plan, expert):
    html = home(client, expert)
    assert "計画を読む" in words(html)
    assert "あなたの番です" not in html
    assert 'href="/history/"' not in html.split("<main")[1].split("</main>")[0]


def test_an_engineer_reads_too(client, plan, engineer):
    assert "計画を読む" in words(home(client, engineer))


def test_without_a_plan_every_home_still_answers(client, secretary, member, section_head, expert):
    for person in (secretary, member, section_head, expert):
        client.force_login(person)
        assert get(client, "home").status_code == 200


def test_without_a_role_a_sentence_says_whom_to_ask(client, outsider):
    client.force_login(outsider)
    response = get(client, "home")
    assert response.status_code == 403
    assert "総務課（事務局）へお知らせください。" in response.content.decode()


def test_a_standstill_of_the_letters_is_said_to_those_who_look_after_them(
    client, secretary, engineer, clerk, deputy_mayor
):
    shown = {}
    for person in (secretary, engineer, clerk, deputy_mayor):
        person.date_joined = NOW - timedelta(days=1)
        person.save()
    for person in (secretary, engineer, clerk, deputy_mayor):
        shown[person.username] = "自動処理（催促）がまだ一度も動いていません。" in home(client, person)
    assert shown == {"secretary": True, "engineer": True, "clerk": False, "deputy_mayor": False}


# --- however many


@pytest.mark.parametrize("count", [1, 3])
def test_query_counts(client, secretary, member, section_head, planning, welfare, django_assert_num_queries, count):
    plan = create_plan()
    rounds = create_quarter(
        plan=plan, fiscal_year=2026, quarter=3, opens_on=date(2026, 11, 1), due_on=date(2026, 12, 8)
    )
    for number in range(1, count + 1):
        initiative = create_initiative(plan=plan, number=number, owner_section=planning)
        create_activity(initiative=initiative, number=1, owner_section=welfare)
        report(create_activity(initiative=initiative, number=2), rounds, on=TODAY)
        create_activity(initiative=initiative, number=3)
        for person in (secretary, section_head):
            remind(person, subject=f"duty:{number}")
            draft = create_draft(by=section_head, section=planning, initiative=initiative)
        step(draft, ProposalAction.SUBMIT, by=section_head)
    with time_machine.travel(NOW + timedelta(seconds=1), tick=False):  # the newest changes are then of one kind
        for year, quarter in ((2027, 1), (2027, 2), (2027, 3), (2027, 4), (2028, 1)):
            create_quarter(plan=plan, fiscal_year=year, quarter=quarter)
    expected = {secretary: 39, section_head: 30, member: 27}
    for person, queries in expected.items():
        client.force_login(person)
        with django_assert_num_queries(queries):
            get(client, "home")
