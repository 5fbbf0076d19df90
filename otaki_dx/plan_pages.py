"""計画ダッシュボード and 表で見る: the whole plan on a day. Composition only: numbers come from summaries."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from committee.summaries.plan_budget import PlanBudget, plan_budget
from initiatives.models import Plan
from initiatives.summaries import IndicatorTable, indicator_table
from initiatives.summaries.systems import SystemBoard, system_board
from otaki_dx.freshness import remembered, revalidated, version_of
from otaki_dx.home import own_items
from otaki_dx.plan_choice import PlanChoice, plan_choice
from otaki_dx.to_decide import to_decide
from otaki_dx.viewpoint import Viewpoint, viewpoint
from schedule.summaries import PlanSummary, duty_year, plan_summary
from schedule.summaries.overdue import overdue_things, with_overdue
from schedule.summaries.policy import policy_board
from schedule.summaries.training import DEFINITION, training_year
from townhall import fiscal
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, requires


@require_safe
@requires(Permission.VIEW_PLAN)
@revalidated
def plan_dashboard(request: PortalRequest) -> HttpResponse:
    choice, view, summary = asked_for(request)
    plan = choice.plan
    context: dict[str, Any] = {
        "plan": plan,
        "plan_choice": choice,
        "view": view,
        "since": view.since,
        "summary": summary,
        "to_decide": to_decide(request.user, summary, today=request.today) if view.is_today else None,
        **(_duty_ledgers(request, summary) if view.is_today else {"attention": summary.attention if summary else ()}),
        "indicators": indicators_of(request, plan) if plan and view.is_today else None,
        "systems": _systems(request) if view.is_today else None,
        "budget": _budget(request, plan) if plan and view.is_today else None,
    }
    if plan and summary:
        context["matrix"] = _drawn(request, "otaki_dx/_matrix.html", plan, view, summary)
        context["chart"] = _drawn(request, "otaki_dx/_schedule_chart.html", plan, view, summary)
    return _page(request, "otaki_dx/plan_dashboard.html", context)


@require_safe
@requires(Permission.VIEW_PLAN)
@revalidated
def schedule_table(request: PortalRequest) -> HttpResponse:
    choice, view, summary = asked_for(request)
    context = {"plan_choice": choice, "view": view, "since": view.since, "summary": summary}
    return _page(request, "otaki_dx/schedule_table.html", context)


def asked_for(request: PortalRequest) -> tuple[PlanChoice, Viewpoint, PlanSummary | None]:
    choice = plan_choice(request)
    view = viewpoint(request, choice)
    plan = choice.plan
    if plan is None:
        return choice, view, None
    summary = remembered(
        request,
        "plan_summary",
        plan.pk,
        view.as_of,
        view.base,
        make=lambda: plan_summary(plan, as_of=view.as_of, base=view.base, suffix=choice.suffix),
    )
    return choice, view, summary


def _drawn(request: PortalRequest, template: str, plan: Plan, view: Viewpoint, summary: PlanSummary) -> SafeString:
    """The large parts of the page, which are the same for everybody."""
    context = {
        "summary": summary,
        "rows": summary.rows,
        "since": view.since,
        "view": view,
        "today": request.today,
        "front_is_off": view.front_is_off,
    }
    return remembered(
        request, template, plan.pk, view.query, view.base, make=lambda: render_to_string(template, context)
    )


def _duty_ledgers(request: PortalRequest, summary: PlanSummary | None) -> dict[str, Any]:
    """研修・ポリシー, and 遅れ・注意 with what of them is past its day; for those who may see them."""
    rows = summary.attention if summary else ()
    if not can(request.user, Permission.VIEW_DUTY, today=request.today):
        return {"attention": rows, "duties": None}
    today, year = request.today, fiscal.fiscal_year(request.today)
    return {
        "attention": with_overdue(
            rows, remembered(request, "overdue_things", make=lambda: overdue_things(today=today))
        ),
        "duties": remembered(request, "duty_year", year, make=lambda: duty_year(year, today=today)),
        "trainings": remembered(request, "training_year", year, make=lambda: training_year(year, today=today)),
        "policy": remembered(request, "policy_board", make=lambda: policy_board(today=today)),
        "training_definition": DEFINITION,
    }


def indicators_of(request: PortalRequest, plan: Plan) -> IndicatorTable:
    """As they stand now: a figure carries its own 基準日, so they are not shown for another day."""
    return remembered(request, "indicators", plan.pk, make=lambda: indicator_table(plan))


def _systems(request: PortalRequest) -> SystemBoard | None:
    if not can(request.user, Permission.VIEW_SYSTEM, today=request.today):
        return None
    return remembered(request, "system_board", make=lambda: system_board(today=request.today))


def _budget(request: PortalRequest, plan: Plan) -> PlanBudget | None:
    if not can(request.user, Permission.VIEW_BUDGET, today=request.today):
        return None
    year = fiscal.fiscal_year(request.today)
    return remembered(request, "plan_budget", plan.pk, year, make=lambda: plan_budget(plan, year))


def _page(request: PortalRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    count_own_items(request)
    return render(request, template, context)


def count_own_items(request: PortalRequest) -> None:
    """The number beside ホーム in the menu."""
    user, lines = request.user, version_of(request).own
    count = remembered(request, "own_items", user.pk, lines, make=lambda: len(own_items(user, today=request.today)))
    request.menu_counts = {"home": count}
