"""What a sound page is: accessible by the rules of WCAG 2.2 AA (JIS X 8341-3), within the screen, and named."""

from collections import Counter
from collections.abc import Iterable
from functools import partial
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.served import Portal
from tests.browser.site_walk import FoundPage, kind_of, selector_of, walk
from tests.browser.visitor import Visitor

SITES = ("｜大多喜町DX推進ポータル", "｜大多喜町のDX")  # the portal, and the pages for residents
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, TABLET, PHONE = 1366, 820, 320
HEIGHT = 768
ALL = {"runOnly": {"type": "tag", "values": TAGS}}
BUILT = ALL | {"rules": {"color-contrast": {"enabled": False}, "target-size": {"enabled": False}}}
OF_THE_PARTS = {"runOnly": {"type": "rule", "values": ["color-contrast", "target-size"]}}
OF_THE_ROOM = {"runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]}}


class Gaze:
    """Remembers what has been looked at. A page is drawn when it is the first of its kind, or holds a part that no page
    before it had; otherwise, for another role or another example, it is fetched and checked as text."""

    def __init__(self) -> None:
        self.parts: set[tuple[str, str]] = set()
        self.kinds: set[str] = set()
        self.names: set[str] = set()
        self.fetched: Counter[tuple[str, str]] = Counter()

    def knows(self, portal: Portal, name: str) -> bool:
        """The admin is built alike for everybody; who may open what of it is asked by tests/access."""
        return name.startswith("admin:") and name in self.names and self.fetched[portal.url, kind_of(name)] >= 2

    def new_parts(self, page: FoundPage) -> list[str]:
        return sorted(map(selector_of, page.parts.elements - self.parts))

    def is_first_of(self, page: FoundPage) -> bool:
        return page.kind not in self.kinds

    def keep(self, portal: Portal, page: FoundPage) -> None:
        self.parts |= page.parts.elements
        self.kinds.add(page.kind)
        self.names.add(page.name)
        self.fetched[portal.url, page.kind] += 1


def unsound_pages(visitor: Visitor, gaze: Gaze, *, also: Iterable[str] = ()) -> list[str]:
    found = []
    for page in walk(visitor, also=also, is_known=partial(gaze.knows, visitor.portal)):
        faults = faults_of_text(page)
        new_parts = gaze.new_parts(page)
        if gaze.is_first_of(page) or new_parts:
            visitor.open(page.path)
            faults += faults_of_sight(visitor.page, new_parts)
        gaze.keep(visitor.portal, page)
        found += [f"{page.path} {fault}" for fault in faults]
    return found


def faults_of_text(page: FoundPage) -> list[str]:
    parts = page.parts
    facts = {
        f"answers {page.status}": page.status != 200,
        f"has {parts.headings} h1": parts.headings != 1,
        f"is called {parts.title!r}": not parts.title.endswith(SITES) or parts.title.startswith("｜"),
        f"has lang={parts.lang!r}": parts.lang != "ja",
        f"has what the policy refuses: {parts.refused_by_csp}": bool(parts.refused_by_csp),
    }
    return [fault for fault, is_true in facts.items() if is_true]


def faults_of_sight(page: Page, new_parts: list[str]) -> list[str]:
    """How a page is built is asked at one width. Colours and the room for a finger belong to the parts: they are asked
    of what is new, and colours, which take most of the time, at one width only."""
    see_whole(page)
    page.evaluate(AXE_SCRIPT)
    faults = [*violations(page, BUILT), *overflow(page), *violations_in(new_parts, page, OF_THE_PARTS)]
    for width in (TABLET, PHONE):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        faults += [*overflow(page), *violations_in(new_parts, page, OF_THE_ROOM)]
    page.set_viewport_size({"width": WIDE, "height": HEIGHT})
    return faults


RUN = """([where, options]) => {
  const there = where.filter((selector) => document.querySelector(selector));
  if (where.length && !there.length) return [];
  return axe.run(where.length ? there.map((selector) => [selector]) : document, options).then((said) => said.violations);
}"""


def violations_in(parts: list[str], page: Page, rules: dict[str, Any]) -> list[str]:
    return violations(page, rules, parts) if parts else []


def violations(page: Page, rules: dict[str, Any] = ALL, parts: Iterable[str] = ()) -> list[str]:
    """Of the whole page, or of these parts with all that is in them."""
    found = page.evaluate(RUN, [list(parts), rules | {"resultTypes": ["violations"], "preload": False}])
    width = page.viewport_size["width"]
    return [
        f"at {width}: {violation['id']} {node['target']} {node['html'][:200]}"
        for violation in found
        for node in violation["nodes"][:3]
    ]


# The room for the scrollbar belongs to the window, not to the page: compare with the body.
OUTSIDE = """() => {
  const room = Math.ceil(document.body.getBoundingClientRect().width);
  const asked = Math.max(document.scrollingElement.scrollWidth, document.body.scrollWidth);
  return asked > Math.max(room, document.documentElement.clientWidth) ? asked - room : 0;
}"""


def overflow(page: Page) -> list[str]:
    pixels = page.evaluate(OUTSIDE)
    return [f"at {page.viewport_size['width']}: {pixels} px wider than the screen"] if pixels else []


def see_whole(page: Page) -> None:
    """The save bar stays at the lower edge of the window and would lie over whatever happens to be there; that it
    hides no focus is asked by test_keyboard."""
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": page.viewport_size["width"], "height": max(height, HEIGHT)})


def faults_now(page: Page) -> list[str]:
    """Of the page as it stands there, at the width it has and on a telephone."""
    see_whole(page)
    page.evaluate(AXE_SCRIPT)
    faults = [*violations(page), *overflow(page)]
    page.set_viewport_size({"width": PHONE, "height": HEIGHT})
    return [*faults, *overflow(page)]
