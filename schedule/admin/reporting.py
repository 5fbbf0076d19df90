"""Rows and reports in the admin. Reports are saved by the action of the grid, never around it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone

from schedule.actions.reporting import ReportError, record_report
from schedule.admin.reviewing import ReviewActions
from schedule.forms.reporting import ReportAdminForm
from schedule.kinds import PROGRESS
from schedule.models import Activity, ProgressReport, ReportingRound
from schedule.report_rules import ReportValues
from schedule.resources import ProgressReportResource
from townhall.admin_site import TownModelAdmin
from townhall.models import Section
from townhall.permissions import Permission
from townhall.sheets.admin import ExportForm, SheetAdminMixin


@admin.register(Activity)
class ActivityAdmin(TownModelAdmin):
    fields = [
        *("plan", "code", "order", "initiative", "content", "timing_text"),
        *("kind", "first_year", "last_year", "due_on", "owner_section", "seen_version"),
    ]
    list_display = ["label_text", "title", "kind", "years_label", "due_on", "owner_section"]
    list_display_links = ["label_text", "title"]
    list_editable = ["owner_section"]
    list_filter = ["plan", "kind", "owner_section", "initiative"]
    list_select_related = ["plan", "initiative", "owner_section"]
    search_fields = ["code", "content", "timing_text"]

    @admin.display(description="番号", ordering="order")
    def label_text(self, row: Activity) -> str:
        return row.label

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Plan and code are how reports, files and addresses name a row."""
        return ["plan", "code"] if obj else []


class SectionFilter(admin.SimpleListFilter):
    title = "主担当"
    parameter_name = "section"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(pk), name) for pk, name in Section.objects.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ProgressReport]) -> QuerySet[ProgressReport]:
        chosen = self.value()
        if chosen is None:
            return queryset
        known = chosen in {value for value, _ in self.lookup_choices}
        rows = Activity.objects.owned_by([int(chosen)] if known else [])
        return queryset.filter(activity__in=rows)


