from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from initiatives.plain_words import add_plain_words, read_plain_words
from initiatives.yaml_reader import YamlFileError
from townhall.changes import System

FILE = settings.BASE_DIR / "fixtures" / "plain_words.yaml"


class Command(BaseCommand):
    help = "取組のやさしい説明（例）を、まだない取組に加えます。何度実行しても、直した内容は変わりません。"

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        try:
            file = read_plain_words(FILE)
        except YamlFileError as error:
            raise CommandError("\n".join(map(str, error.problems))) from error
        added = add_plain_words(file, by=System("初期値の読込"), today=timezone.localdate())
        if verbosity:
            self.stdout.write(f"やさしい説明 {len(added)}件を加えました。ほかは、そのままです。")
