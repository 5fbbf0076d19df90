"""業務の棚卸し: the list, and editing one 業務 and its steps. Its page looks at proposals too: otaki_dx/process_pages.py."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from initiatives.actions import processes as actions
from initiatives.forms.processes import ProcessForm, StepRowForm, VersionForm, row_forms, steps_in
from initiatives.models import BusinessProcess
from initiatives.summaries.processes import process_table
from townhall.changes import StaleVersion
from townhall.fields import add_errors
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, refusal, requires
from townhall.refusal import Refused

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
@requires(Permission.VIEW_PROCESS)
def process_list(request: PortalRequest) -> HttpResponse:
    context = {
        "table": process_table(today=request.today),
        "may_create": can(request.user, Permission.MANAGE_PROCESS, today=request.today),
    }
    return render(request, "initiatives/process_list.html", context)


@require_http_methods(FORM_METHODS)
@requires(Permission.MANAGE_PROCESS)
def process_create(request: PortalRequest) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = ProcessForm(posted, user=request.user, today=request.today)
    if form.is_valid():
        try:
            made = actions.create_process(form.instance, by=request.user, today=request.today)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, f"「{made}」を作りました。次に、工程を入力してください。")
            return redirect("process_steps", pk=made.pk)
    return render(request, "initiatives/process_create.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(FORM_METHODS)
@requires(Permission.MANAGE_PROCESS)
def process_edit(request: PortalRequest, pk: int) -> HttpResponse:
    process = _own_process(request, pk)
    posted = request.POST if request.method == "POST" else None
    form = ProcessForm(posted, instance=process, user=request.user, today=request.today)
    if form.is_valid():
        try:
            seen = form.cleaned_data["seen_version"]
            actions.edit_process(process, by=request.user, today=request.today, seen_version=seen)
        except StaleVersion as stale:
            form.take_conflict(stale)
            form.add_error(None, stale.sentence)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, "保存しました。")
            return redirect(process)
    context = {"form": form, "process": _process(pk)}
    status = 409 if form.conflict else 422 if form.errors else 200
    return render(request, "initiatives/process_edit.html", context, status=status)


@require_http_methods(FORM_METHODS)
@requires(Permission.MANAGE_PROCESS)
def process_steps(request: PortalRequest, pk: int) -> HttpResponse:
    process = _own_process(request, pk)
    posted = request.POST if request.method == "POST" else None
    rows = row_forms(process, posted)
    version = VersionForm(posted, initial={"seen_version": process.version})
    status, errors = 200, []
    if posted is not None:
        errors = _errors_of(rows)
        status = 422 if errors else _save_steps(request, process, rows, version, errors)
    if not status:
        return redirect(process)
    context = {"process": process, "rows": rows, "version": version, "errors": errors}
    return render(request, "initiatives/process_steps.html", context, status=status)


def _errors_of(rows: list[StepRowForm]) -> list[dict[str, str]]:
    """Of lines that are to be kept; what is wrong in one that goes does not matter."""
    return [
        {"url": f"#{row[name].id_for_label}" if name in row.fields else "", "text": f"{row.number}行目：{sentence}"}
        for row in rows
        if not row.is_valid() and not row.is_left_out
        for name, sentences in row.errors.items()
        for sentence in sentences
    ]


def _save_steps(
    request: PortalRequest,
    process: BusinessProcess,
    rows: list[StepRowForm],
    version: VersionForm,
    errors: list[dict[str, str]],
) -> int:
    """0 when saved, else the status of the page that says why not."""
    seen = version.cleaned_data["seen_version"] if version.is_valid() else None
    try:
        actions.save_steps(process, steps_in(rows), by=request.user, today=request.today, seen_version=seen)
    except StaleVersion as stale:
        if stale.current is not None:
            version.data = version.data.copy()  # type: ignore[attr-defined]
            version.data["seen_version"] = str(stale.current.version)  # type: ignore[index]
        errors.append({"url": "", "text": f"{stale.sentence} もう一度保存すると、下の内容で上書きします。"})
        return 409
    except ValidationError as error:
        errors += [{"url": "", "text": sentence} for sentence in error.messages]
        return 422
    messages.success(request, "工程を保存しました。")
    return 0


def _process(pk: int) -> BusinessProcess:
    return get_object_or_404(BusinessProcess.objects.select_related("section", "initiative"), pk=pk)


def _may_edit(request: PortalRequest, process: BusinessProcess) -> bool:
    return can(request.user, Permission.MANAGE_PROCESS, today=request.today, section=process.section_id)


def _own_process(request: PortalRequest, pk: int) -> BusinessProcess:
    process = _process(pk)
    if not _may_edit(request, process):
        raise PermissionDenied(refusal(Permission.MANAGE_PROCESS))
    return process
