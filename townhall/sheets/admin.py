"""Import and export in the admin: choose a file, see every change, apply all of it or nothing.

The library's two-step import keeps the upload in a temp file whose name the browser sends back; that page is not
mounted. Here the table waits in an ImportJob, and the browser is told its number only.
"""

import logging
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse

from townhall.models import ImportJob
from townhall.permissions import Permission, refusal
from townhall.sheets.exports import FORMATS, XLSX, TableFile, UnwritableError, table_response
from townhall.sheets.guard import MAX_BYTES, REQUEST, SheetError
from townhall.sheets.jobs import (
    cancel,
    claim,
    earlier_sentence,
    finish,
    job_of,
    keep_base,
    not_open,
    open_job,
    outcome_of,
    reason_of,
    refuse,
    sheet_of,
    source_of,
)
from townhall.sheets.kinds import ImportKind
from townhall.sheets.resource import SafeResource

logger = logging.getLogger(__name__)


class UploadForm(forms.Form):
    file = forms.FileField(
        label="取り込むファイル",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"empty": "ファイルが空です。表の入ったファイルを選んでください。"},
    )


class ExportForm(forms.Form):
    format = forms.ChoiceField(
        label="形式",
        choices=FORMATS,
        initial=XLSX,
        widget=forms.RadioSelect,
    )


