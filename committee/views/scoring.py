"""採点と所見, for the people of the committee. The section that proposes reads neither."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from committee.actions import score_proposal, write_opinion
from committee.choices import ProposalState
from committee.forms import OpinionForm, ScoreForm
from committee.models import ProposalOpinion
from committee.summaries import own_points, score_table
from committee.views.asking import FORM_METHODS
from committee.views.proposals import visible_or_404
from townhall.attempt import attempt
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, requires


@requires(Permission.SCORE_PROPOSAL)
@require_http_methods(FORM_METHODS)
def proposal_scores(request: PortalRequest, pk: int) -> HttpResponse:
    proposal = visible_or_404(request, pk)
    own = own_points(proposal, request.user)
    form = ScoreForm(request.POST if request.method == "POST" else None, own=own)
    status = 200
    if request.method == "POST" and form.is_valid():
        status = attempt(form, lambda: score_proposal(proposal, form.points, by=request.user, today=request.today))
        if not status:
            messages.success(request, "採点を保存しました。")
            return redirect("proposal_scores", pk=pk)
    context = {
        "proposal": proposal,
        "form": form,
        "table": score_table(proposal),
        "opinion": proposal.opinions.filter(edition=proposal.edition).first(),
        "is_open": proposal.state in ProposalState.BEING_WEIGHED,
        "writes_opinion": can(request.user, Permission.RECEIVE_PROPOSAL, today=request.today),
    }
    return render(request, "committee/proposal_scores.html", context, status=status or 200)


@requires(Permission.RECEIVE_PROPOSAL)
@require_http_methods(FORM_METHODS)
def proposal_opinion(request: PortalRequest, pk: int) -> HttpResponse:
    proposal = visible_or_404(request, pk)
    opinion = proposal.opinions.filter(edition=proposal.edition).first()
    opinion = opinion or ProposalOpinion(proposal=proposal, edition=proposal.edition)
    form = OpinionForm(request.POST if request.method == "POST" else None, instance=opinion)
    status = 200
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen_version"]
        status = attempt(form, lambda: write_opinion(opinion, by=request.user, today=request.today, seen_version=seen))
        if not status:
            messages.success(request, "所見を保存しました。")
            return redirect("proposal_scores", pk=pk)
    context = {"proposal": proposal, "form": form}
    return render(request, "committee/proposal_opinion.html", context, status=status or 200)
