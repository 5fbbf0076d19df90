"""The first job of each user group, done as they do it: in the browser, in order, on the demonstration."""

import re
from collections import Counter
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

LINES = 19
PREFIX = "r"  # of the names of the fields of a row: r1-3-standing
CLOCK = re.compile(r"\d{1,2}:\d{2}")
FOCUSED = "document.activeElement?.getAttribute('name') ?? ''"


# --- 事務局 records a round ------------------------------------------------------------------------------------------
def test_secretariat_records_all_lines_by_keyboard_and_again_through_the_admin(own_portal, visit):
    office = visit(own_portal)
    office.log_in("jimukyoku")
    page = office.page
    page.get_by_role("link", name="入力する").first.click()
    type_every_line(page)
    expect(page.locator(".dx-toolbar")).to_contain_text(f"{LINES} / {LINES}行")
    expect(page.locator(".dx-entry__row--missing, .dx-entry__row--error")).to_have_count(0)

    page.get_by_role("link", name="管理画面").click()
    page.get_by_role("link", name="進捗報告", exact=True).click()
    page.locator("#changelist-filter").get_by_role("link", name="最終評価").click()
    change_in_the_list(page, line="2-1")
    change_in_the_form(page, line="6-2", text="切替の日程を3業務で決めました。")

    office.open("/plan/")
    expect(row_of(page, "DX人材育成")).to_contain_text("完了")
    expect(row_of(page, "地域DX事業の推進")).to_contain_text("5-1の実績です。")
    expect(row_of(page, "情報システムの標準化")).to_contain_text("やや遅れ")
    office.open("/plan/6/")
    report = page.locator("table", has_text="今期の実績").locator("tr", has_text="切替の日程を3業務で決めました。")
    expect(report).to_contain_text("見本 花子")
    expect(report).to_contain_text(CLOCK)
    office.open("/plan/6-2/history/")
    expect(page.locator("main ins", has_text="切替の日程を3業務で決めました")).to_have_count(1)
    expect(page.locator("main")).to_contain_text("見本 花子")
    expect(page.locator("main")).to_contain_text("管理画面")
    office.open("/history/")
    expect(page.locator("main")).to_contain_text("切替の日程を3業務で決めました")


def row_of(page: Page, initiative: str) -> Locator:
    return page.locator(".dx-matrix tbody tr", has_text=initiative)


def type_every_line(page: Page) -> None:
    """From the top of the page to the button, with the keyboard alone."""
    typed = Counter()
    for _ in range(400):
        page.keyboard.press("Tab")
        field = page.evaluate(FOCUSED)
        if field == "save":
            break
        line, _, column = field.rpartition("-")
        typed[column] += 1
        if column == "standing":
            page.keyboard.press("1")
        elif column == "percent":
            replace_by_typing(page, "90")
        elif column == "text":
            replace_by_typing(page, f"{line.removeprefix(PREFIX)}の実績です。")
        elif column == "next_step":
            replace_by_typing(page, "続けます。")
    assert (typed["standing"], typed["text"], typed["next_step"]) == (LINES, LINES, LINES)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def replace_by_typing(page: Page, text: str) -> None:
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def change_in_the_list(page: Page, *, line: str) -> None:
    row = page.locator("#result_list tbody tr").filter(has=page.get_by_role("link", name=line, exact=True))
    row.get_by_label("状況").select_option(label="完了")
    row.get_by_label("進捗率").fill("１００")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".messagelist")).to_contain_text("1")
    expect(row.get_by_label("進捗率")).to_have_value("100")


def change_in_the_form(page: Page, *, line: str, text: str) -> None:
    page.locator("#result_list").get_by_role("link", name=line, exact=True).click()
    page.get_by_label("状況").select_option(label="やや遅れ")
    page.get_by_label("今期の実績").fill(text)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".errorlist").first).to_contain_text("理由")
    page.get_by_label("遅れ・変更の理由").fill("2業務の切替が4月に延びました。")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".messagelist .success")).to_contain_text(line)


def test_grid_works_without_script(own_portal, visit):
    office = visit(own_portal, "jimukyoku", java_script_enabled=False)
    page = office.page
    office.open("/progress/")
    for row in ("0-1", "k2"):
        page.locator(f"[name={PREFIX}{row}-standing]").select_option(index=2)
        page.locator(f"[name={PREFIX}{row}-text]").fill("文字だけで入力しました。")
    page.locator(f"[name={PREFIX}1-1-standing]").select_option(label="3 遅れ")
    page.get_by_role("button", name="保存する").click()
    # 0-1 やや遅れ and 1-1 遅れ lack a reason: nothing of these two rows is saved, and nothing typed is lost.
    expect(page.locator(".dx-entry__row--error")).to_have_count(2)
    expect(page.locator(f"[name={PREFIX}0-1-text]")).to_have_value("文字だけで入力しました。")
    page.locator(f"[name={PREFIX}0-1-reason]").fill("人手が足りません。")
    page.locator(f"[name={PREFIX}0-1-next_step]").fill("来期に行います。")
    page.locator(f"[name={PREFIX}1-1-standing]").select_option(index=0)
    page.get_by_role("button", name="保存する").click()
    expect(page.locator(".dx-entry__row--error")).to_have_count(0)
    expect(page.locator(".dx-toolbar")).to_contain_text(f"8 / {LINES}行")


