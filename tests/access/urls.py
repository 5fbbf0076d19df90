"""Every URL that the resolver knows, by name."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

from tests.access.table import ADMIN, ADMIN_PAGES, BEHIND_THE_LOGIN, OPEN_WITHOUT_LOGIN, PAGES, Admin

# Django's admin has two kinds of patterns without a name: the old address of a change page, and everything else (404).
UNNAMED_IN_THE_ADMIN = {"admin: <path:object_id>/", "admin: (?P<url>.*)$"}


def url_names(patterns: list[Any], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from url_names(pattern.url_patterns, namespace + inner)
        elif isinstance(pattern, URLPattern):
            yield namespace + (pattern.name or f" {pattern.pattern}")


def urls_without_a_line(patterns: list[Any] | None = None) -> set[str]:
    return set(url_names(patterns or get_resolver().url_patterns)) - listed_names()


def lines_without_a_url() -> set[str]:
    return listed_names() - set(url_names(get_resolver().url_patterns))


def listed_names() -> set[str]:
    names = {line.name for line in PAGES} | OPEN_WITHOUT_LOGIN | BEHIND_THE_LOGIN | UNNAMED_IN_THE_ADMIN
    names |= {f"admin:{name}" for name in ADMIN_PAGES}
    return names | {f"admin:{line.label}_{name}" for line in ADMIN for name in pages_of(line)}


def pages_of(line: Admin) -> list[str]:
    own = ["changelist", "add", "change", "history", "delete"]
    return own + (["import", "export"] if line.sheets is not None else [])


def registered_models() -> set[str]:
    return {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry}
