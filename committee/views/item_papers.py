"""資料 of a subject: handed out to whoever reads the meeting, laid and taken back by 事務局."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from committee import actions
from committee.forms import PaperForm, TakeBackForm
from committee.models import AgendaItem, ItemPaper
from committee.summaries import agenda_of
from committee.views.asking import FORM_METHODS, form_page, posted, who
from townhall.attachment_guard import AttachmentError
from townhall.attachments import attachment_response
from townhall.attempt import attempt
from townhall.http import PortalRequest
from townhall.permissions import Permission, requires


def _paper_or_404(number: int, pk: int, file: int) -> ItemPaper:
    rows = ItemPaper.objects.laid().select_related("item__meeting", "attachment")
    return get_object_or_404(rows, item__meeting__number=number, item=pk, pk=file)


@requires(Permission.VIEW_MEETING)
@require_safe
def item_paper(request: PortalRequest, number: int, pk: int, file: int) -> HttpResponse:
    return attachment_response(_paper_or_404(number, pk, file).attachment)


@requires(Permission.MANAGE_MEETING)
@require_http_methods(FORM_METHODS)
def item_paper_create(request: PortalRequest, number: int, pk: int) -> HttpResponse:
    """After the end of the meeting: 訂正."""
    item = get_object_or_404(AgendaItem.objects.select_related("meeting"), meeting__number=number, pk=pk)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PaperForm(*sent, is_closed=item.meeting.is_closed)
    status = 200
    if form.is_valid():
        status = attempt(form, lambda: _lay(request, item, form))
        if not status:
            messages.success(request, f"「{form.cleaned_data['file'].name}」を資料にしました。")
            return redirect("item_paper_create", number=number, pk=pk)
    row = next(row for row in agenda_of(item.meeting, with_papers=True) if row.pk == item.pk)
    context = {"meeting": item.meeting, "item": row, "form": form}
    return render(request, "committee/item_paper_create.html", context, status=status or 200)


def _lay(request: PortalRequest, item: AgendaItem, form: PaperForm) -> None:
    file = form.cleaned_data["file"]
    told = {
        "is_reference": form.cleaned_data["is_reference"],
        "reason": form.cleaned_data.get("correction_reason", ""),
    }
    try:
        actions.lay_paper(item, file.name, form.content, now=request.now, **told, **who(request))
    except AttachmentError as refused:
        raise ValidationError({"file": refused.sentence}) from refused


@requires(Permission.MANAGE_MEETING)
@require_http_methods(FORM_METHODS)
def item_paper_remove(request: PortalRequest, number: int, pk: int, file: int) -> HttpResponse:
    paper = _paper_or_404(number, pk, file)
    is_closed = paper.item.meeting.is_closed
    form = TakeBackForm(posted(request), initial={"seen_version": paper.version}, is_closed=is_closed)
    return form_page(
        request,
        form,
        lambda: actions.take_back_paper(
            paper,
            seen_version=form.cleaned_data["seen_version"],
            reason=form.cleaned_data.get("correction_reason", ""),
            **who(request),
        ),
        done=f"「{paper.attachment.name}」を資料から外しました。",
        to=paper.item,
        template="committee/item_paper_remove.html",
        context={"paper": paper, "meeting": paper.item.meeting},
    )
