"""期の設定, 締切, 開け直し, 訂正, 差戻し: the life of a round around its entry grid."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from initiatives.models import Plan
from schedule.actions import reporting as report_actions
from schedule.actions import rounds as round_actions
from schedule.closing import closing_check
from schedule.forms.rounds import (
    CloseRoundForm,
    CorrectionForm,
    DatesForm,
    GenerateForm,
    ReopenForm,
    ReturnForm,
    RuleForm,
    SeenForm,
)
from schedule.models import Activity, ProgressReport, ReportingRound, RoundRule
from schedule.summaries.rounds import rounds_page
from schedule.views.reporting import round_of
from townhall.http import PortalRequest
from townhall.models import ClosingDay
from townhall.permissions import Permission, can, requires, sections_open_to

METHODS = ["GET", "HEAD", "POST"]


def _who(request: PortalRequest) -> dict[str, Any]:
    return {"by": request.user, "today": request.today}


def _page(request: PortalRequest, template: str, status: int, **context: Any) -> HttpResponse:
    return render(request, f"schedule/{template}.html", context, status=status or 200)


# --- 期の設定 --------------------------------------------------------------------------------------------------------
@require_http_methods(METHODS)
@requires(Permission.MANAGE_ROUND)
def round_list(request: PortalRequest) -> HttpResponse:
    """The rule of each plan and its rounds. Saving the rule and making the rounds are two buttons."""
    plans = Plan.objects.filter(activities__isnull=False).distinct().order_by("-starts_on")
    posted = request.POST.get("plan", "")
    forms: dict[int, RuleForm] = {}
    status = 200
    for plan in plans:
        mine = request.method == "POST" and posted == str(plan.pk)
        rule = RoundRule.objects.filter(plan=plan).first() or RoundRule(plan=plan)
        form = RuleForm(
            request.POST if mine and "save" in request.POST else None, instance=rule, prefix=f"plan{plan.pk}"
        )
        if mine and "generate" in request.POST and rule.pk:
            return _generate(request, rule)
        if form.is_bound and form.is_valid() and form.save_as(**_who(request)):
            messages.success(
                request, f"{plan}の期の決まりを保存しました。期に反映するには「期を作る・そろえる」を押してください。"
            )
            return redirect("round_list")
        if form.is_bound:
            status = 409 if form.conflict else 422
        forms[plan.pk] = form
    page = rounds_page(plans, today=request.today)
    sections = [(each, forms[each.plan.pk]) for each in page]
    context = {
        "sections": sections,
        "generate_form": GenerateForm(),
        "bound": next((f for f in forms.values() if f.errors), None),
    }
    return _page(request, "round_list", status, **context)


def _generate(request: PortalRequest, rule: RoundRule) -> HttpResponse:
    with_passed = "with_passed" in request.POST
    made = round_actions.generate_rounds(rule, with_passed=with_passed, **_who(request))
    done = f"期を{len(made.created)}つ作り、{len(made.changed)}つの日付をそろえました。"
    kept = f"日付を変えた期と始まった期 {len(made.kept)}つは、そのままです。" if made.kept else ""
    passed = f"提出期限の過ぎた期 {made.passed}つは、作っていません。" if made.passed else ""
    messages.success(request, f"{done}{kept}{passed}")
    return redirect("round_list")


@require_http_methods(METHODS)
@requires(Permission.MANAGE_ROUND)
def round_dates(request: PortalRequest, key: str) -> HttpResponse:
    round, status = round_of(key), 200
    if round.is_closed and request.method != "POST":
        messages.warning(request, f"{round.label}は締め切っています。日付を変えるには、先に開け直してください。")
        return redirect(round)
    form = DatesForm.showing(round, opens_on=request.today if "now" in request.GET else None)
    if request.method == "POST":
        form, status = DatesForm(request.POST), 422
    if form.is_valid():
        days = {name: form.cleaned_data[name] for name in ("opens_on", "due_on", "closes_on", "reason")}
        status = form.attempt(lambda: round_actions.move_round(round, seen_version=form.seen, **days, **_who(request)))
        if not status:
            messages.success(request, f"{round.label}の日付を変えました。")
            return redirect("round_list")
    return _page(request, "round_dates", status, round=round, form=form, due_on=round.deadline(ClosingDay.days()))


# --- 締切と開け直し --------------------------------------------------------------------------------------------------
@require_http_methods(METHODS)
@requires(Permission.MANAGE_ROUND)
def round_close(request: PortalRequest, key: str) -> HttpResponse:
    round, status = round_of(key), 200
    if not round.is_open_on(request.today) and request.method != "POST":
        messages.warning(
            request, f"{round.label}は「{round.state_on(request.today).label}」です。いまは締め切れません。"
        )
        return redirect(round)
    form = CloseRoundForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        stamp = form.cleaned_data["seen_stamp"]
        step = {"now": request.now, "seen_version": form.seen, "seen_stamp": stamp}
        status = form.attempt(lambda: round_actions.close_round(round, **step, **_who(request)))
        if not status:
            messages.success(
                request, f"{round.label}を締め切りました。内容は確定しました。直すときは、理由をつけて訂正します。"
            )
            return redirect(round)
    round = round_of(key)
    check = closing_check(round, by=request.user)
    return _page(request, "round_close", status, round=round, check=check, form=form)


@require_http_methods(METHODS)
@requires(Permission.MANAGE_ROUND)
def round_reopen(request: PortalRequest, key: str) -> HttpResponse:
    round, status = round_of(key), 200
    if not round.is_closed and request.method != "POST":
        messages.info(request, f"{round.label}は、締め切っていません。")
        return redirect(round)
    form: SeenForm = ReopenForm(initial={"seen_version": round.version})
    if request.method == "POST":
        form, status = ReopenForm(request.POST), 422
    if form.is_valid():
        step = {"now": request.now, "seen_version": form.seen, "reason": form.cleaned_data["reason"]}
        status = form.attempt(lambda: round_actions.reopen_round(round, **step, **_who(request)))
        if not status:
            messages.success(request, f"{round.label}を開け直しました。入力できます。")
            return redirect(round)
    return _page(request, "round_reopen", status, round=round, form=form)


# --- one report ------------------------------------------------------------------------------------------------------
@require_http_methods(METHODS)
@requires(Permission.CORRECT_REPORT)
def report_correct(request: PortalRequest, key: str, code: str) -> HttpResponse:
    round, status = round_of(key), 200
    activity, report = _row_and_report(round, code)
    if not round.is_closed and request.method != "POST":
        messages.info(request, f"{round.label}は、まだ締め切っていません。この画面で直せます。")
        return redirect(round)
    form = CorrectionForm(activity, report, request.POST if request.method == "POST" else None)
    if form.is_bound:
        status = 422
    if form.is_valid():
        step = {"now": request.now, "why": form.cleaned_data["why"], "values": form.values}
        status = form.attempt(
            lambda: report_actions.correct_report(activity, round, seen_version=form.seen, **step, **_who(request))
        )
        if not status:
            messages.success(request, f"{activity.label}を訂正しました。理由は履歴と、この期の記録に残ります。")
            return redirect(round)
    context = {"round": round, "activity": activity, "report": _row_and_report(round, code)[1], "form": form}
    return _page(request, "report_correct", status, **context)


@require_http_methods(METHODS)
@requires(Permission.RECORD_PROGRESS)
def report_return(request: PortalRequest, key: str, code: str) -> HttpResponse:
    """事務局 sends a report back to its section; where 課長 confirm, they send back what their 担当 wrote."""
    round, status = round_of(key), 200
    activity, report = _row_and_report(round, code)
    may = (Permission.ACCEPT_REPORT, Permission.CONFIRM_REPORT)
    if report is None or not any(
        can(request.user, each, today=request.today, section=activity.section_id) for each in may
    ):
        open_to = sections_open_to(request.user, Permission.RECORD_PROGRESS, today=request.today)
        if report is None or (open_to is not None and activity.section_id not in open_to):
            raise Http404("この報告はありません。")
        messages.warning(request, "差し戻すのは、事務局（課長の確認を入れているときは課長）です。")
        return redirect(round)
    form: SeenForm = ReturnForm(initial={"seen_version": report.version})
    if request.method == "POST":
        form, status = ReturnForm(request.POST), 422
    if form.is_valid():
        step = {"seen_version": form.seen, "reason": form.cleaned_data["reason"]}
        status = form.attempt(lambda: report_actions.return_report(report, **step, **_who(request)))
        if not status:
            messages.success(request, f"{activity.label}を差し戻しました。理由は担当課の入力画面に出ます。")
            return redirect(round)
    return _page(request, "report_return", status, round=round, activity=activity, report=report, form=form)


def _row_and_report(round: ReportingRound, code: str) -> tuple[Activity, ProgressReport | None]:
    rows = Activity.objects.select_related("initiative__owner_section", "owner_section")
    activity = get_object_or_404(rows, plan=round.plan_id, code=code)
    return activity, ProgressReport.objects.filter(activity=activity, round=round).first()
