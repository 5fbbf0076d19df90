"""次第の案: what a coming meeting should deal with, each with where it comes from. Nothing is added before a person says so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Q

from committee.choices import ItemKind, ItemOrigin
from committee.models import ActionItem, AgendaItem, Meeting, Proposal
from schedule.models import Activity, DutyOccurrence, ProgressReport
from schedule.models.duty import DutyKind
from townhall import fiscal

# A policy that falls due before the meeting after this one: the committee meets about every quarter.
POLICY_AHEAD_DAYS = 92
MOST_ROWS = 100


@dataclass(frozen=True)
class Candidate:
    """`key` names the thing in forms. `about` are the values of the agenda item that would be made of it."""

    key: str
    origin: ItemOrigin
    title: str
    why: str
    url: str
    about: dict[str, Any]

    @property
    def proposal(self) -> Proposal | None:
        return self.about.get("proposal")

    def item_key(self, meeting: Meeting) -> UUID:
        """The same thing on the same agenda has the same key: pressing twice, or two people at once, adds it once."""
        return uuid5(meeting.creation_key, self.key)


def candidates_for(meeting: Meeting, *, today: date) -> tuple[Candidate, ...]:
    """In the order they stand on an agenda: 宿題, 諮る, 提案, 義務. Without what is on it already. Six queries."""
    items = list(meeting.items.all())
    return (
        *_homework(meeting, items),
        *_marked(items),
        *_proposals(),
        *_duties(meeting, items),
    )


def _homework(meeting: Meeting, items: list[AgendaItem]) -> Iterator[Candidate]:
    if any(item.follows_up for item in items):
        return
    tasks = list(ActionItem.objects.before(meeting))
    if tasks:
        still_open = sum(task.is_open for task in tasks)
        yield Candidate(
            key="homework",
            origin=ItemOrigin.HOMEWORK,
            title="前回までの宿題の確認",
            why=f"宿題{len(tasks)}件（未了{still_open}件）",
            url="",
            about={"follows_up": True, "kind": ItemKind.REPORT, "presenter": "事務局"},
        )


def _marked(items: list[AgendaItem]) -> Iterator[Candidate]:
    here = {item.activity_id for item in items}
    for report in marked_reports():
        activity = report.activity
        if activity.pk not in here:
            owner = activity.section
            yield Candidate(
                key=f"row-{activity.pk}",
                origin=ItemOrigin.MARKED,
                title=str(activity)[:120],
                why=f"{report.round.label}の報告に「委員会に諮る」の印",
                url=activity.get_absolute_url(),
                about={"activity": activity, "kind": ItemKind.DISCUSS, "presenter": owner.name if owner else ""},
            )


def marked_reports() -> list[ProgressReport]:
    """Rows marked 委員会に諮る in the newest round that has reports."""
    marked = ProgressReport.objects.reported().filter(to_committee=True)
    related = ("round", "activity__owner_section", "activity__initiative__owner_section")
    reports = list(marked.select_related(*related).order_by("-round__due_on", "activity__order")[:MOST_ROWS])
    return [report for report in reports if report.round_id == reports[0].round_id]


def _proposals() -> Iterator[Candidate]:
    for proposal in Proposal.objects.waiting_for_agenda().select_related("section"):
        yield Candidate(
            key=f"proposal-{proposal.pk}",
            origin=ItemOrigin.PROPOSAL,
            title=str(proposal)[:120],
            why=f"{proposal.section.name}の提案（{proposal.state_choice.label}）",
            url=proposal.get_absolute_url(),
            about={"proposal": proposal},
        )


def _duties(meeting: Meeting, items: list[AgendaItem]) -> Iterator[Candidate]:
    here = {item.occurrence_id for item in items}
    soon = Q(duty__kind=DutyKind.POLICY, due_on__lte=meeting.held_on + timedelta(days=POLICY_AHEAD_DAYS))
    owed = DutyOccurrence.objects.owed().filter(soon | Q(due_on__lt=meeting.held_on))
    for occurrence in owed.select_related("duty__owner_section").order_by("due_on", "pk"):
        if occurrence.pk not in here:
            owner = occurrence.duty.owner_section
            is_policy = occurrence.duty.kind == DutyKind.POLICY
            yield Candidate(
                key=f"duty-{occurrence.pk}",
                origin=ItemOrigin.DUTY,
                title=str(occurrence)[:120],
                why=f"期限 {fiscal.format_date(occurrence.due_on)}",
                url=occurrence.get_absolute_url(),
                about={
                    "occurrence": occurrence,
                    "kind": ItemKind.APPROVE if is_policy else ItemKind.REPORT,
                    "presenter": owner.name if owner else "事務局",
                },
            )


def marked_activities(items: tuple[Any, ...]) -> tuple[Activity, ...]:
    here = {item.activity.pk for item in items if item.activity}
    return tuple(report.activity for report in marked_reports() if report.activity_id not in here)
