"""The pages for residents as files: relative addresses, no script, no server. From the newest publication alone."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from otaki_dx.static_site import ForeignFolder, NotWritten, site_files, write_site
from schedule.models import Publication


class Command(BaseCommand):
    help = "公開中の住民向けのページを、ファイルとして書き出します（町の公式サイトなどに置くため）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="書き出す先のフォルダー（空か、前に書き出したもの）")

    def handle(self, *args: Any, folder: Path, verbosity: int, **options: Any) -> None:
        publication = Publication.objects.current()
        if publication is None:
            raise CommandError(
                "まだ公開していないため、書き出すものがありません。「住民向けの公開」で公開してください。"
            )
        files = site_files(publication)
        try:
            write_site(folder, files)
        except (ForeignFolder, NotWritten) as refused:
            raise CommandError(str(refused)) from refused
        if verbosity:
            self.stdout.write(f"公開 第{publication.number}号を {folder} に書き出しました（{len(files)}ファイル）。")
