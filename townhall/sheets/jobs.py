"""The life of one import: the row comes first, the browser gets its number, and it can be applied once.

job = open_job(upload, profile="progress_workbook", subject="round:12", …)   # SheetError: say its sentences
sheet = sheet_of(job)                                                         # preview it, then
keep_base(job, versions)
…
with transaction.atomic():                                                    # on the second request
    if not claim(job, now=now): …                                             # say not_open(job)
    …                                                                         # compare `job.base`, write
    finish(job, {"changed": 3})
"""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.http import Http404
from django.utils import timezone

from townhall.cells import clean_text
from townhall.choices import JobState
from townhall.models import ImportJob, User, WaitingFile
from townhall.sheets.child import read_apart
from townhall.sheets.guard import MAX_BYTES, SheetError, check_size
from townhall.sheets.table import Sheet

PREVIEW_LASTS = timedelta(days=1)
LONGEST_NAME = 200
LONGEST_SOURCE = 60  # history_source
NO_LINES = "見出しの下に行がありません。"


def open_job(
    upload: UploadedFile,
    *,
    profile: str,
    subject: str,
    known: Sequence[str],
    required: Sequence[str],
    by: User,
    today: date,
    now: datetime,
    hidden: Sequence[str] = (),
    aliases: Mapping[str, str] | None = None,
) -> ImportJob:
    """Write down that this person brought this file, then read it apart (see `read_sheet`) and keep the table.

    Call it outside of any transaction: the row stays when the file cannot be read. Raises SheetError; the job is
    then 読めない and keeps the sentences.
    """
    data = upload.read(MAX_BYTES + 1)
    job = ImportJob.objects.create(
        profile=profile,
        subject=subject,
        file_name=shown_name(upload.name or ""),
        sha256=hashlib.sha256(data).hexdigest() if len(data) <= MAX_BYTES else "",
        size=upload.size or len(data),
        person=by,
        person_text=by.described_on(today)[:LONGEST_NAME],
        created_at=now,
    )
    try:
        check_size(len(data))
        sheet = read_apart(upload.name or "", data, known=known, required=required, hidden=hidden, aliases=aliases)
        if not sheet.lines:
            raise SheetError(NO_LINES)
    except SheetError as error:
        refuse(job, error.sentences)
        raise
    job.table, job.state = sheet.as_json(), JobState.PREVIEWED
    job.save(update_fields=["table", "state"])
    return job


def note_job(sheet: Sheet, *, profile: str, subject: str, name: str, by: User, today: date, now: datetime) -> ImportJob:
    """A job for a table that came without a file, such as a paste."""
    return ImportJob.objects.create(
        profile=profile,
        subject=subject,
        file_name=name,
        size=0,
        person=by,
        person_text=by.described_on(today)[:LONGEST_NAME],
        created_at=now,
        state=JobState.PREVIEWED,
        table=sheet.as_json(),
    )


def refuse(job: ImportJob, sentences: Sequence[str]) -> None:
    """The file cannot be taken in as it is: it never becomes applicable, and the sentences are kept."""
    job.state, job.result = JobState.REFUSED, job.result | {"errors": list(sentences)}
    job.save(update_fields=["state", "result"])


def job_of(pk: int | str, *, person: User, profile: str, subject: str | None = None) -> ImportJob:
    """This person's own job of this kind, waiting or already applied. Everything else does not exist (Http404)."""
    text = str(pk)
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise Http404
    jobs = ImportJob.objects.filter(
        pk=int(text), person=person, profile=profile, state__in=(JobState.PREVIEWED, JobState.APPLIED)
    )
    job = (jobs if subject is None else jobs.filter(subject=subject)).first()
    if job is None:
        raise Http404
    return job


def sheet_of(job: ImportJob) -> Sheet:
    """The table as it was read; a job that was 読めない has none."""
    return Sheet.from_json(job.table)


def keep_base(job: ImportJob, versions: dict[str, Any]) -> None:
    """The versions that the preview shows, to be compared again when it is applied."""
    job.base = versions
    job.save(update_fields=["base"])


