"""The words of a reminder: one plain-text letter that lists everything one person has open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from schedule.models import ReminderLine, ReminderMail
from townhall import fiscal
from townhall.calendar import weekday_ja
from townhall.cells import clean_text
from townhall.mail import one_line


@dataclass(frozen=True)
class Letter:
    subject: str  # one line
    body: str


@dataclass(frozen=True)
class Entry:
    title: str
    note: str
    until: str  # 令和8年12月28日（月）
    distance: str  # あと34日
    url: str  # the page where it is recorded
    is_overdue: bool


def compose(name: str, lines: Iterable[ReminderLine], *, today: date, message: str = "", asked_by: str = "") -> Letter:
    """Nothing confidential: what, until when, whose matter, and where to record it.

    Each thing has one link, to the page where it is recorded; and one tells where the letters can be stopped.
    `message` is what a person wrote when chasing by hand, and `asked_by` who it was.
    """
    entries = [_entry(line, today) for line in lines]
    overdue = [entry for entry in entries if entry.is_overdue]
    context = {
        "name": one_line(name),
        "today": day_in_words(today),
        "message": clean_text(message).strip(),
        "asked_by": one_line(asked_by),
        "overdue": overdue,
        "coming": [entry for entry in entries if not entry.is_overdue],
        "count": len(entries),
        "stop_url": settings.PORTAL_URL + reverse("mail_choice"),
    }
    subject = one_line(render_to_string("emails/digest_subject.txt", context))
    return Letter(subject, render_to_string("emails/digest.txt", context))


def compose_test(name: str, *, today: date) -> Letter:
    """What somebody sends to themselves to see that letters arrive."""
    context = {"name": one_line(name), "today": day_in_words(today), "url": f"{settings.PORTAL_URL}/"}
    subject = one_line(render_to_string("emails/test_subject.txt", context))
    return Letter(subject, render_to_string("emails/test.txt", context))


def letter_of(mail: ReminderMail, lines: Iterable[ReminderLine], *, today: date) -> Letter:
    """The letter that this row stands for, with these lines."""
    if mail.is_test:
        return compose_test(mail.recipient.name, today=today)
    return compose(mail.recipient.name, lines, today=today, message=mail.message, asked_by=mail.asked_by)


def _entry(line: ReminderLine, today: date) -> Entry:
    return Entry(
        title=one_line(line.title),
        note=one_line(line.note),
        until=day_in_words(line.due_on),
        distance=distance_in_words(line.days_left(today)),
        url=settings.PORTAL_URL + line.path,
        is_overdue=line.due_on < today,
    )


def day_in_words(day: date) -> str:
    return f"{fiscal.format_date(day)}（{weekday_ja(day)}）"


def distance_in_words(days_left: int) -> str:
    if days_left > 0:
        return f"あと{days_left}日"
    return "今日が期限です" if days_left == 0 else f"期限を{-days_left}日過ぎています"
