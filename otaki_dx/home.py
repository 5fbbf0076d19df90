"""ホーム: whose turn is it. Puts together what the apps know about one person; no numbers of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from committee.choices import ProposalState
from committee.models import Proposal
from committee.summaries import NextMeeting, next_meeting, proposals_waiting_for, whose_turn
from initiatives.models import Plan
from otaki_dx.recent_changes import RecentChange, newest_changes
from schedule import heartbeat
from schedule.models import Activity, ReminderLine, ReminderMail, ReportingRound
from schedule.models.activity import ActivityQuerySet
from schedule.summaries import PlanSummary, plan_summary
from townhall import fiscal
from townhall.choices import Role
from townhall.models import User
from townhall.permissions import Permission, can, sections_open_to

SOON_DAYS = 7
NEWEST_CHANGES = 5


@dataclass(frozen=True)
class HomeItem:
    """One line of a list of tasks. `due_on` is None for what has no day."""

    kind: str
    title: str
    url: str
    verb: str = ""  # on the button; empty for what somebody else does
    note: str = ""
    due_on: date | None = None
    days_left: int | None = None

    @property
    def tone(self) -> str:
        if self.days_left is None:
            return "none"
        return "late" if self.days_left < 0 else "slow" if self.days_left <= SOON_DAYS else "none"

    @property
    def days_in_words(self) -> str:
        if self.days_left is None:
            return "期限なし"
        if self.days_left < 0:
            return f"期限切れ{-self.days_left}日"
        return f"あと{self.days_left}日" if self.days_left else "今日まで"


@dataclass(frozen=True)
class HomeSummary:
    is_for_committee: bool  # 委員長 and 委員 without a post of their own: the dashboard without a click
    has_tasks: bool  # can anything ever be this person's turn?
    mine: tuple[HomeItem, ...]
    others: tuple[HomeItem, ...]
    coming_round: ReportingRound | None
    meeting: NextMeeting | None
    plan: PlanSummary | None
    changes: tuple[RecentChange, ...]
    warning: str  # the periodic jobs stand still; for 事務局 and 運用担当


def home_summary(user: User, *, today: date, now: datetime) -> HomeSummary:
    plan = Plan.objects.current(today=today)
    works = user.holds(Role.SECRETARIAT, *Role.OF_A_SECTION, today=today)
    mine = own_items(user, today=today, plan=plan)
    return HomeSummary(
        is_for_committee=not works and user.holds(*Role.ON_THE_COMMITTEE, today=today),
        has_tasks=works or bool(mine),
        mine=mine,
        others=tuple(_waiting_for_others(user, plan, today=today)) if works else (),
        coming_round=_coming_round(plan, today=today) if works else None,
        meeting=next_meeting(today) if can(user, Permission.VIEW_MEETING, today=today) else None,
        plan=plan_summary(plan, as_of=today) if plan else None,
        changes=newest_changes(user, today=today, count=NEWEST_CHANGES),
        warning=heartbeat.warning(now) if can(user, Permission.USE_ADMIN, today=today) else "",
    )


def own_items(user: User, *, today: date, plan: Plan | None = None) -> tuple[HomeItem, ...]:
    """あなたの番: what this person has to do, by its day. The number stands in the menu."""
    plan = plan or Plan.objects.current(today=today)
    items = [
        *_reminders(user, today=today),
        *_reports_to_make(user, plan, today=today),
        *_proposals(user, today=today),
        *_letters_in_trouble(user, today=today),
    ]
    return tuple(sorted(items, key=lambda item: (item.due_on is None, item.due_on or today)))


def _reminders(user: User, *, today: date) -> Iterable[HomeItem]:
    """The newest line about each thing: the letters before it named the same thing."""
    newest = {(line.kind, line.subject): line for line in ReminderLine.objects.open_for(user).order_by("nominal_on")}
    for line in newest.values():
        left = line.days_left(today)
        yield HomeItem("期限のある仕事", line.title, line.path, "開く", line.note, line.due_on, left)


def _reports_to_make(user: User, plan: Plan | None, *, today: date) -> Iterable[HomeItem]:
    """One line for the open round, naming the rows this person's sections have not reported."""
    open_to = sections_open_to(user, Permission.RECORD_PROGRESS, today=today)
    now = _open_round(plan, today=today) if plan and open_to != [] else None
    if now is None:
        return
    missing = _unreported_rows(now).owned_by(open_to)
    labels = [row.label for row in missing]
    if labels:
        left = (now.due_on - today).days
        title = f"{now.label}の進捗入力　未入力{len(labels)}行"
        yield HomeItem("進捗入力", title, now.get_absolute_url(), "入力する", _listed(labels), now.due_on, left)


