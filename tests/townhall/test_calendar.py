from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.calendar import (
    NoWorkingDayError,
    add_working_days,
    is_closed,
    is_holiday,
    is_year_end,
    weekday_ja,
    working_day_on_or_after,
    working_day_on_or_before,
    working_days_before,
    working_days_between,
    working_days_in_fiscal_year,
)

ONE_DAY = timedelta(days=1)
# Few enough years to look up all their holidays, among them those with a new era or moved for the games.
near_dates = st.dates(date(2018, 1, 1), date(2032, 12, 31))
closures = st.frozensets(st.dates(date(2026, 4, 1), date(2026, 6, 30)), max_size=20)
unhurried = settings(deadline=None)  # the first look at a year asks jpholiday, which takes its time


def shown(day):
    return f"{day.isoformat()}（{weekday_ja(day)}）"


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 5, 7), 1, "2026-05-01（金）"),
        (date(2026, 9, 24), 1, "2026-09-18（金）"),
        (date(2026, 11, 24), 1, "2026-11-20（金）"),
        (date(2026, 11, 24), 5, "2026-11-16（月）"),
        (date(2027, 1, 5), 3, "2026-12-25（金）"),
    ],
)
def test_working_days_before_a_day(day, count, expected):
    assert shown(working_days_before(day, count)) == expected
    assert shown(add_working_days(day, -count)) == expected


@pytest.mark.parametrize(
    ("deadline", "earlier", "later"),
    [
        (date(2026, 5, 31), "2026-05-29（金）", "2026-06-01（月）"),
        (date(2026, 12, 31), "2026-12-28（月）", "2027-01-04（月）"),
        (date(2027, 3, 21), "2027-03-19（金）", "2027-03-23（火）"),
        (date(2026, 11, 24), "2026-11-24（火）", "2026-11-24（火）"),
    ],
)
def test_deadline_on_a_closed_day_moves_to_an_open_one(deadline, earlier, later):
    assert (shown(working_day_on_or_before(deadline)), shown(working_day_on_or_after(deadline))) == (earlier, later)


def test_open_days_of_the_fiscal_years_r5_to_r10():
    assert [working_days_in_fiscal_year(fy) for fy in range(2023, 2029)] == [243, 243, 242, 241, 243, 242]


@pytest.mark.parametrize(
    ("year", "holidays"),
    [
        (
            2026,
            "1/1 1/12 2/11 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/20 8/11 9/21 9/22 9/23 10/12 11/3 11/23",
        ),
        (2027, "1/1 1/11 2/11 2/23 3/21 3/22 4/29 5/3 5/4 5/5 7/19 8/11 9/20 9/23 10/11 11/3 11/23"),
    ],
)
def test_public_holidays_include_substitute_days(year, holidays):
    days = (date(year, 1, 1) + ONE_DAY * n for n in range(365))
    assert " ".join(f"{day.month}/{day.day}" for day in days if is_holiday(day)) == holidays


def test_year_end_is_closed_without_being_a_holiday():
    days = [date(2026, 12, 28) + ONE_DAY * n for n in range(8)]
    assert [is_year_end(day) for day in days] == [False, True, True, True, True, True, True, False]
    assert [is_holiday(day) for day in days] == [False, False, False, False, True, False, False, False]
    assert [is_closed(day) for day in days] == [False, True, True, True, True, True, True, False]


def test_town_adds_closing_days_of_its_own():
    moving_day = frozenset({date(2026, 11, 24), date(2026, 11, 25)})
    assert is_closed(date(2026, 11, 24), moving_day)
    assert working_day_on_or_before(date(2026, 11, 25), moving_day) == date(2026, 11, 20)
    assert working_day_on_or_after(date(2026, 11, 21), moving_day) == date(2026, 11, 26)
    assert add_working_days(date(2026, 11, 20), 1, moving_day) == date(2026, 11, 26)
    assert working_days_before(date(2026, 11, 27), 2, moving_day) == date(2026, 11, 20)
    assert working_days_between(date(2026, 11, 20), date(2026, 11, 27), moving_day) == 2
    assert working_days_in_fiscal_year(2026, moving_day) == 239


def test_days_left_do_not_count_today():
    friday, tuesday = date(2026, 11, 20), date(2026, 11, 24)
    assert working_days_between(friday, tuesday) == 1
    assert working_days_between(tuesday, friday) == -1
    assert working_days_between(friday, friday) == 0
    assert working_days_between(friday, date(2026, 11, 23)) == 0


def test_no_days_added_to_a_closed_day_give_the_nearest_open_one():
    assert add_working_days(date(2026, 11, 22), 0) == date(2026, 11, 24)
    assert working_days_before(date(2026, 11, 22), 0) == date(2026, 11, 20)
    assert working_days_before(date(2026, 11, 20), -1) == date(2026, 11, 24)


def test_week_has_japanese_day_names():
    assert "".join(weekday_ja(date(2026, 11, 23) + ONE_DAY * n) for n in range(7)) == "月火水木金土日"


def test_instant_counts_as_the_day_it_is_in_japan():
    # 2026-11-22 15:00 UTC is 11/23 00:00 in Japan: 勤労感謝の日.
    moment = datetime(2026, 11, 22, 15, tzinfo=UTC)
    assert is_holiday(moment)
    assert is_closed(moment)
    assert weekday_ja(moment) == "月"
    assert working_day_on_or_after(moment) == date(2026, 11, 24)
    assert add_working_days(moment, 1) == date(2026, 11, 24)
    assert working_days_between(moment, date(2026, 11, 24)) == 1


@pytest.mark.parametrize(
    ("day", "search"),
    [(date.max, working_day_on_or_after), (date.min, working_day_on_or_before)],
)
def test_end_of_the_calendar_is_a_sentence(day, search):
    with pytest.raises(NoWorkingDayError, match="日付が暦の端を越えます。"):
        search(day)


def test_town_that_never_opens_is_a_sentence():
    always = frozenset(date(2026, 1, 1) + ONE_DAY * n for n in range(800))
    with pytest.raises(NoWorkingDayError, match="1年以上続けて閉庁日"):
        working_day_on_or_after(date(2026, 1, 1), always)


@unhurried
@given(near_dates, st.integers(-25, 25).filter(bool), closures)
def test_counting_forth_and_back_agree(day, count, extra):
    reached = add_working_days(day, count, extra)
    assert not is_closed(reached, extra)
    if count > 0:
        assert working_days_between(day, reached, extra) == count
    else:
        assert working_days_between(reached - ONE_DAY, day - ONE_DAY, extra) == -count
    if not is_closed(day, extra):
        assert add_working_days(reached, -count, extra) == day


@unhurried
@given(near_dates, closures)
def test_moved_deadline_is_the_nearest_open_day(day, extra):
    earlier, later = working_day_on_or_before(day, extra), working_day_on_or_after(day, extra)
    assert earlier <= day <= later
    between = [earlier + ONE_DAY * n for n in range(1, (later - earlier).days)]
    assert [each for each in between if not is_closed(each, extra)] == []
    assert (earlier == day) == (later == day) == (not is_closed(day, extra))


@unhurried
@given(near_dates)
def test_open_day_is_an_ordinary_weekday(day):
    if not is_closed(day):
        assert day.weekday() < 5
        assert not is_holiday(day)
        assert (day.month, day.day) not in {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}
