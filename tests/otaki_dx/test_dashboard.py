"""計画ダッシュボード and the schedule as a table: sentences, cards, marks, and every state of a plan."""

import re
from datetime import date

import pytest

from committee.choices import BudgetStage
from committee.models import AgendaItem
from otaki_dx.days import read_day
from tests.committee.factories import create_budget_line, create_meeting, record
from tests.conftest import TODAY
from tests.factories import TESTS
from tests.otaki_dx.pages import card, get, html_of, words
from tests.schedule.duties import create_duty, create_occurrence
from tests.schedule.small_plan import create_activity, create_initiative, create_plan, create_quarter, report
from townhall.changes import create_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]


@pytest.fixture
def browser(client, secretary):
    client.force_login(secretary)
    return client


@pytest.fixture
def reader(client, expert):
    client.force_login(expert)
    return client


@pytest.fixture
def two_rounds(db):
    """Row 1-1 became late, 1-2 stayed, 2-1 was silent in 令和6年度 第2四半期 (due 2024-10-10)."""
    plan = create_plan()
    first, second = create_initiative(plan=plan, number=1), create_initiative(plan=plan, number=2)
    rows = [
        create_activity(initiative=first, number=1),
        create_activity(initiative=first, number=2, kind="ongoing"),
        create_activity(initiative=second, number=1, kind="yearly"),
    ]
    before = create_quarter(plan=plan, fiscal_year=2024, quarter=1)
    now = create_quarter(plan=plan, fiscal_year=2024, quarter=2)
    for row in rows:
        report(row, before)
    report(rows[0], now, "late", on=date(2024, 10, 1), to_committee=True)
    report(rows[1], now, on=date(2024, 10, 2))
    return plan


# --- the states of a plan


def test_without_a_plan_the_page_says_who_loads_it(reader):
    assert "計画がまだ読み込まれていません。" in words(html_of(reader, "plan_dashboard"))
    assert "計画がまだ読み込まれていません。" in words(html_of(reader, "schedule_table"))


def test_the_shipped_plan_without_rounds(plan, reader):
    text = words(html_of(reader, "plan_dashboard"))
    assert "計画期間は令和8年3月31日に終了しました。最終評価の期は、まだ作られていません。事務局が作ります。" in text
    assert "進捗の期がまだありません。事務局が期を作ると、ここに状況が表示されます。" in text
    assert "遅れ・注意（1件）" in text
    assert "期限（令和8年3月31日）から7か月過ぎています" in text
    assert "比べる会議も期も、まだありません。" in text


def test_before_the_plan_starts(plan, reader):
    text = words(html_of(reader, "plan_dashboard", as_of="2023-03-01"))
    assert "計画期間はまだ始まっていません。 計画期間は36か月です（令和8年3月31日まで）。" in text


def test_while_the_plan_runs(two_rounds, reader):
    html = html_of(reader, "plan_dashboard", as_of="2024-10-15")
    text = words(html)
    assert "3の取組内容のうち 1 件が遅れ。 1 件は未報告です。" in text
    assert "前期から 1 件が悪くなり、 0 件がよくなりました。" in text
    assert "計画期間36か月のうち51％が経過。残り17か月（令和8年3月31日まで）" in text
    assert "時点 10/15" in html
    assert "計画終了" not in html
    assert card(html, "遅れ・注意（1件）").endswith("1-1 取組その1の内容1 遅れ 人手が足りません。 委員会に諮る")
    changed = "1-1 取組その1の内容1 遅れへ 順調 → 遅れ（10月1日（火） 企画課 課長 見本 二郎） 人手が足りません。"
    assert changed in card(html, "前期から変わったこと（1件）")


def test_while_a_round_is_open_the_round_before_is_named(two_rounds, reader):
    text = words(html_of(reader, "plan_dashboard", as_of="2024-10-05"))
    assert "前期から 1 件が悪くなり、 0 件がよくなりました。1件は、前の期の報告です。" in text


def test_a_round_just_opened_shows_the_round_before(two_rounds, reader):
    text = words(html_of(reader, "plan_dashboard", as_of="2024-09-02"))
    assert "この期の報告はまだありません。前期の報告を表示しています（提出期限 10月10日（木））。" in text


