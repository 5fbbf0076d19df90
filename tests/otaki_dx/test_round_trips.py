"""Every ledger, by its entry alone: what went out comes back unchanged, and one bad line keeps all of them out."""

from collections.abc import Iterator
from string import ascii_uppercase

import pytest
import time_machine
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from initiatives.models import BusinessProcess, ProcessStep
from otaki_dx.exchange_kinds import KINDS
from tests import factories
from tests.conftest import NOW, TODAY
from tests.otaki_dx.every_ledger import three_of_every_kind
from townhall.changes import create_row
from townhall.choices import JobState, Role
from townhall.models import ExportRecord, User
from townhall.sheets.guard import LEDGER
from townhall.sheets.imports import ImportRefused, apply_job, begin, outcome_in
from townhall.sheets.reading import read_sheet
from townhall.sheets.undo import undo_job
from townhall.sheets.writing import write_csv, write_xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]
WHEN = {"today": TODAY, "now": NOW}

# A column that takes any text, with what it takes; and one that does not, with what it refuses.
CELLS = {
    "indicators": {"free": ("算式", "新"), "strict": ("種類", "ない種類")},
    "evaluations": {"free": ("意見", "新"), "strict": ("評価", "Z")},
    "crosswalk": {"free": ("補足", "新"), "strict": ("確度", "たぶん")},
    "processes": {"free": ("業務の内容", "新"), "strict": ("時間あたりの人件費（円）", "高い")},
    "process-steps": {"free": ("課題", "新"), "strict": ("媒体", "石")},
    "systems": {"free": ("リスク", "新"), "strict": ("本番稼働日（実績）", "令和99年1月1日")},
    "system-steps": {"free": ("メモ", "新"), "strict": ("完了日", "R20.1.1")},
    "progress": {"free": ("今期の実績", "新"), "strict": ("進捗率（％）", "半分")},
    "trainees": {"free": ("名簿の最後の日", "R9.3.31"), "strict": ("課", "ない課")},
    "duties": {"free": ("根拠", "新"), "strict": ("期限の月", 13)},
    "occurrences": {"free": ("証拠（文書番号など）", "新"), "strict": ("済ませた日", "R20.1.1")},
    "policies": {"free": ("次の見直しの期限", "R9.3.31"), "strict": ("区分", "方針")},
    "policy-versions": {"free": ("改定の理由", "新"), "strict": ("施行日", "R80.13.1")},
    "policy-reviews": {"free": ("確かめたこと", "新"), "strict": ("結果", "たぶん")},
    "findings": {"free": ("直すこと", "新"), "strict": ("直した日", "R20.1.1")},
    "proposals": {"free": ("体制", "新"), "strict": ("調達の方法", "くじ引き")},
    "budget-lines": {"free": ("科目", "新"), "strict": ("予算の年度", "いつか")},
    "funding-sources": {"free": ("備考", "新"), "strict": ("区分", "宝くじ")},
    "trainings": {"free": ("場所", "新"), "strict": ("実施日", "R20.1.1")},
    "attendance": {"free": ("受講日", "R8.11.11"), "strict": ("状況", "たぶん")},
    "budget": {"free": ("決裁・文書番号", "新"), "strict": ("金額（千円）", "多い")},
}
# Lines to be filled in are written out too; without this they cannot carry anything else.
NEEDED = {"budget": "金額（千円）", "evaluations": "評価"}


