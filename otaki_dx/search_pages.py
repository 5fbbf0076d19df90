"""さがす: the box in the head of every page leads here. Everything stands in the address."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from initiatives.models import Plan
from otaki_dx.freshness import remembered
from otaki_dx.plan_pages import count_own_items
from otaki_dx.search import Entry, Kind, item_entries, plan_entries, proposal_entries, search
from otaki_dx.search_ledgers import (
    action_item_entries,
    budget_entries,
    indicator_entries,
    policy_entries,
    process_entries,
    system_entries,
)
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, requires

# The same for everybody who may see it at all.
BESIDE = (
    ("task_entries", Permission.VIEW_MEETING, action_item_entries),
    ("budget_entries", Permission.VIEW_BUDGET, budget_entries),
    ("indicator_entries", Permission.VIEW_PLAN, indicator_entries),
    ("system_entries", Permission.VIEW_SYSTEM, system_entries),
    ("process_entries", Permission.VIEW_PROCESS, process_entries),
    ("policy_entries", Permission.VIEW_DUTY, policy_entries),
)


@require_safe
@requires(Permission.VIEW_PLAN)
def search_page(request: PortalRequest) -> HttpResponse:
    query, kind = request.GET.get("q", ""), request.GET.get("kind", "")
    if kind not in {each.slug for each in Kind}:
        kind = ""
    results = search(query, _entries(request), kind=kind)
    count_own_items(request)
    return render(request, "otaki_dx/search.html", {"results": results, "kind": kind})


def _entries(request: PortalRequest) -> Iterator[Entry]:
    user, today = request.user, request.today
    plan = Plan.objects.current(today=today)
    if plan:
        yield from remembered(request, "plan_entries", plan.pk, make=lambda: plan_entries(plan, today=today))
    if can(user, Permission.VIEW_PROPOSAL, today=today):
        yield from proposal_entries(user, today=today)
    if can(user, Permission.VIEW_MEETING, today=today):
        yield from remembered(request, "item_entries", make=item_entries)
    for name, permission, make in BESIDE:
        if can(user, permission, today=today):
            yield from remembered(request, name, make=make)
