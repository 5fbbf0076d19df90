"""Nineteen lines from Excel into the grid: copy, paste, look, apply."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.soundness import faults_now

pytestmark = pytest.mark.browser

CODES = [
    "0-1",
    "1-1",
    "1-2",
    "1-3",
    "1-4",
    "2-1",
    "3-1",
    "3-2",
    "4-1",
    "5-1",
    "5-2",
    "5-3",
    "6-1",
    "6-2",
    "7-1",
    "8-1",
    "検1",
    "検2",
    "検3",
]
# As Excel puts it on the clipboard: text with tabs and CRLF, quotes around a cell with a line break, and a table.
PASTE = """([text, html]) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  clipboardData.setData("text/html", html);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def clipboard(percent: str = "８０％") -> tuple[str, str]:
    lines = []
    for code in CODES:
        is_study = code.startswith("検")
        standing, rate = ("検討中", "") if is_study else ("○", percent)
        lines.append(f'{code}\t{standing}\t{rate}\t"{code}の会議を開いた。\n31人が来た。"\t続ける。')
    text = "\r\n".join(["番号\t状況\t進捗率\t今期の実績\t来期の予定", *lines]) + "\r\n"
    cells = "".join(f"<tr><td>{code}</td><td>順調</td></tr>" for code in CODES)
    return text, f'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body><table>{cells}</table></body></html>'


def paste(page: Page, content: tuple[str, str]) -> None:
    page.locator("[name='r0-1-text']").focus()
    with page.expect_navigation():
        page.evaluate(PASTE, list(content))


def test_nineteen_lines_in_three_actions(own_portal, visit):
    office = visit(own_portal, "jimukyoku")
    page = office.page
    office.open("/progress/")

    page.locator("[name='r0-1-text']").focus()  # a text with lines, and a single cell, stay text
    page.evaluate(PASTE, ["一行目\n二行目", ""])
    page.evaluate(PASTE, ["一つのセル", "<table><tr><td>一つのセル</td></tr></table>"])
    expect(page.get_by_role("heading", level=1)).to_contain_text("進捗入力")

    paste(page, clipboard(percent="約8割"))
    expect(page.locator("main")).to_contain_text("読めない 16")
    expect(page.get_by_role("button", name="変更")).to_have_count(0)
    assert faults_now(page) == []

    office.open("/progress/")
    paste(page, clipboard())  # 1: Ctrl+V; 2: look; 3: the button
    expect(page.get_by_role("heading", level=1)).to_have_text("貼り付けの確認")
    expect(page.locator("main")).to_contain_text("まだ保存されていません。19行のうち、変更 19")
    assert faults_now(page) == []
    page.get_by_role("button", name="か所を取り込む").click()
    expect(page.locator(".dx-toolbar")).to_contain_text("19 / 19行")
    expect(page.locator("[name='r5-3-text']")).to_have_value("5-3の会議を開いた。\n31人が来た。")
