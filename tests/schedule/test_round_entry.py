"""The entry grid as people use it: through the test client, without a script."""

import re
from datetime import date
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.urls import reverse

from schedule.entry import entry_sheet
from schedule.forms.entry_grid import EntryGrid
from schedule.models import Activity, EntryDraft, ProgressReport
from schedule.report_cells import day_or_end_of_month
from tests.conftest import NOW, TODAY
from tests.schedule.factories import FULL, close, create_round, give_rows_to, record, row
from townhall.changes import save_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]
URL = "/progress/2025-4/"


@pytest.fixture
def current(plan):
    return create_round(plan=plan)


@pytest.fixture
def office(client, secretary, current):
    """The secretariat in front of the open round."""
    client.force_login(secretary)
    return client


def typed(code, seen=0, **values):
    """What a browser sends for one row; an unticked box sends nothing."""
    values = {**FULL, **values}
    box = {f"r{code}-to_committee": "on"} if values.pop("to_committee") else {}
    fields = {f"r{code}-{name}": "" if value is None else value for name, value in values.items()}
    return fields | box | {f"r{code}-seen_version": seen}


def as_on_screen(page):
    """Every control of a page with its value, as a browser would send it back unchanged."""
    data = {}
    for tag in re.findall(r"<input[^>]*name=\"r[^>]*>", page):
        name = re.search(r'name="([^"]+)"', tag)[1]
        value = re.search(r'value="([^"]*)"', tag)
        if 'type="checkbox"' not in tag or " checked" in tag:
            data[name] = value[1] if value else "on" if "checkbox" in tag else ""
    data |= dict(re.findall(r'<textarea name="(r[^"]+)"[^>]*>\r?\n?(.*?)</textarea>', page, re.DOTALL))
    for name, options in re.findall(r'<select name="(r[^"]+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)"[^>]* selected', options)
        data[name] = chosen[1] if chosen else ""
    return data


def said(response):
    return [str(message) for message in response.wsgi_request._messages]


def summary(page):
    """The sentences of the error summary, with the control each one leads to."""
    return re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', page)


# --- recording


def test_all_nineteen_rows_in_one_go(office, current):
    data = {}
    for each in Activity.objects.all():
        study = {"standing": "trying", "percent": None} if each.is_study else {}
        data |= typed(each.code, text=f"{each.code}の実績", **study)
    response = office.post(URL, data)
    assert (response.status_code, response.url, said(response)) == (302, URL, ["19行を保存しました。"])
    assert [(r.state, r.text) for r in current.reports.order_by("activity__order")] == [
        ("accepted", f"{code}の実績") for code in Activity.objects.in_plan_order().values_list("code", flat=True)
    ]
    page = office.get(URL).text
    assert '<b class="dx-num">19</b> / 19行 入力済み <span class="dx-muted">未入力 0</span>' in page
    assert page.count("10:00 保存") == 19


def test_sending_the_page_back_unchanged_changes_nothing(office, current, secretary):
    record(row("1-1"), current, by=secretary, to_committee=True, text="一行目\n<b>二行目</b>")
    record(row("5-3"), current, by=secretary, standing="late", reason="条件が合わない。", percent=None)
    record(row("6-1"), current, by=secretary, text="")
    response = office.post(URL, {**as_on_screen(office.get(URL).text), "r1-1-text": "一行目\r\n<b>二行目</b>"})
    assert said(response) == ["変わったところはありません。"]
    assert ProgressReport.history.count() == 3


def test_section_sees_and_reports_its_own_rows_only(client, current, clerk, planning, welfare):
    give_rows_to(planning, "5-1", "5-3")
    give_rows_to(welfare, "4-1")
    client.force_login(clerk)
    page = client.get(URL).text
    assert re.findall(r'id="row-([^"]+)"', page) == ["5-1", "5-3"]
    assert "デジタル媒体" not in page
    response = client.post(URL, typed("5-1") | typed("4-1", text="よその課"))
    assert response.status_code == 422
    assert "「4-1」は、この画面で入力できる行ではありません。" in response.text
    assert [(r.activity.code, r.state) for r in ProgressReport.objects.all()] == [("5-1", "submitted")]


