"""The Django admin as a second entrance: the portal's own door, the portal's own permissions table."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.utils import timezone

from townhall.permissions import Permission, can


class PortalAdminConfig(AdminConfig):
    default_site = "townhall.admin_site.PortalAdminSite"


class PortalAdminSite(admin.AdminSite):
    site_header = "DX推進ポータル 管理画面"
    site_title = "大多喜町DX推進ポータル"
    index_title = "管理画面"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """The table decides, not `is_staff`."""
        today = getattr(request, "today", None) or timezone.localdate()
        return can(request.user, Permission.USE_ADMIN, today=today)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return super().each_context(request) | {"site_url": "/"}
