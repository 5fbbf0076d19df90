"""The wizard behind `/data/`: 種類 → ファイル → 列の対応 → 確認 → 完了, for every ImportKind alike.

job = begin(kind, upload, …)                 # a row first; small files are read at once, larger ones by the worker
answer_mapping(kind, job, {…})               # only when a heading is not known
apply_job(kind, job, …)                      # all or nothing, once; many rows by the worker
"""

import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from townhall.cells import fold
from townhall.changes import Written, written_rows
from townhall.choices import JobState
from townhall.models import ColumnMapping, ImportJob, User, WaitingFile
from townhall.sheets import jobs
from townhall.sheets.child import STOPPED, read_apart
from townhall.sheets.guard import LEDGER, REQUEST, HeadingError, Limits, SheetError, TooMuchError
from townhall.sheets.kinds import ImportKind
from townhall.sheets.resource import Outcome, RowOutcome, SafeResource
from townhall.sheets.table import Sheet
from townhall.sheets.waiting import MOST_ATTEMPTS, ask_for_mapping, leave_for_worker

logger = logging.getLogger(__name__)

READ_AT_ONCE = 256 * 1024  # bytes; more than that is hardly 500 rows, so a request need not try
CHANGED_SINCE = (
    "確認したあとに、ほかの人が変えた行があります。何も取り込んでいません。下の内容をもう一度確かめてください。"
)
NOTHING_LEFT = "取り込む行がありません。"
ERRORS_LEFT = "誤りのある行があるため、取り込んでいません。表を直すか、「誤りの行を除いて取り込む」を選んでください。"


class ImportRefused(Exception):  # noqa: N818 - reads as the fact it reports
    """Nothing was written; the message is a sentence."""


def begin(
    kind: ImportKind, upload: UploadedFile, *, by: User, today: date, now: datetime, subject: str = ""
) -> ImportJob:
    """Keep the file, and read it now when a request may. Raises SheetError for one that nobody could read."""
    kind = kind.for_subject(subject)
    job = leave_for_worker(upload, profile=kind.profile, subject=subject, by=by, today=today, now=now)
    if job.size > READ_AT_ONCE:
        return job
    return read_now(kind, job, today=today, now=now)


def read_now(kind: ImportKind, job: ImportJob, *, today: date, now: datetime) -> ImportJob:
    """In the request, within its limits; a file beyond them keeps waiting for the worker."""
    data = bytes(WaitingFile.objects.get(job=job).data)
    try:
        sheet = _sheet(kind, job, data, REQUEST)
    except TooMuchError:
        return job
    except HeadingError as error:
        ask_for_mapping(job, error)
        return job
    except SheetError as error:
        jobs.refuse(job, error.sentences)
        WaitingFile.objects.filter(job=job).delete()
        raise
    _keep(kind, job, sheet, today=today, now=now)
    WaitingFile.objects.filter(job=job).delete()
    return job


def read_for_worker(kind: ImportKind, job: ImportJob, data: bytes, *, today: date, now: datetime) -> dict[str, Any]:
    """The table and its preview, which stays with the job. Raises SheetError and HeadingError."""
    sheet = _sheet(kind, job, data, LEDGER)
    _look(kind, job, sheet, today=today, now=now)
    job.save(update_fields=["base", "result"])
    return sheet.as_json()


def _sheet(kind: ImportKind, job: ImportJob, data: bytes, limits: Limits) -> Sheet:
    resource = kind.resource()
    given: dict[str, Any] = {"known": resource.headings(), "required": resource.key_headings(), "limits": limits}
    try:
        sheet = read_apart(job.file_name, data, aliases={**kind.words, **_mapping_of(job)}, **given)
    except HeadingError as error:
        said = _said_before(kind, list(error.headings))
        if not said or _mapping_of(job):
            raise
        sheet = read_apart(job.file_name, data, aliases={**kind.words, **said}, **given)
    if not sheet.lines:
        raise SheetError(jobs.NO_LINES)
    return sheet


# --- 3 列の対応


def headings_key(headings: list[str] | tuple[str, ...]) -> str:
    """The same headings in the same order, however wide their letters are."""
    return hashlib.sha256("\n".join(fold(each).casefold() for each in headings).encode()).hexdigest()


