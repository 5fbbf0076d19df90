"""One run of the planner over everything that is due: the same for the task, the command and the preview."""

from datetime import datetime

from django.utils import timezone

from schedule import reminders, sources
from schedule.actions.duties import prepare_occurrences
from schedule.reminders import Planned
from townhall.models import User


def plan_everything(*, now: datetime, only_to: User | None = None) -> Planned:
    today = timezone.localdate(now)
    prepare_occurrences(today=today)
    items = sources.open_items(sources.DueDay.on(today))
    return reminders.plan(items, kinds=sources.all_kinds(), today=today, now=now, only_to=only_to)
