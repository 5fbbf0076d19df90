"""Where a row stands: each kind, what was said, and the day. Dates are those of the plan 令和5–7年度."""

from datetime import date

import pytest

from schedule.choices import ScheduleKind as Kind
from schedule.choices import Standing
from schedule.standing import (
    Overall,
    PlanPeriod,
    ReportFacts,
    RoundFacts,
    RoundsOnDay,
    RowFacts,
    RowStanding,
    direction,
    overall,
    rounds_on,
    severity,
    standing_in_round,
    standing_on,
    whole_months,
)

S = Standing
PLAN = PlanPeriod(date(2023, 4, 1), date(2026, 3, 31))
DEADLINE = RowFacts(Kind.DEADLINE, 2023, 2025, date(2026, 3, 31))
FROM = RowFacts(Kind.FROM, 2023, 2025)
FROM_R6 = RowFacts(Kind.FROM, 2024, 2025)
YEARLY = RowFacts(Kind.YEARLY, 2023, 2025)
ONGOING = RowFacts(Kind.ONGOING, 2023, 2025)
STUDY = RowFacts(Kind.STUDY)


def quarter_round(fiscal_year, quarter, *, is_final=False):
    """Opens in the second month of its quarter, due ten days after its end."""
    month = {1: 5, 2: 8, 3: 11, 4: 2}[quarter]
    year = fiscal_year + (quarter == 4)
    due = {1: date(year, 7, 10), 2: date(year, 10, 10), 3: date(fiscal_year + 1, 1, 10), 4: date(year, 4, 10)}
    return RoundFacts(fiscal_year, quarter, date(year, month, 1), due[quarter], is_final)


ROUNDS = [quarter_round(year, quarter) for year in (2023, 2024, 2025) for quarter in (1, 2, 3, 4)]


def said(fiscal_year, quarter, standing, reported_on=None):
    return ReportFacts((fiscal_year, quarter), standing, reported_on or quarter_round(fiscal_year, quarter).due_on)


def stand(row, as_of, *reports, rounds=ROUNDS):
    return standing_on(row, plan=PLAN, rounds=rounds_on(rounds, as_of), reports=reports, as_of=as_of)


@pytest.mark.parametrize("row", [DEADLINE, FROM, FROM_R6, YEARLY, ONGOING, STUDY])
def test_before_the_plan_nothing_has_started(row):
    assert stand(row, date(2023, 3, 1)) == RowStanding(S.NOT_STARTED, reason="計画期間の前です")


@pytest.mark.parametrize("row", [DEADLINE, FROM, YEARLY, ONGOING, STUDY])
def test_without_any_round_a_running_row_is_unreported(row):
    assert stand(row, date(2023, 6, 1), rounds=[]) == RowStanding(S.UNREPORTED, reason="まだ期がありません")


def test_a_row_that_starts_next_year_has_not_started():
    assert stand(FROM_R6, date(2023, 12, 1), rounds=[]) == RowStanding(S.NOT_STARTED, reason="令和6年度に始まる行です")


@pytest.mark.parametrize("row", [DEADLINE, FROM, YEARLY, ONGOING, STUDY])
@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        # 令和6年度 第2四半期: opens 8/1, due 10/10. The round before was reported.
        (date(2024, 9, 1), RowStanding(S.ON_TRACK, is_carried=True)),
        (date(2024, 10, 10), RowStanding(S.ON_TRACK, is_carried=True)),
        (date(2024, 10, 11), RowStanding(S.UNREPORTED, reason="この期は締め切られましたが、報告がありません")),
    ],
)
def test_until_the_deadline_the_round_before_is_carried(row, as_of, expected):
    assert stand(row, as_of, said(2024, 1, S.ON_TRACK)) == expected


def test_a_report_of_this_round_decides():
    assert stand(FROM, date(2024, 9, 1), said(2024, 1, S.ON_TRACK), said(2024, 2, S.LATE)) == RowStanding(S.LATE)


def test_a_round_closed_early_waits_no_longer():
    """締切 on the day itself ends the waiting, whatever the deadline was."""
    closed = RoundFacts(2024, 2, date(2024, 8, 1), date(2024, 10, 10), closed_on=date(2024, 9, 20))
    rounds = [quarter_round(2024, 1), closed]
    report = said(2024, 1, S.ON_TRACK)
    assert stand(FROM, date(2024, 9, 19), report, rounds=rounds) == RowStanding(S.ON_TRACK, is_carried=True)
    assert stand(FROM, date(2024, 9, 20), report, rounds=rounds).standing == S.UNREPORTED


def test_two_silent_rounds_are_said_as_such():
    assert stand(FROM, date(2024, 9, 1), said(2023, 4, S.ON_TRACK)) == RowStanding(
        S.UNREPORTED, reason="前期もこの期も報告がありません"
    )


