"""Files of a proposal: handed out to whoever may read it, added and taken off by whoever writes it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from committee.actions import attach_to_proposal, take_off_proposal
from committee.forms import AttachmentForm, TakeOffForm
from committee.models import Proposal, ProposalAttachment
from committee.views.proposals import FORM_METHODS, visible_or_404, writer_or_403
from committee.workflow import may_edit
from townhall.attachment_guard import AttachmentError
from townhall.attachments import attachment_response
from townhall.attempt import attempt
from townhall.http import PortalRequest
from townhall.permissions import Permission, requires


def _file_or_404(proposal: Proposal, file: int, *, with_removed: bool) -> ProposalAttachment:
    """A file that was taken off is there only for those who read an edition that names it."""
    rows = ProposalAttachment.objects.select_related("attachment", "proposal")
    row = rows.filter(proposal=proposal, pk=file).first()
    if row is None or (row.is_removed and not (with_removed and _is_in_an_edition(proposal, row))):
        raise Http404
    return row


def _is_in_an_edition(proposal: Proposal, row: ProposalAttachment) -> bool:
    key = f"attachment {row.pk}"
    return any(line["key"] == key for edition in proposal.editions.all() for line in edition.contents)


@requires(Permission.VIEW_PROPOSAL)
@require_safe
def proposal_attachment(request: PortalRequest, pk: int, file: int) -> HttpResponse:
    row = _file_or_404(visible_or_404(request, pk), file, with_removed=True)
    return attachment_response(row.attachment)


@requires(Permission.WRITE_PROPOSAL)
@require_http_methods(FORM_METHODS)
def proposal_attachment_create(request: PortalRequest, pk: int) -> HttpResponse:
    proposal = visible_or_404(request, pk)
    writer_or_403(request, proposal)
    is_sent = request.method == "POST"
    if not is_sent and not may_edit(proposal, by=request.user, today=request.today):
        messages.warning(request, f"この提案はいま「{proposal.state_choice.label}」のため、添付を変えられません。")
        return redirect(proposal)
    form = AttachmentForm(request.POST, request.FILES) if is_sent else AttachmentForm()
    status = 200
    if is_sent and form.is_valid():
        status = attempt(form, lambda: _attach(request, proposal, form))
        if not status:
            messages.success(request, f"「{form.cleaned_data['file'].name}」を添付しました。")
            return redirect("proposal_attachment_create", pk=proposal.pk)
    context = {"proposal": visible_or_404(request, pk), "form": form}
    return render(request, "committee/proposal_attachment_create.html", context, status=status or 200)


def _attach(request: PortalRequest, proposal: Proposal, form: AttachmentForm) -> None:
    who: dict[str, Any] = {"by": request.user, "today": request.today, "now": request.now}
    try:
        attach_to_proposal(proposal, form.cleaned_data["file"].name, form.content, **who)
    except AttachmentError as refused:
        raise ValidationError({"file": refused.sentence}) from refused


@requires(Permission.WRITE_PROPOSAL)
@require_http_methods(FORM_METHODS)
def proposal_attachment_remove(request: PortalRequest, pk: int, file: int) -> HttpResponse:
    proposal = visible_or_404(request, pk)
    writer_or_403(request, proposal)
    row = _file_or_404(proposal, file, with_removed=False)
    form = TakeOffForm(request.POST if request.method == "POST" else None, initial={"seen_version": row.version})
    status = 200
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen_version"]
        status = attempt(form, lambda: take_off_proposal(row, by=request.user, today=request.today, seen_version=seen))
        if not status:
            messages.success(request, f"「{row.attachment.name}」を外しました。")
            return redirect("proposal_attachment_create", pk=proposal.pk)
    context = {"proposal": proposal, "row": row, "form": form}
    return render(request, "committee/proposal_attachment_remove.html", context, status=status or 200)
