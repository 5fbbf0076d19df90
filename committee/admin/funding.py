"""財源の一覧 in the admin: the town adds, renames and ends its sources here."""

from django.contrib import admin

from committee.kinds import FUNDING
from committee.models import FundingSource
from townhall.admin_site import TownModelAdmin
from townhall.permissions import Permission
from townhall.sheets.admin import SheetAdminMixin


@admin.register(FundingSource)
class FundingSourceAdmin(SheetAdminMixin, TownModelAdmin):  # type: ignore[misc]
    ledger = FUNDING
    view_permission = Permission.VIEW_BUDGET
    change_permission = Permission.MANAGE_BUDGET
    list_display = ["name", "kind", "order", "first_year", "last_year", "is_example"]
    list_filter = ["kind", "is_example"]
    search_fields = ["name", "note"]