def test_section_without_rows_is_told_why(client, current, clerk):
    client.force_login(clerk)
    assert "あなたの課が主担当の行は、まだ決まっていません。" in client.get(URL).text


def test_good_rows_are_saved_beside_a_bad_one(office, current):
    data = typed("1-1") | typed("6-2", percent="120", text="9業務が稼働") | typed("5-3", standing="late", next_step="")
    response = office.post(URL, data)
    assert (response.status_code, said(response)) == (422, ["1行を保存しました。"])
    assert [r.activity.code for r in ProgressReport.objects.all()] == ["1-1"]
    assert "<title>エラー：進捗入力" in response.text
    assert summary(response.text) == [
        (
            "id_r5-3-reason",
            "5-3 民間とタイアップした地域DX事業を実施：「遅れ」のときは、遅れ・変更の理由を入力してください。",
        ),
        (
            "id_r5-3-next_step",
            "5-3 民間とタイアップした地域DX事業を実施：「遅れ」のときは、来期の予定を入力してください。",
        ),
        ("id_r6-2-percent", "6-2 システムの移行準備・移行：進捗率は 0～100 で入力してください（いまの値 120）。"),
    ]
    for target, _ in summary(response.text):
        assert f'id="{target}"' in response.text
        assert f'id="{target}_error"' in response.text
    assert as_on_screen(response.text)["r6-2-text"] == "9業務が稼働"
    assert as_on_screen(response.text)["r6-2-percent"] == "120"


def test_incomplete_row_is_kept_as_a_draft_and_counts_as_missing(office, current):
    office.post(URL, typed("1-1", text=""))
    page = office.get(URL).text
    assert "未入力 19（うち書きかけ 1）" in page
    assert as_on_screen(page)["r1-1-next_step"] == FULL["next_step"]


@pytest.mark.parametrize(
    ("percent", "stored"), [("８０", 80), ("80％", 80), (" 80 ", 80), ("", None), ("－", None), ("0", 0), ("100", 100)]
)
def test_percent_as_people_type_it(office, current, percent, stored):
    assert office.post(URL, typed("1-1", percent=percent)).status_code == 302
    assert ProgressReport.objects.get().percent == stored


@pytest.mark.parametrize("percent", ["約80", "80.5", "-1", "101", "八十", "1e2", "99（9）", "9" * 5000, "²", "\x00"])
def test_percent_that_cannot_be_read_is_named(office, current, percent):
    response = office.post(URL, typed("1-1", percent=percent))
    assert response.status_code == 422
    assert [target for target, _ in summary(response.text)] == ["id_r1-1-percent"]
    assert not ProgressReport.objects.exists()


def test_previous_round_stands_beside_the_new_one(office, plan, secretary, current):
    before = create_round(plan=plan, quarter=3, opens_on=date(2026, 1, 5), due_on=date(2026, 1, 20))
    record(row("1-1"), before, by=secretary, standing="slightly_late", reason="繁忙期と重なった。", text="前期の実績文")
    record(row("1-2"), before, by=secretary, text="", next_step="書きかけの予定")  # a draft is no report
    page = office.get(URL).text
    shown = re.search(r'<tr class="dx-entry__before">.*?</tr>', page, re.DOTALL)[0]
    assert page.count("dx-entry__before") == 1
    assert all(word in shown for word in ("令和7年度 第3四半期", "やや遅れ", "前期の実績文", "繁忙期と重なった。"))
    assert "書きかけの予定" not in page


def test_every_control_has_its_own_name(office, current):
    page = office.get(URL).text
    names = re.findall(r'aria-label="(\S+ [^"]+)"', page)
    assert len(names) == len(set(names))
    assert {"0-1 状況", "0-1 進捗率（パーセント）", "0-1 今期の実績", "0-1 来期の予定", "検1 状況"} <= set(names)
    assert "検1 進捗率（パーセント）" not in names
    choices = re.search(r'<select name="r0-1-standing".*?</select>', page, re.DOTALL)[0]
    assert re.findall(r">([^<\n]+)</option>", choices) == [
        "選ぶ", "1 順調", "2 やや遅れ", "3 遅れ", "4 完了", "5 未着手", "6 見送り",
    ]  # fmt: skip


