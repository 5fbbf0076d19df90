"""指標: the list against the plan's years, one indicator, and the forms that define, aim, record and correct."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.actions import indicators as actions
from initiatives.forms.indicators import (
    CorrectionForm,
    IndicatorForm,
    NationalForm,
    TargetForm,
    ValueForm,
    suggested_day,
)
from initiatives.models import Indicator, IndicatorTarget, IndicatorValue, Plan
from initiatives.national_indicators import national_indicators
from initiatives.summaries import indicator_line, indicator_table
from initiatives.summaries.indicator_history import indicator_changes
from initiatives.views.attempt import FORM_METHODS, attempt, status_of
from initiatives.views.chosen import chosen_plan
from townhall import fiscal
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, refusal, requires

YEARS = range(1990, 2101)


def _posted(request: PortalRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _who(request: PortalRequest) -> dict[str, Any]:
    return {"by": request.user, "today": request.today}


def _indicator(pk: int) -> Indicator:
    return get_object_or_404(Indicator.objects.select_related("plan", "initiative"), pk=pk)


@require_safe
@requires(Permission.VIEW_PLAN)
def indicator_list(request: PortalRequest) -> HttpResponse:
    plan = chosen_plan(request)
    manages = can(request.user, Permission.MANAGE_INDICATOR, today=request.today)
    context = {
        "plan": plan,
        "plans": Plan.objects.order_by("-starts_on"),
        "table": indicator_table(plan, with_unused=manages) if plan else None,
        "manages": manages,
        "uses_files": manages and can(request.user, Permission.USE_ADMIN, today=request.today),
    }
    return render(request, "initiatives/indicator_list.html", context)


@require_safe
@requires(Permission.VIEW_PLAN)
def indicator_detail(request: PortalRequest, pk: int) -> HttpResponse:
    indicator = _indicator(pk)
    sees_history = can(request.user, Permission.VIEW_HISTORY, today=request.today)
    context = {
        "indicator": indicator,
        "line": indicator_line(indicator),
        "values": indicator.values.order_by("-fiscal_year", "-part", "basis"),
        "manages": can(request.user, Permission.MANAGE_INDICATOR, today=request.today),
        "records": actions.may_record(request.user, indicator, today=request.today),
        "changes": indicator_changes(indicator) if sees_history else [],
    }
    return render(request, "initiatives/indicator_detail.html", context)


@require_http_methods(FORM_METHODS)
@requires(Permission.MANAGE_INDICATOR)
def indicator_create(request: PortalRequest) -> HttpResponse:
    plan = chosen_plan(request)
    if plan is None:
        raise Http404("計画がまだ読み込まれていません。")
    form = IndicatorForm(_posted(request), instance=Indicator(plan=plan))
    status = 0
    if form.is_valid():
        made: list[Indicator] = []
        status = attempt(form, lambda: made.append(actions.create_indicator(form.instance, **_who(request))))
        if made:
            messages.success(request, f"{made[0]}を加えました。目標と値を入れてください。")
            return redirect(made[0])
    context = {"form": form, "plan": plan}
    return render(request, "initiatives/indicator_create.html", context, status=status_of(form, status))


@require_http_methods(FORM_METHODS)
@requires(Permission.MANAGE_INDICATOR)
def indicator_edit(request: PortalRequest, pk: int) -> HttpResponse:
    indicator = _indicator(pk)
    form = IndicatorForm(_posted(request), instance=indicator)
    status = 0
    if form.is_valid():
        seen = form.cleaned_data["seen_version"]
        status = attempt(form, lambda: actions.edit_indicator(indicator, seen_version=seen, **_who(request)))
        if not status or form.is_already_saved:
            messages.success(request, "指標を保存しました。")
            return redirect(indicator)
    context = {"form": form, "indicator": _indicator(pk)}
    return render(request, "initiatives/indicator_edit.html", context, status=status_of(form, status))


@require_http_methods(FORM_METHODS)
@requires(Permission.MANAGE_INDICATOR)
def indicator_target(request: PortalRequest, pk: int, year: int) -> HttpResponse:
    """目標 of one year, set for the first time or changed."""
    if year not in YEARS:
        raise Http404("この年度の目標はありません。")
    indicator = _indicator(pk)
    target = indicator.targets.filter(fiscal_year=year).first() or IndicatorTarget(fiscal_year=year)
    target.indicator = indicator
    form = TargetForm(_posted(request), instance=target)
    status = 0
    if form.is_valid():
        seen = form.cleaned_data["seen_version"]
        status = attempt(form, lambda: actions.set_target(target, seen_version=seen, **_who(request)))
        if not status:
            messages.success(request, f"{fiscal.format_fiscal_year(year)}の目標を保存しました。")
            return redirect(indicator)
    context = {"form": form, "indicator": indicator, "year": year, "is_new": target.pk is None}
    return render(request, "initiatives/indicator_target.html", context, status=status_of(form, status))


@require_http_methods(FORM_METHODS)
@requires(Permission.RECORD_INDICATOR)
def indicator_value_create(request: PortalRequest, pk: int) -> HttpResponse:
    indicator = _indicator(pk)
    _require_own(request, indicator)
    year = fiscal.fiscal_year(request.today) - 1
    initial = {"fiscal_year": year, "as_of": suggested_day(year, today=request.today)}
    form = ValueForm(_posted(request), instance=IndicatorValue(indicator=indicator), initial=initial)
    status = 0
    if form.is_valid():
        status = attempt(form, lambda: actions.record_value(form.instance, **_who(request)))
        if not status:
            messages.success(request, f"{form.instance.period_label}の値を記録しました。")
            return redirect(indicator)
    context = {"form": form, "indicator": indicator}
    return render(request, "initiatives/indicator_value_create.html", context, status=status_of(form, status))


@require_http_methods(FORM_METHODS)
@requires(Permission.RECORD_INDICATOR)
def indicator_value_correct(request: PortalRequest, pk: int, value: int) -> HttpResponse:
    rows = IndicatorValue.objects.select_related("indicator__plan", "indicator__initiative")
    row = get_object_or_404(rows, indicator__pk=pk, pk=value)
    _require_own(request, row.indicator)
    form = CorrectionForm(_posted(request), instance=row)
    status = 0
    if form.is_valid():
        typed = {"seen_version": form.cleaned_data["seen_version"], "reason": form.cleaned_data["reason"]}
        status = attempt(form, lambda: actions.correct_value(row, **typed, **_who(request)))
        if not status:
            messages.success(request, f"{row.period_label}の値を訂正しました。")
            return redirect(row)
    context = {"form": form, "indicator": row.indicator, "row": rows.get(pk=value)}
    return render(request, "initiatives/indicator_value_correct.html", context, status=status_of(form, status))


def _require_own(request: PortalRequest, indicator: Indicator) -> None:
    if not actions.may_record(request.user, indicator, today=request.today):
        raise PermissionDenied(refusal(Permission.RECORD_INDICATOR))


@require_http_methods(FORM_METHODS)
@requires(Permission.MANAGE_INDICATOR)
def indicator_national(request: PortalRequest) -> HttpResponse:
    """国の比較指標から選ぶ: nothing is taken in unless it is chosen here."""
    plan = chosen_plan(request)
    if plan is None:
        raise Http404("計画がまだ読み込まれていません。")
    taken = set(plan.indicators.values_list("name", flat=True)) | set(
        plan.indicators.values_list("template_code", flat=True)
    )
    entries = [each for each in national_indicators() if not {each.code, each.name} & taken]
    form = NationalForm(_posted(request), entries=entries)
    if form.is_valid():
        chosen = [each for each in entries if each.code in form.cleaned_data["codes"]]
        made = actions.adopt_national(plan, chosen, **_who(request))
        messages.success(request, f"国の比較指標を{len(made)}件加えました。算式と出典を確かめてください。")
        return redirect("indicator_list")
    context = {"form": form, "plan": plan, "entries": entries}
    return render(request, "initiatives/indicator_national.html", context, status=status_of(form, 0))