class SheetAdminMixin:
    """Mix into a TownModelAdmin, before it. Columns, lines and the right to bring a file are those of the wizard."""

    ledger: ImportKind
    export_form_class: type[forms.Form] = ExportForm
    change_list_template = "admin/import_export/change_list_import_export.html"

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.model._meta.app_label}_{self.model._meta.model_name}"  # type: ignore[attr-defined]
        guard = self.admin_site.admin_view  # type: ignore[attr-defined]
        mine = [
            path("import/", guard(self.import_view), name=f"{name}_import"),
            path("export/", guard(self.export_view), name=f"{name}_export"),
        ]
        return [*mine, *super().get_urls()]  # type: ignore[misc]

    def has_import_permission(self, request: HttpRequest) -> bool:
        """A file may name any row, so only those may import who may change every section's rows."""
        return self.ledger.may_import(request.user, today=request.today)  # type: ignore[arg-type, attr-defined]

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)  # type: ignore[attr-defined]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = {"may_import": self.has_import_permission(request), "may_export": self.has_export_permission(request)}
        return super().changelist_view(request, context | (extra_context or {}))  # type: ignore[misc]

    # --- import

    def import_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_import_permission(request):
            raise PermissionDenied(self.ledger.refusal)
        if request.method != "POST":
            return self._import_page(request, UploadForm())
        if "job" in request.POST:
            job = job_of(request.POST["job"], person=request.user, profile=self._profile)  # type: ignore[arg-type]
            return self._cancel(request, job) if "cancel" in request.POST else self._apply(request, job)
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                return self._preview(request, form)
            except SheetError as error:
                form.add_error("file", forms.ValidationError(list(error.sentences)))
        return self._import_page(request, form, status=422)

    def _preview(self, request: HttpRequest, form: UploadForm) -> HttpResponse:
        job = open_job(
            form.cleaned_data["file"],
            profile=self._profile,
            subject="",
            known=self.ledger.headings,
            required=self.ledger.resource().key_headings(),
            aliases=self.ledger.words,
            by=request.user,  # type: ignore[arg-type]
            today=request.today,  # type: ignore[attr-defined]
            now=request.now,  # type: ignore[attr-defined]
        )
        sheet, resource = sheet_of(job), self._resource(request, job)
        outcome = resource.run(sheet, dry_run=True)
        if outcome.is_clean:
            keep_base(job, resource.versions)
        else:
            refuse(job, outcome.sentences)
        context = {"job": job, "outcome": outcome, "sheet": sheet, "earlier": earlier_sentence(job)}
        return self._import_page(request, UploadForm(), status=200 if outcome.is_clean else 422, **context)

    def _apply(self, request: HttpRequest, job: ImportJob) -> HttpResponse:
        """The claim and every row in one transaction: with an error in any line, nothing of it happened."""
        outcome = None
        with transaction.atomic():
            if claim(job, now=request.now):  # type: ignore[attr-defined]
                outcome = self._resource(request, job, base=job.base).run(sheet_of(job), dry_run=False)
                if outcome.is_clean:
                    finish(job, {"counts": outcome.counts})
                else:
                    transaction.set_rollback(True)
        if outcome is None:
            form = UploadForm({})
            form.errors["file"] = form.error_class([not_open(job)])
            return self._import_page(request, form, status=409)
        if not outcome.is_clean:
            context = {"job": job, "outcome": outcome, "sheet": sheet_of(job), "was_applied": True}
            return self._import_page(request, UploadForm(), status=409, **context)
        self.message_user(request, f"{len(outcome.changed)}行を取り込みました（{outcome_of(job)}）。")  # type: ignore[attr-defined]
        logger.info("import %s by %s: %s rows changed", self._profile, request.user.pk, len(outcome.changed))
        return redirect(self._url("changelist"))

    def _cancel(self, request: HttpRequest, job: ImportJob) -> HttpResponse:
        said = f"{job}を取りやめました。何も取り込んでいません。" if cancel(job) else not_open(job)
        self.message_user(request, said)  # type: ignore[attr-defined]
        return redirect(self._url("import"))

    @property
    def _profile(self) -> str:
        """「schedule.progressreport」: another model's job cannot be applied here."""
        return str(self.model._meta.label_lower)  # type: ignore[attr-defined]

    def _resource(self, request: HttpRequest, job: ImportJob, *, base: dict[str, int] | None = None) -> SafeResource:
        return self.ledger.resource()(
            by=request.user,
            today=request.today,  # type: ignore[attr-defined]
            now=request.now,  # type: ignore[attr-defined]
            base=base,
            source=source_of(job),
            reason=reason_of(job),
        )

    def _import_page(
        self, request: HttpRequest, form: forms.Form, *, status: int = 200, **context: Any
    ) -> HttpResponse:
        limits = {"most_rows": REQUEST.rows, "most_megabytes": MAX_BYTES // 1024 // 1024}
        page = self._context(request, "取り込み") | limits | {"form": form, "column_notes": self.ledger.notes} | context
        return render(request, "admin/import_export/import.html", page, status=status)

    # --- export

    def lines_to_export(self, request: HttpRequest, form: forms.Form) -> Sequence[Sequence[Any]]:
        return list(self.ledger.lines(request.user, request.today))  # type: ignore[arg-type, attr-defined]

    def export_name(self, request: HttpRequest, form: forms.Form) -> str:
        return f"{self.model._meta.verbose_name}_{request.today:%Y%m%d}"  # type: ignore[attr-defined]

    def export_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_export_permission(request):
            raise PermissionDenied(refusal(Permission.USE_ADMIN))
        form = self.export_form_class(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                return self._file(request, form)
            except UnwritableError as error:
                form.add_error("format", str(error))
        page = self._context(request, "書き出し") | {"form": form, "headings": self.ledger.headings}
        return render(request, "admin/import_export/export.html", page, status=422 if form.errors else 200)

    def _file(self, request: HttpRequest, form: forms.Form) -> HttpResponse:
        title = str(self.model._meta.verbose_name)  # type: ignore[attr-defined]
        lines = self.lines_to_export(request, form)
        table = TableFile(self._profile, title, self.ledger.headings, lines, self.ledger.widths, about="管理画面")
        return table_response(
            table,
            form.cleaned_data["format"],
            name=self.export_name(request, form),
            by=request.user,  # type: ignore[arg-type]
            today=request.today,  # type: ignore[attr-defined]
            now=request.now,  # type: ignore[attr-defined]
        )

    def _url(self, page: str) -> str:
        opts = self.model._meta  # type: ignore[attr-defined]
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}")

    def _context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        opts = self.model._meta  # type: ignore[attr-defined]
        return self.admin_site.each_context(request) | {"title": f"{opts.verbose_name}の{title}", "opts": opts}  # type: ignore[attr-defined]
