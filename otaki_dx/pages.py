"""Home, help, and what the browser and the monitoring ask for. The pages of the plan stand in `plan_pages`."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_safe

from otaki_dx.home import home_summary
from schedule.choices import MailState
from schedule.models import JobRun, ReminderMail
from townhall.carried import signed_person
from townhall.http import PortalRequest
from townhall.permissions import Permission, open_to_all, requires

LAST_BACKUP = "last-backup"


@require_safe
@requires(Permission.VIEW_PORTAL)
def home(request: PortalRequest) -> HttpResponse:
    summary = home_summary(request.user, today=request.today, now=request.now)
    request.menu_counts = {"home": len(summary.mine)}
    context = {
        "home": summary,
        "summary": summary.plan,
        "attention": summary.attention,
        "to_decide": summary.to_decide,
        "since": summary.since,
    }
    return render(request, "otaki_dx/home.html", context)


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
    """For the monitoring of the server: can the database be read, how long ago did each periodic job finish and was the
    last backup made (null: never), and how long has the oldest letter been waiting (null: none waits)."""
    try:
        runs = dict(JobRun.objects.values_list("job", "finished_at"))
        oldest = ReminderMail.objects.filter(state__in=MailState.CLAIMABLE).order_by("next_attempt_at").first()
    except DatabaseError:
        return JsonResponse({"status": "error", "sentence": "データベースを読めません。"}, status=503)
    ages = {job: int((request.now - finished_at).total_seconds()) for job, finished_at in sorted(runs.items())}
    waiting = int((request.now - oldest.created_at).total_seconds()) if oldest else None
    return JsonResponse(
        {
            "status": "ok",
            "seconds_since_last_run": ages,
            "seconds_since_last_backup": _backup_age(request.now),
            "oldest_waiting_mail_seconds": waiting,
        }
    )


def _backup_age(now: datetime) -> int | None:
    """By the file that the backup leaves behind (docs/operations.md), however and whereto it is made."""
    try:
        made_at = (Path(settings.DATA_DIR) / LAST_BACKUP).stat().st_mtime
    except OSError:
        return None
    return max(0, int(now.timestamp() - made_at))


@require_safe
@open_to_all
@login_not_required
def session_state(request: PortalRequest) -> JsonResponse:
    """For a page that lies open: is its person still logged in, and with which token? 401 without a login."""
    if not request.user.is_authenticated:
        return JsonResponse({"sentence": "ログインの期限が切れました。ログインし直してください。"}, status=401)
    return JsonResponse({"person": signed_person(request.user), "csrf": get_token(request)})
