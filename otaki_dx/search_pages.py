"""さがす: the box in the head of every page leads here. Everything stands in the address."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from initiatives.models import Plan
from otaki_dx.freshness import remembered
from otaki_dx.plan_pages import count_own_items
from otaki_dx.search import Entry, Kind, item_entries, plan_entries, proposal_entries, search
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, requires


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
