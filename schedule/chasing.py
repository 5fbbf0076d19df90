"""未報告と催促: what is missing in a round, who answers for it, and when they were last asked. Nine queries."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from schedule.choices import MailState, RoundState
from schedule.due import CONFIRM, REPORT, REPORT_KIND, report_subject, round_prefix
from schedule.letters import distance_in_words
from schedule.missing import MissingRow, by_section, listed, missing_rows
from schedule.models import Activity, ReminderLine, ReminderMail, ReminderSettings, ReportingRound, RoundVisit
from schedule.recipients import Audience, Directory
from schedule.recurrence import Reach
from schedule.reminders import is_by_hand
from schedule.sources import DueDay
from townhall import fiscal
from townhall.models import Section, User
from townhall.permissions import Permission

# What 事務局 reads about a letter: on its way, there, or in need of a decision.
LETTER_WORDS = {
    MailState.QUEUED: "まだ（送信待ち）",
    MailState.SENDING: "まだ（送信中）",
    MailState.RETRY: "まだ（再送待ち）",
    MailState.SKIPPED: "メールは送っていません",
}


@dataclass(frozen=True)
class Person:
    """One who answers for a section's rows today."""

    user: User
    letter_today: str  # why no other letter goes out today, in words; empty: none was made yet

    @property
    def had_letter(self) -> bool:
        return bool(self.letter_today)


@dataclass(frozen=True)
class LastChase:
    on: date
    by: str  # who pressed the button; empty: the planner
    is_by_hand: bool
    letter: str  # state of the letter in words; empty: only the notice in the portal
    needs_a_person: bool  # 失敗, 送達不明
    url: str  # of the letter

    @property
    def words(self) -> str:
        return f"{self.on.month}月{self.on.day}日（{f'手動・{self.by}' if self.by else '手動' if self.is_by_hand else '自動'}）"


@dataclass(frozen=True)
class SectionGap:
    """What one section has not reported. `section` is None for rows that no section owns."""

    section: Section | None
    rows: tuple[MissingRow, ...]
    since: str
    people: tuple[Person, ...]
    stands_in: str  # in whose stead these people answer, and why; empty: they are the 担当
    has_owner: bool
    chased: LastChase | None
    seen_on: date | None

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def is_ticked(self) -> bool:
        """Chosen unless a person unticks it: somebody of the section can still be asked today."""
        return self.has_owner and any(not person.had_letter for person in self.people)

    @property
    def seen(self) -> str:
        return f"{self.seen_on.month}月{self.seen_on.day}日に開いた" if self.seen_on else "まだ開いていない"


@dataclass(frozen=True)
class ChaseBoard:
    round: ReportingRound
    today: date
    due_on: date  # as a working day (R5)
    total: int
    gaps: tuple[SectionGap, ...]
    next_automatic_on: date | None

    @property
    def state(self) -> RoundState:
        return self.round.state_on(self.today)

    @property
    def missing(self) -> int:
        return sum(gap.count for gap in self.gaps)

    @property
    def sections(self) -> tuple[SectionGap, ...]:
        """With a section; these can be chased."""
        return tuple(gap for gap in self.gaps if gap.section is not None)

    @property
    def ticked(self) -> int:
        return sum(gap.is_ticked for gap in self.sections)

    @property
    def ownerless(self) -> tuple[MissingRow, ...]:
        return tuple(row for gap in self.gaps if gap.section is None for row in gap.rows)

    @property
    def without_people(self) -> tuple[MissingRow, ...]:
        """Rows of a section in which nobody can answer: 事務局 stands in."""
        return tuple(row for gap in self.sections if not gap.has_owner for row in gap.rows)

    @property
    def without_owner(self) -> int:
        """R7: rows without a living owner."""
        return len(self.ownerless) + len(self.without_people)

    @property
    def people(self) -> tuple[User, ...]:
        """Everybody whose letter can be looked at before it is sent."""
        return tuple(dict.fromkeys(person.user for gap in self.sections for person in gap.people))

    @property
    def text(self) -> str:
        return default_text(self.round, self.due_on, today=self.today)


def board(round: ReportingRound, *, today: date) -> ChaseBoard:
    rules = ReminderSettings.current()
    day = DueDay.on(today, rules)
    due_on = round.deadline(day.closing_days)
    is_open = round.is_open_on(today)
    rows = missing_rows(round) if is_open else ()
    directory = Directory.on(today, rules)
    chases = _last_chases(round)
    visits = dict(RoundVisit.objects.filter(round=round).values_list("user_id", "seen_on"))
    letters = letters_of_today(today)
    facts = _Facts(round, today, due_on, directory, chases, visits, letters)
    return ChaseBoard(
        round=round,
        today=today,
        due_on=due_on,
        total=Activity.objects.filter(plan=round.plan_id).count(),
        gaps=tuple(_gap(section, of_section, facts) for section, of_section in by_section(rows).items()),
        next_automatic_on=_next_automatic(due_on, day) if is_open else None,
    )


@dataclass(frozen=True)
class Tally:
    """The same in three numbers, for the home page."""

    rows: int
    sections: int
    without_owner: int

    @property
    def words(self) -> str:
        return f"未報告 {self.rows}行" + (f"・{self.sections}課" if self.sections else "")


