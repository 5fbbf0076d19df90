"""国の公表ファイル: three shapes found by their headings, read by the worker, seen before they are taken in, once."""

import re
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from initiatives.actions.ministry import PROFILE, read_file
from initiatives.ministry import month_end
from initiatives.models import PublishedProgress, StandardizedSystem
from tests.conftest import NOW, TODAY
from tests.factories import TESTS, create_person
from tests.initiatives import ministry_files as files
from tests.initiatives.ledgers import leave_file
from townhall.changes import save_row
from townhall.models import ImportJob, WaitingFile
from townhall.sheets.waiting import MOST_ATTEMPTS, work_off

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]
READERS = {PROFILE: read_file}
FULL = [1.0] * 17 + [0.85, 0.85, 1.0]  # the town's published values, in the order of 総務省


@pytest.fixture
def office(client, secretary):
    call_command("load_defaults", verbosity=0)
    client.force_login(secretary)
    return client


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def brought(secretary, data, *, name="公表.xlsx", said=""):
    """A file that the worker has read."""
    job = leave_file(data, by=secretary, name=name, said=said)
    work_off(READERS, clock=lambda: NOW)
    job.refresh_from_db()
    return job


def page(job):
    return reverse("ministry_job", args=[job.pk])


def take(client, job):
    client.get(page(job))
    return client.post(page(job))


def refused(secretary, data, **values):
    job = brought(secretary, data, **values)
    assert (job.get_state_display(), WaitingFile.objects.count()) == ("読めない", 0)
    return job.result["errors"]


def test_the_monthly_list_already_shipped_changes_nothing(office, secretary):
    job = brought(secretary, files.monthly(FULL))
    assert "変わるところはありません（20業務とも、いまの値と同じです）。" in text(office.get(page(job)))
    assert PublishedProgress.history.count() == 20


def test_a_new_month_is_seen_first_and_then_taken_in_whole(office, secretary):
    job = brought(secretary, files.monthly([*FULL[:18], 1.0, "97.5%"], title="令和８年２月_進捗状況"))
    shown = text(office.get(page(job)))
    assert "種類は月次の進捗一覧（団体別）、基準日は令和8年2月28日です。まだ保存されていません。" in shown
    assert "20業務・20か所" in shown
    assert "戸籍の附票ファイルでは「戸籍附票」「令和８年２月_進捗状況」!V4" in shown
    assert PublishedProgress.objects.filter(as_of=date(2026, 2, 28)).count() == 0
    assert office.post(page(job)).status_code == 302
    rows = dict(PublishedProgress.objects.filter(as_of=date(2026, 2, 28)).values_list("system__name", "counted"))
    assert (len(rows), rows["戸籍"], rows["戸籍の附票"], rows["印鑑登録"]) == (20, 34, 40, 39)
    newest = PublishedProgress.objects.get(as_of=date(2026, 2, 28), system__name="戸籍")
    assert newest.history.first().history_source == "Excel取込（公表.xlsx）"


def test_the_same_file_twice_is_once(office, secretary):
    data = files.monthly(FULL, title="令和8年3月_進捗状況")
    first = brought(secretary, data)
    take(office, first)
    second = brought(secretary, data)
    shown = text(office.get(page(second)))
    assert "同じファイルは11月24日に取込済みです" in shown
    assert "変わるところはありません" in shown
    before = PublishedProgress.history.count()
    take(office, second)
    assert take(office, first).status_code == 409
    assert PublishedProgress.history.count() == before


def test_steps_count_done_and_out_and_keep_other_words(office, secretary):
    words = {"戸籍": ["完了済み"] * 30 + ["対象外"] * 3 + ["作業中", "検討中（要確認）", ""] + [""] * 4}
    job = brought(secretary, files.steps(words), name="業務別ステップ別_令和8年4月末.xlsx")
    take(office, job)
    row = PublishedProgress.objects.get(system__code="std11", as_of=date(2026, 4, 30))
    assert (row.counted, row.excluded, row.steps[33], row.steps[34]) == (
        33,
        3,
        ["34．見本の手順", "作業中"],
        ["35．見本の手順", "検討中（要確認）"],
    )
    shown = text(office.get(row.system.get_absolute_url()))
    assert "検討中（要確認）" in shown
    again = brought(secretary, files.steps(words), name="業務別ステップ別_令和8年4月末.xlsx")
    assert "変わるところはありません" in text(office.get(page(again)))


