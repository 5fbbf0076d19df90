"""Files too large for a request: the request writes the job's row and the bytes, the worker comes by and reads.

The request asks nobody to do anything (it may not: the broker can be away). Every minute `work_off` takes what waits;
a worker that dies over a file leaves it 読み取り中, and after a while it is taken again, a few times at most.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F, Q

from townhall.choices import JobState
from townhall.models import ImportJob, User, WaitingFile
from townhall.sheets.child import STOPPED
from townhall.sheets.guard import LARGE, HeadingError, SheetError, check_size
from townhall.sheets.jobs import LONGEST_NAME, refuse, shown_name

logger = logging.getLogger(__name__)

GIVEN_UP_AFTER = timedelta(minutes=10)  # longer than any reading may take (LARGE.wall)
MOST_ATTEMPTS = 3
SLOW_AFTER = timedelta(minutes=5)  # the worker comes every minute

Reader = Callable[[ImportJob, bytes], dict[str, Any]]  # the table to keep; raises SheetError


@transaction.atomic
def leave_for_worker(
    upload: UploadedFile, *, profile: str, subject: str, by: User, today: date, now: datetime
) -> ImportJob:
    """Write down the file and who brought it. Raises SheetError for one that is too large; then nothing is kept."""
    check_size(upload.size or 0, LARGE)
    data = upload.read(LARGE.bytes + 1)
    check_size(len(data), LARGE)
    if not data:
        raise SheetError("ファイルが空です。表の入ったファイルを選んでください。")
    job = ImportJob.objects.create(
        profile=profile,
        subject=subject,
        file_name=shown_name(upload.name or ""),
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        person=by,
        person_text=by.described_on(today)[:LONGEST_NAME],
        created_at=now,
        state=JobState.WAITING,
    )
    WaitingFile.objects.create(job=job, data=data)
    return job


def work_off(readers: Mapping[str, Reader], *, clock: Callable[[], datetime]) -> list[ImportJob]:
    """Read every file that waits, oldest first, each by exactly one worker; what became of it stands in its row."""
    done = []
    while job := _next(set(readers), now=clock()):
        _read(job, readers[job.profile])
        done.append(job)
    return done


def is_slow(job: ImportJob, *, now: datetime) -> bool:
    """Whether the worker should have come by long ago."""
    return job.state == JobState.WAITING and now - job.created_at > SLOW_AFTER


def _next(profiles: set[str], *, now: datetime) -> ImportJob | None:
    """Claim one: 読み取り待ち, or 読み取り中 by a worker that is not coming back."""
    abandoned = Q(state=JobState.READING, begun_at__lt=now - GIVEN_UP_AFTER)
    free = ImportJob.objects.filter(Q(state=JobState.WAITING) | abandoned, profile__in=profiles)
    for job in free.order_by("pk"):
        claim = ImportJob.objects.filter(pk=job.pk, state=job.state, attempts=job.attempts)
        if claim.update(state=JobState.READING, begun_at=now, attempts=F("attempts") + 1) == 1:
            job.refresh_from_db()
            return job
    return None


def _read(job: ImportJob, reader: Reader) -> None:
    try:
        if job.attempts > MOST_ATTEMPTS:
            raise SheetError(STOPPED)
        table = reader(job, bytes(WaitingFile.objects.get(job=job).data))
    except HeadingError as error:
        ask_for_mapping(job, error)
        return
    except SheetError as error:
        sentences = error.sentences
    except Exception:
        logger.exception("reading %s failed", job)
        sentences = (STOPPED,)
    else:
        _end(job, lambda: _keep(job, table))
        return
    _end(job, lambda: refuse(job, sentences))


def ask_for_mapping(job: ImportJob, error: HeadingError) -> None:
    """The bytes stay, until somebody has said which heading is which column."""
    job.state, job.table = JobState.MAPPING, {"headings": list(error.headings)}
    job.result = {"errors": list(error.sentences)}
    job.save(update_fields=["state", "table", "result"])


def _keep(job: ImportJob, table: dict[str, Any]) -> None:
    job.table, job.state = table, JobState.PREVIEWED
    job.save(update_fields=["table", "state"])


@transaction.atomic
def _end(job: ImportJob, write: Callable[[], None]) -> None:
    """Only by the worker that holds the job now, and the bytes go with it."""
    mine = ImportJob.objects.select_for_update().filter(pk=job.pk, state=JobState.READING, attempts=job.attempts)
    if mine.exists():
        write()
        WaitingFile.objects.filter(job=job).delete()
