"""標準化20業務 in the admin. Code, order and owner of a step or a figure are how files and pages name it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from initiatives.kinds import SYSTEM_STEPS, SYSTEMS
from initiatives.models import PublishedProgress, StandardizedSystem, SystemStep, SystemStepTemplate
from townhall.admin_site import TownModelAdmin
from townhall.permissions import Permission
from townhall.sheets.admin import SheetAdminMixin


class SystemLedgerAdmin(TownModelAdmin):
    change_permission = Permission.IMPORT_MINISTRY  # for the whole town
    keeps: tuple[str, ...] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.keeps if obj else ()


@admin.register(StandardizedSystem)
class StandardizedSystemAdmin(SheetAdminMixin, SystemLedgerAdmin):  # type: ignore[misc]
    ledger = SYSTEMS
    list_display = ["name", "ministry", "owner_section", "is_target", "planned_live_on", "live_on", "is_transitional"]
    list_filter = ["is_target", "is_transitional", "hosting", "owner_section"]
    list_select_related = ["owner_section"]
    search_fields = ["name", "aliases", "vendor_now", "vendor_after"]
    keeps = ("code",)


@admin.register(SystemStepTemplate)
class SystemStepTemplateAdmin(SystemLedgerAdmin):
    list_display = ["number", "phase", "name", "is_example"]
    list_display_links = ["number", "name"]
    list_filter = ["phase"]
    search_fields = ["name"]


@admin.register(SystemStep)
class SystemStepAdmin(SheetAdminMixin, SystemLedgerAdmin):  # type: ignore[misc]
    ledger = SYSTEM_STEPS
    list_display = ["system", "number", "name", "state", "planned_on", "done_on"]
    list_display_links = ["number", "name"]
    list_filter = ["state", "system"]
    list_select_related = ["system"]
    search_fields = ["name", "note"]
    keeps = ("system", "number")


@admin.register(PublishedProgress)
class PublishedProgressAdmin(SystemLedgerAdmin):
    list_display = ["system", "as_of", "counted", "excluded", "source"]
    list_filter = ["as_of", "system"]
    list_select_related = ["system"]
    search_fields = ["system__name", "source"]
    keeps = ("system", "as_of")
