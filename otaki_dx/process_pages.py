"""One 業務 of the 棚卸し with its hours, its flow, and the proposals that rest on it. Composition only."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from committee.models import Proposal
from initiatives.models import BusinessProcess
from initiatives.summaries.processes import figures_of
from townhall.history import changes_of
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, requires


@require_safe
@requires(Permission.VIEW_PROCESS)
def process_detail(request: PortalRequest, pk: int) -> HttpResponse:
    process = get_object_or_404(BusinessProcess.objects.select_related("section", "initiative"), pk=pk)
    steps = list(process.steps.all())
    context = {
        "process": process,
        "steps": steps,
        "figures": figures_of(process, steps),
        "may_edit": can(request.user, Permission.MANAGE_PROCESS, today=request.today, section=process.section_id),
        "is_due": process.remeasure_on is not None and process.remeasure_on <= request.today,
        "proposals": _proposals(request, process),
        "changes": changes_of(process),
    }
    return render(request, "otaki_dx/process_detail.html", context)


def _proposals(request: PortalRequest, process: BusinessProcess) -> list[Proposal] | None:
    """Those this person may know of; None for who reads no proposals."""
    if not can(request.user, Permission.VIEW_PROPOSAL, today=request.today):
        return None
    visible = Proposal.objects.visible_to(request.user, today=request.today).filter(process=process)
    return list(visible.select_related("section").order_by("-created_at"))
