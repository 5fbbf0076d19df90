"""The history of one model as the 変更履歴 reads it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from schedule.models import ReportingRound


@dataclass(frozen=True)
class Source:
    """The history of one model, already narrowed to what this person may see."""

    slug: str
    kind: str  # as people call it
    model: Any
    rows: QuerySet[Any]
    related: tuple[str, ...]  # read with the row, so that naming it costs no query
    title: Callable[[Any], str]
    url: Callable[[Any], str]
    of_round: Callable[[ReportingRound], Q] | None = None  # None: knows no round
    of_section: Callable[[int], Q] | None = None


def own_title(row: Any) -> str:
    return str(row.instance)


def own_url(row: Any) -> str:
    """Empty once the row is deleted: its page is gone with it."""
    url: str = row.instance.get_absolute_url() if row.is_there else ""
    return url


def url_of(name: str) -> Callable[[Any], str]:
    """The page of what the row belongs to, by the name of its key."""
    return lambda row: getattr(row, name).get_absolute_url()
