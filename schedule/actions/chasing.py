"""催促 by hand, and what the ledger learns at once when a report or a round changes.

Rows only: nothing is published to a broker and no mail server is asked; the sender finds the letters within a minute.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from django.db import IntegrityError, transaction

from schedule import due, reminders
from schedule.chasing import rows_in_words
from schedule.choices import LineState, MailState
from schedule.letters import Letter, compose
from schedule.missing import MissingRow, by_section, missing_rows
from schedule.models import Activity, ProgressReport, ReminderLine, ReminderMail, ReportingRound
from schedule.outbox import Outbox, attach_open_lines
from schedule.recipients import Directory
from schedule.recurrence import Reach, Step
from schedule.sources import DueDay, DueItem
from townhall.cells import clean_text
from townhall.changes import last_change
from townhall.models import Section, User
from townhall.permissions import Permission, refusal, sections_open_to

LONGEST_TEXT = 500
LONGEST_MESSAGE = 1000
NO_MAIL = "本人がメールを受け取らない設定です。用件はポータルに出ています。"


class ChaseError(Exception):
    """Nobody was told; the message is a sentence."""


class RoundNotAskedError(ChaseError):
    """The round is closed, or has not begun."""


class Outcome(Enum):
    LETTER = "催促を送ります（1分ほどで届きます）"
    WITHHELD = "メールの送信を止めているため、保留にしました（ポータルのお知らせには出ています）"
    PORTAL = "メールを受け取らない設定のため、ポータルのお知らせにしました"
    ALREADY = "今日はもう送っています"
    STOPPED = "今日の分を取り消してあるため、送っていません"

    @property
    def is_new(self) -> bool:
        return self in (Outcome.LETTER, Outcome.WITHHELD, Outcome.PORTAL)


@dataclass(frozen=True)
class Told:
    """What happened for one person."""

    user: User
    outcome: Outcome


@dataclass(frozen=True)
class _Matter:
    """One thing that one person is asked for: not yet written lines, and the rows in words."""

    line: ReminderLine
    rows: str


def chase(
    round: ReportingRound, *, by: User, today: date, now: datetime, section_ids: Collection[int], text: str
) -> tuple[Told, ...]:
    """Ask the people of these sections for what is missing: one notice a thing, one letter a person and day.

    Also on closed days and at any hour. Each person is a transaction of their own, in the same order for everybody who
    presses at the same time; who is second is told ALREADY. Raises ChaseError before anything is written.
    """
    matters = _matters(round, by=by, today=today, now=now, section_ids=section_ids)
    text = _checked(text)
    outbox, asked_by = Outbox.at(now), by.described_on(today)
    told = []
    for user in sorted(matters, key=lambda user: user.pk):
        message = _message(text, matters[user])
        outcome = _tell(user, matters[user], message, today=today, outbox=outbox, asked_by=asked_by)
        told.append(Told(user, outcome))
    return tuple(told)


def preview(
    round: ReportingRound,
    *,
    by: User,
    today: date,
    now: datetime,
    section_ids: Collection[int],
    text: str,
    person: User,
) -> Letter:
    """The letter exactly as `chase` would have it sent to this person; nothing is written."""
    matters = _matters(round, by=by, today=today, now=now, section_ids=section_ids).get(person)
    if matters is None:
        raise ChaseError(f"{person}さんは、選んだ課の担当ではありません。課を選び直してください。")
    new = [matter.line for matter in matters]
    replaced = {(line.kind, line.subject) for line in new}
    waiting = ReminderLine.objects.filter(recipient=person, state=LineState.DUE, mail=None).order_by("due_on", "pk")
    lines = [line for line in waiting if (line.kind, line.subject) not in replaced] + new
    lines.sort(key=lambda line: line.due_on)  # stable: new ones stand last on their day, as their numbers will
    message = _message(_checked(text), matters)
    return compose(person.name, lines, today=today, message=message, asked_by=by.described_on(today))


# --- a report or a round has changed ----------------------------------------------------------------------------------
def settle_section(activity: Activity, round: ReportingRound) -> None:
    """What the section of this row no longer owes leaves the portal at once, and the letters not yet sent."""
    subject = due.report_subject(round, activity.section_id)
    if not reminders.is_open(subject=subject):
        return  # reported before anybody was reminded: what is still missing need not be worked out
    rows = [row for row in missing_rows(round) if row.activity.section_id == activity.section_id]
    if not any(not row.waits_for_head for row in rows):
        reminders.settle(kind=due.REPORT, subject=subject, reason="すべての行が入力されました。")
    if not any(row.waits_for_head for row in rows):
        reminders.settle(kind=due.CONFIRM, subject=subject, reason="課長の確認が済みました。")


def settle_round(round: ReportingRound) -> None:
    """The round is closed: nobody is asked any more."""
    reminders.settle_all(subject_prefix=due.round_prefix(round), reason="期を締め切りました。")


def tell_of_return(report: ProgressReport, *, today: date) -> None:
    """差戻し: the section sees it in the portal at once, with the reason; the letter is the next working day's."""
    now = last_change(report).history_date
    items = due.report_items(report.round, DueDay.on(today))
    subject = due.report_subject(report.round, report.activity.section_id)
    for item in items:
        if (item.kind, item.subject) == (due.REPORT, subject):
            reminders.tell_now(item, today=today, now=now)


