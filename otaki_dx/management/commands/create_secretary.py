"""The first account of a new installation: a person of the secretariat, who makes the others in the admin."""

from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from townhall.changes import System, create_row
from townhall.choices import Role
from townhall.models import RoleAssignment, Section, User


class Command(BaseCommand):
    help = "最初の事務局の利用者を作ります。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username", required=True, help="ログイン名")
        parser.add_argument("--name", required=True, help="氏名")
        parser.add_argument("--email", default="", help="メールアドレス")
        parser.add_argument("--section", default="somu", help="課の記号（はじめは somu 総務課）")

    def handle(self, *args: Any, **options: Any) -> None:
        section = Section.objects.filter(code=options["section"]).first()
        if section is None:
            raise CommandError(
                f"課 {options['section']} がありません。先に manage.py load_defaults を実行してください。"
            )
        user = User(username=options["username"], name=options["name"], email=options["email"])
        password = getpass("パスワード: ")
        try:
            validate_password(password, user)
            user.set_password(password)
            self.create(user, section)
        except ValidationError as invalid:
            raise CommandError("\n".join(invalid.messages)) from None
        self.stdout.write(f"{user.name}（{user.username}）を事務局として登録しました。")

    @transaction.atomic
    def create(self, user: User, section: Section) -> None:
        today = timezone.localdate()
        by = System("最初の登録")
        create_row(user, by=by, today=today, source="コマンド")
        post = RoleAssignment(user=user, role=Role.SECRETARIAT, section=section, valid_from=today)
        create_row(post, by=by, today=today, source="コマンド")
