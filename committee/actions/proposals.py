"""What people do to proposals."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max

from committee.actions.funding import save_funding
from committee.actions.once import create_once
from committee.actions.questions import freeze_edition, keep_answers, keep_questions
from committee.approvals_due import approval_prefix
from committee.choices import ProposalAction, ProposalState
from committee.costs import FundingEntry
from committee.inquiries_due import INQUIRY_KIND, inquiry_subject
from committee.models import Proposal, ProposalEvent
from committee.questions import as_one, check_answers
from committee.workflow import Step, allowed_step, may_edit, missing_of, who_may
from initiatives.models import HourlyCost
from schedule.reminders import settle, settle_all
from townhall import fiscal
from townhall.changes import StaleVersion, save_row
from townhall.models import User
from townhall.permissions import Permission, can
from townhall.refusal import Incomplete, Refused

# Two sections submitting in the same instant compute the same number; the loser of the race takes the next one.
TRIES_FOR_A_NUMBER = 10


@transaction.atomic
def create_proposal(
    draft: Proposal,
    *,
    by: User,
    today: date,
    now: datetime,
    funding: Sequence[FundingEntry] = (),
    source: str = "画面",
    reason: str = "",
) -> Proposal:
    """Begin a proposal for the writer's own section. The same creation key a second time gives the first proposal."""
    if not can(by, Permission.WRITE_PROPOSAL, today=today, section=draft.section_id):
        raise PermissionDenied(f"提案を書けるのは、{who_may(Permission.WRITE_PROPOSAL)}です。")
    draft.author, draft.created_at, draft.state = by, now, ProposalState.DRAFT
    draft.yen_per_hour = HourlyCost.in_force(today).yen
    twins = Proposal.objects.filter(creation_key=draft.creation_key, author=by)
    proposal = create_once(draft, twins, by=by, today=today, source=source, reason=reason)
    if proposal is draft:
        save_funding(draft, funding, by=by, today=today, source=source)
        _note(draft, ProposalAction.CREATE, ProposalState.DRAFT, by=by, today=today, now=now)
    return proposal


@transaction.atomic
def edit_proposal(
    proposal: Proposal,
    *,
    by: User,
    today: date,
    seen_version: int | None,
    funding: Sequence[FundingEntry] | None = None,
    source: str = "画面",
    reason: str = "",
) -> Proposal:
    """Save an edited text; without `funding` its 財源 stay. A proposal that has been submitted must stay complete."""
    if not may_edit(proposal, by=by, today=today):
        _say_who_was_first(proposal, seen_version)
        raise Refused(f"この提案はいま「{proposal.state_choice.label}」のため、内容を変えられません。")
    if proposal.state in ProposalState.FOR_AN_AGENDA and (missing := missing_of(proposal)):
        raise Incomplete(missing)
    if proposal.state in ProposalState.WITH_SECTION:
        proposal.yen_per_hour = HourlyCost.in_force(today).yen
    save_row(proposal, by=by, seen_version=seen_version, today=today, source=source, reason=reason)
    if funding is not None:
        save_funding(proposal, funding, by=by, today=today, source=source)
    return proposal


@transaction.atomic
def take_step(
    proposal: Proposal,
    action: ProposalAction,
    *,
    by: User,
    today: date,
    now: datetime,
    comment: str = "",
    questions: Sequence[str] = (),
    answers: Mapping[int, str] | None = None,
    seen_version: int | None,
) -> Proposal:
    """Take one step of workflow.STEPS that needs no meeting. The same press of a button twice is the same as once.

    照会 may ask several `questions` at once, 回答 gives `answers` by number; a single `comment` is one question, or the
    answer to every open one.
    """
    comment = as_one(questions) or as_one([text for _, text in sorted((answers or {}).items())]) or comment.strip()
    try:
        step = step_now(proposal, action, by=by, today=today, seen_version=seen_version)
        if step.needs_meeting:
            raise Refused(f"「{step.button}」は、委員会の次第から行ってください。")
        if step.elsewhere:
            raise Refused(f"「{step.button}」は、{step.elsewhere}で行ってください。")
        before = proposal.state
        asked = inquiry_subject(proposal) if proposal.state == ProposalState.RETURNED else ""
        given = _answers_to(proposal, answers, comment) if action == ProposalAction.ANSWER and comment else {}
        advance(proposal, step, by=by, today=today, now=now, comment=comment, seen_version=seen_version)
        if action == ProposalAction.RETURN:
            keep_questions(
                proposal, [q.strip() for q in questions if q.strip()] or [comment], by=by, today=today, now=now
            )
        keep_answers(proposal, given, by=by, today=today, now=now)
        if before == ProposalState.SECTION_REVIEW:
            settle_all(subject_prefix=approval_prefix(proposal), reason=step.button)
        if asked:
            settle(kind=INQUIRY_KIND.slug, subject=asked, reason=step.button)
        return proposal
    except StaleVersion:
        if was_just_done(proposal, action, by=by, today=today, comment=comment, seen_version=seen_version):
            return Proposal.objects.get(pk=proposal.pk)
        raise


def _answers_to(proposal: Proposal, answers: Mapping[int, str] | None, comment: str) -> dict[int, str]:
    numbers = list(proposal.questions.filter(answered_at__isnull=True).values_list("number", flat=True))
    return check_answers(numbers, dict.fromkeys(numbers, comment) if answers is None else answers)


def step_now(proposal: Proposal, action: ProposalAction, *, by: User, today: date, seen_version: int | None) -> Step:
    try:
        return allowed_step(proposal, action, by=by, today=today)
    except Refused:
        _say_who_was_first(proposal, seen_version)
        raise


def _say_who_was_first(proposal: Proposal, seen_version: int | None) -> None:
    """A step is refused because somebody has just taken one: better to say who than to quote the rule."""
    if seen_version != proposal.version:
        raise StaleVersion(Proposal.objects.filter(pk=proposal.pk).first(), seen_version)


def was_just_done(
    proposal: Proposal, action: ProposalAction, *, by: User, today: date, comment: str, seen_version: int | None
) -> bool:
    """Did this person already take exactly this step from the version they saw? Then it was a double click."""
    now = Proposal.objects.filter(pk=proposal.pk, version=(seen_version or 0) + 1).first()
    last = now.events.last() if now else None
    wanted = (action, by.described_on(today), comment.strip())
    return last is not None and (last.action, last.actor, last.comment) == wanted


def advance(
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
        proposal.yen_per_hour = HourlyCost.in_force(today).yen
    # The history is read outside the section too: what its head told its clerk stands in the event alone.
    told = comment if step.action != ProposalAction.SEND_BACK else ""
    reason = f"{step.action.label}：{told}" if told else step.action.label
    if step.submits and proposal.serial is None:
        _save_with_number(proposal, by=by, today=today, seen_version=seen_version, reason=reason)
    else:
        save_row(proposal, by=by, seen_version=seen_version, today=today, reason=reason)
    _note(proposal, step.action, before, by=by, today=today, now=now, comment=comment)
    if step.submits:
        freeze_edition(proposal, by=by, today=today, now=now)
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