def test_the_ended_plan_has_an_end_line_and_a_final_evaluation(two_rounds, reader):
    final = create_quarter(plan=two_rounds, fiscal_year=2026, quarter=3, is_final=True, opens_on=date(2026, 11, 16))
    report(two_rounds.activities.get(code="1-1"), final, "done", on=date(2026, 11, 20))
    html = html_of(reader, "plan_dashboard")
    text = words(html)
    assert "計画期間は令和8年3月31日に終了しました。最終評価（提出期限 令和9年1月8日）の報告を表示しています。" in text
    assert "最終評価では、3の取組内容のうち、遅れと報告されたものはありません。" in text
    assert "計画終了" in html
    assert "今日 " not in html
    assert "イナズマ線を消す" in html
    without = html_of(reader, "plan_dashboard", front="off")
    assert 'class="dx-gantt__end"' in without
    assert "イナズマ線を表示する" in without
    assert "dx-gantt__front" not in without


def test_a_plan_nobody_reports_on_says_so(two_rounds, reader):
    text = words(html_of(reader, "plan_dashboard", as_of="2025-02-01"))
    assert "最後の報告（令和6年10月2日）から 122日、更新がありません。" in text


# --- the day asked for


@pytest.mark.parametrize(
    ("text", "day", "sentence"),
    [
        ("", TODAY, ""),
        (" ", TODAY, ""),
        ("2024-10-15", date(2024, 10, 15), ""),
        ("令和6年10月15日", date(2024, 10, 15), ""),
        ("2026-11-24", TODAY, ""),
        ("2026-11-25", TODAY, "令和8年11月25日はこれからの日です。今日の状況を表示しています。"),
        (
            "2024-02-30",
            TODAY,
            "「2024-02-30」という日はありません。2024年2月は29日までです。今日の状況を表示しています。",
        ),
    ],
)
def test_the_day_is_read_or_refused_with_a_sentence(text, day, sentence):
    assert read_day(text, today=TODAY) == (day, sentence)


@pytest.mark.parametrize(
    "text", ["abc", "0", "2024-13-01", "1e9", "\x00", "<script>", "٢٠٢٤-01-01", "9" * 300, "2024-10-15' OR 1=1", "０"]
)
def test_no_day_breaks_the_page(plan, reader, text):
    for name in ("plan_dashboard", "schedule_table"):
        response = get(reader, name, as_of=text)
        assert response.status_code == 200
        assert "今日の状況を表示しています。" in response.content.decode()
    assert "<script>" not in response.content.decode()


@pytest.mark.parametrize("text", ["1900-01-01", "1989-01-07", "2023-04-01", "2026-03-31", "2026-04-01"])
def test_any_past_day_is_shown(plan, reader, text):
    assert get(reader, "plan_dashboard", as_of=text).status_code == 200


# --- the matrix, the chart and the table


def test_the_matrix_has_eight_initiatives_and_three_studies(plan, reader):
    html = html_of(reader, "plan_dashboard")
    matrix = html.split('class="dx-table dx-matrix"')[1].split("</table>")[0]
    assert re.findall(r'<td class="dx-matrix__no">([^<]*)</td>', matrix) == [
        *(str(number) for number in range(1, 9)), "検1", "検2", "検3",
    ]  # fmt: skip
    assert matrix.count("年度評価は未記録") == 16  # eight initiatives, two whole years
    assert matrix.count("期ごとの判定なし") == 3
    assert 'href="/plan/k3/"' in matrix


def test_the_chart_has_the_plans_rows_in_the_plans_order_and_words(plan, reader):
    html = html_of(reader, "plan_dashboard")
    chart = html.split('class="dx-table dx-gantt"')[1].split("</table>")[0]
    assert re.findall(r'scope="row"><a href="/plan/([^/]*)/"', chart) == [
        "0-1", "1-1", "1-2", "1-3", "1-4", "2-1", "3-1", "3-2", "4-1", "5-1", "5-2", "5-3", "6-1", "6-2", "7-1", "8-1",
    ]  # fmt: skip
    sentences = re.findall(r'role="img" aria-label="([^"]*)"', chart)
    assert sentences[0] == "計画 令和5年度～随時実施。実績の報告はありません。状況 未報告"
    assert len(sentences) == 16


