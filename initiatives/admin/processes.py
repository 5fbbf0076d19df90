"""業務の棚卸し and the price of an hour in the admin, and its steps, both in and out of Excel."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from initiatives.actions import processes as actions
from initiatives.kinds import PROCESSES, STEPS
from initiatives.models import BusinessProcess, HourlyCost, ProcessStep
from townhall.admin_site import TownModelAdmin
from townhall.permissions import Permission
from townhall.sheets.admin import SheetAdminMixin


@admin.register(BusinessProcess)
class BusinessProcessAdmin(SheetAdminMixin, TownModelAdmin):  # type: ignore[misc]
    ledger = PROCESSES
    view_permission = Permission.MANAGE_PROCESS
    change_permission = Permission.MANAGE_PROCESS
    list_display = ["name", "section", "initiative", "yen_per_hour", "measured_on", "remeasure_on"]
    list_filter = ["section", "is_routine", "is_core"]
    list_select_related = ["section", "initiative"]
    search_fields = ["name", "summary"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        who: dict[str, Any] = {"by": request.user, "today": request.today, "source": "管理画面"}  # type: ignore[attr-defined]
        if change:
            actions.edit_process(obj, seen_version=form.cleaned_data.get("seen_version"), **who)
        else:
            actions.create_process(obj, **who)


@admin.register(ProcessStep)
class ProcessStepAdmin(SheetAdminMixin, TownModelAdmin):  # type: ignore[misc]
    view_permission = Permission.MANAGE_PROCESS
    change_permission = Permission.MANAGE_PROCESS
    ledger = STEPS
    list_display = ["process", "order", "name", "minutes", "volume", "change", "minutes_planned", "minutes_measured"]
    list_display_links = ["order", "name"]
    list_filter = ["change", "process__section"]
    list_select_related = ["process"]
    search_fields = ["name", "problem", "process__name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("process", "order") if obj else ()


@admin.register(HourlyCost)
class HourlyCostAdmin(TownModelAdmin):
    """A new unit cost is a new row from a day on: what was submitted before keeps the one it was counted with."""

    list_display = ["yen", "starts_on", "basis", "is_example"]
