"""The page 未報告と催促 in its states."""

from datetime import date

import pytest

from schedule.models import ReminderMail
from tests.conftest import TODAY
from tests.otaki_dx.pages import html_of, words
from tests.schedule.factories import close, create_round, give_rows_to, record
from tests.schedule.small_plan import create_activity, create_initiative, create_plan, create_quarter

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]

URL = "/progress/2026-3/chase/"


@pytest.fixture
def rows(planning, welfare):
    """企画課 1-1, 1-2; 健康福祉課, where nobody works, 2-1; nobody's 3-1."""
    plan = create_plan()
    sections = ((1, planning), (2, welfare), (3, None))
    first, second, third = (
        create_initiative(plan=plan, number=number, owner_section=section) for number, section in sections
    )
    owned = [create_activity(initiative=first, number=number) for number in (1, 2)]
    return [*owned, create_activity(initiative=second), create_activity(initiative=third)]


@pytest.fixture
def round(rows):
    days = {"opens_on": date(2026, 11, 16), "due_on": date(2026, 12, 8)}
    return create_quarter(plan=rows[0].plan, fiscal_year=2026, quarter=3, **days)


@pytest.fixture
def office(client, secretary):
    client.force_login(secretary)
    return client


def test_what_is_missing_stands_there_with_its_state_and_the_sections_are_ticked(office, rows, round, clerk, planning):
    record(rows[0], round, by=clerk, standing="", text="書きかけ")
    html = office.get(URL).text
    text = words(html)
    assert "まだ提出していない課 2課・4行 次の自動の催促は 12月3日（木）" in text
    assert (
        "企画課 入力の始めから8日 1-1 取組その1の内容1 下書き 1-2 取組その1の内容2 見本 三郎 まだ まだ開いていない"
        in text
    )
    assert "担当者と課長の登録がないため、事務局" in text
    assert "担当課が決まっていない 1行：3-1 担当課を決める" in text
    assert "課に担当者も課長もいない 1行：2-1 担当者を登録する" in text
    assert [line.split('value="')[1].split('"')[0] for line in html.split("<input") if "checked" in line] == [
        str(planning.pk)
    ]
    assert "令和8年度 第3四半期の進捗入力の期限は12月8日です。まだ報告していない行の入力をお願いします。" in text


def test_after_a_press_the_page_says_per_person_what_happened(office, round, clerk, planning):
    posted = {"section": [planning.pk], "text": "お願いします。"}
    for sentence in ("見本 三郎さん：催促を送ります（1分ほどで届きます）。", "見本 三郎さん：今日はもう送っています。"):
        answer = office.post(URL, posted, follow=True)
        assert sentence in words(answer.text)
    assert "11月24日（手動・総務課 事務局 見本 花子） まだ（送信待ち）" in words(answer.text)
    assert ReminderMail.objects.count() == 1


def test_the_letter_can_be_looked_at_and_what_was_typed_stays(office, round, clerk, planning):
    answer = office.post(URL, {"section": [planning.pk], "text": "急ぎます。", "letter_to": clerk.pk, "preview": "1"})
    text = words(answer.text)
    assert "見本 三郎さんへの文面 まだ送っていません。" in text
    assert "見本 三郎 様 急ぎます。 企画課 未入力：1-1・1-2 （総務課 事務局 見本 花子）" in text
    assert answer.text.count("急ぎます。") == 2
    assert ReminderMail.objects.count() == 0


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({"text": "x"}, "催促する課を1つ以上選んでください。"),
        ({"section": ["", "９", "-1", "99999999999", "x"], "text": "x"}, "催促する課を1つ以上選んでください。"),
        ({"section": ["999999"]}, "選んだ課は、もうすべての行を報告しています。"),
        ({"section": ["1"], "text": "あ" * 501}, "500文字までで入力してください（いま501文字）。"),
        ({"section": ["1"], "preview": "1"}, "だれへの文面を見るか、選んでください。"),
        ({"section": ["1"], "preview": "1", "letter_to": "x"}, "この人は、いまの相手の一覧にいません。"),
    ],
)
def test_what_cannot_be_done_is_said_and_nobody_is_told(office, round, clerk, posted, sentence):
    answer = office.post(URL, posted)
    assert (answer.status_code, sentence in words(answer.text)) == (422, True)
    assert "<title>エラー：" in answer.text
    assert ReminderMail.objects.count() == 0


def test_everything_reported_is_said(office, rows, round, secretary):
    for row in rows:
        record(row, round, by=secretary)
    assert "すべての行が報告されています（4行）。" in words(office.get(URL).text)


def test_a_closed_round_and_one_that_has_not_begun_are_said(office, rows, round, secretary, planning):
    days = {"opens_on": date(2027, 1, 5), "due_on": date(2027, 1, 15)}
    create_quarter(plan=rows[0].plan, fiscal_year=2026, quarter=4, **days)
    assert "はまだ始まっていません。令和9年1月5日に始まると" in words(office.get("/progress/2026-4/chase/").text)
    close(round, by=secretary, seen_version=round.version)
    text = words(office.get(URL).text)
    assert "もう催促は送りません。未報告のまま確定した行：1-1・1-2・2-1・3-1" in text
    answer = office.post(URL, {"section": [planning.pk], "text": "x"})
    assert (answer.status_code, "催促は送っていません。" in words(answer.text)) == (409, True)


def test_the_grid_shows_the_board_below_for_the_secretariat_only(client, plan, secretary, clerk, planning):
    give_rows_to(planning, "5-1")
    round = create_round(plan=plan)
    shown = {}
    for person in (secretary, clerk):
        client.force_login(person)
        shown[person.username] = "まだ提出していない課" in html_of(client, "round_entry", round.key)
    assert shown == {"secretary": True, "clerk": False}
    assert round.opens_on < TODAY
