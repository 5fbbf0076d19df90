"""進捗報告 in the admin: the form, the list and the files save through the same action as the grid."""

import re
from datetime import date

import pytest
from django.urls import reverse

from schedule.actions.rounds import generate_rounds, note_visit
from schedule.models import Activity, EntryDraft, ProgressReport, ReportingRound, RoundRule
from schedule.report_rules import ReportValues
from tests.conftest import NOW, TODAY
from tests.factories import TESTS
from tests.schedule.factories import FULL, close, create_round, give_rows_to, record, row
from tests.schedule.small_plan import create_plan
from townhall.changes import create_row

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]
LIST = "/admin/schedule/progressreport/"


@pytest.fixture
def current(plan):
    return create_round(plan=plan)


@pytest.fixture
def office(client, secretary, current):
    client.force_login(secretary)
    return client


def change_url(report):
    return reverse("admin:schedule_progressreport_change", args=[report.pk])


def typed(report=None, **values):
    """What the change form sends; for a report on record with its version."""
    values = {**(vars(ReportValues.of(report)) if report else FULL), **values}
    data = {name: "" if value is None else value for name, value in values.items() if value is not False}
    return data | ({"seen_version": report.version} if report and "seen_version" not in values else {})


def listed(*reports, **changes):
    """What the list sends; `changes` are of the first row."""
    data = {"form-TOTAL_FORMS": len(reports), "form-INITIAL_FORMS": len(reports), "_save": "保存"}
    for number, report in enumerate(reports):
        row = {
            "id": report.pk,
            "standing": report.standing,
            "percent": report.percent or "",
            "seen_version": report.version,
        }
        row |= changes if number == 0 else {}
        data |= {f"form-{number}-{name}": value for name, value in row.items()}
    return data


def test_report_is_recorded_through_the_admin(office, current):
    page = office.get(LIST + "add/").text
    assert '<option value="unreported"' not in page
    data = typed(activity=row("1-1").pk, round=current.pk, percent="８０％")
    assert office.post(LIST + "add/", data).status_code == 302
    report = ProgressReport.objects.get()
    assert ReportValues.of(report) == ReportValues(**FULL)
    assert (report.state, report.version, report.reported_by) == ("accepted", 1, "総務課 事務局 見本 花子")
    assert report.history.get().history_source == "管理画面"


def test_all_nineteen_rows_through_the_admin(office, current):
    for each in Activity.objects.all():
        study = {"standing": "trying", "percent": None} if each.is_study else {}
        assert office.post(LIST + "add/", typed(activity=each.pk, round=current.pk, **study)).status_code == 302
    assert ProgressReport.objects.reported().count() == 19


def test_change_form_saves_and_shows_the_difference_in_its_history(office, current, secretary):
    report = record(row("1-1"), current, by=secretary)
    response = office.post(change_url(report), typed(report, text="直した実績", to_committee="on"))
    assert response.status_code == 302
    report.refresh_from_db()
    assert (report.text, report.to_committee, report.version) == ("直した実績", True, 2)
    history = office.get(reverse("admin:schedule_progressreport_history", args=[report.pk])).text
    assert all(word in history for word in (FULL["text"], "直した実績", "総務課 事務局 見本 花子", "管理画面"))


def test_saving_without_a_change_writes_no_history(office, current, secretary):
    report = record(row("1-1"), current, by=secretary)
    assert office.post(change_url(report), typed(report)).status_code == 302
    assert (ProgressReport.objects.get().version, report.history.count()) == (1, 1)


@pytest.mark.parametrize(
    ("code", "values", "sentence"),
    [
        ("5-3", {"standing": "late"}, "「遅れ」のときは、遅れ・変更の理由を入力してください。"),
        ("1-1", {"standing": "late", "reason": "理由"}, "「遅れ」になりません。"),
        ("1-1", {"percent": "120"}, "進捗率は 0～100 で入力してください（いまの値 120）。"),
        ("1-1", {"percent": "約80"}, "「約80」は一つの数に決められません。"),
        ("1-1", {"text": "あ" * 4001}, "4000 文字以下"),
        ("1-1", {"standing": "trying"}, "状況は、順調・やや遅れ"),
        ("k1", {"standing": "trying", "percent": "50"}, "検討事項に進捗率はありません。"),
        ("1-1", {"standing": "", "percent": "", "text": "", "next_step": ""}, ""),
        ("1-1", {"text": "NUL\x00"}, "使えない文字（NUL）"),
    ],
)
def test_every_rule_is_a_sentence_in_the_form(office, current, code, values, sentence):
    response = office.post(LIST + "add/", typed(activity=row(code).pk, round=current.pk, **values))
    assert response.status_code in (200, 409)
    assert sentence in response.text
    assert not ProgressReport.objects.exists()


