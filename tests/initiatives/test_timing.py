from datetime import date

import pytest

from initiatives.timing import Timing, UnreadableTimingError, derive_timing


@pytest.mark.parametrize(
    ("text", "timing"),
    [
        ("令和5年度～随時実施", Timing("from", 2023, 2025)),
        ("令和6年度～実施", Timing("from", 2024, 2025)),
        ("令和 ６ 年度〜 実施", Timing("from", 2024, 2025)),
        ("毎年", Timing("yearly", 2023, 2025)),
        ("毎年度実施", Timing("yearly", 2023, 2025)),
        ("随時", Timing("ongoing", 2023, 2025)),
        ("随時実施", Timing("ongoing", 2023, 2025)),
        ("随時継続的に実施", Timing("ongoing", 2023, 2025)),
        (
            "関係課・ベンダと協議を行った上で令和7年度末までに移行",
            Timing("deadline", 2023, 2025, date(2026, 3, 31)),
        ),
        ("令和6年度まで", Timing("deadline", 2023, 2024, date(2025, 3, 31))),
        ("2024年度末までに移行", Timing("deadline", 2023, 2024, date(2025, 3, 31))),
    ],
)
def test_kind_and_years_follow_from_the_words_of_the_plan(text, timing):
    assert derive_timing(text, 2023, 2025) == timing


@pytest.mark.parametrize(
    "text",
    ["", "近いうちに", "令和5年度", "令和5年度から令和6年度まで", "令和5年度～令和6年度", "5年度～実施", "毎月", "→"],
)
def test_words_that_do_not_say_when_are_refused_not_guessed(text):
    with pytest.raises(UnreadableTimingError, match=f"実施時期「{text}」を読み取れません"):
        derive_timing(text, 2023, 2025)


@pytest.mark.parametrize(
    ("text", "year"),
    [("令和8年度～実施", "令和8年度"), ("令和4年度末までに移行", "令和4年度"), ("平成30年度～実施", "平成30年度")],
)
def test_year_outside_the_plan_is_refused(text, year):
    with pytest.raises(UnreadableTimingError) as refusal:
        derive_timing(text, 2023, 2025)
    assert str(refusal.value) == f"実施時期の{year}は、計画期間（令和5年度～令和7年度）の外です。"


@pytest.mark.parametrize("text", ["令和99年度～実施", "令和0年度～実施", "令和99999999999999999999年度～実施"])
def test_year_that_does_not_exist_is_refused_with_a_sentence(text):
    with pytest.raises(UnreadableTimingError, match="実施時期の"):
        derive_timing(text, 2023, 2025)


def test_years_of_a_row_are_whole_fiscal_years():
    assert derive_timing("令和6年度～実施", 2023, 2025).years == (2024, 2025)
