"""Taking in what the ministries publish: every changed cell is shown first, then all of it is written or nothing."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from initiatives import ministry
from initiatives.ministry import Finding, MinistryTable
from initiatives.models import PublishedProgress, StandardizedSystem
from townhall import fiscal
from townhall.changes import StaleVersion, create_row, save_row
from townhall.models import ImportJob, User
from townhall.sheets import jobs
from townhall.sheets.child import read_large_apart
from townhall.sheets.guard import SheetError

PROFILE = "ministry"
CHANGED_SINCE = "確認したあとに、ほかの人が変えた業務があります。何も取り込んでいません。もう一度確かめてください。"


class ImportRefused(Exception):  # noqa: N818 - reads as the fact it reports
    """Nothing was written; the message is a sentence."""


@dataclass(frozen=True)
class CellChange:
    column: str
    before: str
    after: str


@dataclass(frozen=True)
class SystemChange:
    name: str
    as_written: str
    place: str
    is_new: bool
    cells: tuple[CellChange, ...]


@dataclass(frozen=True)
class MinistryPreview:
    table: MinistryTable
    changes: tuple[SystemChange, ...]
    same: int
    not_named: tuple[str, ...]  # 業務 of which the file says nothing
    versions: dict[str, int]

    @property
    def cells(self) -> int:
        return sum(len(change.cells) for change in self.changes)

    @property
    def label(self) -> str:
        return ministry.LABELS[self.table.kind]


def read_file(job: ImportJob, data: bytes) -> dict[str, Any]:
    """For the worker: the town's lines of the file, understood. Raises SheetError."""
    extracts = read_large_apart(job.file_name, data, words=ministry.WORDS)
    known = [name for system in StandardizedSystem.objects.all() for name in system.names]
    if not known:
        raise SheetError("20業務がまだ登録されていません。運用担当に知らせてください。")
    said = date.fromisoformat(job.subject) if job.subject else None
    return ministry.interpret(extracts, file_name=job.file_name, known=known, said=said).as_json()


def preview(job: ImportJob) -> MinistryPreview:
    """What the file would change now; two queries."""
    table = MinistryTable.from_json(job.table)
    rows = _rows(table)
    changes = [_change(system, finding, published) for system, finding, published in rows]
    named = {system.pk for system, _, _ in rows}
    return MinistryPreview(
        table=table,
        changes=tuple(change for change in changes if change.cells),
        same=sum(not change.cells for change in changes),
        not_named=tuple(StandardizedSystem.objects.exclude(pk__in=named).values_list("name", flat=True)),
        versions={
            system.code: system.version if table.kind == ministry.TRANSITION else published.version if published else 0
            for system, _, published in rows
        },
    )


def apply_file(job: ImportJob, *, by: User, today: date, now: datetime) -> int:
    """Write every change of the preview, by exactly one person and once. The number of changed 業務.

    Raises ImportRefused; then nothing is written and the job is as before.
    """
    try:
        with transaction.atomic():
            if not jobs.claim(job, now=now):
                raise ImportRefused(jobs.not_open(job))
            seen = preview(job)
            if seen.versions != job.base:
                raise ImportRefused(CHANGED_SINCE)
            for system, finding, published in _rows(seen.table):
                if _change(system, finding, published).cells:
                    _write(system, finding, published, seen.table, job, by=by, today=today)
            jobs.finish(job, {"counts": {"変更した業務": len(seen.changes), "変更なし": seen.same}})
    except StaleVersion as stale:
        raise ImportRefused(CHANGED_SINCE) from stale
    except ValidationError as error:
        raise ImportRefused(f"{' '.join(error.messages)} 何も取り込んでいません。") from error
    return len(seen.changes)


Row = tuple[StandardizedSystem, Finding, PublishedProgress | None]


def _rows(table: MinistryTable) -> list[Row]:
    systems = {ministry.key(name): system for system in StandardizedSystem.objects.all() for name in system.names}
    published = {row.system_id: row for row in PublishedProgress.objects.filter(as_of=table.as_of)}
    found = [(systems[ministry.key(each.name)], each) for each in table.findings if ministry.key(each.name) in systems]
    return [(system, finding, published.get(system.pk)) for system, finding in found]


def _change(system: StandardizedSystem, finding: Finding, published: PublishedProgress | None) -> SystemChange:
    if finding.applies is None:
        cells = _published_cells(finding, published)
    else:
        cells = _transition_cells(system, is_transitional=finding.applies)
    return SystemChange(system.name, finding.name, finding.place, published is None, tuple(cells))


def _published_cells(finding: Finding, published: PublishedProgress | None) -> list[CellChange]:
    """A file without steps says nothing about 対象外, so it takes nothing away that another one said."""
    before = str(published.counted) if published else "―"
    cells = [CellChange("完了ステップ（公表方式）", before, str(finding.counted))]
    if finding.excluded is not None:
        known = "―" if published is None or published.excluded is None else str(published.excluded)
        cells.append(CellChange("うち対象外", known, str(finding.excluded)))
        old = [(name, word) for name, word in published.steps] if published else []
        for number, (name, word) in enumerate(finding.steps):
            was = old[number] if number < len(old) else ("", "―")
            if was != (name, word):
                cells.append(CellChange(f"{number + 1} {name}", was[1] or "（空欄）", word or "（空欄）"))
    return [cell for cell in cells if cell.before != cell.after or cell.column[0].isdigit()]


def _transition_cells(system: StandardizedSystem, *, is_transitional: bool) -> list[CellChange]:
    if system.is_transitional == is_transitional:
        return []
    words = {True: "該当", False: "該当しない"}
    cells = [CellChange("特定移行支援システム", words[system.is_transitional], words[is_transitional])]
    if not is_transitional:  # a reason and an end belong to one that applies
        if system.transition_reason:
            cells.append(CellChange("特定移行の理由", system.get_transition_reason_display(), "（空欄）"))
        if system.transition_until:
            cells.append(CellChange("特定移行の期限", fiscal.format_date(system.transition_until), "（空欄）"))
    return cells


def _write(
    system: StandardizedSystem,
    finding: Finding,
    published: PublishedProgress | None,
    table: MinistryTable,
    job: ImportJob,
    *,
    by: User,
    today: date,
) -> None:
    who: dict[str, Any] = {"by": by, "today": today, "source": jobs.source_of(job), "reason": jobs.reason_of(job)}
    if finding.applies is not None:
        system.is_transitional = finding.applies
        if not finding.applies:
            system.transition_reason, system.transition_until = "", None
        save_row(system, seen_version=system.version, **who)
        return
    row = published or PublishedProgress(system=system, as_of=table.as_of)
    row.counted = finding.counted or 0
    if finding.excluded is not None:
        row.excluded, row.steps = finding.excluded, [list(step) for step in finding.steps]
    elif row.excluded is not None and row.excluded > row.counted:
        row.excluded, row.steps = None, []
    row.source = f"{ministry.LABELS[table.kind]}（{job.file_name}）"[:200]
    if published is None:
        create_row(row, **who)
    else:
        save_row(row, seen_version=row.version, **who)
