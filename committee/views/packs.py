"""会議資料: making an edition, reading it, and what changed between two."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from committee import actions
from committee.documents import counted, document_of, name_of_file, next_edition
from committee.models import Meeting, Pack
from townhall.http import PortalRequest
from townhall.paper.answers import pdf_answer, workbook_answer
from townhall.paper.changes import compare_papers
from townhall.permissions import Permission, requires
from townhall.refusal import Refused


@requires(Permission.MAKE_PACK)
@require_http_methods(["GET", "HEAD", "POST"])
def pack_create(request: PortalRequest, number: int) -> HttpResponse:
    """What the edition would hold, and what has changed since the last one; then the button."""
    meeting = get_object_or_404(Meeting, number=number)
    if request.method == "POST":
        return _made(request, meeting)
    if meeting.is_closed:
        messages.warning(request, f"{meeting.short_name}の会議は終了しています。資料の版は増やせません。")
        return redirect(meeting)
    context = {"meeting": meeting, "next": next_edition(meeting, today=request.today)}
    return render(request, "committee/pack_create.html", context)


def _made(request: PortalRequest, meeting: Meeting) -> HttpResponse:
    try:
        pack = actions.make_pack(meeting, by=request.user, today=request.today, now=request.now)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect(meeting)
    if pack.made_at == request.now:
        messages.success(request, f"会議資料の{pack.label}を作りました。あとで記録が変わっても、この版は変わりません。")
    else:
        messages.info(request, f"{pack.label}から変わったところがないため、新しい版は作りませんでした。")
    return redirect(pack)


@requires(Permission.VIEW_PACK)
@require_safe
def pack_detail(request: PortalRequest, number: int, edition: int) -> HttpResponse:
    pack, before = _editions(number, edition)
    context = {"pack": pack, "before": before, "meeting": pack.meeting, "paper": document_of(pack, before)}
    return render(request, "committee/pack_detail.html", context)


@requires(Permission.VIEW_PACK)
@require_safe
def pack_pdf(request: PortalRequest, number: int, edition: int) -> HttpResponse:
    pack, before = _editions(number, edition)
    paper = document_of(pack, before)
    return pdf_answer(request, paper, name=name_of_file(pack), page_url=pack.get_absolute_url())


@requires(Permission.VIEW_PACK)
@require_safe
def pack_workbook(request: PortalRequest, number: int, edition: int) -> HttpResponse:
    pack, before = _editions(number, edition)
    return workbook_answer(document_of(pack, before), name=name_of_file(pack))


@requires(Permission.VIEW_PACK)
@require_safe
def pack_changes(request: PortalRequest, number: int, edition: int) -> HttpResponse:
    pack, before = _editions(number, edition)
    if before is None:
        raise Http404("第1版より前の版はありません。")
    differences = compare_papers(before.paper, pack.paper)
    context = {
        "pack": pack,
        "before": before,
        "meeting": pack.meeting,
        "differences": differences,
        "counted": counted(differences),
    }
    return render(request, "committee/pack_changes.html", context)


def _editions(number: int, edition: int) -> tuple[Pack, Pack | None]:
    """The edition and the one before it; one query."""
    both = Pack.objects.filter(meeting__number=number, edition__gte=edition - 1, edition__lte=edition)
    found = both.select_related("meeting")
    by_edition = {pack.edition: pack for pack in found}
    if edition not in by_edition:
        raise Http404(f"第{number}回の会議資料に第{edition}版はありません。")
    return by_edition[edition], by_edition.get(edition - 1)
