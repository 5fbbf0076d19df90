"""Import and export in the admin: choose a file, see every change, apply all of it or nothing.

The library's two-step import keeps the upload in a temp file whose name the browser sends back; that page is not
mounted. Here the table itself travels in the page, signed for this person and this model, and nothing is left behind.
"""

import logging
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.http import content_disposition_header

from townhall.permissions import Permission, refusal, sections_open_to
from townhall.sheets.guard import SheetError, check_size
from townhall.sheets.reading import Line, Sheet, read_sheet
from townhall.sheets.resource import Outcome, SafeResource
from townhall.sheets.writing import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx

logger = logging.getLogger(__name__)

PREVIEW_LASTS = 60 * 60
LONGEST_TOKEN = 2_000_000  # below what a form may carry


class UploadForm(forms.Form):
    file = forms.FileField(
        label="取り込むファイル",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"empty": "ファイルが空です。表の入ったファイルを選んでください。"},
    )


class ExportForm(forms.Form):
    format = forms.ChoiceField(
        label="形式",
        choices=[("xlsx", "Excel（.xlsx）"), ("csv", "CSV（UTF-8）")],
        initial="xlsx",
        widget=forms.RadioSelect,
    )


class SheetAdminMixin:
    """Mix into a TownModelAdmin, before it. The subclass names its resource and the rows to write out."""

    resource_class: type[SafeResource]
    import_permission = Permission.EDIT_PLAN
    export_form_class: type[forms.Form] = ExportForm
    column_notes: list[tuple[str, str]] = []
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
        return sections_open_to(request.user, self.import_permission, today=request.today) is None  # type: ignore[attr-defined]

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)  # type: ignore[attr-defined]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = {"may_import": self.has_import_permission(request), "may_export": self.has_export_permission(request)}
        return super().changelist_view(request, context | (extra_context or {}))  # type: ignore[misc]

    # --- import

    def import_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_import_permission(request):
            raise PermissionDenied(refusal(self.import_permission))
        if request.method != "POST":
            return self._import_page(request, UploadForm())
        if "table" in request.POST:
            return self._apply(request)
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                return self._preview(request, form)
            except SheetError as error:
                form.add_error("file", str(error))
        return self._import_page(request, form, status=422)

    def _preview(self, request: HttpRequest, form: UploadForm) -> HttpResponse:
        upload = form.cleaned_data["file"]
        check_size(upload.size)
        resource = self._resource(request)
        known, required = resource.headings(), resource.key_headings()
        sheet = read_sheet(upload.name, upload.read(), known=known, required=required)
        if not sheet.lines:
            raise SheetError("見出しの下に行がありません。")
        outcome = resource.run(sheet, dry_run=True)
        table = (
            self._signed(request, upload.name, sheet, resource.versions) if outcome.changed and outcome.is_clean else ""
        )
        status = 200 if outcome.is_clean else 422
        context = {"outcome": outcome, "sheet": sheet, "file_name": upload.name, "table": table}
        return self._import_page(request, UploadForm(), status=status, **context)

    def _apply(self, request: HttpRequest) -> HttpResponse:
        try:
            name, sheet, base = self._unsigned(request)
        except signing.BadSignature:
            form = UploadForm({})
            form.add_error(
                "file", "確認の画面が古くなりました。何も取り込んでいません。もう一度ファイルを選んでください。"
            )
            return self._import_page(request, form, status=422)
        outcome = self._resource(request, base=base).run(sheet, dry_run=False)
        if not outcome.is_clean:
            context = {"outcome": outcome, "sheet": sheet, "file_name": name, "was_applied": True}
            return self._import_page(request, UploadForm(), status=409, **context)
        self.message_user(request, self._summary(outcome))  # type: ignore[attr-defined]
        logger.info("import %s by %s: %s rows changed", self.model._meta.label, request.user.pk, len(outcome.changed))  # type: ignore[attr-defined]
        return redirect(self._url("changelist"))

    def _summary(self, outcome: Outcome) -> str:
        new, update, same = (outcome.count(kind) for kind in ("new", "update", "same"))
        return f"{new + update}行を取り込みました（新規 {new}・変更 {update}・変更なし {same}）。"

    def _resource(self, request: HttpRequest, *, base: dict[str, int] | None = None) -> SafeResource:
        return self.resource_class(by=request.user, today=request.today, now=request.now, base=base)  # type: ignore[attr-defined]

    def _import_page(
        self, request: HttpRequest, form: forms.Form, *, status: int = 200, **context: Any
    ) -> HttpResponse:
        page = self._context(request, "取り込み") | {"form": form, "column_notes": self.column_notes} | context
        return render(request, "admin/import_export/import.html", page, status=status)

    # --- what travels between preview and apply

    def _salt(self, request: HttpRequest) -> str:
        return f"sheet-import:{self.model._meta.label}:{request.user.pk}"  # type: ignore[attr-defined]

    def _signed(self, request: HttpRequest, name: str, sheet: Sheet, versions: dict[str, int]) -> str:
        lines = [[line.number, *line.cells] for line in sheet.lines]
        content = {"name": name, "headers": sheet.headers, "lines": lines, "encoding": sheet.encoding, "base": versions}
        token = signing.dumps(content, salt=self._salt(request), compress=True)
        if len(token) > LONGEST_TOKEN:
            raise SheetError("一度に取り込む量が多すぎます。期ごとに分けてください。")
        return token

    def _unsigned(self, request: HttpRequest) -> tuple[str, Sheet, dict[str, int]]:
        content = signing.loads(request.POST["table"], salt=self._salt(request), max_age=PREVIEW_LASTS)
        lines = tuple(Line(number, tuple(cells)) for number, *cells in content["lines"])
        return content["name"], Sheet(tuple(content["headers"]), lines, content["encoding"]), content["base"]

    # --- export

    def lines_to_export(self, request: HttpRequest, form: forms.Form) -> list[list[Any]]:
        raise NotImplementedError

    def export_name(self, request: HttpRequest, form: forms.Form) -> str:
        return f"{self.model._meta.verbose_name}_{request.today:%Y%m%d}"  # type: ignore[attr-defined]

    def export_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_export_permission(request):
            raise PermissionDenied(refusal(Permission.USE_ADMIN))
        form = self.export_form_class(request.POST if request.method == "POST" else None)
        if not (request.method == "POST" and form.is_valid()):
            page = self._context(request, "書き出し") | {"form": form, "headings": self.resource_class.headings()}
            return render(request, "admin/import_export/export.html", page, status=422 if form.errors else 200)
        lines = self.lines_to_export(request, form)
        headings = self.resource_class.headings()
        logger.info("export %s by %s: %s rows", self.model._meta.label, request.user.pk, len(lines))  # type: ignore[attr-defined]
        if form.cleaned_data["format"] == "csv":
            return self._file(request, form, write_csv(headings, lines), "csv", CSV_TYPE)
        title = str(self.model._meta.verbose_name)  # type: ignore[attr-defined]
        widths = getattr(self.resource_class, "WIDTHS", ())
        return self._file(request, form, write_xlsx(title, headings, lines, widths=widths), "xlsx", XLSX_TYPE)

    def _file(self, request: HttpRequest, form: forms.Form, data: bytes, extension: str, kind: str) -> HttpResponse:
        name = f"{self.export_name(request, form)}.{extension}"
        headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
        return HttpResponse(data, content_type=kind, headers=headers)

    def _url(self, page: str) -> str:
        opts = self.model._meta  # type: ignore[attr-defined]
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}")

    def _context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        opts = self.model._meta  # type: ignore[attr-defined]
        return self.admin_site.each_context(request) | {"title": f"{opts.verbose_name}の{title}", "opts": opts}  # type: ignore[attr-defined]