def claim(job: ImportJob, *, now: datetime, state: str = JobState.PREVIEWED) -> bool:
    """Take the job, inside the transaction that writes its rows: 確認待ち (or `state`) → 取込済み, by exactly one.

    False when it was applied or cancelled meanwhile, or its preview is older than a day. Rolling back gives it back.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an import is claimed in the transaction that writes its rows")
    waiting = ImportJob.objects.filter(pk=job.pk, state=state, created_at__gt=now - PREVIEW_LASTS)
    if waiting.update(state=JobState.APPLIED, applied_at=now) != 1:
        return False
    job.state, job.applied_at = JobState.APPLIED, now
    return True


def finish(job: ImportJob, result: dict[str, Any]) -> None:
    """What the import did: {"counts": {…}} or {"sentence": "…"}, for the record."""
    job.result = result
    job.save(update_fields=["result"])


def cancel(job: ImportJob) -> bool:
    """取りやめる: the preview can no longer be applied; False when it was applied already."""
    open_still = ImportJob.objects.filter(pk=job.pk, state__in=(JobState.PREVIEWED, JobState.MAPPING))
    if open_still.update(state=JobState.CANCELLED) != 1:
        return False
    WaitingFile.objects.filter(job=job).delete()
    return True


def not_open(job: ImportJob) -> str:
    """Why `claim` answered False, as a sentence."""
    current = ImportJob.objects.only("state", "applied_at").get(pk=job.pk)
    if current.state == JobState.APPLIED:
        return f"{job}は{_day(current.applied_at)}に取込済みです。もう一度は取り込んでいません。"
    if current.state == JobState.UNDONE:
        return f"{job}は取り消し済みです。もう一度取り込むときは、ファイルを選んでください。"
    if current.state == JobState.CANCELLED:
        return f"{job}は取りやめました。取り込むときは、もう一度ファイルを選んでください。"
    return "確認の画面が古くなりました。何も取り込んでいません。もう一度ファイルを選んでください。"


def earlier_applied(job: ImportJob) -> ImportJob | None:
    """The last import of the very same file for the same thing, by whomever."""
    same = ImportJob.objects.filter(
        state=JobState.APPLIED, sha256=job.sha256, profile=job.profile, subject=job.subject
    ).exclude(pk=job.pk)
    return same.order_by("-applied_at", "-pk").first() if job.sha256 else None


def earlier_sentence(job: ImportJob) -> str:
    """「同じファイルは11月24日に取込済みです（取込#3）。」, or nothing."""
    earlier = earlier_applied(job)
    return f"同じファイルは{_day(earlier.applied_at)}に取込済みです（{earlier}）。" if earlier else ""


def source_of(job: ImportJob) -> str:
    """For `history_source`, 60 characters at most: 「Excel取込（報告.xlsx）」."""
    kind = "CSV" if job.file_name.lower().endswith(".csv") else "Excel"
    room = LONGEST_SOURCE - len(f"{kind}取込（）")
    name = job.file_name if len(job.file_name) <= room else job.file_name[: room - 1] + "…"
    return f"{kind}取込（{name}）"


def reason_of(job: ImportJob) -> str:
    """For `history_change_reason`: 「取込#12 報告.xlsx（企画課 担当 見本 三郎）」."""
    return f"{job} {job.file_name}（{job.person_text}）"


def outcome_of(job: ImportJob) -> str:
    """What came of the job, in one text for the record's page."""
    counts = "・".join(f"{name} {count}" for name, count in job.result.get("counts", {}).items())
    return "\n".join([*job.result.get("errors", []), *filter(None, (counts, job.result.get("sentence")))])


def shown_name(name: str) -> str:
    """The last part of a file's name without what could mislead a reader; for showing, never for a path."""
    last = PurePosixPath(clean_text(name).replace("\\", "/")).name
    plain = "".join(" " if unicodedata.category(char)[0] in "CZ" and char != " " else char for char in last)
    # Marks that turn the direction of writing are of category Cf: gone with the line above.
    return " ".join(plain.split())[:LONGEST_NAME] or "（名前なし）"


def _day(moment: datetime | None) -> str:
    if moment is None:
        return ""
    at = timezone.localtime(moment)
    return f"{at.month}月{at.day}日"
