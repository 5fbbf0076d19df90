"""The entry grid as it feels: keys, drafts, two people, a lost connection, a lost login. One portal, read top down."""

from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.served import DataFolder, Portal, serve
from tests.browser.soundness import faults_now
from tests.browser.test_keyboard import walk_by_tab

pytestmark = pytest.mark.browser

LINES = 19
# What of the grid can be read between the head of the table and the save bar.
WHOLE_ROWS = """() => {
  const top = Math.max(...[...document.querySelectorAll(".dx-entry thead th")].map((th) => th.getBoundingClientRect().bottom));
  const bottom = document.querySelector(".dx-savebar").getBoundingClientRect().top;
  const boxes = [...document.querySelectorAll(".dx-entry__row")].map((row) => row.getBoundingClientRect());
  return boxes.filter((box) => box.top >= top - 1 && box.bottom <= bottom + 1).length;
}"""
COMPOSE = """(name) => {
  const event = new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true });
  return document.querySelector(`[name="${name}"]`).dispatchEvent(event);
}"""


@pytest.fixture(scope="module")
def grid(demo_folder: DataFolder) -> Iterator[Portal]:
    with serve(demo_folder.copy()) as portal:
        yield portal


@pytest.fixture
def office(grid, visit):
    visitor = visit(grid, "jimukyoku")
    visitor.open("/progress/")
    return visitor


def field(page: Page, name: str):
    return page.locator(f"[name=r{name}]")


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.name ?? ''")


def state_of(page: Page, code: str):
    return page.locator(f"#row-{code} [data-entry-state]")


def test_eight_rows_are_in_sight_when_it_opens_and_no_stop_is_hidden(office):
    page = office.page
    assert page.evaluate(WHOLE_ROWS) >= 8
    expect(page.locator("[data-missing]").first).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    _, faults = walk_by_tab(page)
    assert faults == []


def test_enter_goes_down_but_not_while_the_ime_is_open(office):
    page = office.page
    field(page, "1-1-text").focus()
    assert page.evaluate(COMPOSE, "r1-1-text")  # left to the IME
    assert focused(page) == "r1-1-text"
    page.keyboard.press("Enter")
    assert focused(page) == "r1-2-text"
    page.keyboard.insert_text("一行目")
    page.keyboard.press("Alt+Enter")
    page.keyboard.insert_text("二行目")
    expect(field(page, "1-2-text")).to_have_value("一行目\n二行目")
    expect(state_of(page, "1-2")).to_contain_text("下書き")
    page.keyboard.press("F1")
    expect(page.locator(".dx-keylist__list")).to_be_visible()


def test_draft_survives_a_reload_and_is_no_report(office):
    page = office.page
    field(page, "3-1-text").fill("打ちかけの文")
    expect(state_of(page, "3-1")).to_contain_text("下書き")
    office.open("/progress/")
    expect(field(page, "3-1-text")).to_have_value("打ちかけの文")
    expect(page.locator("#row-3-1")).to_have_attribute("data-missing", "")


def test_round_before_is_copied_in_place_and_can_be_put_back(office):
    page = office.page
    before = page.locator("#row-6-1 [name=copy]").get_attribute("data-text")
    field(page, "6-1-text").focus()
    page.keyboard.press("Control+d")
    expect(field(page, "6-1-text")).to_have_value(before)
    page.locator("#row-6-1 [name=copy]").click()
    expect(field(page, "6-1-text")).to_have_value("")


def test_filters_hide_rows_in_place(office):
    page = office.page
    field(page, "7-1-text").fill("まだ残る文")
    page.get_by_role("link", name="未入力").click()
    expect(page.locator("[data-row]:visible:not([data-missing])")).to_have_count(0)
    expect(field(page, "7-1-text")).to_have_value("まだ残る文")


def test_lost_connection_keeps_the_text(office):
    page = office.page
    office.context.set_offline(True)
    field(page, "8-1-text").fill("線が切れた間の文")
    expect(page.locator("[data-entry-strip]")).to_contain_text(
        "保存できていません（1行）。入力はこの画面に残っています。"
    )
    office.context.set_offline(False)
    expect(state_of(page, "8-1")).to_contain_text("下書き")
    expect(page.locator("[data-entry-strip]")).to_be_hidden()
    office.complaints.clear()  # the browser said that it was offline


