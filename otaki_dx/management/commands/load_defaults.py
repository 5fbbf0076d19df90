from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from initiatives.yaml_reader import YamlFileError
from otaki_dx.defaults import (
    add_documents,
    add_duties,
    add_funding,
    add_sections,
    read_documents,
    read_duties,
    read_funding,
    read_sections,
)
from otaki_dx.defaults_proposals import add_criteria, add_hourly_cost, read_proposals
from otaki_dx.defaults_systems import add_systems, read_systems
from schedule.actions.duties import prepare_occurrences
from townhall.changes import System

FOLDER = settings.BASE_DIR / "fixtures"


class Command(BaseCommand):
    help = "課・毎年度の義務・セキュリティポリシーの文書・財源・標準化20業務・提案の採点の初期値を加えます。何度実行しても、直した内容は変わりません。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sections", type=Path, default=FOLDER / "sections.yaml", help="課の初期値のファイル")
        parser.add_argument("--duties", type=Path, default=FOLDER / "duties.yaml", help="義務の初期値のファイル")
        parser.add_argument("--policy", type=Path, default=FOLDER / "policy.yaml", help="文書の初期値のファイル")
        parser.add_argument("--funding", type=Path, default=FOLDER / "funding.yaml", help="財源の初期値のファイル")
        parser.add_argument(
            "--proposals", type=Path, default=FOLDER / "proposals.yaml", help="採点の観点と人件費の初期値のファイル"
        )
        parser.add_argument("--systems", type=Path, default=FOLDER / "systems.yaml", help="20業務の初期値のファイル")

    def handle(
        self,
        *args: Any,
        sections: Path,
        duties: Path,
        policy: Path,
        funding: Path,
        systems: Path,
        proposals: Path,
        verbosity: int,
        **options: Any,
    ) -> None:
        section_entries, duty_entries = _read(read_sections, sections), _read(read_duties, duties)
        funding_entries, systems_file = _read(read_funding, funding), _read(read_systems, systems)
        proposals_file, documents = _read(read_proposals, proposals), _read(read_documents, policy)
        who: dict[str, Any] = {"by": System("初期値の読込"), "today": timezone.localdate()}
        try:
            with transaction.atomic():
                new_sections = add_sections(section_entries, **who)
                new_duties = add_duties(duty_entries, **who)
                new_documents = add_documents(documents, **who)
                new_funding = add_funding(funding_entries, **who)
                new_systems = add_systems(systems_file, **who)
                new_criteria = add_criteria(proposals_file, **who)
                new_hourly = add_hourly_cost(proposals_file, **who)
                new_rows = prepare_occurrences(today=who["today"])
        except ValidationError as error:
            raise CommandError(
                "初期値に誤りがあります。何も保存していません。\n" + "\n".join(error.messages)
            ) from error
        if verbosity:
            self.stdout.write(
                f"初期値：課 {len(new_sections)}件、毎年度の義務 {len(new_duties)}件、"
                f"年度ごとの行 {len(new_rows)}件、ポリシーの文書 {len(new_documents)}件、"
                f"財源 {len(new_funding)}件、標準化20業務 {len(new_systems)}件、"
                f"採点の観点 {len(new_criteria)}件、時間あたりの人件費 {len(new_hourly)}件を加えました。ほかは、そのままです。"
            )


def _read(reader: Any, path: Path) -> Any:
    try:
        return reader(path)
    except YamlFileError as error:
        head = f"{path.name} に誤りがあります（{len(error.problems)}か所）。何も保存していません。"
        raise CommandError("\n".join([head, *map(str, error.problems)])) from error
