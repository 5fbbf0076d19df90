"""The small line charts: no value of a year stands on another."""

from decimal import Decimal
from itertools import pairwise

import pytest

from initiatives.line_chart import labels, line_chart

SIZE = {"width": 640, "height": 230, "pad": 40}
LABELS = {"gap": 16, "above": 10, "below": 18, "lowest": 208}


@pytest.mark.parametrize(
    ("measured", "estimated", "target"),
    [("10", "10", "10"), ("10", "11", "12"), ("12", "11", "10"), ("0", "0.1", "100"), ("100", "0", "0")],
)
def test_values_of_one_year_never_touch_each_other_or_the_years(measured, estimated, target):
    series = [[Decimal(value), Decimal(50)] for value in (measured, estimated, target)]
    placed = labels(line_chart(*series, **SIZE), **LABELS)
    assert sorted({label.x for label in placed}) == [40.0, 600.0]
    for x in (40.0, 600.0):
        heights = sorted(label.y for label in placed if label.x == x)
        assert [low - high >= 16 for high, low in pairwise(heights)] == [True, True]
        assert heights[-1] <= 208


def test_the_highest_value_of_a_year_stands_above_its_point_and_the_others_below():
    chart = line_chart([Decimal(16)], [None], [Decimal(18)], **SIZE)
    (target,), (measured,) = chart.target[0], chart.measured[0]
    placed = {label.kind: label.y for label in labels(chart, **LABELS)}
    assert placed == {"target": target.y - 10, "measured": measured.y + 18}
