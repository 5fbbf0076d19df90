"""予算 in the admin. Lines are edited here as on their pages; amounts are written with their sources, on the pages or from a file."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from committee import actions
from committee.kinds import BUDGET, BUDGET_LINES
from committee.models import BudgetAmount, BudgetLine, BudgetPart, Proposal
from townhall.admin_site import ActionAdmin, ReadOnlyAdmin
from townhall.permissions import Permission
from townhall.sheets.admin import SheetAdminMixin


@admin.register(BudgetLine)
class BudgetLineAdmin(SheetAdminMixin, ActionAdmin):  # type: ignore[misc]
    ledger = BUDGET_LINES
    view_permission = Permission.VIEW_BUDGET
    change_permission = Permission.REQUEST_BUDGET
    list_display = ["name", "budget_year", "spending_year", "initiative", "section", "account"]
    list_filter = ["budget_year", "section"]
    list_select_related = ["initiative", "section"]
    search_fields = ["name", "account", "note"]

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """What a section has not submitted yet is not offered here either."""
        if db_field.name == "proposal":
            kwargs["queryset"] = Proposal.objects.visible_to(request.user, today=request.today).filter(edition__gt=0)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            actions.edit_budget_line(obj, seen_version=form.cleaned_data.get("seen_version"), **self._who(request))
        else:
            actions.add_budget_line(obj, **self._who(request))


@admin.register(BudgetAmount)
class BudgetAmountAdmin(SheetAdminMixin, ReadOnlyAdmin):  # type: ignore[misc]
    ledger = BUDGET
    view_permission = Permission.VIEW_BUDGET
    list_display = ["line", "stage", "number", "thousands", "result", "decided_on", "document_number"]
    list_filter = ["stage", "line__budget_year"]
    list_select_related = ["line"]


@admin.register(BudgetPart)
class BudgetPartAdmin(ReadOnlyAdmin):
    view_permission = Permission.VIEW_BUDGET
    list_display = ["amount", "source", "thousands"]
    list_filter = ["source"]
    list_select_related = ["amount__line", "source"]
