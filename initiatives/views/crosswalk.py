from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from initiatives.models import Plan
from initiatives.summaries.crosswalk import crosswalk_of
from initiatives.views.chosen import chosen_plan
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, requires


@require_safe
@requires(Permission.VIEW_PLAN)
def plan_crosswalk(request: PortalRequest) -> HttpResponse:
    """国の重点取組事項・総合計画との対応."""
    plan = chosen_plan(request)
    number = request.GET.get("version", "")
    table = crosswalk_of(plan, number=number) if plan else None
    edits = can(request.user, Permission.EDIT_PLAN, today=request.today)
    context = {
        "plan": plan,
        "plans": Plan.objects.order_by("-starts_on"),
        "table": table,
        "is_unknown": bool(number) and table is not None and (not table.version or table.version.number != number),
        "edits": edits and can(request.user, Permission.USE_ADMIN, today=request.today),
    }
    return render(request, "initiatives/plan_crosswalk.html", context)
