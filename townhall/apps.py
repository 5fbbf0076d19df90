from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class TownhallConfig(AppConfig):
    name = "townhall"
    verbose_name = "町役場"


class PortalAdminConfig(AdminConfig):
    """Django's admin with the portal's own site: named here so that no model is imported too early."""

    default_site = "townhall.admin_site.PortalAdminSite"
