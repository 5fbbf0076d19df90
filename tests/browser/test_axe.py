"""Every page for every role is sound. That the console stays silent and nothing comes from elsewhere, `visit` sees to."""

import pytest

from otaki_dx.demo import ACCOUNTS
from tests.browser.soundness import HEIGHT, PHONE, faults_now, unsound_pages

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
