"""取り込みと書き出し: 種類 → ファイル → 列の対応 → 確認 → 完了, the way back, and the record of what went out."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from otaki_dx.exchange_forms import ColumnsForm, ExportForm, ImportFileForm, UndoForm
from otaki_dx.exchange_kinds import BY_PROFILE, KINDS
from otaki_dx.tables import Table, tables_for
from townhall.choices import JobState
from townhall.http import PortalRequest
from townhall.models import ExportRecord, ImportJob
from townhall.permissions import Permission, can, refusal, requires
from townhall.sheets import jobs
from townhall.sheets.exports import TableFile, UnwritableError, table_response
from townhall.sheets.guard import REQUEST, SheetError
from townhall.sheets.imports import (
    ImportRefused,
    answer_mapping,
    apply_job,
    begin,
    is_large,
    outcome_in,
    suggested,
)
from townhall.sheets.kinds import ImportKind
from townhall.sheets.undo import undo_job, why_not
from townhall.sheets.waiting import is_slow
from townhall.sheets.writing import XLSX_TYPE, write_xlsx

FORM_METHODS = ["GET", "HEAD", "POST"]
ROWS_SHOWN = 100
ANY_TABLE = "table"  # which one stands in the form
SHOWN = {"new": "新規", "update": "更新", "same": "変更なし", "error": "誤り"}
STEPS = ("種類", "ファイル", "列の対応", "確認", "完了")
STEP_OF = {
    JobState.WAITING: 2,
    JobState.READING: 2,
    JobState.REFUSED: 2,
    JobState.MAPPING: 3,
    JobState.PREVIEWED: 4,
    JobState.CANCELLED: 4,
    JobState.QUEUED: 5,
    JobState.APPLIED: 5,
    JobState.UNDONE: 5,
}


@dataclass(frozen=True)
class StepMark:
    label: str
    status: str

    @property
    def word(self) -> str:
        return {"done": "済み", "current": "いまここ", "next": "これから"}[self.status]


def step_marks(at: int) -> list[StepMark]:
    return [
        StepMark(label, "done" if number < at else "current" if number == at else "next")
        for number, label in enumerate(STEPS, 1)
    ]


def _kind(request: PortalRequest, code: str) -> ImportKind:
    """Of a kind that this person may not see there is nothing."""
    kind = KINDS.get(code)
    if kind is None:
        raise Http404
    if not kind.may_export(request.user, today=request.today):
        raise PermissionDenied(refusal(kind.view))
    return kind


# --- 1 種類, 2 ファイル


@require_http_methods(FORM_METHODS)
@requires(Permission.VIEW_PLAN)
def data_kind(request: PortalRequest, code: str) -> HttpResponse:
    """One ledger: out for all who see it, in for those who may change all of it."""
    kind = _kind(request, code)
    may_import = kind.may_import(request.user, today=request.today)
    form = None
    if request.method == "POST":
        if not may_import:
            raise PermissionDenied(kind.refusal)
        form = ImportFileForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                job = begin(kind, form.cleaned_data["file"], by=request.user, today=request.today, now=request.now)
                return redirect("import_job", pk=job.pk)
            except SheetError as error:
                for sentence in error.sentences:
                    form.add_error("file", sentence)
    return _kind_page(request, kind, form, status=422 if form and form.errors else 200)


def _kind_page(
    request: PortalRequest, kind: ImportKind, form: ImportFileForm | None, *, status: int = 200, **context: Any
) -> HttpResponse:
    mine = ImportJob.objects.filter(profile=kind.profile, person=request.user).defer("table", "base", "result")
    context = {
        "kind": kind,
        "may_import": kind.may_import(request.user, today=request.today),
        "form": form or ImportFileForm(),
        "export": ExportForm(),
        "headings": kind.headings,
        "jobs": mine[:10],
        "most_rows": REQUEST.rows,
        "steps": step_marks(2),
        "refusal": kind.refusal,
    } | context
    return render(request, "otaki_dx/data_kind.html", context, status=status)


# --- out


@require_http_methods(FORM_METHODS)
@requires(Permission.VIEW_PLAN)
def data_export(request: PortalRequest, code: str) -> HttpResponse:
    """The file: a ledger with the columns of its import, or any other table as the admin lists it.

    Only a POST takes it out, because it is written down; the bare address leads to where it is offered.
    """
    source = _source(request, code)
    back = redirect("data_kind", code=code) if code in KINDS else redirect("data_index")
    if request.method != "POST":
        return back
    form = ExportForm(request.POST)
    if source is None or not form.is_valid():
        messages.error(request, "表と、形式（Excel・CSV（UTF-8）・CSV（CP932））を選んでください。")
        return back
    try:
        table = _table(request, source)
        return table_response(table, form.cleaned_data["format"], by=request.user, today=request.today, now=request.now)
    except UnwritableError as error:
        messages.error(request, str(error))
        return back


def _source(request: PortalRequest, code: str) -> ImportKind | Table | None:
    """What is asked for; nothing is read yet. None: any table, and the form names none that there is."""
    if code in KINDS:
        return _kind(request, code)
    wanted = request.POST.get("table", "") if code == ANY_TABLE else code
    table = next((each for each in tables_for(request) if each.code == wanted), None)
    if table is None and code != ANY_TABLE:
        raise Http404
    return table


def _table(request: PortalRequest, source: ImportKind | Table) -> TableFile:
    if isinstance(source, ImportKind):
        lines = list(source.lines(request.user, request.today))
        return TableFile(source.code, source.label, source.headings, lines, source.widths)
    return TableFile(source.code, source.label, source.headings, list(source.lines(request)))


@require_safe
@requires(Permission.VIEW_PLAN)
def data_example(request: PortalRequest, code: str) -> HttpResponse:
    """The headings with one line as an example, to be filled in. Nothing of the town's leaves with it."""
    kind = _kind(request, code)
    lines = [[kind.example.get(heading, "") for heading in kind.headings]]
    data = write_xlsx(kind.label, kind.headings, lines, widths=kind.widths)
    name = content_disposition_header(True, f"{kind.label}_記入例.xlsx") or "attachment"
    return HttpResponse(data, content_type=XLSX_TYPE, headers={"Content-Disposition": name})