def test_lost_login_keeps_the_text_and_goes_on_after_the_next_login(office):
    page = office.page
    cookies = office.context.cookies()
    office.context.clear_cookies()
    field(page, "8-1-next_step").fill("期限が切れた間の文")
    link = page.locator("[data-entry-strip]").get_by_role("link", name="ログインし直す")
    expect(link).to_have_attribute("target", "_blank")
    office.context.add_cookies(cookies)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(state_of(page, "8-1")).to_contain_text("下書き")
    expect(page.locator("[data-entry-strip]")).to_be_hidden()
    office.complaints.clear()  # the browser said that it was refused


def test_conflict_is_decided_by_its_own_buttons(grid, office, visit):
    clerk, page = visit(grid, "kikaku-tanto"), office.page
    clerk.open("/progress/")
    field(page, "5-1-text").fill("事務局の文です。")
    field(clerk.page, "5-1-text").fill("企画課の文です。")
    clerk.page.get_by_role("button", name="保存する").click()
    expect(clerk.page.locator("#row-5-1")).to_contain_text("提出")
    save = page.get_by_role("button", name="保存する")
    for _ in range(2):  # the second press overwrites nothing either
        save.click()
        expect(page.locator(".dx-entry__compare")).to_contain_text("企画課の文です。")
        expect(field(page, "5-1-text")).to_have_value("事務局の文です。")
    assert faults_now(page) == []
    page.set_viewport_size({"width": 1366, "height": 768})
    page.get_by_role("button", name="自分の値で上書き").click()
    expect(page.locator(".dx-entry__compare")).to_have_count(0)
    clerk.open("/progress/")
    expect(field(clerk.page, "5-1-text")).to_have_value("事務局の文です。")


def test_errors_are_sound_and_named(office):
    page = office.page
    field(page, "0-1-percent").fill("120")
    page.get_by_role("button", name="保存する").click()
    expect(field(page, "0-1-percent")).to_have_attribute("aria-invalid", "true")
    assert faults_now(page) == []


def test_all_lines_by_keyboard(office):
    """From the first row to the button: what a person presses, and how often."""
    page, presses = office.page, Counter()

    def press(key: str) -> None:
        presses[key] += 1
        page.keyboard.press(key)

    field(page, "0-1-standing").focus()
    rows = [row.get_attribute("data-row") for row in page.locator("[data-row]").all()]
    for row in rows:
        press("1")
        while focused(page) != f"r{row}-to_committee":
            press("Tab")
            name = focused(page).removeprefix(f"r{row}-")
            if name in ("percent", "text", "next_step"):
                press("Control+a")
                page.keyboard.insert_text(
                    {"percent": "90", "text": f"{row}の実績です。", "next_step": "続けます。"}[name]
                )
        while row != rows[-1] and not focused(page).endswith("-standing"):
            press("Tab")
    with page.expect_navigation():
        press("Control+s")
    expect(page.locator(".dx-toolbar")).to_contain_text(f"{LINES} / {LINES}行")
    assert (len(rows), presses["1"], presses["Control+s"]) == (LINES, LINES, 1)
    assert presses.total() <= 12 * LINES  # besides the text itself; 227 when this was written


def test_closed_and_read_only_are_sound(grid, office, visit):
    page = office.page
    address = page.url
    page.goto(address + "?show=error")
    expect(page.locator("main")).to_contain_text("誤りのある行はありません。")
    assert faults_now(page) == []
    office.open("/progress/")
    page.get_by_role("link", name="内容を確認して締め切る").click()
    page.get_by_role("button", name="締め切る").click()
    expect(page.get_by_role("link", name="開け直す").first).to_be_visible()
    expect(page.get_by_role("link", name="訂正する")).to_have_count(LINES)
    assert faults_now(page) == []
    reader = visit(grid, "kikaku-tanto")
    reader.open(address.removeprefix(grid.url))
    expect(reader.page.get_by_role("link", name="訂正する")).to_have_count(0)
    assert faults_now(reader.page) == []
