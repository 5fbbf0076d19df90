"""Every page for every role: accessible, within the screen, silent, and named. Rules: WCAG 2.2 AA (JIS X 8341-3)."""

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from otaki_dx.demo import ACCOUNTS
from tests.browser.site_walk import FoundPage, walk
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

SITE = "大多喜町DX推進ポータル"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Nothing leads to these: they are for people who are not logged in.
ENTRANCE = ("/account/login/", "/help/", "/accessibility/")
WIDE, NARROW = 1366, (820, 320)
HEIGHT = 768


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


@pytest.fixture(scope="module")
def gaze() -> Gaze:
    return Gaze()


@pytest.mark.parametrize("username", [account.username for account in ACCOUNTS])
def test_every_page_of_a_role_is_sound(username, portal, visit, gaze):
    faults = unsound_pages(visit(portal, username), gaze)
    assert not faults, "\n".join(faults)


def test_every_page_before_the_login_is_sound(portal, visit, gaze):
    faults = unsound_pages(visit(portal), gaze, also=ENTRANCE)
    assert not faults, "\n".join(faults)


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
        f"is called {parts.title!r}": not parts.title.endswith(f"｜{SITE}") or parts.title.startswith("｜"),
        f"has lang={parts.lang!r}": parts.lang != "ja",
        f"has what the policy refuses: {parts.refused_by_csp}": bool(parts.refused_by_csp),
    }
    return [fault for fault, is_true in facts.items() if is_true]


def faults_of_sight(page: Page, *, is_first: bool) -> list[str]:
    """Colours are judged at one width only: they are the same at each, and take most of the time."""
    page.evaluate(AXE_SCRIPT)
    faults = [*violations(page), *overflow(page)]
    for width in NARROW:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        faults += overflow(page)
        if is_first:
            faults += violations(page, without=("color-contrast",))
    page.set_viewport_size({"width": WIDE, "height": HEIGHT})
    return faults


def violations(page: Page, *, without: tuple[str, ...] = ()) -> list[str]:
    options = {
        "runOnly": {"type": "tag", "values": TAGS},
        "rules": {rule: {"enabled": False} for rule in without},
        "resultTypes": ["violations"],
        "preload": False,
    }
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


def test_colours_of_the_folded_menu(portal, visit):
    visitor = visit(portal, "jimukyoku")
    visitor.page.set_viewport_size({"width": NARROW[-1], "height": HEIGHT})
    visitor.open("/")
    visitor.page.get_by_text("メニュー", exact=True).click()
    visitor.page.evaluate(AXE_SCRIPT)
    assert violations(visitor.page) == []
