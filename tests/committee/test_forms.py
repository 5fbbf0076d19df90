"""What people type into figures, days and times, and what the form answers."""

from datetime import date, time
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from committee.forms.fields import ClockField
from committee.models import Proposal
from townhall.fields import MONEY_UNITS, DayField, FigureField, SeenVersionField

PIECES = FigureField(required=False, most=10_000_000, units={"件": Decimal(1)})
MINUTES = FigureField(required=False, most=10_000, units={"分": Decimal(1), "時間": Decimal(60)}, decimals=1)
MONEY = FigureField(required=False, most=10_000_000, units=MONEY_UNITS)


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        (PIECES, "14500", 14500),
        (PIECES, "１４，５００", 14500),
        (PIECES, "14,500件", 14500),
        (PIECES, " 0 ", 0),
        (PIECES, "", None),
        (PIECES, "－", None),
        (MINUTES, "6.5", Decimal("6.5")),
        (MINUTES, "１．５時間", Decimal("90.0")),
        (MONEY, "4300", 4300),
        (MONEY, "430万円", 4300),
        (MONEY, "4,300,000円", 4300),
        (MONEY, "1百万円", 1000),
    ],
)
def test_figures_are_read_as_people_write_them(field, typed, value):
    assert field.clean(typed) == value


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        (PIECES, "-1", "「-1」は 0 より小さい数です。0 以上で書いてください。"),
        (PIECES, "△5", "「△5」は 0 より小さい数です。0 以上で書いてください。"),
        (PIECES, "10000001", "「10000001」は大きすぎます。10,000,000件までで書いてください。"),
        (PIECES, "1.5", "「1.5」は細かすぎます。小数のない数で書いてください（単位は件）。"),
        (PIECES, "5人", "「5人」の単位が違います。件の数だけを書いてください。"),
        (PIECES, "約100", "「約100」は一つの数に決められません。「約」や「以上」などを取り、数だけを書いてください。"),
        (MINUTES, "6.25", "「6.25」は細かすぎます。小数1桁までで書いてください（単位は分）。"),
        (MONEY, "1円", "「1円」は細かすぎます。小数のない数で書いてください（単位は千円）。"),
        (MONEY, "9" * 21, f"「{'9' * 21}」は桁が多すぎます。20桁までの数で書いてください。"),
        (MONEY, "1e5", "「1e5」には数が二つ以上あります。一つのセルには一つの数だけを書いてください。"),
        (
            MONEY,
            "\x00",
            "「�」は数ではありません。「1234」や「12.5」のように数字で書いてください。値がないときは空欄にします。",
        ),
    ],
)
def test_other_figures_are_refused_with_a_sentence(field, typed, sentence):
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)
    assert refused.value.messages == [sentence]


@pytest.mark.parametrize(
    "typed", ["2026-12-04", "令和8年12月4日", "R8.12.4", "２０２６／１２／４", "令和8年12月4日（金）"]
)
def test_days_are_read_as_people_write_them(typed):
    assert DayField().clean(typed) == date(2026, 12, 4)


@pytest.mark.parametrize(
    "typed", ["12/4", "令和8年13月1日", "2026-02-30", "平成40年1月1日", "あした", "9999-12-31", "\x00"]
)
def test_other_days_are_refused_with_a_sentence(typed):
    with pytest.raises(ValidationError) as refused:
        DayField().clean(typed)
    assert [message[-1] for message in refused.value.messages] == ["。"]


@pytest.mark.parametrize(
    ("typed", "value"),
    [("13:30", time(13, 30)), ("１３時", time(13)), ("9時5分", time(9, 5)), ("13:30:00", time(13, 30))],
)
def test_times_are_read_as_people_write_them(typed, value):
    assert ClockField().clean(typed) == value


@pytest.mark.parametrize("typed", ["25:00", "13:60", "午後", "13", "\x00"])
def test_other_times_are_refused_with_a_sentence(typed):
    with pytest.raises(ValidationError, match="時刻として読めません"):
        ClockField().clean(typed)


@pytest.mark.parametrize(
    ("value", "kind"), [("2026-12-04", "date"), (date(2026, 12, 4), "date"), ("12月4日", "text"), (None, "date")]
)
def test_a_day_the_picker_cannot_show_comes_back_as_text(value, kind):
    html = DayField().widget.render("held_on", value)
    assert f'type="{kind}"' in html
    assert value is None or str(value) in html


def test_an_unreadable_version_counts_as_missing():
    assert [SeenVersionField().clean(typed) for typed in ("3", "", "x", "\x00", "9" * 99)] == [
        3,
        None,
        None,
        None,
        int("9" * 99),
    ]


# --- arithmetic of the effect


def proposal(**values):
    return Proposal(**values)


@pytest.mark.parametrize(
    ("volume", "minutes", "hours", "yearly"),
    [
        (14_500, "6", 1450, 5800),
        (600, "6", 60, 240),
        (59, "1", 0, 0),
        (61, "1", 1, 4),
        (0, "6", 0, 0),
        (None, "6", None, None),
        (100, None, None, None),
        (10_000_000, "10000", 1_666_666_666, 6_666_666_664),
    ],
)
def test_hours_and_yen_drop_their_fractions(volume, minutes, hours, yearly):
    row = proposal(yearly_volume=volume, minutes_saved=None if minutes is None else Decimal(minutes))
    assert (row.hours_saved, row.yearly_effect) == (hours, yearly)


@pytest.mark.parametrize(
    ("initial", "yearly", "total"), [(4300, 1500, 11_800), (1200, 300, 2700), (0, 0, 0), (None, 300, None)]
)
def test_cost_over_five_years(initial, yearly, total):
    row = proposal(initial_cost=initial, yearly_cost=yearly)
    assert (row.total_cost, row.town_share) == (total, total)


@pytest.mark.parametrize(
    ("volume", "initial", "yearly", "parts"),
    [
        (14_500, 4300, 1500, (1, 0)),
        (14_500, 0, 1500, (0, 0)),
        (14_500, 4300, 5800, None),
        (14_500, 21_500, 1500, (5, 0)),
        (14_500, 21_501, 1500, None),
        (None, 4300, 1500, None),
    ],
)
def test_years_and_months_until_the_cost_is_recovered(volume, initial, yearly, parts):
    row = proposal(yearly_volume=volume, minutes_saved=Decimal(6), initial_cost=initial, yearly_cost=yearly)
    assert row.payback_parts == parts
