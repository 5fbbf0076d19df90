"""The adopted plan as one literate YAML file → frozen dataclasses. Pure: no ORM, no clock.

`read_plan_file` refuses a malformed file with every complaint it can find, each with its line.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

from yaml.nodes import Node, ScalarNode

from initiatives.chapter_text import INSERT_LINE, Insert, join_lines, paragraphs_of
from initiatives.source_text import TERM_MARK, without_marks
from initiatives.timing import KINDS, Kind, Timing, UnreadableTimingError, derive_timing
from initiatives.yaml_reader import NodeReader, Problem, YamlFileError, compose, decode
from townhall.fiscal import fiscal_year

# 計画書 6: the first row carries this instead of a 取組事項.
ORGANISATION = "DX推進体制"

# The list that fills each insert, under the key of the file.
LISTS = {
    Insert.PRINCIPLES: "principles",
    Insert.PRIORITIES: "priorities",
    Insert.STUDIES: "studies",
    Insert.SCHEDULE: "rows",
    Insert.ROLES: "roles",
}

CODE_LENGTH = 30
SHORT_LENGTH = 60
NAME_LENGTH = 120
TEXT_LENGTH = 20_000


class PlanFileError(YamlFileError):
    """The file is not a plan. `problems` lists everything found; str() is what a person should read."""


@dataclass(frozen=True)
class ChapterEntry:
    number: int
    heading: str
    text: str


@dataclass(frozen=True)
class PrincipleEntry:
    number: int
    text: str


@dataclass(frozen=True)
class InitiativeEntry:
    """One of the 重点 or, in `PlanFile.studies`, of the 検討事項. Each list counts from 1."""

    number: int
    marked_name: str
    """As printed, with its 【※n】."""
    text: str

    @property
    def name(self) -> str:
        return without_marks(self.marked_name)


@dataclass(frozen=True)
class RowEntry:
    """One row of 全体スケジュール. `priority` is a number of the 重点, or None for the row of the 推進体制."""

    code: str
    priority: int | None
    content: str
    timing_text: str
    timing: Timing
    timing_reason: str
    """Why a person decided on kind or years; empty when they follow from the text."""


@dataclass(frozen=True)
class RoleEntry:
    name: str
    holder: str
    duty: str


@dataclass(frozen=True)
class TermEntry:
    number: int
    term: str
    definition: str
    aliases: tuple[str, ...]
    first_used: str
    """Where its 【※n】 stands first, for people: 「5 DXに向けた取組（重点4）」. Empty when nothing refers to it."""


@dataclass(frozen=True)
class PlanFile:
    code: str
    name: str
    starts_on: date
    ends_on: date
    chapters: tuple[ChapterEntry, ...]
    principles: tuple[PrincipleEntry, ...]
    priorities: tuple[InitiativeEntry, ...]
    studies: tuple[InitiativeEntry, ...]
    rows: tuple[RowEntry, ...]
    roles: tuple[RoleEntry, ...]
    terms: tuple[TermEntry, ...]


def read_plan_file(source: Path | str | bytes) -> PlanFile:
    """A Path is opened; text and bytes are the content itself. Raises PlanFileError."""
    try:
        if isinstance(source, Path):
            source = _content_of(source)
        text = decode(source) if isinstance(source, bytes) else source.removeprefix("\ufeff")
        return _PlanReader().read(compose(text))
    except YamlFileError as error:
        raise PlanFileError(error.problems) from error


def _content_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a path that cannot be one
        reasons: dict[type[Exception], str] = {
            FileNotFoundError: "見つかりません",
            IsADirectoryError: "フォルダーです",
            PermissionError: "読む権限がありません",
        }
        reason = reasons.get(type(error), "ファイルを開けません")
        raise YamlFileError([Problem(0, f"計画ファイル {path} を読めません（{reason}）。")]) from error


E = TypeVar("E", ChapterEntry, PrincipleEntry, InitiativeEntry, TermEntry)


class _PlanReader(NodeReader):
    """One method for each kind of entry. What refers to something else is checked once that is known."""

    def __init__(self) -> None:
        super().__init__()
        self.place = ""  # where we are, for `first_used`
        self.marks: list[tuple[int, int, str]] = []  # line, number of the term, place
        self.lists: dict[str, tuple[str, Node]] = {}  # key of the list → the chapter it stands in, its node
        self.years = (0, 0)

    def read(self, root: Node) -> PlanFile:
        """Raises YamlFileError with everything that was found."""
        parts = self.mapping(root, "計画ファイル", required=["plan", "chapters", "terms"])
        code, name, starts_on, ends_on = self.head(parts.get("plan"))
        chapters = self.numbered(parts.get("chapters"), "章", self.chapter)
        for key in ("priorities", "rows"):
            if "chapters" in parts and key not in self.lists:
                self.complain(parts["chapters"], f"どの章にも「{key}」がありません。")
        principles = self.numbered(self.list_node("principles"), "基本理念", self.principle)
        priorities = self.numbered(
            self.list_node("priorities"), "重点", partial(self.initiative, key="priorities", what="重点")
        )
        studies = self.numbered(
            self.list_node("studies"), "検討事項", partial(self.initiative, key="studies", what="検討事項")
        )
        rows = self.rows(self.list_node("rows"), {entry.number for entry in priorities})
        roles = self.roles(self.list_node("roles"))
        terms = self.numbered(parts.get("terms"), "用語", self.term)
        self.check_marks({entry.number for entry in terms})
        if self.problems or starts_on is None or ends_on is None:
            raise YamlFileError(self.problems)
        return PlanFile(
            code=code,
            name=name,
            starts_on=starts_on,
            ends_on=ends_on,
            chapters=tuple(chapters),
            principles=tuple(principles),
            priorities=tuple(priorities),
            studies=tuple(studies),
            rows=tuple(rows),
            roles=tuple(roles),
            terms=tuple(self.with_first_use(entry) for entry in terms),
        )

    # -- small parts ---------------------------------------------------------------------------

    def list_node(self, key: str) -> Node | None:
        return self.lists[key][1] if key in self.lists else None

    def numbered(self, node: Node | None, what: str, read: Callable[[Node], E]) -> list[E]:
        found: dict[int, E] = {}
        for item in self.items(node, f"{what}の一覧"):
            entry = read(item)
            if entry.number and entry.number in found:
                self.complain(item, f"{what}の番号 {entry.number} が2回使われています。")
            found[entry.number] = entry
        return [found[number] for number in sorted(found)]

    def prose(self, node: Node | None, what: str) -> str:
        """Paragraphs with an empty line between them; inside a paragraph, a sentence a line is one running text."""
        text = self.text(node, what, max_length=TEXT_LENGTH)
        self.note_marks(node)
        return "\n\n".join(join_lines(paragraph) for paragraph in paragraphs_of(text))

    def note_marks(self, node: Node | None) -> None:
        if isinstance(node, ScalarNode):
            for mark in TERM_MARK.finditer(node.value):
                self.marks.append((self.line_within(node, mark.start()), int(mark[1]), self.place))

    def check_marks(self, terms: set[int]) -> None:
        for line, number, _ in self.marks:
            if number not in terms:
                self.problems.append(Problem(line, f"【※{number}】の用語説明がありません。"))

    def with_first_use(self, term: TermEntry) -> TermEntry:
        places = [place for _, number, place in sorted(self.marks) if number == term.number]
        return replace(term, first_used=places[0] if places else "")

    # -- the plan itself -----------------------------------------------------------------------

    def head(self, node: Node | None) -> tuple[str, str, date | None, date | None]:
        if node is None:
            return "", "", None, None
        parts = self.mapping(node, "計画", required=["code", "name", "starts_on", "ends_on"])
        code = self.line(parts.get("code"), "計画の記号（code）", max_length=CODE_LENGTH)
        if code and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code):
            self.complain(
                parts["code"], "計画の記号（code）は、r5-r7 のように半角の英小文字・数字・「-」で書いてください。"
            )
        name = self.line(parts.get("name"), "計画の名称（name）", max_length=NAME_LENGTH)
        starts_on = self.day(parts.get("starts_on"), "計画期間の始め（starts_on）")
        ends_on = self.day(parts.get("ends_on"), "計画期間の終わり（ends_on）")
        if starts_on and ends_on and starts_on >= ends_on:
            self.complain(parts["ends_on"], "計画期間の終わり（ends_on）は、始めより後の日にしてください。")
        elif starts_on and ends_on:
            self.years = (fiscal_year(starts_on), fiscal_year(ends_on))
        return code, name, starts_on, ends_on

    # -- chapters and what stands in them ------------------------------------------------------

    def chapter(self, node: Node) -> ChapterEntry:
        parts = self.mapping(node, "章", required=["number", "heading", "text"], optional=list(LISTS.values()))
        number = self.number(parts.get("number"), "章の番号（number）")
        heading = self.line(parts.get("heading"), "章の見出し（heading）", max_length=SHORT_LENGTH)
        self.place = f"{number} {heading}"
        text = self.prose(parts.get("text"), "章の本文（text）")
        for key in LISTS.values():
            if key in parts and key in self.lists:
                self.complain(parts[key], f"「{key}」が2つの章に書かれています。")
            elif key in parts:
                self.lists[key] = (self.place, parts[key])
        if text:
            self.check_inserts(parts, text)
        return ChapterEntry(number, heading, text)

    def check_inserts(self, parts: dict[str, Node], text: str) -> None:
        """［基本理念］ in the text and `principles:` below it need each other."""
        inserts = [found[1] for line in paragraphs_of(text) if (found := INSERT_LINE.fullmatch(line))]
        known = {insert.value: key for insert, key in LISTS.items()}
        for name in inserts:
            if name not in known:
                names = "".join(f"［{name}］" for name in known)
                self.complain(parts["text"], f"［{name}］に入る一覧はありません。使えるのは{names}です。")
            elif known[name] not in parts:
                self.complain(parts["text"], f"本文に［{name}］がありますが、この章に「{known[name]}」がありません。")
        for name, key in known.items():
            if key in parts and name not in inserts:
                self.complain(parts[key], f"この章の本文に、「{key}」を入れる場所［{name}］がありません。")

    def principle(self, node: Node) -> PrincipleEntry:
        parts = self.mapping(node, "基本理念", required=["number", "text"])
        number = self.number(parts.get("number"), "基本理念の番号（number）")
        self.place = f"{self.lists['principles'][0]}（{number}）"
        return PrincipleEntry(number, self.prose(parts.get("text"), "基本理念の本文（text）"))

    def initiative(self, node: Node, *, key: str, what: str) -> InitiativeEntry:
        parts = self.mapping(node, what, required=["number", "name", "text"])
        number = self.number(parts.get("number"), f"{what}の番号（number）")
        self.place = f"{self.lists[key][0]}（{what}{number}）"
        name = self.line(parts.get("name"), f"{what}の名称（name）", max_length=NAME_LENGTH)
        self.note_marks(parts.get("name"))
        return InitiativeEntry(number, name, self.prose(parts.get("text"), f"{what}の本文（text）"))

    def roles(self, node: Node | None) -> list[RoleEntry]:
        found: dict[str, RoleEntry] = {}
        for item in self.items(node, "役割の一覧"):
            parts = self.mapping(item, "役割", required=["name", "holder", "duty"])
            name = self.line(parts.get("name"), "役（name）", max_length=SHORT_LENGTH)
            holder = self.line(parts.get("holder"), "だれ（holder）", max_length=NAME_LENGTH)
            if name and name in found:
                self.complain(item, f"役「{name}」が2回書かれています。")
            self.place = f"{self.lists['roles'][0]}（{name}）"
            found[name] = RoleEntry(name, holder, self.prose(parts.get("duty"), "役割（duty）"))
        return list(found.values())

    def term(self, node: Node) -> TermEntry:
        parts = self.mapping(node, "用語", required=["number", "term", "definition"], optional=["aliases"])
        number = self.number(parts.get("number"), "用語の番号（number）")
        term = self.line(parts.get("term"), "用語（term）", max_length=SHORT_LENGTH)
        self.place = f"用語説明（※{number}）"
        definition = self.prose(parts.get("definition"), "用語の説明（definition）")
        aliases = tuple(
            self.line(alias, "別の書き方（aliases）", max_length=SHORT_LENGTH)
            for alias in self.items(parts.get("aliases"), "別の書き方（aliases）")
        )
        return TermEntry(number, term, definition, aliases, first_used="")

    # -- the schedule --------------------------------------------------------------------------

    def rows(self, node: Node | None, priorities: set[int]) -> list[RowEntry]:
        found: dict[str, RowEntry] = {}
        for item in self.items(node, "行の一覧"):
            row = self.row(item, priorities)
            if row.code and row.code in found:
                self.complain(item, f"行の番号（code）{row.code} が2回使われています。")
            found[row.code] = row
        return list(found.values())

    def row(self, node: Node, priorities: set[int]) -> RowEntry:
        required = ["code", "initiative", "content", "timing"]
        parts = self.mapping(node, "行", required=required, optional=["override"])
        code = self.line(parts.get("code"), "行の番号（code）", max_length=SHORT_LENGTH)
        self.place = f"{self.lists['rows'][0]}（{code}）"
        priority = self.priority_of_row(parts.get("initiative"), priorities)
        if code and not re.fullmatch(rf"{priority or 0}-[1-9][0-9]?", code):
            example = f"{priority or 0}-1"
            self.complain(
                parts["code"], f"行の番号（code）{code} は、取組の番号に合わせて {example} のように書いてください。"
            )
        content = self.text(parts.get("content"), "行の内容（content）", max_length=TEXT_LENGTH)
        self.note_marks(parts.get("content"))
        timing_text = self.line(parts.get("timing"), "実施時期（timing）", max_length=NAME_LENGTH)
        timing, reason = self.timing(parts, timing_text)
        return RowEntry(code, priority, content, timing_text, timing, reason)

    def priority_of_row(self, node: Node | None, priorities: set[int]) -> int | None:
        if node is None or (isinstance(node, ScalarNode) and node.value == ORGANISATION):
            return None
        number = self.number(node, f"行の取組（initiative）は「{ORGANISATION}」か重点の番号です。番号")
        if number and number not in priorities:
            self.complain(node, f"行の取組（initiative）{number} は、重点（priorities）にありません。")
        return number or None

    def timing(self, parts: dict[str, Node], text: str) -> tuple[Timing, str]:
        """Kind and years from the text, unless a person decided otherwise and said why."""
        if "override" in parts:
            return self.override(parts["override"])
        if text and self.years != (0, 0):
            try:
                return derive_timing(text, *self.years), ""
            except UnreadableTimingError as error:
                self.complain(parts["timing"], str(error))
        return Timing("ongoing", *self.years), ""

    def override(self, node: Node) -> tuple[Timing, str]:
        parts = self.mapping(
            node, "override", required=["kind", "first_year", "last_year", "reason"], optional=["due_on"]
        )
        reason = self.line(parts.get("reason"), "理由（reason）", max_length=NAME_LENGTH)
        written = self.line(parts.get("kind"), "種類（kind）", max_length=SHORT_LENGTH)
        kind: Kind | None = next((kind for kind in KINDS if kind == written), None)
        if written and kind is None:
            self.complain(parts["kind"], f"種類（kind）は {'・'.join(KINDS)} のどれかです。")
        first = self.year(parts.get("first_year"), "始めの年度（first_year）")
        last = self.year(parts.get("last_year"), "終わりの年度（last_year）")
        if first and last and first > last:
            self.complain(parts["last_year"], "終わりの年度（last_year）は、始めの年度より前にできません。")
        due_on = self.day(parts.get("due_on"), "期限（due_on）")
        if (kind == "deadline") != ("due_on" in parts):
            self.complain(node, "期限（due_on）は、種類が deadline のときに必ず書き、ほかのときは書きません。")
        return Timing(kind or "ongoing", first, last, due_on), reason

    def year(self, node: Node | None, what: str) -> int:
        first, last = self.years
        if node is None or self.years == (0, 0):
            return 0
        value = node.value if isinstance(node, ScalarNode) else ""
        if not re.fullmatch(r"[0-9]{4}", value) or not first <= int(value) <= last:
            self.complain(node, f"{what}は、計画期間の年度を {first} から {last} までの西暦で書いてください。")
            return 0
        return int(value)
