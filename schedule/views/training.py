"""研修: the year's courses in numbers, one course, and recording who was there."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from schedule.actions import training as actions
from schedule.forms.training import AttendanceFileForm, AttendanceForm, AudienceForm, RecordForm, SessionForm
from schedule.models import Attendance, DutyOccurrence, Training, TrainingSession
from schedule.models.duty import DutyKind
from schedule.summaries.training import DEFINITION, training_line, training_year
from schedule.training_kinds import ATTENDANCE, session_subject
from schedule.views.year_chosen import year_chosen
from townhall.attempt import DONE, attempt_if_valid
from townhall.history import changes_of
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, requires, sections_open_to
from townhall.sheets.guard import SheetError
from townhall.sheets.imports import begin

FORM_METHODS = ["GET", "POST"]
FILE = "list"  # the second form of its page


@require_GET
@requires(Permission.VIEW_DUTY)
def training_list(request: PortalRequest) -> HttpResponse:
    chosen = year_chosen(request)
    context = {
        "chosen": chosen,
        "board": training_year(chosen.year, today=request.today),
        "definition": DEFINITION,
        "manages": can(request.user, Permission.MANAGE_TRAINING, today=request.today),
    }
    return render(request, "schedule/training_list.html", context)


@require_GET
@requires(Permission.VIEW_DUTY)
def training_detail(request: PortalRequest, pk: int) -> HttpResponse:
    training = _training_or_404(pk)
    sections = sections_open_to(request.user, Permission.VIEW_TRAINEE, today=request.today)
    context = _frame(request, training) | {
        "line": training_line(training, today=request.today),
        "sessions": training.sessions.all(),
        "open_sections": sections,
    }
    return render(request, "schedule/training_detail.html", context)


@require_GET
@requires(Permission.VIEW_TRAINEE)
def training_people(request: PortalRequest, pk: int) -> HttpResponse:
    """Names: for 事務局 all, for 課長 those of the own section."""
    training = _training_or_404(pk)
    sections = sections_open_to(request.user, Permission.VIEW_TRAINEE, today=request.today)
    rows = training.attendances.of_sections(sections).select_related("trainee", "section", "session")
    context = _frame(request, training) | {"rows": rows, "sees_all": sections is None}
    return render(request, "schedule/training_people.html", context)


@require_http_methods(FORM_METHODS)
@requires(Permission.MANAGE_TRAINING)
def training_start(request: PortalRequest, pk: int) -> HttpResponse:
    """Begin to keep attendance of one year's course."""
    courses = DutyOccurrence.objects.filter(duty__kind=DutyKind.TRAINING).select_related("duty")
    occurrence = get_object_or_404(courses, pk=pk)
    known = Training.objects.filter(occurrence=occurrence).first()
    if known is not None:
        return redirect(known)
    training = Training(occurrence=occurrence, only_newcomers=occurrence.duty.code == "newcomer-training")
    form = AudienceForm(request.POST if request.method == "POST" else None, instance=training)
    status = 200
    if request.method == "POST":
        status = attempt_if_valid(form, lambda: actions.start_training(training, by=request.user, today=request.today))
        if status == DONE:
            messages.success(request, f"{occurrence}の受講の記録を始めました。")
            return redirect("training_detail", pk=Training.objects.get(occurrence=occurrence).pk)
    context = {
        "occurrence": occurrence,
        "form": form,
        "people": len(actions.audience_of(training, today=request.today)),
    }
    return render(request, "schedule/training_start.html", context, status=status)


@require_http_methods(FORM_METHODS)
@requires(Permission.MANAGE_TRAINING)
def training_audience(request: PortalRequest, pk: int) -> HttpResponse:
    """Whom the course is for, and following the roster of today."""
    training = _training_or_404(pk)
    form = AudienceForm(request.POST if request.method == "POST" else None, instance=training)
    status, change = 200, actions.roster_change(training, today=request.today)
    if request.method == "POST":
        made: list[actions.RosterChange] = []
        seen = form.cleaned_data.get("seen_version") if form.is_valid() else None
        who: dict[str, Any] = {"by": request.user, "today": request.today, "seen_version": seen}
        status = attempt_if_valid(form, lambda: made.append(actions.change_audience(training, **who)))
        if status == DONE:
            messages.success(request, f"名簿に合わせました（{made[0].sentence}）。")
            return redirect(training)
    context = _frame(request, _training_or_404(pk)) | {"form": form, "change": change}
    return render(request, "schedule/training_audience.html", context, status=status)


@require_http_methods(FORM_METHODS)
@requires(Permission.MANAGE_TRAINING)
def training_record(request: PortalRequest, pk: int) -> HttpResponse:
    """By ticking and pasting at once; a file goes through the wizard, which shows each line first."""
    training = _training_or_404(pk)
    if request.method == "POST" and "from_file" in request.POST:
        return _record_from_file(request, training)
    form = RecordForm(request.POST if request.method == "POST" else None, training=training)
    status = 200
    if request.method == "POST":
        done: list[Attendance] = []
        status = attempt_if_valid(form, lambda: done.extend(_record(form, request)))
        if status == DONE:
            already = len(form.rows) - len(done)
            said = f"{len(done)}人の受講を記録しました。" + (
                f"{already}人は、もう受講の記録があります。" if already else ""
            )
            messages.success(request, said)
            return redirect(training)
    return _record_page(request, training, form=form, status=status)


