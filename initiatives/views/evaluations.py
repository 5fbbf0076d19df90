"""年度評価: one year's board, what one stage says, fixing the year, correcting after that, and the letters themselves."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.actions import evaluations as actions
from initiatives.choices import EvaluationStage
from initiatives.forms.evaluations import CorrectEvaluationForm, EvaluationForm, FixForm, ScaleForm
from initiatives.grading import PRESETS, preset_of
from initiatives.models import Evaluation, EvaluationScale, EvaluationYear, Initiative, Plan
from initiatives.summaries.evaluations import evaluated_years, evaluation_board
from initiatives.views.attempt import FORM_METHODS, attempt, status_of
from initiatives.views.chosen import chosen_plan
from townhall import fiscal
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, refusal, requires


def _posted(request: PortalRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _who(request: PortalRequest) -> dict[str, Any]:
    return {"by": request.user, "today": request.today}


def _plan_or_404(request: PortalRequest, year: int | None = None) -> Plan:
    plan = chosen_plan(request)
    if plan is None or (year is not None and year not in plan.years):
        raise Http404("この計画に、その年度はありません。")
    return plan


@require_safe
@requires(Permission.VIEW_EVALUATION)
def evaluation_list(request: PortalRequest) -> HttpResponse:
    """To the newest year that has ended; while none has, to the one that is running."""
    plan = chosen_plan(request)
    if plan is None:
        return render(request, "initiatives/evaluation_list.html")
    ended = [year for year in plan.years if fiscal.fiscal_year_end(year) < request.today]
    year = max(ended, default=plan.first_year)
    return redirect(EvaluationYear(plan=plan, fiscal_year=year))


@require_safe
@requires(Permission.VIEW_EVALUATION)
def evaluation_year(request: PortalRequest, year: int) -> HttpResponse:
    plan = _plan_or_404(request, year)
    board = evaluation_board(plan, year)
    has_begun = request.today >= fiscal.fiscal_year_start(year)
    context = {
        "board": board,
        "years": list(plan.years),
        "begun": evaluated_years(plan, as_of=request.today),
        "stages": list(EvaluationStage),
        "rows": [(row, _links(request, board.is_fixed, row.initiative)) for row in board.rows] if has_begun else [],
        "has_begun": has_begun,
        "manages": can(request.user, Permission.MANAGE_EVALUATION, today=request.today),
    }
    return render(request, "initiatives/evaluation_year.html", context)


def _links(request: PortalRequest, is_fixed: bool, initiative: Initiative) -> set[str]:
    """The stages that this person may speak for; none once the year is fixed."""
    if is_fixed:
        return set()
    may = actions.may_evaluate
    return {stage.value for stage in EvaluationStage if may(request.user, initiative, stage, today=request.today)}


def _place(request: PortalRequest, year: int, code: str, stage: str) -> tuple[Plan, Initiative, EvaluationStage]:
    plan = _plan_or_404(request, year)
    initiative = get_object_or_404(plan.initiatives.priorities().select_related("owner_section", "plan"), code=code)
    if stage not in EvaluationStage.values:
        raise Http404("その段階はありません。")
    return plan, initiative, EvaluationStage(stage)


@require_http_methods(FORM_METHODS)
@requires(Permission.VIEW_EVALUATION)
def evaluation_edit(request: PortalRequest, year: int, code: str, stage: str) -> HttpResponse:
    plan, initiative, which = _place(request, year, code, stage)
    if not actions.may_evaluate(request.user, initiative, which, today=request.today):
        raise PermissionDenied(refusal(actions.PERMISSION_OF_STAGE[which]))
    found = Evaluation.objects.filter(
        year__plan=plan, year__fiscal_year=year, initiative=initiative, stage=which
    ).select_related("year")
    row = found.first() or Evaluation(stage=which)
    row.initiative = initiative
    form = EvaluationForm(_posted(request), instance=row, plan=plan)
    status = 0
    if form.is_valid():
        told = {"plan": plan, "fiscal_year": year, "seen_version": form.cleaned_data["seen_version"]}
        status = attempt(form, lambda: actions.evaluate(row, **told, **_who(request)))
        if not status:
            messages.success(request, f"{initiative}の「{which.label}」を保存しました。")
            return redirect(EvaluationYear(plan=plan, fiscal_year=year))
    board = evaluation_board(plan, year)
    context = {
        "form": form,
        "board": board,
        "initiative": initiative,
        "stage": which,
        "row": next(each for each in board.rows if each.initiative == initiative),
        "back": EvaluationYear(plan=plan, fiscal_year=year).get_absolute_url(),
    }
    return render(request, "initiatives/evaluation_edit.html", context, status=status_of(form, status))


@require_http_methods(FORM_METHODS)
@requires(Permission.MANAGE_EVALUATION)
def evaluation_correct(request: PortalRequest, year: int, code: str, stage: str) -> HttpResponse:
    plan, initiative, which = _place(request, year, code, stage)
    rows = Evaluation.objects.select_related("year__plan", "initiative", "grade")
    row = get_object_or_404(rows, year__plan=plan, year__fiscal_year=year, initiative=initiative, stage=which)
    form = CorrectEvaluationForm(_posted(request), instance=row, plan=plan)
    status = 0
    if form.is_valid():
        told = {"seen_version": form.cleaned_data["seen_version"], "reason": form.cleaned_data["reason"]}
        status = attempt(form, lambda: actions.correct_evaluation(row, **told, **_who(request)))
        if not status:
            messages.success(request, f"{initiative}の「{which.label}」を訂正しました。")
            return redirect(row.year)
    context = {"form": form, "row": rows.get(pk=row.pk), "initiative": initiative, "stage": which}
    return render(request, "initiatives/evaluation_correct.html", context, status=status_of(form, status))


@require_http_methods(FORM_METHODS)
@requires(Permission.MANAGE_EVALUATION)
def evaluation_fix(request: PortalRequest, year: int) -> HttpResponse:
    """確定の確認: what will be fixed, and what is still missing."""
    plan = _plan_or_404(request, year)
    row = get_object_or_404(EvaluationYear.objects.select_related("plan"), plan=plan, fiscal_year=year)
    form = FixForm(_posted(request), initial={"seen_version": row.version})
    status = 0
    if form.is_valid():
        seen = form.cleaned_data["seen_version"]
        status = attempt(form, lambda: actions.fix_year(row, seen_version=seen, **_who(request)))
        if not status:
            messages.success(request, f"{row}を確定しました。計画ダッシュボードに出ます。")
            return redirect(row)
    context = {"form": form, "board": evaluation_board(plan, year), "back": row.get_absolute_url()}
    return render(request, "initiatives/evaluation_fix.html", context, status=status_of(form, status))


@require_http_methods(FORM_METHODS)
@requires(Permission.MANAGE_EVALUATION)
def evaluation_terms(request: PortalRequest) -> HttpResponse:
    """評価の区分: which letters there are; a plan without any begins with a ready-made set."""
    plan = _plan_or_404(request)
    form = ScaleForm(_posted(request))
    status = 0
    if form.is_valid():
        preset = preset_of(form.cleaned_data["preset"])
        assert preset is not None  # noqa: S101 - the form offers these only
        status = attempt(form, lambda: actions.adopt_scale(plan, preset, **_who(request)))
        if not status:
            messages.success(request, "評価の区分を決めました。記号と名称は、管理画面で直せます。")
            return redirect("evaluation_terms")
    scale = EvaluationScale.objects.filter(plan=plan).prefetch_related("grades").first()
    context = {"form": form, "plan": plan, "scale": scale, "presets": PRESETS}
    return render(request, "initiatives/evaluation_terms.html", context, status=status_of(form, status))
