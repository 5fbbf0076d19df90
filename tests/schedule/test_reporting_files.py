"""進捗報告 out to a file and in again, through the admin's own pages."""

import io
import re
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from schedule.models import Activity, ProgressReport
from schedule.report_cells import code_text
from schedule.report_rules import ReportValues
from schedule.resources import ProgressReportResource, round_text
from tests.conftest import NOW, TODAY
from tests.factories import create_person
from tests.schedule.factories import FULL, close, create_round, give_rows_to, record, row
from townhall.models import ImportJob
from townhall.sheets.writing import write_csv, write_xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]
IMPORT, EXPORT = "/admin/schedule/progressreport/import/", "/admin/schedule/progressreport/export/"
KEYS = ["計画", "期", "番号"]
HEADINGS = ProgressReportResource.headings()


@pytest.fixture
def current(plan):
    return create_round(plan=plan)


@pytest.fixture
def office(client, secretary, current):
    client.force_login(secretary)
    return client


def upload(client, data, name="進捗.csv"):
    if isinstance(data, str):
        data = data.encode()
    file = io.BytesIO(data)
    file.name = name
    return client.post(IMPORT, {"file": file})


def table(*lines, headings=(*KEYS, "状況", "進捗率（％）", "今期の実績")):
    return write_csv(headings, lines)


def line(code, *values):
    return ["r5-r7", "2025-4", code, *values]


def apply(client, preview):
    """Press 取り込む on a preview page."""
    return client.post(IMPORT, {"job": job_in(preview)})


def job_in(preview):
    return re.search(r'name="job" value="([0-9]+)"', preview.text)[1]


def shown_changes(page):
    rows = re.findall(r"<tr>(.*?)</tr>", re.search(r"<caption>変わるところ.*?</table>", page, re.DOTALL)[0], re.DOTALL)
    return [re.sub(r"<[^>]+>", "", cell) for r in rows for cell in re.findall(r"<td>(.*?)</td>", r, re.DOTALL)]


def shown_errors(page):
    found = re.search(r"<caption>誤りのある行.*?</table>", page, re.DOTALL)
    pairs = re.findall(r"<th scope=\"row\">([^<]+)</th><td>(.*?)</td>", found[0], re.DOTALL) if found else []
    return {number: re.findall(r"<p>(.*?)</p>", cells) for number, cells in pairs}


def exported(client, round=None, form="xlsx", **values):
    return client.post(EXPORT, {"round": round.pk if round else "", "format": form, **values})


# --- import


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_preview_writes_nothing_and_apply_writes_all(office, current, secretary, kind):
    record(row("1-1"), current, by=secretary)
    lines = [
        line("1-1", "完了", 100, "終わった。"),
        line("5-1", "順調", 40, "視察した。"),
        line("検1", "試行中", None, "試した。"),
    ]
    headings = (*KEYS, "状況", "進捗率（％）", "今期の実績")
    data = write_csv(headings, lines) if kind == "csv" else write_xlsx("表", headings, lines)
    preview = upload(office, data, f"進捗.{kind}")
    assert preview.status_code == 200
    assert "3行のうち、3行が変わります。" in preview.text
    assert shown_changes(preview.text)[:9] == [
        "状況", "順調", "完了", "進捗率（％）", "80", "100", "今期の実績", FULL["text"], "終わった。",
    ]  # fmt: skip
    assert ProgressReport.objects.count() == 1
    done = apply(office, preview)
    assert done.status_code == 302
    assert [str(m) for m in done.wsgi_request._messages] == ["3行を取り込みました（新規 2・変更 1・変更なし 0）。"]
    reports = ProgressReport.objects.order_by("activity__order")
    assert [(r.activity.code, r.standing, r.percent, r.text, r.state) for r in reports] == [
        ("1-1", "done", 100, "終わった。", "accepted"),
        ("5-1", "on_track", 40, "視察した。", "accepted"),
        ("k1", "trying", None, "試した。", "accepted"),
    ]
    newest = reports[0].history.first()
    assert (newest.history_source, newest.history_actor) == (
        f"{'CSV' if kind == 'csv' else 'Excel'}取込（進捗.{kind}）",
        "総務課 事務局 見本 花子",
    )
    job = ImportJob.objects.get()
    assert newest.history_change_reason == f"取込#{job.pk} 進捗.{kind}（総務課 事務局 見本 花子）"
    assert (job.state, job.applied_at, job.result) == (
        "applied",
        NOW,
        {"counts": {"新規": 2, "変更": 1, "変更なし": 0}},
    )


