"""The comparison of a 業務's hours and the flow of its steps as SVG; both stand beside a table with the same words."""

from collections.abc import Sequence
from html import escape

from django import template
from django.utils.safestring import SafeString

from initiatives.models import ProcessStep
from initiatives.summaries.processes import ProcessFigures

register = template.Library()
BAR, GAP = 20, 44
FILLS = ("none", "ok", "done")
BOX, STRIDE = 46, 66
LONGEST = 17  # characters that fit beside one another on the narrowest screen


@register.simple_tag
def hours_chart(figures: ProcessFigures) -> SafeString:
    """Three bars from 0; one that is not known has no bar and says so."""
    most = max((each.hours or 0 for each in figures.all), default=0)
    said = "、".join(f"{each.name} {_hours(each.hours)}" for each in figures.all)
    parts = []
    for number, each in enumerate(figures.all):
        y = number * GAP
        width = float(each.hours * 100 / most) if each.hours and most else 0
        parts.append(
            f'<text class="dx-chart__text" x="0" y="{y + 14}">{escape(each.name)}　{_hours(each.hours)}</text>'
        )
        parts.append(
            f'<rect class="dx-fill--{FILLS[number]}" x="0" y="{y + 20}" width="{width:.2f}%" height="{BAR - 4}"/>'
        )
    height = len(figures.all) * GAP
    return SafeString(
        f'<svg class="dx-chart" width="100%" height="{height}" role="img" '
        f'aria-label="年間の処理時間の比較：{escape(said)}">{"".join(parts)}</svg>'
    )


def _hours(hours: object) -> str:
    return "―（まだ分かりません）" if hours is None else f"{hours:,}時間"


@register.simple_tag
def flow_chart(steps: Sequence[ProcessStep]) -> SafeString:
    """From top to bottom, so that it fits a telephone and a sheet of paper."""
    said = "、".join(f"{step.order} {step.name}" for step in steps)
    parts = []
    for number, step in enumerate(steps):
        y = number * STRIDE + 1
        if number:
            parts.append(f'<path class="dx-chart__arrow" d="M24 {y - STRIDE + BOX} V{y - 4} m-4 -5 l4 5 l4 -5"/>')
        dropped = " dx-chart__box--dropped" if step.change == "e" else ""
        parts.append(f'<rect class="dx-chart__box{dropped}" x="1" y="{y}" width="99%" height="{BOX}" rx="6"/>')
        parts.append(
            f'<text class="dx-chart__text" x="12" y="{y + 19}">{escape(_cut(f"{step.order} {step.name}"))}</text>'
        )
        parts.append(
            f'<text class="dx-chart__note" x="12" y="{y + 38}">{escape(_cut(_about(step), LONGEST + 4))}</text>'
        )
    height = len(steps) * STRIDE - STRIDE + BOX + 2
    return SafeString(
        f'<svg class="dx-chart" width="100%" height="{height}" role="img" '
        f'aria-label="業務の流れ：{escape(said)}">{"".join(parts)}</svg>'
    )


def _about(step: ProcessStep) -> str:
    words = [step.person, step.get_medium_display() if step.medium else "", f"{step.minutes.normalize():f}分"]
    if step.change:
        after = "" if step.minutes_planned is None else f"→{step.minutes_planned.normalize():f}分"
        words.append(f"{step.change.upper()}{after}")
    return "・".join(word for word in words if word)


def _cut(text: str, most: int = LONGEST) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
