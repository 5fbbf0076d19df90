from django.apps import AppConfig


class OtakiDxConfig(AppConfig):
    name = "otaki_dx"
    verbose_name = "ポータル"
