"""The geometry of the plan/actual chart: percentages of 36 months from 令和5年4月1日."""

from datetime import date

import pytest

from schedule.choices import ScheduleKind as Kind
from schedule.choices import Standing
from schedule.gantt import Front, Record, RowChart, Span, axis_of, row_chart
from schedule.standing import ReportFacts, RowFacts, RowStanding

S = Standing
ENDS_ON = date(2026, 3, 31)
DEADLINE = RowFacts(Kind.DEADLINE, 2023, 2025, date(2026, 3, 31))
FROM_R6 = RowFacts(Kind.FROM, 2024, 2025)
YEARLY = RowFacts(Kind.YEARLY, 2023, 2025)
ONGOING = RowFacts(Kind.ONGOING, 2023, 2025)


def axis_on(as_of):
    return axis_of(2023, 2025, ends_on=ENDS_ON, as_of=as_of)


def said(fiscal_year, quarter, standing):
    return ReportFacts((fiscal_year, quarter), standing, date(2026, 3, 31))


def drawn(row, as_of, *reports, standing=None, timing="令和6年度～実施"):
    return row_chart(
        axis_on(as_of),
        row,
        standing=standing or RowStanding(reports[-1].standing if reports else S.UNREPORTED),
        reports=reports,
        timing=timing,
    )


def test_axis_has_the_plans_years_and_quarters():
    axis = axis_on(date(2025, 11, 25))
    assert [(mark.label, mark.middle, mark.end) for mark in axis.years] == [
        ("令和5年度", 16.66, 33.33),
        ("令和6年度", 50.0, 66.67),
        ("令和7年度", 83.34, 100.0),
    ]
    assert [mark.label for mark in axis.quarters] == ["4-6", "7-9", "10-12", "1-3"] * 3
    assert [mark.end for mark in axis.quarters if mark.closes_year] == [33.33, 66.67, 100.0]


@pytest.mark.parametrize(
    ("as_of", "today", "label", "end"),
    [
        (date(2023, 3, 31), None, "", None),  # before the plan
        (date(2023, 4, 1), 0.0, "4/1", None),
        (date(2025, 11, 25), 88.33, "11/25", None),
        (date(2026, 3, 31), 99.91, "3/31", None),
        (date(2026, 4, 1), None, "", 100.0),  # ended
        (date(2026, 11, 24), None, "", 100.0),
    ],
)
def test_the_flag_of_the_day_becomes_the_line_of_the_end(as_of, today, label, end):
    axis = axis_on(as_of)
    assert (axis.today, axis.today_label, axis.end) == (today, label, end)


def test_a_plan_of_one_year_has_four_quarters():
    axis = axis_of(2026, 2026, ends_on=date(2027, 3, 31), as_of=date(2026, 7, 1))
    assert (len(axis.quarters), axis.today) == (4, 25.0)


def test_days_outside_stand_at_the_edges():
    axis = axis_on(date(2025, 11, 25))
    assert (axis.position(date(2020, 1, 1)), axis.position(date(2030, 1, 1))) == (0.0, 100.0)


def test_a_from_row_is_a_bar_from_its_first_report_to_its_last():
    reports = [said(2024, 1, S.NOT_STARTED), said(2024, 2, S.ON_TRACK), said(2025, 1, S.LATE)]
    assert drawn(FROM_R6, date(2025, 11, 25), *reports) == RowChart(
        plan=(Span(33.33, 66.67),),
        is_anytime=False,
        due=None,
        actual=Span(41.67, 33.33),
        actual_tone="late",
        records=(),
        front=Front(88.33, 88.33, is_unknown=False, is_end=False),
        label="",
        label_x=0.0,
        sentence="計画 令和6年度～実施。実績 令和6年度 第2四半期から令和7年度 第1四半期まで。状況 遅れ",
    )


def test_no_bar_reaches_beyond_the_day():
    chart = drawn(FROM_R6, date(2025, 11, 25), said(2025, 3, S.ON_TRACK))
    assert chart.actual == Span(83.33, 5.1)  # 10/1 to 11/25, although the quarter lasts to 12/31


