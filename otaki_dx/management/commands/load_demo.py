"""Made-up people, reports and proposals for a demonstration. Refused on a portal that is in use."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from otaki_dx import (
    demo_budget,
    demo_committee,
    demo_data,
    demo_duties,
    demo_evaluations,
    demo_indicators,
    demo_packs,
    demo_processes,
    demo_publication,
    demo_scores,
    demo_systems,
)
from townhall.models import User


class Command(BaseCommand):
    help = "例のデータ（架空の人・進捗・提案）を読み込みます。空のポータルだけで使えます。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--password", required=True, help="例の利用者に共通のパスワード")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("本番（PORTAL_PRODUCTION=1）では、例のデータを読み込めません。")
        if User.objects.exists():
            raise CommandError("利用者がもういるので、例のデータは読み込みません。")
        today = timezone.localdate()
        with transaction.atomic():
            demo_data.load_people(password=options["password"], today=today)
            demo_data.load_progress(today=today)
            demo_indicators.load_indicators(today=today)
            demo_evaluations.load_evaluations(today=today)
            demo_committee.load_committee(today=today)
            demo_scores.load_scores(today=today)
            demo_budget.load_budget(today=today)
            demo_systems.load_systems(today=today)
            demo_publication.load_publication(today=today)
            demo_duties.load_duties(today=today)
            demo_processes.load_processes(today=today)
            demo_packs.load_packs(today=today)
        self.stdout.write("例のデータを読み込みました。すべて架空です。")
