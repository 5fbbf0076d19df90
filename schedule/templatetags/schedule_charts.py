"""Bars and the plan/actual chart as SVG inside ordinary tables.

Joined strings on purpose: the same rows through one template per cell took five times as long. Positions are
percentages and attributes, so the strict content security policy holds. Every chart says itself in words.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from itertools import groupby

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from schedule.choices import ScheduleKind, Standing
from schedule.gantt import Axis, Front, RowChart, Span, axis_of, row_chart
from schedule.standing import RowStanding
from schedule.summaries.plan import PlanTime
from schedule.summaries.rows import RowLine
from townhall import fiscal
from townhall.templatetags.portal import badge_html, mark_html

register = template.Library()

NOTHING = SafeString("")
CHART_TITLE_LENGTH = 33  # two lines of the chart; the whole text stands in the table and on the row's page
CHART_TIMING_LENGTH = 8
FLAG_WIDTH = 84
NARROWEST_CHART = 500  # px; the flag of the day moves aside near the edges of a chart at least this wide
LEGEND = (
    Standing.ON_TRACK,
    Standing.SLIGHTLY_LATE,
    Standing.LATE,
    Standing.DONE,
    Standing.NOT_STARTED,
    Standing.UNREPORTED,
)
_GAP = 0.3  # per cent between the segments of the stacked bar


# --- the stacked bar of the summary


@register.simple_tag
def stack_bar(counts: Sequence[tuple[Standing, int]]) -> SafeString:
    """`counts` as in PlanSummary: each standing with its number of rows, worst first."""
    total = sum(number for _, number in counts)
    if not total:
        return NOTHING
    said = "、".join(f"{standing.label}{number}" for standing, number in counts)
    segments, x = [], 0.0
    for standing, number in counts:
        width = number * 100 / total
        segments.append(_segment(standing, f"{x + _GAP / 2:.2f}", f"{width - _GAP:.2f}"))
        x += width
    label = f"{total}の取組内容の内訳：{said}"
    return format_html(
        '<svg class="dx-stackbar" role="img" aria-label="{}">{}</svg>', label, format_html_join("", "{}", segments)
    )


def _segment(standing: Standing, x: str, width: str) -> tuple[SafeString]:
    bar = '<rect class="dx-fill--{}" x="{}%" width="{}%" y="1" height="26"/>'
    if standing == Standing.LATE:
        return (format_html(bar * 2, "late", x, width, "hatch", x, width),)
    return (format_html(bar, standing.tone, x, width),)


@register.simple_tag
def standing_counts(counts: Sequence[tuple[Standing, int]]) -> SafeString:
    """The legend of the bar: mark, word and number."""
    return format_html_join(
        " ",
        '<span class="dx-legend__item">{}<span aria-hidden="true">{}</span> <b class="dx-num">{}</b></span>',
        ((mark_html(standing.tone, standing.label), standing.label, number) for standing, number in counts),
    )


@register.simple_tag
def standing_legend() -> SafeString:
    """What the marks mean, for a table that shows marks alone."""
    return format_html_join(
        " ",
        '<span class="dx-legend__item">{}<span aria-hidden="true">{}</span></span>',
        ((mark_html(each.tone, each.label), each.label) for each in LEGEND),
    )


# --- one standing in a cell


CARRIED = SafeString(
    '<span class="dx-small dx-muted dx-nowrap"> 前期<span class="dx-visually-hidden">の報告</span></span>'
)


def short_standing_html(row: RowStanding) -> SafeString:
    """The badge on one line; 「前期」 when this round has not been reported yet."""
    badge = badge_html(row.standing.tone, row.standing.label)
    return badge + CARRIED if row.is_carried else badge


def standing_html(row: RowStanding) -> SafeString:
    """The same, and below it the portal's own view when that is worse."""
    if not row.suggested:
        return short_standing_html(row)
    note = f"目安：{row.suggested.label}"
    return format_html('{}<br><span class="dx-table__note">{}</span>', short_standing_html(row), note)


@register.simple_tag
def standing_badge(row: RowStanding) -> SafeString:
    return standing_html(row)


# --- the chart


@register.simple_tag
def plan_axis(time: PlanTime) -> Axis:
    return axis_of(time.first_year, time.last_year, ends_on=time.ends_on, as_of=time.as_of)


