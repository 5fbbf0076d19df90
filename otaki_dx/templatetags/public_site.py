"""Addresses within the pages for residents: relative, so that the same page works served, as a sample and as a file."""

from datetime import date
from typing import Any

from django import template
from django.templatetags.static import static

from townhall import fiscal

register = template.Library()


@register.simple_tag(takes_context=True)
def public_link(context: Any, *parts: object) -> str:
    """`{% public_link "initiatives/" code "/" %}` from whatever page is being shown."""
    return str(context["at"].to("".join(map(str, parts))))


@register.simple_tag(takes_context=True)
def public_asset(context: Any, name: str) -> str:
    at = context["at"]
    return at.to(f"assets/{name}") if at.is_file else static(name)


@register.filter
def parts(value: str) -> list[str]:
    """「役,だれ」 → 役, だれ."""
    return value.split(",")


@register.filter
def month_label(day: date | None) -> str:
    """令和8年11月, as residents are told how fresh a page is."""
    return fiscal.format_date(day).split("月")[0] + "月" if day else ""
