"""設定: 通知と催促. Changing the rules, looking at the next letters, trying the mail, stopping it and going on."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from schedule import heartbeat
from schedule.actions import sending as actions
from schedule.forms.reminder_settings import PauseForm, ReminderSettingsForm, ResumeForm
from schedule.forms.rounds import AGAIN, CONFLICT, DONE, SeenForm
from schedule.models import ReminderSettings
from schedule.planning import next_sending, preview
from schedule.summaries.reminder_settings import last_letter, settings_history, withheld_letters
from townhall.changes import StaleVersion
from townhall.http import PortalRequest
from townhall.models import ClosingDay
from townhall.permissions import Permission, requires

METHODS = ["GET", "HEAD", "POST"]
COMING_CLOSING_DAYS = 5


@require_http_methods(METHODS)
@requires(Permission.MANAGE_REMINDERS)
def reminder_settings(request: PortalRequest) -> HttpResponse:
    row, status = ReminderSettings.current(), 200
    form = ReminderSettingsForm(row, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        status = _change(request, form) if form.is_valid() else AGAIN
        if status == DONE:
            messages.success(request, "設定を保存しました。次に予定を作るとき（10分以内）から使います。")
            return redirect("reminder_settings")
        row = ReminderSettings.current()
    coming = ClosingDay.objects.filter(day__gte=request.today).order_by("day")
    context = {
        "form": form,
        "row": row,
        "withheld": withheld_letters() if row.is_paused else 0,
        "next_at": next_sending(request.now),
        "closing_days": coming[:COMING_CLOSING_DAYS],
        "last_letter": last_letter(),
        "jobs": heartbeat.jobs(),
        "warning": heartbeat.warning(request.now),
        "changes": settings_history(),
    }
    return render(request, "schedule/reminder_settings.html", context, status=status)


def _change(request: PortalRequest, form: ReminderSettingsForm) -> int:
    try:
        actions.change_settings(by=request.user, today=request.today, seen_version=form.seen, **form.values)
    except StaleVersion as stale:
        form.tell_of(stale)
        return CONFLICT
    except ValidationError as error:
        form.add_error(None, error.messages)
        return AGAIN
    return DONE


@require_http_methods(METHODS)
@requires(Permission.MANAGE_REMINDERS)
def reminder_preview(request: PortalRequest) -> HttpResponse:
    """What would leave on the next sending day if nothing changed until then. Nothing is stored.

    Asked by POST: the planner runs for it, and a page that is only opened never takes the database's write lock.
    """
    if request.method != "POST":
        return redirect("reminder_settings")
    at = next_sending(request.now)
    context = {"at": at, "letters": preview(at), "row": ReminderSettings.current()}
    return render(request, "schedule/reminder_preview.html", context)


@require_http_methods(METHODS)
@requires(Permission.MANAGE_REMINDERS)
def reminder_test(request: PortalRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("reminder_settings")
    mail = actions.write_test_letter(by=request.user, now=request.now)
    messages.success(request, "試しのメールを受け付けました。1分ほどで送ります。結果はこの画面に出ます。")
    return redirect(mail)


@require_http_methods(METHODS)
@requires(Permission.MANAGE_REMINDERS)
def reminder_pause(request: PortalRequest) -> HttpResponse:
    def pause(form: SeenForm) -> str:
        actions.pause(
            by=request.user,
            today=request.today,
            now=request.now,
            seen_version=form.seen,
            reason=form.cleaned_data["reason"],
        )
        return "メールの送信を止めました。用件はポータルに出続けます。"

    return _step(request, PauseForm, "reminder_pause", pause)


@require_http_methods(METHODS)
@requires(Permission.MANAGE_REMINDERS)
def reminder_resume(request: PortalRequest) -> HttpResponse:
    def resume(form: SeenForm) -> str:
        count = actions.resume(
            by=request.user, today=request.today, now=request.now, seen_version=form.seen, **_answers(form)
        )
        return f"メールの送信を再開しました。保留だったメール {count}通を片づけました。"

    return _step(request, ResumeForm, "reminder_resume", resume)


def _answers(form: SeenForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("withheld", "reason")}


def _step(
    request: PortalRequest, form_class: type[SeenForm], page: str, act: Callable[[SeenForm], str]
) -> HttpResponse:
    """A question of its own page. Said no: the page again, with the sentence and what was typed."""
    row, status = ReminderSettings.current(), 200
    form = form_class(request.POST if request.method == "POST" else None, initial={"seen_version": row.seen})
    if request.method == "POST":
        status = AGAIN
        if form.is_valid():
            try:
                messages.success(request, act(form))
                return redirect("reminder_settings")
            except actions.SendingError as refused:
                form.add_error(None, str(refused))
                status = CONFLICT
            except StaleVersion as stale:
                form.add_error(None, stale.sentence)
                form.see(stale)
                status = CONFLICT
        row = ReminderSettings.current()
    context = {"form": form, "row": row, "withheld": withheld_letters()}
    return render(request, f"schedule/{page}.html", context, status=status)
