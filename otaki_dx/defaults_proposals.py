"""What proposals are scored by, and what an hour counts for: examples until the town has looked at them."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from yaml.nodes import Node, ScalarNode

from committee.models import Criterion
from initiatives.models import HourlyCost
from initiatives.yaml_reader import NodeReader, Problem, YamlFileError, compose, decode
from townhall.changes import create_row

SOURCE = "初期値"
MOST_WEIGHT = 10
MOST_YEN = 100_000


@dataclass(frozen=True)
class CriterionEntry:
    name: str
    question: str
    weight: int
    steps: tuple[str, ...]


@dataclass(frozen=True)
class HourlyEntry:
    yen: int
    starts_on: date | None
    basis: str


@dataclass(frozen=True)
class ProposalDefaults:
    criteria: tuple[CriterionEntry, ...]
    hourly: HourlyEntry | None


def read_proposals(path: Path) -> ProposalDefaults:
    """Raises YamlFileError with every complaint and its line."""
    try:
        root = compose(decode(path.read_bytes()))
    except OSError as error:
        raise YamlFileError([Problem(0, f"{path.name} を読めません。")]) from error
    return _Reader().read(root)


@transaction.atomic
def add_criteria(defaults: ProposalDefaults, *, by: Any, today: date) -> list[Criterion]:
    """A 観点 the town already has under the same name is left alone, also when it is switched off."""
    names = set(Criterion.objects.values_list("name", flat=True))
    return [
        create_row(
            Criterion(
                name=entry.name,
                question=entry.question,
                weight=entry.weight,
                steps="\n".join(entry.steps),
                order=order,
                is_example=True,
            ),
            by=by,
            today=today,
            source=SOURCE,
        )
        for order, entry in enumerate(defaults.criteria, start=1)
        if entry.name not in names
    ]


@transaction.atomic
def add_hourly_cost(defaults: ProposalDefaults, *, by: Any, today: date) -> list[HourlyCost]:
    """Only where there is none: an amount of the town's own must never be followed by an example."""
    entry = defaults.hourly
    if entry is None or entry.starts_on is None or HourlyCost.objects.exists():
        return []
    row = HourlyCost(yen=entry.yen, starts_on=entry.starts_on, basis=entry.basis, is_example=True)
    return [create_row(row, by=by, today=today, source=SOURCE)]


class _Reader(NodeReader):
    def read(self, root: Node) -> ProposalDefaults:
        parts = self.mapping(root, "提案のファイル", required=["criteria"], optional=["hourly"])
        criteria = tuple(self._criterion(node) for node in self.items(parts.get("criteria"), "観点の一覧"))
        hourly = self._hourly(parts["hourly"]) if "hourly" in parts else None
        if self.problems:
            raise YamlFileError(self.problems)
        return ProposalDefaults(criteria, hourly)

    def _criterion(self, node: Node) -> CriterionEntry:
        parts = self.mapping(node, "観点", required=["name", "question", "weight", "steps"])
        return CriterionEntry(
            name=self.line(parts.get("name"), "観点の名称", max_length=40),
            question=self.line(parts.get("question"), "見ること", max_length=200),
            weight=self._whole(parts.get("weight"), "weight", most=MOST_WEIGHT),
            steps=tuple(
                self.line(each, "段階の意味", max_length=100) for each in self.items(parts.get("steps"), "段階の一覧")
            ),
        )

    def _hourly(self, node: Node) -> HourlyEntry:
        parts = self.mapping(node, "時間あたりの人件費", required=["yen", "from"], optional=["basis"])
        return HourlyEntry(
            yen=self._whole(parts.get("yen"), "yen", most=MOST_YEN),
            starts_on=self.day(parts.get("from"), "from"),
            basis=self.line(parts.get("basis"), "根拠", max_length=200),
        )

    def _whole(self, node: Node | None, what: str, *, most: int) -> int:
        value = node.value if isinstance(node, ScalarNode) else ""
        if not re.fullmatch(r"[1-9][0-9]{0,5}", value) or int(value) > most:
            if node is not None:
                self.complain(node, f"{what} は1から{most:,}までの半角の数字で書いてください。")
            return 1
        return int(value)