def test_same_file_a_second_time_changes_nothing(office, current):
    data = table(line("1-1", "順調", 80, "実績\n二行目"), line("5-1", "順調", "", ""))
    apply(office, upload(office, data))
    again = upload(office, data)
    assert "変わるところはありません。" in again.text
    first = ImportJob.objects.get(state="applied")
    assert f"同じファイルは11月24日に取込済みです（取込#{first.pk}）。" in again.text
    assert 'name="job"' not in again.text
    assert ProgressReport.history.count() == 2


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_export_then_import_changes_nothing(office, current, secretary, form):
    nasty = {"text": "=1+1\n'二行目'", "next_step": "＋α \t@x", "reason": "-理由"}
    record(row("1-1"), current, by=secretary, to_committee=True, **nasty | {"reason": ""})
    record(row("5-3"), current, by=secretary, standing="late", percent=None, **nasty)
    record(row("6-1"), current, by=secretary, text="", percent=0)
    Activity.objects.filter(code="6-2").update(due_on=date(2027, 3, 31))
    record(row("6-2"), current, by=secretary, reason="協定が遅れたため。", completes_on=date(2028, 3, 31))
    record(row("k1"), current, by=secretary, standing="trying", percent=None, text="〜 − 𠮷\x0b")
    for with_blank_rows in ("", "on"):
        file = exported(office, current, form, with_blank_rows=with_blank_rows)
        page = upload(office, file.content, f"x.{form}")
        assert (page.status_code, shown_errors(page.text)) == (200, {})
        assert "変わるところはありません。" in page.text
    assert ProgressReport.history.count() == 5


def test_a_moved_completion_is_taken_in_with_its_reason(office, current):
    Activity.objects.filter(code="5-3").update(due_on=date(2027, 3, 31))
    headings = (*KEYS, "状況", "今期の実績", "完了予定", "遅れ・変更の理由")
    refused = upload(office, table(line("5-3", "順調", "実績", "R10.3", ""), headings=headings))
    assert shown_errors(refused.text) == {
        "2行目": [
            "遅れ・変更の理由（G2）：完了予定を令和9年3月31日から変えるときは、遅れ・変更の理由を入力してください。"
        ]
    }
    apply(office, upload(office, table(line("5-3", "順調", "実績", "R10.3", "協定"), headings=headings)))
    report = ProgressReport.objects.get()
    assert (report.completes_on, report.moved_from, report.reason) == (date(2028, 3, 31), date(2027, 3, 31), "協定")


def test_file_of_another_code_page_changes_nothing(office, current, secretary):
    """Excel writes 〜 and − of a CSV as other signs when it saves in the code page of Japanese Windows."""
    record(row("1-1"), current, by=secretary, text="10月〜12月（−5％）")
    text = exported(office, current, "csv").content.decode("utf-8-sig").replace("〜", "～").replace("−", "－")
    assert "変わるところはありません。" in upload(office, text.encode("cp932")).text
    changed = upload(office, text.replace("10月", "11月").encode("cp932"))
    assert "1行が変わります。" in changed.text


def test_empty_cell_keeps_what_is_recorded(office, current, secretary):
    record(row("1-1"), current, by=secretary)
    apply(office, upload(office, table(line("1-1", "", "", "新しい実績"))))
    assert ReportValues.of(ProgressReport.objects.get()) == ReportValues(**{**FULL, "text": "新しい実績"})


def test_blank_row_of_the_form_is_not_a_report(office, current):
    assert "変わるところはありません。" in upload(office, table(line("1-1", "", "", ""))).text
    assert not ProgressReport.objects.exists()