@pytest.fixture(scope="module")
def ledgers(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Built once, in a transaction around those of the tests: each of them goes back to here."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        section = factories.create_section()
        office = factories.create_person(username="secretary", name="見本 花子", role=Role.SECRETARIAT, section=section)
        three_of_every_kind(office, section)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def office(ledgers, db):
    return User.objects.get(username="secretary")


@pytest.fixture
def person(office, code):
    """Who brings this kind of file: 事務局, but proposals are written by the sections alone."""
    return User.objects.get(username="writer") if code == "proposals" else office


def rows_and_records():
    """How many rows and history records each model has, and the versions of the rows."""
    tracked = [model for model in apps.get_models() if hasattr(model, "history")]
    return {
        model._meta.label: (sorted(model.objects.values_list("pk", "version")), model.history.count())
        for model in tracked
    }


def run(code, name, data, by, *, dry_run=False):
    """As the wizard reads and writes, in this process."""
    resource = KINDS[code].resource()
    words = {"known": resource.headings(), "required": resource.key_headings()}
    sheet = read_sheet(name, data, limits=LEDGER, **words)
    return resource(by=by, source="試験", **WHEN).run(sheet, dry_run=dry_run)


def test_every_ledger_is_walked():
    assert set(CELLS) == set(KINDS)


@pytest.mark.parametrize("code", KINDS)
def test_what_went_out_comes_back_without_a_change(person, code):
    page, before = Client(), rows_and_records()
    page.force_login(person)
    for extension in ("xlsx", "csv"):
        answer = page.post(f"/data/files/{code}/export/", {"format": extension})
        job = begin(KINDS[code], SimpleUploadedFile(f"{code}.{extension}", answer.content), by=person, **WHEN)
        outcome = outcome_in(job)
        assert (job.state, outcome.changed, outcome.failed) == (JobState.PREVIEWED, [], [])
        assert len(outcome.rows) > 2
        with pytest.raises(ImportRefused, match="取り込む行がありません"):
            apply_job(KINDS[code], job, without_errors=False, by=person, **WHEN)
    assert [record.kind for record in ExportRecord.objects.all()] == [code, code]
    assert rows_and_records() == before


@pytest.mark.parametrize("code", KINDS)
def test_changed_lines_are_written_once_however_often_and_taken_back_whole(person, code):
    kind, before = KINDS[code], list(KINDS[code].lines(person, TODAY))
    lines = changed_lines(code, person)
    data = write_xlsx("表", kind.headings, lines)
    job = begin(kind, SimpleUploadedFile("表.xlsx", data), by=person, **WHEN)
    apply_job(kind, job, without_errors=False, by=person, **WHEN)
    assert outcome_in(job).counts == {"新規": 0, "変更": len(lines), "変更なし": 0}
    after = rows_and_records()
    again = [run(code, "表.xlsx", data, person).counts for _ in range(2)]
    assert (again, rows_and_records()) == ([{"新規": 0, "変更": 0, "変更なし": len(lines)}] * 2, after)
    undo_job(kind, job, reason="ちがう表だった", by=person, **WHEN)
    assert list(kind.lines(person, TODAY)) == before


@pytest.mark.parametrize("code", KINDS)
def test_one_bad_line_anywhere_keeps_every_line_out_and_names_its_cell(person, code):
    before, headings = rows_and_records(), KINDS[code].headings
    strict, bad = CELLS[code]["strict"]
    column = headings.index(strict)
    for at in (0, 1, -1):
        lines = changed_lines(code, person)
        lines[at][column] = bad
        outcome = run(code, "表.csv", write_csv(headings, lines), person)
        line = outcome.rows[at].line
        place = f"{strict}（{ascii_uppercase[column]}{line}）"
        assert [(row.line, row.errors[0].split("：")[0]) for row in outcome.failed] == [(line, place)]
        assert rows_and_records() == before


def changed_lines(code, person):
    """Every line that can be changed alone, with another text in one column."""
    headings = KINDS[code].headings
    free, text = CELLS[code]["free"]
    lines = [list(line) for line in KINDS[code].lines(person, TODAY)]
    if code in NEEDED:
        lines = [line for line in lines if line[headings.index(NEEDED[code])] not in (None, "")]
    for line in lines:
        line[headings.index(free)] = text
    return lines


def test_signs_that_excel_changes_for_cp932_are_no_change(office):
    process = BusinessProcess.objects.get(name="=1+1")
    hard = ProcessStep(process=process, order=4, name="〜−‖①髙", minutes=1, volume=1, problem="一行目〜\n二行目−")
    create_row(hard, by=office, today=TODAY)
    headings = KINDS["process-steps"].headings
    lines = [line for line in KINDS["process-steps"].lines(office, TODAY) if line[1] == "=1+1"]
    as_excel_saves = str.maketrans("〜−‖", "～－∥")
    saved = [[cell.translate(as_excel_saves) if isinstance(cell, str) else cell for cell in line] for line in lines]
    outcome = run("process-steps", "表.csv", write_csv(headings, saved, encoding="cp932"), office)
    assert (saved == lines, outcome.counts) == (False, {"新規": 0, "変更": 0, "変更なし": 4})
