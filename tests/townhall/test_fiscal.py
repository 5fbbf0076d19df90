from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from townhall import fiscal
from townhall.fiscal import (
    DateTextError,
    Era,
    ParsedFiscalYear,
    date_from_excel,
    fiscal_year,
    fiscal_year_end,
    fiscal_year_start,
    format_date,
    format_date_short,
    format_fiscal_year,
    format_fiscal_year_short,
    format_month_short,
    format_quarter,
    japan_date,
    month_position,
    months_between,
    parse_date,
    parse_fiscal_span,
    parse_fiscal_year,
    quarter,
    quarter_end,
    quarter_start,
)

JST = ZoneInfo("Asia/Tokyo")
ONE_DAY = timedelta(days=1)
unhurried = settings(deadline=None)  # tests share their machine
readable_dates = st.dates(date(1873, 1, 1), date(2100, 12, 31))
# Text made of what dates are made of comes much nearer to being one than any text does.
date_like = st.lists(
    st.sampled_from(
        [
            *"0123456789０５①²٣元年月日度度.-/~～ー―（）火 \n",
            "令和",
            "平成",
            "昭和",
            "R",
            "h",
            "西暦",
            "年度",
            "から",
            "まで",
        ]
    ),
    max_size=9,
).map("".join)


# --- the table of dates


@pytest.mark.parametrize(
    ("day", "shown", "shown_fiscal_year", "expected_quarter"),
    [
        (date(1989, 1, 7), "昭和64年1月7日", "昭和63年度", 4),
        (date(1989, 1, 8), "平成元年1月8日", "昭和63年度", 4),
        (date(1989, 4, 1), "平成元年4月1日", "平成元年度", 1),
        (date(2019, 3, 31), "平成31年3月31日", "平成30年度", 4),
        (date(2019, 4, 30), "平成31年4月30日", "令和元年度", 1),
        (date(2019, 5, 1), "令和元年5月1日", "令和元年度", 1),
        (date(2020, 3, 31), "令和2年3月31日", "令和元年度", 4),
        (date(2023, 4, 1), "令和5年4月1日", "令和5年度", 1),
        (date(2024, 2, 29), "令和6年2月29日", "令和5年度", 4),
        (date(2024, 3, 31), "令和6年3月31日", "令和5年度", 4),
        (date(2026, 3, 31), "令和8年3月31日", "令和7年度", 4),
        (date(2026, 4, 1), "令和8年4月1日", "令和8年度", 1),
        (date(2026, 11, 23), "令和8年11月23日", "令和8年度", 3),
        (date(2027, 1, 15), "令和9年1月15日", "令和8年度", 4),
    ],
)
def test_date_has_its_era_fiscal_year_and_quarter(day, shown, shown_fiscal_year, expected_quarter):
    assert (format_date(day), format_fiscal_year(fiscal_year(day)), quarter(day)) == (
        shown,
        shown_fiscal_year,
        expected_quarter,
    )


@pytest.mark.parametrize(
    ("first_day", "first", "last"),
    [
        (date(2019, 5, 1), "令和元年5月1日", "平成31年4月30日"),
        (date(1989, 1, 8), "平成元年1月8日", "昭和64年1月7日"),
        (date(1926, 12, 25), "昭和元年12月25日", "大正15年12月24日"),
        (date(1912, 7, 30), "大正元年7月30日", "明治45年7月29日"),
        (date(1873, 1, 1), "明治6年1月1日", "1872年12月31日"),
    ],
)
def test_era_begins_on_its_day(first_day, first, last):
    assert (format_date(first_day), format_date(first_day - ONE_DAY)) == (first, last)


@pytest.mark.parametrize(
    ("day", "short", "month"),
    [
        (date(2026, 11, 24), "R8.11.24", "R8.11"),
        (date(2019, 5, 1), "R1.5.1", "R1.5"),
        (date(2019, 4, 30), "H31.4.30", "H31.4"),
        (date(1989, 1, 7), "S64.1.7", "S64.1"),
        (date(1872, 12, 31), "1872.12.31", "1872.12"),
    ],
)
def test_short_forms_use_the_letter_of_the_era(day, short, month):
    assert (format_date_short(day), format_month_short(day)) == (short, month)


