"""データ: the way to every ledger, and to the files in and out."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from townhall.http import PortalRequest
from townhall.permissions import Permission, can, requires


@require_safe
@requires(Permission.VIEW_PLAN)
def data_index(request: PortalRequest) -> HttpResponse:
    context = {
        "uses_admin": can(request.user, Permission.USE_ADMIN, today=request.today),
        "sees_processes": can(request.user, Permission.VIEW_PROCESS, today=request.today),
        "sees_evaluations": can(request.user, Permission.VIEW_EVALUATION, today=request.today),
    }
    return render(request, "otaki_dx/data_index.html", context)
