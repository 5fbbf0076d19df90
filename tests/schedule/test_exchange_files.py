"""Dirty and hostile tables over the pages: each is understood or refused with its cell, and a refusal changes no row."""

import csv
from datetime import date
from io import StringIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schedule.models import Activity, EntryDraft, ProgressReport
from schedule.report_rules import ReportValues
from tests.conftest import NOW
from tests.otaki_dx.pages import words
from tests.schedule.exchange import apply, download, fill, line_of, paste, stored, upload
from tests.schedule.factories import close, create_round, give_rows_to, record, row
from tests.townhall.test_sheets import GOOD, repacked
from townhall.models import ImportJob

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def current(plan):
    create_round(plan=plan, quarter=3)
    return create_round(plan=plan)


@pytest.fixture
def office(client, secretary, current):
    client.force_login(secretary)
    return client


def after(preview):
    return {change.label: change.after for line in preview.changed for change in line.changes}


def as_csv(book, encoding):
    """What Excel's 「CSV」 makes of the form."""
    file = StringIO(newline="")
    csv.writer(file, lineterminator="\r\n").writerows(
        ["" if value is None else value for value in line] for line in book["入力"].values
    )
    text = file.getvalue()
    return (text.replace("〜", "～").replace("−", "－") if encoding == "cp932" else text).encode(encoding)


# --- understood


@pytest.mark.parametrize("encoding", ["xlsx", "utf-8-sig", "cp932"])
def test_the_form_comes_back_unchanged_with_everything_in_it(office, current, secretary, encoding):
    Activity.objects.filter(code="5-3").update(due_on=date(2027, 3, 31))
    record(row("5-3"), current, by=secretary, text="10月〜12月（−5％）")
    moved = paste(office, "番号\t完了予定\t理由\n5-3\tR10.3\t協定が遅れたため。")
    assert after(moved.context["preview"]) == {"完了予定": "令和10年3月31日", "遅れ・変更の理由": "協定が遅れたため。"}
    assert apply(office, moved).status_code == 302
    assert str(ProgressReport.objects.get().moved_from) == "2027-03-31"
    record(row("k1"), current, by=secretary, standing="trying", percent=None, to_committee=True)
    record(row("6-1"), current, by=secretary, text="", percent=0)
    before, book = stored(), download(office)
    assert book["入力"][f"K{line_of(book, '5-3')}"].value == "R10.3.31"
    seen = upload(office, fill(book)) if encoding == "xlsx" else upload(office, as_csv(book, encoding), name="進捗.csv")
    assert (seen.context["preview"].warnings, "変わるところはありません" in words(seen.text)) == ((), True)
    assert (apply(office, seen).status_code, stored()) == (302, before)


def test_a_table_without_versions_says_what_it_is_compared_with(office, current, secretary):
    record(row("5-3"), current, by=secretary)
    seen = upload(office, "番号,今期の実績\r\n5-3,CSVの文\r\n".encode(), name="報告.csv")
    assert "隠れた列「版」がないため、いまの内容と比べています。" in words(seen.text)
    assert after(seen.context["preview"]) == {"今期の実績": "CSVの文"}


def test_hidden_lines_are_told_and_taken_in(office):
    book = download(office)
    line = line_of(book, "5-3")
    book["入力"].row_dimensions[line].hidden = True
    seen = upload(office, fill(book, **{f"F{line}": "順調", f"H{line}": "開いた。"}))
    assert f"表示されていない行（{line}行目）も取り込みます。" in words(seen.text)
    assert [each.code for each in seen.context["preview"].changed] == ["5-3"]


def test_lines_in_another_order_find_their_rows(office, current):
    book = download(office)
    sheet = book["入力"]
    lines = [[cell.value for cell in cells] for cells in sheet.iter_rows(min_row=2)][::-1]
    for number, values in enumerate(lines, 2):
        for place, value in enumerate(values, 1):
            sheet.cell(number, place).value = value
    line = line_of(book, "5-3")
    seen = upload(office, fill(book, **{f"F{line}": "順調", f"G{line}": 0.8, f"H{line}": "開いた。"}))
    assert f"「入力」!G{line} 進捗率：「0.8」では割合か％か決められません。80％なら、80 と書いてください。" in words(
        seen.text
    )
    sheet[f"G{line}"].number_format = "0%"
    assert after(upload(office, fill(book)).context["preview"])["進捗率"] == "80％"


def test_what_is_typed_in_other_fields_goes_on_waiting(office, current, secretary):
    first = record(row("5-3"), current, by=secretary, text="前の文")
    typed = ReportValues.of(first).as_typed() | {"text": "打ちかけの文", "percent": "９０"}
    draft = {"activity": row("5-3"), "round": current, "author": secretary, "saved_at": NOW}
    EntryDraft.objects.create(**draft, typed=typed, seen_version=first.version)
    seen = paste(office, "番号\t進捗率\n5-3\t85")
    assert "画面で入力中の今期の実績は、下書きのまま残ります" in words(seen.text)
    assert apply(office, seen).status_code == 302
    left, report = EntryDraft.objects.get(), ProgressReport.objects.get()
    assert (left.typed["text"], left.typed["percent"], left.seen_version) == ("打ちかけの文", "85", report.version)
    assert (report.text, report.percent) == ("前の文", 85)