@pytest.mark.parametrize(
    ("fy", "long", "short"),
    [
        (2026, "令和8年度", "R8"),
        (2019, "令和元年度", "R1"),
        (2018, "平成30年度", "H30"),
        (1989, "平成元年度", "H1"),
        (1988, "昭和63年度", "S63"),
        (1868, "明治元年度", "M1"),
        (1867, "1867年度", "1867"),
    ],
)
def test_fiscal_year_is_shown_in_the_era_of_its_calendar_year(fy, long, short):
    assert (format_fiscal_year(fy), format_fiscal_year_short(fy)) == (long, short)


def test_quarter_is_shown_with_its_fiscal_year():
    assert format_quarter(2026, 3) == "令和8年度 第3四半期"


def test_new_era_may_begin_in_the_middle_of_a_fiscal_year(monkeypatch):
    monkeypatch.setattr(fiscal, "ERAS", (Era("新元", "N", date(2030, 12, 1)), *fiscal.ERAS))
    assert [format_date(date(2030, 11, 30)), format_date(date(2030, 12, 1)), format_date(date(2031, 3, 31))] == [
        "令和12年11月30日",
        "新元元年12月1日",
        "新元2年3月31日",
    ]
    assert [format_fiscal_year(fy) for fy in (2029, 2030, 2031)] == ["令和11年度", "新元元年度", "新元2年度"]
    assert [parse_fiscal_year(text).year for text in ("R12", "新元元年度", "N2")] == [2030, 2030, 2031]
    with pytest.raises(DateTextError, match="「令和13」はありません。令和は12年11月30日までです。「新元2年度」と"):
        parse_fiscal_year("令和13")


# --- years and quarters


def test_months_fall_in_their_quarters():
    assert [quarter(date(2026, month, 1)) for month in range(1, 13)] == [4, 4, 4, 1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_bounds_of_a_fiscal_year():
    assert (fiscal_year_start(2026), fiscal_year_end(2026)) == (date(2026, 4, 1), date(2027, 3, 31))
    assert [(quarter_start(2027, q), quarter_end(2027, q)) for q in (1, 2, 3, 4)] == [
        (date(2027, 4, 1), date(2027, 6, 30)),
        (date(2027, 7, 1), date(2027, 9, 30)),
        (date(2027, 10, 1), date(2027, 12, 31)),
        (date(2028, 1, 1), date(2028, 3, 31)),
    ]


@unhurried
@given(st.dates(max_value=date(9998, 12, 31)).filter(lambda day: day >= date(1, 4, 1)))
def test_every_day_lies_inside_its_fiscal_year_and_quarter(day):
    fy, q = fiscal_year(day), quarter(day)
    assert fiscal_year_start(fy) <= quarter_start(fy, q) <= day <= quarter_end(fy, q) <= fiscal_year_end(fy)


@pytest.mark.parametrize(("fy", "q"), [(2026, 0), (2026, 5), (0, 1), (-1, 4), (9999, 4), (10**9, 1)])
def test_impossible_quarter_is_refused_with_a_sentence(fy, q):
    for bound in (quarter_start, quarter_end):
        with pytest.raises(DateTextError, match=r"です。$"):
            bound(fy, q)


def test_every_hour_of_four_years_falls_in_the_fiscal_year_of_japan():
    # The clock of Japan strikes 4/1 00:00 at 15:00 UTC of 3/31.
    new_years = [datetime(year, 3, 31, 15, tzinfo=UTC) for year in range(2024, 2030)]
    quarter_starts = sorted(
        datetime(year, month, 1, tzinfo=UTC) - timedelta(hours=9)
        for year in range(2024, 2030)
        for month in (1, 4, 7, 10)
    )
    moment = datetime(2025, 4, 1, tzinfo=UTC)
    wrong = set()
    while moment < datetime(2029, 5, 1, tzinfo=UTC):
        expected = (2023 + bisect_right(new_years, moment), (bisect_right(quarter_starts, moment) + 2) % 4 + 1)
        for seen in (moment, moment.astimezone(JST)):
            if (fiscal_year(seen), quarter(seen)) != expected:
                wrong.add(seen)
        moment += timedelta(hours=1)
    assert wrong == set()


@unhurried
@given(
    st.integers(-3 * 86400, 3 * 86400),
    st.sampled_from(["Asia/Tokyo", "UTC", "America/New_York", "Pacific/Kiritimati"]).map(ZoneInfo),
)
@example(-1, JST)
@example(0, JST)
@example(1800, ZoneInfo("UTC"))
def test_moments_around_the_new_fiscal_year_count_as_in_japan(seconds, zone):
    moment = (datetime(2026, 3, 31, 15, tzinfo=UTC) + timedelta(seconds=seconds)).astimezone(zone)
    assert (fiscal_year(moment), quarter(moment)) == ((2026, 1) if seconds >= 0 else (2025, 4))
    assert japan_date(moment) == moment.astimezone(JST).date()
    assert format_date(moment) == format_date(japan_date(moment))


def test_moment_without_a_zone_keeps_its_own_day():
    assert japan_date(datetime.fromisoformat("2026-03-31T23:59")) == date(2026, 3, 31)


# --- months


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2023, 4, 1), date(2026, 4, 1), 36),
        (date(2023, 4, 1), date(2023, 4, 30), 0),
        (date(2023, 4, 30), date(2023, 5, 1), 1),
        (date(2026, 4, 1), date(2026, 3, 31), -1),
        (date(2026, 4, 1), datetime(2026, 4, 30, 15, tzinfo=UTC), 1),
    ],
)
def test_months_between_counts_month_columns(start, end, months):
    assert months_between(start, end) == months


