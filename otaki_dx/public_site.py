"""The site for residents as addresses and pages. Made from one publication alone; served, shown as a sample, or as files."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.template.loader import render_to_string

from initiatives.reading import Passage, TermReader
from otaki_dx.open_data import FILES, file_bytes
from schedule.models import Publication
from schedule.public.content import PublicChapter, PublicContent, PublicInitiative, PublicRow

Context = dict[str, Any]


@dataclass(frozen=True)
class Edition:
    """One publication, or what would be one."""

    content: PublicContent
    as_of: date
    number: int | None = None  # None: a sample
    sha256: str = ""


def edition_of(publication: Publication) -> Edition:
    return Edition(publication.shown, publication.as_of, publication.number, publication.sha256)


@dataclass(frozen=True)
class Place:
    """Where a page stands: 「」 for the first page, 「initiatives/5/」."""

    path: str
    is_file: bool = False  # in the static site an address names its file

    def to(self, path: str) -> str:
        up = "../" * self.path.count("/")
        is_folder = not path or path.endswith("/")
        return f"{up}{path}{'index.html' if self.is_file and is_folder else ''}" or "./"


@dataclass(frozen=True)
class InitiativeCard:
    initiative: PublicInitiative
    counts: tuple[Any, ...]
    next_step: str


def page_html(edition: Edition | None, path: str, *, is_file: bool = False, is_sample: bool = False) -> str | None:
    """The page at that address, or None when there is none. No request: nothing about the reader can be on it."""
    place = {"at": Place(path, is_file), "is_sample": is_sample, "edition": edition}
    if edition is None:
        return render_to_string("otaki_dx/public_preparing.html", place)
    found = _found(edition.content, path)
    if found is None:
        return None
    template, context = found
    return render_to_string(f"otaki_dx/{template}.html", place | {"content": edition.content} | context)


def file_of(edition: Edition, path: str) -> tuple[bytes, str] | None:
    """An open data file under data/ with its type."""
    name = path.removeprefix("data/")
    if not path.startswith("data/") or name not in FILES:
        return None
    return file_bytes(name, edition.content, as_of=edition.as_of), FILES[name].content_type


def addresses(content: PublicContent) -> Iterator[str]:
    """Every page of the site, in the order of its menu."""
    yield ""
    yield from (f"initiatives/{each.code}/" for each in content.initiatives)
    yield from ("changes/", "systems/", "indicators/", "terms/", "text/")
    yield from (f"text/{each.number}/" for each in content.chapters)
    yield "data/"


def _found(content: PublicContent, path: str) -> tuple[str, Context] | None:
    for pattern, template, make in _PAGES:
        match = re.fullmatch(pattern, path)
        if match:
            context = make(content, *match.groups())
            return None if context is None else (template, context)
    return None


def _home(content: PublicContent) -> Context:
    return {"cards": _cards(content, content.priorities), "studies": _cards(content, content.studies)}


def _cards(content: PublicContent, initiatives: tuple[PublicInitiative, ...]) -> list[InitiativeCard]:
    return [InitiativeCard(each, content.counts_of(each.code), content.next_of(each.code)) for each in initiatives]


def _initiative(content: PublicContent, code: str) -> Context | None:
    found = next((each for each in content.initiatives if each.code == code), None)
    if found is None:
        return None
    reader = _reader(content)
    rows: tuple[PublicRow, ...] = content.rows_of(code)
    return {
        "initiative": found,
        "rows": rows,
        "figures": content.figures_of(code),
        "letters": content.letters_of(code),
        "passages": [reader.passage(text) for text in found.plan_text],
    }


def _reader(content: PublicContent) -> TermReader:
    """Frozen terms have what it reads of the plan's own: number, term, definition, aliases."""
    return TermReader(cast("Iterable[Any]", content.terms))


def _text(content: PublicContent) -> Context:
    return {}


@dataclass(frozen=True)
class ReadBlock:
    kind: str
    passage: Passage
    items: tuple[tuple[str, ...], ...]


def _chapter(content: PublicContent, number: str) -> Context | None:
    chapters = content.chapters
    at = next((at for at, each in enumerate(chapters) if str(each.number) == number), None)
    if at is None:
        return None
    return {
        "chapter": chapters[at],
        "blocks": _read(chapters[at], content),
        "previous": chapters[at - 1] if at else None,
        "next": chapters[at + 1] if at + 1 < len(chapters) else None,
    }


def _read(chapter: PublicChapter, content: PublicContent) -> list[ReadBlock]:
    reader = _reader(content)
    return [ReadBlock(each.kind, reader.passage(each.text), each.items) for each in chapter.blocks]


def _data(content: PublicContent) -> Context:
    return {
        "files": [each for each in FILES.values() if each.table],
        "about": [each for each in FILES.values() if not each.table],
    }


_PAGES: tuple[tuple[str, str, Callable[..., Context | None]], ...] = (
    (r"", "public_home", _home),
    (r"initiatives/([1-9]\d?|k[1-9]\d?)/", "public_initiative", _initiative),
    (r"changes/", "public_changes", _text),
    (r"systems/", "public_systems", _text),
    (r"indicators/", "public_indicators", _text),
    (r"terms/", "public_terms", _text),
    (r"text/", "public_text", _text),
    (r"text/(\d{1,3})/", "public_chapter", _chapter),
    (r"data/", "public_data", _data),
)
