"""The whole plan on two days: old → new of every row, by whom, when and why; what stayed the same is a number."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from schedule.actions.reporting import accept_report, correct_report, return_report
from schedule.choices import Standing
from schedule.models import ProgressReport
from schedule.report_rules import ReportValues
from schedule.summaries.compare import ChangedField, RowComparison, Save, compare
from tests.factories import TESTS
from tests.schedule.factories import close, record
from tests.schedule.small_plan import create_activity, create_initiative, create_plan, create_quarter, report
from townhall.changes import save_row

pytestmark = pytest.mark.django_db
S = Standing


@pytest.fixture
def small_plan(db):
    return create_plan()


@pytest.fixture
def row(small_plan):
    return create_activity(initiative=create_initiative(plan=small_plan))


@pytest.fixture
def quarters(small_plan):
    """1Q opens 2024-06-01, due 07-10; 2Q opens 09-01, due 10-10."""
    return [create_quarter(plan=small_plan, fiscal_year=2024, quarter=quarter) for quarter in (1, 2)]


def at(day):
    """The clock stands at noon of that day in Otaki."""
    return time_machine.travel(datetime(day.year, day.month, day.day, 3, tzinfo=UTC), tick=False)


def instant(day):
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def say(row, quarter, *, on, by, **values):
    """A person's report, on that day."""
    found = ProgressReport.objects.filter(activity=row, round=quarter).first()
    seen = found.version if found else None
    with at(on):
        return record(row, quarter, by=by, today=on, now=instant(on), seen_version=seen, **values)


def test_a_row_that_changed_is_told_field_by_field(small_plan, row, quarters, secretary):
    first, second = quarters
    say(row, first, on=date(2024, 7, 1), by=secretary, percent=40, text="1回開いた。", next_step="続ける。")
    moved = {"completes_on": date(2025, 3, 31), "reason": "講師の都合。", "to_committee": True}
    say(
        row,
        second,
        on=date(2024, 10, 1),
        by=secretary,
        standing="late",
        percent=50,
        text="2回開いた。",
        next_step="続ける。",
        **moved,
    )
    comparison = compare(small_plan, earlier=date(2024, 8, 1), later=date(2024, 10, 20))
    assert [each.label for each in comparison.rounds] == ["令和6年度 第1四半期", "令和6年度 第2四半期"]
    assert (comparison.unchanged, comparison.worse, comparison.better) == (0, 1, 0)
    assert comparison.rows == (
        RowComparison(
            label="1-1",
            title="取組その1の内容1",
            code="1-1",
            url="/plan/1-1/",
            group="1 取組その1",
            section="",
            is_study=False,
            before=S.ON_TRACK,
            after=S.LATE,
            direction="worse",
            reports=("令和6年度 第1四半期", "令和6年度 第2四半期"),
            fields=(
                ChangedField("進捗率", "40％", "50％"),
                ChangedField("今期の実績", "1回開いた。", "2回開いた。", is_text=True),
                ChangedField("遅れ・変更の理由", "", "講師の都合。", is_text=True),
                ChangedField("完了予定", "（空欄）", "令和7年3月31日"),
                ChangedField("委員会に諮る", "諮らない", "諮る"),
            ),
            last=Save("報告", "令和6年度 第2四半期", instant(date(2024, 10, 1)), "総務課 事務局 見本 花子", "画面", ""),
            corrections=(),
            note="",
            reason="講師の都合。",
        ),
    )


def test_the_same_report_on_both_days_is_only_counted(small_plan, row, quarters, secretary):
    say(row, quarters[0], on=date(2024, 7, 1), by=secretary)
    for earlier, later in ((date(2024, 7, 1), date(2024, 8, 1)), (date(2024, 8, 1), date(2024, 9, 30))):
        comparison = compare(small_plan, earlier=earlier, later=later)
        assert (comparison.rows, comparison.unchanged) == ((), 1)


def test_a_row_that_fell_silent_takes_nothing_back(small_plan, row, quarters, secretary):
    say(row, quarters[0], on=date(2024, 7, 1), by=secretary)
    only = compare(small_plan, earlier=date(2024, 8, 1), later=date(2024, 10, 20)).rows[0]
    assert (only.before, only.after, only.direction, only.fields) == (S.ON_TRACK, S.UNREPORTED, None, ())
    assert (only.reports, only.last) == (("令和6年度 第1四半期", ""), None)
    assert only.note == "この期は締め切られましたが、報告がありません"


def test_the_first_report_of_a_row_is_new_text(small_plan, row, quarters, secretary):
    say(row, quarters[0], on=date(2024, 7, 1), by=secretary, percent=None, next_step="")
    only = compare(small_plan, earlier=date(2024, 6, 15), later=date(2024, 7, 1)).rows[0]
    assert (only.before, only.after, only.reports) == (S.UNREPORTED, S.ON_TRACK, ("", "令和6年度 第1四半期"))
    assert only.fields == (ChangedField("今期の実績", "", "勉強会を1回開いた。", is_text=True),)


