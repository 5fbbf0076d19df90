"""What people do to proposals and meetings. Every function is one transaction: all of it is saved, or nothing.

They raise PermissionDenied (not this person's), Refused (not now), StaleVersion (somebody was first) and
ValidationError (a value cannot be stored); each carries a Japanese sentence.
"""

from datetime import date, datetime
from typing import TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Max

from committee.choices import ItemKind, Outcome, ProposalAction, ProposalState
from committee.models import AgendaItem, Decision, Meeting, Proposal, ProposalEvent
from committee.workflow import (
    ACTION_OF_OUTCOME,
    Incomplete,
    Refused,
    Step,
    allowed_step,
    may_edit,
    missing_of,
    who_may,
)
from townhall import fiscal
from townhall.changes import StaleVersion, VersionedModel, create_row, delete_row, save_row
from townhall.models import User
from townhall.permissions import Permission, can

# Two sections submitting in the same instant compute the same number; the loser of the race takes the next one.
TRIES_FOR_A_NUMBER = 10
SAME_MOMENT = "ほかの人が同時に同じ番号で保存しました。まだ保存していません。番号を確かめて、もう一度保存してください。"

V = TypeVar("V", bound=VersionedModel)


# --- proposals


@transaction.atomic
def create_proposal(draft: Proposal, *, by: User, today: date, now: datetime, source: str = "画面") -> Proposal:
    """Begin a proposal for the writer's own section. The same creation key a second time gives the first proposal."""
    if not can(by, Permission.WRITE_PROPOSAL, today=today, section=draft.section_id):
        raise PermissionDenied(f"提案を書けるのは、{who_may(Permission.WRITE_PROPOSAL)}です。")
    draft.author, draft.created_at, draft.state = by, now, ProposalState.DRAFT
    twins = Proposal.objects.filter(creation_key=draft.creation_key, author=by)
    proposal = _create_once(draft, twins, by=by, today=today, source=source)
    if proposal is draft:
        _note(draft, ProposalAction.CREATE, ProposalState.DRAFT, by=by, today=today, now=now)
    return proposal


def _create_once(row: V, twins: models.QuerySet[V], *, by: User, today: date, source: str) -> V:
    """Insert the row, unless a form with the same one-time key was here before: pressing twice makes one."""
    first = twins.first()
    if first is not None:
        return first
    try:
        return create_row(row, by=by, today=today, source=source)
    except (IntegrityError, ValidationError) as error:
        first = twins.first()
        if first is None and isinstance(error, IntegrityError):
            raise Refused(SAME_MOMENT) from error
        if first is None:
            raise
        return first


@transaction.atomic
def edit_proposal(
    proposal: Proposal, *, by: User, today: date, seen_version: int | None, source: str = "画面"
) -> Proposal:
    """Save an edited text. A proposal that has been submitted must stay complete."""
    if not may_edit(proposal, by=by, today=today):
        _say_who_was_first(proposal, seen_version)
        raise Refused(f"この提案はいま「{proposal.state_choice.label}」のため、内容を変えられません。")
    if proposal.state in ProposalState.FOR_AN_AGENDA and (missing := missing_of(proposal)):
        raise Incomplete(missing)
    return save_row(proposal, by=by, seen_version=seen_version, today=today, source=source)


@transaction.atomic
def take_step(
    proposal: Proposal,
    action: ProposalAction,
    *,
    by: User,
    today: date,
    now: datetime,
    comment: str = "",
    seen_version: int | None,
) -> Proposal:
    """Take one step of workflow.STEPS that needs no meeting. The same press of a button twice is the same as once."""
    try:
        step = _step_now(proposal, action, by=by, today=today, seen_version=seen_version)
        if step.needs_meeting:
            raise Refused(f"「{step.button}」は、委員会の次第から行ってください。")
        return _advance(proposal, step, by=by, today=today, now=now, comment=comment, seen_version=seen_version)
    except StaleVersion:
        if _was_just_done(proposal, action, by=by, today=today, comment=comment, seen_version=seen_version):
            return Proposal.objects.get(pk=proposal.pk)
        raise


def _step_now(proposal: Proposal, action: ProposalAction, *, by: User, today: date, seen_version: int | None) -> Step:
    try:
        return allowed_step(proposal, action, by=by, today=today)
    except Refused:
        _say_who_was_first(proposal, seen_version)
        raise


def _say_who_was_first(proposal: Proposal, seen_version: int | None) -> None:
    """A step is refused because somebody has just taken one: better to say who than to quote the rule."""
    if seen_version != proposal.version:
        raise StaleVersion(Proposal.objects.filter(pk=proposal.pk).first(), seen_version)


