"""進捗入力: the round that is open, and its entry grid."""

import re

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from initiatives.models import Plan
from schedule.entry import entry_sheet
from schedule.forms.entry_grid import EntryGrid
from schedule.models import ReportingRound
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, requires

SHOWN = ("missing", "own")


@require_GET
@requires(Permission.RECORD_PROGRESS)
def round_current(request: PortalRequest) -> HttpResponse:
    """To the newest round that takes reports; without one, the sentence that says so."""
    plan = Plan.objects.current(today=request.today)
    rounds = list(ReportingRound.objects.filter(plan=plan).latest_first()) if plan else []
    still_open = next((each for each in rounds if each.is_open_on(request.today)), None)
    if still_open:
        return redirect(still_open)
    context = {
        "plan": plan,
        "coming": [each for each in reversed(rounds) if each.opens_on > request.today][:1],
        "closed": [each for each in rounds if each.is_closed],
        "may_make_rounds": can(request.user, Permission.MANAGE_ROUND, today=request.today),
    }
    return render(request, "schedule/round_current.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.RECORD_PROGRESS)
def round_entry(request: PortalRequest, key: str) -> HttpResponse:
    sheet = entry_sheet(_round_of(key), user=request.user, today=request.today)
    shown = request.GET.get("show", "")
    grid = EntryGrid(sheet, shown=shown if shown in SHOWN else "", data=request.POST or None)
    if request.method == "POST":
        done = grid.save(by=request.user, today=request.today, now=request.now)
        if done:
            messages.success(request, "".join(done))
        if grid.status == 200:
            if not done:
                messages.info(request, "変わったところはありません。")
            return redirect(request.get_full_path())
    return render(request, "schedule/round_entry.html", {"grid": grid, "sheet": grid.sheet}, status=grid.status)


def _round_of(key: str) -> ReportingRound:
    """「2025-3」 → that quarter's round; of two plans that overlap, the newer one's."""
    parts = re.fullmatch(r"([0-9]{4})-([1-4])", key, re.ASCII)
    rounds = ReportingRound.objects.select_related("plan").order_by("-plan__starts_on")
    found = rounds.filter(fiscal_year=parts[1], quarter=parts[2]).first() if parts else None
    if found is None:
        raise Http404("この期はありません。")
    return found
