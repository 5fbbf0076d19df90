"""ホーム: whose turn is it. Puts together what the apps know about one person; no numbers of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from committee.choices import ProposalState
from committee.models import Proposal
from committee.summaries import proposals_waiting_for, whose_turn
from initiatives.models import Plan
from otaki_dx.home_items import HomeItem
from otaki_dx.home_meetings import meeting_tasks
from otaki_dx.home_rounds import OpenRounds, open_rounds, others_tasks, own_tasks
from otaki_dx.recent_changes import RecentChange, newest_changes
from otaki_dx.to_decide import ToDecide, to_decide
from otaki_dx.viewpoint import LAST_MEETING, ROUND_BEFORE, Since, last_meeting_day
from schedule import heartbeat
from schedule.due import OF_A_ROUND
from schedule.models import ReminderLine, ReminderMail, ReminderSettings, ReportingRound
from schedule.summaries import PlanSummary, plan_summary
from schedule.summaries.overdue import overdue_things, with_overdue
from schedule.summaries.plan import AttentionItem
from townhall import fiscal
from townhall.choices import Role
from townhall.models import User
from townhall.permissions import Permission, can

NEWEST_CHANGES = 5


@dataclass(frozen=True)
class HomeSummary:
    is_for_committee: bool  # 委員長 and 委員 without a post of their own: the dashboard without a click
    has_tasks: bool  # can anything ever be this person's turn?
    mine: tuple[HomeItem, ...]
    others: tuple[HomeItem, ...]
    coming_round: ReportingRound | None
    to_decide: ToDecide
    plan: PlanSummary | None
    attention: tuple[AttentionItem, ...]  # 遅れ・注意, for those who see duties with what of them is past its day
    since: Since
    changes: tuple[RecentChange, ...]
    warnings: tuple[str, ...]  # the periodic jobs stand still, or no mail leaves; for 事務局 and 運用担当


def home_summary(user: User, *, today: date, now: datetime) -> HomeSummary:
    plan = Plan.objects.current(today=today)
    rounds = open_rounds(user, plan, today=today)
    works = user.holds(Role.SECRETARIAT, *Role.OF_A_SECTION, today=today)
    mine = _own_items(user, rounds, today=today)
    summary = _plan_summary(user, plan, today=today)
    return HomeSummary(
        is_for_committee=not works and user.holds(*Role.ON_THE_COMMITTEE, today=today),
        has_tasks=works or bool(mine),
        mine=mine,
        others=tuple(_waiting_for_others(user, rounds, today=today)) if works else (),
        coming_round=_coming_round(plan, today=today) if works else None,
        to_decide=to_decide(user, summary, today=today),
        plan=summary,
        attention=_attention(user, summary, is_shown=not works, today=today),
        since=LAST_MEETING if summary and summary.base else ROUND_BEFORE,
        changes=newest_changes(user, today=today, count=NEWEST_CHANGES),
        warnings=_warnings(now) if can(user, Permission.USE_ADMIN, today=today) else (),
    )


def _warnings(now: datetime) -> tuple[str, ...]:
    return tuple(filter(None, (heartbeat.warning(now), ReminderSettings.current().pause_sentence)))


def _plan_summary(user: User, plan: Plan | None, *, today: date) -> PlanSummary | None:
    """As the dashboard opens: compared with the last meeting."""
    if plan is None:
        return None
    sees_meetings = can(user, Permission.VIEW_MEETING, today=today)
    return plan_summary(plan, as_of=today, base=last_meeting_day(before=today) if sees_meetings else None)


def _attention(user: User, plan: PlanSummary | None, *, is_shown: bool, today: date) -> tuple[AttentionItem, ...]:
    rows = plan.attention if plan else ()
    if not is_shown or not can(user, Permission.VIEW_DUTY, today=today):
        return rows
    return with_overdue(rows, overdue_things(today=today))


def own_items(user: User, *, today: date) -> tuple[HomeItem, ...]:
    """あなたの番: what this person has to do, by its day. The number stands in the menu."""
    return _own_items(user, open_rounds(user, Plan.objects.current(today=today), today=today), today=today)


def _own_items(user: User, rounds: OpenRounds | None, *, today: date) -> tuple[HomeItem, ...]:
    reports = list(own_tasks(user, rounds))
    reminders = list(_reminders(user, today=today, shown=[item.url for item in reports]))
    items = [
        *reminders,
        *reports,
        *_proposals(user, today=today, shown=[item.url for item in reminders]),
        *meeting_tasks(user, today=today),
        *_letters_in_trouble(user, today=today),
    ]
    return tuple(sorted(items, key=lambda item: (item.due_on is None, item.due_on or today)))


def _reminders(user: User, *, today: date, shown: list[str]) -> Iterable[HomeItem]:
    """The newest line about each thing: the letters before it named the same thing. Not what is `shown` already."""
    newest = {(line.kind, line.subject): line for line in ReminderLine.objects.open_for(user).order_by("nominal_on")}
    for line in newest.values():
        if line.kind in OF_A_ROUND and line.path in shown:
            continue
        left = line.days_left(today)
        yield HomeItem("期限のある仕事", line.title, line.path, "開く", line.note, line.due_on, left)


def _proposals(user: User, *, today: date, shown: list[str]) -> Iterable[HomeItem]:
    """Not those that are `shown` already with their day: 照会."""
    if not can(user, Permission.VIEW_PROPOSAL, today=today):
        return
    for row in proposals_waiting_for(user, today=today):
        if row.url in shown:
            continue
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


def _waiting_for_others(user: User, rounds: OpenRounds | None, *, today: date) -> Iterable[HomeItem]:
    """ほかの人の番: reports of other sections, and proposals somebody else has to act on."""
    yield from others_tasks(user, rounds)
    visible = Proposal.objects.visible_to(user, today=today).exclude(state__in=ProposalState.CLOSED)
    rows = visible.with_last_move().select_related("section", "execution").prefetch_related("agenda_items__meeting")
    for proposal in rows.prefetch_related("agenda_items__decision", "execution__reviews"):
        turn = whose_turn(proposal)
        if not turn.is_yours(user, today=today):
            moved_at = getattr(proposal, "moved_at", None)
            waited = (today - fiscal.japan_date(moved_at)).days if moved_at else 0
            note = f"{turn.label}の番です。{turn.waiting}{f'（{waited}日目）' if waited else ''}"
            yield HomeItem("提案", str(proposal), proposal.get_absolute_url(), note=note)


def _coming_round(plan: Plan | None, *, today: date) -> ReportingRound | None:
    rounds = ReportingRound.objects.filter(plan=plan, opens_on__gt=today)
    return rounds.order_by("opens_on").first() if plan else None
