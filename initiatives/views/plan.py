from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from initiatives.models import Plan
from initiatives.reading import glossary
from townhall.permissions import Permission, requires


@require_safe
@requires(Permission.VIEW_PLAN)
def plan_text(request: HttpRequest) -> HttpResponse:
    """計画本文の目次."""
    plan = Plan.objects.current(today=request.today)  # type: ignore[attr-defined]
    context = {
        "plan": plan,
        "chapters": plan.chapters.order_by("number") if plan else [],
        "has_ended": plan is not None and plan.has_ended(request.today),  # type: ignore[attr-defined]
    }
    return render(request, "initiatives/plan_text.html", context)


@require_safe
@requires(Permission.VIEW_PLAN)
def plan_terms(request: HttpRequest) -> HttpResponse:
    plan = Plan.objects.current(today=request.today)  # type: ignore[attr-defined]
    return render(request, "initiatives/plan_terms.html", {"plan": plan, "uses": glossary(plan) if plan else []})
