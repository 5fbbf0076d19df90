"""Every ledger that goes in and out as a file, put together from the apps; and who reads what waits for the worker."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.utils import timezone

import committee.kinds
import initiatives.kinds
import schedule.kinds
from initiatives.actions import ministry
from townhall.models import ImportJob
from townhall.sheets.imports import read_for_worker
from townhall.sheets.kinds import ImportKind
from townhall.sheets.waiting import Reader

KINDS = {kind.code: kind for kind in (*initiatives.kinds.KINDS, *schedule.kinds.KINDS, *committee.kinds.KINDS)}
BY_PROFILE = {kind.profile: kind for kind in KINDS.values()}


def readers(clock: Callable[[], datetime]) -> Mapping[str, Reader]:
    return {ministry.PROFILE: ministry.read_file} | {
        kind.profile: partial(_read, kind, clock) for kind in KINDS.values()
    }


def _read(kind: ImportKind, clock: Callable[[], datetime], job: ImportJob, data: bytes) -> dict[str, Any]:
    now = clock()
    return read_for_worker(kind.for_subject(job.subject), job, data, today=timezone.localdate(now), now=now)
