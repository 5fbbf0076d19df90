"""What residents open: without a login, without a cookie, and only what was published."""

import re

import pytest
from django.test import Client

from schedule.actions import publication as actions
from schedule.models import Publication
from tests.conftest import NOW, TODAY
from tests.otaki_dx.pages import words
from tests.schedule.publishing import publish, small_plan, write_line

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]

PAGES = ["", "changes/", "systems/", "indicators/", "terms/", "text/", "data/"]


@pytest.fixture
def plan():
    return small_plan()


@pytest.fixture
def published(plan, secretary):
    write_line("1-1", by=secretary, text="広めました。", next_step="続けます。")
    return publish(plan, by=secretary)


@pytest.fixture
def office(client, secretary):
    client.force_login(secretary)
    return client


@pytest.mark.parametrize("path", PAGES)
def test_before_the_first_publication_every_page_says_so(plan, path):
    answer = Client().get(f"/public/{path}")
    assert answer.status_code == 200
    assert "準備中です。計画本文をごらんください。" in words(answer.text)


def test_the_first_page_answers_in_thirty_seconds(published):
    page = Client().get("/public/").text
    said = words(page)
    assert "大多喜町のDX いまどこまで" in said
    assert "令和8年11月時点" in said
    assert "計画の 2 の取組内容は、いま次のとおりです。 順調 1 未報告 1" in said
    assert "次にすること 続けます。" in said
    assert 'href="initiatives/1/"' in page


def test_a_page_of_an_initiative_shows_the_words_for_residents(published):
    said = words(Client().get("/public/initiatives/1/").text)
    assert "1-1 取組その1の内容1 順調" in said
    assert "広めました。 次にすること 続けます。" in said
    assert "1-1の実績。" not in said
    assert "1-2 取組その1の内容2 未報告" in said


@pytest.mark.parametrize("path", ["initiatives/77/", "text/99/", "data/nothing.csv", "nowhere/"])
def test_what_is_not_published_is_not_there(published, path):
    answer = Client().get(f"/public/{path}")
    assert answer.status_code == 404
    assert ('href="/public/"' in answer.text, 'class="dx-button" href="/"' in answer.text) == (True, False)


@pytest.mark.parametrize("path", [*PAGES, "initiatives/1/", "data/124419_dx_plan_rows.csv"])
def test_no_cookie_no_script_and_kept_by_browsers(published, path):
    visitor = Client()
    answer = visitor.get(f"/public/{path}")
    assert (answer.status_code, dict(visitor.cookies)) == (200, {})
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    body = answer.content.decode()
    assert (re.findall(r"<script|<form|/account/", body), "content-security-policy" in answer.headers) == ([], True)
    again = visitor.get(f"/public/{path}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_same_page_for_who_is_logged_in(published, office, django_assert_num_queries):
    pages = []
    for visitor in (office, Client()):
        with django_assert_num_queries(2, info="no session, no account"):
            pages.append(visitor.get("/public/"))
    assert pages[0].text == pages[1].text
    assert ["Vary" in page.headers for page in pages] == [False, False]


def test_withdrawing_is_seen_at_once(published, secretary):
    etag = Client().get("/public/").headers["ETag"]
    actions.withdraw(published, by=secretary, today=TODAY, now=NOW, reason="誤り")
    answer = Client().get("/public/", headers={"If-None-Match": etag})
    assert (answer.status_code, "準備中" in answer.text) == (200, True)


# --- 事務局


def test_from_the_check_to_the_public_page(plan, office):
    page = office.get("/publication/").text
    assert "公開する記録 0 ・非公開 2" in words(page)
    assert office.post("/publication/flag/", follow=True).redirect_chain == [("/publication/", 302)]
    page = office.get("/publication/").text
    stamp = re.search(r'name="seen_stamp" value="(\w{64})"', page)[1]
    done = office.post("/publication/", {"seen_stamp": stamp}, follow=True)
    assert "公開しました（第1号）" in done.text
    assert "順調 1" in words(Client().get("/public/").text)
    assert office.post("/publication/", {"seen_stamp": stamp}).status_code == 302
    assert Publication.objects.count() == 1


@pytest.mark.parametrize("stamp", ["", "0" * 64, "公開", "\x00"])
def test_a_check_that_is_not_the_present_one_is_refused(plan, office, stamp):
    answer = office.post("/publication/", {"seen_stamp": stamp})
    assert (answer.status_code in (409, 422), Publication.objects.count()) == (True, 0)


def test_a_line_that_somebody_else_saved_keeps_what_was_typed(plan, office, secretary):
    line = write_line("1-1", by=secretary, text="一人目")
    write_line("1-1", by=secretary, text="二人目")
    answer = office.post("/publication/rows/1-1/", {"text": "三人目の文", "seen_version": line.version - 1})
    assert answer.status_code == 409
    assert ("三人目の文" in answer.text, "二人目" in answer.text) == (True, True)


def test_too_long_a_line_is_kept_and_refused(plan, office):
    answer = office.post("/publication/rows/1-1/", {"is_public": "on", "text": "長" * 401})
    assert (answer.status_code, "長" * 401 in answer.text) == (422, True)


def test_the_sample_shows_what_is_not_yet_published(published, office, secretary):
    write_line("1-1", by=secretary, text="書き直した文")
    assert "書き直した文" not in office.get("/public/initiatives/1/").text
    sample = office.get("/publication/preview/initiatives/1/").text
    assert ("書き直した文" in sample, "見本です。まだ公開していません。" in sample) == (True, True)
    file = office.get("/publication/preview/data/124419_dx_plan_standings.csv")
    assert "書き直した文" in file.content.decode("utf-8-sig")
    assert office.get("/publication/preview/nowhere/").status_code == 404


def test_a_record_is_withdrawn_with_a_reason(published, office):
    assert published.sha256 in office.get("/publication/1/").text
    assert office.post("/publication/1/withdraw/", {"reason": ""}).status_code == 422
    office.post("/publication/1/withdraw/", {"reason": "誤りのため"})
    page = office.get("/publication/1/").text
    assert ("誤りのため" in page, "取り下げる</a>" in page) == (True, False)
    assert office.get("/publication/1/withdraw/").status_code == 302
    assert "準備中" in Client().get("/public/").text


def test_without_a_plan_the_check_says_what_is_missing(office):
    assert "計画がまだありません" in office.get("/publication/").text
    assert office.get("/publication/preview/").status_code == 404
