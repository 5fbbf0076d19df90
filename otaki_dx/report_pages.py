"""進捗報告書 of a row and of an initiative as PDF: what their pages say today, on paper."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from committee.papers import initiative_report, row_report
from initiatives.models import Initiative
from otaki_dx.plan_choice import plan_choice
from otaki_dx.row_pages import activity_of
from townhall.http import PortalRequest
from townhall.paper.answers import pdf_answer
from townhall.permissions import Permission, requires


@require_safe
@requires(Permission.VIEW_PLAN)
def initiative_pdf(request: PortalRequest, code: str) -> HttpResponse:
    choice = plan_choice(request)
    initiative = Initiative.objects.filter(plan=choice.plan, code=code).select_related("plan", "owner_section").first()
    if initiative is None:
        raise Http404(f"取組 {code} は、この計画にありません。")
    paper = initiative_report(initiative, as_of=request.today)
    page = f"{initiative.get_absolute_url()}{choice.suffix}"
    return pdf_answer(request, paper, name=f"進捗報告書_取組{initiative.label}", page_url=page)


@require_safe
@requires(Permission.VIEW_PLAN)
def activity_pdf(request: PortalRequest, code: str) -> HttpResponse:
    choice = plan_choice(request)
    activity = activity_of(choice.plan, code)
    paper = row_report(activity, as_of=request.today)
    page = f"{activity.get_absolute_url()}{choice.suffix}"
    return pdf_answer(request, paper, name=f"進捗報告書_{activity.label}", page_url=page)