def test_hint_about_a_contradiction(office, current, secretary):
    record(row("5-2"), current, by=secretary, percent=100)
    assert "進捗率が100％です。終わっていれば「完了」を選んでください。" in office.get(URL).text


# --- filters


def test_filters_are_links(office, current, secretary, general_affairs):
    give_rows_to(general_affairs, "1-1", "1-2")
    record(row("1-1"), current, by=secretary)
    page = office.get(URL).text
    assert re.findall(r"(すべて|未入力|自課) (\d+)</a>", page) == [("すべて", "19"), ("未入力", "18"), ("自課", "2")]
    assert re.findall(r'id="row-([^"]+)"', office.get(URL + "?show=own").text) == ["1-1", "1-2"]
    assert "1-1" not in re.findall(r'id="row-([^"]+)"', office.get(URL + "?show=missing").text)


def test_saving_stays_in_the_filter_and_leaves_hidden_rows_alone(office, current, secretary):
    record(row("1-1"), current, by=secretary)
    response = office.post(URL + "?show=missing", typed("1-2"))
    assert response.url == URL + "?show=missing"
    assert ProgressReport.objects.get(activity__code="1-1").version == 1


def test_filter_without_rows_says_so(office, current):
    assert "自分の課が主担当の行は、まだありません。" in office.get(URL + "?show=own").text
    assert office.get(URL + "?show=nonsense").status_code == 200


# --- two people


def test_conflict_shows_both_values_and_keeps_mine(office, current, clerk, secretary, planning):
    give_rows_to(planning, "5-1")
    record(row("5-1"), current, by=clerk, text="はじめの文", percent=50)
    record(row("5-1"), current, by=clerk, seen_version=1, text="相手の文", percent=60)
    response = office.post(URL, typed("5-1", seen=1, text="自分の文", percent="50") | typed("1-1"))
    page = response.text
    assert (response.status_code, said(response)) == (409, ["1行を保存しました。"])
    assert "企画課 担当 見本 三郎さんが" in page
    cells = re.search(r'<table class="dx-entry__compare">.*?</table>', page, re.DOTALL)[0]
    assert re.findall(r"<t[hd][^>]*>([^<]+)</t", cells) == [
        "欄",
        "元の値",
        "相手の値",
        "自分の値",
        "今期の実績",
        "はじめの文",
        "相手の文",
        "自分の文",
    ]
    assert "相手だけが変えた欄（進捗率）は、相手の値を入れてあります。" in page
    screen = as_on_screen(page)
    assert (screen["r5-1-text"], screen["r5-1-percent"], screen["r5-1-seen_version"]) == ("自分の文", "60", "1")
    assert office.post(URL, screen).status_code == 409  # saving all rows again overwrites nothing
    assert ProgressReport.objects.get(activity__code="5-1").text == "相手の文"
    shown = {"overwrite": "5-1", "r5-1-shown_version": "2"}
    assert office.post(URL, screen | shown | {"r5-1-shown_version": "1"}).status_code == 409
    assert office.post(URL, screen | shown).status_code == 302  # knowingly
    report = ProgressReport.objects.get(activity__code="5-1")
    assert (report.text, report.percent, report.version) == ("自分の文", 60, 3)


def test_taking_the_other_value_saves_the_rest(office, current, secretary):
    record(row("5-1"), current, by=secretary, text="相手の文")
    data = typed("5-1", seen=0, text="自分の文") | typed("1-1") | {"take_theirs": "5-1"}
    assert said(office.post(URL, data)) == ["1行を保存しました。"]
    assert ProgressReport.objects.get(activity__code="5-1").text == "相手の文"


