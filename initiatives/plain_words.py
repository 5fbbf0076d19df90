"""The first やさしい説明, read from YAML. Adds what is missing, never changes a line; all are 例 until the town confirms."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from yaml.nodes import Node

from initiatives.models import Initiative, PlainWords
from initiatives.yaml_reader import NodeReader, Problem, YamlFileError, compose, decode
from townhall.changes import create_row

SOURCE = "初期値"
LONGEST = 120


@dataclass(frozen=True)
class PlainFile:
    plan: str
    words: tuple[tuple[str, str], ...]  # code of the initiative, its line


def read_plain_words(path: Path) -> PlainFile:
    """Raises YamlFileError with every complaint and its line."""
    try:
        return _Reader().file(compose(decode(path.read_bytes())))
    except OSError as error:
        raise YamlFileError([Problem(0, f"{path.name} を読めません。")]) from error


@transaction.atomic
def add_plain_words(file: PlainFile, *, by: Any, today: date) -> list[PlainWords]:
    """An initiative that has its line already, or is not in the plan, is left alone."""
    found = Initiative.objects.filter(plan__code=file.plan, plain_words=None)
    without = {each.code: each for each in found}
    return [
        create_row(PlainWords(initiative=without[code], text=text, is_example=True), by=by, today=today, source=SOURCE)
        for code, text in file.words
        if code in without
    ]


class _Reader(NodeReader):
    def file(self, root: Node) -> PlainFile:
        parts = self.mapping(root, "やさしい説明のファイル", required=["plan", "words"])
        words = tuple(self.line_of(node) for node in self.items(parts.get("words"), "説明の一覧"))
        plan = self.line(parts.get("plan"), "計画の記号", max_length=30)
        if self.problems:
            raise YamlFileError(self.problems)
        return PlainFile(plan, words)

    def line_of(self, node: Node) -> tuple[str, str]:
        parts = self.mapping(node, "説明", required=["initiative", "text"])
        code = self.line(parts.get("initiative"), "取組の記号", max_length=6)
        return code, self.line(parts.get("text"), "説明（text）", max_length=LONGEST)