def tally(rows: Iterable[MissingRow], directory: Directory) -> Tally:
    found = by_section(rows)
    unowned = [of_section for section, of_section in found.items() if not answering(section, of_section, directory)[1]]
    return Tally(
        rows=sum(len(of_section) for of_section in found.values()),
        sections=sum(section is not None for section in found),
        without_owner=sum(len(of_section) for of_section in unowned),
    )


def default_text(round: ReportingRound, due_on: date, *, today: date) -> str:
    """What stands in the field until somebody writes something else; the portal adds each section's rows."""
    passed = "でした" if due_on < today else "です"
    return f"{round.label}の進捗入力の期限は{due_on.month}月{due_on.day}日{passed}。まだ報告していない行の入力をお願いします。"


def rows_in_words(section: Section | None, rows: Iterable[MissingRow]) -> str:
    """「企画課　未入力：5-1・7-1（下書き）」, what the portal adds below the text."""
    return f"{section or '担当課なし'}　未入力：{listed((row.words for row in rows), at_most=20)}"


def letters_of_today(today: date) -> dict[int, MailState]:
    """Who has a letter of this day, whatever became of it: one a day and person, automatic or by hand."""
    found = ReminderMail.objects.filter(digest_key=today.isoformat()).values_list("recipient_id", "state")
    return {recipient: MailState(state) for recipient, state in found}


def words_of(state: MailState) -> str:
    return LETTER_WORDS.get(state, state.label)


def answering(section: Section | None, rows: Iterable[MissingRow], directory: Directory) -> tuple[list[Audience], bool]:
    """Who is asked for these rows: 担当 for those to enter, 課長 for those to confirm; and whether anybody lives there."""
    known, found = list(rows), []
    if any(not row.waits_for_head for row in known):
        found.append(directory.audience(section, permission=Permission.RECORD_PROGRESS, reach=Reach.SECTION))
    if any(row.waits_for_head for row in known):
        found.append(
            directory.audience(
                section,
                permission=Permission.CONFIRM_REPORT,
                reach=Reach.SECTION,
                begins_with=Reach.HEAD,
                office_stands_in_with=Permission.ACCEPT_REPORT,
            )
        )
    return found, all(audience.has_owner for audience in found)


# --- one section ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Facts:
    round: ReportingRound
    today: date
    due_on: date
    directory: Directory
    chases: dict[str, LastChase]
    visits: dict[int, date]
    letters: dict[int, MailState]


def _gap(section: Section | None, rows: tuple[MissingRow, ...], facts: _Facts) -> SectionGap:
    audiences, has_owner = answering(section, rows, facts.directory)
    users = dict.fromkeys(user for audience in audiences for user, _ in audience.people)
    of_section = facts.directory.people_of(section) if section else []
    return SectionGap(
        section=section,
        rows=rows,
        since=_since(facts),
        people=tuple(Person(user, _today_in_words(user, facts.letters.get(user.pk))) for user in users),
        stands_in=next((audience.stands_in for audience in audiences if audience.stands_in), ""),
        has_owner=has_owner,
        chased=facts.chases.get(report_subject(facts.round, section.pk if section else None)),
        seen_on=max((facts.visits[user.pk] for user in of_section if user.pk in facts.visits), default=None),
    )


def _since(facts: _Facts) -> str:
    left = (facts.due_on - facts.today).days
    if left <= 0:
        return distance_in_words(left)
    open_for = (facts.today - facts.round.opens_on).days
    return f"入力の始めから{open_for}日" if open_for else "今日から入力できます"


def _today_in_words(user: User, state: MailState | None) -> str:
    if state is None or (state is MailState.SKIPPED and user.wants_mail):
        return ""
    if not user.wants_mail:
        return "今日はもうお知らせしています（メールなし）"
    if state in (*MailState.NEED_A_PERSON, MailState.CANCELLED):
        return f"今日の手紙は「{state.label}」です"
    return "今日はもう送っています"


def _last_chases(round: ReportingRound) -> dict[str, LastChase]:
    """Per section the newest letter, or the newest notice that a person asked for."""
    lines = ReminderLine.objects.filter(kind__in=(REPORT, CONFIRM), subject__startswith=round_prefix(round))
    found: dict[str, LastChase] = {}
    for line in lines.select_related("mail").order_by("created_at", "pk"):
        if line.mail is not None or is_by_hand(line):
            chase = _chase(line)
            before = found.get(line.subject)
            if before is None or before.on <= chase.on:
                found[line.subject] = chase
    return found


def _chase(line: ReminderLine) -> LastChase:
    mail = line.mail
    if mail is None:
        return LastChase(line.nominal_on, "", True, "", False, "")
    state = mail.state_choice
    on = fiscal.japan_date(mail.sent_at or mail.created_at)
    in_need = state in MailState.NEED_A_PERSON
    return LastChase(on, mail.asked_by, bool(mail.asked_by), words_of(state), in_need, mail.get_absolute_url())


def _next_automatic(due_on: date, day: DueDay) -> date | None:
    """The nominal day of the next letter that the planner makes; on a closed day it waits for the next open one."""
    far = replace(day, today=max(day.today, due_on) + timedelta(days=day.repeat_every))
    return next((step.nominal_on for step in far.steps(REPORT_KIND, due_on) if step.nominal_on > day.today), None)
