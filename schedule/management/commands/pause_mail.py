"""Stop the mail before the portal starts: after a restored backup nobody knows which letters have left since."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from schedule.actions import sending
from schedule.models import ReminderSettings
from townhall.changes import System


class Command(BaseCommand):
    help = "催促メールの送信を止めます（手紙は保留になります）。再開は、設定の画面で行います。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reason", required=True, help="止める理由。設定の画面と履歴に出ます")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        row = ReminderSettings.current()
        try:
            sending.pause(
                by=System("運用"),
                today=timezone.localdate(now),
                now=now,
                seen_version=row.seen,
                reason=options["reason"][:180],
            )
        except sending.SendingError as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write("送信を止めました。待っていた手紙は「保留」です。再開は、設定の画面で行います。")
