"""The keyboard alone: every stop can be seen, none is covered, none holds the focus for ever."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

# What is wrong with the element that has the focus; null at the end of the page.
STOP = """() => {
  const stop = document.activeElement;
  if (!stop || stop === document.body) return null;
  const style = getComputedStyle(stop);
  const box = stop.getClientRects()[0];
  const faults = [];
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) faults.push("no outline");
  const isScrollRegion = stop.matches("[role=region], main");
  if (box && !isScrollRegion) {
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (!top || !(stop.contains(top) || top.closest("label")?.control === stop)) faults.push("covered");
  }
  if (!box) faults.push("invisible");
  window.stops = window.stops ?? new Map();
  const times = (window.stops.get(stop) ?? 0) + 1;
  window.stops.set(stop, times);
  return { name: stop.outerHTML.slice(0, 120), faults, times };
}"""
# A date is four stops in one: year, month, day, picker.
PARTS_OF_A_DATE = 4


@pytest.mark.parametrize(
    ("username", "path"),
    [
        (None, "/account/login/"),
        ("jimukyoku", "/"),
        ("jimukyoku", "/plan/"),
        ("jimukyoku", "/progress/"),
        ("zeimu-kacho", "/proposals/2/"),
        ("zeimu-kacho", "/proposals/2/edit/"),
        ("jimukyoku", "/admin/"),
    ],
)
def test_every_stop_is_visible_uncovered_and_left_again(portal, visit, username, path):
    visitor = visit(portal, username)
    visitor.open(path)
    stops, faults = walk_by_tab(visitor.page)
    assert faults == []
    assert stops > 5


def walk_by_tab(page: Page) -> tuple[int, list[str]]:
    """How many stops there are from the top to the end, and what is wrong with them."""
    faults = []
    for number in range(600):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None:
            return number, faults
        if stop["times"] > PARTS_OF_A_DATE:
            return number, [*faults, f"the focus stays at {stop['name']}"]
        faults += [f"{fault}: {stop['name']}" for fault in stop["faults"]]
    return number, [*faults, "there is no end"]


@pytest.mark.parametrize("path", ["/", "/plan/", "/progress/"])
def test_first_stop_leads_past_the_menu(portal, visit, path):
    visitor: Visitor = visit(portal, "jimukyoku")
    visitor.open(path)
    visitor.page.keyboard.press("Tab")
    skip = visitor.page.get_by_role("link", name="本文へ移動")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("main")).to_be_focused()