def test_row_i_did_not_touch_is_no_conflict(office, current, secretary):
    record(row("5-1"), current, by=secretary)
    screen = as_on_screen(office.get(URL).text)
    record(row("5-1"), current, by=secretary, seen_version=1, text="相手の文")
    record(row("5-2"), current, by=secretary, text="相手が先に書いた行")
    response = office.post(URL, screen | {"r1-1-standing": "on_track", "r1-1-text": "実績"})
    assert said(response) == ["1行を保存しました。"]
    assert [r.text for r in ProgressReport.objects.order_by("activity__order")] == [
        "実績",
        "相手の文",
        "相手が先に書いた行",
    ]


def test_two_first_reports_are_a_conflict(office, current, secretary):
    record(row("1-1"), current, by=secretary, text="先の人")
    response = office.post(URL, typed("1-1", seen=0, text="後の人"))
    assert response.status_code == 409
    assert ProgressReport.objects.get().text == "先の人"
    assert as_on_screen(response.text)["r1-1-text"] == "後の人"


def test_third_person_is_noticed_after_a_conflict(office, current, secretary):
    record(row("1-1"), current, by=secretary, text="先の人")
    screen = as_on_screen(office.post(URL, typed("1-1", seen=0, text="後の人")).text)
    record(row("1-1"), current, by=secretary, seen_version=1, text="三人目")
    assert office.post(URL, screen).status_code == 409
    assert ProgressReport.objects.get().text == "三人目"


# --- drafts: no report, no history


def test_draft_is_kept_shown_again_and_used_up_by_saving(office, current):
    data = typed("1-1", text="打ちかけの文") | {"code": "1-1"}
    assert office.post(URL + "draft/", data).json() == {"saved_at": "10:00", "errors": {}, "conflict": ""}
    assert (ProgressReport.objects.count(), EntryDraft.objects.count()) == (0, 1)
    page = office.get(URL).text
    assert "下書き 10:00" in page
    assert as_on_screen(page)["r1-1-text"] == "打ちかけの文"
    assert office.post(URL, as_on_screen(page)).status_code == 302
    assert (ProgressReport.objects.get().text, EntryDraft.objects.count()) == ("打ちかけの文", 0)


def test_draft_that_cannot_be_saved_is_kept_with_its_sentence(office, current):
    answer = office.post(URL + "draft/", typed("1-1", percent="120") | {"code": "1-1"}).json()
    assert answer["errors"] == {"percent": "進捗率は 0～100 で入力してください（いまの値 120）。"}
    page = office.get(URL)
    assert (page.status_code, as_on_screen(page.text)["r1-1-percent"]) == (200, "120")


def test_draft_of_an_older_version_is_shown_as_a_conflict(office, current, secretary):
    office.post(URL + "draft/", typed("1-1", text="自分の文") | {"code": "1-1"})
    record(row("1-1"), current, by=secretary, text="相手の文")
    office.post(URL + "draft/", typed("1-1", text="自分の文") | {"code": "1-1"})
    page = office.get(URL).text
    assert "相手の文" in page
    assert as_on_screen(page)["r1-1-text"] == "自分の文"


def test_draft_overtaken_by_its_own_saving_is_not_kept(office, current):
    sent_first = typed("1-1", text="同じ文") | {"code": "1-1"}
    office.post(URL, typed("1-1", text="同じ文"))
    answer = office.post(URL + "draft/", sent_first).json()
    assert (answer["saved_at"], answer["conflict"], EntryDraft.objects.count()) == ("", "", 0)
    assert "ほかの人が更新" not in office.get(URL).text


def test_draft_is_refused_in_words(office, client, current, secretary):
    assert office.post(URL + "draft/", typed("9-9") | {"code": "9-9"}).status_code == 410
    assert office.post(URL + "draft/", {"code": "1-1", "r1-1-text": "版なし"}).status_code == 422
    close(current, by=secretary, seen_version=1)
    late = office.post(URL + "draft/", typed("1-1") | {"code": "1-1"})
    assert (late.status_code, "締め切りました" in late.json()["sentence"]) == (409, True)
    assert not EntryDraft.objects.exists()


