"""A word that only some people may read, searched for in everything that everybody can open."""

from functools import cache

import pytest
from django.urls import reverse

from tests.access import test_admin_access
from tests.access.stage import canary
from tests.access.table import ADMIN, CANARIES, CLOSED_OUT, DOOR, EVERYBODY, PAGES
from tests.access.urls import pages_of
from tests.access.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# Addresses with a question mark show other rows than those without.
ASKED = [
    ("proposal_list", "?show=own", "?show=yours", "?show=committee", "?year=2026", "?page=2"),
    ("round_entry round", "?show=missing", "?show=own"),
    ("history", "?page=2", "?page=3"),
    ("plan_dashboard", "?as_of=2026-11-23"),
    ("schedule_table", "?as_of=2026-11-23"),
    ("search", "?q=zq", "?q=zq&kind=report", "?q=zq&kind=proposal", "?q=zq&kind=item"),
    ("proposal_create", "?initiative=5"),
    ("agenda_item_create meeting", "?activity=5-2"),
    ("sent_mail_list", "?state=sent"),
]


def urls_of(world: World, person: str) -> list[str]:
    lines = {line.key: world.url_of(line) for line in PAGES if person in world.asked[line.key, "get"]}
    may_ask = {line.key for line in PAGES if person in line.get}
    urls = [*lines.values(), *(lines[key] + query for key, *queries in ASKED if key in may_ask for query in queries)]
    urls += ["/account/login/", "/account/2fa/", "/admin/", "/nowhere/"]
    if person in DOOR:
        urls += [test_admin_access.url_of(line, page) for line in ADMIN for page in pages_of(line)]
        urls += admin_pages_of_every_proposal(world)
    return urls


def admin_pages_of_every_proposal(world: World) -> list[str]:
    keys = [world.stage.objects[name]["pk"] for name in ("draft", "other section's draft", "submitted", "tabled")]
    pages = ("change", "history")
    return [reverse(f"admin:committee_proposal_{page}", args=[key]) for key in keys for page in pages]


@cache
def read_by(world: World, person: str) -> str:
    return "\n".join(world.get(person, url).body for url in urls_of(world, person))


@pytest.mark.parametrize("word", CANARIES)
def test_nobody_reads_what_is_not_for_them_and_everybody_else_does(world, word):
    assert {person for person in EVERYBODY if canary(word) in read_by(world, person)} == CANARIES[word]


def test_those_without_a_post_read_no_name_of_anybody_else(world):
    """R11: what needs no login, and what a refused person sees, names nobody of the staff."""
    for person in CLOSED_OUT | {"anonymous", "stopped"}:
        others = {user.name for name, user in world.stage.people.items() if name != person}
        assert {name for name in others if name in read_by(world, person)} == set()


def test_addresses_of_people_stay_with_those_who_manage_or_send(world):
    may_see = {person for person in EVERYBODY if "clerk@town.example" in read_by(world, person)}
    # Each reads the own one on the page of the own mail; the other clerk's ends with the same letters.
    assert may_see == {"secretary", "engineer", "deputy_mayor", "clerk", "other_clerk"}