def _listed(labels: list[str]) -> str:
    shown = "・".join(labels[:8])
    return f"{shown} ほか{len(labels) - 8}行" if len(labels) > 8 else shown


def _proposals(user: User, *, today: date) -> Iterable[HomeItem]:
    if not can(user, Permission.VIEW_PROPOSAL, today=today):
        return
    for row in proposals_waiting_for(user, today=today):
        waited = row.days_waiting(today)
        note = f"{row.section}／{row.turn.task}{f'（{waited}日目）' if waited else ''}"
        yield HomeItem("提案", f"{row.number} {row.title}".strip(), row.url, row.turn.button, note)


def _letters_in_trouble(user: User, *, today: date) -> Iterable[HomeItem]:
    if not can(user, Permission.MANAGE_SENT_MAIL, today=today):
        return
    count = ReminderMail.objects.need_a_person().count()
    if count:
        url = reverse("sent_mail_list")
        yield HomeItem("送信記録", f"送れなかったメール　{count}通", url, "確かめる", "失敗または送達不明です")


def _waiting_for_others(user: User, plan: Plan | None, *, today: date) -> Iterable[HomeItem]:
    """ほかの人の番: reports of other sections, and proposals somebody else has to act on."""
    if can(user, Permission.ACCEPT_REPORT, today=today):
        yield from _reports_by_section(user, plan, today=today)
    visible = Proposal.objects.visible_to(user, today=today).exclude(state__in=ProposalState.CLOSED)
    rows = visible.with_last_move().select_related("section").prefetch_related("agenda_items__meeting")
    for proposal in rows.prefetch_related("agenda_items__decision"):
        turn = whose_turn(proposal)
        if not turn.is_yours(user, today=today):
            moved_at = getattr(proposal, "moved_at", None)
            waited = (today - fiscal.japan_date(moved_at)).days if moved_at else 0
            note = f"{turn.label}の番です。{turn.waiting}{f'（{waited}日目）' if waited else ''}"
            yield HomeItem("提案", str(proposal), proposal.get_absolute_url(), note=note)


def _reports_by_section(user: User, plan: Plan | None, *, today: date) -> Iterable[HomeItem]:
    now = _open_round(plan, today=today) if plan else None
    if now is None:
        return
    own = {post.section_id for post in user.posts_on(today)}
    rows: dict[str, list[str]] = {}
    for row in _unreported_rows(now).select_related("owner_section", "initiative__owner_section"):
        if row.section and row.section_id not in own:
            rows.setdefault(row.section.name, []).append(row.label)
    for section, labels in rows.items():
        left = (now.due_on - today).days
        title = f"{section}の報告　{len(labels)}行"
        yield HomeItem("進捗入力", title, now.get_absolute_url(), "", _listed(labels), now.due_on, left)


def _unreported_rows(round: ReportingRound) -> ActivityQuerySet:
    reported = round.reports.reported().values("activity")
    return Activity.objects.filter(plan=round.plan_id).exclude(pk__in=reported).in_plan_order()


def _open_round(plan: Plan, *, today: date) -> ReportingRound | None:
    """The newest round that takes reports today."""
    return ReportingRound.objects.filter(plan=plan, closed_at=None).opened_by(today).latest_first().first()


def _coming_round(plan: Plan | None, *, today: date) -> ReportingRound | None:
    rounds = ReportingRound.objects.filter(plan=plan, opens_on__gt=today)
    return rounds.order_by("opens_on").first() if plan else None