def test_every_error_is_named_with_its_line_and_nothing_is_written(office, current, secretary):
    lines = [
        line("1-1", "順調", 80, "よい行"),
        line("9-9", "順調", 80, "知らない番号"),
        ["r5-r7", "2030-1", "1-2", "順調", 80, "知らない期"],
        ["r8", "2025-4", "1-2", "順調", 80, "知らない計画"],
        line("1-2", "ふつう", "約80", "読めない値"),
        line("1-4", "遅れ", 101, "理由がない"),
        line("5-3", "遅れ", 50, "理由がない"),
        line("k1", "順調", "", "検討事項の言葉ではない"),
        line("1-1", "順調", 90, "同じ行がもう一度"),
        ["", "", "", "順調", 80, "鍵がない"],
        line("5-1", "順調", 80, "あ" * 4001),
    ]
    page = upload(office, table(*lines))
    assert page.status_code == 422
    errors = shown_errors(page.text)
    assert list(errors) == [f"{number}行目" for number in range(3, 13)]
    assert errors["3行目"] == ["番号（C3）：計画「r5-r7」に、番号「9-9」の行はありません。"]
    assert errors["4行目"] == ["期（B4）：計画「r5-r7」に、期「2030-1」はありません。"]
    assert [sentence.split("：")[0] for sentence in errors["6行目"]] == ["状況（D6）", "進捗率（％）（E6）"]
    assert [sentence.split("：")[0] for sentence in errors["8行目"]] == ["遅れ・変更の理由", "来期の予定"]
    assert errors["10行目"] == ["同じ行が、このファイルに二つ以上あります。"]
    assert all(sentence.endswith("。") for sentences in errors.values() for sentence in sentences)
    assert 'name="job"' not in page.text
    assert ImportJob.objects.get().state == "refused"
    assert not ProgressReport.objects.exists()


@pytest.mark.parametrize(
    ("heading", "value"), [("内容", "書きかえた内容"), ("取組", "別の取組"), ("主担当", "健康福祉課")]
)
def test_protected_column_cannot_be_changed(office, current, planning, heading, value):
    give_rows_to(planning, "5-1")
    page = upload(office, table(line("5-1", value, "実績"), headings=(*KEYS, heading, "今期の実績")))
    assert shown_errors(page.text) == {
        "2行目": [f"{heading}（D2）：この列は、取り込みでは変えられません。元の値に戻すか、空欄にしてください。"]
    }


@pytest.mark.parametrize("heading", ["報告した人", "version", "id"])
def test_unknown_column_is_refused(office, current, heading):
    page = upload(office, table(line("5-1", "x"), headings=(*KEYS, heading)))
    assert page.status_code == 422
    assert f"D1 の見出し「{heading}」は、知らない列です。" in page.text


def test_stated_state_is_not_taken_in(office, current):
    apply(
        office,
        upload(
            office, table(line("5-1", "順調", "実績", "下書き"), headings=(*KEYS, "状況", "今期の実績", "提出の状態"))
        ),
    )
    assert ProgressReport.objects.get().state == "accepted"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("5-3", "5-3"),
        ("５－３", "5-3"),
        (" 5ー3 ", "5-3"),
        ("2026-05-03", "5-3"),
        ("5月3日", "5-3"),
        ("検1", "k1"),
        ("k1", "k1"),
    ],
)
def test_code_as_people_and_excel_write_it(typed, code):
    assert code_text(typed) == code


@pytest.mark.parametrize(
    ("typed", "key"),
    [("2025-4", "2025-4"), ("2025-04-01", "2025-4"), ("令和７年度　第4四半期", "令和7年度 第4四半期")],
)
def test_round_as_people_and_excel_write_it(typed, key):
    assert round_text(typed) == key