def test_previous_values_are_copied_without_a_script(office, plan, secretary, current):
    before = create_round(plan=plan, quarter=3, opens_on=date(2026, 1, 5), due_on=date(2026, 1, 20))
    record(row("1-1"), before, by=secretary, text="前期の実績文")
    page = office.post(URL, typed("1-2", text="打ちかけ") | {"copy": "1-1"}).text
    assert (as_on_screen(page)["r1-1-text"], as_on_screen(page)["r1-2-text"]) == ("前期の実績文", "打ちかけ")
    assert ProgressReport.objects.filter(round=current).count() == 0


def test_refused_text_is_marked_as_kept_nowhere_else(office, current):
    page = office.post(URL, typed("1-1", percent="120") | typed("1-2")).text
    assert re.findall(r'data-row="([^"]+)" data-unsaved', page) == ["1-1"]
    assert "data-unsaved" not in office.get(URL).text


def test_what_was_typed_before_the_closing_is_still_to_be_read(office, current, secretary):
    office.post(URL + "draft/", typed("1-1", text="間に合わなかった文") | {"code": "1-1"})
    current.closed_at, current.closed_by = NOW, "総務課"
    save_row(current, by=secretary, seen_version=1, today=TODAY)
    page = office.get(URL).text
    assert "締切のあとに残った入力（保存されていません）" in page
    assert "今期の実績：間に合わなかった文" in page


@pytest.mark.parametrize(
    ("typed_day", "stored"),
    [("R9.3", date(2027, 3, 31)), ("令和９年２月", date(2027, 2, 28)), ("2027-03-15", date(2027, 3, 15))],
)
def test_completion_is_a_day_or_the_end_of_a_month(typed_day, stored):
    assert day_or_end_of_month(typed_day) == stored


@pytest.mark.parametrize("typed_day", ["R9.13", "9", "来春", "R9.3.32", "R9.13.1"])
def test_completion_that_is_no_day_is_refused(typed_day):
    with pytest.raises(ValueError, match=r"。$"):
        day_or_end_of_month(typed_day)


@pytest.mark.parametrize(
    ("person", "offered"),
    [("secretary", ["close", "rounds"]), ("clerk", [])],
)
def test_links_around_the_grid(client, request, current, planning, person, offered):
    give_rows_to(planning, "5-1")
    client.force_login(request.getfixturevalue(person))
    head = client.get(URL).text.partition('<div class="dx-pagehead__actions">')[2].partition("</div>")[0]
    found = re.findall(r'href="/progress/(?:2025-4/)?([a-z]+)/"', head)
    assert [name for name in found if name in ("close", "rounds", "reopen")] == offered


def test_text_carried_over_the_login_is_shown_and_not_saved(current, secretary):
    record(row("1-2"), current, by=secretary)
    screen = typed("1-1", text="期限切れの間の文") | typed("1-2", seen=1) | typed("1-3", percent="120")
    sheet = entry_sheet(current, user=secretary, today=TODAY)
    grid = EntryGrid(sheet, data=QueryDict(urlencode(screen)))
    grid.show_carried()
    assert [each.activity.code for each in grid.rows if each.is_unsaved] == ["1-1", "1-3"]
    assert (grid.status, grid.failed, ProgressReport.objects.count()) == (200, 1, 1)


# --- hostile and broken input


@pytest.mark.parametrize("seen", ["", "abc", "-1", "1.0", "２", "9" * 30, "\x00", None])
@pytest.mark.parametrize("is_recorded", [True, False])
def test_row_without_a_readable_version_is_refused(office, current, secretary, seen, is_recorded):
    if is_recorded:
        record(row("1-1"), current, by=secretary, text="いまの文")
    data = typed("1-1", text="上書き")
    del data["r1-1-seen_version"]
    response = office.post(URL, data if seen is None else data | {"r1-1-seen_version": seen})
    assert response.status_code == 409
    assert "この画面の版が分からないため、保存しませんでした。" in response.text
    assert as_on_screen(response.text)["r1-1-text"] == "上書き"
    assert list(ProgressReport.objects.values_list("text", flat=True)) == (["いまの文"] if is_recorded else [])


