"""Rows of the ledgers, made the way people make them."""

from datetime import date
from decimal import Decimal
from string import ascii_uppercase
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from initiatives.actions import processes as actions
from initiatives.actions.ministry import PROFILE
from initiatives.models import BusinessProcess, ProcessStep, PublishedProgress, StandardizedSystem
from tests.conftest import NOW, TODAY
from tests.factories import TESTS
from townhall.changes import create_row
from townhall.models import ImportJob, Section, User
from townhall.sheets.resource import Outcome, SafeResource
from townhall.sheets.table import Line, Sheet
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


def create_process(*, section: Section, name: str = "証明書の交付", **values: Any) -> BusinessProcess:
    """検算: A 12→6分, B 5→2分, 600件 → 170.0h → 80.0h."""
    process = actions.create_process(BusinessProcess(section=section, name=name, **values), by=TESTS, today=TODAY)
    steps = [step("受付", "12", "6"), step("交付", "5", "2")]
    return actions.save_steps(process, steps, by=TESTS, today=TODAY, seen_version=process.version)


def step(name: str, minutes: str, planned: str | None = None, *, volume: int = 600, **values: Any) -> ProcessStep:
    after = None if planned is None else Decimal(planned)
    return ProcessStep(name=name, minutes=Decimal(minutes), volume=volume, minutes_planned=after, **values)


def take_in(resource: type[SafeResource], headings: tuple[str, ...], *lines: tuple[Any, ...], by: User) -> Outcome:
    """As the wizard writes a file of these lines, which begin in row 2."""
    numbered = tuple(Line(number, line) for number, line in enumerate(lines, 2))
    sheet = Sheet(headers=headings, lines=numbered, columns=tuple(ascii_uppercase[: len(headings)]))
    return resource(by=by, today=TODAY, now=NOW, source="IMP-1").run(sheet, dry_run=False)
