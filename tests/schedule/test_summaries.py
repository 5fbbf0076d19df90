"""What the pages say about a plan: standings, counts, attention, changes, the matrix. As of any day."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from initiatives.models import Initiative
from schedule.choices import Standing
from schedule.models import Activity
from schedule.standing import RowStanding
from schedule.summaries import activity_summary, initiative_summary, plan_summary
from schedule.summaries.known import one_line
from schedule.summaries.matrix import Cell, CellKind
from schedule.summaries.plan import AttentionItem, ChangedRow, Phase, PlanTime
from tests.factories import TESTS
from tests.schedule.small_plan import create_activity, create_initiative, create_plan, create_quarter, report
from townhall.changes import save_row

pytestmark = pytest.mark.django_db
S = Standing


@pytest.fixture
def small_plan(db):
    return create_plan()


def row_of(summary, code):
    return next(row for row in summary.all_rows if row.code == code)


# --- time


@pytest.mark.parametrize(
    ("as_of", "phase", "percent", "months_left"),
    [
        (date(2023, 3, 1), Phase.BEFORE, 0, 36),
        (date(2023, 4, 1), Phase.RUNNING, 0, 35),
        (date(2024, 10, 15), Phase.RUNNING, 51, 17),
        (date(2025, 11, 25), Phase.RUNNING, 88, 4),
        (date(2026, 3, 31), Phase.RUNNING, 100, 0),
        (date(2026, 4, 1), Phase.ENDED, 100, 0),
        (date(2026, 11, 24), Phase.ENDED, 100, 0),
    ],
)
def test_time_of_the_plan(small_plan, as_of, phase, percent, months_left):
    assert plan_summary(small_plan, as_of=as_of).time == PlanTime(
        phase=phase,
        as_of=as_of,
        months=36,
        percent=percent,
        months_left=months_left,
        starts_on=date(2023, 4, 1),
        ends_on=date(2026, 3, 31),
        first_year=2023,
        last_year=2025,
    )


# --- the shipped plan, before anybody has said anything


def test_the_plan_as_shipped_has_16_rows_and_3_studies(plan):
    summary = plan_summary(plan, as_of=date(2026, 11, 24))
    assert (len(summary.rows), len(summary.studies), len(summary.matrix.lines)) == (16, 3, 11)
    assert summary.counts == ((S.UNREPORTED, 16),)
    assert (summary.round, summary.has_reports, summary.changes) == (None, False, ())
    assert {row.standing.reason for row in summary.rows} == {"まだ期がありません"}
    # The one deadline of the plan has passed, whether somebody reported or not.
    assert summary.attention == (
        AttentionItem(
            label="6-2",
            title="システムの移行準備・移行",
            url="/plan/6-2/",
            tone="late",
            word="遅れ（目安）",
            section="",
            facts=("期限（令和8年3月31日）から7か月過ぎています。報告は「未報告」です",),
        ),
    )


def test_the_row_without_initiative_counts_but_stands_in_no_initiative(plan):
    summary = plan_summary(plan, as_of=date(2026, 11, 24))
    assert row_of(summary, "0-1").group == "DX推進体制"
    assert sum(number for line in summary.matrix.lines if not line.is_study for _, number in line.overall.counts) == 15


def test_three_bullets_of_a_row_become_one_line(plan):
    summary = plan_summary(plan, as_of=date(2026, 11, 24))
    assert row_of(summary, "1-3").title == (
        "洗い出した業務の内容精査／次年度に予算計上し、実施するかを検討、協議／町総合計画及び情報化推進計画等の見直し、反映"
    )


# --- reports and days


@pytest.fixture
def two_rounds(small_plan):
    """Row 1-1 got worse, row 1-2 better, row 2-1 was silent in the second round."""
    first, second = create_initiative(plan=small_plan, number=1), create_initiative(plan=small_plan, number=2)
    rows = [
        create_activity(initiative=first, number=1),
        create_activity(initiative=first, number=2),
        create_activity(initiative=second, number=1),
    ]
    before = create_quarter(plan=small_plan, fiscal_year=2024, quarter=1)  # due 2024-07-10
    now = create_quarter(plan=small_plan, fiscal_year=2024, quarter=2)  # opens 2024-09-01, due 2024-10-10
    for row, standing in zip(rows, ("on_track", "slightly_late", "on_track"), strict=True):
        report(row, before, standing)
    report(rows[0], now, "late", on=date(2024, 10, 1), to_committee=True)
    report(rows[1], now, "on_track", on=date(2024, 10, 2))
    return rows


def test_standings_and_changes_after_the_deadline(small_plan, two_rounds):
    summary = plan_summary(small_plan, as_of=date(2024, 10, 15))
    assert summary.counts == ((S.LATE, 1), (S.UNREPORTED, 1), (S.ON_TRACK, 1))
    assert (summary.worse, summary.better, summary.carried) == (1, 1, 0)
    assert summary.attention == (
        AttentionItem(
            label="1-1",
            title="取組その1の内容1",
            url="/plan/1-1/",
            tone="late",
            word="遅れ",
            section="",
            facts=("人手が足りません。",),
            to_committee=True,
        ),
    )
    assert summary.changes == (
        ChangedRow(
            label="1-1",
            title="取組その1の内容1",
            url="/plan/1-1/",
            direction="worse",
            word="遅れへ",
            steps="順調 → 遅れ",
            who="企画課 課長 見本 二郎",
            changed_on=date(2024, 10, 1),
            why="人手が足りません。",
        ),
        ChangedRow(
            label="1-2",
            title="取組その1の内容2",
            url="/plan/1-2/",
            direction="better",
            word="順調へ",
            steps="やや遅れ → 順調",
            who="企画課 課長 見本 二郎",
            changed_on=date(2024, 10, 2),
            why="",
        ),
    )
    assert summary.last_reported_on == date(2024, 10, 2)


def test_until_the_deadline_a_silent_row_stands_as_before(small_plan, two_rounds):
    summary = plan_summary(small_plan, as_of=date(2024, 10, 10))
    assert row_of(summary, "2-1").standing == RowStanding(S.ON_TRACK, is_carried=True)
    assert summary.carried == 1


def test_what_was_written_later_is_not_known_yet(small_plan, two_rounds):
    summary = plan_summary(small_plan, as_of=date(2024, 10, 1))
    assert row_of(summary, "1-1").standing.standing == S.LATE
    assert row_of(summary, "1-2").standing == RowStanding(S.SLIGHTLY_LATE, is_carried=True)


def test_a_report_corrected_later_stands_as_it_was_written_then(small_plan):
    row = create_activity(initiative=create_initiative(plan=small_plan))
    quarter = create_quarter(plan=small_plan, fiscal_year=2024, quarter=1)
    with time_machine.travel(datetime(2024, 7, 1, 3, tzinfo=UTC), tick=False):
        made = report(row, quarter, "on_track", on=date(2024, 7, 1), text="はじめの文。")
    with time_machine.travel(datetime(2024, 7, 20, 3, tzinfo=UTC), tick=False):
        made.standing, made.text, made.reason = "late", "直した文。", "人手が足りません。"
        made.reported_at = datetime(2024, 7, 20, 3, tzinfo=UTC)
        save_row(made, by=TESTS, seen_version=made.version, today=date(2024, 7, 20))
    before = row_of(plan_summary(small_plan, as_of=date(2024, 7, 10)), "1-1")
    after = row_of(plan_summary(small_plan, as_of=date(2024, 7, 20)), "1-1")
    assert (before.standing.standing, before.words.text) == (S.ON_TRACK, "はじめの文。")
    assert (after.standing.standing, after.words.text) == (S.LATE, "直した文。")


def test_a_returned_report_is_no_report_any_more_but_was_one(small_plan):
    row = create_activity(initiative=create_initiative(plan=small_plan))
    quarter = create_quarter(plan=small_plan, fiscal_year=2024, quarter=1)
    with time_machine.travel(datetime(2024, 7, 1, 3, tzinfo=UTC), tick=False):
        made = report(row, quarter, "on_track", on=date(2024, 7, 1))
    with time_machine.travel(datetime(2024, 7, 5, 3, tzinfo=UTC), tick=False):
        made.state = "returned"
        save_row(made, by=TESTS, seen_version=made.version, today=date(2024, 7, 5))
    assert row_of(plan_summary(small_plan, as_of=date(2024, 7, 4)), "1-1").standing.standing == S.ON_TRACK
    assert row_of(plan_summary(small_plan, as_of=date(2024, 7, 11)), "1-1").standing.standing == S.UNREPORTED


def test_a_draft_is_no_report(small_plan):
    row = create_activity(initiative=create_initiative(plan=small_plan))
    report(row, create_quarter(plan=small_plan, fiscal_year=2024, quarter=1), state="draft")
    assert plan_summary(small_plan, as_of=date(2024, 8, 1)).counts == ((S.UNREPORTED, 1),)


def test_silence_of_the_whole_plan_is_said_while_it_runs(small_plan):
    row = create_activity(initiative=create_initiative(plan=small_plan), kind="ongoing")
    report(row, create_quarter(plan=small_plan, fiscal_year=2024, quarter=1), on=date(2024, 7, 1))
    assert plan_summary(small_plan, as_of=date(2024, 10, 9)).days_silent is None
    silent = plan_summary(small_plan, as_of=date(2024, 10, 10))
    assert silent.days_silent == 101
    assert [(item.word, item.facts) for item in silent.attention] == [
        ("更新なし", ("最後の報告（令和6年7月1日）から101日たっています",))
    ]
    assert plan_summary(small_plan, as_of=date(2026, 11, 24)).days_silent is None


# --- the matrix


def cells_of(summary, code):
    line = next(line for line in summary.matrix.lines if line.code == code)
    return [(cell.kind, cell.standing) for cell in line.cells]


def test_the_year_of_the_day_is_shown_by_quarters(small_plan, two_rounds):
    summary = plan_summary(small_plan, as_of=date(2024, 10, 15))
    assert [(c.label, c.fiscal_year, c.quarter, c.is_now) for c in summary.matrix.columns] == [
        ("評価", 2023, None, False),
        ("1Q", 2024, 1, False),
        ("2Q", 2024, 2, True),
        ("3Q", 2024, 3, False),
        ("4Q", 2024, 4, False),
        ("評価", 2025, None, False),
    ]
    assert cells_of(summary, "1") == [
        (CellKind.UNRATED, None),
        (CellKind.STANDING, S.SLIGHTLY_LATE),
        (CellKind.STANDING, S.LATE),
        (CellKind.FUTURE, None),
        (CellKind.FUTURE, None),
        (CellKind.FUTURE, None),
    ]
    assert cells_of(summary, "2")[1:3] == [(CellKind.STANDING, S.ON_TRACK), (CellKind.STANDING, S.UNREPORTED)]


def test_while_the_round_is_open_the_cell_says_no_more_than_the_row(small_plan, two_rounds):
    summary = plan_summary(small_plan, as_of=date(2024, 10, 2))
    assert cells_of(summary, "1")[2] == (CellKind.STANDING, S.LATE)
    assert cells_of(summary, "2")[2] == (CellKind.WAITING, None)
    line = summary.matrix.lines[1]
    assert (line.is_carried, line.change, line.note) == (True, None, "2-1の実績。")


def test_an_initiative_says_its_worst_row_and_who_is_silent(small_plan, two_rounds):
    line = plan_summary(small_plan, as_of=date(2024, 10, 15)).matrix.lines[0]
    assert (line.overall.standing, line.change, line.note) == (S.LATE, "worse", "1-1：1-1の実績。")
    assert (line.section, line.updated_on) == ("", date(2024, 10, 2))


def test_rounds_missing_in_the_past_are_said_as_missing(small_plan):
    create_activity(initiative=create_initiative(plan=small_plan))
    summary = plan_summary(small_plan, as_of=date(2024, 10, 15))
    assert [kind for kind, _ in cells_of(summary, "1")][1:5] == [
        CellKind.NO_ROUND,
        CellKind.NO_ROUND,
        CellKind.FUTURE,
        CellKind.FUTURE,
    ]


def test_after_the_plan_the_last_year_and_the_final_evaluation_are_shown(small_plan):
    row = create_activity(initiative=create_initiative(plan=small_plan))
    report(row, create_quarter(plan=small_plan, fiscal_year=2025, quarter=4), "slightly_late")
    final = create_quarter(plan=small_plan, fiscal_year=2026, quarter=3, is_final=True, opens_on=date(2026, 11, 16))
    report(row, final, "done", on=date(2026, 11, 20))
    summary = plan_summary(small_plan, as_of=date(2026, 11, 24))
    assert summary.matrix.quarters_of == 2025
    assert summary.matrix.columns[-1].is_final
    assert summary.matrix.columns[-1].is_now
    assert cells_of(summary, "1")[-2:] == [
        (CellKind.STANDING, S.SLIGHTLY_LATE),
        (CellKind.STANDING, S.DONE),
    ]
    assert (summary.final_round.label, summary.round.label) == ("令和8年度 第3四半期（最終評価）",) * 2


def test_a_study_says_the_last_word_of_each_year(small_plan):
    line = create_activity(initiative=create_initiative(plan=small_plan, kind="study"))
    report(line, create_quarter(plan=small_plan, fiscal_year=2023, quarter=1), "considering")
    report(line, create_quarter(plan=small_plan, fiscal_year=2023, quarter=4), "trying")
    summary = plan_summary(small_plan, as_of=date(2024, 10, 15))
    assert (summary.rows, len(summary.studies)) == ((), 1)
    assert summary.matrix.lines[0].cells[0] == Cell(CellKind.STANDING, S.TRYING)


def test_an_initiative_without_rows_has_no_standing(small_plan):
    create_initiative(plan=small_plan)
    line = plan_summary(small_plan, as_of=date(2024, 10, 15)).matrix.lines[0]
    assert (line.overall.standing, line.note, line.is_carried) == (None, "", False)


# --- one initiative, one row


def test_initiative_and_row_summaries(small_plan, two_rounds):
    initiative = initiative_summary(Initiative.objects.get(code="1"), as_of=date(2024, 10, 15))
    assert [row.code for row in initiative.rows] == ["1-1", "1-2"]
    assert [(year.label, [(p.label, p.standing, p.is_now) for p in year.periods]) for year in initiative.years] == [
        ("令和6年度", [("1Q", S.SLIGHTLY_LATE, False), ("2Q", S.LATE, True)])
    ]
    assert [(entry.round_label, entry.row_label) for entry in initiative.reports] == [
        ("令和6年度 第2四半期", "1-1"),
        ("令和6年度 第2四半期", "1-2"),
        ("令和6年度 第1四半期", "1-1"),
        ("令和6年度 第1四半期", "1-2"),
    ]
    row = activity_summary(Activity.objects.get(code="1-1"), as_of=date(2024, 10, 15))
    assert row.row.words.reason == "人手が足りません。"
    assert [entry.standing for entry in row.reports] == [S.LATE, S.ON_TRACK]
    assert row.reports[0].reported_by == "企画課 課長 見本 二郎"


# --- however many rows: the same number of queries


@pytest.mark.parametrize("count", [1, 3, 40])
def test_query_counts_do_not_grow(small_plan, django_assert_num_queries, count):
    quarters = [create_quarter(plan=small_plan, fiscal_year=2024, quarter=quarter) for quarter in (1, 2)]
    rows = []
    for number in range(1, count + 1):
        initiative = create_initiative(plan=small_plan, number=number)
        rows.append(create_activity(initiative=initiative))
    for row in rows:
        for quarter in quarters:
            report(row, quarter)
    activity = Activity.objects.select_related("plan").get(code="1-1")
    initiative = Initiative.objects.select_related("plan", "owner_section").get(code="1")
    with django_assert_num_queries(9):
        assert len(plan_summary(small_plan, as_of=date(2024, 10, 15)).rows) == count
    with django_assert_num_queries(7):
        initiative_summary(initiative, as_of=date(2024, 10, 15))
    with django_assert_num_queries(7):
        activity_summary(activity, as_of=date(2024, 10, 15))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("短い文。", "短い文。"),
        ("一行目。\n二行目。", "一行目。"),
        ("あ" * 60, "あ" * 60),
        ("あ" * 61, "あ" * 59 + "…"),
        ("あ" * 30 + "。" + "い" * 40, "あ" * 30 + "。"),
        ("あ。" + "い" * 70, "あ。" + "い" * 57 + "…"),
        ("", ""),
    ],
)
def test_one_line_of_a_text(text, line):
    assert one_line(text) == line