@register.simple_tag
def chart_rows(rows: Iterable[RowLine], axis: Axis, *, has_front: bool = True) -> SafeString:
    """The bodies of the chart's table: one `tbody` per initiative, in the plan's order. `has_front`: the イナズマ線."""
    grid = grid_html(axis, has_end=not has_front)
    groups = ((name, list(members)) for name, members in groupby(rows, key=lambda row: row.group))
    return format_html_join(
        "", "<tbody>{}</tbody>", ((_group(members, axis, grid, has_front=has_front),) for _, members in groups)
    )


def _group(rows: Sequence[RowLine], axis: Axis, grid: SafeString, *, has_front: bool) -> SafeString:
    first = rows[0]
    name = format_html('<a href="{}">{}</a>', first.group_url, first.group) if first.group_url else first.group
    head = format_html('<th class="dx-gantt__initiative" scope="rowgroup" rowspan="{}">{}</th>', len(rows), name)
    return format_html_join(
        "",
        "<tr>{}{}</tr>",
        ((NOTHING if at else head, _cells(row, axis, grid, has_front=has_front)) for at, row in enumerate(rows)),
    )


def _cells(row: RowLine, axis: Axis, grid: SafeString, *, has_front: bool) -> SafeString:
    chart = row_chart(axis, row.facts, standing=row.standing, reports=row.reports, timing=row.timing_text)
    title, timing = escape(_cut(row.title, CHART_TITLE_LENGTH)), escape(short_timing(row))
    drawing = chart_html(chart, grid, has_front=has_front)
    return SafeString(
        f'<th class="dx-gantt__activity" scope="row"><a href="{escape(row.url)}">{title}</a></th>'
        f'<td class="dx-gantt__when">{timing}</td><td class="dx-gantt__chart">{drawing}</td>'
        f'<td class="dx-gantt__standing">{short_standing_html(row.standing)}</td>'
    )


def short_timing(row: RowLine) -> str:
    """実施時期 for a narrow column; a long one is said by its kind, the whole text stands in the table."""
    facts = row.facts
    if row.kind == ScheduleKind.FROM and facts.first_year:
        return f"{fiscal.format_fiscal_year(facts.first_year)}～"
    if facts.due_on and len(row.timing_text) > CHART_TIMING_LENGTH:
        year = fiscal.fiscal_year(facts.due_on)
        is_year_end = facts.due_on == fiscal.fiscal_year_end(year)
        return f"{fiscal.format_fiscal_year(year)}末" if is_year_end else fiscal.format_date(facts.due_on)
    return _cut(row.timing_text, CHART_TIMING_LENGTH)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


@register.simple_tag
def chart_head(axis: Axis, today: date) -> SafeString:
    """Years, quarters, and the flag of the day or of the plan's end."""
    lines = format_html_join(
        "",
        '<line class="dx-gantt__{}" x1="{}%" x2="{}%" y1="{}" y2="72"/>',
        (
            ("year" if mark.closes_year else "quarter", mark.end, mark.end, 0 if mark.closes_year else 24)
            for mark in axis.quarters[:-1]
        ),
    )
    words = '<text class="dx-gantt__{}-label" x="{}%" y="{}">{}</text>'
    years = format_html_join("", words, (("year", mark.middle, 16, mark.label) for mark in axis.years))
    quarters = format_html_join("", words, (("quarter", mark.middle, 40, mark.label) for mark in axis.quarters))
    return format_html(
        '<svg class="dx-gantt__svg dx-gantt__svg--head" aria-hidden="true">{}{}{}{}</svg>',
        lines,
        years,
        quarters,
        _flag(axis, today),
    )


def _flag(axis: Axis, today: date) -> SafeString:
    if axis.today is not None:
        word = "今日" if axis.as_of == today else "時点"
        return _flag_html(axis.today, f"{word} {axis.today_label}", points=True)
    return _flag_html(axis.end, "計画終了", points=False) if axis.end is not None else NOTHING


def _flag_html(at: float, words: str, *, points: bool) -> SafeString:
    """A label centred on its place, moved inside where it would leave the chart."""
    left, right = at * NARROWEST_CHART / 100, (100 - at) * NARROWEST_CHART / 100
    x = round(max(-left, min(-FLAG_WIDTH / 2, right - FLAG_WIDTH)))
    return format_html(
        '<svg x="{}%" y="45" width="1" height="1" overflow="visible"><rect class="dx-gantt__flag" x="{}" y="1" '
        'width="{}" height="21" rx="3"/>{}<text class="dx-gantt__flag-text" x="{}" y="16">{}</text></svg>',
        at,
        x,
        FLAG_WIDTH,
        SafeString('<path class="dx-gantt__flag" d="M-5 22h10l-5 5z"/>') if points else NOTHING,
        x + FLAG_WIDTH // 2,
        words,
    )


