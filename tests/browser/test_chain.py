"""One proposal of the demonstration, from what was measured back to the plan and forth again, by clicking."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

PROPOSAL = re.compile(r"/proposals/\d+/$")
MEETING = re.compile(r"/meetings/1/$")
MONEY = re.compile(r"/budget/lines/\d+/$")
INITIATIVE = re.compile(r"/plan/k2/(\?plan=r5-r7)?$")
DECIDED = "時間外の削減が見込めるため。"
NAME = "軽自動車税の申告入力の自動化（RPA）"


def click(page: Page, href: str, *, named: str = "") -> None:
    page.locator(f"main a[href*='{href}']", has_text=named or None).first.click()


def test_each_link_of_the_chain_is_one_click_from_the_next_both_ways(portal, visit):
    member = visit(portal, "iin")
    page = member.page
    member.open("/effects/")
    expect(page.locator("main")).to_contain_text("実測の時間")

    # effect → proposal → plan
    click(page, "/proposals/", named=NAME)
    expect(page).to_have_url(PROPOSAL)
    expect(page.locator("main")).to_contain_text("計画に対する割合")
    click(page, "/plan/k2/")
    expect(page).to_have_url(INITIATIVE)
    expect(page.locator("main")).to_contain_text("進捗の記録")  # plan ⇄ report: on one page

    # plan → decision → proposal → money → proposal, and the decision again
    click(page, "/meetings/1/")
    expect(page).to_have_url(MEETING)
    expect(page.locator("main")).to_contain_text(DECIDED)
    click(page, "/proposals/")
    expect(page.locator("h1")).to_have_text(NAME)
    click(page, "/budget/lines/", named=NAME)
    expect(page).to_have_url(MONEY)
    expect(page.locator(".dx-nav--wide [aria-current=page]")).to_have_text("提案")
    click(page, "/proposals/", named=NAME)
    expect(page.locator("h1")).to_have_text(NAME)
    click(page, "/meetings/1/")
    expect(page).to_have_url(MEETING)

    # plan → money → plan, and plan → what was measured
    member.open("/plan/k2/")
    click(page, "/budget/lines/", named=NAME)
    click(page, "/plan/k2/")
    expect(page).to_have_url(INITIATIVE)
    expect(page.locator("main")).to_contain_text("実測÷計画")
    click(page, "/effects/")
    expect(page.locator("h1")).to_have_text("効果の検証一覧")
