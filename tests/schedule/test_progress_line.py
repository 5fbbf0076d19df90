"""The イナズマ線 as a table of examples: schedule kind × state × day, and what must hold for every row."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedule.choices import ScheduleKind as Kind
from schedule.choices import Standing
from schedule.gantt import Front, axis_of, row_chart
from schedule.progress_line import STRAIGHT, UNKNOWN, Course, Progress, progress_of
from schedule.standing import ReportFacts, RowFacts, RowStanding

S = Standing
ENDS_ON = date(2026, 3, 31)
DEADLINE = RowFacts(Kind.DEADLINE, 2023, 2025, date(2026, 3, 31))
FROM_R6 = RowFacts(Kind.FROM, 2024, 2025)
YEARLY = RowFacts(Kind.YEARLY, 2023, 2025)
ONGOING = RowFacts(Kind.ONGOING, 2023, 2025)
REVIEW = RowFacts(Kind.ONGOING, 2023, 2025, reviewed=(date(2025, 3, 31), date(2026, 3, 30)))
STUDY = RowFacts(Kind.STUDY)

MID_R6 = date(2024, 9, 30)  # 18 of 36 months, 6 of the 24 from R6
LATE_R7 = date(2026, 2, 15)
AFTER = date(2026, 11, 24)


def said(percent, standing=S.ON_TRACK):
    return ReportFacts((2025, 3), standing, date(2026, 1, 5), percent)


def progress(row, as_of, *reports, standing=None):
    return progress_of(
        row,
        standing=RowStanding(standing or (reports[-1].standing if reports else S.UNREPORTED)),
        reports=reports,
        as_of=as_of,
        ends_on=ENDS_ON,
    )


@pytest.mark.parametrize(
    ("row", "as_of", "report", "expected"),
    [
        # 期限: half of the work after half of the time, less, more
        (DEADLINE, MID_R6, said(50), Progress(Course.MEASURED, date(2024, 9, 30), 50, 0)),
        (DEADLINE, MID_R6, said(40), Progress(Course.MEASURED, date(2024, 6, 12), 40, 4)),
        (DEADLINE, MID_R6, said(0), Progress(Course.MEASURED, date(2023, 4, 1), 0, 18)),
        (DEADLINE, MID_R6, said(100), Progress(Course.MEASURED, date(2026, 4, 1), 100, -18)),
        (DEADLINE, LATE_R7, said(78, S.SLIGHTLY_LATE), Progress(Course.MEASURED, date(2025, 8, 2), 78, 7)),
        # ～から: from its own year
        (FROM_R6, MID_R6, said(25), Progress(Course.MEASURED, date(2024, 9, 30), 25, 0)),
        (FROM_R6, date(2024, 3, 31), said(0, S.NOT_STARTED), STRAIGHT),
        # 見直し: from the last 改定 to the next review
        (REVIEW, date(2025, 9, 29), said(50), Progress(Course.MEASURED, date(2025, 9, 29), 50, 0)),
        (REVIEW, date(2025, 12, 31), said(0), Progress(Course.MEASURED, date(2025, 3, 31), 0, 9)),
        (REVIEW, date(2025, 3, 30), said(50), STRAIGHT),
        (REVIEW, date(2025, 9, 29), said(None), STRAIGHT),
        # after the plan's end its last day is measured
        (DEADLINE, AFTER, said(90, S.LATE), Progress(Course.MEASURED, date(2025, 12, 12), 90, 4)),
        (DEADLINE, AFTER, said(100), Progress(Course.MEASURED, date(2026, 4, 1), 100, 0)),
        # no rate, no end, finished, given up
        (DEADLINE, MID_R6, said(None), STRAIGHT),
        (YEARLY, MID_R6, said(40), STRAIGHT),
        (ONGOING, MID_R6, said(40), STRAIGHT),
        (STUDY, MID_R6, said(40, S.TRYING), STRAIGHT),
        (DEADLINE, MID_R6, said(80, S.DONE), STRAIGHT),
        (DEADLINE, MID_R6, said(80, S.DROPPED), STRAIGHT),
    ],
)
def test_where_the_work_stands(row, as_of, report, expected):
    assert progress(row, as_of, report) == expected


@pytest.mark.parametrize("row", [DEADLINE, FROM_R6, YEARLY, ONGOING, STUDY])
def test_a_row_nobody_reports_on_is_unknown(row):
    assert progress(row, MID_R6) == UNKNOWN
    assert progress(row, MID_R6, said(50), standing=S.UNREPORTED) == UNKNOWN


@pytest.mark.parametrize(
    ("percent", "sentence"),
    [
        (50, "進み50％、計画どおり"),
        (40, "進み40％、計画より約4か月遅れ"),
        (60, "進み60％、計画より約4か月先"),
        (None, ""),
    ],
)
def test_the_line_in_words(percent, sentence):
    assert progress(DEADLINE, MID_R6, said(percent)).words == sentence
    chart = row_chart(
        axis_of(2023, 2025, ends_on=ENDS_ON, as_of=MID_R6),
        DEADLINE,
        standing=RowStanding(S.ON_TRACK),
        reports=[said(percent)],
        timing="令和7年度末",
    )
    assert sentence in chart.sentence


def front(row, as_of, *reports):
    axis = axis_of(2023, 2025, ends_on=ENDS_ON, as_of=as_of)
    standing = RowStanding(reports[-1].standing if reports else S.UNREPORTED)
    return row_chart(axis, row, standing=standing, reports=reports, timing="").front


def test_the_line_starts_and_ends_at_the_day():
    assert front(DEADLINE, MID_R6, said(40)) == Front(at=49.91, point=39.91, is_unknown=False, is_end=False)
    assert front(ONGOING, MID_R6, said(40)) == Front(49.91, 49.91, is_unknown=False, is_end=False)
    assert front(DEADLINE, MID_R6) == Front(49.91, 49.91, is_unknown=True, is_end=False)
    assert front(DEADLINE, AFTER, said(90)) == Front(100.0, 89.87, is_unknown=False, is_end=True)
    assert front(DEADLINE, date(2023, 3, 31), said(0)) is None


ROWS = [DEADLINE, FROM_R6, YEARLY, ONGOING, STUDY, RowFacts(Kind.DEADLINE, 2024, 2024, date(2024, 4, 1))]


@settings(max_examples=200, deadline=None)
@given(
    row=st.sampled_from(ROWS),
    as_of=st.dates(date(2022, 1, 1), date(2028, 1, 1)),
    percent=st.none() | st.integers(0, 100),
    standing=st.sampled_from([S.ON_TRACK, S.LATE, S.DONE, S.NOT_STARTED, S.UNREPORTED]),
)
def test_the_line_never_leaves_the_chart_nor_the_row(row, as_of, percent, standing):
    drawn = front(row, as_of, said(percent, standing))
    assert (drawn is None) == (as_of < date(2023, 4, 1))
    if drawn is None:
        return
    axis = axis_of(2023, 2025, ends_on=ENDS_ON, as_of=as_of)
    assert 0 <= drawn.at <= 100
    assert 0 <= drawn.point <= 100
    if drawn.point != drawn.at:
        start = axis.position(date(row.first_year, 4, 1))
        end = axis.position(min(row.due_on or ENDS_ON, date(row.last_year + 1, 3, 31)))
        assert start <= drawn.point <= end + 0.2
    moved = progress(row, as_of, said(percent, standing)).months
    assert moved == 0 or (moved > 0) == (drawn.point < drawn.at)