@pytest.mark.parametrize(
    ("day", "position"),
    [
        (date(2023, 4, 1), 0.0),
        (date(2023, 4, 16), 0.5),
        (date(2024, 2, 29), 10 + 28 / 29),
        (date(2026, 3, 31), 35 + 30 / 31),
        (date(2026, 4, 1), 36.0),
        (date(2023, 3, 1), -1.0),
    ],
)
def test_month_position_is_fractional_by_day(day, position):
    assert month_position(date(2023, 4, 1), day) == position


@unhurried
@given(readable_dates, readable_dates)
def test_month_position_grows_with_every_day(start, day):
    assert month_position(start, start) == 0
    assert month_position(start, day) < month_position(start, day + ONE_DAY)


# --- reading dates


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("令和8年11月24日", date(2026, 11, 24)),
        ("令和８年１１月２４日", date(2026, 11, 24)),
        ("　令和 8 年 11 月 24 日 ", date(2026, 11, 24)),
        ("令和8年11月24日（火）", date(2026, 11, 24)),
        ("2026-11-24(火曜日)", date(2026, 11, 24)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("令和1年5月1日", date(2019, 5, 1)),
        ("㋿元年5月1日", date(2019, 5, 1)),
        ("R8.11.24", date(2026, 11, 24)),
        ("r8/11/24", date(2026, 11, 24)),
        ("Ｒ８－１１－２４", date(2026, 11, 24)),
        ("令8.11.24", date(2026, 11, 24)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("S64.1.7", date(1989, 1, 7)),
        ("明治6年1月1日", date(1873, 1, 1)),
        ("2026-11-24", date(2026, 11, 24)),
        ("2026/1/5", date(2026, 1, 5)),
        ("2026.11.24", date(2026, 11, 24)),
        ("西暦2026年11月24日", date(2026, 11, 24)),
        ("2024-02-29", date(2024, 2, 29)),
        ("2100-12-31", date(2100, 12, 31)),
        (date(2026, 11, 24), date(2026, 11, 24)),
        (datetime.fromisoformat("2026-11-24"), date(2026, 11, 24)),
        (datetime(2026, 3, 31, 15, tzinfo=UTC), date(2026, 4, 1)),
    ],
)
def test_date_is_read(text, day):
    assert parse_date(text) == day


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "日付が空です。「令和8年11月24日」や「2026-11-24」のように書いてください。"),
        (
            "平成40年1月1日",
            "「平成40年1月1日」はありません。平成は31年4月30日までです。「令和10年1月1日」と書いてください。",
        ),
        ("平成31年5月1日", "「平成31年5月1日」は元号が変わった後の日です。「令和元年5月1日」と書いてください。"),
        ("令和元年4月30日", "「令和元年4月30日」は令和になる前です。「平成31年4月30日」と書いてください。"),
        ("昭和64年1月8日", "「昭和64年1月8日」は元号が変わった後の日です。「平成元年1月8日」と書いてください。"),
        ("令和0年1月1日", "「令和0年1月1日」の「0年」はありません。最初の年は「令和元年」です。"),
        ("令和8年2月30日", "「令和8年2月30日」という日はありません。2026年2月は28日までです。"),
        ("2026-04-00", "「2026-04-00」という日はありません。2026年4月は30日までです。"),
        ("R8.13.1", "「R8.13.1」の「13月」はありません。月は1から12までです。"),
        (
            "8.11.24",
            "「8.11.24」は元号がないため、いつか決められません。"
            "「令和5」「R5」のように元号を付けるか、西暦4桁で書いてください。",
        ),
        (
            "大化3年1月1日",
            "「大化3年1月1日」の「大化」は元号として読めません。使える元号は明治・大正・昭和・平成・令和です。",
        ),
        ("2101-01-01", "「2101-01-01」は先すぎて読めません。西暦2100年までで書いてください。"),
        ("1872-12-31", "「1872-12-31」は古すぎて読めません。明治6年（1873年）からの年で書いてください。"),
        ("令和8年11月24日（水）", "「令和8年11月24日（水）」は日付と曜日が合いません。この日は火曜日です。"),
        ("令和②年1月1日", "「令和②年1月1日」には読めない数字があります。丸数字などではなく、0から9で書いてください。"),
    ],
)
def test_impossible_date_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(DateTextError) as refusal:
        parse_date(text)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    "text",
    [
        "令和8年11月",
        "2026",
        "令和8年",
        "R8.11",
        "20261124",
        "2026-11/24",
        "2026年11-24",
        "令和8年1 1月24日",
        "あした",
        "(火)",
    ],
)
def test_text_without_the_form_of_a_date_is_refused_with_examples(text):
    with pytest.raises(DateTextError) as refusal:
        parse_date(text)
    assert str(refusal.value) == (
        f"「{text}」は日付として読めません。「令和8年11月24日」「R8.11.24」「2026-11-24」のように、日まで書いてください。"
    )


