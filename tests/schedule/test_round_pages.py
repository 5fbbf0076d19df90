"""期の設定, 締切の確認, 開け直し, 訂正 and 差戻し as pages: what they say, ask, refuse and leave behind."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from schedule.models import EntryDraft, ProgressReport, ReportingRound, RoundRule
from schedule.summaries.rounds import planned_rounds, rule_in_words
from tests.conftest import TODAY
from tests.factories import TESTS
from tests.otaki_dx.pages import html_of, words
from tests.schedule.factories import FULL, close, create_round, give_rows_to, record, row
from tests.schedule.small_plan import create_activity, create_initiative, create_plan
from townhall.changes import create_row, save_row
from townhall.models import ClosingDay

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]
RULE = {"interval": "quarter", "opens_after": 1, "due_after": 15, "closes_after": 22, "final_after": 31}
LATER = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)


@pytest.fixture
def current(plan):
    return create_round(plan=plan)


@pytest.fixture
def office(client, secretary):
    client.force_login(secretary)
    return client


@pytest.fixture
def running_plan(planning):
    """令和8～10年度, with one row and no rounds."""
    plan = create_plan(code="next", starts_on=date(2026, 4, 1), ends_on=date(2029, 3, 31))
    create_activity(initiative=create_initiative(plan=plan, owner_section=planning), kind="ongoing")
    return plan


def url(name, round, code=None):
    return reverse(name, args=[round.key, code] if code else [round.key])


def rule_post(plan, button, **changes):
    typed = {f"plan{plan.pk}-{name}": value for name, value in (RULE | changes).items()}
    return {"plan": plan.pk, button: "1", **typed}


def seen(page):
    """What the form of the check carries back."""
    return {"seen_version": page.context["round"].version, "seen_stamp": page.context["check"].stamp}


# --- 期の設定


def test_a_plan_without_a_rule_shows_the_defaults_and_makes_nothing(office, running_plan):
    text = words(html_of(office, "round_list"))
    assert "まだ決めていません。" in text
    assert "令和8年度 第3四半期 令和8年10月～12月 R9.1.4 R9.1.15 R9.1.22 まだありません" in text
    assert not RoundRule.objects.exists()
    assert not ReportingRound.objects.exists()


def test_dates_are_looked_at_before_the_rule_is_saved(office, running_plan):
    page = office.post(reverse("round_list"), rule_post(running_plan, "preview", due_after=10))
    assert (page.status_code, RoundRule.objects.count()) == (200, 0)
    assert "いま入れた決まりで計算した日付です。まだ保存していません。" in words(page.text)
    assert "R9.1.4 R9.1.8" in words(page.text)  # 1/10 is a Sunday


def test_rule_is_saved_then_rounds_are_made_once(office, running_plan):
    assert office.post(reverse("round_list"), rule_post(running_plan, "save")).status_code == 302
    rule = RoundRule.objects.get()
    make = {"plan": running_plan.pk, "generate": "1"}
    told = words(office.post(reverse("round_list"), make, follow=True).text)
    assert "期を11つ作り、0つの日付をそろえました。" in told
    assert "提出期限の過ぎた期 2つは、作っていません。" in told
    assert "できています" in told
    office.post(reverse("round_list"), make | {"with_passed": "on"})
    assert (ReportingRound.objects.count(), rule.version) == (13, 1)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"due_after": 30}, "入力の始め、提出期限、締切の予定の順になるように入力してください。"),
        ({"opens_after": ""}, "このフィールドは必須です。"),
        ({"opens_after": "あした"}, "整数を入力してください。"),
        ({"due_after": 9999}, "以下"),
        ({"interval": "week"}, "正しく選択してください。"),
    ],
)
def test_a_rule_that_cannot_be_is_a_sentence(office, running_plan, changes, sentence):
    page = office.post(reverse("round_list"), rule_post(running_plan, "save", **changes))
    assert page.status_code == 422
    assert sentence in words(page.text)
    assert not RoundRule.objects.exists()


def test_two_people_changing_a_rule_see_both_values(office, running_plan):
    rule = create_row(RoundRule(plan=running_plan), by=TESTS, today=TODAY)
    rule.due_after = 12
    save_row(rule, by=TESTS, seen_version=1, today=TODAY)
    mine = rule_post(running_plan, "save", due_after=18) | {f"plan{running_plan.pk}-seen_version": 1}
    page = office.post(reverse("round_list"), mine)
    assert page.status_code == 409
    assert "相手の値「12」／自分の値「18」" in words(page.text)
    assert RoundRule.objects.get().due_after == 12


def test_rule_in_words_and_what_becomes_of_each_round(running_plan):
    rule = create_row(RoundRule(plan=running_plan, interval="half", due_after=10), by=TESTS, today=TODAY)
    assert rule_in_words(rule) == (
        "半期ごとに集めます。対象期間の末日の1日後に入力を始め、末日の10日後を提出期限、末日の22日後を締切の予定にします。"
        "最終評価は、計画期間の末日の31日後に始めます。担当が入力した報告は、そのまま提出になります。"
    )
    days = {"opens_on": date(2027, 4, 1), "due_on": date(2027, 4, 30)}
    create_round(plan=running_plan, fiscal_year=2026, quarter=4, months=6, is_moved=True, **days)
    outcomes = [(each.label, each.outcome) for each in planned_rounds(rule, today=TODAY)]
    assert outcomes == [
        ("令和8年度 下半期", "手で決めた日付のまま（提出期限 令和9年4月30日）"),
        ("令和9年度 上半期", "まだありません"),
    ]


def test_sections_read_the_rounds_and_change_nothing(client, running_plan, clerk):
    create_round(plan=running_plan, fiscal_year=2026, quarter=2)
    client.force_login(clerk)
    text = words(html_of(client, "round_list"))
    assert "変えるのは事務局（総務課）です。" in text
    assert "令和8年度 第2四半期 入力中" in text
    assert not any(word in text for word in ("期限を延ばす", "締め切る", "期を作る・そろえる", "決まりを保存する"))
    assert client.post(reverse("round_list"), rule_post(running_plan, "save")).status_code == 403


# --- dates


def test_a_deadline_is_extended_with_a_reason_and_era_dates(office, current):
    page = office.get(url("round_dates", current))
    assert "いまの提出期限 令和8年12月10日（木）" in words(page.text)
    typed = {"opens_on": "R8.11.1", "due_on": "令和8年12月19日", "reason": "繁忙期のため", "seen_version": 1}
    told = words(office.post(url("round_dates", current), typed, follow=True).text)
    assert "提出期限の令和8年12月19日（土）は閉庁日です。令和8年12月18日（金）までの報告が、期限内になります。" in told
    assert "日付を手で決めた期" in told
    moved = ReportingRound.objects.get()
    assert (moved.due_on, moved.closes_on, moved.is_moved) == (date(2026, 12, 19), None, True)
    assert moved.history.first().history_change_reason == "繁忙期のため"


def test_opening_now_is_today_filled_in(office, running_plan):
    coming = create_round(
        plan=running_plan, fiscal_year=2026, quarter=3, opens_on=date(2027, 1, 4), due_on=date(2027, 1, 15)
    )
    form = office.get(url("round_dates", coming) + "?now").context["form"]
    assert (form["opens_on"].value(), form["due_on"].value()) == (TODAY, date(2027, 1, 15))


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"reason": " "}, 422, "日付を変える理由を入力してください。"),
        ({"due_on": "2026-10-01"}, 422, "提出期限は、入力の始めより後の日にしてください。"),
        ({"closes_on": "2026-12-01"}, 422, "締切の予定は、提出期限より前にできません。"),
        ({"due_on": "あさって"}, 422, "あさって"),
        ({"seen_version": "9"}, 409, "更新しました"),
        ({"seen_version": ""}, 409, "この画面の版が分からないため、保存しませんでした。"),
    ],
)
def test_dates_that_cannot_be_are_sentences(office, current, changes, status, sentence):
    typed = {"opens_on": "2026-11-01", "due_on": "2026-12-18", "reason": "試し", "seen_version": "1"}
    page = office.post(url("round_dates", current), typed | changes)
    assert (page.status_code, sentence in words(page.text)) == (status, True)
    assert ReportingRound.objects.get().due_on == date(2026, 12, 10)


# --- closing


def test_the_check_says_what_closing_would_fix(office, plan, planning, welfare, secretary, clerk, section_head):
    before, now = create_round(plan=plan, quarter=3), create_round(plan=plan)
    give_rows_to(planning, "5-1", "5-2", "5-3")
    record(row("5-1"), before, by=secretary)
    record(row("5-3"), before, by=secretary, standing="late", reason="遅れた")
    record(row("5-1"), now, by=secretary, standing="slightly_late", reason="人手不足", to_committee=True)
    record(row("5-3"), now, by=section_head)
    record(row("5-2"), now, by=clerk, standing="", text="途中")
    EntryDraft.objects.create(activity=row("5-1"), round=now, author=clerk, typed={"text": "x"}, saved_at=LATER)
    text = words(office.get(url("round_close", now)).text)
    assert f"まだ締め切っていません。報告 2 / {plan.activities.count()}行" in text
    assert "順調 から やや遅れ 悪くなった" in text.replace("→ から", "から")
    assert "良くなった" in text
    assert "企画課 下書きのまま" in text
    assert "ほかの人の書きかけ 1行 5-1 見本 三郎さん 11/24 11:30 の入力" in text
    assert "この 1行を確認済にする" in text
    assert "委員会に諮る行 1行" in text


def test_submitted_rows_are_accepted_from_the_check_as_they_were_seen(office, current, planning, section_head):
    give_rows_to(planning, "5-1", "5-2")
    _, second = (record(row(code), current, by=section_head) for code in ("5-1", "5-2"))
    page = office.get(url("round_close", current))
    record(row("5-2"), current, by=section_head, seen_version=second.version, text="あとで直した。")
    told = words(office.post(url("round_close", current), {"accept": "1", **seen(page)}, follow=True).text)
    assert "提出 1行を確認済にしました。" in told
    assert "5-2：企画課 課長 見本 二郎さんが" in told
    assert [each.state for each in ProgressReport.objects.order_by("activity__order")] == ["accepted", "submitted"]


def test_own_unsaved_rows_stop_the_closing(office, current, secretary):
    EntryDraft.objects.create(activity=row("5-1"), round=current, author=secretary, typed={"text": "x"}, saved_at=LATER)
    page = office.get(url("round_close", current))
    assert "保存していない入力が1行あります。" in words(page.text)
    assert office.post(url("round_close", current), seen(page)).status_code == 409
    assert not ReportingRound.objects.get().is_closed


def test_what_changed_meanwhile_is_said_row_by_row(office, current, planning, section_head):
    give_rows_to(planning, "5-1")
    page = office.get(url("round_close", current))
    record(row("5-1"), current, by=section_head)
    again = office.post(url("round_close", current), seen(page))
    assert again.status_code == 409
    assert (
        "確認の画面を開いたあとに、報告が変わりました：5-1（11月24日 10:00 見本 二郎さんが保存、いまは「提出」）。"
        "締め切っていません。" in words(again.text)
    )
    assert "5-1" not in [each.label for each in again.context["check"].missing]
    told = words(office.post(url("round_close", current), seen(again), follow=True).text)
    assert "行は「未報告」で確定しました。" in told
    assert "計画の状況を見る 開け直す 期の設定" in told


@pytest.mark.parametrize("stamp", ["", "x", "5-1", "5-1:abc|:", "|" * 3000, "5-1:99999999999"])
def test_a_stamp_nobody_saw_closes_nothing(office, current, stamp):
    page = office.post(url("round_close", current), {"seen_version": 1, "seen_stamp": stamp})
    assert (page.status_code, ReportingRound.objects.get().is_closed) == (409, False)
    assert "確認の画面を開いたあとに、報告が変わりました" in words(page.text)


def test_closing_twice_tells_who_was_first(office, current, secretary):
    page = office.get(url("round_close", current))
    close(current, by=secretary, seen_version=1)
    again = office.post(url("round_close", current), seen(page))
    assert again.status_code == 409
    assert "もう締め切られています（総務課 事務局 見本 花子）" in words(again.text)


def test_a_round_that_has_not_begun_cannot_be_closed(office, running_plan):
    coming = create_round(
        plan=running_plan, fiscal_year=2026, quarter=3, opens_on=date(2027, 1, 4), due_on=date(2027, 1, 15)
    )
    assert "いまは締め切れません。" in words(office.get(url("round_close", coming), follow=True).text)
    assert office.post(url("round_close", coming), {"seen_version": 1}).status_code == 409


# --- one report


def test_a_correction_in_conflict_shows_both_and_saves_nothing(office, current, secretary):
    report = record(row("5-1"), current, by=secretary)
    close(current, by=secretary, seen_version=1)
    page = office.get(url("report_correct", current, "5-1"))
    assert "令和8年11月24日に締め切りました（総務課 事務局 見本 花子）。" in words(page.text)
    typed = {
        "standing": "on_track",
        "text": "相手の訂正。",
        "next_step": "続ける。",
        "why": "誤記",
        "seen_version": report.version,
    }
    assert office.post(url("report_correct", current, "5-1"), typed).status_code == 302
    again = office.post(url("report_correct", current, "5-1"), typed | {"text": "自分の訂正。"})
    assert again.status_code == 409
    text = words(again.text)
    assert ("相手の訂正。" in text, "自分の訂正。" in text) == (True, True)
    assert ProgressReport.objects.get().text == "相手の訂正。"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"why": ""}, "訂正の理由を入力してください。"),
        ({"text": ""}, "今期の実績を入力してください。"),
        ({"standing": "late"}, "遅れ・変更の理由を入力してください。"),
        ({"percent": "120"}, "進捗率は 0～100 で入力してください"),
        ({"standing": "unreported"}, "正しく選択してください。"),
    ],
)
def test_a_correction_keeps_the_rules(office, current, secretary, changes, sentence):
    close(current, by=secretary, seen_version=1)
    typed = FULL | {"standing": "on_track", "to_committee": "", "why": "誤記", "seen_version": 0}
    page = office.post(url("report_correct", current, "5-3"), typed | changes)
    assert (page.status_code, sentence in words(page.text)) == (422, True)
    assert not ProgressReport.objects.exists()


def test_before_the_correction_the_old_text_stands(office, current, secretary):
    """What was known on a day stays known for that day; every later page says 訂正 and why."""
    report = record(row("5-1"), current, by=secretary, text="古い文。")
    close(current, by=secretary, seen_version=1)
    typed = {"standing": "slightly_late", "text": "新しい文。", "reason": "集計の誤り", "next_step": "続ける。"}
    yesterday = {"as_of": "2026-11-24"}
    with_reason = typed | {"why": "数え間違い", "seen_version": report.version}
    with time_machine.travel(datetime(2026, 11, 25, 1, tzinfo=UTC), tick=False):
        office.force_login(secretary)
        assert office.post(url("report_correct", current, "5-1"), with_reason).status_code == 302
        for name, args in (("activity_detail", ["5-1"]), ("initiative_detail", ["5"])):
            text = words(html_of(office, name, *args))
            assert ("新しい文。" in text, "訂正 11/25（理由：数え間違い）" in text) == (True, True)
        entry = words(office.get(current.get_absolute_url()).text)
        assert ("新しい文。" in entry, "数え間違い" in entry) == (True, True)
        now, before = (words(html_of(office, "plan_dashboard", **query)) for query in ({}, yesterday))
        assert ("5-1：新しい文。（11/25訂正）" in now, "古い文。" in now) == (True, False)
        assert ("新しい文。" in before, "訂正" in before) == (False, False)


@pytest.mark.parametrize(
    ("person", "state", "said"),
    [
        ("secretary", "submitted", "報告を差し戻す"),
        ("section_head", "checking", "報告を差し戻す"),
        ("secretary", "checking", "「課長の確認待ち」の報告を差し戻すのは、担当課の課長です。"),
        ("section_head", "submitted", "「提出」の報告を差し戻すのは、事務局です。"),
        ("clerk", "checking", "「課長の確認待ち」の報告を差し戻すのは、担当課の課長です。"),
        ("secretary", "returned", "「差戻し」の報告は、まだ担当課にあります。"),
    ],
)
def test_who_sends_a_report_back(client, request, current, planning, clerk, secretary, person, state, said):
    give_rows_to(planning, "5-1")
    report = record(row("5-1"), current, by=clerk)
    report.state = state
    save_row(report, by=TESTS, seen_version=report.version, today=TODAY)
    client.force_login(request.getfixturevalue(person))
    assert said in words(client.get(url("report_return", current, "5-1"), follow=True).text)


def test_another_section_does_not_learn_of_the_report(client, current, planning, clerk, other_head):
    give_rows_to(planning, "5-1")
    record(row("5-1"), current, by=clerk)
    client.force_login(other_head)
    assert client.get(url("report_return", current, "5-1")).status_code == 404


def test_a_head_who_is_late_is_told_who_sends_back(client, current, planning, clerk, section_head):
    give_rows_to(planning, "5-1")
    report = record(row("5-1"), current, by=clerk)
    client.force_login(section_head)
    page = client.post(url("report_return", current, "5-1"), {"reason": "直して", "seen_version": report.version})
    assert page.status_code == 422
    assert "5-1は変わっていません。これは事務局が行います。" in words(page.text)


# --- working days and half years, everywhere they show


def test_a_closed_day_is_named_in_the_list(office, current):
    create_row(ClosingDay(day=date(2026, 12, 10), label="停電"), by=TESTS, today=TODAY)
    assert "R8.12.9 12月10日（木）は閉庁日" in words(html_of(office, "round_list"))


def test_half_years_are_named_wherever_they_show(office, running_plan, secretary):
    first = create_round(
        plan=running_plan, fiscal_year=2026, quarter=2, months=6, opens_on=date(2026, 10, 1), due_on=date(2026, 12, 15)
    )
    record(running_plan.activities.get(), first, by=secretary)
    dashboard = words(html_of(office, "plan_dashboard"))
    assert "令和8年度（期ごと） 令和9年度 令和10年度" in dashboard
    assert "上半期（今期） 下半期" in dashboard.replace(" （今期）", "（今期）")
    assert not any(f"{quarter}Q" in dashboard for quarter in (1, 2, 3, 4))
    assert "令和8年度 上半期" in dashboard
    assert "R8\N{NO-BREAK SPACE}上半期" in html_of(office, "schedule_table")
    for name, args in (("initiative_detail", ["1"]), ("activity_detail", ["1-1"])):
        text = words(html_of(office, name, *args))
        assert ("上半期" in text, "2Q" in text) == (True, False)
    assert "令和8年度 上半期" in words(html_of(office, "home"))
    assert "進捗入力 令和8年度 上半期" in words(office.get(first.get_absolute_url()).text).replace("\u3000", " ")
