"""The admin is a second entrance: every page of every registered model, against the same reviewed table."""

import pytest
from django.apps import apps
from django.urls import reverse

from tests.access.people import ANONYMOUS, STOPPED
from tests.access.table import ADMIN, CLOSED_OUT, DOOR, EVERYBODY, LOGGED_OUT, Admin
from tests.access.urls import pages_of, registered_models

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

LINES = {line.label: line for line in ADMIN}
# Every one of these is refused at the door, before any model is looked at.
AT_THE_DOOR = sorted(EVERYBODY - DOOR - LOGGED_OUT)


def test_every_registered_model_has_a_line_and_every_line_a_model():
    assert registered_models() == set(LINES)


def test_every_model_of_the_portal_is_in_the_admin():
    ours = {"townhall", "initiatives", "schedule", "committee"}
    models = {
        f"{model._meta.app_label}_{model._meta.model_name}"
        for model in apps.get_models()
        if model._meta.app_label in ours and not model.__name__.startswith("Historical")
    }
    assert models == set(LINES)


@pytest.mark.parametrize("label", LINES)
def test_model_opens_to_exactly_the_people_of_its_line(world, label):
    line = LINES[label]
    posted = ("add", "change", "delete", "import", "export")
    asked = [(page, "get", person) for page in pages_of(line) for person in sorted(DOOR)]
    asked += [(page, "post", person) for page in pages_of(line) if page in posted for person in sorted(DOOR)]
    answers = {each: world.answer(each[2], each[1], url_of(line, each[0])) for each in asked}
    got = {
        each: "in" if answer.status < 400 or answer.status in (409, 422) else 403 for each, answer in answers.items()
    }
    assert got == {each: "in" if each[2] in people_of(line, each[0], each[1]) else 403 for each in asked}
    assert {each: answer.error for each, answer in answers.items() if answer.error} == {}
    assert {each: answer.writes for each, answer in answers.items() if answer.writes} == {}


def people_of(line: Admin, page: str, method: str) -> set[str]:
    if page in ("changelist", "history"):
        return line.view
    if page == "change":
        return line.view if method == "get" else line.change
    return {"add": line.add, "delete": set(), "import": line.sheets or set(), "export": line.view}[page]


def url_of(line: Admin, page: str) -> str:
    model = apps.get_model(*line.label.split("_"))
    row = model.objects.first()
    assert row is not None, f"there is no {model.__name__} on the stage"
    arguments = [row.pk] if page in ("change", "history", "delete") else []
    return reverse(f"admin:{line.label}_{page}", args=arguments)


@pytest.mark.parametrize("label", LINES)
def test_nobody_else_comes_through_the_door(world, label):
    line = LINES[label]
    urls = [url_of(line, page) for page in pages_of(line)]
    # Each URL by one of them in turn, the index below by all: who you are is asked before what you want.
    first = sorted(LINES).index(label)
    for number, url in enumerate(urls, start=first):
        person, method = AT_THE_DOOR[number % len(AT_THE_DOOR)], ("get", "post")[number % 2]
        answer = world.answer(person, method, url)
        assert (person, method, url, answer.status, answer.writes) == (person, method, url, 403, ())
        answer = world.answer((ANONYMOUS, STOPPED)[number // 2 % 2], method, url)
        assert answer.location.startswith(("/admin/login/", "/account/login/"))


@pytest.mark.parametrize("person", sorted(EVERYBODY))
def test_index_and_lists_of_apps(world, person):
    urls = ["/admin/", "/admin/townhall/", "/admin/schedule/", "/admin/jsi18n/"]
    expected = 200 if person in DOOR else 302 if person in LOGGED_OUT else 403
    assert [world.get(person, url).status for url in urls] == [expected] * len(urls)


def test_there_is_one_login_and_one_password_page(world):
    assert world.get(ANONYMOUS, "/admin/login/").location == "/account/login/?next=/admin/"
    assert (
        world.get(ANONYMOUS, "/admin/login/?next=/admin/townhall/").location == "/account/login/?next=/admin/townhall/"
    )
    assert world.ask(ANONYMOUS, "post", "/admin/login/", {"username": "secretary", "password": "x"}).status == 302
    assert world.get("secretary", "/admin/login/").location == "/admin/"
    assert [world.get(person, "/admin/login/").status for person in CLOSED_OUT] == [403] * len(CLOSED_OUT)
    assert world.get("secretary", "/admin/password_change/").location == "/account/password/change/"
    assert world.get("secretary", "/admin/logout/").location == "/account/logout/"


def test_libraries_bring_no_rooms_of_their_own(world):
    for path in ("auth/group/", "account/emailaddress/", "mfa/authenticator/", "r/1/1/"):
        assert world.get("secretary", f"/admin/{path}").status == 404
