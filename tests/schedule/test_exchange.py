"""貼り付け and 入力用Excel through the pages: seen first, then written as a whole or not at all."""

import re

import pytest

from schedule.models import ProgressReport
from tests import libreoffice
from tests.factories import create_person
from tests.otaki_dx.pages import words
from tests.schedule.exchange import URL, apply, download, fill, line_of, paste, stored, upload
from tests.schedule.factories import create_round, give_rows_to, record, row
from townhall.choices import Role
from townhall.models import ImportJob

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]


@pytest.fixture
def current(plan):
    create_round(plan=plan, quarter=3)
    return create_round(plan=plan)


@pytest.fixture
def office(client, secretary, current):
    client.force_login(secretary)
    return client


# --- 貼り付け


def test_nineteen_lines_are_pasted_in_one_go(office, plan):
    rows = list(plan.activities.in_plan_order())
    text = "番号\t状況\t進捗率\t今期の実績\t来期の予定\r\n" + "".join(
        f"{each.label}\t{'検討中' if each.is_study else '○'}\t{'' if each.is_study else '８０％'}\t"
        f'"{each.label}の会議を開いた。\n31人が来た。"\t続ける。\r\n'
        for each in rows
    )
    seen = paste(office, text)
    assert "19行のうち、変更 19・同じ 0" in words(seen.text)
    assert ProgressReport.objects.count() == 0
    assert apply(office, seen).status_code == 302
    reports, _ = stored()
    assert {report[1] for report in reports} == {"accepted"}
    assert reports[1][:5] == ("1-1", "accepted", "on_track", 80, "1-1の会議を開いた。\n31人が来た。")
    again = paste(office, text)
    assert "変更 0・同じ 19" in words(again.text)
    assert ProgressReport.history.values_list("history_source", flat=True).distinct().get() == "貼り付け"


def test_a_cell_that_cannot_be_read_stops_everything_until_the_row_is_left_out(office):
    seen = paste(office, "5-3\t○\t120\t開いた。\n6-2\t△\t50\t止まった。\n9-1\t○\t1\tない行。\n1-1\t○\t80\t開いた。")
    text = words(seen.text)
    assert "4行のうち、変更 1・同じ 0・読めない 3" in text
    assert "1行目の3列目 進捗率：進捗率は 0～100 で入力してください（いまの値 120）。" in text
    assert "遅れ・変更の理由：「やや遅れ」のときは、遅れ・変更の理由を入力してください。" in text
    assert "番号「9-1」の行は、この計画にありません。" in text
    refused = apply(office, seen)
    assert (refused.status_code, stored()) == (409, ([], 0))
    assert apply(office, refused, without_errors="1").status_code == 302
    assert [report[0] for report in stored()[0]] == ["1-1"]


def test_a_section_pastes_its_own_rows_only(client, section_head, planning, current):
    give_rows_to(planning, "5-1")
    client.force_login(section_head)
    seen = paste(client, "5-1\t○\t80\t開いた。\n1-1\t○\t80\t他課の行。")
    assert "1-1は、あなたの課の行ではありません。" in words(seen.text)
    assert seen.context["preview"].changed[0].code == "5-1"


def test_somebody_who_saved_meanwhile_is_noticed(office, current, secretary):
    seen = paste(office, "1-1\t○\t80\t貼った文。")
    record(row("1-1"), current, by=secretary, text="相手の文")
    refused = apply(office, seen)
    assert refused.status_code == 409
    assert "ほかの人が報告を変えました" in words(refused.text)
    assert ProgressReport.objects.get().text == "相手の文"


def test_a_preview_is_its_own_persons_and_counts_once(office, client, current, general_affairs):
    seen = paste(office, "1-1\t○\t80\t開いた。")
    assert [apply(office, seen).status_code for _ in range(2)] == [302, 409]
    assert ProgressReport.history.count() == 1
    other = create_person(username="other", name="見本 十郎", role=Role.SECRETARIAT, section=general_affairs)
    client.force_login(other)
    assert client.get(f"{URL}import/{seen.context['job'].pk}/").status_code == 404
    assert client.get(f"{URL}import/999999/").status_code == 404


@pytest.mark.parametrize("text", ["", "ただの文章です。", "\0\x1b[31m", "=1+1\t@SUM(A1)", '"', "5-3"])
def test_what_is_no_table_gets_a_sentence(office, text):
    response = paste(office, text)
    assert (response.status_code in (200, 422), stored()) == (True, ([], 0))


def test_the_columns_can_be_corrected(office):
    text = "5-3\t開いた。\t続ける。"
    seen = paste(office, text, **{"column-1": "next_step", "column-2": "text"})
    changes = {change.label: change.after for change in seen.context["preview"].changed[0].changes}
    assert changes == {"今期の実績": "続ける。", "来期の予定": "開いた。"}


# --- 入力用Excel


