"""取組ページ and the page of one row: the plan's text, where it stands, reports, meetings, and the row's history."""

from datetime import date

import pytest

from committee.choices import BudgetStage, ProposalAction
from committee.models import AgendaItem
from schedule.models import Activity, ProgressReport
from tests.committee.factories import create_budget_line, create_draft, create_meeting, step
from tests.committee.factories import record as record_amount
from tests.conftest import TODAY
from tests.factories import TESTS
from tests.otaki_dx.pages import card, get, html_of, words
from tests.schedule.factories import give_rows_to, record
from tests.schedule.small_plan import create_activity, create_initiative, create_plan, create_quarter, report
from townhall.changes import create_row, save_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]


@pytest.fixture
def final_round(plan):
    return create_quarter(
        plan=plan, fiscal_year=2026, quarter=3, is_final=True, opens_on=date(2026, 11, 16), due_on=date(2026, 12, 8)
    )


@pytest.fixture
def browser(client, secretary):
    client.force_login(secretary)
    return client


# --- one initiative


def test_the_initiative_shows_the_plans_own_words_with_terms_explained(plan, browser):
    html = html_of(browser, "initiative_detail", "4")
    text = words(html)
    assert "重点取組4 デジタルデバイド対策" in text
    assert "誰一人取り残されない、人に優しいデジタル化に向けて" in text
    assert "※7" in text
    assert "【※" not in text


def test_the_initiative_shows_its_rows_reports_and_standing(final_round, browser):
    report(Activity.objects.get(code="5-3"), final_round, "late", on=TODAY)
    report(Activity.objects.get(code="5-1"), final_round, on=TODAY)
    html = html_of(browser, "initiative_detail", "5")
    text = words(html)
    assert "計画期間は令和8年3月31日に終了しました。" in text
    assert "遅れ・注意 5-3 民間とタイアップした地域DX事業を実施 遅れ 人手が足りません。" in text
    assert "最終評価 （今期） 遅れ" in text
    assert "取組内容（3）" in text
    reports = card(html, "進捗の記録")
    assert reports.index("5-1の実績。") < reports.index("5-3の実績。")
    assert "企画課 課長 見本 二郎 確認済" in reports


def test_without_reports_the_page_says_when_they_are_due(final_round, browser):
    text = words(html_of(browser, "initiative_detail", "5"))
    assert "報告はまだありません。令和8年度 第3四半期（最終評価）の提出期限は 令和8年12月8日 です。" in text


def test_a_study_has_no_schedule_but_its_report(final_round, browser):
    report(Activity.objects.get(code="k1"), final_round, "trying", on=TODAY)
    text = words(html_of(browser, "initiative_detail", "k1"))
    assert "検討事項には、全体スケジュールに工程の定めがありません。" in text
    assert "業務のペーパーレス化 試行中 k1の実績。" in text


def test_proposals_are_shown_to_those_who_may_see_them(client, plan, section_head, other_head, secretary, planning):
    initiative = plan.initiatives.get(code="5")
    create_draft(by=section_head, section=planning, initiative=initiative, title="企画課の下書き")
    shown = {}
    for person in (section_head, other_head, secretary):
        client.force_login(person)
        shown[person.username] = "企画課の下書き" in html_of(client, "initiative_detail", "5")
    assert shown == {"section_head": True, "other_head": False, "secretary": False}


def test_meetings_and_decisions_hang_on_the_chain(plan, browser, client, engineer, secretary):
    meeting = create_meeting(by=secretary, number=7, held_on=date(2026, 12, 4))
    row = Activity.objects.get(code="5-3")
    create_row(AgendaItem(meeting=meeting, order=1, title="5-3を引き継ぐか", activity=row), by=TESTS, today=TODAY)
    for name, code in (("initiative_detail", "5"), ("activity_detail", "5-3")):
        assert "協議 5-3を引き継ぐか 第7回（令和8年12月4日）" in words(html_of(browser, name, code))
    client.force_login(engineer)
    assert "5-3を引き継ぐか" not in html_of(client, "initiative_detail", "5")


def test_the_entry_grid_is_one_click_away_for_those_who_report(client, final_round, section_head, other_head, planning):
    give_rows_to(planning, "5-3")
    links = {}
    for person in (section_head, other_head):
        client.force_login(person)
        links[person.username] = 'href="/progress/2026-3/"' in html_of(client, "activity_detail", "5-3")
    assert links == {"section_head": True, "other_head": False}


# --- one row


