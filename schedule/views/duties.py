"""研修・ポリシー: the yearly duties of one fiscal year, and one of them."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from schedule.due import DUTY, duty_subject
from schedule.forms.duties import DoneForm, OccurrenceForm, ReopenForm, SkipForm
from schedule.models import DutyOccurrence, ReminderLine
from schedule.summaries.duties import duty_year, line_of
from schedule.summaries.policy import policy_board
from schedule.views.year_chosen import year_chosen
from townhall import fiscal
from townhall.history import changes_of
from townhall.http import PortalRequest
from townhall.models import ClosingDay, User
from townhall.permissions import Permission, can, refusal, requires, sections_open_to

DONE, SKIP, REOPEN = "done", "skip", "reopen"
SAVED = {
    DONE: "済みと記録しました。お知らせは止まります。",
    SKIP: "行わないことを記録しました。お知らせは止まります。",
    REOPEN: "記録を取り消しました。期限のお知らせをまた始めます。",
}


@require_GET
@requires(Permission.VIEW_DUTY)
def duty_list(request: PortalRequest) -> HttpResponse:
    chosen = year_chosen(request)
    year = chosen.year
    open_sections = sections_open_to(request.user, Permission.MANAGE_DUTY, today=request.today)
    context = {
        "board": duty_year(year, today=request.today),
        "policy": policy_board(today=request.today),
        "chosen": chosen,
        "starts_on": fiscal.fiscal_year_start(year),
        "ends_on": fiscal.fiscal_year_end(year),
        "open_sections": open_sections,
        "may_edit_duties": open_sections is None and can(request.user, Permission.USE_ADMIN, today=request.today),
    }
    return render(request, "schedule/duty_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.VIEW_DUTY)
def occurrence_detail(request: PortalRequest, pk: int) -> HttpResponse:
    occurrence = get_object_or_404(DutyOccurrence.objects.select_related("duty__owner_section"), pk=pk)
    may_record = may_record_for(request.user, occurrence, today=request.today)
    verb = request.POST.get("verb", "")
    posted: OccurrenceForm | None = None
    if request.method == "POST":
        if not may_record:
            raise PermissionDenied(refusal(Permission.MANAGE_DUTY))
        posted = bound_form(verb, request, occurrence)
        if posted and posted.is_valid() and posted.save_as(by=request.user, today=request.today):
            messages.success(request, f"{occurrence}：{SAVED[verb]}")
            return redirect(occurrence)
        if posted is None:
            messages.error(request, "どの操作か分からないため、何も保存していません。もう一度ボタンを押してください。")
    status = 200 if request.method == "GET" else 409 if posted and posted.conflict else 422
    context = occurrence_context(request, pk) | forms_for(pk, may_record, today=request.today, posted=posted, verb=verb)
    return render(request, "schedule/occurrence_detail.html", context, status=status)


def may_record_for(user: User, occurrence: DutyOccurrence, *, today: date) -> bool:
    """Nobody's duty is recorded by those who may record every duty."""
    sections = sections_open_to(user, Permission.MANAGE_DUTY, today=today)
    return sections is None or occurrence.duty.owner_section_id in sections


def bound_form(verb: str, request: PortalRequest, occurrence: DutyOccurrence) -> OccurrenceForm | None:
    """The form behind the pressed button; None for a button this page does not have."""
    if verb == DONE:
        return DoneForm(request.POST, instance=occurrence, prefix=DONE, today=request.today)
    if verb == SKIP:
        return SkipForm(request.POST, instance=occurrence, prefix=SKIP)
    if verb == REOPEN:
        return ReopenForm(request.POST, instance=occurrence, prefix=REOPEN)
    return None


def forms_for(pk: int, may_record: bool, *, today: date, posted: OccurrenceForm | None, verb: str) -> dict[str, Any]:
    """Every form the row's present state asks for, and the one that was posted with everything typed still in it."""
    if not may_record:
        return {}
    row = DutyOccurrence.objects.select_related("duty").get(pk=pk)
    made: dict[str, OccurrenceForm] = {}
    if not row.skipped_reason:
        made["done_form"] = DoneForm(instance=row, prefix=DONE, today=today)
    if row.is_open:
        made["skip_form"] = SkipForm(instance=row, prefix=SKIP)
    else:
        made["reopen_form"] = ReopenForm(instance=row, prefix=REOPEN)
    if posted is not None:
        made[f"{verb}_form"] = posted
    return {**made, "posted": posted}


def occurrence_context(request: PortalRequest, pk: int) -> dict[str, Any]:
    """The row read again: a refused POST has left typed values on the one the form holds."""
    row = DutyOccurrence.objects.select_related("duty__owner_section").get(pk=pk)
    sees_letters = can(request.user, Permission.VIEW_SENT_MAIL, today=request.today)
    told = ReminderLine.objects.filter(kind=DUTY, subject=duty_subject(row)) if sees_letters else None
    return {
        "occurrence": row,
        "line": line_of(row, ClosingDay.days(), today=request.today),
        "changes": changes_of(row),
        "sees_letters": sees_letters,
        "told": told and told.select_related("recipient", "mail").order_by("-nominal_on", "recipient__name", "pk"),
    }
