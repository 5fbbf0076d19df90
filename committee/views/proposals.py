"""Proposals: the list, one proposal, writing it, its history."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from committee.actions import create_proposal, drop_proposal_draft, edit_proposal, note_opening, proposal_draft_of
from committee.choices import DraftKind, ProposalState
from committee.example import example_proposal
from committee.forms import CommentForm, ProposalForm
from committee.models import AgendaItem, Proposal, ProposalAttachment, ProposalFunding
from committee.summaries import proposal_facts, proposal_page, proposal_rows
from committee.views.asking import FORM_METHODS
from committee.views.step_forms import form_for
from committee.workflow import may_edit, missing_of, who_may
from initiatives.models import HourlyCost
from townhall.attempt import CONFLICT, attempt
from townhall.history import changes_in
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, requires


def visible_or_404(request: PortalRequest, pk: int) -> Proposal:
    """The proposal, when this person may know of it; otherwise the same answer as for one that does not exist."""
    rows = Proposal.objects.visible_to(request.user, today=request.today)
    items = Prefetch("agenda_items", AgendaItem.objects.select_related("meeting", "decision__item__meeting"))
    funding = Prefetch("funding", ProposalFunding.objects.select_related("source"))
    files = Prefetch("attachments", ProposalAttachment.objects.filter(is_removed=False).select_related("attachment"))
    rows = rows.select_related("section", "initiative", "author", "execution__activity__plan")
    rows = rows.prefetch_related(items, funding, files, "execution__reviews")
    return get_object_or_404(rows, pk=pk)


def facts_of(proposal: Proposal, request: PortalRequest, *, all_lines: bool) -> dict[str, Any]:
    """For the template of its three sections."""
    hourly_cost = HourlyCost.in_force(request.today)
    return {"facts": proposal_facts(proposal, all_lines=all_lines), "hourly_cost": hourly_cost}


@requires(Permission.VIEW_PROPOSAL)
@require_safe
def proposal_list(request: PortalRequest) -> HttpResponse:
    asked = request.GET.get("year", "")
    table = proposal_rows(
        request.user,
        today=request.today,
        show=request.GET.get("show", "all"),
        year=int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else None,
        page=request.GET.get("page", "1"),
    )
    writes = can(request.user, Permission.WRITE_PROPOSAL, today=request.today)
    sees_budget = can(request.user, Permission.VIEW_BUDGET, today=request.today)
    context = {"table": table, "writes": writes, "sees_budget": sees_budget}
    return render(request, "committee/proposal_list.html", context)


@requires(Permission.VIEW_PROPOSAL)
@require_safe
def proposal_detail(request: PortalRequest, pk: int) -> HttpResponse:
    proposal = visible_or_404(request, pk)
    note_opening(proposal, by=request.user, today=request.today, now=request.now)
    page = proposal_page(proposal, request.user, today=request.today)
    draft = proposal_draft_of(proposal, by=request.user, kind=DraftKind.ANSWERS) if page.answer else None
    typed = draft.typed if draft else None
    form = form_for(page.answer, proposal, asked=page.open_threads, typed=typed) if page.answer else None
    context = {"proposal": proposal, "page": page, "form": form, "draft": draft, "missing": missing_of(proposal)}
    context["comment_form"] = CommentForm() if page.talk and page.talk.can_comment else None
    context |= facts_of(proposal, request, all_lines=page.can_edit)
    return render(request, "committee/proposal_detail.html", context)


@requires(Permission.VIEW_PROPOSAL)
@require_safe
def proposal_example(request: PortalRequest) -> HttpResponse:
    """記入例: a proposal that could be submitted as it stands; nothing of it is stored."""
    example = example_proposal(HourlyCost.in_force(request.today))
    facts = proposal_facts(example, all_lines=False)
    context = {"proposal": example, "facts": facts, "hourly_cost": HourlyCost.in_force(request.today)}
    return render(request, "committee/proposal_example.html", context)


@requires(Permission.WRITE_PROPOSAL)
@require_http_methods(FORM_METHODS)
def proposal_create(request: PortalRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    draft = proposal_draft_of(None, by=request.user) if data is None else None
    form = ProposalForm(data, by=request.user, today=request.today, initial=draft.typed if draft else None)
    status = 200
    if data is not None and form.is_valid():
        made: list[Proposal] = []
        status = attempt(
            form,
            lambda: made.append(_create(request, form)),
        )
        if made:
            drop_proposal_draft(None, by=request.user)
        if made and made[0] is not form.instance and form.differs_from(made[0]):
            return _made_before(request, made[0])
        if made:
            return _saved(request, made[0])
    context = {"form": form, "draft": draft}
    return render(request, "committee/proposal_create.html", context, status=status or 200)


def _create(request: PortalRequest, form: ProposalForm) -> Proposal:
    who: dict[str, Any] = {"by": request.user, "today": request.today, "now": request.now}
    return create_proposal(form.instance, funding=form.funding_entries, **who)


def _made_before(request: PortalRequest, first: Proposal) -> HttpResponse:
    """The form was sent, changed and sent again: the second text is shown over the first, and not yet saved."""
    data = request.POST.copy()
    data["seen_version"] = str(first.version)
    form = ProposalForm(data, instance=first, by=request.user, today=request.today)
    form.add_error(None, "この提案は先ほど保存してあります。下の内容はまだ保存していません。保存すると置きかわります。")
    proposal = visible_or_404(request, first.pk)
    return render(request, "committee/proposal_edit.html", {"form": form, "proposal": proposal}, status=CONFLICT)


@requires(Permission.WRITE_PROPOSAL)
@require_http_methods(FORM_METHODS)
def proposal_edit(request: PortalRequest, pk: int) -> HttpResponse:
    proposal = visible_or_404(request, pk)
    writer_or_403(request, proposal)
    if request.method != "POST":
        if not may_edit(proposal, by=request.user, today=request.today):
            messages.warning(request, f"この提案はいま「{proposal.state_choice.label}」のため、内容を変えられません。")
            return redirect(proposal)
        draft = proposal_draft_of(proposal, by=request.user)
        typed = draft.typed if draft else None
        form = ProposalForm(instance=proposal, by=request.user, today=request.today, initial=typed)
        context = {"form": form, "proposal": proposal, "draft": draft}
        return render(request, "committee/proposal_edit.html", context)
    form = ProposalForm(request.POST, instance=proposal, by=request.user, today=request.today)
    status = 200
    if form.is_valid():
        seen = form.cleaned_data["seen_version"]
        who: dict[str, Any] = {"by": request.user, "today": request.today, "seen_version": seen}
        status = attempt(form, lambda: edit_proposal(proposal, funding=form.funding_entries, **who))
        if not status or form.is_already_saved:
            drop_proposal_draft(proposal, by=request.user)
            return _saved(request, proposal)
    context = {"form": form, "proposal": visible_or_404(request, pk)}
    return render(request, "committee/proposal_edit.html", context, status=status or 200)


def writer_or_403(request: PortalRequest, proposal: Proposal) -> None:
    if not can(request.user, Permission.WRITE_PROPOSAL, today=request.today, section=proposal.section_id):
        raise PermissionDenied(f"この提案を書けるのは、{who_may(Permission.WRITE_PROPOSAL)}です。")


def _saved(request: PortalRequest, proposal: Proposal) -> HttpResponse:
    following = {ProposalState.DRAFT: "proposal_submit", ProposalState.RETURNED: "proposal_answer"}
    if "check" in request.POST and proposal.state_choice in following:
        return redirect(following[proposal.state_choice], pk=proposal.pk)
    messages.success(request, "下書きを保存しました。" if proposal.state == ProposalState.DRAFT else "保存しました。")
    return redirect(proposal)


@requires(Permission.VIEW_PROPOSAL)
@require_safe
def proposal_history(request: PortalRequest, pk: int) -> HttpResponse:
    proposal = visible_or_404(request, pk)
    history = proposal.history_for(request.user, today=request.today)
    context = {"proposal": proposal, "changes": changes_in(history)}
    return render(request, "committee/proposal_history.html", context)
