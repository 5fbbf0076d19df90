"""計画ダッシュボード and 表で見る: the whole plan on a day. Composition only: numbers come from summaries."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from initiatives.models import Plan
from otaki_dx.home import own_items
from otaki_dx.to_decide import to_decide
from otaki_dx.viewpoint import Viewpoint, viewpoint
from schedule.summaries import DutyYear, PlanSummary, duty_year, plan_summary
from townhall import fiscal
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, requires


@require_safe
@requires(Permission.VIEW_PLAN)
def plan_dashboard(request: PortalRequest) -> HttpResponse:
    plan, view, summary = _asked_for(request)
    context: dict[str, Any] = {
        "plan": plan,
        "view": view,
        "since": view.since,
        "summary": summary,
        "to_decide": to_decide(request.user, summary, today=request.today) if view.is_today else None,
        "duties": _duties(request) if view.is_today else None,
    }
    return _page(request, "otaki_dx/plan_dashboard.html", context)


@require_safe
@requires(Permission.VIEW_PLAN)
def schedule_table(request: PortalRequest) -> HttpResponse:
    _, view, summary = _asked_for(request)
    return _page(request, "otaki_dx/schedule_table.html", {"view": view, "since": view.since, "summary": summary})


def _asked_for(request: PortalRequest) -> tuple[Plan | None, Viewpoint, PlanSummary | None]:
    plan = Plan.objects.current(today=request.today)
    view = viewpoint(request, plan)
    return plan, view, plan_summary(plan, as_of=view.as_of, base=view.base) if plan else None


def _duties(request: PortalRequest) -> DutyYear | None:
    if not can(request.user, Permission.VIEW_DUTY, today=request.today):
        return None
    return duty_year(fiscal.fiscal_year(request.today), today=request.today)


def _page(request: PortalRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    request.menu_counts = {"home": len(own_items(request.user, today=request.today))}
    return render(request, template, context)