def test_long_text_is_cut_in_the_sentence():
    with pytest.raises(DateTextError, match=f"^「{'あ' * 30}…」は日付として"):
        parse_date("あ" * 200)
    for parse in (parse_date, parse_fiscal_year, parse_fiscal_span):
        with pytest.raises(DateTextError, match=f"^「{'令和' * 15}…」は長すぎて読めません。"):
            parse("令和" * 10**6)


def test_every_date_from_1873_to_2100_survives_display_and_reading():
    days = (date.fromordinal(n) for n in range(date(1873, 1, 1).toordinal(), date(2101, 1, 1).toordinal()))
    assert [day for day in days if parse_date(format_date(day)) != day] == []


@unhurried
@given(readable_dates)
def test_every_other_form_of_a_date_is_read_back(day):
    forms = [format_date_short(day), day.isoformat(), f"{day.year}/{day.month}/{day.day}", f"{day:%Y年%m月%d日}"]
    assert [parse_date(form) for form in forms] == [day] * 4
    assert parse_fiscal_year(format_date_short(day)) == ParsedFiscalYear(fiscal_year(day))
    assert parse_fiscal_year(format_month_short(day)).year == fiscal_year(day)


# --- reading fiscal years


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("平成13", 2001),
        ("平成 13", 2001),
        ("令和元", 2019),
        ("令和元年度", 2019),
        ("R1", 2019),
        ("令和５", 2023),
        ("昭和２９", 1954),
        ("令和6年度", 2024),
        ("Ｒ５", 2023),
        ("r6", 2024),
        ("令5", 2023),
        ("2023年度", 2023),
        ("2023", 2023),
        (2023, 2023),
        (2023.0, 2023),
        ("平成31", 2019),
        ("H31", 2019),
        ("平成31年度", 2019),
        ("R6.2.1", 2023),
        ("R6.4.1", 2024),
        ("令和6年3月", 2023),
        ("令和6年4月", 2024),
        ("2024年3月", 2023),
        ("2024-03", 2023),
        ("2024-02-01", 2023),
        ("R8.11", 2026),
        ("平成31年4月", 2019),
        ("令和元年5月", 2019),
        ("令 和 5 年 度", 2023),
        ("令和5\n年度", 2023),
        (date(2023, 4, 1), 2023),
        (datetime.fromisoformat("2023-03-31"), 2022),
        (date_from_excel(45017), 2023),
    ],
)
def test_fiscal_year_is_read_without_a_warning(text, year):
    assert parse_fiscal_year(text) == ParsedFiscalYear(year, None)


