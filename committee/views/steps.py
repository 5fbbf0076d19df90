"""The steps of a proposal's way. Each page shows what will happen, asks for the text the step needs, and does it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from committee.actions import drop_proposal_draft, table_proposal, take_step
from committee.choices import DraftKind, ProposalAction
from committee.forms import AnswersForm, QuestionsForm, StepForm, TableForm
from committee.models import AgendaItem, Proposal
from committee.summaries import changes_since_submitted
from committee.turns import whose_turn
from committee.views.asking import FORM_METHODS
from committee.views.proposals import facts_of, visible_or_404
from committee.views.step_forms import answers_typed, form_for, open_threads
from committee.workflow import Step, allowed_step, missing_of, steps_of
from townhall.attempt import attempt
from townhall.http import PortalRequest
from townhall.permissions import Permission, requires
from townhall.refusal import Refused

A = ProposalAction

# What the page says when the step is done.
SAID = {
    A.SUBMIT: "提出しました。",
    A.APPROVE: "決裁して提出しました。",
    A.SEND_BACK: "担当へ差し戻しました。",
    A.TAKE_BACK: "取り戻しました。内容を直して、もう一度提出できます。",
    A.RETURN: "照会しました。",
    A.ANSWER: "回答しました。",
    A.WITHDRAW: "取り下げました。",
    A.TABLE: "次第に載せました。",
    A.COMPLETE: "完了にしました。",
    A.DROP: "見送りにしました。",
}
# What the step means, on the page that asks for it.
MEANS = {
    A.APPROVE: "課内の決裁を記録し、事務局へ提出します。提出すると番号がつき、事務局と委員が読めるようになります。",
    A.SEND_BACK: "担当へ戻します。担当は内容を直して、もう一度決裁へ出せます。",
    A.TAKE_BACK: "提出を取り消して、下書きに戻します。事務局が照会するか次第に載せるまで、取り戻せます。",
    A.RETURN: "提案した課へ照会します。課は回答し、必要なら内容を直して再提出します。",
    A.ANSWER: "照会に回答して再提出します。内容も直すときは、先に「内容を変える」で直してください。",
    A.WITHDRAW: "この提案を取り下げます。取り下げた提案は元に戻せません。経過と理由は残ります。",
    A.COMPLETE: "効果の検証を終えて、この提案を完了にします。完了にすると、検証の値は変えられません。",
    A.DROP: "採択された提案の実施を見送ります。元に戻せません。経過と理由は残ります。",
}


def step_page(request: PortalRequest, pk: int, action: ProposalAction, template: str) -> HttpResponse:
    proposal = visible_or_404(request, pk)
    data = request.POST if request.method == "POST" else None
    try:
        step = allowed_step(proposal, action, by=request.user, today=request.today)
    except Refused as refused:
        if data is None:
            messages.warning(request, refused.sentence)
            return redirect(proposal)
        step = steps_of(action)[0]
    draft = answers_typed(proposal, action, by=request.user)
    asked = open_threads(proposal) if action == A.ANSWER else ()
    form = form_for(step, proposal, data, asked=asked, typed=draft.typed if draft else None)
    status = 200
    if data is not None and form.is_valid():
        status = attempt(form, lambda: _take(request, proposal, action, form))
        if not status:
            if action == A.ANSWER:
                drop_proposal_draft(proposal, by=request.user, kind=DraftKind.ANSWERS)
            return _done(request, pk, action)
        proposal = visible_or_404(request, pk)
    context: dict[str, Any] = {"proposal": proposal, "form": form, "step": step, "means": MEANS.get(action, "")}
    context["draft"] = draft if data is None else None
    if action == A.SUBMIT:
        context |= facts_of(proposal, request, all_lines=True)
    return render(request, template, context | _context_of(proposal, step), status=status or 200)


def _take(request: PortalRequest, proposal: Proposal, action: ProposalAction, form: StepForm) -> None:
    take_step(
        proposal,
        action,
        by=request.user,
        today=request.today,
        now=request.now,
        comment=form.cleaned_data.get("comment", ""),
        questions=form.texts if isinstance(form, QuestionsForm) else (),
        answers=form.answers if isinstance(form, AnswersForm) else None,
        seen_version=form.cleaned_data["seen_version"],
    )


def _context_of(proposal: Proposal, step: Step) -> dict[str, object]:
    asked = open_threads(proposal) if step.action == A.ANSWER else []
    changed = changes_since_submitted(proposal) if step.action in (A.SUBMIT, A.ANSWER, A.APPROVE) else ()
    return {"missing": missing_of(proposal), "asked": asked, "changed": changed}


def _done(request: PortalRequest, pk: int, action: ProposalAction) -> HttpResponse:
    proposal = visible_or_404(request, pk)
    turn = whose_turn(proposal)
    number = f"{proposal.number_label}　" if proposal.number_label else ""
    following = f"次は{turn.label}の番です。" if turn.permission else ""
    messages.success(request, f"{number}{SAID[action]}{following}")
    return redirect(proposal)


@requires(Permission.WRITE_PROPOSAL)
@require_http_methods(FORM_METHODS)
def proposal_submit(request: PortalRequest, pk: int) -> HttpResponse:
    return step_page(request, pk, A.SUBMIT, "committee/proposal_submit.html")


@requires(Permission.APPROVE_PROPOSAL)
@require_http_methods(FORM_METHODS)
def proposal_approve(request: PortalRequest, pk: int) -> HttpResponse:
    return step_page(request, pk, A.APPROVE, "committee/proposal_step.html")


@requires(Permission.APPROVE_PROPOSAL)
@require_http_methods(FORM_METHODS)
def proposal_send_back(request: PortalRequest, pk: int) -> HttpResponse:
    return step_page(request, pk, A.SEND_BACK, "committee/proposal_step.html")


@requires(Permission.WRITE_PROPOSAL)
@require_http_methods(FORM_METHODS)
def proposal_take_back(request: PortalRequest, pk: int) -> HttpResponse:
    return step_page(request, pk, A.TAKE_BACK, "committee/proposal_step.html")


@requires(Permission.RECEIVE_PROPOSAL)
@require_http_methods(FORM_METHODS)
def proposal_return(request: PortalRequest, pk: int) -> HttpResponse:
    return step_page(request, pk, A.RETURN, "committee/proposal_step.html")


@requires(Permission.WRITE_PROPOSAL)
@require_http_methods(FORM_METHODS)
def proposal_answer(request: PortalRequest, pk: int) -> HttpResponse:
    return step_page(request, pk, A.ANSWER, "committee/proposal_step.html")


@requires(Permission.WRITE_PROPOSAL)
@require_http_methods(FORM_METHODS)
def proposal_withdraw(request: PortalRequest, pk: int) -> HttpResponse:
    return step_page(request, pk, A.WITHDRAW, "committee/proposal_step.html")


@requires(Permission.RECEIVE_PROPOSAL)
@require_http_methods(FORM_METHODS)
def proposal_table(request: PortalRequest, pk: int) -> HttpResponse:
    proposal = visible_or_404(request, pk)
    data = request.POST if request.method == "POST" else None
    try:
        allowed_step(proposal, A.TABLE, by=request.user, today=request.today)
    except Refused as refused:
        if data is None:
            messages.warning(request, refused.sentence)
            return redirect(proposal)
    form = TableForm(data, initial={"seen_version": proposal.version, "meeting": request.GET.get("meeting")})
    status = 200
    if data is not None and form.is_valid():
        made: list[AgendaItem] = []
        status = attempt(form, lambda: made.append(_table(request, proposal, form)))
        if made:
            messages.success(request, f"{proposal.number_label}を{made[0].meeting.short_name}の次第に載せました。")
            return redirect(made[0].meeting)
        proposal = visible_or_404(request, pk)
    context = {"proposal": proposal, "form": form}
    return render(request, "committee/proposal_table.html", context, status=status or 200)


def _table(request: PortalRequest, proposal: Proposal, form: TableForm) -> AgendaItem:
    return table_proposal(
        proposal,
        form.cleaned_data["meeting"],
        by=request.user,
        today=request.today,
        now=request.now,
        seen_version=form.cleaned_data["seen_version"],
    )