# --- whom, and for what -----------------------------------------------------------------------------------------------
def _matters(
    round: ReportingRound, *, by: User, today: date, now: datetime, section_ids: Collection[int]
) -> dict[User, list[_Matter]]:
    if sections_open_to(by, Permission.MANAGE_ROUND, today=today) is not None:
        raise ChaseError(refusal(Permission.MANAGE_ROUND))
    round = ReportingRound.objects.select_related("plan").get(pk=round.pk)
    if not round.is_open_on(today):
        raise RoundNotAskedError(f"{round.label}は「{round.state_on(today).label}」です。催促は送っていません。")
    if not section_ids:
        raise ChaseError("催促する課を1つ以上選んでください。")
    items = due.report_items(round, DueDay.on(today))
    chosen = [item for item in items if item.section is not None and item.section.pk in section_ids]
    if not chosen:
        raise ChaseError("選んだ課は、もうすべての行を報告しています。催促は送っていません。")
    rows = by_section(missing_rows(round))
    directory = Directory.on(today)
    step = Step(today, 0, reminders.BY_HAND, f"{by.described_on(today)}さんからの催促です。")
    found: dict[User, list[_Matter]] = {}
    for item in chosen:
        audience = reminders.audience_of(item, step, directory)
        for user, note in audience.people:
            line = reminders.line_of(item, step, user, note, now)
            found.setdefault(user, []).append(_Matter(line, _rows_of(item, rows)))
    if not found:
        raise ChaseError("知らせる相手がいません。担当・課長・事務局の登録を確かめてください。")
    return found


def _rows_of(item: DueItem, rows: dict[Section | None, tuple[MissingRow, ...]]) -> str:
    to_confirm = item.begins_with is Reach.HEAD
    return rows_in_words(item.section, (row for row in rows[item.section] if row.waits_for_head == to_confirm))


def _checked(text: str) -> str:
    text = clean_text(text).strip()
    if len(text) > LONGEST_TEXT:
        raise ChaseError(f"文面は{LONGEST_TEXT}文字までで入力してください（いま{len(text)}文字）。")
    return text


def _message(text: str, matters: Iterable[_Matter]) -> str:
    return "\n".join([text, *(matter.rows for matter in matters)]).strip()[:LONGEST_MESSAGE]


# --- one person -------------------------------------------------------------------------------------------------------
@transaction.atomic
def _tell(
    user: User, matters: Iterable[_Matter], message: str, *, today: date, outbox: Outbox, asked_by: str
) -> Outcome:
    # The letter first: whoever writes the day's letter of this person, planner or people, wins; the others wait here.
    mail = outbox.new_mail(user, today.isoformat())
    mail.asked_by, mail.message = asked_by, message
    if not user.wants_mail:
        mail.state, mail.last_error = MailState.SKIPPED, NO_MAIL
    try:
        with transaction.atomic():
            mail.save(force_insert=True)
    except IntegrityError:
        taken = _take_over_idle_letter(mail) if user.wants_mail else None
        if taken is None:
            return _already(user, digest_key=mail.digest_key)
        mail = taken
    for matter in matters:
        reminders.write_line(matter.line)
    attach_open_lines(mail)
    if not user.wants_mail:
        return Outcome.PORTAL
    return Outcome.WITHHELD if outbox.rules.is_paused else Outcome.LETTER


def _take_over_idle_letter(wanted: ReminderMail) -> ReminderMail | None:
    """A letter of today that never left, because all its things were done: it is today's letter still."""
    same_day = ReminderMail.objects.filter(
        recipient=wanted.recipient, channel=wanted.channel, digest_key=wanted.digest_key
    )
    taken = same_day.filter(state=MailState.SKIPPED).update(
        state=wanted.state,
        attempts=0,
        next_attempt_at=wanted.next_attempt_at,
        last_error=wanted.last_error,
        message=wanted.message,
        asked_by=wanted.asked_by,
    )
    return same_day.get() if taken else None


def _already(user: User, *, digest_key: str) -> Outcome:
    stopped = ReminderMail.objects.filter(recipient=user, digest_key=digest_key, state=MailState.CANCELLED).exists()
    return Outcome.STOPPED if stopped else Outcome.ALREADY