def grid_html(axis: Axis, *, has_end: bool) -> SafeString:
    """The lines behind every row, made once for the whole table. `has_end`: the plan's end, where no front stands."""
    lines = format_html_join(
        "",
        '<line class="dx-gantt__{}" x1="{}%" x2="{}%" y1="0" y2="100%"/>',
        (("year" if mark.closes_year else "quarter", mark.end, mark.end) for mark in axis.quarters[:-1]),
    )
    if axis.end is None or not has_end:
        return lines
    end = '{}<line class="dx-gantt__end" x1="{}%" x2="{}%" y1="0" y2="100%"/>'
    return format_html(end, lines, axis.end, axis.end)


def chart_html(chart: RowChart, grid: SafeString, *, has_front: bool) -> SafeString:
    """One row. The lanes hang on the middle of the row, however tall its text makes it."""
    actual = _actual(chart.actual, chart.actual_tone)
    lanes = "".join((_plan_lane(chart), _due(chart), actual, _records(chart), _label(chart)))
    return SafeString(
        f'<svg class="dx-gantt__svg" role="img" aria-label="{escape(chart.sentence)}">{grid}'
        f'<svg y="50%" height="1" overflow="visible">{lanes}</svg>{_front(chart.front, has_front=has_front)}</svg>'
    )


# Below stand numbers and names of our own alone: nothing that would need escaping, and escaping it all the same would
# double the time of the whole chart.


def _front(front: Front | None, *, has_front: bool) -> SafeString:
    """From the day at the top edge to the point at mid-height and back; without it the day stays a straight line."""
    if front is None:
        return NOTHING
    if not has_front:
        return NOTHING if front.is_end else _straight(front.at)
    if front.point == front.at and not front.is_unknown:
        return _straight(front.at)
    name = "dx-gantt__front dx-gantt__front--unknown" if front.is_unknown else "dx-gantt__front"
    halves = (
        f'<line class="{name}" x1="{front.at}%" y1="0" x2="{front.point}%" y2="50%"/>'
        f'<line class="{name}" x1="{front.point}%" y1="50%" x2="{front.at}%" y2="100%"/>'
    )
    point = "" if front.is_unknown else f'<circle class="dx-gantt__point" cx="{front.point}%" cy="50%" r="3.5"/>'
    return SafeString(halves + point)


def _straight(at: float) -> SafeString:
    return SafeString(f'<line class="dx-gantt__front" x1="{at}%" x2="{at}%" y1="0" y2="100%"/>')


def _plan_lane(chart: RowChart) -> SafeString:
    name = "dx-gantt__plan dx-gantt__plan--anytime" if chart.is_anytime else "dx-gantt__plan"
    bars = (
        f'<rect class="{name}" x="{span.x}%" width="{span.width}%" y="-15" height="10" rx="2"/>' for span in chart.plan
    )
    return SafeString("".join(bars))


def _due(chart: RowChart) -> SafeString:
    if chart.due is None:
        return NOTHING
    mark = '<path class="dx-gantt__due" d="M0 -6.5 6.5 0 0 6.5 -6.5 0Z"/>'
    return SafeString(f'<svg x="{chart.due}%" y="-10" width="1" height="1" overflow="visible">{mark}</svg>')


def _actual(span: Span | None, tone: str) -> SafeString:
    if span is None:
        return NOTHING
    names = ("late", "hatch") if tone == "late" else (tone,)
    place = f'x="{span.x}%" width="{span.width}%" y="2" height="12" rx="2"'
    return SafeString("".join(f'<rect class="dx-fill--{name}" {place}/>' for name in names))


def _records(chart: RowChart) -> SafeString:
    dots = (
        f'<circle class="dx-gantt__record{"" if record.says_work_was_done else " dx-gantt__record--none"}" '
        f'cx="{record.x}%" cy="8" r="5"/>'
        for record in chart.records
    )
    return SafeString("".join(dots))


def _label(chart: RowChart) -> SafeString:
    if not chart.label:
        return NOTHING
    tone = f" dx-gantt__label--{chart.actual_tone}" if chart.actual_tone in ("late", "slow") else ""
    text = f'<text class="dx-gantt__label{tone}" x="9" y="5">{chart.label}</text>'
    return SafeString(f'<svg x="{chart.label_x}%" y="8" width="1" height="1" overflow="visible">{text}</svg>')
