"""Bars of the rates of training, as SVG; the numbers stand beside them in the same row of the table."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from schedule.summaries.training import Rate

register = template.Library()


@register.simple_tag
def rate_bar(rate: Rate, of: str) -> SafeString:
    """One bar on a ground as long as 100 %; what is missing stays light."""
    said = f"{of}：{rate.required}人のうち{rate.attended}人が受講" if rate.required else f"{of}：対象者なし"
    return format_html(
        '<svg class="dx-meter dx-meter--row" role="img" aria-label="{}"><rect class="dx-fill--bg" width="100%" height="10" '
        'rx="2"/><rect class="dx-fill--ok" width="{}%" height="10" rx="2"/></svg>',
        said,
        rate.percent or 0,
    )