@pytest.mark.parametrize("values", [{"activity": "", "round": ""}, {"activity": "999999", "round": "x"}])
def test_row_and_round_are_asked_for(office, current, values):
    response = office.post(LIST + "add/", typed(**values))
    assert response.status_code == 200
    assert "このフィールドは必須です。" in response.text or "正しく選択してください。" in response.text


def test_second_report_of_a_row_is_refused(office, current, secretary):
    record(row("1-1"), current, by=secretary)
    response = office.post(LIST + "add/", typed(activity=row("1-1").pk, round=current.pk, text="二つ目"))
    assert "この行のこの期の報告は、もうあります。" in response.text
    assert ProgressReport.objects.count() == 1


def test_clearing_the_text_makes_a_draft(office, current, secretary):
    report = record(row("1-1"), current, by=secretary)
    assert office.post(change_url(report), typed(report, text="")).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.text, report.reported_by) == ("draft", "", "")


@pytest.mark.parametrize("seen", ["", "9", "x"])
def test_stale_form_keeps_both_values(office, current, secretary, seen):
    report = record(row("1-1"), current, by=secretary, text="相手の文")
    response = office.post(change_url(report), typed(report, text="自分の文", seen_version=seen))
    assert response.status_code == 200
    assert "自分の文" in response.text
    assert re.search("保存していません|保存しませんでした", response.text)
    assert ProgressReport.objects.get().text == "相手の文"


def test_closed_round_is_read_only_everywhere(office, current, secretary):
    report = record(row("1-1"), current, by=secretary)
    close(current, by=secretary, seen_version=1)
    assert 'name="text"' not in office.get(change_url(report)).text
    assert office.post(change_url(report), typed(report, text="後から")).status_code == 403
    assert f">{current.label}</option>" not in office.get(LIST + "add/").text
    add = office.post(LIST + "add/", typed(activity=row("1-2").pk, round=current.pk))
    assert "正しく選択してください。" in add.text
    in_list = office.post(LIST, listed(report, percent="10"))
    assert "に締め切りました（総務課 事務局 見本 花子）。保存していません。" in in_list.text
    round_url = reverse("admin:schedule_reportinground_change", args=[current.pk])
    office.post(round_url, {"due_on": "2027-01-01", "seen_version": "2"})
    assert ReportingRound.objects.get().due_on == current.due_on
    assert (ProgressReport.objects.get().percent, ProgressReport.objects.count()) == (80, 1)


# --- the list


def test_list_saves_through_the_action(office, current, secretary):
    first, second = (record(row(code), current, by=secretary) for code in ("1-1", "1-2"))
    response = office.post(LIST, listed(first, second, standing="done", percent="100", to_committee="on"))
    assert response.status_code == 302
    first.refresh_from_db()
    assert (first.standing, first.percent, first.to_committee, first.version) == ("done", 100, True, 2)
    assert ProgressReport.objects.get(pk=second.pk).version == 1
    assert first.history.first().history_source == "管理画面"


def test_list_names_what_it_cannot_show(office, current, secretary):
    report = record(row("5-3"), current, by=secretary)
    response = office.post(LIST, listed(report, standing="late"))
    assert response.status_code == 200
    assert "「遅れ」のときは、遅れ・変更の理由を入力してください。" in response.text
    assert ProgressReport.objects.get().standing == "on_track"


def test_list_compares_versions(office, current, secretary):
    report = record(row("1-1"), current, by=secretary)
    record(row("1-1"), current, by=secretary, seen_version=1, text="相手の文")
    response = office.post(LIST, listed(report, percent="10"))
    assert "もう一度保存すると、自分の値で上書きします。" in response.text
    assert ProgressReport.objects.get().percent == 80


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["1-1", "5-1"]),
        ("?round__id__exact={round}", ["1-1", "5-1"]),
        ("?activity__plan__id__exact={plan}", ["1-1", "5-1"]),
        ("?standing__exact=on_track", ["1-1"]),
        ("?state__exact=submitted", ["5-1"]),
        ("?section={planning}", ["5-1"]),
        ("?section={general_affairs}", []),
        ("?section=abc", []),
        ("?q=視察", ["5-1"]),
    ],
)
def test_list_filters(office, current, secretary, clerk, planning, general_affairs, query, codes):
    give_rows_to(planning, "5-1")
    record(row("1-1"), current, by=secretary)
    record(row("5-1"), current, by=clerk, standing="done", text="視察した")
    keys = {
        "round": current.pk,
        "plan": current.plan_id,
        "planning": planning.pk,
        "general_affairs": general_affairs.pk,
    }
    page = office.get(LIST + query.format(**keys)).text
    assert sorted(re.findall(r'class="field-code"><a[^>]*>([^<]+)</a>', page)) == codes


