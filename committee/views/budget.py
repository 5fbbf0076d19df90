"""予算: by initiative and year, one year, one line, and the amounts of its stages."""

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from committee import actions
from committee.actions.budget import record_amount
from committee.budget import RULES, asks_for_a_reason, stage_refusal
from committee.choices import BudgetStage
from committee.forms.budget import AmountForm, BudgetLineForm, first_year_of, initial_of
from committee.models import BudgetAmount, BudgetLine, FundingSource, Proposal
from committee.summaries.budget import budget_line_page, budget_overview, budget_year, figures_of
from committee.summaries.budget_history import budget_changes
from committee.views.proposals import FORM_METHODS
from initiatives.models import Initiative
from townhall import fiscal
from townhall.attempt import attempt
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, refusal, requires

EARLIEST, LATEST = 2000, 2100


@requires(Permission.VIEW_BUDGET)
@require_safe
def budget_list(request: PortalRequest) -> HttpResponse:
    overview = budget_overview(request.user, today=request.today)
    this_year = fiscal.fiscal_year(request.today)
    may_see_effects = can(request.user, Permission.VIEW_PROPOSAL, today=request.today)
    context = {"overview": overview, "this_year": this_year, "may_see_effects": may_see_effects}
    return render(request, "committee/budget_list.html", context)


@requires(Permission.VIEW_BUDGET)
@require_safe
def budget_year_detail(request: PortalRequest, year: int) -> HttpResponse:
    if not EARLIEST <= year <= LATEST:
        raise Http404("その年度の予算はありません。")
    page = budget_year(year, request.user, today=request.today)
    return render(request, "committee/budget_year_detail.html", {"page": page})


@requires(Permission.VIEW_BUDGET)
@require_safe
def budget_line_detail(request: PortalRequest, pk: int) -> HttpResponse:
    line = line_or_404(pk)
    page = budget_line_page(line, request.user, today=request.today)
    return render(request, "committee/budget_line_detail.html", {"line": line, "page": page})


@requires(Permission.VIEW_BUDGET)
@require_safe
def budget_line_history(request: PortalRequest, pk: int) -> HttpResponse:
    line = get_object_or_404(BudgetLine, pk=pk)
    return render(request, "committee/budget_line_history.html", {"line": line, "shown": budget_changes(line)})


def line_or_404(pk: int) -> BudgetLine:
    return get_object_or_404(BudgetLine.objects.with_figures().select_related("activity__plan"), pk=pk)


