"""入力中の下書き of a proposal and of 回答: kept while somebody types, thrown away when they say so."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from committee.actions import drop_proposal_draft, keep_answer_draft, keep_proposal_draft, proposal_draft_of
from committee.choices import DraftKind, ProposalAction
from committee.forms import AnswersForm, ProposalForm
from committee.models import Proposal, ProposalDraft
from committee.views.proposals import visible_or_404
from committee.views.step_forms import form_for, open_threads
from committee.workflow import steps_of
from townhall.carried import asks_for_json
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, requires
from townhall.refusal import Refused

GONE = "この提案は、いまは書けません。下書きに保存していません。"


@requires(Permission.WRITE_PROPOSAL)
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_draft(request: PortalRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else request.GET
    proposal, is_known = _proposal_in(request, data.get("proposal", ""))
    if not is_known:
        return JsonResponse({"sentence": GONE}, status=409)
    if request.method != "POST":
        return _answer(proposal_draft_of(proposal, by=request.user))
    if "drop" in request.POST:
        drop_proposal_draft(proposal, by=request.user)
        return _answer(None) if asks_for_json(request) else _back(proposal)
    typed = _typed(request, proposal)
    if not any(text.strip() for name, text in typed.items() if name not in ("seen_version", "creation_key")):
        return _answer(None)
    try:
        who: dict[str, Any] = {"by": request.user, "today": request.today, "now": request.now}
        return _answer(keep_proposal_draft(proposal, typed, **who))
    except Refused as refused:
        return JsonResponse({"sentence": refused.sentence}, status=409)


def _proposal_in(request: PortalRequest, pk: str) -> tuple[Proposal | None, bool]:
    """No number: a new one. Whose it is not, it does not exist for."""
    if not pk:
        return None, True
    rows = Proposal.objects.visible_to(request.user, today=request.today)
    proposal = rows.filter(pk=int(pk)).first() if pk.isascii() and pk.isdigit() and len(pk) < 19 else None
    section = proposal.section_id if proposal else None
    is_theirs = can(request.user, Permission.WRITE_PROPOSAL, today=request.today, section=section)
    return proposal, proposal is not None and is_theirs


def _typed(request: PortalRequest, proposal: Proposal | None) -> dict[str, str]:
    form = ProposalForm(instance=proposal, by=request.user, today=request.today)
    return {name: str(request.POST[name]) for name in form.fields if name in request.POST}


@requires(Permission.WRITE_PROPOSAL)
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_answer_draft(request: PortalRequest, pk: int) -> HttpResponse:
    """回答 while they are typed, beside the proposal or on their own page."""
    proposal = visible_or_404(request, pk)
    mine: dict[str, Any] = {"by": request.user, "kind": DraftKind.ANSWERS}
    if request.method != "POST":
        return _answer(proposal_draft_of(proposal, **mine))
    if "drop" in request.POST:
        drop_proposal_draft(proposal, **mine)
        return _answer(None) if asks_for_json(request) else redirect(proposal)
    typed = _answers_typed(request, proposal)
    try:
        if not any(text.strip() for text in typed.values()):
            return _answer(None)
        who: dict[str, Any] = {"by": request.user, "today": request.today, "now": request.now}
        return _answer(keep_answer_draft(proposal, typed, **who))
    except Refused as refused:
        return JsonResponse({"sentence": refused.sentence}, status=409)


def _answers_typed(request: PortalRequest, proposal: Proposal) -> dict[str, str]:
    """By the number of the question, whatever the field is called."""
    form = form_for(steps_of(ProposalAction.ANSWER)[0], proposal, asked=open_threads(proposal))
    names = form.numbers if isinstance(form, AnswersForm) else {}
    return {str(number): str(request.POST[name]) for name, number in names.items() if name in request.POST}


def _answer(draft: ProposalDraft | None) -> JsonResponse:
    return JsonResponse({"saved_at": f"{timezone.localtime(draft.saved_at):%H:%M}" if draft else ""})


def _back(proposal: Proposal | None) -> HttpResponse:
    return redirect("proposal_create") if proposal is None else redirect("proposal_edit", pk=proposal.pk)