def test_a_list_without_steps_takes_nothing_away_that_one_with_steps_said(office, secretary):
    words = {"戸籍": ["完了済み"] * 31 + ["対象外"] * 3 + [""] * 6}
    take(office, brought(secretary, files.steps(words), name="令和8年1月末.xlsx"))
    take(office, brought(secretary, files.monthly(FULL)))
    row = PublishedProgress.objects.get(system__code="std11", as_of=date(2026, 1, 31))
    assert (row.counted, row.excluded, len(row.steps)) == (34, 3, 40)


def test_transition_marks_are_set_and_taken_away(office, secretary):
    take(office, brought(secretary, files.transition({"戸籍", "子ども･子育て支援"})))
    assert set(StandardizedSystem.objects.filter(is_transitional=True).values_list("code", flat=True)) == {
        "std11",
        "std02",
    }
    family = StandardizedSystem.objects.get(code="std11")
    family.transition_reason = "mainframe"
    save_row(family, by=TESTS, seen_version=family.version, today=TODAY)
    job = brought(secretary, files.transition(set(), code=124419))
    assert "特定移行の理由メインフレーム（空欄）" in text(office.get(page(job)))
    take(office, job)
    family.refresh_from_db()
    assert (family.is_transitional, family.transition_reason) == (False, "")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (files.by_prefecture(), "「令和8年1月_進捗状況」シートは都道府県別の表です（市区町村の列がありません）。"),
        (files.monthly(FULL, ours=["埼玉県", "大多喜町"]), "に、千葉県 大多喜町の行がありません。"),
        (files.monthly([0.33, *FULL[1:]]), "!D4 の「0.33」は、40ステップの率（2.5％きざみ）ではありません。"),
        (files.monthly(["検討中", *FULL[1:]]), "!D4 の「検討中」は率として読めません。"),
        (files.monthly([1.5, *FULL[1:]]), "!D4 の「1.5」は、40ステップの率"),
        (files.monthly(FULL, title="進捗状況"), "ファイルから基準日（例　令和8年1月末）が分かりません。"),
        (files.steps({"戸籍": ["完了済み"] * 40, "火葬": [""] * 40}), "の業務「火葬」は、20業務にありません。"),
        (files.book([["氏名", "住所"]], title="名簿"), "国の公表ファイルの見出しが見つかりません。"),
        (b"PK\x03\x04 broken", "Excelブックが壊れているため読めません。"),
        ("都道府県,市区町村".encode(), "Excelブックではありません。"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence_with_its_cell(office, secretary, data, sentence):
    name = "令和8年1月.xlsx" if b"xl/workbook" in data and "火葬" in sentence else "公表.xlsx"
    errors = refused(secretary, data, name=name)
    assert any(sentence in each for each in errors), errors
    assert PublishedProgress.objects.count() == 20


def test_a_line_of_data_may_stand_anywhere_and_headings_in_two_lines(office, secretary):
    rows = [
        ["大多喜町ほか"],
        ["完了率", "市区町村", "都道府県", "業務別の完了率", *[None] * 19],
        [None, None, None, *reversed(files.PMO)],
        [0.9, "大多喜町", "千葉県", *[0.5] * 20],
    ]
    job = brought(secretary, files.book(rows, title="令和8年5月"))
    take(office, job)
    assert set(PublishedProgress.objects.filter(as_of=date(2026, 5, 31)).values_list("counted", flat=True)) == {20}


def test_the_day_that_was_typed_is_used_only_where_the_file_names_none(office, secretary):
    job = brought(secretary, files.monthly(FULL, title="進捗状況"), said="2026-06-30")
    assert job.table["as_of"] == "2026-06-30"
    (sentence,) = refused(secretary, files.monthly(FULL), said="2026-06-30")
    assert sentence.startswith("ファイルの基準日は令和8年1月31日ですが、令和8年6月30日と入力されています。")


def test_a_change_after_the_preview_stops_the_whole_import(office, secretary):
    job = brought(secretary, files.monthly([0.5] * 20))
    office.get(page(job))
    row = PublishedProgress.objects.get(system__code="std11")
    row.counted = 35
    save_row(row, by=TESTS, seen_version=row.version, today=TODAY)
    answer = office.post(page(job))
    assert (answer.status_code, "何も取り込んでいません。もう一度確かめてください。" in text(answer)) == (409, True)
    assert set(PublishedProgress.objects.values_list("counted", flat=True)) == {35, 34, 40}
    assert office.post(page(job)).status_code == 302  # the page now shows 35 → 20, and the person agrees


def test_the_request_only_writes_the_file_down(office, secretary):
    upload = files.monthly(FULL)
    answer = office.post(reverse("ministry_import"), {"file": _named(upload), "as_of": ""})
    job = ImportJob.objects.get()
    assert (answer.url, job.get_state_display(), bytes(job.waiting_file.data) == upload) == (
        page(job),
        "読み取り待ち",
        True,
    )
    assert "読み取りを待っています" in text(office.get(page(job)))
    ImportJob.objects.update(created_at=NOW - timedelta(minutes=6))
    assert "5分たっても始まっていません。" in text(office.get(page(job)))
    call_command("read_waiting_files", verbosity=0)
    job.refresh_from_db()
    assert (job.get_state_display(), WaitingFile.objects.count()) == ("確認待ち", 0)


def _named(data):
    import io  # noqa: PLC0415

    file = io.BytesIO(data)
    file.name = "公表.xlsx"
    return file


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "ファイルを選んでください。"),
        ({"as_of": "そのうち"}, "「そのうち」は日付として読めません。"),
        ({"as_of": "2026-11-25"}, "まだ来ていない日です。"),
    ],
)
def test_a_form_that_cannot_be_taken_says_why(office, fields, sentence):
    answer = office.post(reverse("ministry_import"), fields)
    assert (answer.status_code, sentence in text(answer)) == (422, True)
    assert ImportJob.objects.count() == 0


