"""The pages in the states that no link leads to: refused, in conflict, not found, and on the first day."""

import pytest
from playwright.sync_api import expect

from tests.browser.soundness import faults_now, unsound_pages

pytestmark = pytest.mark.browser


def test_refused_login(portal, visit):
    page = visit(portal).page
    page.goto(portal.url + "/account/login/")
    page.get_by_label("ユーザー名").fill("jimukyoku")
    page.get_by_label("パスワード").fill("ちがうパスワード")
    page.get_by_role("button", name="ログイン").click()
    expect(page).to_have_title("エラー：ログイン｜大多喜町DX推進ポータル")
    assert faults_now(page) == []


def test_refused_proposal_keeps_what_was_typed(portal, visit):
    page = visit(portal, "kikaku-tanto").page
    page.goto(portal.url + "/proposals/new/")
    page.get_by_label("年間の件数").fill("たくさん")
    page.get_by_label("提案名").fill("電子契約の導入")
    page.get_by_role("button", name="内容を確認する").click()
    expect(page.get_by_label("年間の件数")).to_have_value("たくさん")
    expect(page.get_by_label("提案名")).to_have_value("電子契約の導入")
    expect(page.get_by_role("link", name="たくさん")).to_be_visible()
    assert faults_now(page) == []


def test_refused_row_of_the_grid_is_named(portal, visit):
    page = visit(portal, "jimukyoku").page
    page.goto(portal.url + "/progress/")
    page.locator("[name=r0-1-percent]").fill("120")
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_label("0-1 進捗率")).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".dx-error-summary").get_by_role("link", name="0-1")).to_be_visible()
    assert faults_now(page) == []


def test_two_people_at_one_row_see_the_conflict_and_lose_nothing(own_portal, visit):
    first, second = visit(own_portal, "jimukyoku"), visit(own_portal, "kikaku-kacho")
    for visitor, text in ((first, "事務局の文です。"), (second, "企画課の文です。")):
        visitor.open("/progress/")
        visitor.page.locator("[name=r5-1-text]").fill(text)
    second.page.get_by_role("button", name="保存する").click()
    expect(second.page.locator("#row-5-1")).to_contain_text("提出")
    first.page.get_by_role("button", name="保存する").click()
    expect(first.page.locator("main")).to_contain_text("企画課の文です。")
    expect(first.page.locator("[name=r5-1-text]")).to_have_value("事務局の文です。")
    assert faults_now(first.page) == []


@pytest.mark.parametrize(
    ("username", "path", "status", "words"),
    [
        ("iin", "/plan/99/", 404, "見つかりません"),
        ("iin", "/progress/", 403, "使えません"),
        (None, "/nothing/", 404, "見つかりません"),
    ],
)
def test_page_that_cannot_be_shown(portal, visit, username, path, status, words):
    visitor = visit(portal, username)
    assert visitor.open(path) == status
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text(words)
    assert faults_now(visitor.page) == []


def test_every_page_is_sound_on_the_first_day(new_portal, visit, gaze):
    faults = unsound_pages(visit(new_portal, "hajime"), gaze)
    assert not faults, "\n".join(faults)


def test_the_plan_on_other_days_and_what_is_searched_for(portal, visit):
    """Before the plan, in its second year, in its last weeks, after it; a day that cannot be read; found and not found."""
    visitor = visit(portal, "iin")
    for address in (
        "/plan/?as_of=2023-03-01",
        "/plan/?as_of=2024-10-15&front=off",
        "/plan/?as_of=2026-02-15&base=2025-09-30",
        "/plan/?as_of=2026-04-01",
        "/plan/?as_of=あした",
        "/plan/table/?as_of=2025-11-25",
        "/search/?q=標準化",
        "/search/?q=ぬぬぬ",
    ):
        assert visitor.open(address) == 200
        assert (address, faults_now(visitor.page)) == (address, [])


def test_the_line_is_taken_away_and_comes_back_without_script(portal, visit):
    page = visit(portal, "iin").page
    page.goto(portal.url + "/plan/?as_of=2025-11-25")
    expect(page.locator(".dx-gantt__point").first).to_be_visible()
    page.get_by_role("link", name="イナズマ線を消す").click()
    expect(page.locator("table .dx-gantt__point")).to_have_count(0)
    page.get_by_role("link", name="イナズマ線を表示する").click()
    expect(page.locator("table .dx-gantt__point").first).to_be_visible()
