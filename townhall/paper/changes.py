"""What one paper says differently from another, by section, line and field, in words. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from townhall.paper.content import Agenda, Block, Pair, Pairs, Paper, Section, Table, Text

ADDED, REMOVED, CHANGED, MOVED = "追加", "削除", "変更", "順の変更"


@dataclass(frozen=True)
class Difference:
    section: str  # 「資料1　書かない窓口の導入」
    place: str  # the line or the field; empty for the section as a whole
    what: str
    before: str = ""
    after: str = ""

    @property
    def is_text(self) -> bool:
        """Long enough to be shown with its difference instead of twice."""
        return self.what == CHANGED and max(len(self.before), len(self.after)) > 40


def compare_papers(old: Paper, new: Paper) -> tuple[Difference, ...]:
    """In the order of the new paper, what is gone at its end. 時点 and 版 are not compared: they always differ."""
    was = {section.key: section for section in old.sections}
    found = list(_cover(old, new))
    for section in new.sections:
        before = was.pop(section.key, None)
        found += _sections(before, section) if before else [Difference(name_of(section), "", ADDED)]
    found += [Difference(name_of(section), "", REMOVED) for section in was.values()]
    return tuple(found)


def name_of(section: Section) -> str:
    return "　".join(part for part in (section.number, section.heading) if part)


def _cover(old: Paper, new: Paper) -> Iterator[Difference]:
    before, after = (paper.cover.facts if paper.cover else () for paper in (old, new))
    yield from _pairs("表紙", "", before, after)
    titles = ["　".join(paper.cover.title) if paper.cover else paper.title for paper in (old, new)]
    yield from _value("表紙", "題", titles[0], titles[1])


def _sections(old: Section, new: Section) -> Iterator[Difference]:
    name = name_of(new)
    yield from _value(name, "題", old.heading, new.heading)
    yield from _value(name, "資料番号", old.number, new.number)
    yield from _value(name, "見出し", old.over, new.over)
    was = {block.key: block for block in old.blocks}
    for block in new.blocks:
        before = was.pop(block.key, None)
        if type(before) is type(block):
            yield from _blocks(name, before, block)
        elif _says_something(block):
            yield Difference(name, _label_of(block), ADDED, after=_in_words(block))
    for block in was.values():
        if _says_something(block):
            yield Difference(name, _label_of(block), REMOVED, before=_in_words(block))


def _blocks(name: str, old: Block, new: Block) -> Iterator[Difference]:
    match old, new:
        case Text(), Text():
            yield from _value(name, new.label or "本文", old.text, new.text)
        case Pairs(), Pairs():
            yield from _pairs(name, new.label, old.rows, new.rows)
        case Table(), Table():
            yield from _tables(name, old, new)
        case Agenda(), Agenda():
            yield from _agendas(name, old, new)


def _pairs(name: str, label: str, old: Sequence[Pair], new: Sequence[Pair]) -> Iterator[Difference]:
    was = {row.key: row for row in old}
    for row in new:
        before = was.pop(row.key, None)
        place = _joined(label, row.label)
        if before is None:
            yield Difference(name, place, ADDED, after=row.text)
        else:
            yield from _value(name, place, before.text, row.text)
    for row in was.values():
        yield Difference(name, _joined(label, row.label), REMOVED, before=row.text)


def _tables(name: str, old: Table, new: Table) -> Iterator[Difference]:
    was = {line.key: line for line in old.lines}
    headings = [column.label for column in new.columns]
    for line in new.lines:
        before = was.pop(line.key, None)
        place = _joined(new.label, line.cells[0] if line.cells else "")
        if before is None:
            yield Difference(name, place, ADDED, after=_row_in_words(line.cells))
        elif len(before.cells) == len(line.cells):
            for heading, one, other in zip(headings, before.cells, line.cells, strict=False):
                yield from _value(name, _joined(place, heading), one, other)
        else:
            yield from _value(name, place, _row_in_words(before.cells), _row_in_words(line.cells))
    for line in was.values():
        yield Difference(name, _joined(old.label, line.cells[0]), REMOVED, before=_row_in_words(line.cells))


def _agendas(name: str, old: Agenda, new: Agenda) -> Iterator[Difference]:
    was = {entry.key: entry for entry in old.entries}
    for entry in new.entries:
        before = was.pop(entry.key, None)
        if before is None:
            yield Difference(name, entry.text, ADDED)
            continue
        if before.number != entry.number:
            yield Difference(name, entry.text, MOVED, before.number, entry.number)
        yield from _value(name, _joined(entry.number, "題"), before.text, entry.text)
        yield from _value(name, _joined(entry.text, "説明"), before.note, entry.note)
        yield from _value(name, _joined(entry.text, "資料番号"), before.aside, entry.aside)
    for entry in was.values():
        yield Difference(name, entry.text, REMOVED)


def _value(name: str, place: str, before: str, after: str) -> Iterator[Difference]:
    if before != after:
        yield Difference(name, place, CHANGED, before, after)


def _joined(*parts: str) -> str:
    return "・".join(part for part in parts if part)


def _says_something(block: Block) -> bool:
    return bool(_in_words(block))


def _label_of(block: Block) -> str:
    return block.label or "本文"


def _in_words(block: Block) -> str:
    match block:
        case Text():
            return block.text
        case Pairs():
            return "／".join(f"{row.label} {row.text}" for row in block.rows)
        case Table():
            return "／".join(_row_in_words(line.cells) for line in block.lines)
        case Agenda():
            return "／".join(entry.text for entry in block.entries)
    return ""


def _row_in_words(cells: Iterable[str]) -> str:
    return " ".join(cell for cell in cells if cell)
