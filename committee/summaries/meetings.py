"""Meetings as lists and pages show them: plain values, a fixed number of queries."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from committee.choices import ItemKind, ProposalState
from committee.models import AgendaItem, Decision, Meeting, Proposal
from schedule.models import Activity, ProgressReport
from townhall.history import Change, changes_of, describe
from townhall.models import User
from townhall.permissions import Permission, can

ITEM_RELATED = (
    "decision",
    "proposal__section",
    "activity__owner_section",
    "activity__initiative__owner_section",
)


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
    opens_proposal: bool = False  # may this person open the proposal's page?

    @property
    def is_withdrawn(self) -> bool:
        return self.proposal is not None and self.proposal.state == ProposalState.WITHDRAWN

    @property
    def is_open(self) -> bool:
        return self.decision is None and not self.is_withdrawn


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

    @property
    def status(self) -> tuple[str, str]:
        """Tone and word of its badge."""
        return ("done", "終了") if self.meeting.is_closed else ("study", "準備中")


@dataclass(frozen=True)
class MeetingPage:
    items: tuple[AgendaRow, ...]
    can_manage: bool
    can_decide: bool
    waiting: tuple[Proposal, ...]  # proposals that could be put on an agenda
    marked: tuple[Activity, ...]  # rows whose last report says 委員会に諮る, not yet on this agenda

    @property
    def open_items(self) -> int:
        return sum(item.is_open for item in self.items)


def next_meeting(today: date) -> NextMeeting | None:
    """The next meeting from today on, with its agenda; two queries, one when there is none."""
    meeting = Meeting.objects.upcoming(today=today).first()
    return None if meeting is None else NextMeeting(meeting, agenda_of(meeting))


def agenda_of(meeting: Meeting, *, openable: frozenset[int] = frozenset()) -> tuple[AgendaRow, ...]:
    """The agenda in order, numbered from 1. `openable`: ids of the proposals the reader may open."""
    items = meeting.items.select_related(*ITEM_RELATED).order_by("order", "pk")
    return tuple(_row(item, number, openable) for number, item in enumerate(items, start=1))


def _row(item: AgendaItem, position: int, openable: frozenset[int]) -> AgendaRow:
    section = item.proposal.section if item.proposal else item.activity.section if item.activity else None
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
        opens_proposal=item.proposal_id in openable,
    )


def meeting_rows() -> tuple[MeetingRow, ...]:
    """Every meeting, newest first; one query."""
    undecided = Q(items__decision__isnull=True) & ~Q(items__proposal__state=ProposalState.WITHDRAWN)
    counted = Meeting.objects.annotate(
        item_count=Count("items", distinct=True), open_count=Count("items", filter=undecided, distinct=True)
    )
    return tuple(MeetingRow(meeting, meeting.item_count, meeting.open_count) for meeting in counted)


def meeting_page(meeting: Meeting, user: User, *, today: date) -> MeetingPage:
    """One meeting as this person sees it; two queries, four for who manages it."""
    visible = Proposal.objects.visible_to(user, today=today).filter(agenda_items__meeting=meeting)
    manages = can(user, Permission.MANAGE_MEETING, today=today) and not meeting.is_closed
    items = agenda_of(meeting, openable=frozenset(visible.values_list("pk", flat=True)))
    return MeetingPage(
        items=items,
        can_manage=manages,
        can_decide=can(user, Permission.DECIDE, today=today) and not meeting.is_closed,
        waiting=tuple(Proposal.objects.waiting_for_agenda().select_related("section")) if manages else (),
        marked=_marked_rows(items) if manages else (),
    )


def _marked_rows(items: tuple[AgendaRow, ...]) -> tuple[Activity, ...]:
    """Rows marked 委員会に諮る in the newest round that has reports."""
    here = {item.activity.pk for item in items if item.activity}
    marked = ProgressReport.objects.reported().filter(to_committee=True).select_related("activity", "round")
    reports = list(marked.order_by("-round__fiscal_year", "-round__quarter", "activity__order")[:100])
    newest = [report for report in reports if report.round_id == reports[0].round_id]
    return tuple(report.activity for report in newest if report.activity_id not in here)


def meeting_changes(meeting: Meeting) -> tuple[tuple[str, list[Change]], ...]:
    """Who changed what: the meeting, its agenda (also what was taken off), its decisions. Newest first in each."""
    items = AgendaItem.history.filter(meeting_id=meeting.pk).select_related("meeting", "proposal", "activity")
    decisions = Decision.history.filter(item_id__in=items.values("id")).select_related("item")
    return ("会議", changes_of(meeting)), ("次第", _changes(items)), ("決定", _changes(decisions))


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
