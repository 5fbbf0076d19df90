"""What Celery wakes up and belongs to no single app. No arguments, no results: everything stands in rows."""

from celery import shared_task
from django.utils import timezone

from otaki_dx.waiting_files import READERS
from townhall.sheets.waiting import work_off


@shared_task(name="otaki_dx.read_waiting_files")
def read_waiting_files() -> None:
    work_off(READERS, clock=timezone.now)