def _record_from_file(request: PortalRequest, training: Training) -> HttpResponse:
    form = AttendanceFileForm(request.POST, request.FILES, training=training, prefix=FILE)
    if form.is_valid():
        subject = session_subject(form.cleaned_data["session"])
        who: dict[str, Any] = {"by": request.user, "today": request.today, "now": request.now}
        try:
            job = begin(ATTENDANCE, form.cleaned_data["file"], subject=subject, **who)
            return redirect("import_job", pk=job.pk)
        except SheetError as error:
            form.add_error("file", list(error.sentences))
    return _record_page(request, training, file_form=form, status=422)


def _record_page(
    request: PortalRequest,
    training: Training,
    *,
    form: RecordForm | None = None,
    file_form: AttendanceFileForm | None = None,
    status: int,
) -> HttpResponse:
    context = _frame(request, training) | {
        "form": form or RecordForm(training=training),
        "file_form": file_form or AttendanceFileForm(training=training, prefix=FILE),
        "has_sessions": training.sessions.exists(),
    }
    return render(request, "schedule/training_record.html", context, status=status)


def _record(form: RecordForm, request: PortalRequest) -> list[Attendance]:
    session = form.cleaned_data["session"]
    return actions.record_attended(session, form.rows, by=request.user, today=request.today)


@require_http_methods(FORM_METHODS)
@requires(Permission.MANAGE_TRAINING)
def session_create(request: PortalRequest, pk: int) -> HttpResponse:
    training = _training_or_404(pk)
    session = TrainingSession(training=training)
    form = SessionForm(request.POST if request.method == "POST" else None, instance=session)
    status = 200
    if request.method == "POST":
        status = attempt_if_valid(form, lambda: actions.add_session(session, by=request.user, today=request.today))
        if status == DONE:
            messages.success(request, "実施回を加えました。")
            return redirect(training)
    context = _frame(request, training) | {"form": form}
    return render(request, "schedule/session_create.html", context, status=status)


@require_http_methods(FORM_METHODS)
@requires(Permission.MANAGE_TRAINING)
def session_edit(request: PortalRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(TrainingSession.objects.select_related(*_RELATED_OF_SESSION), pk=pk)
    form = SessionForm(request.POST if request.method == "POST" else None, instance=session)
    status = 200
    if request.method == "POST":
        seen = form.cleaned_data.get("seen_version") if form.is_valid() else None
        who: dict[str, Any] = {"by": request.user, "today": request.today, "seen_version": seen}
        status = attempt_if_valid(form, lambda: actions.edit_session(session, **who))
        if status == DONE:
            messages.success(request, f"{session}を保存しました。")
            return redirect(session.training)
    context = _frame(request, session.training) | {"form": form, "session": session}
    return render(request, "schedule/session_edit.html", context, status=status)


@require_http_methods(FORM_METHODS)
@requires(Permission.MANAGE_TRAINING)
def training_attendance_edit(request: PortalRequest, pk: int) -> HttpResponse:
    related = ("training__occurrence__duty", "trainee", "section", "session")
    row = get_object_or_404(Attendance.objects.select_related(*related), pk=pk)
    form = AttendanceForm(request.POST if request.method == "POST" else None, instance=row)
    status = 200
    if request.method == "POST":
        status = attempt_if_valid(form, lambda: _set(form, row, request))
        if status == DONE:
            messages.success(request, f"{row.trainee}さんを「{row.get_state_display()}」と記録しました。")
            return redirect("training_people", pk=row.training_id)
    context = _frame(request, row.training) | {"form": form, "row": row, "changes": changes_of(row)}
    return render(request, "schedule/training_attendance_edit.html", context, status=status)


def _set(form: AttendanceForm, row: Attendance, request: PortalRequest) -> Attendance:
    data = form.cleaned_data
    return actions.set_attendance(
        row,
        data["state"],
        by=request.user,
        today=request.today,
        seen_version=data.get("seen_version"),
        session=data["session"],
        on=data["attended_on"],
        reason=data["reason"],
    )


_RELATED = ("occurrence__duty__owner_section",)
_RELATED_OF_SESSION = ("training__occurrence__duty__owner_section",)


def _training_or_404(pk: int) -> Training:
    return get_object_or_404(Training.objects.select_related(*_RELATED), pk=pk)


def _frame(request: PortalRequest, training: Training) -> dict[str, Any]:
    """What every page of one course says."""
    return {
        "training": training,
        "definition": DEFINITION,
        "manages": can(request.user, Permission.MANAGE_TRAINING, today=request.today),
        "as_of": request.today,
    }
