"""送信記録: what was sent to whom, and deciding about a letter."""

from datetime import timedelta

import pytest
from django.core import mail as mailbox

from schedule.actions.reminders import LetterError, cancel, resend
from schedule.choices import MailState
from schedule.heartbeat import PLANNER, SENDER, finished
from schedule.models import MailAction, ReminderLine, ReminderMail
from schedule.sender import send_waiting
from tests import factories
from tests.conftest import NOW, TODAY
from tests.schedule.duties import at, item, plan_items
from townhall.choices import Role

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]

LIST = "/reminders/"


def text(response):
    return response.content.decode()


@pytest.fixture
def office(client, secretary):
    client.force_login(secretary)
    return client


@pytest.fixture
def letter(clerk, planning):
    plan_items(item(section=planning))
    send_waiting(clock=lambda: at(TODAY))
    return ReminderMail.objects.get()


def in_state(letter, state, **values):
    ReminderMail.objects.filter(pk=letter.pk).update(state=state, **values)
    letter.refresh_from_db()
    return letter


def post(client, letter, verb, *, seen_state=None, reason="担当者に確かめたため"):
    fields = {f"{verb}-seen_state": seen_state or letter.state, f"{verb}-reason": reason, "verb": verb}
    return client.post(letter.get_absolute_url(), fields)


def test_list_and_letter_prove_what_was_sent(office, letter):
    page = text(office.get(LIST))
    assert "【DX推進ポータル】期限のお知らせ 1件" in page
    assert "送信済み" in page
    detail = text(office.get(letter.get_absolute_url()))
    assert "令和8年度 情報セキュリティ研修" in detail
    assert "clerk@town.example" in detail
    assert letter.message_id.strip("<>") in detail


def test_empty_list_says_when_it_fills(office):
    assert "まだ1通も送っていません。期限が近づくと、開庁日の朝に送り、ここに記録します。" in text(office.get(LIST))


def test_letters_that_need_a_person_stand_on_top(office, letter):
    in_state(letter, MailState.UNKNOWN, last_error="届いたかどうか分かりません。")
    page = text(office.get(LIST))
    assert "送達不明 1通" in page
    assert "届いたかどうか分かりません。" in page


def test_filters_by_state_and_person(office, letter, secretary):
    subject = "期限のお知らせ 1件"
    assert subject in text(office.get(LIST, {"state": "sent", "person": "clerk"}))
    assert subject not in text(office.get(LIST, {"state": "failed"}))
    assert "この条件のメールはありません。" in text(office.get(LIST, {"person": "secretary"}))


@pytest.mark.parametrize(
    "query", [{"state": "x"}, {"person": "nobody"}, {"page": "-1"}, {"page": "1e9"}, {"page": "9" * 30}]
)
def test_nonsense_in_the_address_gets_a_sentence(office, letter, query):
    answer = office.get(LIST, query)
    assert answer.status_code == 200
    assert "入力に誤りがあります" in text(answer)


def test_a_silent_scheduler_is_said(office, secretary):
    secretary.date_joined = NOW - timedelta(days=1)
    secretary.save()
    assert "自動処理（催促）がまだ一度も動いていません。" in text(office.get(LIST))
    for job in (PLANNER, SENDER):
        finished(job, now=NOW)
    assert "動いていません" not in text(office.get(LIST))


def test_resend_goes_out_again_with_the_same_message_id_and_leaves_a_trace(office, letter, secretary):
    assert post(office, letter, "resend").status_code == 302
    send_waiting(clock=lambda: NOW)
    assert len(mailbox.outbox) == 2
    assert len({message.extra_headers["Message-ID"] for message in mailbox.outbox}) == 1
    action = MailAction.objects.get()
    assert (action.verb, action.actor, action.reason, action.state_before) == (
        "resend", "総務課 事務局 見本 花子", "担当者に確かめたため", "sent",
    )  # fmt: skip
    assert action.body_before == letter.body
    page = text(office.get(letter.get_absolute_url()))
    assert "総務課 事務局 見本 花子が再送（それまで「送信済み」）" in page


def test_pressing_resend_twice_sends_once(office, letter):
    assert post(office, letter, "resend", seen_state="sent").status_code == 302
    answer = post(office, letter, "resend", seen_state="sent")
    assert answer.status_code == 422
    assert "この画面を開いた後に、状態が「送信待ち」に変わりました。" in text(answer)
    send_waiting(clock=lambda: NOW)
    assert len(mailbox.outbox) == 2  # the first letter and one repetition


def test_cancel_keeps_the_notice_in_the_portal(office, letter, clerk):
    in_state(letter, MailState.FAILED, last_error="メールアドレスが登録されていません。")
    assert post(office, letter, "cancel", reason="口頭で伝えたため").status_code == 302
    letter.refresh_from_db()
    assert letter.state == MailState.CANCELLED
    assert ReminderLine.objects.open_for(clerk).count() == 1
    assert list(ReminderMail.objects.need_a_person()) == []


@pytest.mark.parametrize(
    ("action", "state"),
    [(resend, "queued"), (resend, "sending"), (resend, "retry"), (cancel, "sent"), (cancel, "sending"), (cancel, "x")],
)
def test_decisions_that_do_not_fit_are_refused(letter, secretary, action, state):
    with pytest.raises(LetterError, match="できません"):
        action(letter, by=secretary, today=TODAY, now=NOW, seen_state=state, reason="理由")


def test_a_reason_is_required(office, letter):
    answer = post(office, letter, "resend", reason=" ")
    assert (answer.status_code, MailAction.objects.count()) == (422, 0)
    assert "理由を入力してください。" in text(answer)


def test_an_unknown_button_changes_nothing(office, letter):
    answer = office.post(letter.get_absolute_url(), {"verb": "burn"})
    assert (answer.status_code, "どの操作か分からないため" in text(answer)) == (422, True)


def test_the_engineer_reads_and_does_not_decide(client, engineer, letter):
    client.force_login(engineer)
    page = text(client.get(letter.get_absolute_url()))
    assert "再送する" not in page
    assert post(client, letter, "resend").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_list_query_count(office, planning, count, django_assert_num_queries):
    for n in range(count):
        factories.create_person(username=f"staff{n}", name=f"見本 {n}", role=Role.STAFF, section=planning)
    plan_items(item(section=planning))
    with django_assert_num_queries(11):
        page = text(office.get(LIST))
    assert page.count("（まだ本文を作っていません）") == count


def test_the_next_page_is_found_without_counting(office, planning):
    for n in range(51):
        factories.create_person(username=f"staff{n:02}", name=f"見本 {n}", role=Role.STAFF, section=planning)
    plan_items(item(section=planning))
    assert "前の50通" in text(office.get(LIST))
    second = text(office.get(LIST, {"page": 2}))
    assert second.count("（まだ本文を作っていません）") == 1
    assert "新しい50通" in second
    assert "前の50通" not in second


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"words": "研修"}, 1),
        ({"words": "%"}, 0),
        ({"words": "お知らせ"}, 0),  # its text is made when it leaves
        ({"day": "令和8年11月24日"}, 1),
        ({"day": "2026-11-23"}, 0),
        ({"day": "2026-11-24", "words": "研修", "state": "queued"}, 1),
    ],
)
def test_the_list_is_narrowed_by_words_and_by_the_towns_day(office, clerk, planning, asked, found):
    plan_items(item(section=planning))
    assert text(office.get(LIST, asked)).count("（まだ本文を作っていません）") == found


def test_a_day_that_cannot_be_read_is_a_sentence(office):
    assert "日付として読めません" in text(office.get(LIST, {"day": "きのう"}))
