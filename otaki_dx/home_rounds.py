"""What the open rounds of a plan ask of one person: rows to enter or to confirm, sections to chase, a round to close."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from initiatives.models import Plan
from otaki_dx.home_items import HomeItem
from schedule.chasing import tally
from schedule.missing import MissingRow, by_section, listed, missing_rows
from schedule.models import ReportingRound
from schedule.recipients import Directory
from townhall.models import ClosingDay, User
from townhall.permissions import Permission, can, sections_open_to

KIND = "進捗入力"
ROWS_NAMED = 8


@dataclass(frozen=True)
class OpenRounds:
    """The rounds that are not closed, newest first; the newest is the one that asks the sections."""

    rounds: tuple[ReportingRound, ...]
    rows: tuple[MissingRow, ...]  # of the newest
    closing_days: frozenset[date]
    today: date

    @property
    def newest(self) -> ReportingRound:
        return self.rounds[0]

    def item(self, title: str, url: str, verb: str, note: str) -> HomeItem:
        """About the newest round, with its effective deadline (R5)."""
        due_on = self.newest.deadline(self.closing_days)
        return HomeItem(KIND, title, url, verb, note, due_on, (due_on - self.today).days)


def open_rounds(user: User, plan: Plan | None, *, today: date) -> OpenRounds | None:
    """None while no round takes reports, and for those who never report. Four queries."""
    if plan is None or not can(user, Permission.RECORD_PROGRESS, today=today):
        return None
    rounds = tuple(ReportingRound.objects.filter(plan=plan, closed_at=None).opened_by(today).latest_first())
    return OpenRounds(rounds, missing_rows(rounds[0]), ClosingDay.days(), today) if rounds else None


def own_tasks(user: User, now: OpenRounds | None) -> Iterator[HomeItem]:
    """あなたの番, of the open rounds."""
    if now is None:
        return
    yield from _to_enter(user, now)
    yield from _to_confirm(user, now)
    if can(user, Permission.MANAGE_ROUND, today=now.today):
        yield from _to_chase(now)
        yield from _to_close(now)


def others_tasks(user: User, now: OpenRounds | None) -> Iterator[HomeItem]:
    """ほかの人の番: what the other sections have not reported, for 事務局."""
    if now is None or not can(user, Permission.ACCEPT_REPORT, today=now.today):
        return
    own = {post.section_id for post in user.posts_on(now.today)}
    for section, rows in by_section(now.rows).items():
        if section is not None and section.pk not in own:
            title = f"{section}の報告　{len(rows)}行"
            yield now.item(title, now.newest.get_absolute_url(), "", _named(rows))


def _to_enter(user: User, now: OpenRounds) -> Iterator[HomeItem]:
    """Rows of the person's own sections. Rows that no section owns are entered by 事務局 (R7)."""
    open_to = sections_open_to(user, Permission.RECORD_PROGRESS, today=now.today)
    own: set[int | None] = set(open_to) if open_to is not None else {None}
    if open_to is None:
        own |= {post.section_id for post in user.posts_on(now.today)}
    rows = [row for row in now.rows if row.activity.section_id in own and not row.waits_for_head]
    if rows:
        title = f"{now.newest.label}の進捗入力　未入力{len(rows)}行"
        yield now.item(title, now.newest.get_absolute_url(), "入力する", _named(rows))


def _to_confirm(user: User, now: OpenRounds) -> Iterator[HomeItem]:
    open_to = sections_open_to(user, Permission.CONFIRM_REPORT, today=now.today) or []
    rows = [row for row in now.rows if row.activity.section_id in open_to and row.waits_for_head]
    if rows:
        title = f"{now.newest.label}　担当の入力の確認　{len(rows)}行"
        labels = listed((row.activity.label for row in rows), at_most=ROWS_NAMED)
        yield now.item(title, now.newest.get_absolute_url(), "確認する", labels)


def _to_chase(now: OpenRounds) -> Iterator[HomeItem]:
    if not now.rows:
        return
    counts = tally(now.rows, Directory.on(now.today))
    note = f"担当のいない行が{counts.without_owner}行あります" if counts.without_owner else ""
    url = reverse("round_chase", args=[now.newest.key])
    yield now.item(f"{now.newest.label}　{counts.words}", url, "確かめる", note)


def _to_close(now: OpenRounds) -> Iterator[HomeItem]:
    for round in now.rounds:
        due_on = round.closing_day(now.closing_days)
        if due_on <= now.today:
            url = reverse("round_close", args=[round.key])
            yield HomeItem(KIND, f"{round.label}の締切", url, "締め切る", "", due_on, (due_on - now.today).days)


def _named(rows: Iterable[MissingRow]) -> str:
    return listed((row.words for row in rows), at_most=ROWS_NAMED)
