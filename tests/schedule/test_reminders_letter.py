"""The letter as a person reads it."""

from datetime import date

import pytest

from schedule.letters import compose, distance_in_words
from schedule.models import ReminderLine
from tests.conftest import TODAY

WHOLE = """\
見本 花子 様

令和8年11月24日（火）現在、あなたに関係する期限が 3件あります。
それぞれのアドレスの画面で済んだことを記録すると、お知らせは止まります。

■ 期限を過ぎています
・令和8年度 DX研修
　期限：令和8年11月13日（金）　期限を11日過ぎています
　担当：企画課。期限を過ぎたため、課長へもお知らせしています。
　https://dx.town.example/duties/2/

■ これからの期限
・令和8年度 情報セキュリティ研修
　期限：令和8年11月24日（火）　今日が期限です
　担当：総務課
　https://dx.town.example/duties/1/

・令和8年度 セキュリティポリシー見直し
　期限：令和8年12月28日（月）　あと34日
　担当：総務課
　https://dx.town.example/duties/3/

----------------------------------------
お願いしている人：総務課（大多喜町情報化推進委員会 事務局）
同じ内容は、ポータルのホームにも出ています。
このメールを止めるときは、次の画面で選びます。止めても、ポータルのお知らせは続きます。
https://dx.town.example/account/mail/
このメールは自動で送っています。返信はできません。
"""

CHASED = """\
見本 三郎 様

令和7年度 第3四半期の進捗入力の期限は11月21日です。
企画課　未入力：5-1・7-1（差戻し）
（総務課 係長 見本 花子）

令和8年11月24日（火）現在、あなたに関係する期限が 1件あります。
それぞれのアドレスの画面で済んだことを記録すると、お知らせは止まります。

■ 期限を過ぎています
・進捗の入力 令和7年度 第3四半期（未入力 2行）
　期限：令和8年11月20日（金）　期限を4日過ぎています
　担当：企画課
　https://dx.town.example/duties/2/

----------------------------------------
お願いしている人：総務課 係長 見本 花子
同じ内容は、ポータルのホームにも出ています。
このメールを止めるときは、次の画面で選びます。止めても、ポータルのお知らせは続きます。
https://dx.town.example/account/mail/
このメールは自動で送っています。返信はできません。
"""


def line(number: int, title: str, due_on: date, note: str = "担当：総務課") -> ReminderLine:
    return ReminderLine(title=title, due_on=due_on, path=f"/duties/{number}/", note=note)


@pytest.fixture(autouse=True)
def _address(settings):
    settings.PORTAL_URL = "https://dx.town.example"


def test_the_whole_letter():
    late = "担当：企画課。期限を過ぎたため、課長へもお知らせしています。"
    letter = compose(
        "見本 花子",
        [
            line(2, "令和8年度 DX研修", date(2026, 11, 13), late),
            line(1, "令和8年度 情報セキュリティ研修", TODAY),
            line(3, "令和8年度 セキュリティポリシー見直し", date(2026, 12, 28)),
        ],
        today=TODAY,
    )
    assert letter.subject == "【DX推進ポータル】期限のお知らせ 3件（うち期限を過ぎたもの 1件）"
    assert letter.body == WHOLE


def test_what_a_person_wrote_and_who_it_was_stand_above_the_list_and_each_thing_has_one_link():
    letter = compose(
        "見本 三郎",
        [line(2, "進捗の入力　令和7年度 第3四半期（未入力 2行）", date(2026, 11, 20), "担当：企画課")],
        today=TODAY,
        message="令和7年度 第3四半期の進捗入力の期限は11月21日です。\n企画課　未入力：5-1・7-1（差戻し）",
        asked_by="総務課 係長 見本 花子",
    )
    assert letter.body == CHASED


def test_nothing_overdue_is_not_mentioned():
    letter = compose("見本 花子", [line(1, "研修", date(2026, 11, 30))], today=TODAY)
    assert letter.subject == "【DX推進ポータル】期限のお知らせ 1件"
    assert "過ぎ" not in letter.body


def test_what_people_typed_is_neither_markup_nor_a_header():
    letter = compose("見本\r\nBcc: x", [line(1, "<b>研修</b>\r\n&改行", date(2026, 11, 30))], today=TODAY)
    assert letter.subject.splitlines() == [letter.subject]
    assert "・<b>研修</b> &改行\n" in letter.body
    assert letter.body.startswith("見本 Bcc: x 様\n")


@pytest.mark.parametrize(
    ("days", "words"), [(34, "あと34日"), (1, "あと1日"), (0, "今日が期限です"), (-1, "期限を1日過ぎています")]
)
def test_distance_in_words(days, words):
    assert distance_in_words(days) == words
