"""Yearly duties in the admin: the same saving, and the notices stop as they do on the page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from schedule.actions.duties import follow_new_rule, require_done_on, stop_notices
from schedule.kinds import DUTIES, OCCURRENCES
from schedule.models import Duty, DutyOccurrence
from townhall.admin_site import ActionAdmin, TownModelAdmin
from townhall.permissions import Permission
from townhall.sheets.admin import SheetAdminMixin

RULE = {"recurrence", "every_years", "first_year", "due_month", "due_day"}


@admin.register(Duty)
class DutyAdmin(SheetAdminMixin, TownModelAdmin):  # type: ignore[misc]
    ledger = DUTIES
    view_permission = Permission.VIEW_DUTY
    change_permission = Permission.MANAGE_DUTY
    list_display = ["name", "kind", "rule_in_words", "lead_days", "owner_section", "is_active"]
    list_editable = ["is_active"]
    list_filter = ["kind", "recurrence", "is_active"]
    search_fields = ["name", "code"]

    def save_model(self, request: HttpRequest, obj: Duty, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and RULE & set(form.changed_data):
            old = Duty(**{name: form.initial.get(name, getattr(obj, name)) for name in RULE}).rule
            follow_new_rule(obj, old=old, by=request.user, today=request.today)  # type: ignore[attr-defined]

    @admin.display(description="頻度と期限")
    def rule_in_words(self, duty: Duty) -> str:
        return duty.rule_in_words


@admin.register(DutyOccurrence)
class OccurrenceAdmin(SheetAdminMixin, ActionAdmin):  # type: ignore[misc]
    ledger = OCCURRENCES
    view_permission = Permission.VIEW_DUTY
    change_permission = Permission.MANAGE_DUTY
    list_display = ["duty", "fiscal_year", "part", "due_on", "done_on", "no_change", "skipped_reason"]
    list_filter = ["fiscal_year", "duty__kind", "duty"]
    list_select_related = ["duty"]
    search_fields = ["duty__name", "evidence", "note"]
    date_hierarchy = "due_on"

    def get_readonly_fields(self, request: HttpRequest, obj: DutyOccurrence | None = None) -> list[str]:
        """What asks for a reason is done on the page: another day, and opening again what is done or left out."""
        fields = [*super().get_readonly_fields(request, obj)]
        if obj is None:
            return fields
        return [*fields, "due_on", *(name for name in ("done_on", "skipped_reason") if getattr(obj, name))]

    def save_model(self, request: HttpRequest, obj: DutyOccurrence, form: Any, change: bool) -> None:
        if obj.done_on and "done_on" in form.changed_data:
            require_done_on(obj, obj.done_on, today=request.today)  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)
        stop_notices(obj)