def test_nothing_is_styled_or_scripted_inline(two_rounds, reader):
    html = html_of(reader, "plan_dashboard", as_of="2024-10-15")
    assert re.findall(r"\sstyle=|\son[a-z]+=|data:", html) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)", html) == []


def test_the_table_says_the_chart_in_words(two_rounds, reader):
    html = html_of(reader, "schedule_table", as_of="2024-10-15")
    rows = html.split("<tbody>")[1].split("</tbody>")[0].split("</tr>")
    assert [words(f"<main>{row}</main>") for row in rows[:3]] == [
        "1-1 1 取組その1 取組その1の内容1 未設定 令和5年度～実施 令和5年度～令和7年度 R6 1QからR6 2Qまで報告あり ― 遅れ 順調 → 遅れ",
        "1-2 1 取組その1 取組その1の内容2 未設定 令和5年度～実施 令和5年度～令和7年度 報告2回（最後はR6 2Q） ― 順調 同じ",
        "2-1 2 取組その2 取組その2の内容1 未設定 令和5年度～実施 令和5年度～令和7年度 報告1回（最後はR6 1Q） "
        "この期は締め切られましたが、報告がありません 未報告 ―",
    ]


# --- what it is compared with


@pytest.fixture
def two_meetings(two_rounds, secretary):
    """Held on 2024-08-28, between the rounds, and on 2024-11-20."""
    return [
        create_meeting(by=secretary, number=number, held_on=day, today=day)
        for number, day in ((1, date(2024, 8, 28)), (2, date(2024, 11, 20)))
    ]


def test_the_last_meeting_is_compared_with(two_meetings, browser):
    html = html_of(browser, "plan_dashboard", as_of="2024-10-15")
    assert "前回の委員会から 1 件が悪くなり、 0 件がよくなりました。" in words(html)
    assert words_of_changes(html) == [
        "1-1 取組その1の内容1 遅れへ 順調 → 遅れ（10月1日（火） システム：試験） 人手が足りません。",
        "2-1 取組その2の内容1 未報告へ 順調 → 未報告 この期は締め切られましたが、報告がありません",
    ]
    assert 'href="/history/compare/?from=2024-08-28&amp;to=2024-10-15"' in html
    assert "前回比" in html


def words_of_changes(html):
    rows = re.findall(
        r'<li class="dx-rows__item">.*?</li>', html.split("から変わったこと")[1].split("</section>")[0], re.S
    )
    return [words(f"<main>{row}</main>") for row in rows]


def test_before_the_first_meeting_the_round_before_is_compared_with(two_meetings, browser):
    text = words(html_of(browser, "plan_dashboard", as_of="2024-08-01"))
    assert "比べる会議も期も、まだありません。" in text
    assert "前期比" in text


@pytest.mark.parametrize(
    ("base", "sentence"),
    [
        ("第6回", "「第6回」は日付として読めません。"),
        ("2024-10-15", "比べる相手（令和6年10月15日）は、時点より前の日にしてください。前回の委員会と比べています。"),
        ("2024-12-01", "比べる相手（令和6年12月1日）は、時点より前の日にしてください。前回の委員会と比べています。"),
        ("2030-01-01", "令和12年1月1日はこれからの日です。前回の委員会と比べています。"),
    ],
)
def test_a_day_that_cannot_be_compared_with_is_said(two_meetings, browser, base, sentence):
    text = words(html_of(browser, "plan_dashboard", as_of="2024-10-15", base=base))
    assert sentence in text
    assert "前回の委員会から 1 件が悪くなり" in text


