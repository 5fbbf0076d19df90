"""住民向けの公開 in the admin: the words can be mended, what was published is only looked at."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from schedule.models import Publication, PublicLine, Withdrawal
from townhall.admin_site import ReadOnlyAdmin, TownModelAdmin
from townhall.permissions import Permission


@admin.register(PublicLine)
class PublicLineAdmin(TownModelAdmin):
    view_permission = Permission.PUBLISH
    change_permission = Permission.PUBLISH
    list_display = ["activity", "round", "is_public", "text"]
    list_filter = ["round", "is_public"]
    list_select_related = ["activity", "round"]
    search_fields = ["text", "next_step"]


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    view_permission = Permission.PUBLISH
    list_display = ["number", "as_of", "round", "published_by", "published_at", "sha256"]
    list_filter = ["plan"]
    list_select_related = ["round"]
    # The content is read on its own page; as JSON it would only be long.
    fields = ["number", "plan", "round", "as_of", "published_by", "published_at", "sha256"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return Publication.objects.without_content()


@admin.register(Withdrawal)
class WithdrawalAdmin(ReadOnlyAdmin):
    view_permission = Permission.PUBLISH
    list_display = ["publication", "reason", "withdrawn_by", "withdrawn_at"]
    list_select_related = ["publication"]
