"""The beginnings of 標準化20業務: the list, the steps to start from, and the figures published about the town."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from yaml.nodes import Node, ScalarNode

from initiatives.choices import StepPhase
from initiatives.models import PublishedProgress, StandardizedSystem, SystemStepTemplate
from initiatives.models.systems import PUBLISHED_STEPS
from initiatives.yaml_reader import NodeReader, Problem, YamlFileError, compose, decode
from townhall.changes import create_row
from townhall.models import Section

SOURCE = "初期値"


@dataclass(frozen=True)
class StepEntry:
    phase: str
    name: str
    is_example: bool


@dataclass(frozen=True)
class SystemEntry:
    code: str
    name: str
    aliases: tuple[str, ...]
    ministry: str
    pmo: int
    agency: int
    section: str
    out: str
    counted: int


@dataclass(frozen=True)
class SystemsFile:
    steps: tuple[StepEntry, ...]
    as_of: date | None
    source: str
    systems: tuple[SystemEntry, ...]


def read_systems(path: Path) -> SystemsFile:
    """Raises YamlFileError with every complaint and its line."""
    try:
        root = compose(decode(path.read_bytes()))
    except OSError as error:
        raise YamlFileError([Problem(0, f"{path.name} を読めません。")]) from error
    return _Reader().file(root)


@transaction.atomic
def add_systems(file: SystemsFile, *, by: Any, today: date) -> list[StandardizedSystem]:
    """A system the town has already is left alone, and so is a published figure of the same day.

    The template of steps is filled only while it is empty: a step the town has taken out must not come back.
    """
    who: dict[str, Any] = {"by": by, "today": today, "source": SOURCE}
    if not SystemStepTemplate.objects.exists():
        for number, step in enumerate(file.steps, start=1):
            row = SystemStepTemplate(number=number, phase=step.phase, name=step.name, is_example=step.is_example)
            create_row(row, **who)
    known = set(StandardizedSystem.objects.values_list("code", flat=True))
    sections = {section.code: section for section in Section.objects.all()}
    new = [entry for entry in file.systems if entry.code not in known]
    return [_add(entry, file, sections.get(entry.section), who) for entry in new]


def _add(entry: SystemEntry, file: SystemsFile, section: Section | None, who: dict[str, Any]) -> StandardizedSystem:
    system = StandardizedSystem(
        code=entry.code,
        name=entry.name,
        aliases="\n".join(entry.aliases),
        ministry=entry.ministry,
        pmo_order=entry.pmo,
        agency_order=entry.agency,
        owner_section=section,
        is_target=not entry.out,
        exclusion_reason=entry.out,
        is_example=True,
    )
    create_row(system, **who)
    if file.as_of:
        published = PublishedProgress(system=system, as_of=file.as_of, counted=entry.counted, source=file.source)
        create_row(published, **who)
    return system


class _Reader(NodeReader):
    def file(self, root: Node) -> SystemsFile:
        parts = self.mapping(root, "20業務のファイル", required=["steps", "published", "systems"])
        published = parts.get("published")
        about = self.mapping(published, "published", required=["as_of", "source"]) if published else {}
        found = SystemsFile(
            steps=tuple(self.step(node) for node in self.items(parts.get("steps"), "手順の一覧")),
            as_of=self.day(about.get("as_of"), "as_of"),
            source=self.line(about.get("source"), "source", max_length=200),
            systems=tuple(self.system(node) for node in self.items(parts.get("systems"), "業務の一覧")),
        )
        if self.problems:
            raise YamlFileError(self.problems)
        return found

    def step(self, node: Node) -> StepEntry:
        parts = self.mapping(node, "手順", required=["phase", "name"], optional=["example"])
        phase = self.line(parts.get("phase"), "phase", max_length=10)
        if "phase" in parts and phase and phase not in StepPhase.values:
            self.complain(parts["phase"], f"phase は {'・'.join(StepPhase.values)} のどれかで書いてください。")
        example = parts.get("example")
        is_example = isinstance(example, ScalarNode) and example.value == "true"
        return StepEntry(phase, self.line(parts.get("name"), "手順", max_length=80), is_example)

    def system(self, node: Node) -> SystemEntry:
        needed = ["code", "name", "ministry", "pmo", "agency", "counted"]
        parts = self.mapping(node, "業務", required=needed, optional=["aliases", "section", "out"])
        counted = self.number(parts.get("counted"), "counted")
        if counted > PUBLISHED_STEPS:
            self.complain(parts["counted"], f"counted は{PUBLISHED_STEPS}までの数で書いてください。")
        return SystemEntry(
            code=self.line(parts.get("code"), "業務の記号", max_length=10),
            name=self.line(parts.get("name"), "業務名", max_length=40),
            aliases=tuple(
                self.line(each, "別の書き方", max_length=40) for each in self.items(parts.get("aliases"), "aliases")
            ),
            ministry=self.line(parts.get("ministry"), "所管", max_length=40),
            pmo=self.number(parts.get("pmo"), "pmo"),
            agency=self.number(parts.get("agency"), "agency"),
            section=self.line(parts.get("section"), "主管課の記号", max_length=30),
            out=self.line(parts.get("out"), "対象外の理由", max_length=200),
            counted=counted,
        )
