"""入力中の下書き of a proposal: what is typed survives, without becoming the proposal or a change in its history."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from committee.choices import DraftKind, ProposalAction
from committee.models import Proposal, ProposalDraft
from committee.workflow import allowed_step, may_edit
from townhall.cells import clean_text
from townhall.models import User
from townhall.refusal import Refused

MOST_TYPED = 100_000  # characters in all fields together; more than the form takes, for what is too long survives too


@transaction.atomic
def keep_proposal_draft(
    proposal: Proposal | None, typed: Mapping[str, str], *, by: User, today: date, now: datetime
) -> ProposalDraft:
    """Values are kept as typed, also those that no proposal may hold. Typing again replaces them."""
    if proposal is not None and not may_edit(proposal, by=by, today=today):
        raise Refused(f"この提案はいま「{proposal.state_choice.label}」のため、下書きに保存していません。")
    return _keep(proposal, DraftKind.CONTENTS, typed, by=by, now=now)


@transaction.atomic
def keep_answer_draft(
    proposal: Proposal, typed: Mapping[str, str], *, by: User, today: date, now: datetime
) -> ProposalDraft:
    """回答 by the number of the question, of who may give them."""
    allowed_step(proposal, ProposalAction.ANSWER, by=by, today=today)
    return _keep(proposal, DraftKind.ANSWERS, typed, by=by, now=now)


def _keep(
    proposal: Proposal | None, kind: DraftKind, typed: Mapping[str, str], *, by: User, now: datetime
) -> ProposalDraft:
    kept = {name: clean_text(text) for name, text in typed.items()}
    if sum(map(len, kept.values())) > MOST_TYPED:
        raise Refused(f"入力が長すぎるため（全部で{MOST_TYPED:,}文字まで）、下書きに保存していません。")
    draft, _ = ProposalDraft.objects.update_or_create(
        proposal=proposal, author=by, kind=kind, defaults={"typed": kept, "saved_at": now}
    )
    return draft


def proposal_draft_of(
    proposal: Proposal | None, *, by: User, kind: DraftKind = DraftKind.CONTENTS
) -> ProposalDraft | None:
    return ProposalDraft.objects.filter(proposal=proposal, author=by, kind=kind).first()


def drop_proposal_draft(proposal: Proposal | None, *, by: User, kind: DraftKind = DraftKind.CONTENTS) -> None:
    """Only one's own."""
    ProposalDraft.objects.filter(proposal=proposal, author=by, kind=kind).delete()