def test_a_report_about_a_quarter_still_to_come_draws_nothing():
    assert drawn(FROM_R6, date(2025, 9, 20), said(2025, 3, S.ON_TRACK)).actual is None


def test_a_finished_row_ends_with_the_quarter_that_says_so():
    reports = [said(2024, 1, S.ON_TRACK), said(2025, 2, S.DONE), said(2025, 3, S.DONE)]
    chart = drawn(FROM_R6, date(2025, 12, 25), *reports)
    assert (chart.actual, chart.actual_tone) == (Span(33.33, 50.0), "done")
    assert (chart.label, chart.label_x) == ("完了 R7.9", 83.33)


def test_months_late_stand_beside_the_bar_only_where_they_fit():
    standing = RowStanding(S.SLIGHTLY_LATE, months_late=2)
    early = drawn(FROM_R6, date(2025, 2, 1), said(2024, 3, S.SLIGHTLY_LATE), standing=standing)
    late = drawn(FROM_R6, date(2026, 3, 31), said(2025, 4, S.SLIGHTLY_LATE), standing=standing)
    assert (early.label, early.label_x) == ("2か月遅れ", 58.33)
    assert late.label == ""
    assert late.sentence.endswith("状況 やや遅れ、2か月遅れ")


def test_the_deadline_stands_at_the_end_of_its_day():
    chart = drawn(DEADLINE, date(2025, 11, 25), timing="令和7年度末までに移行")
    assert (chart.plan, chart.due) == ((Span(0.0, 100.0),), 100.0)
    assert chart.sentence == ("計画 令和7年度末までに移行。期限 令和8年3月31日。実績の報告はありません。状況 未報告")


def test_nothing_reported_is_said_in_words_not_drawn():
    chart = drawn(FROM_R6, date(2025, 11, 25))
    assert (chart.actual, chart.records, chart.label) == (None, (), "報告なし")


def test_not_started_draws_no_bar():
    chart = drawn(FROM_R6, date(2025, 11, 25), said(2025, 2, S.NOT_STARTED))
    assert (chart.actual, chart.label) == (None, "")
    assert chart.sentence == "計画 令和6年度～実施。着手の報告はありません。状況 未着手"


def test_yearly_rows_have_a_bar_per_year_and_a_dot_per_report():
    chart = drawn(YEARLY, date(2025, 11, 25), said(2023, 1, S.NOT_STARTED), said(2024, 2, S.ON_TRACK), timing="毎年")
    assert chart.plan == (Span(1.11, 31.11), Span(34.44, 31.12), Span(67.78, 31.11))
    assert chart.records == (Record(4.12, False), Record(45.7, True))
    assert chart.sentence == "計画 毎年。実施の記録 1回。状況 順調"


def test_ongoing_rows_are_dashed_over_the_whole_plan():
    chart = drawn(ONGOING, date(2023, 5, 1), said(2023, 1, S.ON_TRACK), timing="随時")
    assert (chart.plan, chart.is_anytime) == ((Span(0.0, 100.0),), True)
    assert chart.records == (Record(2.78, True),)  # not after the day, although the quarter's middle is later


def test_the_final_evaluation_has_no_place_on_the_axis():
    chart = drawn(ONGOING, date(2026, 11, 24), said(2025, 4, S.ON_TRACK), said(2026, 1, S.ON_TRACK), timing="随時")
    assert len(chart.records) == 1
    assert chart.sentence == "計画 随時。実施の記録 2回。状況 順調"


def test_a_carried_standing_is_named_as_such():
    standing = RowStanding(S.ON_TRACK, is_carried=True)
    chart = drawn(ONGOING, date(2025, 11, 25), said(2025, 2, S.ON_TRACK), standing=standing, timing="随時")
    assert chart.sentence == "計画 随時。実施の記録 1回。状況 順調（前期）"


def test_a_study_has_no_lane():
    assert drawn(RowFacts(Kind.STUDY), date(2025, 11, 25), timing="").plan == ()
