from django.apps import AppConfig


class TownhallConfig(AppConfig):
    name = "townhall"
    verbose_name = "町役場"
