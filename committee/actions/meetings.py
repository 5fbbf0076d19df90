"""What people do to meetings, their agenda and their decisions."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max

from committee.actions.execution import Placement, follow_adoption
from committee.actions.once import SAME_MOMENT, create_once
from committee.actions.proposals import advance, step_now, was_just_done
from committee.choices import ItemKind, Outcome, ProposalAction, ProposalState
from committee.models import AgendaItem, Decision, Meeting, Proposal
from committee.workflow import ACTION_OF_OUTCOME, Refused, allowed_step, who_may
from townhall import fiscal
from townhall.changes import StaleVersion, create_row, delete_row, save_row
from townhall.models import User
from townhall.permissions import Permission, can


@transaction.atomic
def schedule_meeting(meeting: Meeting, *, by: User, today: date, source: str = "画面") -> Meeting:
    """Call a meeting. The same creation key a second time gives the first one."""
    twins = Meeting.objects.filter(creation_key=meeting.creation_key)
    return create_once(meeting, twins, by=by, today=today, source=source)


@transaction.atomic
def edit_meeting(meeting: Meeting, *, by: User, today: date, seen_version: int | None, source: str = "画面") -> Meeting:
    _open_meeting(meeting)
    try:
        return save_row(meeting, by=by, seen_version=seen_version, today=today, source=source)
    except IntegrityError as error:
        raise Refused(SAME_MOMENT) from error


@transaction.atomic
def close_meeting(meeting: Meeting, *, by: User, today: date, now: datetime, seen_version: int | None) -> Meeting:
    """End a meeting: from here it is read-only. Raises Refused while an item is undecided."""
    _open_meeting(meeting)
    undecided = [item.title for item in meeting.items.select_related("decision", "proposal") if item.is_open]
    if undecided:
        raise Refused(f"まだ決定を記録していない議題が{len(undecided)}件あります：{'、'.join(undecided)}")
    meeting.is_closed, meeting.closed_at, meeting.closed_by = True, now, by.described_on(today)
    return save_row(meeting, by=by, seen_version=seen_version, today=today, reason="会議を終了")


def _open_meeting(meeting: Meeting) -> None:
    """Hold the meeting's row until the end of the transaction, so that nobody closes it meanwhile."""
    held = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if held.is_closed:
        raise Refused(f"{held.short_name}の会議は終了しています。内容は変えられません。")


@transaction.atomic
def add_agenda_item(item: AgendaItem, *, by: User, today: date, source: str = "画面") -> AgendaItem:
    """Put a subject at the end of the agenda. Proposals come through `table_proposal`."""
    if item.proposal_id is not None:
        raise Refused("提案は「次第に載せる」から載せてください。")
    return _append(item, by=by, today=today, source=source)


def _append(item: AgendaItem, *, by: User, today: date, source: str) -> AgendaItem:
    _open_meeting(item.meeting)
    item.order = (item.meeting.items.aggregate(last=Max("order"))["last"] or 0) + 1
    twins = AgendaItem.objects.filter(creation_key=item.creation_key)
    return create_once(item, twins, by=by, today=today, source=source)


@transaction.atomic
def table_proposal(
    proposal: Proposal,
    meeting: Meeting,
    *,
    by: User,
    today: date,
    now: datetime,
    seen_version: int | None,
    source: str = "画面",
) -> AgendaItem:
    """Put a proposal on the agenda of a meeting; twice is the same as once."""
    comment = f"{meeting.short_name}（{fiscal.format_date(meeting.held_on)}）"
    action = ProposalAction.TABLE
    try:
        step = step_now(proposal, action, by=by, today=today, seen_version=seen_version)
        advance(proposal, step, by=by, today=today, now=now, comment=comment, seen_version=seen_version)
    except StaleVersion:
        if was_just_done(proposal, action, by=by, today=today, comment=comment, seen_version=seen_version):
            return AgendaItem.objects.get(meeting=meeting, proposal=proposal)
        raise
    item = AgendaItem(meeting=meeting, proposal=proposal, kind=ItemKind.REVIEW, title=_item_title(proposal))
    return _append(item, by=by, today=today, source=source)


