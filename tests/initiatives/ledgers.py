"""Rows of the ledgers, made the way people make them."""

from datetime import date
from typing import Any

from initiatives.models import PublishedProgress, StandardizedSystem
from tests.conftest import TODAY
from tests.factories import TESTS
from townhall.changes import create_row

END_OF_JANUARY = date(2026, 1, 31)
SOURCE = "総務省公表値（令和8年1月末）"


def create_system(*, code: str = "std11", name: str = "戸籍", number: int = 18, **values: Any) -> StandardizedSystem:
    row = StandardizedSystem(code=code, name=name, pmo_order=number, agency_order=number, **values)
    return create_row(row, by=TESTS, today=TODAY)


def publish(
    system: StandardizedSystem, *, counted: int, as_of: date = END_OF_JANUARY, **values: Any
) -> PublishedProgress:
    row = PublishedProgress(system=system, as_of=as_of, counted=counted, source=SOURCE, **values)
    return create_row(row, by=TESTS, today=TODAY)
