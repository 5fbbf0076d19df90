"""{% csrf_token %} for all templates, the admin's and the libraries' too: the token, and whose form it is.

Replaces Django's tag of the same name (TEMPLATES builtins), so that no form can forget it (ADR 9).
"""

from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from townhall.carried import PERSON_FIELD, signed_person

register = template.Library()


class PersonalTokenNode(CsrfTokenNode):
    def render(self, context: Any) -> SafeString:
        token = super().render(context)
        user = getattr(context.get("request"), "user", None)
        if user is None or not user.is_authenticated:
            return mark_safe(token)  # noqa: S308 - made by Django's own tag
        note = format_html('<input type="hidden" name="{}" value="{}">', PERSON_FIELD, signed_person(user))
        return mark_safe(f"{token}{note}")  # noqa: S308 - both parts are escaped


@register.tag
def csrf_token(parser: Parser, token: Token) -> PersonalTokenNode:
    return PersonalTokenNode()