def test_a_job_is_cancelled_once_and_is_nobody_elses(office, secretary, client):
    job = brought(secretary, files.monthly([0.5] * 20))
    other = create_person(username="second", name="見本 十郎", role="secretariat")
    client.force_login(other)
    assert client.get(page(job)).status_code == 404
    client.force_login(secretary)
    assert "取りやめました。何も取り込んでいません。" in text(client.post(page(job), {"cancel": "1"}, follow=True))
    assert take(client, job).status_code == 409
    assert client.get(reverse("ministry_job", args=[10**18])).status_code == 404


def test_a_file_left_by_a_dead_worker_is_taken_again_and_given_up_after_a_few_times(secretary):
    job = leave_file(files.monthly(FULL), by=secretary)
    long_ago = NOW - timedelta(minutes=11)
    ImportJob.objects.update(state="reading", begun_at=NOW - timedelta(minutes=9), attempts=1)
    assert work_off(READERS, clock=lambda: NOW) == []
    ImportJob.objects.update(begun_at=long_ago, attempts=MOST_ATTEMPTS)
    assert [each.pk for each in work_off(READERS, clock=lambda: NOW)] == [job.pk]
    job.refresh_from_db()
    assert (job.get_state_display(), WaitingFile.objects.count()) == ("読めない", 0)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("令和8年1月_進捗状況", date(2026, 1, 31)),
        ("令和元年12月", date(2019, 12, 31)),
        ("（令和８年２月末時点）", date(2026, 2, 28)),
        ("令和8年3月10日現在", date(2026, 3, 10)),
        ("令和8年13月", None),
        ("業務別ステップ別進捗一覧", None),
    ],
)
def test_the_month_in_words(words, day):
    assert month_end(words) == day
