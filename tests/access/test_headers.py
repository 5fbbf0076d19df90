"""What goes with every answer, whatever the answer is: pages, refusals, pages that do not exist, failures."""

import re

import pytest
from django.db import connection
from django.test import Client

from tests import factories
from tests.access.table import PAGES
from tests.access.world import Answer, World

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
# A file that somebody attached is handed out, never shown.
HANDED_OUT = {"default-src": "'none'", "sandbox": ""}
ALWAYS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY"}
# What the policy forbids and a page would therefore silently lack.
FORBIDDEN = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|<style\b|\sstyle=|\son[a-z]+=\"|javascript:|"
    r"(?:src|href|action)=\"(?:https?:)?//",
    re.IGNORECASE,
)


# Pages about the plan alone: the browser keeps them and asks each time (ADR 11). A calendar program does the same.
KEPT = "private, no-cache"
KEPT_PAGES = {"plan_dashboard", "schedule_table", "initiative_detail", "activity_detail", "calendar_feed"}
# Pages for residents, the same for everybody.
KEPT_BY_ALL = "public, max-age=60"
RESIDENTS_PAGES = {line.name for line in PAGES if re.fullmatch(r"public_(?!line|letters).*", line.name)}


def assert_guarded(answer: Answer) -> None:
    policy = dict(part.partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split("; "))
    is_file = answer.headers.get("Content-Disposition", "").startswith("attachment")
    assert policy == (HANDED_OUT if is_file and "sandbox" in policy else POLICY)
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    is_kept = "ETag" in answer.headers
    kept = answer.headers["Cache-Control"]
    assert kept in (KEPT, KEPT_BY_ALL) if is_kept else "no-store" in kept


@pytest.mark.parametrize("line", PAGES, ids=lambda line: line.key)
def test_every_page_and_every_refusal(world, line):
    for method in ("get", "post"):
        for person in world.asked[line.key, method]:
            answer = world.answer(person, method, world.url_of(line))
            assert_guarded(answer)
            assert "ETag" not in answer.headers or (line.name in KEPT_PAGES | RESIDENTS_PAGES and answer.status == 200)
            is_for_all = answer.headers["Cache-Control"] == KEPT_BY_ALL
            assert is_for_all == (line.name in RESIDENTS_PAGES and method == "get")
            assert not (is_for_all and "Vary" in answer.headers), "who reads was asked"
            assert FORBIDDEN.findall(answer.body) == []


@pytest.mark.parametrize(
    ("person", "url", "status"),
    [
        ("anonymous", "/nowhere/", 404),
        ("secretary", "/nowhere/", 404),
        ("secretary", "/help", 301),
        ("secretary", "/admin/", 200),
        ("secretary", "/admin/jsi18n/", 200),
        ("secretary", "/admin/nowhere/", 404),
        ("secretary", "/admin/townhall/user/", 200),
        ("secretary", "/admin/schedule/progressreport/", 200),
        ("section_head", "/admin/", 403),
        ("anonymous", "/account/login/", 200),
        ("secretary", "/account/2fa/", 200),
    ],
)
def test_what_the_table_does_not_list(world, person, url, status):
    answer = world.get(person, url)
    assert answer.status == status
    assert_guarded(answer)
    assert FORBIDDEN.findall(answer.body) == []


def test_requests_that_nothing_can_be_made_of(world):
    refused = [
        world.ask("secretary", "get", "/", HTTP_HOST="evil.example"),
        world.ask("secretary", "post", "/proposals/new/", "x", content_type="multipart/form-data"),
        world.ask("clerk", "post", "/proposals/new/", "x", content_type="multipart/form-data"),
        world.ask("secretary", "put", "/"),
    ]
    assert [answer.status for answer in refused] == [400, 403, 400, 405]
    for answer in refused:
        assert_guarded(answer)
        assert "何も" in answer.body or "この画面は" in answer.body


def test_a_form_without_its_token(world):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = world.clients["clerk"].cookies
    response = strict.post("/proposals/new/", {"title": "見本"})
    assert (response.status_code, response.headers["X-Frame-Options"]) == (403, "DENY")
    assert "Content-Security-Policy" in response.headers


def test_a_failure(world: World):
    def refuse(*_: object) -> None:
        raise RuntimeError("the database is away")

    with connection.execute_wrapper(refuse):
        response = world.clients["secretary"].get("/")
    assert response.status_code == 500
    assert "RuntimeError" not in response.text
    assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS
    assert "Content-Security-Policy" in response.headers


def test_files_may_be_kept_by_the_browser_and_nothing_else(world):
    style = world.get("anonymous", "/static/css/tokens.css")
    assert "no-store" not in style.headers.get("Cache-Control", "")


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(world):
    factories.create_user(username="typed", password="さくら並木の道をあるく9番")
    client = Client()
    client.post("/account/login/", {"login": "typed", "password": "さくら並木の道をあるく9番"})
    client.get("/account/password/change/")
    for name in ("sessionid", "csrftoken"):
        assert (name, client.cookies[name]["httponly"], client.cookies[name]["samesite"]) == (name, True, "Lax")
