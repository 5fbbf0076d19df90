"""達成率 by hand: what each direction means, and what cannot be computed."""

from decimal import Decimal

import pytest

from initiatives.achievement import Achievement, Definition, Verdict, achievement


@pytest.mark.parametrize(
    ("direction", "value", "target", "baseline", "expected"),
    [
        ("up", "73", "90", None, Achievement(Verdict.NOT_MET, Decimal("81.1"), Definition.OF_TARGET)),
        ("up", "90", "90", None, Achievement(Verdict.MET, Decimal("100.0"), Definition.OF_TARGET)),
        ("up", "34", "40", "12", Achievement(Verdict.NOT_MET, Decimal("78.6"), Definition.FROM_BASELINE)),
        ("up", "10", "40", "12", Achievement(Verdict.NOT_MET, Decimal("-7.1"), Definition.FROM_BASELINE)),
        ("down", "30", "20", "40", Achievement(Verdict.NOT_MET, Decimal("50.0"), Definition.FROM_BASELINE)),
        ("down", "15", "20", "40", Achievement(Verdict.MET, Decimal("125.0"), Definition.FROM_BASELINE)),
        (
            "down",
            "15",
            "20",
            None,
            Achievement(Verdict.MET, why_none="小さいほど良い指標の達成率には、基準値が要ります"),
        ),
        ("up", "5", "0", None, Achievement(Verdict.MET, why_none="割る数が0です")),
        ("up", "5", "12", "12", Achievement(Verdict.NOT_MET, why_none="割る数が0です")),
        ("up", "5", None, None, Achievement(Verdict.UNKNOWN, why_none="目標がありません")),
        ("up", None, "5", None, Achievement(Verdict.UNKNOWN, why_none="実測値がありません")),
    ],
)
def test_percentages_by_hand(direction, value, target, baseline, expected):
    def number(text):
        return None if text is None else Decimal(text)

    found = achievement(direction, value=number(value), target=number(target), baseline=number(baseline))
    assert found == expected


@pytest.mark.parametrize(
    ("value", "upper", "verdict"),
    [("20", "28", "達成"), ("19.9", "28", "未達"), ("28.1", "28", "未達"), ("99", None, "達成")],
)
def test_a_range_is_met_inside_and_has_no_percentage(value, upper, verdict):
    found = achievement(
        "range", value=Decimal(value), target=Decimal(20), upper=Decimal(upper) if upper else None, baseline=Decimal(1)
    )
    assert (found.verdict.label, found.percent) == (verdict, None)
