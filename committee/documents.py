"""From a frozen edition to what people open: the paper with its edition, and what changed since the edition before."""

from dataclasses import dataclass, replace
from datetime import date

from committee.models import Meeting, Pack
from committee.papers import pack_paper
from townhall.paper.changes import ADDED, CHANGED, Difference, compare_papers
from townhall.paper.content import Column, Line, Paper, Section, Table, as_json, from_json

SHOWN_OF_A_TEXT = 200  # characters, on paper; the page of the changes shows all of it


@dataclass(frozen=True)
class NextEdition:
    """What pressing the button would freeze now."""

    paper: Paper
    last: Pack | None
    differences: tuple[Difference, ...]

    @property
    def edition(self) -> int:
        return self.last.edition + 1 if self.last else 1

    @property
    def is_new(self) -> bool:
        return self.last is None or bool(self.differences)


def next_edition(meeting: Meeting, *, today: date) -> NextEdition:
    paper = from_json(as_json(pack_paper(meeting, as_of=today)))
    last = meeting.packs.newest_first().first()
    return NextEdition(paper, last, compare_papers(last.paper, paper) if last else ())


def document_of(pack: Pack, before: Pack | None) -> Paper:
    """`before`: the edition before it. Both are frozen, so the document is the same whenever it is made."""
    paper = replace(pack.paper, edition=pack.label)
    return paper if before is None else paper.with_section(_changes(before, compare_papers(before.paper, paper)))


def name_of_file(pack: Pack) -> str:
    return f"{pack.meeting.short_name}委員会資料_{pack.label}"


def _changes(before: Pack, differences: tuple[Difference, ...]) -> Section:
    columns = (Column("資料", 5), Column("所", 5), Column("変更", 2), Column("前の版", 7), Column("この版", 7))
    lines = tuple(
        Line(
            str(number),
            (each.section, each.place or "全体", each.what, _cut(each.before), _cut(each.after)),
        )
        for number, each in enumerate(differences)
    )
    table = Table("changes", columns, lines, empty="変わったところはありません。")
    return Section("edition_changes", f"{before.label}からの変更", (table,), number="別紙")


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_OF_A_TEXT else f"{text[: SHOWN_OF_A_TEXT - 1]}…"


def counted(differences: tuple[Difference, ...]) -> str:
    """「変更5か所、追加1か所、削除なし」 in short."""
    if not differences:
        return "変わったところはありません"
    changed = sum(each.what not in (ADDED, "削除") for each in differences)
    added = sum(each.what == ADDED for each in differences)
    removed = len(differences) - changed - added
    parts = ((changed, CHANGED), (added, ADDED), (removed, "削除"))
    return "、".join(f"{word}{count}か所" for count, word in parts if count)