def _was_just_done(
    proposal: Proposal, action: ProposalAction, *, by: User, today: date, comment: str, seen_version: int | None
) -> bool:
    """Did this person already take exactly this step from the version they saw? Then it was a double click."""
    now = Proposal.objects.filter(pk=proposal.pk, version=(seen_version or 0) + 1).first()
    last = now.events.last() if now else None
    wanted = (action, by.described_on(today), comment.strip())
    return last is not None and (last.action, last.actor, last.comment) == wanted


def _advance(
    proposal: Proposal,
    step: Step,
    *,
    by: User,
    today: date,
    now: datetime,
    comment: str,
    seen_version: int | None,
) -> Proposal:
    comment = comment.strip()
    if step.comment and not comment:
        raise Refused(f"{step.comment}を入力してください。")
    if step.action in (ProposalAction.SUBMIT, ProposalAction.ANSWER, ProposalAction.APPROVE):
        missing = missing_of(proposal)
        if missing:
            raise Incomplete(missing)
    before = proposal.state_choice
    proposal.state = step.target
    if step.action == ProposalAction.WITHDRAW:
        proposal.withdrawn_reason = comment
    if step.submits:
        proposal.edition += 1
    # The history is read outside the section too: what its head told its clerk stands in the event alone.
    told = comment if step.action != ProposalAction.SEND_BACK else ""
    reason = f"{step.action.label}：{told}" if told else step.action.label
    if step.submits and proposal.serial is None:
        _save_with_number(proposal, by=by, today=today, seen_version=seen_version, reason=reason)
    else:
        save_row(proposal, by=by, seen_version=seen_version, today=today, reason=reason)
    _note(proposal, step.action, before, by=by, today=today, now=now, comment=comment)
    return proposal


def _save_with_number(proposal: Proposal, *, by: User, today: date, seen_version: int | None, reason: str) -> None:
    """Give the next number of the fiscal year and save; again with the next one when somebody took it meanwhile."""
    year = proposal.fiscal_year = fiscal.fiscal_year(today)
    for attempt in range(TRIES_FOR_A_NUMBER):
        numbers = Proposal.objects.filter(fiscal_year=year)
        proposal.serial = (numbers.aggregate(last=Max("serial"))["last"] or 0) + 1
        try:
            save_row(proposal, by=by, seen_version=seen_version, today=today, reason=reason)
        except (IntegrityError, ValidationError):
            if attempt == TRIES_FOR_A_NUMBER - 1 or not numbers.filter(serial=proposal.serial).exists():
                raise
        else:
            return


def _note(
    proposal: Proposal,
    action: ProposalAction,
    before: ProposalState,
    *,
    by: User,
    today: date,
    now: datetime,
    comment: str = "",
) -> None:
    ProposalEvent.objects.create(
        proposal=proposal,
        action=action,
        from_state=before,
        to_state=proposal.state,
        at=now,
        actor=by.described_on(today),
        comment=comment,
        edition=proposal.edition,
    )


# --- meetings


@transaction.atomic
def schedule_meeting(meeting: Meeting, *, by: User, today: date, source: str = "画面") -> Meeting:
    """Call a meeting. The same creation key a second time gives the first one."""
    twins = Meeting.objects.filter(creation_key=meeting.creation_key)
    return _create_once(meeting, twins, by=by, today=today, source=source)


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
    return _create_once(item, twins, by=by, today=today, source=source)


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
        step = _step_now(proposal, action, by=by, today=today, seen_version=seen_version)
        _advance(proposal, step, by=by, today=today, now=now, comment=comment, seen_version=seen_version)
    except StaleVersion:
        if _was_just_done(proposal, action, by=by, today=today, comment=comment, seen_version=seen_version):
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
        _advance(proposal, step, by=by, today=today, now=now, comment=reason, seen_version=proposal.version)


def _undecided_item(item: AgendaItem) -> None:
    _open_meeting(item.meeting)
    decision = Decision.objects.filter(item_id=item.pk).first()
    if decision is not None:
        raise Refused(f"この議題は決定を記録してあります（{decision.outcome_choice.label}、{decision.recorded_by}）。")


@transaction.atomic
def record_decision(
    decision: Decision, *, by: User, today: date, now: datetime, seen_version: int | None, source: str = "画面"
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
        _advance(item.proposal, step, by=by, today=today, now=now, comment=comment, seen_version=version)
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