def test_the_first_round_waits_for_its_reports():
    assert stand(FROM, date(2023, 5, 2)) == RowStanding(S.UNREPORTED, reason="最初の期の報告を待っています")


def test_an_early_start_is_believed():
    assert stand(FROM_R6, date(2023, 12, 1), said(2023, 3, S.ON_TRACK)) == RowStanding(S.ON_TRACK)


# --- the portal's own view (R10)


@pytest.mark.parametrize(
    ("as_of", "standing", "expected"),
    [
        (date(2026, 3, 31), S.ON_TRACK, (None, "", None)),
        (date(2026, 4, 1), S.ON_TRACK, (S.LATE, "期限（令和8年3月31日）から1日過ぎています", 0)),
        (date(2026, 5, 1), S.SLIGHTLY_LATE, (S.LATE, "期限（令和8年3月31日）から1か月過ぎています", 1)),
        (date(2026, 4, 1), S.DONE, (None, "", None)),
        (date(2026, 4, 1), S.DROPPED, (None, "", None)),
        (date(2026, 11, 24), S.LATE, (None, "", 7)),  # a person said so already; the months still help
    ],
)
def test_a_missed_deadline_is_late(as_of, standing, expected):
    row = stand(DEADLINE, as_of, said(2025, 4, standing, date(2026, 3, 20)))
    assert (row.suggested, row.suggestion, row.months_late) == expected


def test_a_missed_deadline_is_late_even_when_nobody_reported():
    row = stand(DEADLINE, date(2026, 11, 24))
    assert (row.standing, row.suggested, row.months_late) == (S.UNREPORTED, S.LATE, 7)


@pytest.mark.parametrize(
    ("as_of", "quarter", "expected"),
    [
        (date(2024, 5, 20), 1, (S.SLIGHTLY_LATE, "令和6年度に始める行が、まだ未着手です", 1)),
        (date(2024, 7, 1), 1, (S.LATE, "令和6年度に始める行が、まだ未着手です", 3)),
        (date(2025, 2, 10), 4, (S.LATE, "令和6年度に始める行が、まだ未着手です", 10)),
    ],
)
def test_a_late_start_is_noticed_after_its_year_began(as_of, quarter, expected):
    row = stand(FROM_R6, as_of, said(2024, quarter, S.NOT_STARTED))
    assert (row.suggested, row.suggestion, row.months_late) == expected


def test_once_started_a_from_row_is_never_late_by_itself():
    assert stand(FROM_R6, date(2025, 6, 1), said(2025, 1, S.ON_TRACK)) == RowStanding(S.ON_TRACK)


def test_before_its_year_not_started_is_fine():
    assert stand(FROM_R6, date(2023, 12, 1), said(2023, 3, S.NOT_STARTED)) == RowStanding(S.NOT_STARTED)


@pytest.mark.parametrize(
    ("as_of", "reports", "expected"),
    [
        # In the year itself nothing is late before its last quarter.
        (date(2024, 12, 1), [said(2024, 3, S.NOT_STARTED)], (None, "")),
        (
            date(2025, 2, 10),
            [said(2024, 4, S.NOT_STARTED)],
            (S.SLIGHTLY_LATE, "令和6年度の第4四半期ですが、まだ未着手です"),
        ),
        (date(2025, 2, 10), [said(2024, 2, S.ON_TRACK), said(2024, 4, S.NOT_STARTED)], (None, "")),
        # After the year: held at least once, or not.
        (date(2025, 4, 15), [said(2024, 4, S.NOT_STARTED)], (S.LATE, "令和6年度に実施した報告がありません")),
        (date(2025, 4, 15), [said(2024, 4, S.SLIGHTLY_LATE)], (S.LATE, "令和6年度に実施した報告がありません")),
        (date(2025, 4, 15), [said(2024, 4, S.ON_TRACK)], (None, "")),
        (date(2025, 4, 15), [said(2024, 1, S.ON_TRACK), said(2024, 4, S.SLIGHTLY_LATE)], (None, "")),
    ],
)
def test_a_yearly_row_is_judged_once_per_fiscal_year(as_of, reports, expected):
    row = stand(YEARLY, as_of, *reports)
    assert (row.suggested, row.suggestion) == expected


def test_the_final_round_judges_the_last_year_of_a_yearly_row():
    final = quarter_round(2026, 1, is_final=True)
    silent = stand(YEARLY, date(2026, 6, 1), said(2026, 1, S.SLIGHTLY_LATE), rounds=[*ROUNDS, final])
    held = stand(YEARLY, date(2026, 6, 1), said(2026, 1, S.DONE), rounds=[*ROUNDS, final])
    assert (silent.suggested, silent.suggestion) == (S.LATE, "令和7年度に実施した報告がありません")
    assert held == RowStanding(S.DONE)


