"""The one door for files: what goes out comes back unchanged, and what comes in is all or nothing."""

import csv
import re
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from otaki_dx.exchange_kinds import BY_PROFILE, KINDS, readers
from otaki_dx.tables import all_tables
from schedule.models import Trainee
from schedule.trainee_resource import TraineeResource
from tests.conftest import NOW, TODAY
from tests.otaki_dx.every_ledger import three_of_every_kind
from tests.schedule.trainings import create_trainee
from townhall.changes import save_row
from townhall.choices import JobState
from townhall.models import ColumnMapping, ExportRecord, ImportJob, Section, User
from townhall.sheets.imports import ImportRefused, apply_job, begin, outcome_in, write_queued
from townhall.sheets.table import Line, Sheet
from townhall.sheets.undo import undo_job
from townhall.sheets.waiting import work_off
from townhall.sheets.writing import write_csv, write_xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned")]
WHEN = {"today": TODAY, "now": NOW}


@pytest.fixture
def office(secretary: User) -> User:
    return secretary


@pytest.fixture
def section(general_affairs: Section) -> Section:
    return general_affairs


def file_of(headings: list[str], *lines: list[Any], name: str = "名簿.csv") -> SimpleUploadedFile:
    write = write_csv(headings, lines) if name.endswith(".csv") else write_xlsx("表", headings, lines)
    return SimpleUploadedFile(name, write)


def roster(*lines: list[Any], name: str = "名簿.csv") -> SimpleUploadedFile:
    return file_of(["氏名", "課", "採用日"], *lines, name=name)


def people() -> list[tuple[str, int]]:
    return list(Trainee.objects.order_by("pk").values_list("name", "version"))


def bring(upload: SimpleUploadedFile, by: User, code: str = "trainees") -> ImportJob:
    return begin(KINDS[code], upload, by=by, **WHEN)


def apply(job: ImportJob, *, without_errors: bool = False) -> ImportJob:
    return apply_job(BY_PROFILE[job.profile], job, without_errors=without_errors, by=job.person, **WHEN)


@pytest.mark.one_database
def test_table_is_shown_line_by_line_before_anything_is_written(office, section):
    create_trainee("見本 一郎", section=section)
    job = bring(
        roster(
            *(["見本　一郎", "総務課", "Ｒ８．４．１"], ["見本 桃子", "総務課", ""], ["見本 次郎", "ない課", ""]),
            name="名簿.xlsx",
        ),
        office,
    )
    outcome = outcome_in(job)
    assert [(row.line, row.name, row.kind, row.changes, row.corrections) for row in outcome.rows[:2]] == [
        (
            *(2, "見本 一郎（総務課）", "update", (("採用日", "", "令和8年4月1日"),)),
            (("採用日", "Ｒ８．４．１"),),
        ),
        (3, "見本 桃子（総務課）", "new", (("氏名", "", "見本 桃子"), ("課", "", "総務課")), ()),
    ]
    assert (outcome.rows[2].name, outcome.rows[2].errors) == (
        "「見本 次郎」",
        ("課（「表」!B4）：「ない課」という課はありません。課の名称を確かめてください。",),
    )
    assert people() == [("見本 一郎", 1)]


@pytest.mark.one_database
def test_errors_stop_everything_unless_a_person_leaves_those_lines_out(office, section):
    job = bring(roster(["見本 桃子", "総務課", ""], ["見本 次郎", "ない課", ""]), office)
    with pytest.raises(ImportRefused):
        apply(job)
    assert people() == []
    apply(job, without_errors=True)
    assert people() == [("見本 桃子", 1)]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("lines", "offered"),
    [
        ([["見本 桃子", "総務課", ""]], ["1行を取り込む", "やめる"]),
        (
            [["見本 桃子", "総務課", ""], ["見本 次郎", "ない課", ""]],
            ["直したファイルを選ぶ", "誤りの1行を除いて取り込む（1行）", "やめる"],
        ),
        ([["見本 次郎", "ない課", ""]], ["直したファイルを選ぶ", "やめる"]),
    ],
)
def test_preview_offers_only_what_works(office, section, lines, offered):
    page = Client()
    page.force_login(office)
    shown = page.get(f"/data/imports/{bring(roster(*lines), office).pk}/").content.decode()
    assert re.findall(r"dx-button[^>]*>([^<]+)</(?:a|button)>", shown.partition("<main")[2]) == offered