@pytest.mark.parametrize("count", [1, 3])
def test_list_query_count(office, current, secretary, count, django_assert_num_queries):
    for code in ("1-1", "5-1", "0-1")[:count]:
        record(row(code), current, by=secretary)
    with django_assert_num_queries(9):
        page = office.get(LIST).text
    assert page.count('class="field-code"') == count


def test_submitted_reports_are_accepted_from_the_list(office, current, secretary, clerk, planning):
    give_rows_to(planning, "5-1", "5-2")
    first, second = (record(row(code), current, by=clerk) for code in ("5-1", "5-2"))
    data = listed(first, second) | {"action": "accept_reports", "_selected_action": [first.pk, second.pk]}
    del data["_save"]
    record(row("5-2"), current, by=clerk, seen_version=1, text="あとで直した")
    page = office.post(LIST, data, follow=True).text
    assert "1件を確認済にしました。" in page
    assert "企画課 担当 見本 三郎さんが" in page
    assert [r.state for r in ProgressReport.objects.order_by("activity__order")] == ["accepted", "submitted"]


# --- who


@pytest.mark.parametrize("person", ["section_head", "clerk", "member", "deputy_mayor", "expert", "outsider"])
def test_admin_is_closed_to_others(client, request, current, person):
    client.force_login(request.getfixturevalue(person))
    for page in ("", "add/", "import/", "export/"):
        assert client.get(LIST + page).status_code in (302, 403)
        assert client.post(LIST + page, typed(activity=row("1-1").pk, round=current.pk)).status_code in (302, 403)
    assert not ProgressReport.objects.exists()


def test_engineer_keeps_the_machine_not_the_reports(client, engineer, secretary, current):
    report = record(row("1-1"), current, by=secretary)
    client.force_login(engineer)
    assert {client.get(LIST + page).status_code for page in ("", "add/", "import/", "export/")} == {403}
    assert client.post(change_url(report), typed(report, text="上書き")).status_code == 403
    assert client.post(LIST, listed(report, percent="10")).status_code == 403
    assert ProgressReport.objects.get().percent == 80


# --- rounds and rows


def round_form(plan, **changes):
    days = {"opens_on": "2027-01-05", "due_on": "2027-01-20"}
    return {"plan": plan.pk, "fiscal_year": 2026, "quarter": 3, "months": 3} | days | changes


def test_round_is_made_in_the_admin(office, plan):
    assert office.post("/admin/schedule/reportinground/add/", round_form(plan)).status_code == 302
    made = ReportingRound.objects.get(fiscal_year=2026)
    assert (made.label, made.opens_on, made.closed_at) == ("令和8年度 第3四半期", date(2027, 1, 5), None)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"fiscal_year": 2025, "quarter": 4}, "この計画の同じ年度・四半期の期は、もうあります。"),
        ({"due_on": "2026-12-01"}, "提出期限は、入力の始めより後の日にしてください。"),
        ({"quarter": 5}, "4 以下"),
        ({"fiscal_year": 99999}, "以下"),
        ({"fiscal_year": 0}, "以上"),
        ({"opens_on": "きのう"}, "日付を正しく入力してください。"),
    ],
)
def test_round_that_cannot_be_is_a_sentence(office, plan, changes, sentence):
    response = office.post("/admin/schedule/reportinground/add/", round_form(plan, **changes))
    assert response.status_code == 200
    assert sentence in response.text
    assert ReportingRound.objects.count() == 1


def test_owner_section_is_set_in_the_list_of_rows(office, planning):
    url = "/admin/schedule/activity/"
    rows = list(Activity.objects.order_by("plan", "order"))
    data = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": len(rows), "_save": "保存"}
    for number, each in enumerate(rows):
        owner = planning.pk if each.code == "5-1" else ""
        data |= {f"form-{number}-id": each.pk, f"form-{number}-owner_section": owner}
        data |= {f"form-{number}-seen_version": each.version}
    assert office.post(url, data).status_code == 302
    assert [r.code for r in Activity.objects.filter(owner_section=planning)] == ["5-1"]


