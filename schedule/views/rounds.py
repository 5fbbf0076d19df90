"""期の設定, 締切, 開け直し, 訂正, 差戻し: the life of a round around its entry grid."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from initiatives.models import Plan
from schedule.actions import reporting as report_actions
from schedule.actions import rounds as round_actions
from schedule.choices import ReportState
from schedule.closing import closing_check, versions_in
from schedule.forms.rounds import (
    AGAIN,
    CONFLICT,
    DONE,
    CloseRoundForm,
    CorrectionForm,
    DatesForm,
    ReopenForm,
    ReturnForm,
    RuleForm,
    SeenForm,
)
from schedule.models import Activity, ProgressReport, ReportingRound, RoundRule
from schedule.summaries.rounds import (
    PlanRounds,
    closed_days_in_words,
    days_in_words,
    planned_rounds,
    rounds_page,
    rule_in_words,
)
from schedule.views.reporting import round_of
from townhall.changes import StaleVersion
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, refusal, requires, sections_open_to

METHODS = ["GET", "HEAD", "POST"]


def _who(request: PortalRequest) -> dict[str, Any]:
    return {"by": request.user, "today": request.today}


def _page(request: PortalRequest, template: str, status: int, **context: Any) -> HttpResponse:
    return render(request, f"schedule/{template}.html", context, status=status or 200)


# --- 期の設定 --------------------------------------------------------------------------------------------------------
@require_http_methods(METHODS)
@requires(Permission.RECORD_PROGRESS)
def round_list(request: PortalRequest) -> HttpResponse:
    """The rounds of each plan for everybody who reports; rule and rounds are changed by 事務局 alone."""
    may_manage = can(request.user, Permission.MANAGE_ROUND, today=request.today)
    if request.method == "POST" and not may_manage:
        raise PermissionDenied(refusal(Permission.MANAGE_ROUND))
    plans = Plan.objects.filter(activities__isnull=False).distinct().order_by("-starts_on")
    posted = next((plan for plan in plans if str(plan.pk) == request.POST.get("plan")), None)
    form, status = None, 200
    if posted:
        rule = _rule_of(posted)
        if "generate" in request.POST and rule.pk:
            return _generate(request, rule)
        form = RuleForm(request.POST, instance=rule, prefix=f"plan{posted.pk}")
        status = _change_rule(request, form)
        if status == DONE and "preview" not in request.POST:
            return redirect("round_list")
    page = rounds_page(plans, today=request.today)
    sections = [_section(request, each, form if each.plan == posted else None) for each in page]
    context = {"sections": sections, "may_manage": may_manage, "bound": form if form and form.errors else None}
    return _page(request, "round_list", status, **context)


def _rule_of(plan: Plan) -> RoundRule:
    """The rule on record, or the defaults, not saved."""
    return RoundRule.objects.filter(plan=plan).first() or RoundRule(plan=plan)


def _change_rule(request: PortalRequest, form: RuleForm) -> int:
    """0 when the rule is saved, or only looked at (日付を確かめる)."""
    if not form.is_valid():
        return AGAIN
    if "preview" in request.POST:
        return DONE
    try:
        if not form.save_as(**_who(request)):
            return CONFLICT
    except (IntegrityError, ValidationError):  # two people made the first rule at the same moment
        form.add_error(None, "ほかの人が先に、この計画の決まりを作りました。画面を開き直してください。")
        return CONFLICT
    saved = f"{form.instance.plan}の期の決まりを保存しました。"
    messages.success(request, f"{saved}期に反映するには「期を作る・そろえる」を押してください。")
    return DONE


def _section(request: PortalRequest, rounds: PlanRounds, typed: RuleForm | None) -> dict[str, Any]:
    rule = typed.instance if typed and not typed.errors else _rule_of(rounds.plan)
    return {
        "plan": rounds.plan,
        "lines": rounds.lines,
        "form": typed or RuleForm(instance=rule, prefix=f"plan{rounds.plan.pk}"),
        "rule": rule,
        "in_words": rule_in_words(rule),
        "planned": planned_rounds(rule, today=request.today),
        "is_tried": bool(typed and "preview" in request.POST and not typed.errors),
    }


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
        form, status = DatesForm(request.POST), AGAIN
    if form.is_valid():
        days = {name: form.cleaned_data[name] for name in ("opens_on", "due_on", "closes_on", "reason")}
        status = form.attempt(lambda: round_actions.move_round(round, seen_version=form.seen, **days, **_who(request)))
        if not status:
            messages.success(request, f"{round.label}の日付を変えました。{closed_days_in_words(round_of(key))}")
            return redirect("round_list")
    now = round_of(key)
    context = {"round": now, "form": form, "days": days_in_words(now), "closed_days": closed_days_in_words(now)}
    return _page(request, "round_dates", status, **context)


# --- 締切と開け直し --------------------------------------------------------------------------------------------------
@require_http_methods(METHODS)
@requires(Permission.MANAGE_ROUND)
def round_close(request: PortalRequest, key: str) -> HttpResponse:
    """Check your answers, then close. On the way, what was submitted can be accepted from here."""
    round, status = round_of(key), 200
    if not round.is_open_on(request.today) and request.method != "POST":
        messages.warning(
            request, f"{round.label}は「{round.state_on(request.today).label}」です。いまは締め切れません。"
        )
        return redirect(round)
    form = CloseRoundForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and "accept" in request.POST:
        return _accept_seen(request, round, form.cleaned_data["seen_stamp"])
    if form.is_valid():
        step = {"now": request.now, "seen_version": form.seen, "seen_stamp": form.cleaned_data["seen_stamp"]}
        status = form.attempt(lambda: round_actions.close_round(round, **step, **_who(request)))
        if not status:
            messages.success(request, _closed_in_words(round_of(key)))
            return redirect(round)
    round = round_of(key)
    check = closing_check(round, by=request.user)
    return _page(request, "round_close", status, round=round, check=check, form=form)


def _accept_seen(request: PortalRequest, round: ReportingRound, stamp: str) -> HttpResponse:
    """確認済にする, in the versions that stood on the page; what was saved since is left for another look."""
    seen, accepted = versions_in(stamp), 0
    for report in closing_check(round, by=request.user).not_accepted:
        code = report.activity.code
        try:
            report_actions.accept_report(report, seen_version=seen.get(code), **_who(request))
            accepted += 1
        except (report_actions.ReportError, StaleVersion) as refused:
            messages.error(request, f"{report.activity.label}：{refused}")
    if accepted:
        messages.success(request, f"提出 {accepted}行を確認済にしました。")
    return redirect("round_close", round.key)


def _closed_in_words(round: ReportingRound) -> SafeString:
    """What is settled now, and the three ways on."""
    missing = f"{len(round.unreported_at_close)}行は「未報告」で確定しました。" if round.unreported_at_close else ""
    after = ReportingRound.objects.filter(plan=round.plan_id).later_than(round).latest_first().last()
    following = (after.get_absolute_url(), f"次の期（{after.label}）") if after else (reverse("round_list"), "期の設定")
    links = (
        (reverse("plan_dashboard"), "計画の状況を見る"),
        (reverse("round_reopen", args=[round.key]), "開け直す"),
        following,
    )
    return format_html(
        "{}を締め切りました。内容は確定しました。{}直すときは、行ごとに理由をつけて訂正します。　{}",
        round.label,
        missing,
        format_html_join("　", '<a href="{}">{}</a>', links),
    )


@require_http_methods(METHODS)
@requires(Permission.MANAGE_ROUND)
def round_reopen(request: PortalRequest, key: str) -> HttpResponse:
    round, status = round_of(key), 200
    if not round.is_closed and request.method != "POST":
        messages.info(request, f"{round.label}は、締め切っていません。")
        return redirect(round)
    form: SeenForm = ReopenForm(initial={"seen_version": round.version})
    if request.method == "POST":
        form, status = ReopenForm(request.POST), AGAIN
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
        status = AGAIN
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
    open_to = sections_open_to(request.user, Permission.RECORD_PROGRESS, today=request.today)
    if report is None or (open_to is not None and activity.section_id not in open_to):
        raise Http404("この報告はありません。")
    if request.method != "POST" and (refused := _why_not_returned(request, report)):
        messages.warning(request, refused)
        return redirect(round)
    seen_now = report
    form: SeenForm = ReturnForm(initial={"seen_version": report.version})
    if request.method == "POST":
        form, status = ReturnForm(request.POST), AGAIN
    if form.is_valid():
        step = {"seen_version": form.seen, "reason": form.cleaned_data["reason"]}
        status = form.attempt(lambda: report_actions.return_report(seen_now, **step, **_who(request)))
        if not status:
            messages.success(request, f"{activity.label}を差し戻しました。理由は担当課の入力画面に出ます。")
            return redirect(round)
    report = _row_and_report(round, code)[1]
    return _page(request, "report_return", status, round=round, activity=activity, report=report, form=form)


def _why_not_returned(request: PortalRequest, report: ProgressReport) -> str:
    permission = report_actions.permission_to_return(report)
    if report.round.is_closed:
        return "締め切った期の報告は、差し戻せません。直すときは訂正します。"
    if not can(request.user, permission, today=request.today, section=report.activity.section_id):
        who = "担当課の課長" if permission == Permission.CONFIRM_REPORT else "事務局"
        return f"「{report.get_state_display()}」の報告を差し戻すのは、{who}です。"
    if report.state in (ReportState.DRAFT, ReportState.RETURNED):
        return f"「{report.get_state_display()}」の報告は、まだ担当課にあります。"
    return ""


def _row_and_report(round: ReportingRound, code: str) -> tuple[Activity, ProgressReport | None]:
    rows = Activity.objects.select_related("initiative__owner_section", "owner_section")
    activity = get_object_or_404(rows, plan=round.plan_id, code=code)
    return activity, ProgressReport.objects.filter(activity=activity, round=round).first()