@pytest.mark.parametrize(
    ("text", "year", "warning"),
    [
        ("平成32年度", 2020, "「平成32年度」は改元前の書き方とみて、令和2年度（2020年度）と読みました。"),
        ("H32.3", 2019, "「H32.3」は改元前の書き方とみて、令和元年度（2019年度）と読みました。"),
        ("平成39", 2027, "「平成39」は改元前の書き方とみて、令和9年度（2027年度）と読みました。"),
        (
            "令和6年",
            2024,
            "「令和6年」は年度とみて、令和6年度（2024年度）と読みました。1月から12月までの年のときは直してください。",
        ),
        (
            "平成31年",
            2019,
            "「平成31年」は年度とみて、令和元年度（2019年度）と読みました。1月から12月までの年のときは直してください。",
        ),
        (
            "2024年",
            2024,
            "「2024年」は年度とみて、令和6年度（2024年度）と読みました。1月から12月までの年のときは直してください。",
        ),
    ],
)
def test_doubtful_fiscal_year_is_read_with_a_warning(text, year, warning):
    assert parse_fiscal_year(text) == ParsedFiscalYear(year, warning)


@pytest.mark.parametrize(
    "text", ["-", "－", "―", "‐", "–", "ー", "", " ", "　", "\n", "0", "０", 0, "なし", "未定", None]
)
def test_mark_of_no_value_has_no_fiscal_year(text):
    assert parse_fiscal_year(text) == ParsedFiscalYear(None, None)
    assert parse_fiscal_span(text) is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        *(
            (
                text,
                f"「{text}」は元号がないため、いつか決められません。"
                "「令和5」「R5」のように元号を付けるか、西暦4桁で書いてください。",
            )
            for text in ("18", "27", "5", "元年度", "202")
        ),
        ("令和０", "「令和０」の「0年」はありません。最初の年は「令和元年」です。"),
        ("昭和65", "「昭和65」はありません。昭和は64年1月7日までです。「平成2年度」と書いてください。"),
        ("平成40年", "「平成40年」はありません。平成は31年4月30日までです。「令和10年」と書いてください。"),
        ("H40", "「H40」はありません。平成は31年4月30日までです。「令和10年度」と書いてください。"),
        ("平成40年3月", "「平成40年3月」はありません。平成は31年4月30日までです。「令和10年3月」と書いてください。"),
        ("令和元年3月", "「令和元年3月」は令和になる前です。「平成31年3月」と書いてください。"),
        ("令和99年度", "「令和99年度」は先すぎて読めません。西暦2100年までで書いてください。"),
        ("1867年度", "「1867年度」は古すぎて読めません。明治6年（1873年）からの年で書いてください。"),
        ("約5年", "「約5年」の「約」は元号として読めません。使える元号は明治・大正・昭和・平成・令和です。"),
        ("R5～R7", "「R5～R7」は期間です。ここには「令和5年度」のように一つの年度だけを書いてください。"),
        ("令和5年度～", "「令和5年度～」は期間です。ここには「令和5年度」のように一つの年度だけを書いてください。"),
        (
            45017,
            "「45017」は年度として読めません。日付のセルなら書式を日付にし、年度なら「令和5年度」と書いてください。",
        ),
        ("R5-7", "「R5-7」は年度として読めません。「令和5年度」「R5」「2023年度」のように書いてください。"),
        ("令和٣", "「令和٣」には読めない数字があります。丸数字などではなく、0から9で書いてください。"),
    ],
)
def test_impossible_fiscal_year_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(DateTextError) as refusal:
        parse_fiscal_year(text)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    "text",
    ["令和6年度末", "R5、R6", "令和五年度", "前年度と同じ", "R6 R7", "1 2", "R5.", "nan", "True", "令和5年度(火)"],
)
def test_text_without_the_form_of_a_fiscal_year_is_refused(text):
    with pytest.raises(DateTextError, match="「令和5年度」「R5」「2023年度」のように書いてください。"):
        parse_fiscal_year(text)


