"""What a sound page is: accessible by the rules of WCAG 2.2 AA (JIS X 8341-3), within the screen, and named."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.site_walk import FoundPage, walk
from tests.browser.visitor import Visitor

SITES = ("｜大多喜町DX推進ポータル", "｜大多喜町のDX")  # the portal, and the pages for residents
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, TABLET, PHONE = 1366, 820, 320
HEIGHT = 768
ALL = {"runOnly": {"type": "tag", "values": TAGS}}
ALL_BUT_COLOURS = ALL | {"rules": {"color-contrast": {"enabled": False}}}
OF_THE_ROOM = {"runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]}}


class Gaze:
    """Remembers what has been looked at. A page that is put together from nothing but parts already seen on the same
    page, for another role or another example, is fetched and checked as text but not drawn again."""

    def __init__(self) -> None:
        self.seen: dict[str, set[tuple[str, str]]] = {}

    def is_new_to(self, page: FoundPage) -> bool:
        return not page.parts.elements <= self.seen.get(page.kind, set())

    def is_first_of(self, page: FoundPage) -> bool:
        return page.kind not in self.seen

    def keep(self, page: FoundPage) -> None:
        self.seen.setdefault(page.kind, set()).update(page.parts.elements)


def unsound_pages(visitor: Visitor, gaze: Gaze, **options: Any) -> list[str]:
    found = []
    for page in walk(visitor, **options):
        faults = faults_of_text(page)
        if gaze.is_new_to(page):
            visitor.open(page.path)
            faults += faults_of_sight(visitor.page, is_first=gaze.is_first_of(page))
            gaze.keep(page)
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


def faults_of_sight(page: Page, *, is_first: bool) -> list[str]:
    """Colours are judged at one width only: they are the same at each, and take most of the time. A tablet shows
    what a desk shows, in less room."""
    see_whole(page)
    page.evaluate(AXE_SCRIPT)
    faults = [*violations(page), *overflow(page)]
    for width, rules in ((TABLET, OF_THE_ROOM), (PHONE, ALL_BUT_COLOURS)):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        faults += overflow(page)
        if is_first:
            faults += violations(page, rules)
    page.set_viewport_size({"width": WIDE, "height": HEIGHT})
    return faults


def violations(page: Page, rules: dict[str, Any] = ALL) -> list[str]:
    options = rules | {"resultTypes": ["violations"], "preload": False}
    found = page.evaluate("options => axe.run(options).then(answer => answer.violations)", options)
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
