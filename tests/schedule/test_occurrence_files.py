"""年度ごとの義務 from a file: each change by its own step, with its reason; no row is made."""

from datetime import date

import pytest

from schedule.models import DutyOccurrence, ReminderLine
from schedule.occurrence_resource import OccurrenceResource
from tests.conftest import NOW, TODAY
from tests.schedule.duties import create_duty, create_occurrence, plan_all
from townhall.sheets.table import Line, Sheet

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
KEYS = ("義務の記号", "年度")


def take_in(headings, *lines, by):
    numbered = tuple(Line(number, line) for number, line in enumerate(lines, 2))
    sheet = Sheet(headers=headings, lines=numbered, columns=tuple("ABCDEFGH"[: len(headings)]))
    resource = OccurrenceResource(by=by, today=TODAY, now=NOW, source="Excel取込（義務.xlsx）", reason="取込#1")
    return resource.run(sheet, dry_run=False)


def history(row):
    return [(each.history_change_reason, each.history_source) for each in row.history.order_by("history_id")]


def test_done_left_out_and_moved_are_recorded_as_on_the_pages(secretary, general_affairs):
    done = create_occurrence(duty=create_duty(owner_section=general_affairs))
    half = create_occurrence(duty=create_duty(code="half", recurrence="half"), part=1)
    moved = create_occurrence(duty=create_duty(code="moved"))
    plan_all()
    headings = (*KEYS, "年度のうち", "期限", "変更の理由", "済ませた日", "記録", "行わない理由")
    lines = (
        ("training", "Ｒ８", "", "", "", "令和８年１１月２０日", "参加　98人", ""),
        ("half", "2026", "上半期", "", "", "", "", "様式が替わるため"),
        ("moved", "令和8年度", "通年", "R9.2.26", "講師の都合", "", "", ""),
    )
    assert take_in(headings, *lines, by=secretary).counts == {"新規": 0, "変更": 3, "変更なし": 0}
    for row in (done, half, moved):
        row.refresh_from_db()
    assert (done.done_on, done.note, half.skipped_reason) == (date(2026, 11, 20), "参加　98人", "様式が替わるため")
    assert (moved.due_on, moved.is_open) == (date(2027, 2, 26), True)
    assert [history(row)[-1] for row in (done, moved)] == [
        ("取込#1", "Excel取込（義務.xlsx）"),
        ("講師の都合", "Excel取込（義務.xlsx）"),
    ]
    assert ReminderLine.objects.open_for(secretary).filter(subject=f"occurrence:{done.pk}").count() == 0


def test_done_and_not_done_in_one_line_is_neither(secretary):
    row = create_occurrence()
    line = ("training", "R8", "R8.11.9", "廃止")
    (outcome,) = take_in((*KEYS, "済ませた日", "行わない理由"), line, by=secretary).rows
    assert outcome.errors == ("行わない理由（D2）：済ませた日と行わない理由は、どちらか一つだけを入れてください。",)
    row.refresh_from_db()
    assert (row.version, row.is_open) == (1, True)


def test_moved_and_done_in_one_line_are_two_steps(secretary):
    row = create_occurrence()
    headings = (*KEYS, "期限", "変更の理由", "済ませた日")
    assert take_in(headings, ("training", "R8", "R8.11.10", "前倒し", "R8.11.9"), by=secretary).is_clean
    row.refresh_from_db()
    assert (row.version, row.due_on, row.done_on) == (3, date(2026, 11, 10), date(2026, 11, 9))


def test_what_is_taken_out_of_its_cell_is_open_again_for_a_reason(secretary):
    done = create_occurrence(duty=create_duty(code="done"), done_on=TODAY, evidence="総務第1号", note="98人")
    left = create_occurrence(duty=create_duty(code="left"), skipped_reason="廃止")
    headings = (*KEYS, "済ませた日", "証拠（文書番号など）", "行わない理由", "変更の理由")
    lines = (
        ("done", "R8", "（消す）", "総務第1号", "", "別の研修だった"),
        ("left", "R8", "R8.11.20", "", "（消す）", "実施した"),
    )
    assert take_in(headings, *lines, by=secretary).counts["変更"] == 2
    for row in (done, left):
        row.refresh_from_db()
    assert (done.is_open, done.evidence, done.note, left.skipped_reason) == (True, "", "", "")
    assert (left.done_on, [reason for reason, _ in history(left)]) == (date(2026, 11, 20), ["", "実施した", "取込#1"])


@pytest.mark.parametrize(
    ("code", "heading", "typed", "place"),
    [
        ("training", "期限", "R9.3.1", "変更の理由"),
        ("training", "済ませた日", "R8.11.25", "済ませた日（C2）"),
        ("training", "済ませた日", "R8.3.31", "済ませた日（C2）"),
        ("training", "済ませた日", "そのうち", "済ませた日（C2）"),
        ("training", "記録", "参加 98人", "済ませた日"),
        ("training", "担当課", "企画課", "担当課（C2）"),
        ("done", "行わない理由", "廃止", "行わない理由（C2）"),
        ("done", "見直しの結果、変更なし", "はい", "見直しの結果、変更なし（C2）"),
        ("left", "済ませた日", "R8.11.20", "済ませた日（C2）"),
        ("done", "済ませた日", "（消す）", "変更の理由"),
        ("left", "行わない理由", "（消す）", "変更の理由"),
        ("nothing", "済ませた日", "R8.11.20", "義務の記号（A2）"),
        ("no|thing", "済ませた日", "R8.11.20", "義務の記号（A2）"),
        ("", "済ませた日", "R8.11.20", "義務の記号（A2）"),
    ],
)
def test_what_no_page_would_take_is_refused_with_its_cell(secretary, code, heading, typed, place):
    create_occurrence()
    create_occurrence(duty=create_duty(code="done"), done_on=TODAY)
    create_occurrence(duty=create_duty(code="left"), skipped_reason="廃止")
    (row,) = take_in((*KEYS, heading), (code, "令和8年度", typed), by=secretary).rows
    assert (row.kind, [sentence.split("：")[0] for sentence in row.errors]) == ("error", [place])
    assert set(DutyOccurrence.objects.values_list("version", flat=True)) == {1}


def test_row_that_the_portal_has_not_made_is_not_made_by_a_file(secretary):
    create_occurrence()
    lines = (("training", "R7", "R8.3.1"), ("training", "R8", "R8.11.20"), ("training", "いつか", "R8.11.20"))
    outcome = take_in((*KEYS, "済ませた日"), *lines, by=secretary)
    assert [row.errors[0].split("。")[0] for row in outcome.failed] == [
        "年度（B2）：「情報セキュリティ研修」に、令和7年度の行はありません",
        "年度（B4）：「いつか」は年度として読めません",
    ]
    assert [row.version for row in DutyOccurrence.objects.all()] == [1]
