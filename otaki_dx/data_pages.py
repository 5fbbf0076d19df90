"""データ: the way to every ledger, and to the files in and out."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from otaki_dx.exchange_forms import TableForm
from otaki_dx.exchange_kinds import KINDS
from otaki_dx.tables import tables_for
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, requires


@require_safe
@requires(Permission.VIEW_PLAN)
def data_index(request: PortalRequest) -> HttpResponse:
    kinds = [kind for kind in KINDS.values() if kind.may_export(request.user, today=request.today)]
    tables = tables_for(request)
    context = {
        "sees_processes": can(request.user, Permission.VIEW_PROCESS, today=request.today),
        "kinds": [(kind, kind.may_import(request.user, today=request.today)) for kind in kinds],
        "may_import_ministry": can(request.user, Permission.IMPORT_MINISTRY, today=request.today),
        "publishes": can(request.user, Permission.PUBLISH, today=request.today),
        "tables": TableForm(tables=tables) if tables else None,
        "sees_evaluations": can(request.user, Permission.VIEW_EVALUATION, today=request.today),
    }
    return render(request, "otaki_dx/data_index.html", context)
