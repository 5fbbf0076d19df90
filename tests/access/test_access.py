"""Every URL × every kind of person × GET and POST, against the table that a person reviewed."""

from collections import Counter

import pytest
from django.http import HttpResponse
from django.urls import get_resolver, path, reverse

from tests.access.people import ANONYMOUS, STOPPED
from tests.access.table import (
    BEHIND_THE_LOGIN,
    EVERYBODY,
    IN,
    LOGGED_OUT,
    LOGIN,
    NOTHING_THERE,
    OPEN_WITHOUT_LOGIN,
    PAGES,
    REFUSED,
    Line,
)
from tests.access.urls import lines_without_a_url, url_names, urls_without_a_line
from tests.access.world import Answer

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

LINES = {line.key: line for line in PAGES}


def test_every_url_has_a_line_and_every_line_a_url():
    assert urls_without_a_line() == set()
    assert lines_without_a_url() == set()
    assert len(LINES) == len(PAGES)


def test_no_two_urls_share_a_name():
    """A link by that name would lead to the one of them that happens to come last."""
    names = Counter(name for name in url_names(get_resolver().url_patterns) if not name.startswith(("admin:", " ")))
    assert {name for name, count in names.items() if count > 1} == set()


def test_a_new_url_is_noticed_with_a_name_and_without():
    new = [path("new/", lambda request: HttpResponse(), name="new"), path("secret/", lambda request: HttpResponse())]
    assert urls_without_a_line([*get_resolver().url_patterns, *new]) == {"new", " secret/"}


def test_everybody_of_the_table_is_on_the_stage(world):
    assert set(world.clients) == EVERYBODY


@pytest.mark.parametrize("key", LINES)
def test_page_opens_to_exactly_the_people_of_its_line(world, key):
    line = LINES[key]
    url = world.url_of(line)
    got = {
        (method, person): world.answer(person, method, url)
        for method in ("get", "post")
        for person in world.asked[line.key, method]
    }
    assert {asked: outcome(answer, *asked, line) for asked, answer in got.items()} == {
        asked: line.expected(*asked) for asked in got
    }
    assert {asked: answer.error for asked, answer in got.items() if answer.error} == {}
    assert {asked: answer.writes for asked, answer in got.items() if is_without_effect(asked, line, answer)} == {}


@pytest.mark.parametrize("key", LINES)
def test_the_door_of_a_page_stops_nobody_else(world, key):
    """Two of those whom the door stops are asked above; what the table says of all the others is what the door says."""
    line = LINES[key]
    asked = [(method, person) for method in ("get", "post") for person in sorted(line.asked(method))]
    stopped = [each for each in asked if each[1] in world.stopped[key]]
    assert {each: line.expected(*each) for each in stopped} == {each: said_at_the_door(*each, line) for each in stopped}


def said_at_the_door(method: str, person: str, line: Line) -> object:
    if person in LOGGED_OUT:
        return LOGIN
    return NOTHING_THERE if method == "post" and line.post is None else REFUSED


def outcome(answer: Answer, method: str, person: str, line: Line) -> object:
    if answer.location.startswith("/account/login/"):
        return LOGIN
    if method == "post" and line.post is None and answer.status in (REFUSED, NOTHING_THERE):
        return NOTHING_THERE  # which of the two refusals comes first does not matter
    return answer.status if answer.status in (403, 404, 405) or answer.status >= 500 else IN


def is_without_effect(asked: tuple[str, str], line: Line, answer: Answer) -> bool:
    """Did something change that must not have? Looking changes nothing, and neither does a refused request."""
    return bool(answer.writes) and (asked[0] == "get" or line.expected(*asked) != IN)


def test_an_effect_would_be_noticed(world):
    """The guard above sees what a permitted person does."""
    done = world.ask(
        "secretary", "post", reverse("meeting_create"), {"number": "8", "held_on": "2026-12-04", "way": "gathered"}
    )
    assert done.status == 302
    assert any("committee_meeting" in statement for statement in done.writes)


@pytest.mark.parametrize(
    ("name", "hidden", "missing"),
    [
        ("proposal_detail", "draft", "no proposal"),
        ("proposal_history", "draft", "no proposal"),
        ("proposal_edit", "draft", "no proposal"),
        ("proposal_submit", "draft", "no proposal"),
        ("proposal_approve", "draft", "no proposal"),
        ("proposal_withdraw", "draft", "no proposal"),
        ("proposal_take_back", "submitted", "no proposal"),
        ("proposal_answer", "submitted", "no proposal"),
        ("proposal_answer_draft", "submitted", "no proposal"),
    ],
)
def test_what_must_not_be_known_answers_like_what_does_not_exist(world, name, hidden, missing):
    urls = [reverse(name, kwargs=world.stage.objects[about]) for about in (hidden, missing)]
    for method in ("get", "post"):
        there, not_there = (world.answer("other_head", method, url) for url in urls)
        assert there.page == not_there.page
        assert there.headers == not_there.headers
        assert (there.status, there.writes, not_there.writes) == (
            405 if "見つかりません" not in there.page else 404,
            (),
            (),
        )


@pytest.mark.parametrize("name", ["proposal_detail", "proposal_history", "proposal_return", "proposal_table"])
def test_a_draft_does_not_exist_for_the_secretariat(world, name):
    urls = [reverse(name, kwargs=world.stage.objects[about]) for about in ("draft", "no proposal")]
    there, not_there = (world.answer("secretary", "get", url) for url in urls)
    assert (there.status, there.page, there.headers) == (404, not_there.page, not_there.headers)


@pytest.mark.parametrize("name", sorted(BEHIND_THE_LOGIN | OPEN_WITHOUT_LOGIN))
def test_account_pages_ask_for_the_login_and_fail_for_nobody(world, name):
    url = reverse(name)
    for method in ("get", "post"):
        for person in (ANONYMOUS, STOPPED):
            answer = world.answer(person, method, url)
            asks = answer.location.startswith("/account/login/") or answer.status == NOTHING_THERE
            assert (person, method, asks) == (
                person,
                method,
                name in BEHIND_THE_LOGIN or answer.status == NOTHING_THERE,
            )
        for person in ("secretary", "outsider"):
            assert world.answer(person, method, url).error == ""


@pytest.mark.parametrize(
    "path",
    ["signup/", "email/", "confirm-email/", "password/reset/", "login/code/confirm/", "3rdparty/", "social/signup/"],
)
def test_what_the_town_does_not_use_is_not_there(world, path):
    assert world.get("secretary", f"/account/{path}").status == 404
