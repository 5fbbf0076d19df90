"""会議資料 in the admin: to look at. An edition is made on the meeting's page and never changes."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from committee.models import Pack
from townhall.admin_site import ReadOnlyAdmin
from townhall.permissions import Permission


@admin.register(Pack)
class PackAdmin(ReadOnlyAdmin):
    view_permission = Permission.VIEW_PACK
    list_display = ["meeting", "edition", "as_of", "made_by", "made_at", "sha256"]
    list_filter = ["meeting"]
    list_select_related = ["meeting"]
    # The content is read on its own page; as JSON it would only be long.
    exclude = ["content"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return Pack.objects.without_content()
