"""Every page for every role is sound. That the console stays silent and nothing comes from elsewhere, `visit` sees to."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from otaki_dx.demo import ACCOUNTS
from tests.browser.site_walk import Parts, selector_of
from tests.browser.soundness import HEIGHT, OF_THE_PARTS, PHONE, faults_now, unsound_pages, violations_in

pytestmark = pytest.mark.browser

# Nothing leads to these: they are for people who are not logged in.
ENTRANCE = ("/account/login/", "/help/", "/accessibility/", "/public/")

# One of each kind of person; a second head of another section sees the same.
WALKERS = [account.username for account in ACCOUNTS if account.username != "kenko-kacho"]


@pytest.mark.parametrize("username", WALKERS)
def test_every_page_of_a_role_is_sound(username, portal, visit, gaze):
    faults = unsound_pages(visit(portal, username), gaze)
    assert not faults, "\n".join(faults)


def test_every_page_before_the_login_is_sound(portal, visit, gaze):
    faults = unsound_pages(visit(portal), gaze, also=ENTRANCE)
    assert not faults, "\n".join(faults)


def test_colours_of_the_folded_menu(portal, visit):
    visitor = visit(portal, "jimukyoku")
    visitor.page.set_viewport_size({"width": PHONE, "height": HEIGHT})
    visitor.open("/")
    visitor.page.get_by_text("メニュー", exact=True).click()
    assert faults_now(visitor.page) == []


SMALL = '<button style="width: 9px; height: 9px; padding: 0; font-size: 5px">あ</button>'
FAULTY = f'<main><p class="dx-a b" style="color: #ccc">うすい字</p><div role="group">{SMALL}{SMALL}</div></main>'


def test_what_is_wrong_with_a_part_would_be_noticed(browser):
    """The walk asks these rules of the parts that it has not met, by how they look."""
    page = browser.new_page()
    page.set_content(FAULTY)
    page.evaluate(AXE_SCRIPT)
    parts = sorted({selector_of(pair) for pair in Parts(FAULTY).elements} - {"main"})
    faults = violations_in(parts, page, OF_THE_PARTS)
    page.close()
    assert sorted({fault.split()[2] for fault in faults}) == ["color-contrast", "target-size"]
    assert parts == ['div[role="group"] > button', 'main > div[role="group"]', 'main > p[class~="b"][class~="dx-a"]']