def test_version_from_nowhere_is_refused(office, current, secretary):
    record(row("1-1"), current, by=secretary)
    assert office.post(URL, typed("1-1", seen=99, text="上書き")).status_code == 409
    assert office.post(URL, typed("1-2", seen=99, text="上書き")).status_code == 409
    assert ProgressReport.objects.get().text == FULL["text"]


@pytest.mark.parametrize("code", ["9-9", "k9", "", "<script>alert(1)</script>", "あ", "1-1\n", "x" * 40])
def test_unknown_row_is_named_and_nothing_else_is_lost(office, current, code):
    response = office.post(URL, {f"r{code}-text": "どこの行でもない", f"r{code}-seen_version": 0} | typed("1-1"))
    assert response.status_code in (302, 422)
    assert "<script>alert" not in response.text
    assert [r.activity.code for r in ProgressReport.objects.all()] == ["1-1"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", "あ" * 4001),
        ("text", "あ" * 300_000),
        ("text", "NUL\x00です"),
        ("next_step", "あ" * 4001),
        ("standing", "unreported"),
        ("standing", "<b>"),
        ("standing", "trying"),
        ("standing", "x" * 10_000),
    ],
)
def test_bad_value_is_named_and_the_other_rows_are_saved(office, current, field, value):
    response = office.post(URL, typed("1-1", **{field: value}) | typed("1-2"))
    assert response.status_code == 422
    assert [target for target, _ in summary(response.text)] == [f"id_r1-1-{field}"]
    assert [r.activity.code for r in ProgressReport.objects.all()] == ["1-2"]


def test_fields_that_the_page_does_not_have_are_ignored(office, current):
    data = {"r1-1-state": "draft", "r1-1-reported_by": "だれか", "TOTAL_FORMS": "x", "rk1-percent": "50"}
    study = typed("k1", standing="trying", percent="50")
    assert office.post(URL, data | typed("1-1") | study).status_code == 302
    reports = ProgressReport.objects.order_by("activity__order")
    assert [(r.state, r.percent, r.reported_by) for r in reports] == [
        ("accepted", 80, "総務課 事務局 見本 花子"),
        ("accepted", None, "総務課 事務局 見本 花子"),
    ]


def test_text_is_shown_as_text(office, current):
    office.post(URL, typed("1-1", text="<script>alert(1)</script>"))
    assert "<script>alert(1)" not in office.get(URL).text


@pytest.mark.parametrize("key", ["2025-3", "2025-5", "2025-0", "9999-4", "x", "2025", "2025-44", "-", "0000-1"])
def test_unknown_round_is_not_found(office, key):
    assert office.get(f"/progress/{key}/").status_code == 404


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(office, method):
    assert getattr(office, method)(URL).status_code == 405


def test_empty_post_changes_nothing(office, current):
    assert said(office.post(URL)) == ["変わったところはありません。"]


# --- states of the round


def test_closed_round_shows_the_record_and_takes_nothing(office, current, secretary):
    record(row("1-1"), current, by=secretary, text="締切前の実績")
    screen = as_on_screen(office.get(URL).text)
    close(current, by=secretary, seen_version=1)
    page = office.get(URL).text
    assert "11月24日（火） 10:00 に締め切りました（総務課 事務局 見本 花子）。" in page
    assert "締切前の実績" in page
    assert "未報告" in page
    assert "<textarea" not in page
    late = office.post(URL, screen | {"r1-1-text": "締切後の文"})
    assert late.status_code == 409
    assert as_on_screen(late.text)["r1-1-text"] == "締切後の文"
    assert "に締め切りました（総務課 事務局 見本 花子）。保存していません。" in late.text
    assert ">保存する<" not in late.text
    assert ProgressReport.objects.get().text == "締切前の実績"


def test_round_not_yet_open_says_when(office, plan):
    create_round(plan=plan, fiscal_year=2026, quarter=3, opens_on=date(2027, 1, 5), due_on=date(2027, 1, 20))
    page = office.get("/progress/2026-3/").text
    assert "この期はまだ始まっていません。令和9年1月5日に入力できるようになります。" in page
    assert "<textarea" not in page
    assert office.post("/progress/2026-3/", typed("1-1")).status_code == 409


