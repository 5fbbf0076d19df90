"""Home and the pages that look at several apps at once. Composition only: numbers come from summaries."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_safe

from committee.summaries import NextMeeting, next_meeting
from initiatives.models import Plan
from otaki_dx.days import read_day
from otaki_dx.home import home_summary, own_items
from schedule.models import JobRun
from schedule.summaries import DutyYear, PlanSummary, duty_year, plan_summary
from townhall import fiscal
from townhall.carried import signed_person
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, open_to_all, requires


@require_safe
@requires(Permission.VIEW_PORTAL)
def home(request: PortalRequest) -> HttpResponse:
    summary = home_summary(request.user, today=request.today, now=request.now)
    request.menu_counts = {"home": len(summary.mine)}
    return render(request, "otaki_dx/home.html", {"home": summary, "summary": summary.plan, "meeting": summary.meeting})


@require_safe
@requires(Permission.VIEW_PLAN)
def plan_dashboard(request: PortalRequest) -> HttpResponse:
    summary, day_error = _summary_on_the_day_asked_for(request)
    is_today = summary is None or summary.as_of == request.today
    context = {
        "summary": summary,
        "day_error": day_error,
        "is_today": is_today,
        "meeting": _meeting_for(request) if is_today else None,
        "duties": _duties(request) if is_today else None,
    }
    _count_own_items(request)
    return render(request, "otaki_dx/plan_dashboard.html", context)


@require_safe
@requires(Permission.VIEW_PLAN)
def schedule_table(request: PortalRequest) -> HttpResponse:
    summary, day_error = _summary_on_the_day_asked_for(request)
    _count_own_items(request)
    return render(request, "otaki_dx/schedule_table.html", {"summary": summary, "day_error": day_error})


@require_safe
@open_to_all
@login_not_required
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "otaki_dx/help.html")


@require_safe
@open_to_all
@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "otaki_dx/accessibility.html")


@require_safe
@open_to_all
@login_not_required
def healthz(request: PortalRequest) -> HttpResponse:
    """For the monitoring of the server: can the database be read, and how long ago did each periodic job finish."""
    try:
        runs = dict(JobRun.objects.values_list("job", "finished_at"))
    except DatabaseError:
        return JsonResponse({"status": "error", "sentence": "データベースを読めません。"}, status=503)
    ages = {job: int((request.now - finished_at).total_seconds()) for job, finished_at in sorted(runs.items())}
    return JsonResponse({"status": "ok", "seconds_since_last_run": ages})


def _summary_on_the_day_asked_for(request: PortalRequest) -> tuple[PlanSummary | None, str]:
    """The plan on ?as_of=, else today, and the sentence about a day that could not be read."""
    as_of, sentence = read_day(request.GET.get("as_of", ""), today=request.today)
    plan = Plan.objects.current(today=request.today)
    return (plan_summary(plan, as_of=as_of) if plan else None), sentence


def _may(request: PortalRequest, permission: Permission) -> bool:
    return can(request.user, permission, today=request.today)


def _meeting_for(request: PortalRequest) -> NextMeeting | None:
    return next_meeting(request.today) if _may(request, Permission.VIEW_MEETING) else None


def _duties(request: PortalRequest) -> DutyYear | None:
    if not _may(request, Permission.VIEW_DUTY):
        return None
    return duty_year(fiscal.fiscal_year(request.today), today=request.today)


def _count_own_items(request: PortalRequest) -> None:
    request.menu_counts = {"home": len(own_items(request.user, today=request.today))}


@require_safe
@open_to_all
@login_not_required
def session_state(request: PortalRequest) -> JsonResponse:
    """For a page that lies open: is its person still logged in, and with which token? 401 without a login."""
    if not request.user.is_authenticated:
        return JsonResponse({"sentence": "ログインの期限が切れました。ログインし直してください。"}, status=401)
    return JsonResponse({"person": signed_person(request.user), "csrf": get_token(request)})
