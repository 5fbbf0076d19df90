"""国の公表ファイル: leave it for the worker, look at what it would change, take it in or not."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from initiatives import ministry
from initiatives.actions.ministry import PROFILE, ImportRefused, apply_file, preview
from initiatives.forms.ministry import MinistryFileForm
from townhall.choices import JobState
from townhall.http import PortalRequest
from townhall.models import ImportJob
from townhall.permissions import Permission, requires
from townhall.sheets import jobs
from townhall.sheets.guard import SheetError
from townhall.sheets.waiting import is_slow, leave_for_worker

FORM_METHODS = ["GET", "HEAD", "POST"]
JOBS_SHOWN = 10


@require_http_methods(FORM_METHODS)
@requires(Permission.IMPORT_MINISTRY)
def ministry_import(request: PortalRequest) -> HttpResponse:
    """The request only writes the file down; reading it takes longer than a page may."""
    form = MinistryFileForm(request.POST, request.FILES, today=request.today) if request.method == "POST" else None
    if form is not None and form.is_valid():
        day = form.cleaned_data["as_of"]
        try:
            job = leave_for_worker(
                form.cleaned_data["file"],
                profile=PROFILE,
                subject=day.isoformat() if day else "",
                by=request.user,
                today=request.today,
                now=request.now,
            )
            return redirect("ministry_job", pk=job.pk)
        except SheetError as error:
            for sentence in error.sentences:
                form.add_error("file", sentence)
    context = {
        "form": form or MinistryFileForm(today=request.today),
        "labels": ministry.LABELS.values(),
        "jobs": ImportJob.objects.filter(profile=PROFILE, person=request.user)[:JOBS_SHOWN],
    }
    return render(request, "initiatives/ministry_import.html", context, status=422 if form and form.errors else 200)


@require_http_methods(FORM_METHODS)
@requires(Permission.IMPORT_MINISTRY)
def ministry_job(request: PortalRequest, pk: int) -> HttpResponse:
    """One's own job: another person's does not exist."""
    job = get_object_or_404(ImportJob, pk=pk, profile=PROFILE, person=request.user)
    if request.method != "POST":
        return _shown(request, job)
    if "cancel" in request.POST:
        said = f"{job}を取りやめました。何も取り込んでいません。" if jobs.cancel(job) else jobs.not_open(job)
        messages.success(request, said)
        return redirect("ministry_import")
    try:
        count = apply_file(job, by=request.user, today=request.today, now=request.now)
    except ImportRefused as refused:
        job.refresh_from_db()
        return _shown(request, job, refusal=str(refused), status=409)
    messages.success(
        request, f"{job}：{count}業務の値を取り込みました。" if count else f"{job}：変わるところはありませんでした。"
    )
    return redirect("system_list")


def _shown(request: PortalRequest, job: ImportJob, *, refusal: str = "", status: int = 200) -> HttpResponse:
    seen = preview(job) if job.state == JobState.PREVIEWED else None
    if seen and job.base != seen.versions:
        jobs.keep_base(job, seen.versions)
    context = {
        "job": job,
        "preview": seen,
        "refusal": refusal,
        "errors": job.result.get("errors", []) if job.state == JobState.REFUSED else [],
        "outcome": jobs.outcome_of(job),
        "earlier": jobs.earlier_sentence(job),
        "is_waiting": job.state in (JobState.WAITING, JobState.READING),
        "is_slow": is_slow(job, now=request.now),
    }
    return render(request, "initiatives/ministry_job.html", context, status=status)