@require_safe
@requires(Permission.VIEW_PLAN)
def export_list(request: PortalRequest) -> HttpResponse:
    """One's own; with the right to the admin everybody's."""
    sees_all = can(request.user, Permission.USE_ADMIN, today=request.today)
    records = ExportRecord.objects.all() if sees_all else ExportRecord.objects.filter(person=request.user)
    page = Paginator(records, ROWS_SHOWN).get_page(request.GET.get("page"))
    return render(request, "otaki_dx/export_list.html", {"page": page, "sees_all": sees_all})


# --- 3 列の対応, 4 確認, 5 完了


def _job(request: PortalRequest, pk: int) -> tuple[ImportKind, ImportJob]:
    """One's own job of a ledger; another person's does not exist."""
    job = get_object_or_404(ImportJob, pk=pk, person=request.user, profile__in=BY_PROFILE)
    kind = BY_PROFILE[job.profile].for_subject(job.subject)
    if not kind.may_import(request.user, today=request.today):
        raise PermissionDenied(kind.refusal)
    return kind, job


@require_http_methods(FORM_METHODS)
@requires(Permission.VIEW_PLAN)
def import_job(request: PortalRequest, pk: int) -> HttpResponse:
    kind, job = _job(request, pk)
    if request.method != "POST":
        return _shown(request, kind, job)
    if "cancel" in request.POST:
        return _cancelled(request, kind, job)
    if job.state == JobState.MAPPING:
        return _mapped(request, kind, job)
    try:
        job = apply_job(
            kind,
            job,
            without_errors=request.POST.get("errors") == "without",
            by=request.user,
            today=request.today,
            now=request.now,
        )
    except ImportRefused as refused:
        job.refresh_from_db()
        return _shown(request, kind, job, refusal=str(refused), status=409)
    if job.state == JobState.APPLIED:
        messages.success(request, f"{job}：{len(outcome_in(job).changed)}行を取り込みました。")
    return redirect("import_job", pk=job.pk)


def _cancelled(request: PortalRequest, kind: ImportKind, job: ImportJob) -> HttpResponse:
    said = f"{job}を取りやめました。何も取り込んでいません。" if jobs.cancel(job) else jobs.not_open(job)
    messages.success(request, said)
    return redirect(_chosen_at(kind))


