"""Figures and small line charts of indicators. SVG by attributes and classes, so the strict policy of content holds."""

from decimal import Decimal

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from initiatives.line_chart import LineChart, Point, labels, line_chart
from initiatives.summaries import IndicatorLine
from initiatives.summaries.indicators import Target, YearCell
from townhall import fiscal

register = template.Library()

SMALL = {"width": 120, "height": 36, "pad": 5}
LARGE = {"width": 640, "height": 230, "pad": 40}
LABELS = {"gap": 16, "above": 10, "below": 18, "lowest": 208}  # of letters 14 high, above the years
Runs = tuple[tuple[Point, ...], ...]


@register.filter
def figure(value: Decimal | None) -> str:
    """12.500 → 12.5, 1450.000 → 1,450; ― when there is none."""
    if value is None:
        return "―"
    whole = value.to_integral_value()
    return f"{whole:,.0f}" if value == whole else f"{value.normalize():,f}"


@register.filter
def target_words(target: Target | None) -> str:
    if target is None:
        return "―"
    return figure(target.value) if target.upper is None else f"{figure(target.value)}～{figure(target.upper)}"


@register.filter
def percent(value: Decimal | None) -> str:
    return "―" if value is None else f"{figure(value)}％"


@register.simple_tag
def sparkline(line: IndicatorLine) -> SafeString:
    """The course of the figures in one row of a table; the same figures stand beside it."""
    chart = _chart(line, **SMALL)
    return format_html(
        '<svg class="dx-spark" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>',
        chart.width,
        chart.height,
        said(line),
        _lines(chart.target, "target"),
        _lines(chart.estimated, "estimated") + _dots(chart.estimated, "estimated", 3),
        _lines(chart.measured, "measured") + _dots(chart.measured, "measured", 3),
    )


@register.simple_tag
def indicator_chart(line: IndicatorLine) -> SafeString:
    """The large chart: years below, every point with its value."""
    chart = _chart(line, **LARGE)
    years = format_html_join(
        "",
        '<text class="dx-linechart__year" x="{}" y="{}" text-anchor="middle">{}</text>',
        (
            (_x(index, len(line.years)), LARGE["height"] - 6, fiscal.format_fiscal_year_short(cell.fiscal_year))
            for index, cell in enumerate(line.years)
        ),
    )
    return format_html(
        '<svg class="dx-linechart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}{}{}</svg>',
        chart.width,
        chart.height,
        said(line),
        years,
        _lines(chart.target, "target"),
        _lines(chart.estimated, "estimated") + _dots(chart.estimated, "estimated", 5),
        _lines(chart.measured, "measured") + _dots(chart.measured, "measured", 5),
        _names(chart),
    )


def said(line: IndicatorLine) -> str:
    """The chart in a sentence."""
    parts = [_said_of(cell, line.unit) for cell in line.years if not cell.is_empty]
    return f"{line.name}：{'、'.join(parts) if parts else '値はまだありません'}"


def _said_of(cell: YearCell, unit: str) -> str:
    words = [
        f"目標{target_words(cell.target)}" if cell.target else "",
        f"実測{figure(cell.measured.value)}" if cell.measured else "",
        f"見込{figure(cell.estimated.value)}" if cell.estimated else "",
    ]
    return f"{fiscal.format_fiscal_year(cell.fiscal_year)} {' '.join(filter(None, words))}{unit}"


def _chart(line: IndicatorLine, *, width: int, height: int, pad: int) -> LineChart:
    return line_chart(
        [cell.measured.value if cell.measured else None for cell in line.years],
        [cell.estimated.value if cell.estimated else None for cell in line.years],
        [cell.target.value if cell.target else None for cell in line.years],
        width=width,
        height=height,
        pad=pad,
    )


def _x(index: int, count: int) -> float:
    pad, width = LARGE["pad"], LARGE["width"]
    return width / 2 if count == 1 else round(pad + index * (width - 2 * pad) / (count - 1), 1)


def _lines(runs: Runs, kind: str) -> SafeString:
    return format_html_join(
        "",
        '<polyline class="dx-line dx-line--{}" points="{}"/>',
        ((kind, " ".join(f"{point.x},{point.y}" for point in run)) for run in runs if len(run) > 1),
    ) + format_html_join(
        "",
        '<line class="dx-line dx-line--{}" x1="{}" x2="{}" y1="{}" y2="{}"/>',
        ((kind, run[0].x - 8, run[0].x + 8, run[0].y, run[0].y) for run in runs if len(run) == 1 and kind == "target"),
    )


def _dots(runs: Runs, kind: str, radius: int) -> SafeString:
    return format_html_join(
        "",
        '<circle class="dx-dot dx-dot--{}" cx="{}" cy="{}" r="{}"/>',
        ((kind, point.x, point.y, radius) for run in runs for point in run),
    )


def _names(chart: LineChart) -> SafeString:
    return format_html_join(
        "",
        '<text class="dx-linechart__value dx-linechart__value--{}" x="{}" y="{}" text-anchor="middle">{}</text>',
        ((each.kind, each.x, each.y, figure(each.value)) for each in labels(chart, **LABELS)),
    )
