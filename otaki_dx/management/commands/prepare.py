from typing import Any

from django.core.management.base import BaseCommand, CommandError

from otaki_dx import preparation


class Command(BaseCommand):
    help = "データベースと画面の部品を、このプログラムの版に合わせます（更新のたびに1回。デモの記録は入れません）。"
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            preparation.update(say=self.stdout.write)
            preparation.fill(demo=False, say=self.stdout.write)
        except preparation.NotReady as error:
            raise CommandError(str(error)) from error
