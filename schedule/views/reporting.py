"""進捗入力: the round that is open, and its entry grid."""

import re

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from initiatives.models import Plan
from schedule.actions.rounds import note_visit
from schedule.chasing import board
from schedule.entry import entry_sheet
from schedule.forms.entry_draft import answer_to_typing
from schedule.forms.entry_grid import EntryGrid
from schedule.models import ReportingRound
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, requires

SHOWN = ("missing", "error", "own")


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
    sheet = entry_sheet(round_of(key), user=request.user, today=request.today)
    shown = request.GET.get("show", "")
    carried = getattr(request, "carried", None) if request.method == "GET" else None
    grid = EntryGrid(sheet, shown=shown if shown in SHOWN else "", data=request.POST or carried or None)
    if carried:
        carried.is_taken = True
        grid.show_carried()
    elif request.method == "GET":
        note_visit(sheet.round, user=request.user, today=request.today)
    elif "copy" in request.POST or "drop" in request.POST:
        grid.leave_unsaved(request.POST, by=request.user)
    elif _save(request, grid):
        return redirect(request.get_full_path())
    may = _may(request)
    missing = board(sheet.round, today=request.today) if may["may_manage"] and sheet.is_open and sheet.total else None
    context = {"grid": grid, "sheet": grid.sheet, "is_carried": bool(carried), "board": missing, **may}
    return render(request, "schedule/round_entry.html", context, status=grid.status)


def _may(request: PortalRequest) -> dict[str, bool]:
    """Which steps around the grid this person is offered; each of them asks again."""
    steps = {
        "may_confirm": Permission.CONFIRM_REPORT,
        "may_return": Permission.ACCEPT_REPORT,
        "may_correct": Permission.CORRECT_REPORT,
        "may_manage": Permission.MANAGE_ROUND,
    }
    return {name: can(request.user, permission, today=request.today) for name, permission in steps.items()}


def _save(request: PortalRequest, grid: EntryGrid) -> bool:
    """Save what can be saved; True when nothing is left over."""
    done = grid.save(by=request.user, today=request.today, now=request.now)
    if done:
        messages.success(request, "".join(done))
    if grid.status != 200:
        return False
    if not done:
        messages.info(request, "変わったところはありません。")
    return True


@require_http_methods(["GET", "POST"])
@requires(Permission.RECORD_PROGRESS)
def entry_draft(request: PortalRequest, key: str) -> HttpResponse:
    """What is typed in one row, kept as this person's draft. No report, no history."""
    if request.method == "GET":  # somebody opened the address by hand, or came back to it from the login
        return redirect(round_of(key))
    answer, status = answer_to_typing(
        round_of(key), request.POST, by=request.user, today=request.today, now=request.now
    )
    return JsonResponse(answer, status=status)


def round_of(key: str) -> ReportingRound:
    """「2025-3」 → that quarter's round; of two plans that overlap, the newer one's."""
    parts = re.fullmatch(r"([0-9]{4})-([1-4])", key, re.ASCII)
    rounds = ReportingRound.objects.select_related("plan").order_by("-plan__starts_on")
    found = rounds.filter(fiscal_year=parts[1], quarter=parts[2]).first() if parts else None
    if found is None:
        raise Http404("この期はありません。")
    return found
