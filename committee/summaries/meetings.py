"""Meetings as lists and pages show them: plain values, a fixed number of queries."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, Count, Prefetch, Q, QuerySet, Value

from committee.candidates import marked_activities
from committee.choices import CORRECTION, ItemKind, ItemOrigin, ProposalState, Vote
from committee.models import (
    ActionItem,
    AgendaItem,
    Comment,
    CommitteeRules,
    Decision,
    ItemPaper,
    Meeting,
    Minutes,
    ProjectTeam,
    Proposal,
    Seat,
    WrittenAnswer,
)
from committee.summaries.action_items import ActionItemRow, action_item_row
from committee.summaries.attendance import Roll, roll_of
from schedule.models import Activity, DutyOccurrence
from townhall.history import Change, changes_of, describe
from townhall.models import User
from townhall.permissions import Permission, can

ITEM_RELATED = (
    "decision",
    "proposal__section",
    "activity__owner_section",
    "activity__initiative__owner_section",
    "occurrence__duty__owner_section",
    "team",
)
SAID = ("comments", "answers")


@dataclass(frozen=True)
class AgendaRow:
    pk: int
    position: int
    kind: ItemKind
    title: str
    note: str
    section: str
    activity: Activity | None
    proposal: Proposal | None
    decision: Decision | None
    occurrence: DutyOccurrence | None = None
    opens_proposal: bool = False  # may this person open the proposal's page?
    origin: ItemOrigin = ItemOrigin.HAND
    follows_up: bool = False  # 前回までの宿題の確認: nothing to decide
    presenter: str = ""
    minutes_planned: int | None = None
    options: tuple[str, ...] = ()
    paper: str = ""  # 資料番号 as it will be, or is
    version: int = 1
    team: ProjectTeam | None = None
    comments: tuple[Comment, ...] = ()
    answers: tuple[WrittenAnswer, ...] = ()
    papers: tuple[tuple[str, ItemPaper], ...] = ()  # 資料番号 and file

    @property
    def spoken(self) -> tuple[Comment, ...]:
        """意見 that were not taken back."""
        return tuple(comment for comment in self.comments if not comment.is_withdrawn)

    def count_of(self, vote: str) -> int:
        return sum(answer.vote == vote for answer in self.answers)

    @property
    def tally(self) -> str:
        """賛成3・意見あり1・反対0."""
        return "・".join(f"{vote.label}{self.count_of(vote)}" for vote in Vote)

    @property
    def is_withdrawn(self) -> bool:
        return self.proposal is not None and self.proposal.state == ProposalState.WITHDRAWN

    @property
    def is_open(self) -> bool:
        return self.decision is None and not self.is_withdrawn and not self.follows_up


@dataclass(frozen=True)
class NextMeeting:
    meeting: Meeting
    items: tuple[AgendaRow, ...]

    @property
    def to_decide(self) -> int:
        return sum(item.is_open for item in self.items)


@dataclass(frozen=True)
class MeetingRow:
    meeting: Meeting
    items: int
    open_items: int
    tasks: int
    open_tasks: int

    @property
    def status(self) -> tuple[str, str]:
        """Tone and word of its badge."""
        return status_of(self.meeting)


@dataclass(frozen=True)
class Correction:
    at: datetime
    what: str
    actor: str
    reason: str


@dataclass(frozen=True)
class MeetingPage:
    items: tuple[AgendaRow, ...]
    can_manage: bool
    can_decide: bool
    can_give: bool  # 宿題, also after the end
    can_correct: bool  # attendance and what stands, also after the end
    can_correct_decision: bool
    waiting: tuple[Proposal, ...]  # proposals that could be put on an agenda
    marked: tuple[Activity, ...]  # rows whose last report says 委員会に諮る, not yet on this agenda
    roll: Roll
    seat: Seat | None  # this person's own
    tasks: tuple[ActionItemRow, ...]  # 宿題 this meeting gave
    carried: tuple[ActionItemRow, ...]  # 宿題 of earlier meetings, open or done since the last one
    status: tuple[str, str]
    can_comment: bool
    can_answer: bool  # 書面の回答, now
    minutes: Minutes | None
    opening: tuple[str, ...]  # what stands on every 次第 before the subjects
    closing: tuple[str, ...]
    corrections: tuple[Correction, ...] = ()  # 訂正 after the end, newest first

    @property
    def carried_done(self) -> int:
        return sum(not row.item.is_open for row in self.carried)

    @property
    def minutes_planned(self) -> int:
        return sum(item.minutes_planned or 0 for item in self.items)

    @property
    def open_items(self) -> int:
        return sum(item.is_open for item in self.items)


def next_meeting(today: date) -> NextMeeting | None:
    """The next meeting from today on, with its agenda; two queries, one when there is none."""
    meeting = Meeting.objects.upcoming(today=today).first()
    return None if meeting is None else NextMeeting(meeting, agenda_of(meeting))


def agenda_of(
    meeting: Meeting,
    *,
    openable: frozenset[int] = frozenset(),
    said: tuple[str, ...] = (),
    with_papers: bool = False,
) -> tuple[AgendaRow, ...]:
    """The agenda in order, numbered from 1. `openable`: ids of the proposals the reader may open.

    `said`: SAID, where 意見 and 書面の回答 are shown; each costs one query, and so do the papers.
    """
    items = meeting.items.select_related(*ITEM_RELATED).prefetch_related(*said).order_by("order", "pk")
    if with_papers:
        items = items.prefetch_related(Prefetch("papers", ItemPaper.objects.laid()))
    rows = (_row(item, number, openable, said) for number, item in enumerate(items, start=1))
    return (
        tuple(rows)
        if not with_papers
        else tuple(_with_papers(row, item) for row, item in zip(rows, items, strict=True))
    )


def _with_papers(row: AgendaRow, item: AgendaItem) -> AgendaRow:
    return replace(row, papers=tuple((paper.label_under(row.paper), paper) for paper in item.papers.all()))


def _row(item: AgendaItem, position: int, openable: frozenset[int], said: tuple[str, ...]) -> AgendaRow:
    section = item.section
    return AgendaRow(
        pk=item.pk,
        position=position,
        kind=ItemKind(item.kind),
        title=item.title,
        note=item.note,
        section=section.name if section else "",
        activity=item.activity,
        proposal=item.proposal,
        decision=item.decision_or_none,
        occurrence=item.occurrence,
        opens_proposal=item.proposal_id in openable,
        origin=ItemOrigin(item.origin),
        follows_up=item.follows_up,
        presenter=item.presenter or (section.name if section else ""),
        minutes_planned=item.minutes_planned,
        options=item.option_list,
        paper=item.paper_label or f"資料{position}",
        version=item.version,
        team=item.team,
        comments=tuple(item.comments.all()) if said else (),
        answers=tuple(item.answers.all()) if said else (),
    )


def status_of(meeting: Meeting) -> tuple[str, str]:
    if meeting.is_closed:
        return ("done", "終了")
    return ("ok", "招集済み") if meeting.is_convened else ("study", "準備中")


def meeting_rows() -> tuple[MeetingRow, ...]:
    """Every meeting, newest first; one query."""
    undecided = Q(items__decision__isnull=True, items__follows_up=False)
    undecided &= ~Q(items__proposal__state=ProposalState.WITHDRAWN)
    counted = Meeting.objects.annotate(
        item_count=Count("items", distinct=True),
        open_count=Count("items", filter=undecided, distinct=True),
        task_count=Count("action_items", distinct=True),
        open_task_count=Count("action_items", filter=Q(action_items__state="open"), distinct=True),
    )
    return tuple(
        MeetingRow(
            meeting,
            meeting.item_count,
            meeting.open_count,
            tasks=meeting.task_count,
            open_tasks=meeting.open_task_count,
        )
        for meeting in counted
    )


def meeting_page(meeting: Meeting, user: User, *, today: date) -> MeetingPage:
    """One meeting as this person sees it; ten to eleven queries, two more for who manages it, one more in writing or closed."""
    visible = Proposal.objects.visible_to(user, today=today).filter(agenda_items__meeting=meeting)
    manages = can(user, Permission.MANAGE_MEETING, today=today) and not meeting.is_closed
    items = agenda_of(meeting, openable=frozenset(visible.values_list("pk", flat=True)), said=SAID, with_papers=True)
    rules = CommitteeRules.now()
    roll = roll_of(meeting, rules)
    tasks = meeting.action_items.select_related("meeting", "section", "item").by_day()
    carried = ActionItem.objects.before(meeting).select_related("meeting", "section", "item").by_day()
    return MeetingPage(
        items=items,
        can_manage=manages,
        can_decide=can(user, Permission.DECIDE, today=today) and not meeting.is_closed,
        can_give=can(user, Permission.GIVE_ACTION_ITEM, today=today),
        can_correct=can(user, Permission.MANAGE_MEETING, today=today),
        can_correct_decision=can(user, Permission.DECIDE, today=today),
        waiting=tuple(Proposal.objects.waiting_for_agenda().select_related("section")) if manages else (),
        marked=marked_activities(items) if manages else (),
        roll=roll,
        seat=next((seat for seat in roll.seats if seat.person_id == user.pk), None),
        tasks=tuple(action_item_row(item, user, today=today) for item in tasks),
        carried=tuple(action_item_row(item, user, today=today) for item in carried),
        status=status_of(meeting),
        can_comment=can(user, Permission.COMMENT, today=today) and not meeting.is_closed,
        can_answer=_answers_now(meeting, roll, user, today=today),
        minutes=Minutes.objects.filter(meeting=meeting).first(),
        opening=rules.opening_lines,
        closing=rules.closing_lines,
        corrections=corrections_of(meeting) if meeting.is_closed else (),
    )


def _answers_now(meeting: Meeting, roll: Roll, user: User, *, today: date) -> bool:
    is_open = (
        meeting.is_written and not meeting.is_closed and meeting.reply_by is not None and today <= meeting.reply_by
    )
    return is_open and any(seat.person_id == user.pk for seat in roll.members)


def corrections_of(meeting: Meeting) -> tuple[Correction, ...]:
    """What was changed after the end, and why; one query."""
    items = AgendaItem.objects.filter(meeting=meeting).values("pk")
    histories = (
        ("会議", Meeting.history.filter(id=meeting.pk)),
        ("次第", AgendaItem.history.filter(meeting_id=meeting.pk)),
        ("決定", Decision.history.filter(item_id__in=items)),
        ("出欠", Seat.history.filter(meeting_id=meeting.pk)),
        ("宿題", ActionItem.history.filter(meeting_id=meeting.pk)),
        ("資料", ItemPaper.history.filter(item_id__in=items)),
        ("会議録", Minutes.history.filter(meeting_id=meeting.pk)),
    )
    columns = ("history_date", "what", "history_actor", "history_change_reason")
    parts = [
        rows.filter(history_change_reason__startswith=CORRECTION)
        .order_by()
        .annotate(what=Value(word, output_field=CharField()))
        .values_list(*columns)
        for word, rows in histories
    ]
    found = parts[0].union(*parts[1:], all=True).order_by("-history_date")
    return tuple(Correction(at, what, actor, reason.removeprefix(CORRECTION)) for at, what, actor, reason in found)


def meeting_changes(meeting: Meeting) -> tuple[tuple[str, list[Change]], ...]:
    """Who changed what: the meeting, its agenda (also what was taken off), its decisions. Newest first in each."""
    items = AgendaItem.history.filter(meeting_id=meeting.pk).select_related("meeting", "proposal", "activity")
    decisions = Decision.history.filter(item_id__in=items.values("id")).select_related("item")
    seats = Seat.history.filter(meeting_id=meeting.pk).select_related("meeting", "person")
    tasks = ActionItem.history.filter(meeting_id=meeting.pk).select_related("meeting", "item", "section")
    return (
        ("会議", changes_of(meeting)),
        ("次第", _changes(items)),
        ("決定", _changes(decisions)),
        ("出欠", _changes(seats)),
        ("宿題", _changes(tasks)),
    )


def _changes(records: QuerySet[Any]) -> list[Change]:
    """Each history row against the one before it of the same row."""
    newest_first = list(records.order_by("-history_date", "-history_id"))
    changes: list[Change] = []
    for position, record in enumerate(newest_first):
        older = next((other for other in newest_first[position + 1 :] if other.id == record.id), None)
        changes.append(_without_proposal(describe(record, older)))
    return changes


def _without_proposal(change: Change) -> Change:
    """The item's title says which proposal it was; its present title is not for every reader of the agenda."""
    kept = tuple(field for field in change.fields if field.label != AgendaItem.proposal.field.verbose_name)
    return replace(change, fields=kept)
