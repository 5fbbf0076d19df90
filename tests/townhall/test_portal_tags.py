from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template

from townhall.templatetags import portal

DAY = date(2026, 11, 24)


@dataclass(frozen=True)
class Standing:
    tone: str
    label: str


def rendered(source: str, **context: object) -> str:
    return Template("{% load portal %}" + source).render(Context(context))


def test_an_icon_is_hidden_from_screen_readers():
    assert rendered('{% icon "print" %}') == (
        '<svg class="dx-icon" aria-hidden="true" focusable="false"><use href="#i-print"/></svg>'
    )


def test_a_badge_holds_mark_word_and_tone():
    badge = (
        '<span class="dx-badge dx-badge--slow">'
        '<svg class="dx-icon" aria-hidden="true" focusable="false"><use href="#i-slow"/></svg>やや遅れ</span>'
    )
    assert rendered("{% badge thing %}", thing=Standing("slow", "やや遅れ")) == badge
    assert rendered('{% badge_of "slow" "やや遅れ" %}') == badge
    assert portal.badge_html("slow", "やや遅れ") == badge


def test_a_mark_keeps_its_word_for_screen_readers():
    mark = (
        '<span class="dx-mark dx-mark--miss">'
        '<svg class="dx-icon" aria-hidden="true" focusable="false"><use href="#i-miss"/></svg>'
        '<span class="dx-visually-hidden">未報告</span></span>'
    )
    assert rendered("{% mark thing %}", thing=Standing("miss", "未報告")) == mark
    assert rendered('{% mark_of "miss" "未報告" %}') == mark
    assert portal.mark_html("miss", "未報告") == mark


def test_nothing_to_mark_shows_nothing():
    assert rendered("{% badge thing %}{% mark thing %}", thing=None) == ""


def test_a_label_is_escaped():
    assert "&lt;b&gt;" in portal.badge_html("ok", "<b>")


@pytest.mark.parametrize(
    ("direction", "icon", "word"), [("worse", "down", "悪化"), ("better", "up", "改善"), ("same", "same", "同じ")]
)
def test_a_change_says_its_direction_in_a_word(direction, icon, word):
    assert rendered("{% change direction %}", direction=direction) == (
        f'<span class="dx-change dx-change--{direction}">'
        f'<svg class="dx-icon" aria-hidden="true" focusable="false"><use href="#i-{icon}"/></svg>{word}</span>'
    )


def test_a_change_can_carry_its_own_words():
    assert rendered('{% change "better" "完了へ" %}').endswith("完了へ</span>")


def test_every_tone_and_change_has_its_icon_in_the_sprite():
    sprite = Template('{% include "_components/sprite.html" %}').render(Context())
    names = [*portal.TONES, *(icon for icon, _ in portal.CHANGES.values())]
    assert [name for name in names if f'id="i-{name}"' not in sprite] == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [("wareki", "令和8年11月24日"), ("wareki_short", "R8.11.24"), ("md", "11/24"), ("md_day", "11月24日（火）")],
)
def test_a_date_is_written_as_the_town_writes_it(name, shown):
    assert rendered("{{ day|" + name + " }}", day=DAY) == shown


@pytest.mark.parametrize("name", ["wareki", "wareki_short", "md", "md_day", "fiscal_year_label", "thousands", "manen"])
def test_nothing_is_written_for_nothing(name):
    assert rendered("{{ value|" + name + " }}", value=None) == ""
    assert rendered("{{ absent|" + name + " }}") == ""


def test_an_instant_counts_as_its_day_in_japan():
    evening_in_utc = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
    assert portal.wareki(evening_in_utc) == "令和8年11月24日"
    assert portal.md_day(evening_in_utc) == "11月24日（火）"


def test_a_fiscal_year_is_written_with_its_era():
    assert rendered("{{ year|fiscal_year_label }}", year=2026) == "令和8年度"


@pytest.mark.parametrize(
    ("number", "shown"), [(0, "0"), (1450, "1,450"), (-1450, "-1,450"), (Decimal("1450.5"), "1,450.5"), ("1450", "")]
)
def test_thousands_are_set_apart(number, shown):
    assert portal.thousands(number) == shown


@pytest.mark.parametrize(
    ("thousand_yen", "shown"),
    [(0, "0"), (4300, "430"), (4305, "430.5"), (11800, "1,180"), (5, "0.5"), (-5, "-0.5"), (-4300, "-430")],
)
def test_thousand_yen_are_written_in_ten_thousands(thousand_yen, shown):
    assert portal.manen(thousand_yen) == shown
