"""期 from a rule: the dates, what a second generation changes, and who may do what to a round."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedule.actions.reporting import InvalidReportError, NotYoursError, confirm_report
from schedule.actions.rounds import generate_rounds, move_round, reopen_round
from schedule.completion import planned_on, times_moved
from schedule.models import ReportingRound, RoundRule
from schedule.rounds import rounds_of
from tests.conftest import NOW, TODAY
from tests.factories import TESTS
from tests.schedule.factories import close, create_round, give_rows_to, record, row
from tests.schedule.small_plan import create_plan
from townhall.calendar import is_closed
from townhall.changes import create_row
from townhall.models import ClosingDay

PLAN = {"starts_on": date(2023, 4, 1), "ends_on": date(2026, 3, 31)}


def rule(**values):
    return RoundRule(**values)


def dates(today=date(2023, 4, 1), closing_days=frozenset(), **values):
    return rounds_of(rule(**values), **PLAN, today=today, closing_days=closing_days)


def test_a_plan_of_three_years_has_twelve_quarters_and_a_final_evaluation():
    found = dates()
    keys = [(year, quarter) for year in (2023, 2024, 2025) for quarter in (1, 2, 3, 4)]
    assert [each.key for each in found] == [*keys, (2026, 1)]
    assert [each.is_final for each in found] == [False] * 12 + [True]


@pytest.mark.parametrize(
    ("key", "opens_on", "due_on", "closes_on"),
    [
        # 7/1 is a Saturday; 7/15 Saturday and 7/22 Saturday go to the Friday before.
        ((2023, 1), date(2023, 7, 3), date(2023, 7, 14), date(2023, 7, 21)),
        # New Year: 1/1–1/3 are closed, 1/15 is an ordinary Monday.
        ((2023, 3), date(2024, 1, 4), date(2024, 1, 15), date(2024, 1, 22)),
        ((2025, 4), date(2026, 4, 1), date(2026, 4, 15), date(2026, 4, 22)),
        # 5/1 after the plan's end, 14 and 21 days later.
        ((2026, 1), date(2026, 5, 1), date(2026, 5, 15), date(2026, 5, 22)),
    ],
)
def test_days_are_working_days(key, opens_on, due_on, closes_on):
    found = next(each for each in dates() if each.key == key)
    assert (found.opens_on, found.due_on, found.closes_on) == (opens_on, due_on, closes_on)


def test_a_day_the_town_closes_moves_the_deadline():
    closed = frozenset({date(2026, 4, 15)})
    assert dates(closing_days=closed)[11].due_on == date(2026, 4, 14)


def test_half_years_end_in_september_and_march():
    found = dates(interval="half")
    assert [(each.key, each.months) for each in found[:2]] == [((2023, 2), 6), ((2023, 4), 6)]
    assert len(found) == 7


def test_a_deadline_may_lie_before_the_end_of_its_quarter():
    found = dates(opens_after=-60, due_after=-40, closes_after=-30)[2]
    assert (found.opens_on, found.due_on) == (date(2023, 11, 1), date(2023, 11, 21))


def test_a_final_evaluation_made_too_late_begins_on_that_day():
    assert dates(today=date(2026, 11, 24))[-1].opens_on == date(2026, 11, 24)


@given(
    st.integers(-90, 60),
    st.integers(0, 60),
    st.integers(0, 60),
    st.sampled_from(["quarter", "half"]),
    st.integers(1, 90),
)
def test_every_day_is_open_and_in_order(opens, until_due, until_close, interval, final):
    found = dates(
        interval=interval,
        opens_after=opens,
        due_after=opens + until_due,
        closes_after=opens + until_due + until_close,
        final_after=final,
    )
    for each in found:
        assert each.opens_on <= each.due_on <= each.closes_on
        assert not any(is_closed(day) for day in (each.opens_on, each.due_on, each.closes_on))


# --- making them


@pytest.fixture
def small_rule(db):
    return create_row(RoundRule(plan=create_plan()), by=TESTS, today=TODAY)


@pytest.fixture
def current(plan):
    return create_round(plan=plan)


def test_making_twice_is_the_same_as_once(small_rule, secretary):
    today = date(2023, 4, 3)
    first = generate_rounds(small_rule, by=secretary, today=today)
    second = generate_rounds(small_rule, by=secretary, today=today)
    assert (len(first.created), len(second.created), len(second.changed), len(second.kept)) == (13, 0, 0, 13)


def test_rounds_already_over_are_made_only_when_asked_for(small_rule, secretary):
    made = generate_rounds(small_rule, by=secretary, today=TODAY)
    assert ([each.key for each in made.created], made.passed) == (["2026-1"], 12)
    assert len(generate_rounds(small_rule, by=secretary, today=TODAY, with_passed=True).created) == 12


def test_a_moved_date_and_a_begun_round_are_kept(small_rule, secretary):
    today = date(2025, 7, 10)
    generate_rounds(small_rule, by=secretary, today=today, with_passed=True)
    moved = ReportingRound.objects.get(fiscal_year=2025, quarter=3)
    days = {"opens_on": date(2026, 1, 5), "due_on": date(2026, 1, 30), "closes_on": None}
    move_round(moved, by=secretary, today=today, seen_version=1, reason="窓口の繁忙期のため", **days)
    small_rule.due_after = 18
    made = generate_rounds(small_rule, by=secretary, today=today)
    assert [each.key for each in made.changed] == ["2025-2", "2025-4", "2026-1"]
    assert ReportingRound.objects.get(fiscal_year=2025, quarter=3).due_on == date(2026, 1, 30)
    assert ReportingRound.objects.get(fiscal_year=2025, quarter=1).due_on == date(2025, 7, 15)
    assert ReportingRound.objects.get(fiscal_year=2025, quarter=2).due_on == date(2025, 10, 17)


def test_days_in_the_wrong_order_are_refused_with_a_sentence(current, secretary):
    days = {"opens_on": date(2026, 12, 20), "due_on": date(2026, 12, 10), "closes_on": None}
    with pytest.raises(InvalidReportError, match="提出期限は、入力の始めより後の日にしてください"):
        move_round(current, by=secretary, today=TODAY, seen_version=1, reason="試し", **days)


def test_only_the_secretariat_manages_rounds(current, small_rule, section_head):
    with pytest.raises(NotYoursError):
        generate_rounds(small_rule, by=section_head, today=TODAY)
    with pytest.raises(NotYoursError):
        close(current, by=section_head, seen_version=1)


def test_reopening_needs_a_reason_and_a_closed_round(current, secretary):
    step = {"by": secretary, "today": TODAY, "now": NOW}
    with pytest.raises(InvalidReportError) as missing:
        reopen_round(close(current, by=secretary, seen_version=1), seen_version=2, reason="  ", **step)
    assert missing.value.errors == {"reason": "開け直す理由を、1000文字までで入力してください。"}


def test_the_deadline_is_asked_again_when_the_town_closes_a_day(current):
    assert current.deadline(ClosingDay.days()) == date(2026, 12, 10)
    create_row(ClosingDay(day=date(2026, 12, 10), label="停電"), by=TESTS, today=TODAY)
    assert current.deadline(ClosingDay.days()) == date(2026, 12, 9)


# --- 課長の確認


def test_where_heads_confirm_a_clerks_report_waits_for_the_head(current, clerk, section_head, secretary, planning):
    create_row(RoundRule(plan=current.plan, head_confirms=True), by=TESTS, today=TODAY)
    give_rows_to(planning, "5-1", "5-2")
    written = record(row("5-1"), current, by=clerk)
    assert (written.state, record(row("5-2"), current, by=section_head).state) == ("checking", "submitted")
    with pytest.raises(NotYoursError):
        confirm_report(written, by=clerk, today=TODAY, seen_version=written.version)
    with pytest.raises(NotYoursError):
        confirm_report(written, by=secretary, today=TODAY, seen_version=written.version)
    confirmed = confirm_report(written, by=section_head, today=TODAY, seen_version=written.version)
    assert confirmed.state == "submitted"
    assert confirm_report(written, by=section_head, today=TODAY, seen_version=1).version == confirmed.version


# --- 完了予定


def test_a_moved_completion_asks_for_a_reason_and_is_counted(plan, secretary):
    earlier, later = create_round(plan=plan, quarter=3), create_round(plan=plan, quarter=4)
    deadline = plan.activities.filter(kind="deadline").first()
    assert planned_on(deadline, earlier) == deadline.due_on
    with pytest.raises(InvalidReportError) as refused:
        record(deadline, earlier, by=secretary, completes_on=date(2026, 9, 30))
    assert list(refused.value.errors) == ["reason"]
    moved = record(deadline, earlier, by=secretary, completes_on=date(2026, 9, 30), reason="業者の都合")
    assert (moved.moved_from, moved.reason) == (deadline.due_on, "業者の都合")
    assert planned_on(deadline, later) == date(2026, 9, 30)
    record(deadline, later, by=secretary, completes_on=date(2026, 12, 25), reason="再入札")
    assert times_moved(plan) == {deadline.pk: 2}


def test_the_planned_day_itself_is_no_move(plan, secretary, current):
    deadline = plan.activities.filter(kind="deadline").first()
    same = record(deadline, current, by=secretary, completes_on=deadline.due_on)
    assert (same.completes_on, same.moved_from) == (None, None)


def test_a_row_without_an_end_has_no_completion(current, secretary):
    ongoing = current.plan.activities.filter(kind="ongoing").first()
    with pytest.raises(InvalidReportError, match="完了予定はありません"):
        record(ongoing, current, by=secretary, completes_on=date(2026, 12, 25))
