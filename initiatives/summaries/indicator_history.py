"""Everything that changed about one indicator: itself, its targets and its values, newest first. Three queries."""

from itertools import pairwise
from typing import Any

from initiatives.models import Indicator, IndicatorTarget, IndicatorValue
from townhall.history import Change, describe


def indicator_changes(indicator: Indicator) -> list[tuple[str, list[Change]]]:
    """Heading and changes, without the empty parts."""
    found = [
        ("指標の変更履歴", _changes(Indicator.history.filter(id=indicator.pk), "plan", "initiative")),
        ("目標の変更履歴", _changes(IndicatorTarget.history.filter(indicator=indicator.pk), "indicator")),
        ("値の変更履歴", _changes(IndicatorValue.history.filter(indicator=indicator.pk), "indicator")),
    ]
    return [(heading, changes) for heading, changes in found if changes]


def _changes(history: Any, *related: str) -> list[Change]:
    """Each record against the one before it of the same row."""
    records = [*history.select_related(*related).order_by("id", "-history_date", "-history_id"), None]
    pairs = (
        (record, older if older is not None and older.id == record.id else None) for record, older in pairwise(records)
    )
    return sorted((describe(record, older) for record, older in pairs), key=lambda change: change.at, reverse=True)
