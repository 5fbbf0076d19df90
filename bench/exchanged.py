"""What `bench.exchange` measures. Needs Django set up on an empty database of its own."""

import os
import resource
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

from otaki_dx.exchange_kinds import BY_PROFILE, KINDS, readers
from schedule.models import Trainee
from schedule.models.training import name_key
from townhall.changes import System, create_row
from townhall.models import ImportJob, RoleAssignment, Section, User
from townhall.sheets.imports import apply_job, begin, outcome_in, write_queued
from townhall.sheets.waiting import work_off
from townhall.sheets.writing import write_xlsx

TODAY, NOW = date(2026, 11, 24), datetime(2026, 11, 24, 1, tzinfo=UTC)
HEADINGS = ["職員番号", "氏名", "課", "任用の区分", "採用日", "名簿の最後の日", "ログイン名"]


def lines(rows: int) -> list[list[Any]]:
    return [[f"{number:05d}", f"見本 {number}号", "総務課", "常勤の職員", "R8.4.1", "", ""] for number in range(rows)]


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds on the clock and of the processor, its children among them, and what came of it."""
    clock, cpu = perf_counter(), processor()
    made = work()
    return perf_counter() - clock, processor() - cpu, made


def processor() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + children.ru_utime + children.ru_stime


def bare_import(data: bytes) -> None:
    _, *rows = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
    insert(rows)


def openpyxl_import(data: bytes) -> None:
    book = load_workbook(BytesIO(data), read_only=True, data_only=True)
    _, *rows = book.active.iter_rows(values_only=True)
    insert(rows)


def insert(rows: list[Any]) -> None:
    section = Section.objects.get()
    Trainee.objects.bulk_create(
        [
            Trainee(
                staff_number=row[0],
                name=row[1],
                name_key=name_key(row[1]),
                section=section,
                employment="regular",
                hired_on=date(2026, 4, 1),
            )
            for row in rows
        ],
        batch_size=1000,
    )


def bare_export() -> bytes:

    book = Workbook(write_only=True)
    sheet = book.create_sheet("表")
    sheet.append(HEADINGS)
    for row in Trainee.objects.select_related("section", "user"):
        sheet.append([row.staff_number, row.name, row.section.name, row.employment, str(row.hired_on), "", ""])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def prepare(rows: int) -> None:
    """A town with one section, 事務局, and the file."""
    call_command("migrate", verbosity=0)
    told: dict[str, Any] = {"by": System("計測"), "today": TODAY}
    section = create_row(Section(code="somu", name="総務課"), **told)
    office = create_row(User(username="office", name="見本 花子", password="!"), **told)  # noqa: S106 - no password
    post = RoleAssignment(user=office, role="secretariat", section=section, valid_from=date(2023, 4, 1))
    create_row(post, **told)
    file().write_bytes(write_xlsx("名簿", HEADINGS, lines(rows)))


def file() -> Path:
    return Path(os.environ["PORTAL_DATA"]) / "名簿.xlsx"


def measure_bare() -> dict[str, tuple[float, float]]:
    data = file().read_bytes()
    return {"bare import": timed(lambda: bare_import(data))[:2], "bare export": timed(bare_export)[:2]}


def measure_openpyxl() -> dict[str, tuple[float, float]]:
    data = file().read_bytes()
    return {"openpyxl import": timed(lambda: openpyxl_import(data))[:2]}


def measure_portal() -> dict[str, tuple[float, float]]:
    office = User.objects.get()
    kind, when = KINDS["trainees"], {"today": TODAY, "now": NOW}
    data = file().read_bytes()

    def bring() -> ImportJob:
        """Choose, read, preview: what the worker does for a long table."""
        job = begin(kind, SimpleUploadedFile("名簿.xlsx", data), by=office, **when)
        work_off(readers(lambda: NOW), clock=lambda: NOW)
        job.refresh_from_db()
        return job

    def bring_and_apply() -> None:
        apply_job(kind, bring(), without_errors=False, by=office, **when)
        write_queued(BY_PROFILE, clock=lambda: NOW)

    def out() -> bytes:
        return write_xlsx(kind.label, kind.headings, kind.lines(office, TODAY), widths=kind.widths)

    found: dict[str, tuple[float, float]] = {}
    found["import"] = timed(bring_and_apply)[:2]
    rows = Trainee.objects.count()
    assert rows == Trainee.history.count() > 0
    clock, cpu, job = timed(bring)
    assert outcome_in(job).count("same") == rows
    del job  # nobody who takes a table out holds the rows of an import
    found["import again"] = clock, cpu
    found["export"] = timed(out)[:2]
    return found