# --- 委員 --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("username", ["iin", "fukuchocho"])
def test_committee_member_sees_late_to_decide_and_changed_without_a_click(portal, visit, username):
    member = visit(portal)
    member.log_in(username)
    main = member.page.locator("main")
    expect(main).to_contain_text("16の取組内容のうち")
    for words in ("遅れ・注意", "次回の委員会で決めること", "変わったこと"):
        expect(main.get_by_role("heading", name=words)).to_be_visible()
    expect(main).to_contain_text("5-3 民間とタイアップした地域DX事業を実施")
    expect(main).to_contain_text("5-3を次期計画へ引き継ぐか")


# --- 課長 and 担当: a proposal from draft to decision ------------------------------------------------------------------
TITLE = "電子契約の導入"
PROPOSAL = {
    "提案名": TITLE,
    "いまの困りごと": "契約書の郵送と製本に時間がかかっている。",
    "やること": "電子契約のサービスを使い、紙の契約書をなくす。",
    "始める時期": "令和9年4月",
    "年間の件数": "１，２００件",
    "1件あたりの短縮": "30",
    "導入時の費用": "50万円",
    "1年の運用費": "240",
    "個人情報": "なし",
    "使うネットワーク": "LGWAN接続系",
    "標準化との関係": "関係なし",
}


def test_proposal_goes_from_draft_through_a_question_to_the_decision(own_portal, visit):
    clerk, head, office, chair = (
        visit(own_portal, username) for username in ("kikaku-tanto", "kikaku-kacho", "jimukyoku", "fukuchocho")
    )
    write_proposal(clerk)
    take_step(head, "決裁する", "決裁して提出する")
    take_step(office, "照会する", "照会する", comment="郵送にかかる費用の内訳を教えてください。")
    take_step(head, "照会に回答する", "回答して再提出する", comment="郵送料と印紙代で、年に約90万円です。")
    decide(chair, put_on_the_agenda(office))
    clerk.open("/")
    expect(clerk.page.locator("main")).to_contain_text("採択")
    open_proposal(clerk)
    expect(clerk.page.locator(".dx-ball")).to_contain_text("予算を要求するか、予算を使わずに始めてください")
    expect(clerk.page.locator("main")).to_contain_text("費用を2年で回収できるため。")
    expect(clerk.page.locator("main")).to_contain_text("見本 太郎")


def write_proposal(clerk: Visitor) -> None:
    page = clerk.page
    clerk.open("/proposals/")
    page.get_by_role("link", name="提案を書く").first.click()
    for label, text in PROPOSAL.items():
        page.get_by_label(re.compile(f"^{label}")).fill(text)
    page.get_by_label("対象の取組").select_option(index=1)
    # Computed while typing: 1,200 x 30 / 60 hours, 50 + 24 x 5 万円.
    expect(page.locator("[data-effect-hours]")).to_have_text("600")
    expect(page.locator("[data-effect-total]")).to_have_text("170")
    page.get_by_role("button", name="内容を確認する").click()
    expect(page.locator("main")).to_contain_text("600時間")
    page.get_by_role("button", name="課長の決裁へ出す").click()
    expect(page.locator(".dx-ball")).to_contain_text("企画課長の番です")


def open_proposal(visitor: Visitor) -> None:
    visitor.open("/proposals/")
    visitor.page.get_by_role("link", name=TITLE).first.click()


def take_step(visitor: Visitor, link: str, button: str, *, comment: str = "") -> None:
    page = visitor.page
    open_from_home(visitor)
    page.locator(".dx-ball").get_by_role("link", name=link).click()
    if comment:
        page.locator("main textarea").first.fill(comment)
    page.locator("main").get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def open_from_home(visitor: Visitor) -> None:
    """ホーム says whose turn it is."""
    visitor.open("/")
    mine = visitor.page.locator("section", has=visitor.page.get_by_role("heading", name="あなたの番です"))
    mine.get_by_role("link", name=TITLE).first.click()


def put_on_the_agenda(office: Visitor) -> str:
    """Where the meeting is."""
    page = office.page
    open_from_home(office)
    page.locator(".dx-ball").get_by_role("link", name="次第に載せる").click()
    page.get_by_role("button", name="次第に載せる").click()
    expect(page.locator(".dx-error")).to_have_text("会議を選んでください。")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="次第に載せる").click()
    expect(page.locator("section.dx-card", has_text=TITLE)).to_contain_text("未決定")
    return urlsplit(page.url).path


def decide(chair: Visitor, meeting: str) -> None:
    page = chair.page
    chair.open(meeting)
    item = page.locator("section.dx-card", has_text=TITLE)
    item.get_by_text("決定を記録する").first.click()
    item.get_by_label("採択", exact=True).check()
    page.get_by_role("button", name="決定を記録する").click()
    expect(page.locator(".dx-error-summary, .dx-error").first).to_contain_text("理由")
    page.get_by_label("理由").fill("費用を2年で回収できるため。")
    page.get_by_role("button", name="決定を記録する").click()
    expect(page.locator("section.dx-card", has_text=TITLE)).to_contain_text("費用を2年で回収できるため。")
