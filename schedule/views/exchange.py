"""Excelから貼り付け and 入力用Excel: what would change is shown first; nothing is written before 適用."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from schedule.actions.exchange import PASTE, WORKBOOK, ExchangeError, apply_table
from schedule.entry import entry_sheet
from schedule.exchange import Preview, chosen_in, preview, without_versions
from schedule.forms.exchange import DownloadForm, PasteForm, UploadForm, choices_in, left_out_in
from schedule.models import ReportingRound
from schedule.paste import KnownRow, PasteError, cells_of, columns_of, sheet_of
from schedule.report_cells import CODE, NAMES, SKIP
from schedule.views.reporting import round_of
from schedule.workbook import HIDDEN, KNOWN, file_name, section_workbook
from townhall.http import PortalRequest
from townhall.models import ImportJob
from townhall.permissions import Permission, requires, sections_open_to
from townhall.sheets import jobs
from townhall.sheets.guard import SheetError
from townhall.sheets.writing import XLSX_TYPE

METHODS = ["GET", "HEAD", "POST"]


def _subject(round: ReportingRound) -> str:
    return f"round:{round.pk}"


def _closed(request: PortalRequest, round: ReportingRound) -> HttpResponse | None:
    if round.is_open_on(request.today):
        return None
    messages.warning(request, f"{round.label}は「{round.state_on(request.today).label}」です。いまは取り込めません。")
    return redirect(round)


# --- 貼り付け --------------------------------------------------------------------------------------------------------
@require_http_methods(METHODS)
@requires(Permission.RECORD_PROGRESS)
def round_paste(request: PortalRequest, key: str) -> HttpResponse:
    """The text, then the columns as they were understood; a job keeps the table for the preview."""
    round = round_of(key)
    if closed := _closed(request, round):
        return closed
    form = PasteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return _pasted(request, round, form.cleaned_data)
        except PasteError as error:
            form.add_error("text", str(error))
    return render(
        request, "schedule/exchange_paste.html", {"round": round, "form": form}, status=422 if form.errors else 200
    )


def _pasted(request: PortalRequest, round: ReportingRound, typed: dict[str, str]) -> HttpResponse:
    rows = {
        line.activity.code: KnownRow(
            line.activity.kind, line.activity.title, line.activity.section.name if line.activity.section else ""
        )
        for line in entry_sheet(round, user=request.user, today=request.today).lines
    }
    lines = cells_of(typed["text"])
    columns, has_heading = columns_of(lines, rows, at_column=typed["at_column"])
    columns = _corrected(request.POST, columns)
    if not [name for name in columns if name not in (SKIP, CODE)]:
        raise PasteError("状況や実績の列が見つかりません。番号と、取り込む列をいっしょにコピーしてください。")
    sheet = sheet_of(lines, columns, has_heading=has_heading, codes=list(rows), at_row=typed["at_row"])
    job = jobs.note_job(
        sheet,
        profile=PASTE,
        subject=_subject(round),
        name="貼り付け",
        by=request.user,
        today=request.today,
        now=request.now,
    )
    samples = [next((line[place] for line in lines[has_heading:] if line[place]), "") for place in range(len(columns))]
    mapping = [(place, name, samples[place]) for place, name in enumerate(columns)]
    return _shown(request, round, job, columns=mapping, is_guessed=not has_heading, typed=typed)


def _corrected(data: QueryDict, columns: list[str]) -> list[str]:
    """What the person says about a column counts; a field is taken from one column only."""
    said = [data.get(f"column-{place}", name) for place, name in enumerate(columns)]
    known = [name if name in NAMES else SKIP for name in said]
    return [name if name not in known[:place] else SKIP for place, name in enumerate(known)]


# --- 入力用Excel -----------------------------------------------------------------------------------------------------
@require_http_methods(METHODS)
@requires(Permission.RECORD_PROGRESS)
def round_workbook(request: PortalRequest, key: str) -> HttpResponse:
    round = round_of(key)
    if closed := _closed(request, round):
        return closed
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        try:
            job = jobs.open_job(
                form.cleaned_data["file"],
                profile=WORKBOOK,
                subject=_subject(round),
                known=KNOWN,
                required=[NAMES[CODE]],
                hidden=HIDDEN,
                by=request.user,
                today=request.today,
                now=request.now,
            )
            _check_hidden_columns(job)
            jobs.keep_base(job, _preview(request, round, job).versions)
            return redirect("round_import", key=round.key, job=job.pk)
        except SheetError as error:
            for sentence in error.sentences:
                form.add_error("file", sentence)
    open_to = sections_open_to(request.user, Permission.RECORD_PROGRESS, today=request.today)
    context = {"round": round, "form": form, "download": DownloadForm(open_to=open_to)}
    return render(request, "schedule/exchange_workbook.html", context, status=422 if form.errors else 200)


def _check_hidden_columns(job: ImportJob) -> None:
    """A workbook without versions could overwrite unseen what others have saved since it was made."""
    if missing := without_versions(jobs.sheet_of(job)):
        named = "".join(f"「{heading}」" for heading in missing)
        sentence = (
            f"隠れた列{named}がありません。ダウンロードした入力用Excelに入力してください。"
            "ほかの表は「Excelから貼り付け」で取り込めます。"
        )
        jobs.refuse(job, [sentence])
        raise SheetError(sentence)


@require_GET
@requires(Permission.RECORD_PROGRESS)
def round_workbook_file(request: PortalRequest, key: str) -> HttpResponse:
    round = round_of(key)
    open_to = sections_open_to(request.user, Permission.RECORD_PROGRESS, today=request.today)
    form = DownloadForm(request.GET, open_to=open_to)
    if not form.is_valid():
        messages.error(request, "その課の行は、ダウンロードできません。課を選び直してください。")
        return redirect("round_workbook", key=round.key)
    section = form.cleaned_data["section"]
    sheet = entry_sheet(round, user=request.user, today=request.today)
    only = form.cleaned_data["unreported_only"]
    data = section_workbook(sheet, section, now=request.now, unreported_only=only)
    name = content_disposition_header(True, file_name(round, section)) or "attachment"
    return HttpResponse(data, content_type=XLSX_TYPE, headers={"Content-Disposition": name})


# --- the preview of either -------------------------------------------------------------------------------------------
@require_http_methods(METHODS)
@requires(Permission.RECORD_PROGRESS)
def round_import(request: PortalRequest, key: str, job: int) -> HttpResponse:
    """GET: what the table would change. POST: apply all of it, or nothing."""
    round = round_of(key)
    found = _job(request, round, job)
    if request.method != "POST":
        return _shown(request, round, found)
    seen = _preview(request, round, found)
    choices = choices_in(request.POST, seen)
    try:
        done = apply_table(
            found,
            round,
            by=request.user,
            today=request.today,
            now=request.now,
            choices=choices,
            without=left_out_in(request.POST, seen),
            without_errors="without_errors" in request.POST,
        )
    except ExchangeError as refused:
        return _shown(request, round, found, choices=choices, refusal=str(refused), status=409)
    left_out = f"読めない{done.left_out}行は取り込んでいません。" if done.left_out else ""
    messages.success(request, f"{found}：{done.rows}行・{done.cells}か所を取り込みました。{left_out}")
    return redirect(round)


def _job(request: PortalRequest, round: ReportingRound, pk: int) -> ImportJob:
    """This person's own paste or workbook of this round; everything else does not exist."""
    profile = PASTE if ImportJob.objects.filter(pk=pk, profile=PASTE).exists() else WORKBOOK
    return jobs.job_of(pk, person=request.user, profile=profile, subject=_subject(round))


def _preview(request: PortalRequest, round: ReportingRound, job: ImportJob) -> Preview:
    return preview(jobs.sheet_of(job), round, by=request.user, today=request.today)


def _shown(
    request: PortalRequest,
    round: ReportingRound,
    job: ImportJob,
    *,
    choices: dict[str, str] | None = None,
    refusal: str = "",
    status: int = 200,
    **context: object,
) -> HttpResponse:
    seen = chosen_in(_preview(request, round, job), choices or {})
    if request.method == "POST":  # looking again writes nothing; applying then says what has changed since
        jobs.keep_base(job, seen.versions)
    context |= {
        "round": round,
        "job": job,
        "preview": seen,
        "is_paste": job.profile == PASTE,
        "earlier": jobs.earlier_sentence(job),
        "refusal": refusal,
        "names": NAMES.items(),
    }
    return render(request, "schedule/exchange_preview.html", context, status=status)
