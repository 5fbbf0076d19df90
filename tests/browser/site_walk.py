"""Finds the pages of the portal as a person would: by following links from ホーム."""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve

from tests.browser.visitor import Visitor

# One example of a page is enough, except where the same page looks different in each state of its subject.
EXAMPLES = {
    "round_entry": 2,
    "initiative_detail": 3,
    "activity_detail": 2,
    "proposal_detail": 6,
    "meeting_detail": 3,
    "plan_chapter": 7,
}
# One page for every model; three models show how it looks.
ALIKE = {"admin delete": 3, "admin history": 3, "admin import": 3, "admin export": 3}
# Answers only to a button, or is not a page for people.
NOT_PAGES = {"admin:logout", "admin:jsi18n", "healthz"}
# Names that differ from model to model and say nothing about how a page of the admin is built.
NAMES_OF_COLUMNS = re.compile(r"(field|column|model|app|cell|fieldBox|row)\w*-.*|sort\w*")
KINDS = ("type", "role", "scope", "aria-current", "aria-invalid")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


def page_name(path: str) -> str | None:
    """The URL name behind a path; None for static files and addresses that do not exist."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return None


def kind_of(name: str) -> str:
    """The name; in the admin, where one page serves all models, its last word."""
    return f"admin {name.rpartition('_')[2]}" if name.startswith("admin:") else name


@dataclass
class FoundPage:
    path: str
    name: str
    status: int
    html: str
    parts: "Parts" = field(init=False)

    def __post_init__(self) -> None:
        self.parts = Parts(self.html)

    @property
    def kind(self) -> str:
        return kind_of(self.name)


class Parts(HTMLParser):
    """What a page is made of, read without a browser."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lang, self.title, self.headings = "", "", 0
        self.links: list[str] = []
        self.refused_by_csp: list[str] = []
        self.elements: set[tuple[str, str]] = set()
        self._open: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        self.lang = values.get("lang", "") if tag == "html" else self.lang
        self.headings += tag == "h1"
        # The admin's link to the page of a row is the same for everybody; the page decides who may see it.
        if tag == "a" and "href" in values and values.get("class") != "viewsitelink":
            self.links.append(values["href"])
        if "style" in values or (tag == "script" and "src" not in values) or any(n.startswith("on") for n in values):
            self.refused_by_csp.append(self.get_starttag_text() or tag)
        look = _look(tag, values)
        self.elements.add((self._open[-1][1] if self._open else "", look))
        if tag not in VOID:
            self._open.append((tag, look))

    def handle_endtag(self, tag: str) -> None:
        if tag in (name for name, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if [name for name, _ in self._open[-2:]] == ["head", "title"]:
            self.title += data


def _look(tag: str, values: dict[str, str]) -> str:
    """The tag with what rules and style sheets ask for; not its text, name or address."""
    classes = sorted(word for word in values.get("class", "").split() if not NAMES_OF_COLUMNS.fullmatch(word))
    kinds = [values.get(name, "") for name in KINDS]
    return " ".join([tag, *kinds, *classes])


def selector_of(pair: tuple[str, str]) -> str:
    """The style sheet's word for an element that looks like this in a parent that looks like that."""
    return " > ".join(_selector(look) for look in pair if look)


def _selector(look: str) -> str:
    tag, *words = look.split(" ")
    kinds, classes = words[: len(KINDS)], words[len(KINDS) :]
    named = [f'[{name}="{value}"]' for name, value in zip(KINDS, kinds, strict=True) if value]
    return tag + "".join([*named, *(f'[class~="{word}"]' for word in classes)])


def walk(
    visitor: Visitor, *, also: Iterable[str] = (), is_known: Callable[[str], bool] = lambda name: False
) -> Iterator[FoundPage]:
    """Fetch one page after the other, without drawing it."""
    waiting, met, seen = deque(["/", *also]), set(), Counter()
    while waiting:
        path = waiting.popleft()
        name = page_name(path)
        if path in met or name is None or name in NOT_PAGES or is_known(name):
            continue
        example, most = (
            (kind_of(name), ALIKE[kind_of(name)]) if kind_of(name) in ALIKE else (name, EXAMPLES.get(name, 1))
        )
        if seen[example] >= most:
            continue
        met.add(path)
        seen[example] += 1
        response = visitor.context.request.get(visitor.portal.url + path)
        if response.headers.get("content-type", "").startswith("text/html"):
            page = FoundPage(path, name, response.status, response.text())
            yield page
            waiting.extend(_own_paths(page, visitor.portal.url))


def _own_paths(page: FoundPage, origin: str) -> list[str]:
    """Where the page leads to inside the portal. Queries are dropped: a filter shows the same page."""
    here = origin + page.path
    addresses = [urlsplit(urljoin(here, link)) for link in page.parts.links]
    return list(
        dict.fromkeys(address.path for address in addresses if f"{address.scheme}://{address.netloc}" == origin)
    )
