from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from initiatives.national_priorities import add_national_priorities, suggest_crosswalk
from townhall.changes import System


class Command(BaseCommand):
    help = "国の重点取組事項の版と、計画との対応の案を加えます。何度実行しても、直した内容は変わりません。"

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        told: dict[str, Any] = {"by": System("初期値の読込"), "today": timezone.localdate()}
        with transaction.atomic():
            versions = add_national_priorities(**told)
            links = suggest_crosswalk(**told)
        if verbosity:
            self.stdout.write(
                f"国の重点取組事項の版 {len(versions)}件、計画との対応の案 {len(links)}件を加えました。ほかは、そのままです。"
            )