class ReportExportForm(ExportForm):
    round = forms.ModelChoiceField(
        label="期", queryset=ReportingRound.objects.none(), required=False, empty_label="すべての期"
    )
    with_blank_rows = forms.BooleanField(
        label="まだ報告のない行も入れる（入力用）", required=False, help_text="期を一つ選んだときだけ使えます。"
    )
    field_order = ["round", "with_blank_rows", "format"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["round"].queryset = ReportingRound.objects.select_related("plan").latest_first()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.cleaned_data.get("with_blank_rows") and not self.cleaned_data.get("round"):
            self.add_error("with_blank_rows", "報告のない行も入れるときは、期を一つ選んでください。")
        return self.cleaned_data


@admin.register(ProgressReport)
class ProgressReportAdmin(ReviewActions, SheetAdminMixin, TownModelAdmin):  # type: ignore[misc]
    form = ReportAdminForm
    view_permission = Permission.RECORD_PROGRESS  # the list shows drafts, which are for no other reader
    change_permission = Permission.RECORD_PROGRESS
    ledger = PROGRESS
    export_form_class = ReportExportForm
    fields = [
        *("activity", "round", "state", "standing", "percent", "text"),
        *("reason", "next_step", "completes_on", "to_committee", "correction", "last_saved", "steps", "seen_version"),
    ]
    formfield_overrides = {models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 3})}}
    list_display = ["code", "title", "quarter", "standing", "percent", "to_committee", "state", "last_saved"]
    list_display_links = ["code", "title"]
    list_editable = ["standing", "percent", "to_committee"]
    list_filter = ["activity__plan", "round", "standing", "state", "to_committee", SectionFilter]
    list_select_related = ["round", "activity__initiative"]
    search_fields = ["activity__code", "activity__content", "text", "next_step", "reason"]
    actions = ["accept_reports", "return_reports"]  # type: ignore[assignment]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProgressReport]:
        rows = super().get_queryset(request)
        return rows.with_last_save().select_related("round", "activity__initiative")  # type: ignore[attr-defined]

    @admin.display(description="番号", ordering="activity__order")
    def code(self, report: ProgressReport) -> str:
        return report.activity.label

    @admin.display(description="内容")
    def title(self, report: ProgressReport) -> str:
        return report.activity.title

    @admin.display(description="期", ordering="round__fiscal_year")
    def quarter(self, report: ProgressReport) -> str:
        return report.round.short_label

    @admin.display(description="更新", ordering="saved_at", empty_value="―")
    def last_saved(self, report: ProgressReport) -> str | None:
        if not getattr(report, "saved_at", None):
            return None
        at = timezone.localtime(report.saved_at)  # type: ignore[attr-defined]
        return f"{at.year}/{at.month}/{at.day} {at:%H:%M} {report.saved_by}"  # type: ignore[attr-defined]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        computed = ["state", "correction", "last_saved", "steps"]
        return ["activity", "round", *computed] if obj else computed

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.round.is_closed)

    # --- the same rules as in the grid

    def _form_for(self, request: HttpRequest) -> type[ReportAdminForm]:
        return type("ReportAdminForm", (ReportAdminForm,), {"by": request.user, "today": request.today})  # type: ignore[attr-defined]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change=change, form=self._form_for(request), **kwargs)

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        return admin.ModelAdmin.get_changelist_form(self, request, form=self._form_for(request), **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "round":
            today = request.today  # type: ignore[attr-defined]
            kwargs["queryset"] = ReportingRound.objects.opened_by(today).filter(closed_at__isnull=True).latest_first()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: ProgressReport, form: Any, change: bool) -> None:
        saved = record_report(
            obj.activity,
            obj.round,
            by=request.user,  # type: ignore[arg-type]
            today=request.today,  # type: ignore[attr-defined]
            now=request.now,  # type: ignore[attr-defined]
            seen_version=form.cleaned_data.get("seen_version") if change else None,
            source="管理画面",
            **vars(ReportValues.of(obj)),
        )
        obj.pk, obj.version, obj.state = saved.pk, saved.version, saved.state

    def _or_conflict(self, request: HttpRequest, view: Any, *args: Any, **kwargs: Any) -> Any:
        """What only the action notices, because it happened after the form was checked."""
        try:
            return super()._or_conflict(request, view, *args, **kwargs)
        except ReportError as refused:
            typed = [(name, value) for name, value in request.POST.items() if value and name != "csrfmiddlewaretoken"]
            context = self.admin_site.each_context(request) | {"sentence": str(refused), "typed": typed}
            return render(request, "admin/conflict.html", context, status=409)

    # --- files

    def lines_to_export(self, request: HttpRequest, form: forms.Form) -> list[list[Any]]:
        reports = self.model.objects.select_related(
            "round__plan", "activity__initiative__owner_section", "activity__owner_section"
        ).order_by("round__plan", "round__fiscal_year", "round__quarter", "activity__order")
        round = form.cleaned_data["round"]
        if round is None:
            return ProgressReportResource().lines_of(reports)
        reports = reports.filter(round=round)
        if form.cleaned_data["with_blank_rows"]:
            return ProgressReportResource().lines_of(reports_of_every_row(round, reports))
        return ProgressReportResource().lines_of(reports)

    def export_name(self, request: HttpRequest, form: forms.Form) -> str:
        round = form.cleaned_data["round"]
        today = request.today  # type: ignore[attr-defined]
        return f"進捗報告_{round.key if round else 'すべての期'}_{today:%Y%m%d}"


def reports_of_every_row(round: ReportingRound, reports: QuerySet[ProgressReport]) -> list[ProgressReport]:
    """All rows of the plan; those without a report as empty ones that are not saved."""
    found = {report.activity_id: report for report in reports}
    rows = round.plan.activities.in_plan_order().select_related("initiative__owner_section", "owner_section")
    return [found.get(row.pk) or ProgressReport(activity=row, round=round) for row in rows]
