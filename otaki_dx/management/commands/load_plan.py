from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from initiatives.actions import adopt_plan
from initiatives.adoption import Adoption, Difference
from initiatives.models import Plan
from initiatives.planfile import PlanFileError, read_plan_file
from schedule.plan_rows import adopt_rows
from townhall.changes import System

ADOPTED_PLAN = settings.BASE_DIR / "fixtures" / "plan_r5_r7.yaml"


class Command(BaseCommand):
    help = "計画ファイルを読み込みます。何度実行しても、同じ内容なら何も変わりません。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "path", nargs="?", type=Path, default=ADOPTED_PLAN, help="計画ファイル（省くと令和5～7年度の計画）"
        )
        parser.add_argument(
            "--overwrite", action="store_true", help="町がポータルで直した文言も、計画ファイルのとおりに戻す"
        )

    def handle(self, *args: Any, path: Path, overwrite: bool, verbosity: int, **options: Any) -> None:
        try:
            planfile = read_plan_file(path)
        except PlanFileError as error:
            raise CommandError(_refusal(path, [str(problem) for problem in error.problems])) from error
        how: dict[str, Any] = {
            "by": System("計画の読込"),
            "today": timezone.localdate(),
            "overwrite": overwrite,
        }
        try:
            with transaction.atomic():
                plan, text = adopt_plan(planfile, **how)
                rows = adopt_rows(plan, planfile, **how)
        except ValidationError as error:
            raise CommandError(_refusal(path, error.messages)) from error
        if verbosity:
            self.stdout.write("\n".join(_report(plan, text, rows)))


def _refusal(path: Path, sentences: list[str]) -> str:
    head = f"計画ファイル {path.name} に誤りがあります（{len(sentences)}か所）。何も保存していません。"
    return "\n".join([head, *sentences])


def _report(plan: Plan, *adoptions: Adoption) -> list[str]:
    created = [f"{name} {count}" for adoption in adoptions for name, count in adoption.created.items()]
    restored = [line for adoption in adoptions for line in adoption.restored]
    differing = [line for adoption in adoptions for line in adoption.differences]
    lines = [f"{plan}を読み込みました。"]
    if created:
        lines.append(f"  追加：{'、'.join(created)}")
    if restored:
        lines += [f"  計画ファイルの文言に戻しました（{len(restored)}か所）：", *map(_line, restored)]
    if differing:
        lines += [
            f"  町がポータルで直した文言はそのままにしました（{len(differing)}か所）。戻すときは --overwrite を付けます：",
            *map(_line, differing),
        ]
    lines.append(f"  変更なし：{sum(adoption.unchanged for adoption in adoptions)}件")
    return lines


def _line(difference: Difference) -> str:
    portal, file = _shortened(difference.in_portal), _shortened(difference.in_file)
    return f"    {difference.row}／{difference.field}　ポータル「{portal}」　計画ファイル「{file}」"


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:40] + "…"
