"""The thin bar of a 業務: done, being done, not begun. The numbers stand beside it in words."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from initiatives.models.systems import PUBLISHED_STEPS
from initiatives.summaries.systems import SystemLine

register = template.Library()


@register.simple_tag
def step_meter(line: SystemLine) -> SafeString:
    counted = line.counted or 0
    parts = [("bg", 0.0, 100.0), ("done", 0.0, _share(counted)), ("doing", _share(counted), _share(line.doing))]
    bars = format_html_join(
        "",
        '<rect class="dx-fill--{}" x="{}%" width="{}%" height="8"/>',
        ((name, f"{x:g}", f"{width:g}") for name, x, width in parts if width),
    )
    return format_html('<svg class="dx-meter dx-meter--thin" aria-hidden="true" focusable="false">{}</svg>', bars)


def _share(steps: int) -> float:
    return steps * 100 / PUBLISHED_STEPS