def _chosen_at(kind: ImportKind) -> str:
    """Where another file of it is chosen."""
    return kind.chosen_at or reverse("data_kind", args=[kind.code])


def _mapped(request: PortalRequest, kind: ImportKind, job: ImportJob) -> HttpResponse:
    form = ColumnsForm(request.POST, suggested=suggested(kind, job), known=kind.headings)
    if form.is_valid():
        try:
            answer_mapping(kind, job, form.columns, by=request.user, today=request.today, now=request.now)
            return redirect("import_job", pk=job.pk)
        except SheetError as error:
            for sentence in error.sentences:
                form.add_error(None, sentence)
        job.refresh_from_db()
    return _shown(request, kind, job, columns=form, status=422)


def _columns_form(kind: ImportKind, job: ImportJob) -> ColumnsForm | None:
    if job.state != JobState.MAPPING:
        return None
    return ColumnsForm(suggested=suggested(kind, job), known=kind.headings)


def _shown(
    request: PortalRequest,
    kind: ImportKind,
    job: ImportJob,
    *,
    columns: ColumnsForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    outcome = outcome_in(job)
    wanted = request.GET.get("kind", "")
    rows = [row for row in outcome.rows if row.kind == wanted] if wanted in SHOWN else list(outcome.rows)
    is_previewed = job.state == JobState.PREVIEWED
    context = {
        "kind": kind,
        "chosen_at": _chosen_at(kind),
        "job": job,
        "outcome": outcome,
        "filters": [(key, word, outcome.count(key)) for key, word in SHOWN.items()],
        "wanted": wanted if wanted in SHOWN else "",
        "page": Paginator(rows, ROWS_SHOWN).get_page(request.GET.get("page")),
        "columns": columns or _columns_form(kind, job),
        "refusal": refusal or (job.result.get("sentence", "") if is_previewed else ""),
        "earlier": jobs.earlier_sentence(job) if is_previewed else "",
        "warnings": job.table.get("warnings", ()),
        "encoding": {"utf-8-sig": "CSV（UTF-8）", "utf-8": "CSV（UTF-8）", "cp932": "CSV（CP932）"}.get(
            job.table.get("encoding", ""), ""
        ),
        "sheet_title": job.table.get("title", ""),
        "is_waiting": job.state in (JobState.WAITING, JobState.READING, JobState.QUEUED),
        "is_slow": is_slow(job, now=request.now),
        "is_large": is_large(job),
        "is_written": job.state in JobState.WRITTEN,
        "steps": step_marks(STEP_OF[JobState(job.state)]),
        "done_steps": STEP_OF[JobState(job.state)] - 1,
        "undo_refusal": why_not(kind, job, today=request.today, now=request.now)
        if job.state == JobState.APPLIED
        else "",
        "undone": job.result.get("undone"),
    }
    return render(request, "otaki_dx/import_job.html", context, status=status)


# --- back


@require_http_methods(FORM_METHODS)
@requires(Permission.VIEW_PLAN)
def import_undo(request: PortalRequest, pk: int) -> HttpResponse:
    """取り消す: every row as it was, with a reason, or nothing."""
    kind, job = _job(request, pk)
    form = UndoForm(request.POST if request.method == "POST" else None)
    status, sentence = 200, why_not(kind, job, today=request.today, now=request.now)
    is_open = not sentence
    if form.is_valid():
        try:
            rows = undo_job(
                kind, job, reason=form.cleaned_data["reason"], by=request.user, today=request.today, now=request.now
            )
            messages.success(request, f"{job}を取り消しました。{rows}行を取り込む前の値に戻しました。")
            return redirect("import_job", pk=job.pk)
        except ImportRefused as refused:
            sentence, status = str(refused), 409
    elif form.errors:
        status = 422
    context = {
        "kind": kind,
        "chosen_at": _chosen_at(kind),
        "job": job,
        "form": form,
        "sentence": sentence,
        "is_open": is_open,
        "outcome": outcome_in(job),
    }
    return render(request, "otaki_dx/import_undo.html", context, status=status)