def correct(row, quarter, *, on, by, why, **values):
    seen = ProgressReport.objects.get(activity=row, round=quarter)
    new = ReportValues(**(vars(ReportValues.of(seen)) | values))
    with at(on):
        return correct_report(
            row, quarter, by=by, today=on, now=instant(on), seen_version=seen.version, why=why, values=new
        )


def test_a_correction_is_a_change_on_its_own_day(small_plan, row, quarters, secretary):
    first = quarters[0]
    say(row, first, on=date(2024, 7, 1), by=secretary, percent=80)
    with at(date(2024, 7, 16)):
        first = close(first, by=secretary, seen_version=first.version, now=instant(date(2024, 7, 16)))
    correct(row, first, on=date(2024, 8, 5), by=secretary, why="数え直したため", percent=70)
    assert compare(small_plan, earlier=date(2024, 7, 20), later=date(2024, 8, 4)).rows == ()
    only = compare(small_plan, earlier=date(2024, 8, 4), later=date(2024, 8, 5)).rows[0]
    saved = Save(
        "訂正", "令和6年度 第1四半期", instant(date(2024, 8, 5)), "総務課 事務局 見本 花子", "訂正", "数え直したため"
    )
    assert only.fields == (ChangedField("進捗率", "80％", "70％"),)
    assert (only.last, only.corrections) == (saved, (saved,))
    assert compare(small_plan, earlier=date(2024, 8, 5), later=date(2024, 8, 20)).rows == ()


def test_a_correction_of_an_older_round_is_told_although_the_row_stands_as_before(small_plan, row, quarters, secretary):
    first, second = quarters
    say(row, first, on=date(2024, 7, 1), by=secretary)
    with at(date(2024, 7, 16)):
        first = close(first, by=secretary, seen_version=first.version, now=instant(date(2024, 7, 16)))
    say(row, second, on=date(2024, 9, 20), by=secretary)
    correct(row, first, on=date(2024, 10, 1), by=secretary, why="書き誤り", text="2回開いた。")
    only = compare(small_plan, earlier=date(2024, 9, 25), later=date(2024, 10, 5)).rows[0]
    assert (only.is_new_standing, only.fields) == (False, ())
    assert [(each.round_label, each.why) for each in only.corrections] == [("令和6年度 第1四半期", "書き誤り")]


def test_accepting_hides_nobody_who_wrote_and_a_return_says_why(small_plan, row, quarters, secretary, clerk, planning):
    row.owner_section = planning
    save_row(row, by=TESTS, seen_version=row.version, today=date(2024, 6, 1))
    say(row, quarters[0], on=date(2024, 6, 20), by=clerk)
    with at(date(2024, 6, 21)):
        found = ProgressReport.objects.get()
        accept_report(found, by=secretary, today=date(2024, 6, 21), seen_version=found.version)
    only = compare(small_plan, earlier=date(2024, 6, 15), later=date(2024, 6, 25)).rows[0]
    assert (only.last.what, only.last.who) == ("報告", "企画課 担当 見本 三郎")
    with at(date(2024, 6, 26)):
        found = ProgressReport.objects.get()
        return_report(found, by=secretary, today=date(2024, 6, 26), seen_version=found.version, reason="数字が違います")
    say(row, quarters[0], on=date(2024, 6, 27), by=clerk, standing="", text="人に見せない書きかけ")
    only = compare(small_plan, earlier=date(2024, 6, 25), later=date(2024, 6, 28)).rows[0]
    assert (only.before, only.after, only.fields) == (S.ON_TRACK, S.UNREPORTED, ())
    assert (only.last.what, only.last.who, only.last.why) == ("差戻し", "総務課 事務局 見本 花子", "数字が違います")


def test_drafts_are_no_change(small_plan, row, quarters, secretary):
    say(row, quarters[0], on=date(2024, 6, 20), by=secretary, standing="", text="書きかけ")
    comparison = compare(small_plan, earlier=date(2024, 6, 15), later=date(2024, 6, 25))
    assert (comparison.rows, comparison.unchanged) == ((), 1)


def test_before_the_first_round_and_without_rows_nothing_fails(small_plan):
    empty = compare(small_plan, earlier=date(2020, 1, 1), later=date(2030, 1, 1))
    assert (empty.rows, empty.unchanged, empty.rounds) == ((), 0, (None, None))
    create_activity(initiative=create_initiative(plan=small_plan))
    only = compare(small_plan, earlier=date(2020, 1, 1), later=date(2030, 1, 1)).rows[0]
    assert (only.before, only.after, only.note) == (S.NOT_STARTED, S.UNREPORTED, "まだ期がありません")


@pytest.mark.parametrize("count", [1, 3, 19])
def test_query_count(small_plan, quarters, django_assert_num_queries, count):
    first, second = quarters
    for number in range(1, count + 1):
        each = create_activity(initiative=create_initiative(plan=small_plan, number=number))
        report(each, first)
        report(each, second, "late", on=date(2024, 10, 1))
    with django_assert_num_queries(7):
        comparison = compare(small_plan, earlier=date(2024, 8, 1), later=date(2024, 10, 20))
    assert (len(comparison.rows), comparison.unchanged, comparison.worse) == (count, 0, count)
