"""Which form a step asks with: several questions, an answer to each, or one text."""

from collections.abc import Sequence
from typing import Any

from committee.choices import ProposalAction
from committee.course import Thread, threads
from committee.forms import AnswersForm, QuestionsForm, StepForm
from committee.models import Proposal
from committee.workflow import Step


def open_threads(proposal: Proposal) -> list[Thread]:
    return [thread for thread in threads(list(proposal.questions.all())) if not thread.answer]


def form_for(step: Step, proposal: Proposal, data: Any = None, *, asked: Sequence[Thread] = ()) -> StepForm:
    """`asked`: the questions that wait for an answer, where the step is one."""
    initial = {"seen_version": proposal.version}
    if step.action == ProposalAction.RETURN:
        return QuestionsForm(data, step=step, initial=initial)
    if step.action == ProposalAction.ANSWER and asked:
        return AnswersForm(data, step=step, initial=initial, asked=asked)
    return StepForm(data, step=step, initial=initial)
