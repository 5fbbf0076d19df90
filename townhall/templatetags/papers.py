"""A paper as a page."""

from collections.abc import Sequence
from datetime import date

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from townhall.paper.content import Column, Line, Text

register = template.Library()


@register.filter
def said_on(block: Text, day: date) -> str:
    return block.said_on(day)


@register.simple_tag
def table_cells(line: Line, columns: Sequence[Column]) -> SafeString:
    """The first cell names the line, unless it is empty."""
    pairs = zip(line.cells, columns, strict=False)
    return format_html_join(
        "", "{}{}{}", (_cell(*each, is_name=n == 0 and each[0] != "") for n, each in enumerate(pairs))
    )


def _cell(text: str, column: Column, *, is_name: bool) -> tuple[SafeString, SafeString, SafeString]:
    css_class = SafeString(' class="dx-table__num"' if column.align == "right" else "")
    start = format_html('<th scope="row"{}>' if is_name else "<td{}>", css_class)
    return start, _lines(text), SafeString("</th>" if is_name else "</td>")


def _lines(text: str) -> SafeString:
    return format_html_join(SafeString("<br>"), "{}", ((line,) for line in text.split("\n")))