@pytest.mark.parametrize(
    ("word", "standing"),
    [
        ("○", "on_track"),
        ("2 やや遅れ", "slightly_late"),
        ("計画どおり", "on_track"),
        ("６　見送り", "dropped"),
        ("△", "slightly_late"),
    ],
)
def test_standing_as_people_write_it(office, current, word, standing):
    data = table(
        line("5-3", word, "実績", "理由", "予定"),
        headings=(*KEYS, "状況", "今期の実績", "遅れ・変更の理由", "来期の予定"),
    )
    apply(office, upload(office, data))
    assert ProgressReport.objects.get().standing == standing


# --- what may happen between preview and apply


def test_row_changed_after_the_preview_stops_everything(office, current, secretary):
    record(row("1-1"), current, by=secretary)
    preview = upload(office, table(line("1-1", "", "", "取込の文"), line("1-2", "順調", 80, "新しい行")))
    record(row("1-1"), current, by=secretary, seen_version=1, text="相手の文")
    page = apply(office, preview)
    assert page.status_code == 409
    assert "取り込みをやめました。何も書き込んでいません。" in page.text
    assert "総務課 事務局 見本 花子さんが" in shown_errors(page.text)["2行目"][0]
    assert [r.text for r in ProgressReport.objects.all()] == ["相手の文"]


def test_row_reported_after_the_preview_stops_everything(office, current, secretary):
    preview = upload(office, table(line("1-1", "順調", 80, "取込の文")))
    record(row("1-1"), current, by=secretary, text="相手の文")
    assert apply(office, preview).status_code == 409
    assert ProgressReport.objects.get().text == "相手の文"


def test_round_closed_after_the_preview_stops_everything(office, current, secretary):
    preview = upload(office, table(line("1-1", "順調", 80, "取込の文")))
    close(current, by=secretary, seen_version=1)
    page = apply(office, preview)
    assert "に締め切りました" in shown_errors(page.text)["2行目"][0]
    assert not ProgressReport.objects.exists()


def test_preview_belongs_to_the_person_and_the_model(office, client, current, secretary, plan):
    number = job_in(upload(office, table(line("1-1", "順調", 80, "取込の文"))))
    others = ImportJob.objects.create(
        profile="other.model", file_name="x.csv", size=1, person=secretary, created_at=NOW, state="previewed"
    )
    colleague = create_person(
        username="second", name="見本 九郎", role="secretariat", section=secretary.section_on(TODAY)
    )
    for sender, job in (
        (colleague, number),
        (secretary, others.pk),
        (secretary, 999_999),
        (secretary, "9" * 40),
        (secretary, "٣"),
        (secretary, ""),
        (secretary, "/etc/passwd"),
    ):
        client.force_login(sender)
        assert client.post(IMPORT, {"job": job}).status_code == 404
    assert not ProgressReport.objects.exists()


def test_preview_lasts_a_day(office, current):
    preview = upload(office, table(line("1-1", "順調", 80, "取込の文")))
    job = ImportJob.objects.get()
    job.created_at = NOW - timedelta(hours=25)
    job.save()
    page = apply(office, preview)
    assert (page.status_code, "確認の画面が古くなりました。" in page.text) == (409, True)
    assert not ProgressReport.objects.exists()


def test_preview_is_applied_once(office, current):
    preview = upload(office, table(line("1-1", "順調", 80, "取込の文")))
    assert apply(office, preview).status_code == 302
    page = apply(office, preview)
    assert (page.status_code, "は11月24日に取込済みです。もう一度は取り込んでいません。" in page.text) == (409, True)
    assert ProgressReport.history.count() == 1


def test_cancelled_preview_is_gone(office, current):
    preview = upload(office, table(line("1-1", "順調", 80, "取込の文")))
    assert office.post(IMPORT, {"job": job_in(preview), "cancel": "取りやめる"}).status_code == 302
    assert apply(office, preview).status_code == 404
    assert not ProgressReport.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("x.csv", b"", "ファイルが空です。"),
        ("x.xlsx", b"PK\x03\x04broken", "壊れている"),
        ("x.pdf", b"%PDF", ".xlsx と .csv"),
        ("x.csv", "番号だけ\n1".encode(), "知らない列"),
        ("x.csv", ",".join(KEYS).encode(), "見出しの下に行がありません。"),
        ("x.csv", b"a" * (5 * 1024 * 1024 + 1), "ファイルが大きすぎます"),
    ],
)
def test_file_that_is_no_table_gets_a_sentence(office, current, name, data, sentence):
    page = upload(office, data, name)
    assert page.status_code == 422
    assert sentence in page.text