def test_any_day_can_be_compared_with(two_meetings, browser):
    html = html_of(browser, "plan_dashboard", as_of="2024-10-15", base="R6.10.5")
    assert "令和6年10月5日から、状況の変わった取組内容はありません。" in words(html)
    assert "2-1 取組その2の内容1 未報告へ" in words_of_changes(html)[0]
    by_meeting = html_of(browser, "plan_dashboard", as_of_day="2024-11-20", base_day="2024-08-28")
    assert "令和6年11月20日時点" in words(by_meeting)
    assert '<option value="2024-08-28" selected>第1回委員会（令和6年8月28日）</option>' in by_meeting


# --- what stands beside: the meeting, the duties


def test_the_next_meeting_shows_what_will_be_decided(two_rounds, browser, secretary):
    meeting = create_meeting(by=secretary, number=7, held_on=date(2026, 12, 4), place="大会議室")
    row = two_rounds.activities.get(code="1-1")
    item = AgendaItem(meeting=meeting, order=1, title="1-1を引き継ぐか", activity=row, note="案A／案B")
    create_row(item, by=TESTS, today=TODAY)
    text = card(html_of(browser, "plan_dashboard"), "次回の委員会で決めること（1件）")
    assert "第7回 令和8年12月4日（金） 大会議室 協議 1-1を引き継ぐか 案A／案B" in text


def test_without_a_meeting_the_card_says_so(two_rounds, browser):
    text = card(html_of(browser, "plan_dashboard"), "次回の委員会で決めること")
    assert "次回の委員会の予定はまだありません。" in text
    past = card(html_of(browser, "plan_dashboard", as_of="2024-10-15"), "次回の委員会で決めること")
    assert "過去の時点を表示しています。" in past


def test_this_years_duties_have_their_days_left(two_rounds, browser, planning):
    create_occurrence(duty=create_duty(owner_section=planning))
    text = card(html_of(browser, "plan_dashboard"), "研修・ポリシーの期限")
    assert "情報セキュリティ研修 期限間近 企画課／期限 令和8年11月30日（あと6日）" in text


def test_readers_from_outside_see_neither_duties_nor_pages_closed_to_them(two_rounds, reader):
    html = html_of(reader, "plan_dashboard")
    assert "研修・ポリシーの期限" not in html
    assert 'href="/duties/' not in html
    assert 'href="/progress/' not in html


def test_the_budget_of_this_year_is_one_line_for_who_may_read_it(two_rounds, browser, expert, section_head, planning):
    assert "この計画の事業は、まだ登録されていません。" in words(html_of(browser, "plan_dashboard"))
    own = {"by": section_head, "section": planning, "initiative": two_rounds.initiatives.first()}
    for name in ("窓口", "端末"):
        record(create_budget_line(name=name, year=2026, **own), BudgetStage.REQUEST, 500, by=section_head)
    record(create_budget_line(name="次の年度", year=2027, **own), BudgetStage.REQUEST, 900, by=section_head)
    line = "令和8年度の予算 要求 1,000千円／査定 ―／予算（当初＋補正） ―（事業2件、令和8年11月24日現在） 予算を見る"
    assert line in words(html_of(browser, "plan_dashboard"))
    browser.force_login(expert)
    assert "/budget/" not in html_of(browser, "plan_dashboard")


# --- however many rows


@pytest.mark.parametrize("count", [1, 3])
def test_query_counts(browser, secretary, django_assert_num_queries, count):
    plan = create_plan()
    quarters = [create_quarter(plan=plan, fiscal_year=2025, quarter=quarter) for quarter in (3, 4)]
    for number in range(1, count + 1):
        row = create_activity(initiative=create_initiative(plan=plan, number=number))
        for quarter in quarters:
            report(row, quarter)
    meeting = create_meeting(by=secretary, number=7, held_on=date(2026, 12, 4))
    for number in range(count):
        create_row(AgendaItem(meeting=meeting, order=number, title="議題"), by=TESTS, today=TODAY)
        duty = create_duty(name=f"研修{number}", code=f"training-{number}")
        create_occurrence(duty=duty)
    with django_assert_num_queries(51):  # the first after a change, for the first person
        get(browser, "plan_dashboard")
    with django_assert_num_queries(9):
        get(browser, "plan_dashboard")
    with django_assert_num_queries(6):
        get(browser, "schedule_table")
