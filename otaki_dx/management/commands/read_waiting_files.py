"""Large files by hand: from cron or systemd instead of Celery."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from otaki_dx.waiting_files import READERS
from townhall.sheets.waiting import work_off


class Command(BaseCommand):
    help = "読み取り待ちの大きなファイルを読みます。何度実行しても、同じファイルは一度しか読みません。"

    def handle(self, *args: Any, **options: Any) -> None:
        done = work_off(READERS, clock=timezone.now)
        for job in done:
            job.refresh_from_db()
            self.stdout.write(f"{job} {job.file_name}：{job.get_state_display()}")
        self.stdout.write(f"読み取り待ちのファイル {len(done)}件を読みました。")
