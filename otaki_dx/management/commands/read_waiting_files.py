"""Large files by hand: from cron or systemd instead of Celery."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from otaki_dx.exchange_kinds import BY_PROFILE, readers
from townhall.sheets.imports import write_queued
from townhall.sheets.waiting import work_off


class Command(BaseCommand):
    help = "待っている大きなファイルを読み、取り込みます。何度実行しても、同じファイルは一度しか読みません。"

    def handle(self, *args: Any, **options: Any) -> None:
        done = work_off(readers(timezone.now), clock=timezone.now)
        for job in done:
            job.refresh_from_db()
            self.stdout.write(f"{job} {job.file_name}：{job.get_state_display()}")
        self.stdout.write(f"読み取り待ちのファイル {len(done)}件を読みました。")
        written = write_queued(BY_PROFILE, clock=timezone.now)
        if written:
            self.stdout.write(f"取り込み待ちの表 {len(written)}件を取り込みました。")
