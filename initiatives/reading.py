"""The plan's text as a page reads it: blocks in order, each term explained right below where it is met first."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from initiatives.chapter_text import HEADING, INSERT_LINE, Insert, join_lines, paragraphs_of
from initiatives.choices import InitiativeKind
from initiatives.models import Chapter, GlossaryTerm, Initiative, Plan, PlanRole
from initiatives.source_text import TERM_MARK, mark_numbers


@dataclass(frozen=True)
class Piece:
    """A stretch of running text; with a term it is a link to that term's explanation."""

    text: str
    term: GlossaryTerm | None = None


@dataclass(frozen=True)
class Passage:
    pieces: tuple[Piece, ...]
    notes: tuple[GlossaryTerm, ...] = ()
    """Terms met here for the first time on this page."""

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Entry:
    """One item of a list inside a chapter: a principle, or an initiative with its page."""

    label: str
    url: str = ""
    name: Passage | None = None
    paragraphs: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Block:
    kind: Literal["heading", "paragraph", "principles", "initiatives", "schedule", "roles"]
    passage: Passage | None = None
    entries: tuple[Entry, ...] = ()
    roles: tuple[PlanRole, ...] = ()


class TermReader:
    """Finds the glossary's terms in running text. Use one per page, in reading order: it remembers what was explained."""

    def __init__(self, terms: Iterable[GlossaryTerm]) -> None:
        self.terms = {term.number: term for term in terms}
        self.explained: set[int] = set()
        self.spellings = {
            spelling: term.number
            for term in self.terms.values()
            for spelling in (term.term, *term.aliases.splitlines())
            if spelling.strip()
        }
        words = sorted(self.spellings, key=len, reverse=True)
        # Letters and digits must not continue on either side: DX is not met in "DXF", CIO not in "CIOs".
        edges = [rf"(?<![0-9A-Za-z]){re.escape(word)}(?![0-9A-Za-z])" for word in words]
        self.found = re.compile("|".join([TERM_MARK.pattern, *edges]))

    def passage(self, text: str) -> Passage:
        pieces: list[Piece] = []
        end = 0
        first_met: dict[int, GlossaryTerm] = {}
        marked = set(mark_numbers(text))
        for match in self.found.finditer(text):
            is_mark = match[1] is not None
            number = int(match[1]) if is_mark else self.spellings[match[0]]
            term = self.terms.get(number)
            is_new = number not in self.explained and number not in first_met
            if term is None or not (is_mark or (is_new and number not in marked)):
                continue
            if is_new:
                first_met[number] = term
            pieces += [Piece(text[end : match.start()]), Piece(match[0], term)]
            end = match.end()
        pieces.append(Piece(text[end:]))
        self.explained |= first_met.keys()
        return Passage(tuple(piece for piece in pieces if piece.text), tuple(first_met.values()))

    def plain(self, text: str) -> Passage:
        """For text that is itself a link or a table cell: the terms are explained below it, but not linked inside."""
        return Passage((Piece(text),), self.passage(text).notes)


def read_chapter(chapter: Chapter, reader: TermReader) -> tuple[Block, ...]:
    """Queries the list of each insert once. 全体スケジュール is left to the page, which may look at `schedule`."""
    return tuple(_block(join_lines(paragraph), chapter.plan, reader) for paragraph in paragraphs_of(chapter.text))


def _block(paragraph: str, plan: Plan, reader: TermReader) -> Block:
    insert = INSERT_LINE.fullmatch(paragraph)
    name = insert[1] if insert else ""
    if name == Insert.PRINCIPLES:
        return Block("principles", entries=_principles(plan, reader))
    if name == Insert.PRIORITIES:
        return Block("initiatives", entries=_initiatives(plan, InitiativeKind.PRIORITY, reader))
    if name == Insert.STUDIES:
        return Block("initiatives", entries=_initiatives(plan, InitiativeKind.STUDY, reader))
    if name == Insert.SCHEDULE:
        return Block("schedule")
    if name == Insert.ROLES:
        return Block("roles", roles=tuple(plan.roles.order_by("number")))
    if paragraph.startswith(HEADING):
        return Block("heading", reader.plain(paragraph.removeprefix(HEADING)))
    return Block("paragraph", reader.passage(paragraph))


def _principles(plan: Plan, reader: TermReader) -> tuple[Entry, ...]:
    return tuple(
        Entry(f"({principle.number})", paragraphs=(reader.passage(principle.text),))
        for principle in plan.principles.order_by("number")
    )


def _initiatives(plan: Plan, kind: InitiativeKind, reader: TermReader) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            label=str(initiative.number),
            url=initiative.get_absolute_url(),
            name=reader.plain(initiative.name),
            paragraphs=tuple(reader.passage(join_lines(text)) for text in paragraphs_of(initiative.text)),
        )
        for initiative in plan.initiatives.filter(kind=kind).order_by("number")
    )


@dataclass(frozen=True)
class TermUse:
    """A term of the glossary and where the plan uses it first; chapter is None when its mark is nowhere."""

    term: GlossaryTerm
    chapter: Chapter | None
    place: str


def glossary(plan: Plan) -> list[TermUse]:
    """Three queries: terms, chapters, initiatives."""
    chapters = list(plan.chapters.order_by("number"))
    initiatives = list(plan.initiatives.in_plan_order())
    return [TermUse(term, *_first_use(term, chapters, initiatives)) for term in plan.terms.order_by("number")]


def _first_use(
    term: GlossaryTerm, chapters: Sequence[Chapter], initiatives: Sequence[Initiative]
) -> tuple[Chapter | None, str]:
    for chapter in chapters:
        if term.number in mark_numbers(chapter.text):
            return chapter, str(chapter)
        for initiative in initiatives:
            # The name is kept without its mark, so there the word itself tells.
            if _stands_in(initiative, chapter) and (
                term.number in mark_numbers(initiative.text) or term.term in initiative.name
            ):
                return chapter, f"{chapter}（{initiative.get_kind_display()}{initiative.number}）"
    return None, ""


def _stands_in(initiative: Initiative, chapter: Chapter) -> bool:
    insert = Insert.STUDIES if initiative.kind == InitiativeKind.STUDY else Insert.PRIORITIES
    return f"［{insert}］" in paragraphs_of(chapter.text)
