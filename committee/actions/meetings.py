"""What people do to meetings and their agenda."""

from datetime import date, datetime, time

from django.db import IntegrityError, transaction
from django.db.models import Max

from committee.actions.attendance import ask_again, moved, number_papers
from committee.actions.decisions import undecided_item
from committee.actions.holding import hold_for_correction, hold_open
from committee.actions.once import SAME_MOMENT, create_once
from committee.actions.proposals import advance, step_now, was_just_done
from committee.choices import ItemKind, ItemOrigin, ProposalAction, ProposalState
from committee.models import AgendaItem, Decision, Meeting, Proposal
from committee.workflow import allowed_step
from townhall import fiscal
from townhall.changes import StaleVersion, delete_row, save_row
from townhall.models import User
from townhall.refusal import Refused


@transaction.atomic
def schedule_meeting(meeting: Meeting, *, by: User, today: date, source: str = "画面") -> Meeting:
    """Call a meeting. The same creation key a second time gives the first one."""
    twins = Meeting.objects.filter(creation_key=meeting.creation_key)
    return create_once(meeting, twins, by=by, today=today, source=source)


@transaction.atomic
def edit_meeting(
    meeting: Meeting,
    *,
    by: User,
    today: date,
    now: datetime,
    seen_version: int | None,
    reason: str = "",
    source: str = "画面",
) -> Meeting:
    """After the end that is a correction, with a reason; which meeting it is, and how it met, then stays.

    Who was called to another day or hour is asked again.
    """
    told = hold_for_correction(meeting, reason=reason)
    before = Meeting.objects.get(pk=meeting.pk)
    if before.is_closed and (meeting.number, meeting.way) != (before.number, before.way):
        raise Refused("終了した会議の回と開催の方法は変えられません。")
    if before.is_closed and meeting.held_on > today:
        raise Refused("終了した会議の開催日は、今日までの日付にしてください。")
    is_moved = before.is_convened and not before.is_closed and _when(meeting) != _when(before)
    if is_moved:
        moved(meeting, now=now)
    try:
        save_row(meeting, by=by, seen_version=seen_version, today=today, reason=told, source=source)
    except IntegrityError as error:
        raise Refused(SAME_MOMENT) from error
    if is_moved:
        ask_again(meeting, by=by, today=today)
    return meeting


def _when(meeting: Meeting) -> tuple[date, time | None]:
    return meeting.held_on, meeting.starts_at


@transaction.atomic
def close_meeting(meeting: Meeting, *, by: User, today: date, now: datetime, seen_version: int | None) -> Meeting:
    """End a meeting: from here it is read-only. Raises Refused while an item is undecided."""
    hold_open(meeting)
    undecided = [item.title for item in meeting.items.select_related("decision", "proposal") if item.is_open]
    if undecided:
        raise Refused(f"まだ決定を記録していない議題が{len(undecided)}件あります：{'、'.join(undecided)}")
    meeting.is_closed, meeting.closed_at, meeting.closed_by = True, now, by.described_on(today)
    return save_row(meeting, by=by, seen_version=seen_version, today=today, reason="会議を終了")


@transaction.atomic
def add_agenda_item(item: AgendaItem, *, by: User, today: date, source: str = "画面") -> AgendaItem:
    """Put a subject at the end of the agenda. Proposals come through `table_proposal`."""
    if item.proposal_id is not None:
        raise Refused("提案は「次第に載せる」から載せてください。")
    return append_item(item, by=by, today=today, source=source)


def append_item(item: AgendaItem, *, by: User, today: date, source: str) -> AgendaItem:
    meeting = hold_open(item.meeting)
    item.order = (item.meeting.items.aggregate(last=Max("order"))["last"] or 0) + 1
    twins = AgendaItem.objects.filter(creation_key=item.creation_key)
    made = create_once(item, twins, by=by, today=today, source=source)
    if meeting.is_convened:
        number_papers(meeting, by=by, today=today)
        made.refresh_from_db(fields=["paper_number", "version"])
    return made


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
    item.origin, item.presenter = ItemOrigin.PROPOSAL, proposal.section.name
    return append_item(item, by=by, today=today, source=source)


def _item_title(proposal: Proposal) -> str:
    return str(proposal)[:120]


@transaction.atomic
def edit_agenda_item(
    item: AgendaItem, *, by: User, today: date, seen_version: int | None, reason: str = "", source: str = "画面"
) -> AgendaItem:
    """Until it is decided; after the end of the meeting its wording is corrected, with a reason."""
    told = hold_for_correction(item.meeting, reason=reason)
    if not Meeting.objects.filter(pk=item.meeting_id, is_closed=True).exists():
        undecided_item(item)
    decision = Decision.objects.filter(item_id=item.pk).first()
    if decision is not None and decision.chosen_option and decision.chosen_option not in item.option_list:
        raise Refused(f"選んだ案「{decision.chosen_option}」は、案から外せません。")
    return save_row(item, by=by, seen_version=seen_version, today=today, reason=told, source=source)


@transaction.atomic
def remove_agenda_item(
    item: AgendaItem, *, by: User, today: date, now: datetime, reason: str, seen_version: int | None
) -> None:
    """Take an undecided subject off the agenda; its proposal goes back to the secretariat."""
    undecided_item(item)
    if not reason.strip():
        raise Refused("外す理由を入力してください。")
    proposal = item.proposal
    delete_row(item, by=by, seen_version=seen_version, today=today, reason=reason)
    if proposal is not None and proposal.state == ProposalState.TABLED:
        step = allowed_step(proposal, ProposalAction.UNTABLE, by=by, today=today)
        advance(proposal, step, by=by, today=today, now=now, comment=reason, seen_version=proposal.version)
