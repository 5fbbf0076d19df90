"""毎年度の義務 from a file: a new code is a new duty, and a new deadline moves the rows that are still open."""

from datetime import date

import pytest

from schedule.duty_resource import DutyResource
from schedule.models import Duty, DutyOccurrence
from tests.conftest import NOW, TODAY
from tests.schedule.duties import create_duty, create_occurrence
from townhall.sheets.table import Line, Sheet

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
COLUMNS = "ABCDEFGH"


def take_in(headings, *lines, by):
    numbered = tuple(Line(number, line) for number, line in enumerate(lines, 2))
    sheet = Sheet(headers=headings, lines=numbered, columns=tuple(COLUMNS[: len(headings)]))
    return DutyResource(by=by, today=TODAY, now=NOW, source="Excel取込（義務.xlsx）").run(sheet, dry_run=False)


def test_new_deadline_moves_the_open_rows_of_the_duty_and_no_other(secretary):
    duty = create_duty()
    open_row = create_occurrence(duty=duty)
    done = create_occurrence(duty=duty, due_on=date(2025, 11, 28), done_on=date(2025, 11, 20))
    outcome = take_in(("記号", "期限の月", "期限の日"), ("training", "１２", "10日"), by=secretary)
    assert outcome.rows[0].kind == "update"
    days = dict(DutyOccurrence.objects.values_list("pk", "due_on"))
    assert days == {open_row.pk: date(2026, 12, 10), done.pk: date(2025, 11, 28)}
    assert open_row.history.latest().history_source == "Excel取込（義務.xlsx）"


def test_code_that_nobody_has_is_a_new_duty(secretary):
    headings = ("記号", "義務の名称", "頻度", "期限の月", "期限の日", "何日前に知らせるか", "使う")
    take_in(headings, ("inventory", "機器の点検", "毎年度", 3, "月末", "３０、７", "はい"), by=secretary)
    made = Duty.objects.get()
    assert (made.code, made.rule_in_words, made.lead_days) == ("inventory", "毎年度　3月末まで", [30, 7])


@pytest.mark.parametrize(
    ("heading", "typed", "place"),
    [
        ("何日前に知らせるか", "30、やがて", "何日前に知らせるか（B2）"),
        ("何日前に知らせるか", "999", "何日前に知らせるか（B2）"),
        ("期限の日", "32", "期限の日（B2）"),
        ("頻度", "たまに", "頻度（B2）"),
        ("担当課", "ない課", "担当課（B2）"),
        ("何年ごと", "3", "「何年ごと」は、「n年ごと」のときだけ、2以上で入力してください。"),
    ],
)
def test_what_a_duty_cannot_be_is_refused_with_its_cell(secretary, heading, typed, place):
    create_duty()
    (row,) = take_in(("記号", heading), ("training", typed), by=secretary).rows
    assert (row.kind, [sentence.split("：")[0] for sentence in row.errors]) == ("error", [place])
    assert Duty.objects.get().version == 1
