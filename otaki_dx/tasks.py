"""What Celery wakes up and belongs to no single app. No arguments, no results: everything stands in rows."""

from celery import shared_task
from django.utils import timezone

from otaki_dx.exchange_kinds import BY_PROFILE, readers
from townhall.sheets.imports import write_queued
from townhall.sheets.waiting import work_off


@shared_task(name="otaki_dx.read_waiting_files")
def read_waiting_files() -> None:
    """Read what waits to be read, write what waits to be written."""
    work_off(readers(timezone.now), clock=timezone.now)
    write_queued(BY_PROFILE, clock=timezone.now)