@requires(Permission.REQUEST_BUDGET)
@require_http_methods(FORM_METHODS)
def budget_line_create(request: PortalRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = BudgetLineForm(data, by=request.user, today=request.today, initial=_suggested(request))
    status = 200
    if form.is_valid():
        made: list[BudgetLine] = []
        status = attempt(
            form, lambda: made.append(actions.add_budget_line(form.instance, by=request.user, today=request.today))
        )
        if made:
            messages.success(request, "予算の事業を加えました。要求から順に、金額を入力してください。")
            return redirect(made[0])
    return render(request, "committee/budget_line_create.html", {"form": form}, status=status or 200)


def _suggested(request: PortalRequest) -> dict[str, Any]:
    """From the page of a year, an initiative or a proposal."""
    year = _number(request.GET.get("year", ""))
    year = year if EARLIEST <= year <= LATEST else fiscal.fiscal_year(request.today) + 1
    values: dict[str, Any] = {"budget_year": year, "spending_year": year}
    visible = Proposal.objects.visible_to(request.user, today=request.today)
    if proposal := visible.filter(pk=_number(request.GET.get("proposal", ""))).first():
        values |= {"proposal": proposal, "name": proposal.title, "section": proposal.section_id}
        values["initiative"] = proposal.initiative_id
    elif initiative := Initiative.objects.filter(pk=_number(request.GET.get("initiative", ""))).first():
        values |= {"initiative": initiative, "section": initiative.owner_section_id}
    return values


def _number(text: str) -> int:
    """0, which is no row and no year, for what is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0


@requires(Permission.REQUEST_BUDGET)
@require_http_methods(FORM_METHODS)
def budget_line_edit(request: PortalRequest, pk: int) -> HttpResponse:
    line = line_or_404(pk)
    if not line.is_theirs(request.user, today=request.today):
        raise PermissionDenied(refusal(Permission.REQUEST_BUDGET))
    data = request.POST if request.method == "POST" else None
    form = BudgetLineForm(data, instance=line, by=request.user, today=request.today)
    status = 200
    if form.is_valid():
        seen = form.cleaned_data["seen_version"]
        who: dict[str, Any] = {"by": request.user, "today": request.today}
        status = attempt(form, lambda: actions.edit_budget_line(form.instance, seen_version=seen, **who))
        if not status or form.is_already_saved:
            messages.success(request, "保存しました。")
            return redirect(line)
    context = {"form": form, "line": get_object_or_404(BudgetLine, pk=pk)}
    return render(request, "committee/budget_line_edit.html", context, status=status or 200)


@requires(Permission.VIEW_BUDGET)
@require_http_methods(FORM_METHODS)
def budget_amount_record(request: PortalRequest, pk: int, key: str) -> HttpResponse:
    """Write down, or correct, the amount of one stage."""
    line = line_or_404(pk)
    amounts = {(each.stage_choice, each.number): each for each in line.amounts.all()}
    stage, number = _stage_of(key, amounts)
    if not can(request.user, RULES[stage].permission, today=request.today, section=line.section_id):
        raise PermissionDenied(refusal(RULES[stage].permission))
    known = {each: sum(a.thousands for (s, _), a in amounts.items() if s == each) for each, _ in amounts}
    refused = stage_refusal(stage, known, spending_year=line.spending_year, today=request.today)
    if refused and request.method != "POST":
        messages.warning(request, refused)
        return redirect(line)
    amount = amounts.get((stage, number))
    sources = _sources(line, amounts)
    asks = stage == BudgetStage.REQUEST and amount is None and line.proposal is not None
    planned = first_year_of(line.proposal, sources) if asks and line.proposal else {}
    form = AmountForm(
        request.POST if request.method == "POST" else None,
        stage=stage,
        sources=sources,
        is_correction=amount is not None and asks_for_a_reason(stage, known),
        initial=initial_of(amount, _stage_before(stage, amounts), today=request.today, planned=planned),
    )
    status = 200
    if form.is_valid():
        status = attempt(form, lambda: _record(request, line, stage, number, form))
        if not status:
            messages.success(request, f"{stage.label}を保存しました。")
            return redirect(line)
    context = {
        "form": form,
        "line": line,
        "stage": stage,
        "number": number,
        "rule": RULES[stage],
        "amount": amount,
        "figures": figures_of(amounts.values()),
    }
    return render(request, "committee/budget_amount_record.html", context, status=status or 200)


def _stage_of(key: str, amounts: dict[tuple[BudgetStage, int], BudgetAmount]) -> tuple[BudgetStage, int]:
    found = re.fullmatch(r"([a-z]+)(?:-([1-9][0-9]?))?", key)
    if found is None or found[1] not in BudgetStage.values:
        raise Http404("その段階はありません。")
    stage, number = BudgetStage(found[1]), int(found[2] or 0)
    last = max((each for known, each in amounts if known == BudgetStage.SUPPLEMENT), default=0)
    if bool(number) != (stage == BudgetStage.SUPPLEMENT) or number > last + 1:
        raise Http404("その段階はありません。")
    return stage, number


def _stage_before(stage: BudgetStage, amounts: dict[tuple[BudgetStage, int], BudgetAmount]) -> BudgetAmount | None:
    """Whose figures are probably the same: 査定 begins with 要求, 当初予算 with 査定, 決算 with 決算見込."""
    before = {
        BudgetStage.ASSESSED: BudgetStage.REQUEST,
        BudgetStage.INITIAL: BudgetStage.ASSESSED,
        BudgetStage.SETTLED: BudgetStage.ESTIMATE,
    }.get(stage)
    return amounts.get((before, 0)) if before else None


def _sources(line: BudgetLine, amounts: dict[tuple[BudgetStage, int], BudgetAmount]) -> list[FundingSource]:
    used = {part.source for amount in amounts.values() for part in amount.parts.all()}
    offered = set(FundingSource.objects.in_year(line.budget_year))
    return sorted(used | offered, key=lambda source: (source.order, source.pk))


def _record(
    request: PortalRequest, line: BudgetLine, stage: BudgetStage, number: int, form: AmountForm
) -> BudgetAmount:
    return record_amount(
        line,
        stage,
        form.figure,
        number=number,
        by=request.user,
        today=request.today,
        now=request.now,
        seen_version=form.cleaned_data["seen_version"],
        reason=form.cleaned_data.get("reason", ""),
    )
