"""Rows of the ledgers, made the way people make them."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from initiatives.actions.ministry import PROFILE
from initiatives.models import PublishedProgress, StandardizedSystem
from tests.conftest import NOW, TODAY
from tests.factories import TESTS
from townhall.changes import create_row
from townhall.models import ImportJob, User
from townhall.sheets.waiting import leave_for_worker

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


def leave_file(data: bytes, *, by: User, name: str = "令和8年1月.xlsx", said: str = "") -> ImportJob:
    upload = SimpleUploadedFile(name, data)
    return leave_for_worker(upload, profile=PROFILE, subject=said, by=by, today=TODAY, now=NOW)
