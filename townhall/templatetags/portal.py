"""Marks, badges, dates and amounts as every page of the portal writes them."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Protocol

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from townhall import calendar, fiscal
from townhall.textdiff import Kind, Part, shortened, text_diff

register = template.Library()

TONES = ("ok", "slow", "late", "done", "none", "miss", "study")

# kind of a part → (element, class, the word for those who do not see the line through or under it)
CHANGED_PARTS = {Kind.DELETED: ("del", "dx-diff__del", "削除"), Kind.ADDED: ("ins", "dx-diff__ins", "追加")}

# direction → (icon, word). The words name the comparison with the last meeting (前回比).
CHANGES = {"worse": ("down", "悪化"), "better": ("up", "改善"), "same": ("same", "同じ")}


class Toned(Protocol):
    """Anything shown as a mark: a standing, a state, a choice."""

    @property
    def tone(self) -> str: ...
    @property
    def label(self) -> str: ...


def icon_html(name: str) -> SafeString:
    """A decorative icon of the page's sprite; the word beside it carries the meaning."""
    return format_html('<svg class="dx-icon" aria-hidden="true" focusable="false"><use href="#i-{}"/></svg>', name)


@lru_cache(maxsize=256)
def badge_html(tone: str, label: str) -> SafeString:
    """Mark, word and colour in one box."""
    return format_html('<span class="dx-badge dx-badge--{}">{}{}</span>', tone, icon_html(tone), label)


@lru_cache(maxsize=256)
def mark_html(tone: str, label: str) -> SafeString:
    """The mark alone, for narrow columns; the word stays for screen readers."""
    return format_html(
        '<span class="dx-mark dx-mark--{}">{}<span class="dx-visually-hidden">{}</span></span>',
        tone,
        icon_html(tone),
        label,
    )


def change_html(direction: str, label: str = "") -> SafeString:
    """`direction` is worse, better or same; without a label its usual word is used."""
    icon, word = CHANGES[direction]
    return format_html('<span class="dx-change dx-change--{}">{}{}</span>', direction, icon_html(icon), label or word)


def part_html(part: Part) -> SafeString | str:
    """A blank or a line end alone would be invisible, so it is named."""
    if part.kind is Kind.SAME:
        return part.text
    element, css_class, word = CHANGED_PARTS[part.kind]
    named = "" if part.text.strip() else ("（改行）" if "\n" in part.text else "（空白）")
    return format_html(
        '<{0} class="{1}"><span class="dx-visually-hidden">{2}：</span>{3}{4}'
        '<span class="dx-visually-hidden">（{2}ここまで）</span></{0}>',
        element,
        css_class,
        word,
        named,
        part.text,
    )


@register.simple_tag
def textdiff(old: str, new: str, around: int | None = None) -> SafeString:
    """Both texts in one: what went struck out, what came underlined. `around` shortens what stayed the same."""
    parts = text_diff(old, new)
    parts = parts if around is None else shortened(parts, around)
    return format_html('<span class="dx-diff">{}</span>', format_html_join("", "{}", ((part_html(p),) for p in parts)))


@register.simple_tag
def icon(name: str) -> SafeString:
    return icon_html(name)


@register.simple_tag
def badge(thing: Toned | None) -> SafeString | str:
    return badge_html(thing.tone, thing.label) if thing else ""


@register.simple_tag
def badge_of(tone: str, label: str) -> SafeString:
    return badge_html(tone, label)


@register.simple_tag
def mark(thing: Toned | None) -> SafeString | str:
    return mark_html(thing.tone, thing.label) if thing else ""


@register.simple_tag
def mark_of(tone: str, label: str) -> SafeString:
    return mark_html(tone, label)


@register.simple_tag
def change(direction: str, label: str = "") -> SafeString:
    return change_html(direction, label)


def _day(value: date | None) -> date | None:
    """The Japanese calendar day of a date or of an instant; None for anything that is neither."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value if isinstance(value, date) else None


@register.filter
def wareki(value: date | None) -> str:
    day = _day(value)
    return fiscal.format_date(day) if day else ""


@register.filter
def wareki_short(value: date | None) -> str:
    day = _day(value)
    return fiscal.format_date_short(day) if day else ""


@register.filter
def md(value: date | None) -> str:
    day = _day(value)
    return f"{day.month}/{day.day}" if day else ""


@register.filter
def md_day(value: date | None) -> str:
    day = _day(value)
    return f"{day.month}月{day.day}日（{calendar.weekday_ja(day)}）" if day else ""


@register.filter
def fiscal_year_label(value: int | None) -> str:
    return fiscal.format_fiscal_year(value) if isinstance(value, int) else ""


@register.filter
def thousands(value: int | Decimal | None) -> str:
    """1450 → 1,450. Empty for what is not a number, so an unset field shows nothing."""
    return f"{value:,}" if isinstance(value, int | Decimal | float) else ""


@register.filter
def manen(value: int | None) -> str:
    """An amount kept in 千円, written in 万円 without its unit: 4300 → 430, 4305 → 430.5."""
    if value is None or value == "":
        return ""
    whole, rest = divmod(abs(int(value)), 10)
    sign = "-" if int(value) < 0 else ""
    return f"{sign}{whole:,}.{rest}" if rest else f"{sign}{whole:,}"
