"""What a document says: sections of texts, pairs and tables, as plain values and as JSON that is always the same."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any, ClassVar, Literal

from townhall import fiscal
from townhall.cells import clean_text

Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Text:
    """A passage. `key` names a block within its section, whatever becomes of the words."""

    kind: ClassVar = "text"
    key: str
    text: str
    label: str = ""
    is_small: bool = False  # a definition or a source, beside what it explains
    is_dated: bool = False  # 基準日 follows: not in the text, for two editions of two days may say the same

    def said_on(self, day: date) -> str:
        return f"{self.text}　基準日：{fiscal.format_date(day)}" if self.is_dated else self.text


@dataclass(frozen=True)
class Pair:
    key: str
    label: str
    text: str


@dataclass(frozen=True)
class Pairs:
    kind: ClassVar = "pairs"
    key: str
    rows: tuple[Pair, ...]
    label: str = ""


@dataclass(frozen=True)
class Column:
    label: str
    width: int = 1  # share of the paper's width
    align: Align = "left"


@dataclass(frozen=True)
class Line:
    key: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    kind: ClassVar = "table"
    key: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    label: str = ""
    empty: str = "ありません。"  # said in place of a table without lines
    share: int = 100  # percent of the width of the paper


@dataclass(frozen=True)
class Entry:
    key: str
    number: str
    text: str
    note: str = ""
    aside: str = ""  # at the right edge: the number of its paper


@dataclass(frozen=True)
class Agenda:
    """次第: numbered lines, no table."""

    kind: ClassVar = "agenda"
    key: str
    entries: tuple[Entry, ...]
    label: str = ""


@dataclass(frozen=True)
class Blank:
    """A field to write in by hand."""

    kind: ClassVar = "blank"
    key: str
    label: str
    lines: int = 3


Block = Text | Pairs | Table | Agenda | Blank
BLOCKS: dict[str, type[Block]] = {each.kind: each for each in (Text, Pairs, Table, Agenda, Blank)}


@dataclass(frozen=True)
class Section:
    key: str
    heading: str
    blocks: tuple[Block, ...]
    number: str = ""  # 資料番号
    over: str = ""  # above the heading: 「議題1（審査）」
    is_listed: bool = True  # among the papers of the pack
    lists_papers: bool = False  # 配布資料 with their pages stand here


@dataclass(frozen=True)
class Cover:
    title: tuple[str, ...]  # in lines
    facts: tuple[Pair, ...]
    sender: str


@dataclass(frozen=True)
class Paper:
    title: str
    running: str  # at the head of every page
    as_of: date
    sections: tuple[Section, ...]
    cover: Cover | None = None
    edition: str = ""  # 「第2版」, said beside 時点
    note: str = ""  # at the foot of every page: 例のデータです

    def with_section(self, section: Section) -> "Paper":
        return replace(self, sections=(*self.sections, section))


# --- to and from JSON


def as_plain(paper: Paper) -> dict[str, Any]:
    plain: dict[str, Any] = _cleaned(asdict(paper))
    plain["as_of"] = paper.as_of.isoformat()
    for section, said in zip(plain["sections"], paper.sections, strict=True):
        for block, each in zip(section["blocks"], said.blocks, strict=True):
            block["kind"] = each.kind
    return plain


def as_json(paper: Paper) -> str:
    """The same paper always gives the same text."""
    return json.dumps(as_plain(paper), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(content: str) -> Paper:
    """Also of a paper written by an earlier version: what it did not know has its default."""
    plain = json.loads(content)
    cover = plain.get("cover")
    return _made(
        Paper,
        plain,
        as_of=date.fromisoformat(plain["as_of"]),
        sections=tuple(_section(each) for each in plain["sections"]),
        cover=_made(Cover, cover, title=tuple(cover["title"]), facts=_all(Pair, cover["facts"])) if cover else None,
    )


def mark_of(content: str) -> str:
    """sha256 of what `as_json` wrote."""
    return hashlib.sha256(content.encode()).hexdigest()


def _section(plain: dict[str, Any]) -> Section:
    return _made(Section, plain, blocks=tuple(_block(each) for each in plain["blocks"]))


def _block(plain: dict[str, Any]) -> Block:
    kind = BLOCKS[plain["kind"]]
    if kind is Pairs:
        return _made(Pairs, plain, rows=_all(Pair, plain["rows"]))
    if kind is Table:
        lines = tuple(Line(each["key"], tuple(each["cells"])) for each in plain["lines"])
        return _made(Table, plain, columns=_all(Column, plain["columns"]), lines=lines)
    if kind is Agenda:
        return _made(Agenda, plain, entries=_all(Entry, plain["entries"]))
    return _made(kind, plain)


def _all(kind: type[Any], rows: Iterable[dict[str, Any]]) -> tuple[Any, ...]:
    return tuple(_made(kind, row) for row in rows)


def _made(kind: type[Any], plain: dict[str, Any], **known: Any) -> Any:
    names = {field.name for field in fields(kind)}
    return kind(**{name: value for name, value in plain.items() if name in names} | known)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {name: _cleaned(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(each) for each in value]
    return value