def test_no_file_at_all_gets_a_sentence(office, current):
    assert "このフィールドは必須です。" in office.post(IMPORT, {}).text
    assert "Traceback" not in office.post(IMPORT, {"file": "text"}).text


def test_hundreds_of_lines_are_previewed(office, current):
    lines = [line(f"{number}-{other}", "順調", 80, "あ" * 200) for number in range(10, 20) for other in range(1, 51)]
    page = upload(office, table(*lines))
    assert page.status_code == 422
    assert "500行に誤りがあるため" in page.text
    page = upload(office, table(*lines, lines[0]))
    assert (page.status_code, "行が多すぎます（500行まで）" in page.text) == (422, True)


def test_only_who_may_change_every_row_may_import(client, engineer, current):
    client.force_login(engineer)
    assert client.get(IMPORT).status_code == 403
    assert upload(client, table(line("1-1", "順調", 80, "x"))).status_code == 403


def test_list_leads_to_both(office, current):
    page = office.get("/admin/schedule/progressreport/").text
    assert (f'href="{IMPORT}"' in page, f'href="{EXPORT}"' in page) == (True, True)


@pytest.mark.parametrize("path", ["process_import/", "import/process/"])
def test_the_libraries_own_confirm_step_is_not_there(office, current, path):
    response = office.post("/admin/schedule/progressreport/" + path, {"import_file_name": "passwd", "format": "0"})
    assert response.status_code in (302, 404, 403)
    assert "passwd" not in getattr(response, "url", "")


# --- export


def test_workbook_has_every_row_of_the_round_to_fill_in(office, current, secretary):
    record(row("1-1"), current, by=secretary)
    response = exported(office, current, with_blank_rows="on")
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    sheet = load_workbook(io.BytesIO(response.content)).active
    lines = list(sheet.values)
    assert lines[0] == tuple(HEADINGS)
    assert [each[2] for each in lines[1:]] == [each.label for each in Activity.objects.in_plan_order()]
    assert lines[2] == (
        "r5-r7", "令和7年度 第4四半期", "1-1", "1 住民の利便性向上・職員の業務の効率化につながる業務の改善",
        row("1-1").title, None, "順調", 80, FULL["text"], None, FULL["next_step"], None, "いいえ", "確認済",
    )  # fmt: skip


def test_export_of_one_round_or_all(office, plan, current, secretary):
    other = create_round(plan=plan, quarter=3)
    record(row("1-1"), current, by=secretary)
    record(row("1-1"), other, by=secretary)
    rows = [len(exported(office, round, "csv").content.splitlines()) for round in (current, other, None)]
    assert rows == [2, 2, 3]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"format": "exe"}, "正しく選択してください。"),
        ({"format": "csv", "round": "x"}, "正しく選択してください。"),
        ({"format": "csv", "with_blank_rows": "on"}, "期を一つ選んでください。"),
        ({}, "このフィールドは必須です。"),
    ],
)
def test_export_form_says_what_is_wrong(office, current, data, sentence):
    response = office.post(EXPORT, data)
    assert response.status_code == 422
    assert sentence in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_export_query_count(office, current, secretary, count, django_assert_num_queries):
    for code in ("1-1", "5-1", "0-1")[:count]:
        record(row(code), current, by=secretary)
    with django_assert_num_queries(5):  # the last writes down that it was taken out
        exported(office, None, "csv")


def test_pages_carry_no_inline_script_or_style(office, current, secretary):
    record(row("1-1"), current, by=secretary)
    pages = [office.get(IMPORT).text, office.get(EXPORT).text, upload(office, table(line("1-2", "順調", 80, "x"))).text]
    for page in pages:
        assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=|https?://(?!www\.w3\.org)", page)