def _item_title(proposal: Proposal) -> str:
    return str(proposal)[:120]


@transaction.atomic
def edit_agenda_item(
    item: AgendaItem, *, by: User, today: date, seen_version: int | None, source: str = "画面"
) -> AgendaItem:
    _undecided_item(item)
    return save_row(item, by=by, seen_version=seen_version, today=today, source=source)


@transaction.atomic
def remove_agenda_item(
    item: AgendaItem, *, by: User, today: date, now: datetime, reason: str, seen_version: int | None
) -> None:
    """Take an undecided subject off the agenda; its proposal goes back to the secretariat."""
    _undecided_item(item)
    if not reason.strip():
        raise Refused("外す理由を入力してください。")
    proposal = item.proposal
    delete_row(item, by=by, seen_version=seen_version, today=today, reason=reason)
    if proposal is not None and proposal.state == ProposalState.TABLED:
        step = allowed_step(proposal, ProposalAction.UNTABLE, by=by, today=today)
        advance(proposal, step, by=by, today=today, now=now, comment=reason, seen_version=proposal.version)


def _undecided_item(item: AgendaItem) -> None:
    _open_meeting(item.meeting)
    decision = Decision.objects.filter(item_id=item.pk).first()
    if decision is not None:
        raise Refused(f"この議題は決定を記録してあります（{decision.outcome_choice.label}、{decision.recorded_by}）。")


@transaction.atomic
def record_decision(
    decision: Decision,
    *,
    by: User,
    today: date,
    now: datetime,
    seen_version: int | None,
    placement: Placement | None = None,
    source: str = "画面",
) -> Decision:
    """Write down what the committee decided on one item; a proposal moves with it.

    `seen_version` is the version of the agenda item that was shown: of two people deciding at once, one is told.
    """
    item = decision.item
    if not can(by, Permission.DECIDE, today=today):
        raise PermissionDenied(f"決定を記録できるのは、{who_may(Permission.DECIDE)}です。")
    decision.recorded_by = by.described_on(today)
    first = Decision.objects.filter(item_id=item.pk).first()
    if first is not None and _says_the_same(first, decision):
        return first
    _undecided_item(item)
    if errors := decision_errors(decision, today=today):
        raise ValidationError(errors)
    save_row(item, by=by, seen_version=seen_version, today=today, reason="決定を記録", source=source)
    create_row(decision, by=by, today=today, source=source)
    if item.proposal is not None:
        step = allowed_step(item.proposal, ACTION_OF_OUTCOME[decision.outcome_choice], by=by, today=today)
        comment = decision.reason if not decision.conditions else f"{decision.reason}\n条件：{decision.conditions}"
        version = item.proposal.version
        advance(item.proposal, step, by=by, today=today, now=now, comment=comment, seen_version=version)
        if decision.outcome in Outcome.ADOPTS:
            follow_adoption(item.proposal, placement=placement, by=by, today=today, source=source)
    return decision


def _says_the_same(first: Decision, second: Decision) -> bool:
    """A double click: the same person wrote the same decision a moment ago."""
    compared = ("recorded_by", "outcome", "reason", "conditions", "decided_on", "document_number")
    return all(getattr(first, name) == getattr(second, name) for name in compared)


def decision_errors(decision: Decision, *, today: date) -> dict[str, str]:
    """Field → sentence; empty when the decision can be recorded."""
    errors = {}
    if not decision.reason.strip():
        errors["reason"] = "決定の理由を入力してください。"
    if decision.outcome == Outcome.CONDITIONAL and not decision.conditions.strip():
        errors["conditions"] = "条件付き採択のときは、条件を入力してください。"
    if decision.item.proposal_id is not None and decision.outcome == Outcome.NOTED:
        errors["outcome"] = "提案には、採択・条件付き採択・継続審議・不採択のどれかを選んでください。"
    if decision.decided_on and decision.decided_on > today:
        errors["decided_on"] = "決定日は、今日までの日付にしてください。"
    return errors