@pytest.mark.one_database
def test_heading_nobody_knows_is_asked_once_and_remembered(office, section):
    page = Client()
    page.force_login(office)
    upload = file_of(["おなまえ", "所属", "備考"], ["見本 桃子", "総務課", "x"])
    answer = page.post("/data/files/trainees/", {"file": upload})
    job = ImportJob.objects.get()
    assert (answer.url, job.state) == (f"/data/imports/{job.pk}/", JobState.MAPPING)
    assert "「おなまえ」" in page.get(answer.url).content.decode()
    page.post(answer.url, {"column-0": "氏名", "column-1": "課", "column-2": ""})
    job.refresh_from_db()
    assert (job.state, outcome_in(job).counts) == (JobState.PREVIEWED, {"新規": 1, "変更": 0, "変更なし": 0})
    assert ColumnMapping.objects.get().columns == {"おなまえ": "氏名", "所属": "課", "備考": ""}
    again = bring(file_of(["おなまえ", "所属", "備考"], ["見本 桃子", "総務課", "x"]), office)
    assert again.state == JobState.PREVIEWED


def test_import_is_taken_back_whole_with_its_reason_in_the_history(office, section):
    kept = create_trainee("見本 一郎", section=section)
    job = apply(bring(roster(["見本 一郎", "総務課", "R8.4.1"], ["見本 桃子", "総務課", ""]), office))
    assert people() == [("見本 一郎", 2), ("見本 桃子", 1)]
    assert undo_job(KINDS["trainees"], job, reason="古い名簿だった", by=office, **WHEN) == 2
    kept.refresh_from_db()
    assert (people(), kept.hired_on) == ([("見本 一郎", 3)], None)
    said = Trainee.history.order_by("-history_id").values_list("history_type", "history_change_reason", "history_actor")
    who = "総務課 事務局 見本 花子"
    assert sorted(said[:2]) == [
        ("-", f"{job}の取り消し：古い名簿だった", who),
        ("~", f"{job}の取り消し：古い名簿だった", who),
    ]
    with pytest.raises(ImportRefused):
        undo_job(KINDS["trainees"], job, reason="もう一度", by=office, **WHEN)


def test_row_that_somebody_went_on_with_keeps_the_whole_import(office, section):
    job = apply(bring(roster(["見本 一郎", "総務課", ""], ["見本 桃子", "総務課", ""]), office))
    changed = Trainee.objects.get(name="見本 桃子")
    changed.name = "見本 百子"
    save_row(changed, by=office, seen_version=1, today=TODAY)
    with pytest.raises(ImportRefused, match="「見本 百子」") as refused:
        undo_job(KINDS["trainees"], job, reason="誤り", by=office, **WHEN)
    assert "何も変えていません" in str(refused.value)
    assert people() == [("見本 一郎", 1), ("見本 百子", 2)]


@pytest.mark.one_database
def test_preview_is_not_applied_over_what_others_saved_since(office, section):
    person = create_trainee("見本 一郎", section=section)
    job = bring(roster(["見本 一郎", "総務課", "R8.4.1"]), office)
    person.staff_number = "7"
    save_row(person, by=office, seen_version=1, today=TODAY)
    with pytest.raises(ImportRefused):
        apply(job)
    job.refresh_from_db()
    assert (job.state, people()) == (JobState.PREVIEWED, [("見本 一郎", 2)])
    apply(job)
    assert people() == [("見本 一郎", 3)]


@pytest.mark.one_database
def test_long_table_is_read_and_written_by_the_worker_once(office, section):
    lines = [[f"見本 {number}号", "総務課", ""] for number in range(501)]
    job = bring(roster(*lines), office)
    assert (job.state, people()) == (JobState.WAITING, [])
    work_off(readers(lambda: NOW), clock=lambda: NOW)
    job.refresh_from_db()
    assert (job.state, outcome_in(job).count("new")) == (JobState.PREVIEWED, 501)
    assert apply(job).state == JobState.QUEUED
    for _ in range(2):
        write_queued(BY_PROFILE, clock=lambda: NOW)
    job.refresh_from_db()
    assert (job.state, Trainee.objects.count(), Trainee.history.count()) == (JobState.APPLIED, 501, 501)


# --- out and in again


@pytest.mark.one_database
def test_same_file_three_times_is_once(office, section):
    lines = (["見本 一郎", "総務課", "R8.4.1"], ["見本 桃子", "総務課", ""])
    apply(bring(roster(*lines), office))
    for _ in range(2):
        again = bring(roster(*lines), office)
        assert outcome_in(again).counts == {"新規": 0, "変更": 0, "変更なし": 2}
        with pytest.raises(ImportRefused):
            apply(again)
    assert (people(), Trainee.history.count()) == ([("見本 一郎", 1), ("見本 桃子", 1)], 2)


