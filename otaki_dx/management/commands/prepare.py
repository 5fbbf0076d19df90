from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from otaki_dx import launch, preparation


class Command(BaseCommand):
    """Raises launch.Refused; manage.py prints its sentence."""

    help = "データベースと画面の部品を、このプログラムの版に合わせます（更新のたびに1回。デモの記録は入れません）。"
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        launch.prepare_folder(settings.DATA_DIR)
        preparation.bring_up_to_date(say=self.stdout.write)
        preparation.fill(demo=False, say=self.stdout.write)
