"""Versions, items and links are rows: a new version of the national plan is typed in here, an old link is switched off."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from initiatives.kinds import CROSSWALK
from initiatives.models import ComprehensiveItem, CrosswalkLink, NationalPriority, NationalPriorityVersion
from townhall.admin_site import TownModelAdmin
from townhall.sheets.admin import SheetAdminMixin


@admin.register(NationalPriorityVersion)
class NationalPriorityVersionAdmin(TownModelAdmin):
    list_display = ["number", "published_on", "dated", "certainty", "order"]
    fields = ["number", "published_on", "dated", "order", "certainty", "note", "seen_version"]


@admin.register(NationalPriority)
class NationalPriorityAdmin(TownModelAdmin):
    list_display = ["name", "group", "version_of", "order", "certainty"]
    list_filter = ["version_of", "certainty"]
    list_select_related = ["version_of"]
    search_fields = ["name"]


@admin.register(ComprehensiveItem)
class ComprehensiveItemAdmin(TownModelAdmin):
    list_display = ["code", "name", "plan_name", "is_example"]
    list_display_links = ["code", "name"]
    search_fields = ["code", "name"]


@admin.register(CrosswalkLink)
class CrosswalkLinkAdmin(SheetAdminMixin, TownModelAdmin):  # type: ignore[misc]
    ledger = CROSSWALK
    list_display = ["initiative", "priority", "item", "note", "certainty", "is_active"]
    list_filter = ["initiative__plan", "priority__version_of", "certainty", "is_active"]
    list_select_related = ["initiative", "priority__version_of", "item"]
    search_fields = ["initiative__name", "priority__name", "item__name", "note"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Another pair is another link."""
        return ("initiative", "priority", "item") if obj else ()