@pytest.mark.parametrize("fy", range(1868, 2101))
def test_every_fiscal_year_survives_display_and_reading(fy):
    assert parse_fiscal_year(format_fiscal_year(fy)) == ParsedFiscalYear(fy)
    assert parse_fiscal_year(format_fiscal_year_short(fy)) == ParsedFiscalYear(fy)


# --- reading periods


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("R5～R7", (2023, 2025)),
        ("R5〜R7", (2023, 2025)),
        ("Ｒ５－Ｒ７", (2023, 2025)),
        ("令和5年度～", (2023, None)),
        ("令 和 5 年度～", (2023, None)),
        ("令和5年度から", (2023, None)),
        ("令和5年度以降", (2023, None)),
        ("令和5～7年度", (2023, 2025)),
        ("令和5-7年度", (2023, 2025)),
        ("令和5年度から令和7年度まで", (2023, 2025)),
        ("平成28～令和2年度", (2016, 2020)),
        ("平成28～32年度", (2016, 2020)),
        ("2023～2025年度", (2023, 2025)),
        ("2023-2025", (2023, 2025)),
        ("R6.4～R8.3", (2024, 2025)),
        ("R6.4.1～R8.3.31", (2024, 2025)),
        ("令和6年度", (2024, 2024)),
        (2024, (2024, 2024)),
        (date(2024, 3, 31), (2023, 2023)),
    ],
)
def test_period_is_read(text, span):
    assert parse_fiscal_span(text) == span


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("R7～R5", "「R7～R5」は終わりが始まりより前です。始まりの年度を先に書いてください。"),
        (
            "令和6年～令和8年",
            "「令和6年～令和8年」は年か年度か分かりません。「令和5年度～令和7年度」のように書いてください。",
        ),
        (
            "平成30～40年度",
            "「平成30～40年度」はありません。平成は31年4月30日までです。「令和10年度」と書いてください。",
        ),
        (
            "5～7年度",
            "「5～7年度」は元号がないため、いつか決められません。「令和5」「R5」のように元号を付けるか、西暦4桁で書いてください。",
        ),
        *(
            (
                text,
                f"「{text}」は期間として読めません。「令和5年度～令和7年度」か「令和5年度～」のように書いてください。",
            )
            for text in ("～R7", "R5～R6～R7", "R5～未定", "～", "R5-7", "随時")
        ),
    ],
)
def test_impossible_period_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(DateTextError) as refusal:
        parse_fiscal_span(text)
    assert str(refusal.value) == sentence


# --- spreadsheets


@pytest.mark.parametrize(
    ("serial", "day"),
    [
        (45017, date(2023, 4, 1)),
        (45017.99, date(2023, 4, 1)),
        (61, date(1900, 3, 1)),
        (73415, date(2100, 12, 31)),
    ],
)
def test_number_behind_a_date_cell_is_a_date(serial, day):
    assert date_from_excel(serial) == day


@pytest.mark.parametrize("serial", [60, 0, -1, 73416, 1e30, float("inf"), float("nan")])
def test_number_that_is_no_date_is_refused(serial):
    with pytest.raises(DateTextError, match="は日付のセルの値として読めません。日付を入れ直してください。"):
        date_from_excel(serial)


# --- any text at all


@settings(max_examples=300, deadline=None)
@given(st.one_of(date_like, st.text(st.characters(exclude_categories=()), max_size=20)))
@example("9" * 5000)
@example("\ud800")
@example("令和\x008年")
def test_any_text_is_read_or_refused_with_a_sentence(text):
    refusals = []
    for parse in (parse_date, parse_fiscal_year, parse_fiscal_span):
        try:
            parse(text)
        except DateTextError as refusal:
            refusals.append(str(refusal))
    assert [said for said in refusals if len(said.encode()) > 600 or not said.endswith("。")] == []


@unhurried
@given(readable_dates, st.sampled_from("٠०౦๐꘠𝟎①²"))
def test_digit_of_another_script_is_never_a_digit(day, digit):
    text = format_date(day).replace("1", digit).replace("2", digit)
    for parse in (parse_date, parse_fiscal_year, parse_fiscal_span):
        if digit in text:
            with pytest.raises(DateTextError):
                parse(text)
