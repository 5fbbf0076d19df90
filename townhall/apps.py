from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class TownhallConfig(AppConfig):
    name = "townhall"
    verbose_name = "町役場"


class PortalAdminConfig(AdminConfig):
    """Django's admin with the portal's own site: named here so that no model is imported too early."""

    default_site = "townhall.admin_site.PortalAdminSite"

    def ready(self) -> None:
        super().ready()
        from townhall.admin_site import close_foreign_rooms  # noqa: PLC0415 - models are loaded now

        close_foreign_rooms()
