"""What Celery wakes up. No arguments, no results: everything stands in rows (docs/operations.md)."""

from celery import shared_task
from django.utils import timezone

from schedule import heartbeat, sender
from schedule.planning import plan_everything


@shared_task(name="schedule.plan_reminders")
def plan_reminders() -> None:
    planned = plan_everything(now=timezone.now())
    heartbeat.finished(heartbeat.PLANNER, now=timezone.now(), note=planned.sentence)


@shared_task(name="schedule.send_reminders")
def send_reminders() -> None:
    counts = sender.send_waiting(clock=timezone.now)
    note = "、".join(f"{state.label} {count}通" for state, count in counts.items())
    heartbeat.finished(heartbeat.SENDER, now=timezone.now(), note=note)