def test_the_form_has_own_rows_lists_and_protection(client, section_head, planning, current):
    give_rows_to(planning, "5-1", "5-2")
    client.force_login(section_head)
    book = download(client)
    sheet = book["入力"]
    assert [cells[0].value for cells in sheet.iter_rows(min_row=2)] == ["5-1", "5-2"]
    assert sheet.protection.sheet
    assert (sheet["A2"].protection.locked, sheet["F2"].protection.locked) == (True, False)
    lists = {rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"}
    assert '"順調,やや遅れ,遅れ,完了,未着手,見送り"' in lists
    hidden = [letter for letter in "ABCDEFGHIJKLMNOP" if sheet.column_dimensions[letter].hidden]
    assert (hidden, [sheet[f"{letter}1"].value for letter in "MNOP"]) == (list("MNOP"), ["計画", "期", "行", "版"])
    assert client.get(f"{URL}workbook/file/", {"section": "999999"}).status_code == 302


def test_the_unchanged_form_changes_nothing(office, current, secretary):
    record(row("5-3"), current, by=secretary, text="=1+1 は式ではない\n〜二行目", completes_on=None)
    before = stored()
    seen = upload(office, fill(download(office)))
    assert "変わるところはありません" in words(seen.text)
    assert (seen.context["preview"].changed, stored()) == ([], before)


def test_edited_cells_are_shown_and_written_with_the_name_of_the_file(office, current, secretary):
    record(row("5-3"), current, by=secretary)
    book = download(office)
    line = line_of(book, "5-3")
    data = fill(book, **{f"F{line}": "遅れ", f"G{line}": 40, f"I{line}": "人手不足", f"J{line}": "協議する。"})
    seen = upload(office, data)
    assert [change.after for change in seen.context["preview"].changed[0].changes] == [
        "遅れ",
        "40％",
        "人手不足",
        "協議する。",
    ]
    assert apply(office, seen).status_code == 302
    report = ProgressReport.objects.get()
    assert (report.standing, report.percent, report.reason) == ("late", 40, "人手不足")
    change = report.history.first()
    assert change.history_source == "Excel取込（進捗入力.xlsx）"
    assert re.fullmatch(r"取込#\d+ 進捗入力\.xlsx（総務課 事務局 見本 花子）", change.history_change_reason)
    again = upload(office, data)
    assert "同じファイルは11月24日に取込済みです" in words(again.text)
    assert again.context["preview"].changed == []
    assert report.history.count() == 2


def test_what_changed_meanwhile_is_a_conflict_that_somebody_decides(office, current, secretary):
    first = record(row("5-3"), current, by=secretary, text="元の文", percent=10)
    book = download(office)
    line = line_of(book, "5-3")
    record(row("5-3"), current, by=secretary, seen_version=first.version, text="相手の文", percent=10)
    seen = upload(office, fill(book, **{f"H{line}": "ファイルの文", f"G{line}": 20}))
    told = seen.context["preview"].conflicting[0].conflicts[0]
    assert (told.base, told.theirs, told.mine, told.where) == (
        "元の文",
        "相手の文",
        "ファイルの文",
        f"「入力」!H{line}",
    )
    assert apply(office, seen).status_code == 409
    assert ProgressReport.objects.get().text == "相手の文"
    assert apply(office, seen, **{"choice-5-3": "theirs"}).status_code == 302
    report = ProgressReport.objects.get()
    assert (report.text, report.percent) == ("相手の文", 20)


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"B2": "別の内容"}, "「入力」!B2：「内容」は変えられません。"),
        ({"N2": "2024-1"}, "「入力」!N2：この行は令和7年度 第4四半期の0-1のものではありません（「2024-1」）。"),
        ({"P2": "99"}, "「入力」!P2：隠れた列「版」が読めません（「99」）。"),
        ({"P2": "x"}, "「入力」!P2：隠れた列「版」が読めません（「x」）。"),
        ({"A3": "0-1"}, "同じ番号の行が二つ以上あります。"),
        ({"G2": "約8割"}, "「入力」!G2 進捗率："),
    ],
)
def test_a_form_that_does_not_fit_is_refused_with_the_cell(office, cells, sentence):
    seen = upload(office, fill(download(office), **cells))
    assert sentence in words(seen.text)
    assert (apply(office, seen).status_code, stored()) == (409, ([], 0))


@pytest.mark.parametrize("kind", ["merged", "formula", "heading", "extra column"])
def test_a_damaged_form_is_refused_and_nothing_changes(office, kind):
    book = download(office)
    sheet = book["入力"]
    if kind == "merged":
        sheet["H2"], sheet["H3"] = "文", "文"
        sheet.merge_cells("H2:H3")
    elif kind == "formula":
        sheet["G2"] = "=1+1"
    elif kind == "heading":
        sheet["F1"] = "ようす"
    else:
        sheet["T1"], sheet["T2"] = "備考", "メモ"
    response = upload(office, fill(book))
    assert (response.status_code, stored()) == (422, ([], 0))
    assert re.search(r"[A-Z]\d", words(response.text))
    assert ImportJob.objects.get().state == "refused"


def test_a_csv_in_the_old_encoding_is_understood(office):
    data = "番号,状況,今期の実績\r\n5-3,順調,開いた。\r\n".encode("cp932")
    seen = upload(office, data, name="報告.csv")
    assert [change.after for change in seen.context["preview"].changed[0].changes] == ["順調", "開いた。"]
    assert apply(office, seen).status_code == 302
    assert ProgressReport.history.get().history_source == "CSV取込（報告.csv）"


@pytest.mark.one_database
def test_a_form_edited_in_another_program_comes_back(office, current, secretary):
    record(row("5-3"), current, by=secretary, text="元の文", percent=37, next_step="元の予定")
    record(row("6-2"), current, by=secretary, text="触らない文", percent=12)
    response = office.get(f"{URL}workbook/file/")
    changes = {"元の文": "表計算で直した文", 'office:value="37"': 'office:value="42"', ">37<": ">42<"}
    seen = upload(office, libreoffice.edited(response.content, changes))
    assert seen.context["preview"].failed == []
    told = [(line.code, [change.after for change in line.changes]) for line in seen.context["preview"].changed]
    assert told == [("5-3", ["42％", "表計算で直した文"])]
    assert apply(office, seen).status_code == 302
    assert ProgressReport.objects.get(activity__code="5-3").text == "表計算で直した文"
