"""Keeping what was asked and answered, who opened a proposal first, and what it said when it was submitted."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from committee.choices import ProposalState
from committee.contents import every_line, frozen
from committee.models import Proposal, ProposalEdition, ProposalOpening, ProposalQuestion
from townhall.models import User
from townhall.permissions import Permission, can


def keep_questions(proposal: Proposal, texts: Sequence[str], *, by: User, today: date, now: datetime) -> None:
    last = proposal.questions.aggregate(last=Max("number"))["last"] or 0
    for number, text in enumerate(texts, start=last + 1):
        question = ProposalQuestion(
            proposal=proposal,
            number=number,
            edition=proposal.edition,
            question=text,
            asked_by=by.described_on(today),
            asked_at=now,
        )
        question.full_clean()
        question.save()


def keep_answers(proposal: Proposal, answers: Mapping[int, str], *, by: User, today: date, now: datetime) -> None:
    for question in proposal.questions.filter(number__in=answers):
        question.answer, question.answered_by, question.answered_at = (
            answers[question.number],
            by.described_on(today),
            now,
        )
        question.full_clean()
        question.save()


def freeze_edition(proposal: Proposal, *, by: User, today: date, now: datetime) -> ProposalEdition:
    contents = frozen(every_line(Proposal.objects.get(pk=proposal.pk)))
    text = json.dumps(contents, ensure_ascii=False, sort_keys=True)
    return ProposalEdition.objects.create(
        proposal=proposal,
        number=proposal.edition,
        contents=contents,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        frozen_by=by.described_on(today),
        frozen_at=now,
    )


def note_opening(proposal: Proposal, *, by: User, today: date, now: datetime) -> None:
    """The secretariat looks at what lies with it; written down the first time for each edition."""
    if proposal.state != ProposalState.SUBMITTED or not can(by, Permission.RECEIVE_PROPOSAL, today=today):
        return
    if proposal.was_opened:
        return
    opening = ProposalOpening(
        proposal=proposal, edition=proposal.edition, opened_by=by.described_on(today), opened_at=now
    )
    try:
        with transaction.atomic():
            opening.save()
    except IntegrityError:
        return  # a colleague was first
