"""Which form a step asks with: several questions, an answer to each, or one text."""

from collections.abc import Mapping, Sequence
from typing import Any

from committee.actions import proposal_draft_of
from committee.choices import DraftKind, ProposalAction
from committee.course import Thread, threads
from committee.forms import AnswersForm, QuestionsForm, StepForm
from committee.models import Proposal, ProposalDraft
from committee.workflow import Step
from townhall.models import User


def open_threads(proposal: Proposal) -> list[Thread]:
    return [thread for thread in threads(list(proposal.questions.all())) if not thread.answer]


def answers_typed(proposal: Proposal, action: ProposalAction, *, by: User) -> ProposalDraft | None:
    """What this person typed in answer, and has not sent."""
    return proposal_draft_of(proposal, by=by, kind=DraftKind.ANSWERS) if action == ProposalAction.ANSWER else None


def form_for(
    step: Step,
    proposal: Proposal,
    data: Any = None,
    *,
    asked: Sequence[Thread] = (),
    typed: Mapping[str, str] | None = None,
) -> StepForm:
    """`asked`: the questions that wait for an answer, where the step is one; `typed`: what was typed to answer them."""
    initial = {"seen_version": proposal.version}
    if step.action == ProposalAction.RETURN:
        return QuestionsForm(data, step=step, initial=initial)
    if step.action == ProposalAction.ANSWER and asked:
        return AnswersForm(data, step=step, initial=initial, asked=asked, typed=typed)
    return StepForm(data, step=step, initial=initial)