def suggested(kind: ImportKind, job: ImportJob) -> dict[str, str]:
    """Heading of the file → ours, as far as it is known: the same name, another word for it, or said before."""
    known = {fold(each).replace(" ", "").casefold(): each for each in kind.headings}
    known |= {fold(word).replace(" ", "").casefold(): at for word, at in kind.words.items()}
    said = _said_before(kind, job.table["headings"])
    return {
        heading: said.get(heading, known.get(fold(heading).replace(" ", "").casefold(), ""))
        for heading in job.table["headings"]
        if heading.strip()
    }


def _said_before(kind: ImportKind, headings: list[str]) -> dict[str, str]:
    found = ColumnMapping.objects.filter(profile=kind.profile, headings=headings_key(headings)).first()
    return dict(found.columns) if found else {}


def _mapping_of(job: ImportJob) -> dict[str, str]:
    columns: dict[str, str] = job.table.get("mapping", {})
    return columns


def answer_mapping(
    kind: ImportKind, job: ImportJob, columns: Mapping[str, str], *, by: User, today: date, now: datetime
) -> ImportJob:
    """Read the file under these columns, and remember them. Raises SheetError; the job then still asks."""
    headings = job.table["headings"]
    chosen = {heading: at for heading, at in columns.items() if heading in headings and (not at or at in kind.headings)}
    taken = [at for at in chosen.values() if at]
    if len(set(taken)) < len(taken):
        raise SheetError("同じ列を二つ以上の見出しに当てはめています。一つだけにしてください。")
    missing = [each for each in kind.resource().key_headings() if each not in taken]
    if missing:
        raise SheetError(f"列{''.join(f'「{each}」' for each in missing)}に当てはまる見出しを選んでください。")
    with transaction.atomic():
        if ImportJob.objects.filter(pk=job.pk, state=JobState.MAPPING).update(state=JobState.WAITING) != 1:
            raise SheetError(jobs.not_open(job))
        job.state, job.result = JobState.WAITING, {}
        job.table = {"headings": headings, "mapping": chosen}
        job.save(update_fields=["state", "table", "result"])
        ColumnMapping.objects.update_or_create(
            profile=kind.profile,
            headings=headings_key(headings),
            defaults={"columns": chosen, "person_text": by.described_on(today)[:200], "said_at": now},
        )
    return read_now(kind, job, today=today, now=now)


# --- 4 確認


def _keep(kind: ImportKind, job: ImportJob, sheet: Sheet, *, today: date, now: datetime) -> None:
    _look(kind, job, sheet, today=today, now=now)
    job.table, job.state = sheet.as_json(), JobState.PREVIEWED
    job.save(update_fields=["table", "state", "base", "result"])


def _look(kind: ImportKind, job: ImportJob, sheet: Sheet, *, today: date, now: datetime) -> None:
    """What the file would change, kept with the versions it was seen at."""
    resource = _resource(kind, job, base=None, by=job.person, today=today, now=now)
    outcome = resource.run(sheet, dry_run=True)
    job.base, job.result = resource.versions, as_json(outcome)


def _resource(
    kind: ImportKind, job: ImportJob, *, base: dict[str, int] | None, by: User, today: date, now: datetime
) -> SafeResource:
    told = {"source": jobs.source_of(job), "reason": jobs.reason_of(job)}
    return kind.resource()(by=by, today=today, now=now, base=base, **told)


def as_json(outcome: Outcome) -> dict[str, Any]:
    """The rows as they are: their values are plain already."""
    return {"rows": [vars(row) for row in outcome.rows], "errors": list(outcome.errors), "counts": outcome.counts}


def outcome_in(job: ImportJob) -> Outcome:
    """The preview as it was kept."""
    rows = (
        RowOutcome(
            line=row["line"],
            name=row["name"],
            kind=row["kind"],
            changes=tuple((column, before, after) for column, before, after in row["changes"]),
            errors=tuple(row["errors"]),
            corrections=tuple((column, typed) for column, typed in row["corrections"]),
        )
        for row in job.result.get("rows", [])
    )
    return Outcome(tuple(rows), tuple(job.result.get("errors", ())))


# --- 5 完了


def is_large(job: ImportJob) -> bool:
    """Whether its rows are written by the worker."""
    return len(job.table.get("lines", ())) > REQUEST.rows


def apply_job(
    kind: ImportKind, job: ImportJob, *, without_errors: bool, by: User, today: date, now: datetime
) -> ImportJob:
    """Write every row of the preview, once; or put it in the worker's queue. Raises ImportRefused: nothing is written."""
    kinds = {row["kind"] for row in job.result.get("rows", ())}
    if job.result.get("errors") or ("error" in kinds and not without_errors):
        raise ImportRefused(ERRORS_LEFT)
    if not kinds & {"new", "update"}:
        raise ImportRefused(NOTHING_LEFT)
    if is_large(job):
        if ImportJob.objects.filter(pk=job.pk, state=JobState.PREVIEWED).update(state=JobState.QUEUED) != 1:
            raise ImportRefused(jobs.not_open(job))
        job.state = JobState.QUEUED
        return job
    return write_job(kind, job, by=by, today=today, now=now)


