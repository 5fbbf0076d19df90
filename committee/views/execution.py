"""After the decision: into the plan, into the budget, the start, what was measured, the end."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from committee import actions
from committee.choices import BudgetStage, ProposalAction, ProposalState
from committee.forms.execution import EffectForm, PlacementForm, StartForm, places_open_on
from committee.models import BudgetLine, EffectReview, Proposal
from committee.summaries.effects import effect_rows, effect_table
from committee.views.proposals import FORM_METHODS, visible_or_404
from committee.views.steps import step_page
from committee.workflow import allowed_step, steps_of, who_may
from townhall import fiscal
from townhall.attempt import attempt
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, requires
from townhall.refusal import Refused


@requires(Permission.VIEW_BUDGET)
@require_safe
def proposal_budget(request: PortalRequest, pk: int) -> HttpResponse:
    """Where the money of this proposal is asked for or assessed next; a new line when the last one was put off."""
    proposal = visible_or_404(request, pk)
    lines = list(BudgetLine.objects.filter(proposal=proposal).prefetch_related("amounts").order_by("budget_year", "pk"))
    wanted = BudgetStage.ASSESSED if proposal.state == ProposalState.REQUESTED else BudgetStage.REQUEST
    for line in lines:
        stages = {amount.stage for amount in line.amounts.all()}
        if wanted not in stages and (wanted == BudgetStage.REQUEST or BudgetStage.REQUEST in stages):
            return redirect("budget_amount_record", pk=line.pk, key=wanted.value)
    if proposal.state in ProposalState.ASKS_FOR_MONEY:
        return redirect(f"{reverse('budget_line_create')}?proposal={proposal.pk}")
    return redirect(lines[-1] if lines else proposal)


@requires(Permission.EDIT_PLAN)
@require_http_methods(FORM_METHODS)
def proposal_place(request: PortalRequest, pk: int) -> HttpResponse:
    """計画に反映する, when the decision could not do it because there was no plan."""
    proposal = visible_or_404(request, pk)
    data = request.POST if request.method == "POST" else None
    if data is None and (execution := getattr(proposal, "execution", None)) and execution.activity_id:
        messages.info(request, "この提案は、もう計画に反映してあります。")
        return redirect(proposal)
    form = PlacementForm(data, proposal=proposal, today=request.today)
    status = 200
    if form.is_valid():
        seen = form.cleaned_data["seen_version"]
        status = attempt(
            form,
            lambda: actions.place_in_plan(
                proposal, form.placement, by=request.user, today=request.today, seen_version=seen
            ),
        )
        if not status:
            messages.success(request, "計画に反映しました。提案のページから、計画の行を開けます。")
            return redirect(proposal)
    context = {"proposal": proposal, "form": form, "has_plan": places_open_on(request.today).exists()}
    return render(request, "committee/proposal_place.html", context, status=status or 200)


@requires(Permission.WRITE_PROPOSAL)
@require_http_methods(FORM_METHODS)
def proposal_start(request: PortalRequest, pk: int) -> HttpResponse:
    proposal = visible_or_404(request, pk)
    data = request.POST if request.method == "POST" else None
    try:
        step = allowed_step(proposal, ProposalAction.START, by=request.user, today=request.today)
    except Refused as refused:
        if data is None:
            messages.warning(request, refused.sentence)
            return redirect(proposal)
        step = steps_of(ProposalAction.START)[0]
    form = StartForm(data, step=step, initial={"seen_version": proposal.version, "started_on": request.today})
    status = 200
    if form.is_valid():
        typed = form.cleaned_data
        status = attempt(
            form, lambda: actions.start_work(proposal, by=request.user, today=request.today, now=request.now, **typed)
        )
        if not status:
            messages.success(request, "実施の開始を記録しました。6か月後と12か月後に、効果をうかがいます。")
            return redirect(proposal)
        proposal = visible_or_404(request, pk)
    context = {"proposal": proposal, "form": form, "step": step}
    return render(request, "committee/proposal_start.html", context, status=status or 200)


@requires(Permission.RECEIVE_PROPOSAL)
@require_http_methods(FORM_METHODS)
def proposal_complete(request: PortalRequest, pk: int) -> HttpResponse:
    return step_page(request, pk, ProposalAction.COMPLETE, "committee/proposal_step.html")


@requires(Permission.RECEIVE_PROPOSAL)
@require_http_methods(FORM_METHODS)
def proposal_drop(request: PortalRequest, pk: int) -> HttpResponse:
    return step_page(request, pk, ProposalAction.DROP, "committee/proposal_step.html")


# --- 効果の検証


@requires(Permission.VIEW_PROPOSAL)
@require_safe
def effect_list(request: PortalRequest) -> HttpResponse:
    return render(request, "committee/effect_list.html", {"table": effect_table(request.user, today=request.today)})


@requires(Permission.WRITE_PROPOSAL)
@require_http_methods(FORM_METHODS)
def effect_record(request: PortalRequest, pk: int, months: int) -> HttpResponse:
    proposal = visible_or_404(request, pk)
    if not can(request.user, Permission.WRITE_PROPOSAL, today=request.today, section=proposal.section_id):
        raise PermissionDenied(f"効果を記録できるのは、{who_may(Permission.WRITE_PROPOSAL)}です。")
    reviews = EffectReview.objects.with_proposal()
    review = get_object_or_404(reviews, execution__proposal=proposal, months=months)
    data = request.POST if request.method == "POST" else None
    if data is None and (refused := _not_now(proposal, review, today=request.today)):
        messages.warning(request, refused)
        return redirect(proposal)
    form = EffectForm(data, review=review, today=request.today)
    status = 200
    if form.is_valid():
        status = attempt(form, lambda: _record(request, review, form))
        if not status:
            messages.success(request, f"{review.label}の効果を記録しました。")
            return redirect(proposal)
        review = get_object_or_404(reviews, pk=review.pk)
    (row,) = effect_rows([review], today=request.today)
    context = {"proposal": proposal, "row": row, "form": form}
    return render(request, "committee/effect_record.html", context, status=status or 200)


def _not_now(proposal: Proposal, review: EffectReview, *, today: date) -> str:
    if proposal.state not in (ProposalState.RUNNING, ProposalState.MEASURED):
        return f"この提案はいま「{proposal.state_choice.label}」のため、効果は記録できません。"
    if not review.is_measured and today < review.asked_from:
        return f"{review.label}の効果は、{fiscal.format_date(review.asked_from)}から記録できます。"
    return ""


def _record(request: PortalRequest, review: EffectReview, form: EffectForm) -> EffectReview:
    return actions.record_effect(
        review,
        form.measurement,
        by=request.user,
        today=request.today,
        now=request.now,
        seen_version=form.cleaned_data["seen_version"],
        reason=form.cleaned_data.get("reason", ""),
    )
