"""A table as a file for somebody, and the row that says who took it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from townhall.models import ExportRecord, User
from townhall.sheets.writing import CSV_TYPE, XLSX_TYPE, unwritable, write_csv, write_xlsx

XLSX, CSV, CP932 = "xlsx", "csv", "cp932"
FORMATS = ((XLSX, "Excel（.xlsx）"), (CSV, "CSV（UTF-8）"), (CP932, "CSV（CP932、古いソフト用）"))
LONGEST_ABOUT = 200


class UnwritableError(ValueError):
    """The table holds characters that CP932 does not know; the message names them."""


@dataclass(frozen=True)
class TableFile:
    """What goes out, and under which name."""

    kind: str
    label: str
    headings: Sequence[str]
    lines: Sequence[Sequence[Any]]
    widths: Sequence[int] = ()
    about: str = ""


def table_response(
    table: TableFile, format: str, *, by: User, today: date, now: datetime, name: str = ""
) -> HttpResponse:
    """The file, noted. Raises UnwritableError for CP932; then nothing leaves."""
    data, extension, content_type = _written(table, format)
    name = f"{name or f'{table.label}_{today:%Y%m%d}'}.{extension}"
    note_export(
        table.kind, table.label, rows=len(table.lines), about=table.about, name=name, by=by, today=today, now=now
    )
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(data, content_type=content_type, headers=headers)


def note_export(
    kind: str, label: str, *, rows: int, name: str, by: User, today: date, now: datetime, about: str = ""
) -> ExportRecord:
    """Who took how many rows of what, under which conditions."""
    return ExportRecord.objects.create(
        kind=kind[:60],
        label=label[:100],
        about=about[:LONGEST_ABOUT],
        file_name=name[:200],
        rows=rows,
        person=by,
        person_text=by.described_on(today)[:200],
        taken_at=now,
    )


def _written(table: TableFile, format: str) -> tuple[bytes, str, str]:
    if format == XLSX:
        return write_xlsx(table.label, table.headings, table.lines, widths=table.widths), "xlsx", XLSX_TYPE
    if format == CP932:
        if strange := unwritable(table.headings, table.lines):
            named = "、".join(f"「{char}」" for char in strange[:10])
            raise UnwritableError(
                f"CP932では書けない文字があります（{named}）。CSV（UTF-8）かExcelで書き出してください。"
            )
        return write_csv(table.headings, table.lines, encoding="cp932"), "csv", "text/csv; charset=shift_jis"
    return write_csv(table.headings, table.lines), "csv", CSV_TYPE
