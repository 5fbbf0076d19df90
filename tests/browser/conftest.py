"""A browser and three portals: one that every test only reads, one for each test that writes, and an empty one."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests import chromium
from tests.browser.served import DataFolder, Portal, new_folder, serve
from tests.browser.soundness import Gaze
from tests.browser.visitor import Visitor

OPTIONS = (
    "--no-sandbox",  # the tests may run as root, where Chromium's sandbox refuses to work
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
DESK = {"width": 1366, "height": 768}
# A busy machine is slow, not wrong.
expect.set_options(timeout=15_000)


# The scope ends Playwright's event loop with the last test of this folder: while it runs, Django refuses to touch a
# database in this thread. The tests here never do; the portal they look at has its own process.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(OPTIONS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def new_data_folder() -> DataFolder:
    return new_folder()


@pytest.fixture(scope="session")
def demo_folder(new_data_folder: DataFolder) -> DataFolder:
    folder = new_data_folder.copy()
    said = folder.manage("load_demo", f"--password={folder.password}")
    assert said == "例のデータを読み込みました。すべて架空です。\n"
    return folder


@pytest.fixture(scope="session")
def portal(demo_folder: DataFolder) -> Iterator[Portal]:
    """The demonstration. Shared: look, do not write."""
    with serve(demo_folder.copy()) as portal:
        yield portal


@pytest.fixture
def own_portal(demo_folder: DataFolder) -> Iterator[Portal]:
    """The demonstration, untouched by others."""
    with serve(demo_folder.copy()) as portal:
        yield portal


@pytest.fixture(scope="session")
def new_portal(new_data_folder: DataFolder) -> Iterator[Portal]:
    """The first day: one person of the secretariat, and no record of anything. Shared: look, do not write."""
    folder = new_data_folder.copy()
    folder.manage("create_secretary", "--username", "hajime", "--name", "見本 一", typed=folder.password + "\n")
    with serve(folder) as portal:
        yield portal


@pytest.fixture(scope="session")
def gaze() -> Gaze:
    """What has been looked at so far."""
    return Gaze()


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
