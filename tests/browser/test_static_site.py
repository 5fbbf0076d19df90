"""The exported site opened from a disk: complete, silent, and sound at a desk and on a phone."""

from pathlib import Path

import pytest

from tests.browser.soundness import faults_now
from tests.servers import temporary_folder

pytestmark = pytest.mark.browser

PAGES = ("index.html", "initiatives/1/index.html", "changes/index.html", "systems/index.html", "indicators/index.html")
TEXTS = ("terms/index.html", "text/index.html", "text/6/index.html", "data/index.html")


@pytest.fixture(scope="module")
def site(demo_folder) -> Path:
    folder = temporary_folder() / "site"
    demo_folder.manage("export_public", str(folder))
    return folder


@pytest.mark.parametrize("width", [1366, 320])
def test_every_kind_of_page_is_sound_without_a_server(site, browser, width):
    context = browser.new_context(viewport={"width": width, "height": 768})
    page, complaints = context.new_page(), []
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    for name in (*PAGES, *TEXTS):
        page.goto((site / name).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert (name, faults_now(page)) == (name, [])
    context.close()
    assert complaints == []


def test_links_lead_from_file_to_file(site, browser):
    page = browser.new_page()
    page.goto((site / "index.html").as_uri())
    page.get_by_role("link", name="ことばの説明").click()
    page.get_by_role("link", name="計画本文").click()
    page.get_by_role("link", name="1 計画の目的").click()
    assert page.url == (site / "text/1/index.html").as_uri()
    page.close()
