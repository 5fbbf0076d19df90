"""The other questions of this folder are asked on one database: who may open what does not depend on it. That each page
finds its rows does, so each is opened once by somebody who may, on both. Odd input (test_hostile.py) is asked on both."""

import pytest

from tests.access import test_admin_access
from tests.access.table import ADMIN, PAGES
from tests.access.urls import pages_of

pytestmark = pytest.mark.django_db


def test_every_page_opens(world):
    asked = {line.key: (sorted(line.get)[-1], world.url_of(line)) for line in PAGES if line.get}
    answers = {key: world.get(person, url) for key, (person, url) in asked.items()}
    assert {key: answer.error or answer.status for key, answer in answers.items() if answer.status >= 400} == {}


def test_every_page_of_the_admin_opens(world):
    opened = {
        f"{line.label} {page}": world.get("secretary", test_admin_access.url_of(line, page))
        for line in ADMIN
        for page in pages_of(line)
        if "secretary" in test_admin_access.people_of(line, page, "get")
    }
    assert {key: answer.error or answer.status for key, answer in opened.items() if answer.status >= 400} == {}