@pytest.mark.one_database
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bad=st.sets(st.integers(0, 5), min_size=1))
def test_bad_line_anywhere_writes_nothing_and_every_one_is_named(office, section, bad):
    lines = [
        Line(number + 2, (f"見本 {number}号", "ない課" if number in bad else "総務課", "R8.4.1")) for number in range(6)
    ]
    sheet = Sheet(headers=("氏名", "課", "採用日"), lines=tuple(lines), columns=("A", "B", "C"))
    outcome = TraineeResource(by=office, **WHEN).run(sheet, dry_run=False)
    assert [(row.line, row.errors[0].split("：")[0]) for row in outcome.failed] == [
        (number + 2, f"課（B{number + 2}）") for number in sorted(bad)
    ]
    assert (Trainee.objects.count(), Trainee.history.count()) == (0, 0)


def test_what_only_the_database_notices_is_told_of_its_line(office, section):
    create_trainee("見本 一郎", section=section, staff_number="7")
    create_trainee("見本 二郎", section=section, staff_number="8")
    lines = (Line(2, ("7", "見本 一郎", "R8.4.1", "R7.4.1")), Line(3, ("8", "見本 二郎", "R8.4.1", None)))
    sheet = Sheet(headers=("職員番号", "氏名", "採用日", "名簿の最後の日"), lines=lines, columns=tuple("ABCD"))
    outcome = TraineeResource(by=office, **WHEN).run(sheet, dry_run=False)
    assert [(row.line, row.kind, row.errors) for row in outcome.rows] == [
        (2, "error", ("名簿の最後の日は、採用日より後の日にしてください。",)),
        (3, "update", ()),
    ]
    assert people() == [("見本 一郎", 1), ("見本 二郎", 1)]


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(codec=None), max_size=40))
def test_no_text_is_a_live_formula_in_any_file(text):
    book = load_workbook(BytesIO(write_xlsx(text, ["見出し"], [[text]])))
    assert "f" not in {cell.data_type for row in book.active.iter_rows() for cell in row}
    (_, (cell,)) = csv.reader(StringIO(write_csv(["見出し"], [[text]]).decode("utf-8-sig"), newline=""))
    assert not re.match("[=+@\t\r＝＋＠]|-.", cell)


@pytest.mark.one_database
def test_every_table_goes_out_with_nothing_secret(office, section):
    three_of_every_kind(office, section)
    page = Client()
    page.force_login(office)
    wrong = []
    for table in all_tables():
        answer = page.post("/data/files/table/export/", {"table": table.code, "format": "csv"})
        if answer.status_code != 200 or office.password.encode() in answer.content:
            wrong.append((table.code, answer.status_code))
    assert wrong == []
    assert ExportRecord.objects.count() == len(all_tables())


@pytest.mark.one_database
@pytest.mark.parametrize("wrong", [{"table": "townhall-user"}, {"table": "\0", "format": "csv"}, {"format": "csv"}])
def test_form_that_names_no_table_or_no_format_gets_a_sentence(office, wrong):
    page = Client()
    page.force_login(office)
    assert page.get("/data/files/table/export/").url == "/data/"
    assert "表と、形式" in page.post("/data/files/table/export/", wrong, follow=True).content.decode()
    assert ExportRecord.objects.count() == 0


@pytest.mark.one_database
def test_what_cp932_cannot_write_is_named_and_nothing_leaves(office, section):
    create_trainee("見本 𠮷郎", section=section)
    page = Client()
    page.force_login(office)
    answer = page.post("/data/files/trainees/export/", {"format": "cp932"}, follow=True)
    assert "CP932では書けない文字があります（「𠮷」）" in answer.content.decode()
    assert ExportRecord.objects.count() == 0


@pytest.mark.one_database
def test_admin_knows_the_words_and_formats_of_the_wizard(office, section):
    create_trainee("見本 𠮷郎", section=section)
    page, room = Client(), "/admin/schedule/trainee"
    page.force_login(office)
    refused = page.post(f"{room}/export/", {"format": "cp932"})
    assert (refused.status_code, "書けない文字があります（「𠮷」）" in refused.content.decode()) == (422, True)
    assert ExportRecord.objects.count() == 0
    upload = SimpleUploadedFile("名簿.csv", write_csv(["名前", "所属"], [["見本 桃子", "総務課"]], encoding="cp932"))
    assert "見本 桃子" in page.post(f"{room}/import/", {"file": upload}).content.decode()
    assert ImportJob.objects.get().state == JobState.PREVIEWED


@pytest.mark.one_database
def test_head_of_a_section_takes_out_the_own_people_only(office, section, section_head, planning):
    create_trainee("見本 一郎", section=section)
    create_trainee("見本 桃子", section=planning)
    page = Client()
    page.force_login(section_head)
    text = page.post("/data/files/trainees/export/", {"format": "csv"}).content.decode("utf-8-sig")
    assert [line.split(",")[1] for line in text.splitlines()[1:]] == ["見本 桃子"]
