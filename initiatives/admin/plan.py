"""The plan's master data. Wording belongs to the adopted plan; owner sections are the town's to set."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from initiatives.models import Chapter, GlossaryTerm, Initiative, Plan, PlanRole, Principle
from townhall.admin_site import TownModelAdmin


class PartOfPlanAdmin(TownModelAdmin):
    """A part keeps its plan and its number: pages, reports and files name it by them."""

    list_filter = ["plan"]
    list_select_related = ["plan"]
    keeps: tuple[str, ...] = ("plan", "number")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.keeps if obj else ()


@admin.register(Plan)
class PlanAdmin(TownModelAdmin):
    fields = ["code", "name", "starts_on", "ends_on", "predecessor", "seen_version"]
    list_display = ["name", "code", "starts_on", "ends_on", "predecessor"]
    list_select_related = ["predecessor"]
    search_fields = ["name", "code"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()


@admin.register(Initiative)
class InitiativeAdmin(PartOfPlanAdmin):
    fields = ["plan", "kind", "number", "code", "name", "text", "owner_section", "seen_version"]
    list_display = ["label_text", "name", "kind", "owner_section", "plan"]
    list_display_links = ["label_text", "name"]
    list_editable = ["owner_section"]
    list_filter = ["plan", "kind", "owner_section"]
    list_select_related = ["plan", "owner_section"]
    search_fields = ["name", "text", "code"]
    keeps = ("plan", "kind", "number", "code")

    @admin.display(description="番号", ordering="number")
    def label_text(self, row: Initiative) -> str:
        return row.label


@admin.register(Chapter)
class ChapterAdmin(PartOfPlanAdmin):
    fields = ["plan", "number", "heading", "text", "seen_version"]
    list_display = ["number", "heading", "plan"]
    list_display_links = ["number", "heading"]
    search_fields = ["heading", "text"]


@admin.register(Principle)
class PrincipleAdmin(PartOfPlanAdmin):
    fields = ["plan", "number", "text", "seen_version"]
    list_display = ["number", "text", "plan"]
    list_display_links = ["number", "text"]
    search_fields = ["text"]


@admin.register(GlossaryTerm)
class GlossaryTermAdmin(PartOfPlanAdmin):
    fields = ["plan", "number", "term", "definition", "aliases", "seen_version"]
    list_display = ["number", "term", "definition", "plan"]
    list_display_links = ["number", "term"]
    search_fields = ["term", "definition", "aliases"]


@admin.register(PlanRole)
class PlanRoleAdmin(PartOfPlanAdmin):
    fields = ["plan", "number", "name", "holder", "duty", "seen_version"]
    list_display = ["number", "name", "holder", "duty", "plan"]
    list_display_links = ["number", "name"]
    search_fields = ["name", "holder", "duty"]
