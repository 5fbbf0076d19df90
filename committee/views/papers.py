"""Single documents, each from what is recorded at this moment."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from committee.models import Meeting
from committee.papers import agenda_paper, minutes_paper, proposal_paper
from committee.views.minutes import minutes_shown_to
from committee.views.proposals import visible_or_404
from townhall.http import PortalRequest
from townhall.paper.answers import pdf_answer
from townhall.permissions import Permission, requires


@requires(Permission.VIEW_MEETING)
@require_safe
def meeting_agenda_pdf(request: PortalRequest, number: int) -> HttpResponse:
    meeting = get_object_or_404(Meeting, number=number)
    paper = agenda_paper(meeting, as_of=request.today)
    return pdf_answer(request, paper, name=f"{meeting.short_name}委員会_次第", page_url=meeting.get_absolute_url())


@requires(Permission.VIEW_MEETING)
@require_safe
def meeting_minutes_pdf(request: PortalRequest, number: int) -> HttpResponse:
    meeting = get_object_or_404(Meeting, number=number)
    minutes = minutes_shown_to(request, meeting)
    paper = minutes_paper(meeting, minutes, as_of=request.today)
    page = (minutes or meeting).get_absolute_url()
    return pdf_answer(request, paper, name=f"{meeting.short_name}委員会_会議録", page_url=page)


@requires(Permission.VIEW_PROPOSAL)
@require_safe
def proposal_pdf(request: PortalRequest, pk: int) -> HttpResponse:
    proposal = visible_or_404(request, pk)
    paper = proposal_paper(proposal, as_of=request.today)
    name = f"提案書_{proposal.number_label or '下書き'}"
    return pdf_answer(request, paper, name=name, page_url=proposal.get_absolute_url())
