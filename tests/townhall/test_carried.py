"""R19: what somebody typed survives an expired login and a stale token, and goes to nobody else."""

import re

import pytest
from django.test import Client

from initiatives.models import Initiative
from tests.committee.factories import create_draft
from tests.otaki_dx.pages import words
from tests.schedule.factories import create_round
from townhall.carried import person_in, signed_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]
TYPED = "消えては困る長い文"
SENTENCE = "ログインの期限が切れました。ログインし直してください。"


@pytest.fixture
def draft(plan, section_head, planning):
    initiative = Initiative.objects.get(plan=plan, code="5")
    return create_draft(by=section_head, section=planning, initiative=initiative, title="電子契約")


@pytest.fixture
def url(draft):
    return f"/proposals/{draft.pk}/edit/"


def form_of(client, url):
    """The fields of the first form with text in it, as the browser would send them."""
    html = client.get(url).text
    return dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', html))


def lose_login(client):
    del client.cookies["sessionid"]


def post_without_login(client, url, **typed):
    hidden = form_of(client, url)
    lose_login(client)
    return client.post(url, {**hidden, **typed})


def test_the_form_of_an_expired_login_comes_back_unsaved(client, section_head, draft, url):
    client.force_login(section_head)
    sent = post_without_login(client, url, problem=TYPED, password="himitsu-no-kotoba")
    assert sent.url == f"/account/login/?next={url}"
    assert "入力した内容は残っています" in words(client.get(sent.url).text)
    client.force_login(section_head)
    page = client.get(url)
    assert "まだ保存していません。" in words(page.text)
    assert TYPED in page.text
    assert "himitsu-no-kotoba" not in page.text
    draft.refresh_from_db()
    assert draft.problem != TYPED
    assert TYPED not in client.get(url).text  # shown once


def test_another_person_gets_nothing(client, section_head, other_head, secretary, url):
    client.force_login(section_head)
    post_without_login(client, url, problem=TYPED)
    client.force_login(secretary)
    assert TYPED not in client.get(url).text
    client.force_login(section_head)
    assert TYPED not in client.get(url).text


def test_the_grid_shows_it_in_its_row(client, plan, secretary):
    create_round(plan=plan)
    client.force_login(secretary)
    post_without_login(client, "/progress/2025-4/", **{"r5-3-text": TYPED, "r5-3-seen_version": "0"})
    client.force_login(secretary)
    page = client.get("/progress/2025-4/")
    assert TYPED in page.text
    assert "進捗入力" in words(page.text)


def test_a_stale_token_is_answered_with_the_text(section_head, draft, url):
    client = Client(enforce_csrf_checks=True)
    client.force_login(section_head)
    typed = {"problem": TYPED, "form_person": signed_person(section_head), "csrfmiddlewaretoken": "x" * 64}
    ours = client.post(url, typed, headers={"Origin": "http://testserver"})
    assert (ours.status_code, TYPED in ours.text) == (403, True)
    foreign = client.post(url, typed, headers={"Origin": "https://evil.example"})
    assert (foreign.status_code, TYPED in foreign.text) == (403, False)


def test_the_admin_too(client, section_head, secretary, planning):
    client.force_login(secretary)
    url = f"/admin/townhall/section/{planning.pk}/change/"
    post_without_login(client, url, name="企画政策課")
    client.force_login(secretary)
    assert "企画政策課" in client.get(url).text


@pytest.mark.parametrize("note", ["", "1", "1:forged", "\0", "x" * 5000, "１:あ"])
def test_a_forged_note_keeps_nothing(client, url, note):
    assert person_in({"form_person": note}) is None
    sent = client.post(url, {"problem": TYPED, "form_person": note})
    assert (sent.status_code, "carried" in client.session) == (302, False)


def test_what_is_too_long_to_keep_is_said(client, section_head, url):
    client.force_login(section_head)
    sent = post_without_login(client, url, problem="x" * 1_200_000, title="短い題名です")
    assert sent.status_code == 302
    client.force_login(section_head)
    page = client.get(url)
    assert "残せなかった欄があります" in words(page.text)
    assert "短い題名です" in page.text


def test_a_fetch_is_told_in_json(client, section_head):
    asked = {"Accept": "application/json"}
    gone = client.get("/plan/", headers=asked)
    assert (gone.status_code, gone.json()) == (401, {"sentence": SENTENCE})
    assert client.get("/session/").status_code == 401
    client.force_login(section_head)
    told = client.get("/session/").json()
    assert (told["person"], len(told["csrf"])) == (signed_person(section_head), 64)