# --- 差戻し and 訂正 from the admin


def selected(action, *reports, **values):
    """What the list sends when an action is chosen."""
    data = listed(*reports) | {"action": action, "_selected_action": [each.pk for each in reports], **values}
    del data["_save"]
    return data


def test_reports_are_sent_back_from_the_list_with_one_reason(office, current, clerk, planning):
    give_rows_to(planning, "5-1", "5-2", "5-3")
    first, second, draft = (
        record(row(code), current, by=clerk, **values)
        for code, values in (("5-1", {}), ("5-2", {}), ("5-3", {"standing": ""}))
    )
    asked = office.post(LIST, selected("return_reports", first, second, draft))
    assert (asked.status_code, "差し戻す理由" in asked.text) == (200, True)
    record(row("5-2"), current, by=clerk, seen_version=second.version, text="あとで直した。")
    empty = office.post(LIST, selected("return_reports", first, second, draft, reason=" "))
    assert (empty.status_code, "差し戻す理由を入力してください。" in empty.text) == (422, True)
    answer = selected("return_reports", first, second, draft, reason="人数を書いてください。")
    page = office.post(LIST, answer, follow=True).text
    assert "1件を差し戻しました。" in page
    assert "企画課 担当 見本 三郎さんが" in page
    assert "「下書き」の報告は、差し戻せません。" in page
    states = [(each.activity.code, each.state) for each in ProgressReport.objects.order_by("activity__order")]
    assert states == [("5-1", "returned"), ("5-2", "submitted"), ("5-3", "draft")]
    assert first.history.first().history_change_reason == "人数を書いてください。"


def test_what_waits_for_the_head_is_not_sent_back_by_the_secretariat(office, current, clerk, planning):
    give_rows_to(planning, "5-1")
    create_row(RoundRule(plan=current.plan, head_confirms=True), by=TESTS, today=TODAY)
    waiting = record(row("5-1"), current, by=clerk)
    page = office.post(LIST, selected("return_reports", waiting, reason="直して"), follow=True).text
    assert "5-1は変わっていません。これは課長が行います。" in page
    assert ProgressReport.objects.get().state == "checking"


def test_the_admin_leads_to_the_pages_that_ask_for_a_reason(office, current, secretary):
    report = record(row("5-1"), current, by=secretary)
    round_url = reverse("admin:schedule_reportinground_change", args=[current.pk])
    assert f'href="/progress/{current.key}/5-1/return/"' in office.get(change_url(report)).text
    assert f'href="/progress/{current.key}/dates/"' in office.get(round_url).text
    assert 'name="_save"' not in office.get(round_url).text
    office.post(round_url, {"seen_version": 1})
    assert ReportingRound.objects.get().history.count() == 1
    close(current, by=secretary, seen_version=1)
    assert f'href="/progress/{current.key}/5-1/correct/"' in office.get(change_url(report)).text
    assert f'href="/progress/{current.key}/reopen/"' in office.get(round_url).text


def test_dates_typed_in_the_admin_are_kept_by_the_rule(office, secretary):
    plan = create_plan(code="next", starts_on=date(2026, 4, 1), ends_on=date(2029, 3, 31))
    made = round_form(plan, opens_on="2027-01-12", due_on="2027-01-29")
    assert office.post("/admin/schedule/reportinground/add/", made).status_code == 302
    rule = create_row(RoundRule(plan=plan), by=TESTS, today=TODAY)
    generated = generate_rounds(rule, by=secretary, today=TODAY)
    assert [each.key for each in generated.kept] == ["2026-3"]
    assert ReportingRound.objects.get(plan=plan, fiscal_year=2026, quarter=3).due_on == date(2027, 1, 29)


@pytest.mark.parametrize("name", ["roundrule", "entrydraft", "roundvisit", "reportinground"])
def test_rules_drafts_and_visits_are_listed(office, current, secretary, name):
    create_row(RoundRule(plan=current.plan), by=TESTS, today=TODAY)
    EntryDraft.objects.create(
        activity=row("5-1"), round=current, author=secretary, typed={"text": "秘密"}, saved_at=NOW
    )
    note_visit(current, user=secretary, today=TODAY)
    page = office.get(f"/admin/schedule/{name}/")
    assert (page.status_code, "秘密" in page.text) == (200, False)