def test_ongoing_work_is_never_late_only_silent():
    report = said(2024, 1, S.ON_TRACK, reported_on=date(2024, 6, 1))
    assert stand(ONGOING, date(2024, 9, 9), report) == RowStanding(S.ON_TRACK, is_carried=True)  # 100 days
    assert stand(ONGOING, date(2024, 9, 10), report) == RowStanding(S.ON_TRACK, is_carried=True, days_silent=101)


def test_a_study_is_silent_too_but_other_kinds_are_not():
    report = said(2024, 1, S.CONSIDERING, reported_on=date(2024, 6, 1))
    assert stand(STUDY, date(2024, 9, 10), report).days_silent == 101
    assert stand(FROM, date(2024, 9, 10), said(2024, 1, S.ON_TRACK, date(2024, 6, 1))).days_silent is None


def test_after_the_plan_ended_silence_is_no_matter():
    last = said(2025, 4, S.ON_TRACK, reported_on=date(2026, 4, 10))
    assert stand(ONGOING, date(2026, 11, 24), last) == RowStanding(S.ON_TRACK)


# --- rounds and several rows together


def test_the_newest_opened_round_counts():
    assert rounds_on(ROUNDS, date(2024, 10, 15)) == RoundsOnDay(quarter_round(2024, 2), quarter_round(2024, 1))
    assert rounds_on(ROUNDS, date(2023, 5, 1)) == RoundsOnDay(quarter_round(2023, 1), None)
    assert rounds_on(ROUNDS, date(2023, 4, 30)) == RoundsOnDay(None, None)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], Overall(None)),
        ([S.ON_TRACK], Overall(S.ON_TRACK, 0, ((S.ON_TRACK, 1),))),
        ([S.ON_TRACK, S.LATE, S.DONE], Overall(S.LATE, 0, ((S.LATE, 1), (S.ON_TRACK, 1), (S.DONE, 1)))),
        # 未報告 does not hide what is worse, and is never hidden by what is better (R4).
        ([S.UNREPORTED, S.SLIGHTLY_LATE], Overall(S.SLIGHTLY_LATE, 1, ((S.SLIGHTLY_LATE, 1), (S.UNREPORTED, 1)))),
        ([S.UNREPORTED, S.ON_TRACK], Overall(S.UNREPORTED, 1, ((S.UNREPORTED, 1), (S.ON_TRACK, 1)))),
        ([S.TRYING], Overall(S.TRYING, 0, ((S.TRYING, 1),))),
    ],
)
def test_an_initiative_stands_as_its_worst_row(rows, expected):
    assert overall(rows) == expected


def test_every_standing_has_its_place():
    assert sorted(S, key=severity) == [
        S.LATE,
        S.SLIGHTLY_LATE,
        S.UNREPORTED,
        S.NOT_STARTED,
        S.ON_TRACK,
        S.DROPPED,
        S.DONE,
        S.CONSIDERING,
        S.TRYING,
        S.DECIDED,
        S.RUNNING,
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (S.ON_TRACK, S.ON_TRACK, "same"),
        (S.ON_TRACK, S.LATE, "worse"),
        (S.SLIGHTLY_LATE, S.LATE, "worse"),
        (S.LATE, S.SLIGHTLY_LATE, "better"),
        (S.NOT_STARTED, S.ON_TRACK, "better"),
        (S.ON_TRACK, S.DONE, "better"),
        (S.CONSIDERING, S.TRYING, "better"),
        (S.UNREPORTED, S.ON_TRACK, None),
        (S.LATE, S.UNREPORTED, None),
        (S.ON_TRACK, S.DROPPED, None),
    ],
)
def test_direction_from_round_to_round(before, after, expected):
    assert direction(before, after) == expected


def test_a_round_says_nothing_until_its_deadline():
    each = quarter_round(2024, 2)
    assert standing_in_round(each, None, as_of=date(2024, 10, 10)) is None
    assert standing_in_round(each, None, as_of=date(2024, 10, 11)) == S.UNREPORTED
    assert standing_in_round(each, said(2024, 2, S.LATE), as_of=date(2024, 9, 1)) == S.LATE


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2026, 3, 31), date(2026, 4, 30), 0),
        (date(2026, 3, 31), date(2026, 5, 1), 1),
        (date(2026, 3, 31), date(2026, 11, 24), 7),
        (date(2024, 4, 1), date(2024, 4, 1), 0),
        (date(2024, 4, 1), date(2025, 4, 1), 12),
    ],
)
def test_whole_months(start, end, months):
    assert whole_months(start, end) == months