def write_job(
    kind: ImportKind, job: ImportJob, *, by: User, today: date, now: datetime, state: str = JobState.PREVIEWED
) -> ImportJob:
    """The claim and every row in one transaction. Lines with an error in the preview were left out by a person."""
    seen = {row["line"]: row for row in job.result.get("rows", ())}
    failed = {line for line, row in seen.items() if row["kind"] == "error"}
    refused: Outcome | None = None
    with transaction.atomic(), written_rows() as written:
        if not jobs.claim(job, now=now, state=state):
            raise ImportRefused(jobs.not_open(job))
        resource = _resource(kind, job, base=job.base, by=by, today=today, now=now)
        outcome = resource.run(_take_sheet(job, failed), dry_run=False)
        del resource  # and with it every row: the longest moment for the memory is yet to come
        if outcome.is_clean:
            job.written = [list(vars(each).values()) for each in written]
            job.save(update_fields=["written"])
            _finish(job, seen, outcome)
        else:
            refused = outcome
            transaction.set_rollback(True)
    if refused is not None:
        job.refresh_from_db()
        _look(kind, job, jobs.sheet_of(job), today=today, now=now)
        job.state = JobState.PREVIEWED
        job.save(update_fields=["base", "result", "state"])
        raise ImportRefused(CHANGED_SINCE)
    logger.info("import %s by %s: %s records written", kind.code, by.pk, len(written))
    return job


def _finish(job: ImportJob, seen: Mapping[int, dict[str, Any]], done: Outcome) -> None:
    """Each line stays as the preview told it, unless it came out as something else; lines left out among them."""
    otherwise = {row.line: vars(row) for row in done.rows if row.kind != seen[row.line]["kind"]}
    left_out = len(seen) - len(done.rows)
    if not otherwise and not left_out and "sentence" not in job.result:
        return  # the preview's own text stays as it is
    rows = [otherwise.get(line, row) for line, row in sorted(seen.items())]
    counts = done.counts | ({"除いた行": left_out} if left_out else {})
    jobs.finish(job, {"rows": rows, "errors": [], "counts": counts})


def write_queued(kinds: Mapping[str, ImportKind], *, clock: Callable[[], datetime]) -> list[ImportJob]:
    """What waits for the worker, by profile. A job stays in the queue until its transaction has ended."""
    done = []
    for job in ImportJob.objects.filter(state=JobState.QUEUED, profile__in=kinds).order_by("pk"):
        now = clock()
        ImportJob.objects.filter(pk=job.pk).update(attempts=F("attempts") + 1)
        try:
            _write_one(kinds[job.profile].for_subject(job.subject), job, today=timezone.localdate(now), now=now)
        except ImportRefused as refused:
            _back_to_preview(job, str(refused))
        except Exception:
            logger.exception("writing %s failed", job)
            _back_to_preview(job, STOPPED)
        done.append(job)
    return done


def _write_one(kind: ImportKind, job: ImportJob, *, today: date, now: datetime) -> None:
    if not kind.may_import(job.person, today=today):
        raise ImportRefused("取り込む権限がなくなったため、取り込んでいません。")
    if job.attempts > MOST_ATTEMPTS + MOST_ATTEMPTS:  # those of reading count too
        raise ImportRefused(STOPPED)
    write_job(kind, job, by=job.person, today=today, now=now, state=JobState.QUEUED)


def _back_to_preview(job: ImportJob, sentence: str) -> None:
    current = ImportJob.objects.get(pk=job.pk)
    if current.state in (JobState.QUEUED, JobState.PREVIEWED):
        current.state, current.result = JobState.PREVIEWED, current.result | {"sentence": sentence}
        current.save(update_fields=["state", "result"])


def _take_sheet(job: ImportJob, numbers: set[int]) -> Sheet:
    """The table without these lines; the job no longer holds it in memory."""
    sheet = jobs.sheet_of(job)
    job.table = {}
    return Sheet(**vars(sheet) | {"lines": tuple(line for line in sheet.lines if line.number not in numbers)})


def written_by(job: ImportJob) -> list[Written]:
    return [Written(*each) for each in job.written]
