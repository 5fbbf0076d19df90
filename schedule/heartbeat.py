"""Whether the periodic jobs still run: each writes its row at the end of a successful run, so silence is noticed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Min
from django.utils import timezone

from schedule.models import JobRun
from townhall.models import User

PLANNER = "plan_reminders"
SENDER = "send_reminders"
# Two intervals of the planner. The sender runs every minute, but a long queue may keep it busy.
SILENT_AT_MOST = timedelta(minutes=20)


@dataclass(frozen=True)
class Job:
    name: str
    label: str
    finished_at: datetime | None  # None: not once yet
    note: str


LABELS = {PLANNER: "催促の予定を作る（10分ごと）", SENDER: "メールを送る（1分ごと）"}


def finished(job: str, *, now: datetime, note: str = "") -> None:
    run = JobRun.objects.filter(job=job).first() or JobRun(job=job)
    run.finished_at, run.note = now, note[:200]
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError:
        return  # the very first run, twice at once: the other one has written it


def jobs() -> list[Job]:
    runs = {run.job: run for run in JobRun.objects.filter(job__in=LABELS)}
    return [
        Job(name, label, runs[name].finished_at if name in runs else None, runs[name].note if name in runs else "")
        for name, label in LABELS.items()
    ]


def stopped_since(now: datetime) -> datetime | None:
    """When the longest-silent job last finished; None while all of them run, or before any ran at all."""
    ends = [job.finished_at for job in jobs() if job.finished_at is not None]
    return min(ends) if ends and min(ends) < now - SILENT_AT_MOST else None


def _is_new(now: datetime) -> bool:
    """Whether the portal stands for less than the jobs may be silent: their first run is still awaited."""
    first = User.objects.aggregate(first=Min("date_joined"))["first"]
    return first is not None and now - first <= SILENT_AT_MOST


def warning(now: datetime) -> str:
    """The sentence for 事務局 and 運用担当; empty while everything runs."""
    if any(job.finished_at is None for job in jobs()):
        if _is_new(now):
            return ""
        return "自動処理（催促）がまだ一度も動いていません。運用担当に知らせてください。"
    since = stopped_since(now)
    if since is None:
        return ""
    at = timezone.localtime(since)
    day = "" if at.date() == timezone.localtime(now).date() else f"{at.month}月{at.day}日 "
    return f"自動処理（催促）が{day}{at:%H:%M}から止まっています。メールは届いていません。運用担当に知らせてください。"