def test_the_row_says_how_it_is_judged_and_what_the_rules_see(final_round, browser):
    report(Activity.objects.get(code="6-2"), final_round, on=TODAY, text="移行を続けています。")
    text = words(html_of(browser, "activity_detail", "6-2"))
    assert "実施時期 関係課・ベンダと協議を行った上で令和7年度末までに移行" in text
    assert "期限 令和8年3月31日" in text
    assert "見方 期限型（期限までに終わるかをみます）" in text
    assert "移行を続けています。" in text
    assert (
        "システムの目安は 遅れ です。期限（令和8年3月31日）から7か月過ぎています。報告された状況は変わりません。"
        in text
    )


def test_the_row_without_initiative_has_a_page(plan, browser):
    assert "DX推進体制 0-1 大多喜町情報化推進委員会にて所掌・推進" in words(html_of(browser, "activity_detail", "0-1"))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("initiative_detail", "99"),
        ("initiative_detail", "k9"),
        ("activity_detail", "5-99"),
        ("activity_history", "9-9"),
    ],
)
def test_what_is_not_in_the_plan_is_not_found(plan, browser, name, code):
    response = get(browser, name, code)
    assert response.status_code == 404
    assert "見つかりません" in response.content.decode()


@pytest.mark.parametrize("path", ["/plan/abc/", "/plan/5-/", "/plan/005/", "/plan/5-3/x/", "/plan/0/", "/plan/%00/"])
def test_addresses_that_mean_nothing_are_not_found(plan, browser, path):
    assert browser.get(path).status_code == 404


# --- its history


def test_the_history_shows_row_and_reports_with_names_and_times(final_round, browser, secretary):
    row = Activity.objects.get(code="5-3")
    made = record(row, final_round, by=secretary, text="はじめの文。")
    record(row, final_round, by=secretary, seen_version=made.version, text="直した文。")
    text = words(html_of(browser, "activity_history", "5-3"))
    edited = "令和8年11月24日 10:00 総務課 事務局 見本 花子 令和8年度 第3四半期（最終評価） 変更"
    assert f"{edited} 今期の実績： 削除： はじめの （削除ここまで） 追加： 直した （追加ここまで） 文。 画面" in text
    assert "令和8年度 第3四半期（最終評価） 作成 状況：順調" in text
    assert "行の内容 作成" in text


def test_drafts_are_seen_by_the_section_only(client, final_round, section_head, member, planning):
    give_rows_to(planning, "5-3")
    record(Activity.objects.get(code="5-3"), final_round, by=section_head, standing="", text="書きかけの文。")
    assert ProgressReport.objects.get().state == "draft"
    seen = {}
    for person in (section_head, member):
        client.force_login(person)
        seen[person.username] = "書きかけの文。" in html_of(client, "activity_history", "5-3")
    assert seen == {"section_head": True, "member": False}


def test_the_history_is_not_for_readers_from_outside(client, plan, expert):
    client.force_login(expert)
    assert get(client, "activity_history", "5-3").status_code == 403
    assert "/history/" not in html_of(client, "activity_detail", "5-3").split("<main")[1].split("</main>")[0]


# --- however many


@pytest.mark.parametrize("count", [1, 3])
def test_query_counts(browser, secretary, section_head, planning, django_assert_num_queries, count):
    plan = create_plan()
    initiative = create_initiative(plan=plan, owner_section=planning)
    quarters = [create_quarter(plan=plan, fiscal_year=2025, quarter=quarter) for quarter in range(1, count + 1)]
    meeting = create_meeting(by=secretary, number=7, held_on=TODAY)
    for number in range(1, count + 1):
        row = create_activity(initiative=initiative, number=number)
        for quarter in quarters:
            report(row, quarter)
        item = AgendaItem(meeting=meeting, order=number, title="議題", activity=Activity.objects.get(code="1-1"))
        create_row(item, by=TESTS, today=TODAY)
        draft = create_draft(by=section_head, section=planning, initiative=initiative)
        step(draft, ProposalAction.SUBMIT, by=section_head)
        line = create_budget_line(by=section_head, section=planning, initiative=initiative, activity=row)
        record_amount(line, BudgetStage.REQUEST, 10, by=section_head)
        save_row(row, by=TESTS, seen_version=row.version, today=TODAY)
    with django_assert_num_queries(40):  # the first after a change
        get(browser, "initiative_detail", "1")
    with django_assert_num_queries(17):
        get(browser, "initiative_detail", "1")
    with django_assert_num_queries(24):  # the menu is counted already
        get(browser, "activity_detail", "1-1")
    with django_assert_num_queries(17):
        get(browser, "activity_detail", "1-1")
    with django_assert_num_queries(9):
        get(browser, "activity_history", "1-1")
