"""A browser and two portals: one that every test only reads, one of its own for each test that writes."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import chromium
from tests.browser.served import DemoFolder, Portal, make_demo_folder, serve
from tests.browser.visitor import Visitor

OPTIONS = (
    "--no-sandbox",  # the tests may run as root, where Chromium's sandbox refuses to work
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
DESK = {"width": 1366, "height": 768}


# The scope ends Playwright's event loop with the last test of this folder: while it runs, Django refuses to touch a
# database in this thread. The tests here never do; the portal they look at has its own process.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(OPTIONS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo_folder() -> DemoFolder:
    return make_demo_folder()


@pytest.fixture(scope="session")
def portal(demo_folder: DemoFolder) -> Iterator[Portal]:
    """The demonstration. Shared: look, do not write."""
    with serve(demo_folder.copy()) as portal:
        yield portal


@pytest.fixture
def own_portal(demo_folder: DemoFolder) -> Iterator[Portal]:
    """The demonstration, untouched by others."""
    with serve(demo_folder.copy()) as portal:
        yield portal


@pytest.fixture(scope="session")
def sessions() -> dict[tuple[str, str], Any]:
    """Cookies of people who have logged in once."""
    return {}


@pytest.fixture
def visit(browser: Browser, sessions: dict[tuple[str, str], Any]) -> Iterator[Callable[..., Visitor]]:
    """`visit(portal, "iin")`: a browser in which that person is logged in. Nothing it shows may make it complain,
    and nothing may be fetched from another origin."""
    visitors = []

    def visit(portal: Portal, username: str | None = None, **options: Any) -> Visitor:
        context = browser.new_context(viewport=DESK, locale="ja-JP", **options)
        visitor = Visitor(portal, context, context.new_page())
        visitors.append(visitor)
        visitor.watch()
        if username and (portal.url, username) not in sessions:
            visitor.log_in(username)
            sessions[portal.url, username] = context.cookies()
        if username:
            context.add_cookies(sessions[portal.url, username])
        return visitor

    yield visit
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    for visitor in visitors:
        visitor.context.close()
    assert complaints == []