def test_a_reason_that_the_standing_does_not_keep_is_told(office, current, secretary):
    record(row("5-3"), current, by=secretary, standing="slightly_late", reason="人手不足")
    seen = paste(office, "番号\t状況\t理由\n5-3\t○\t解消した")
    assert after(seen.context["preview"]) == {"状況": "順調", "遅れ・変更の理由": "（空欄）"}
    assert "理由は、「やや遅れ」「遅れ」か完了予定を変えるときだけ残ります" in words(seen.text)
    apply(office, seen)
    again = paste(office, "番号\t状況\t理由\n5-3\t○\t解消した")
    assert [line.code for line in again.context["preview"].same] == ["5-3"]


# --- refused


@pytest.mark.parametrize("lost", ["版", "期"])
def test_a_form_that_has_lost_a_hidden_column_is_refused(office, lost):
    book = download(office)
    sheet = book["入力"]
    sheet.delete_cols(next(cell.column for cell in sheet[1] if cell.value == lost))
    response = upload(office, fill(book))
    assert (response.status_code, stored()) == (422, ([], 0))
    assert f"隠れた列「{lost}」がありません。" in words(response.text)
    assert ImportJob.objects.get().state == "refused"


def test_rows_of_another_section_are_refused_with_their_cells(office, client, section_head, planning):
    book = download(office)
    give_rows_to(planning, "5-3")
    line, other = line_of(book, "5-3"), line_of(book, "1-1")
    for number in (line, other):
        book["入力"][f"C{number}"] = None
        book["入力"][f"H{number}"] = "文"
    client.force_login(section_head)
    seen = upload(client, fill(book))
    assert f"「入力」!A{other}：1-1は、あなたの課の行ではありません。" in words(seen.text)
    assert (apply(client, seen).status_code, stored()) == (409, ([], 0))


def test_a_choice_that_breaks_a_rule_says_which(office, current, secretary):
    first = record(row("5-3"), current, by=secretary)
    book = download(office)
    line = line_of(book, "5-3")
    late = {"standing": "slightly_late", "reason": "人手", "percent": 10}
    record(row("5-3"), current, by=secretary, seen_version=first.version, **late)
    before = stored()
    seen = upload(office, fill(book, **{f"G{line}": 120}))
    refused = apply(office, seen, **{"choice-5-3": "mine"})
    assert (refused.status_code, stored()) == (409, before)
    assert f"「入力」!G{line} 進捗率：進捗率は 0～100 で入力してください（いまの値 120）。" in words(refused.text)
    assert 'value="mine" checked' in refused.text


def test_a_round_that_was_closed_meanwhile_takes_nothing(office, current, secretary):
    seen = paste(office, "5-3\t○\t80\t開いた。")
    close(current, by=secretary, seen_version=1)
    before = stored()
    refused = apply(office, seen)
    assert (refused.status_code, "に締め切りました" in words(refused.text), stored()) == (409, True, before)


def _sheet(rows):
    head = '<row r="1"><c r="A1" t="inlineStr"><is><t>番号</t></is></c></row>'
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{head}{rows}</sheetData></worksheet>'


HOSTILE = {
    "far corner.xlsx": repacked(GOOD, {SHEET: _sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')}),
    "grows.xlsx": repacked(GOOD, {"xl/media/x.xml": " " * 9_000_000}),
    "formula.xlsx": repacked(GOOD, {SHEET: _sheet('<row r="2"><c r="A2"><f>1+1</f></c></row>')}),
    "entity.xlsx": repacked(GOOD, {SHEET: '<!DOCTYPE x [<!ENTITY a "a">]><x>&a;</x>'}),
    "damaged.xlsx": GOOD[: len(GOOD) // 2],
    "old.xls": b"\xd0\xcf\x11\xe0" + b"\0" * 600,
    "picture.csv": b"\x89PNG\r\n\x1a\n\0\0",
    "mixed.csv": "番号,状況\r\n".encode("cp932") + "順調".encode(),
    "quote.csv": '番号,状況\r\n5-3,"順調'.encode(),
    "=cmd|.csv": b"=1+1,@x\r\n1,2\r\n",
}


@pytest.mark.one_database
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_a_sentence_and_changes_nothing(office, current, secretary, name):
    record(row("5-3"), current, by=secretary)
    before = stored()
    response = upload(office, HOSTILE[name], name=name)
    job = ImportJob.objects.get()
    assert (response.status_code, job.state, stored()) == (422, "refused", before)
    assert all(sentence in words(response.text) and sentence.endswith("。") for sentence in job.result["errors"])


@pytest.mark.one_database
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 18), wrong=st.sampled_from([(1, "まあまあ"), (2, "約8割"), (2, "120"), (0, "9-9"), (0, "")]))
def test_one_error_anywhere_stops_everything(office, plan, at, wrong):
    lines = [[row.label, "見送り", "", f"{row.label}の文"] for row in plan.activities.in_plan_order()]
    place, text = wrong
    lines[at][place] = text
    heading = ["番号", "状況", "進捗率", "今期の実績"]
    seen = paste(office, "\n".join("\t".join(line) for line in [heading, *lines]))
    failed = seen.context["preview"].failed
    assert [line.number for line in failed] == [at + 2]
    assert f"{at + 2}行目の{place + 1}列目" in failed[0].errors[0]
    assert (apply(office, seen).status_code, stored()) == (409, ([], 0))
