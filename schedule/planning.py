"""One run of the planner over everything that is due: the same for the task, the command and the preview."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from schedule import reminders, sources
from schedule.actions.duties import prepare_occurrences
from schedule.choices import LineState, MailState
from schedule.letters import Letter, letter_of
from schedule.models import ReminderLine, ReminderMail
from schedule.outbox import Outbox
from schedule.reminders import Planned
from townhall import fiscal
from townhall.calendar import add_working_days
from townhall.models import User


def plan_everything(*, now: datetime, only_to: User | None = None) -> Planned:
    today = timezone.localdate(now)
    prepare_occurrences(today=today)
    items = sources.open_items(sources.DueDay.on(today))
    return reminders.plan(items, kinds=sources.all_kinds(), today=today, now=now, only_to=only_to)


def next_sending(now: datetime) -> datetime:
    """When the next letters of a morning are made: today before the sending hour, else on the next open day."""
    outbox = Outbox.at(now)
    today, hour = timezone.localdate(now), outbox.rules.sending_time
    waits = not outbox.is_closed_day and timezone.localtime(now).time() < hour
    day = today if waits else add_working_days(today, 1, outbox.closing_days)
    return datetime.combine(day, hour, tzinfo=fiscal.TOWN_TIME)


@dataclass(frozen=True)
class Preview:
    recipient: str
    address: str
    letter: Letter
    is_withheld: bool


def preview(now: datetime) -> list[Preview]:
    """The letters that would be waiting at that moment if nothing changed until then. Nothing is stored."""
    with transaction.atomic():
        plan_everything(now=now)
        found = waiting_letters(now)
        transaction.set_rollback(True)
    return found


def waiting_letters(now: datetime, *, only_to: User | None = None) -> list[Preview]:
    """Three queries, however many letters there are."""
    states = (*MailState.CLAIMABLE, MailState.WITHHELD)
    mails = ReminderMail.objects.filter(state__in=states, next_attempt_at__lte=now)
    if only_to is not None:
        mails = mails.filter(recipient=only_to)
    found = list(mails.select_related("recipient").order_by("pk"))
    lines: dict[int, list[ReminderLine]] = {}
    for line in ReminderLine.objects.filter(mail__in=found, state=LineState.DUE).order_by("due_on", "pk"):
        lines.setdefault(line.mail_id or 0, []).append(line)
    today = timezone.localdate(now)
    return [
        Preview(
            mail.recipient.name,
            mail.recipient.email,
            letter_of(mail, lines.get(mail.pk, []), today=today),
            mail.state == MailState.WITHHELD,
        )
        for mail in found
        if mail.is_test or mail.pk in lines
    ]