@pytest.mark.parametrize(
    ("due_on", "words"),
    [(date(2026, 11, 25), "あと1日"), (TODAY, "今日が期限です"), (date(2026, 11, 20), "期限を4日過ぎています")],
)
def test_deadline_is_said_in_days(client, secretary, plan, due_on, words):
    create_round(plan=plan, due_on=due_on)
    client.force_login(secretary)
    assert words in client.get(URL).text


def test_current_round_is_the_newest_open_one(client, secretary, plan):
    client.force_login(secretary)
    url = reverse("round_current")
    empty = client.get(url).text
    assert "進捗を入力する期が、まだありません。" in empty
    old = create_round(plan=plan, quarter=3, opens_on=date(2026, 1, 5), due_on=date(2026, 1, 20))
    new = create_round(plan=plan)
    create_round(plan=plan, fiscal_year=2026, quarter=3, opens_on=date(2027, 1, 5), due_on=date(2027, 1, 20))
    assert client.get(url).url == URL
    close(new, by=secretary, seen_version=1)
    assert client.get(url).url == "/progress/2025-3/"
    close(old, by=secretary, seen_version=1)
    nothing_open = client.get(url).text
    assert "次の期（令和8年度 第3四半期）は、令和9年1月5日に入力できるようになります。" in nothing_open
    assert URL in nothing_open


def test_no_plan_at_all_is_a_sentence(client, secretary):
    client.force_login(secretary)
    assert "計画がまだ取り込まれていません。" in client.get(reverse("round_current")).text


@pytest.mark.parametrize("person", ["deputy_mayor", "member", "expert", "outsider", "engineer"])
def test_page_is_closed_to_those_who_report_nothing(client, request, current, person):
    client.force_login(request.getfixturevalue(person))
    assert [client.get(URL).status_code, client.post(URL, typed("1-1")).status_code] == [403, 403]
    assert not ProgressReport.objects.exists()


# --- the secretariat confirms


def test_submitted_rows_are_accepted_as_seen(office, current, clerk, secretary, planning):
    give_rows_to(planning, "5-1", "5-2", "7-1")
    for code in ("5-1", "5-2"):
        record(row(code), current, by=clerk)
    screen = as_on_screen(office.get(URL).text)
    assert "提出 2行を確認済にする" in office.get(URL).text
    record(row("5-2"), current, by=clerk, seen_version=1, text="送ったあとで直した")
    assert said(office.post(URL, screen | {"accept": "1"})) == ["1行を確認済にしました。"]
    assert dict(ProgressReport.objects.values_list("activity__code", "state")) == {
        "5-1": "accepted",
        "5-2": "submitted",
    }


def test_section_cannot_accept(client, current, clerk, planning):
    give_rows_to(planning, "5-1")
    record(row("5-1"), current, by=clerk)
    client.force_login(clerk)
    page = client.get(URL).text
    assert "確認済にする" not in page
    client.post(URL, as_on_screen(page) | {"accept": "1"})
    assert ProgressReport.objects.get().state == "submitted"


# --- cost


@pytest.mark.parametrize("count", [1, 3, 19])
def test_query_count(client, current, clerk, secretary, planning, count, django_assert_num_queries):
    codes = list(Activity.objects.in_plan_order().values_list("code", flat=True))[:count]
    before = create_round(plan=current.plan, quarter=3, opens_on=date(2026, 1, 5), due_on=date(2026, 1, 20))
    give_rows_to(planning, *codes)
    for code in codes:
        values = {"standing": "trying", "percent": None} if code.startswith("k") else {}
        record(row(code), before, by=clerk, **values)
        record(row(code), current, by=clerk, **values)
    client.force_login(clerk)
    client.get(URL)  # the first visit of a day is noted
    with django_assert_num_queries(15):
        page = client.get(URL).text
    assert re.findall(r'id="row-([^"]+)"', page) == codes
