"""The editable beginnings: sections, yearly duties, policy documents and sources of funding, read from YAML. Creates what is missing, never changes a row."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from yaml.nodes import Node, ScalarNode

from committee.choices import FundingKind
from committee.models import FundingSource
from initiatives.yaml_reader import INT_TAG, NodeReader, Problem, YamlFileError, compose, decode
from schedule.choices import DutyRecurrence, PolicyKind
from schedule.models import Duty, PolicyDocument
from schedule.models.duty import DutyKind
from townhall.changes import create_row
from townhall.models import Section

SOURCE = "初期値"


@dataclass(frozen=True)
class SectionEntry:
    code: str
    name: str
    is_example: bool


@dataclass(frozen=True)
class DutyEntry:
    code: str
    name: str
    kind: str
    recurrence: str
    first_year: int | None
    every_years: int | None
    month: int
    day: int | None
    lead_days: tuple[int, ...]
    section: str
    basis: str
    guidance: str


@dataclass(frozen=True)
class DocumentEntry:
    code: str
    name: str
    kind: str
    is_public: bool
    section: str


@dataclass(frozen=True)
class FundingEntry:
    name: str
    kind: str
    is_example: bool
    note: str


def read_sections(path: Path) -> list[SectionEntry]:
    """Raises YamlFileError with every complaint and its line."""
    return _Reader().sections(_root(path))


def read_duties(path: Path) -> list[DutyEntry]:
    """Raises YamlFileError with every complaint and its line."""
    return _Reader().duties(_root(path))


def read_documents(path: Path) -> list[DocumentEntry]:
    """Raises YamlFileError with every complaint and its line."""
    return _Reader().documents(_root(path))


def read_funding(path: Path) -> list[FundingEntry]:
    """Raises YamlFileError with every complaint and its line."""
    return _Reader().funding(_root(path))


@transaction.atomic
def add_sections(entries: list[SectionEntry], *, by: Any, today: date) -> list[Section]:
    """A section the town already has under the same code or name is left alone."""
    codes = set(Section.objects.values_list("code", flat=True))
    names = set(Section.objects.values_list("name", flat=True))
    return [
        create_row(
            Section(code=entry.code, name=entry.name, order=order, is_example=entry.is_example),
            by=by,
            today=today,
            source=SOURCE,
        )
        for order, entry in enumerate(entries, start=1)
        if entry.code not in codes and entry.name not in names
    ]


@transaction.atomic
def add_duties(entries: list[DutyEntry], *, by: Any, today: date) -> list[Duty]:
    """A duty the town already has under the same code is left alone, also when it is switched off."""
    codes = set(Duty.objects.values_list("code", flat=True))
    sections = {section.code: section for section in Section.objects.all()}
    return [
        create_row(
            Duty(
                code=entry.code,
                name=entry.name,
                kind=entry.kind,
                recurrence=entry.recurrence,
                first_year=entry.first_year,
                every_years=entry.every_years,
                due_month=entry.month,
                due_day=entry.day,
                lead_days=list(entry.lead_days),
                # A town that has renamed its sections gives the duty an owner itself; until then 事務局 is told.
                owner_section=sections.get(entry.section),
                basis=entry.basis,
                guidance=entry.guidance,
            ),
            by=by,
            today=today,
            source=SOURCE,
        )
        for entry in entries
        if entry.code not in codes
    ]


@transaction.atomic
def add_documents(entries: list[DocumentEntry], *, by: Any, today: date) -> list[PolicyDocument]:
    """Examples until the town confirms them. What the town has under the same code or name is left alone."""
    codes = set(PolicyDocument.objects.values_list("code", flat=True))
    names = set(PolicyDocument.objects.values_list("name", flat=True))
    sections = {section.code: section for section in Section.objects.all()}
    return [
        create_row(
            PolicyDocument(
                code=entry.code,
                name=entry.name,
                kind=entry.kind,
                is_public=entry.is_public,
                owner_section=sections.get(entry.section),
                order=order,
                is_example=True,
            ),
            by=by,
            today=today,
            source=SOURCE,
        )
        for order, entry in enumerate(entries, start=1)
        if entry.code not in codes and entry.name not in names
    ]


@transaction.atomic
def add_funding(entries: list[FundingEntry], *, by: Any, today: date) -> list[FundingSource]:
    """A source the town already has under the same name is left alone, also when it has ended."""
    names = set(FundingSource.objects.values_list("name", flat=True))
    return [
        create_row(
            FundingSource(name=entry.name, kind=entry.kind, order=order, is_example=entry.is_example, note=entry.note),
            by=by,
            today=today,
            source=SOURCE,
        )
        for order, entry in enumerate(entries, start=1)
        if entry.name not in names
    ]


def _root(path: Path) -> Node:
    try:
        return compose(decode(path.read_bytes()))
    except OSError as error:
        raise YamlFileError([Problem(0, f"{path.name} を読めません。")]) from error


class _Reader(NodeReader):
    def sections(self, root: Node) -> list[SectionEntry]:
        parts = self.mapping(root, "課のファイル", required=["sections"])
        found = [self.section(node) for node in self.items(parts.get("sections"), "課の一覧")]
        self.finish()
        return found

    def section(self, node: Node) -> SectionEntry:
        parts = self.mapping(node, "課", required=["code", "name"], optional=["example"])
        return SectionEntry(
            code=self.code(parts.get("code"), "課の記号"),
            name=self.line(parts.get("name"), "課の名称", max_length=60),
            is_example=self.yes_or_no(parts.get("example"), "example"),
        )

    def duties(self, root: Node) -> list[DutyEntry]:
        parts = self.mapping(root, "義務のファイル", required=["duties"])
        found = [self.duty(node) for node in self.items(parts.get("duties"), "義務の一覧")]
        self.finish()
        return found

    def duty(self, node: Node) -> DutyEntry:
        required = ["code", "name", "kind", "due", "lead_days"]
        optional = ["recurrence", "first_year", "every_years", "section", "basis", "guidance"]
        parts = self.mapping(node, "義務", required=required, optional=optional)
        month, day = self.month_and_day(parts.get("due"))
        return DutyEntry(
            code=self.code(parts.get("code"), "義務の記号"),
            name=self.line(parts.get("name"), "義務の名称", max_length=80),
            kind=self.one_of(parts.get("kind"), DutyKind.values),
            recurrence=self.one_of(parts.get("recurrence"), DutyRecurrence.values, what="recurrence")
            or DutyRecurrence.YEARLY,
            first_year=self.fiscal_year(parts.get("first_year")),
            every_years=self.number(parts["every_years"], "every_years") if "every_years" in parts else None,
            month=month,
            day=day,
            lead_days=tuple(self.lead_day(each) for each in self.items(parts.get("lead_days"), "lead_days")),
            section=self.code(parts.get("section"), "担当課の記号"),
            basis=self.line(parts.get("basis"), "根拠", max_length=200),
            guidance=self.text(parts.get("guidance"), "すること", max_length=2000),
        )

    def documents(self, root: Node) -> list[DocumentEntry]:
        parts = self.mapping(root, "文書のファイル", required=["documents"])
        found = [self.document(node) for node in self.items(parts.get("documents"), "文書の一覧")]
        self.finish()
        return found

    def document(self, node: Node) -> DocumentEntry:
        parts = self.mapping(node, "文書", required=["code", "name", "kind"], optional=["public", "section"])
        return DocumentEntry(
            code=self.code(parts.get("code"), "文書の記号"),
            name=self.line(parts.get("name"), "文書名", max_length=80),
            kind=self.one_of(parts.get("kind"), PolicyKind.values),
            is_public=self.yes_or_no(parts.get("public"), "public"),
            section=self.code(parts.get("section"), "担当課の記号"),
        )

    def funding(self, root: Node) -> list[FundingEntry]:
        parts = self.mapping(root, "財源のファイル", required=["funding"])
        found = [self.funding_source(node) for node in self.items(parts.get("funding"), "財源の一覧")]
        self.finish()
        return found

    def funding_source(self, node: Node) -> FundingEntry:
        parts = self.mapping(node, "財源", required=["name", "kind"], optional=["example", "note"])
        return FundingEntry(
            name=self.line(parts.get("name"), "財源の名称", max_length=80),
            kind=self.one_of(parts.get("kind"), FundingKind.values),
            is_example=self.yes_or_no(parts.get("example"), "example"),
            note=self.line(parts.get("note"), "備考", max_length=200),
        )

    def code(self, node: Node | None, what: str) -> str:
        value = self.line(node, what, max_length=30)
        if node is not None and value and not re.fullmatch(r"[a-z0-9-]+", value):
            self.complain(node, f"{what}は半角の小文字・数字・ハイフンで書いてください。")
        return value

    def one_of(self, node: Node | None, words: list[str], *, what: str = "kind") -> str:
        value = self.line(node, what, max_length=12)
        if node is not None and value and value not in words:
            self.complain(node, f"{what} は {'・'.join(words)} のどれかで書いてください。")
        return value

    def fiscal_year(self, node: Node | None) -> int | None:
        if node is None:
            return None
        value = node.value if isinstance(node, ScalarNode) and node.tag == INT_TAG else ""
        if not re.fullmatch(r"20[0-9]{2}", value):
            self.complain(node, "first_year は 2026 のように、西暦の年度を半角で書いてください。")
            return None
        return int(value)

    def month_and_day(self, node: Node | None) -> tuple[int, int | None]:
        """「11/30」, or 「11/末」 for the end of the month."""
        value = self.line(node, "due", max_length=5)
        match = re.fullmatch(r"(1[0-2]|[1-9])/(3[01]|[12][0-9]|[1-9]|末)", value)
        if match is None:
            if node is not None and value:
                self.complain(node, "due は 11/30 のように、月/日を半角で書いてください。月末は 11/末 です。")
            return 1, 1
        return int(match[1]), None if match[2] == "末" else int(match[2])

    def lead_day(self, node: Node) -> int:
        value = node.value if isinstance(node, ScalarNode) and node.tag == INT_TAG else ""
        if not re.fullmatch(r"[0-9]{1,3}", value) or int(value) > 365:
            self.complain(node, "lead_days は 0から365までの整数を [60, 30, 7, 0] のように並べてください。")
            return 0
        return int(value)

    def yes_or_no(self, node: Node | None, what: str) -> bool:
        value = node.value if isinstance(node, ScalarNode) else ""
        if node is not None and value not in ("true", "false"):
            self.complain(node, f"{what} は true か false で書いてください。")
        return value == "true"

    def finish(self) -> None:
        if self.problems:
            raise YamlFileError(self.problems)
