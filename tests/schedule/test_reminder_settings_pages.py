"""設定 as pages: what they say, ask, refuse and leave behind."""

from datetime import timedelta

import pytest
from django.urls import reverse

from schedule.actions import sending
from schedule.forms.reminder_settings import days_in_words
from schedule.models import ReminderMail, ReminderSettings
from schedule.sender import send_waiting
from schedule.sources import all_kinds
from tests.conftest import NOW, TODAY
from tests.otaki_dx.pages import html_of, words
from tests.schedule.duties import create_occurrence, item, plan_items
from townhall.changes import create_row
from townhall.models import ClosingDay

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]

SETTINGS = "reminder_settings"


@pytest.fixture
def office(client, secretary):
    client.force_login(secretary)
    return client


def typed(**changes):
    """The form as it stands before anybody has changed it, with these changes."""
    kinds = {f"mail_{slug}": "on" for slug in all_kinds()}
    usual = [kind for kind in all_kinds().values() if kind.lead_days is not None]
    days = {f"days_{kind.slug}": days_in_words(kind.lead_days) for kind in usual}
    values = {
        "seen_version": 0,
        "sending_time": "08:30",
        "head_after": 1,
        "secretariat_after": 14,
        "ciso_after": 28,
        "repeat_every": 7,
        **{f"answer_{kind.slug}": kind.answer_within for kind in all_kinds().values() if kind.answer_within},
        **kinds,
        **days,
    }
    return {name: value for name, value in (values | changes).items() if value is not None}


def save(office, **changes):
    return office.post(reverse(SETTINGS), typed(**changes))


def test_the_page_shows_the_usual_values_in_words(office, secretary):
    create_row(ClosingDay(day=TODAY + timedelta(days=30), label="庁舎の停電"), by=secretary, today=TODAY)
    html = html_of(office, SETTINGS)
    text = words(html)
    assert 'value="10、3"' in html
    assert 'value="当日"' in html
    assert "次に手紙を作る日時 令和8年11月25日 08:30" in text
    assert "これからの町の閉庁日：令和8年12月24日 庁舎の停電" in text
    assert "まだ変更の記録はありません。" in text


def test_saving_keeps_what_differs_from_the_usual_and_shows_who_changed_it(office):
    page = office.post(
        reverse(SETTINGS), typed(days_report="７日前・３　当日", mail_closing=None, sending_time="9:00"), follow=True
    )
    row = ReminderSettings.objects.get()
    assert (row.lead_days, row.without_mail, f"{row.sending_time:%H:%M}") == (
        {"report": [7, 3, 0]},
        ["closing"],
        "09:00",
    )
    text = words(page.text)
    assert "設定を保存しました。" in text
    assert "知らせる日 追加： 進捗の入力：7・3・0" in text
    assert "メールにしない種類 追加： 期の締切" in text
    assert "総務課 事務局 見本 花子" in text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"days_report": "十"}, "「十」は日数として読めません。"),
        ({"days_report": "9999"}, "知らせる日は、0から365までの数字を10個までで指定してください。"),
        ({"days_report": "-1"}, "「-1」は日数として読めません。"),
        ({"sending_time": "25:00"}, "送る時刻は「8:30」の形で入力してください。"),
        ({"sending_time": None}, "送る時刻を入力してください。"),
        ({"days_report": "<script>"}, "「<script>」は日数として読めません。"),
        ({"head_after": 10, "secretariat_after": 5}, "課長へ知らせる日より前にはできません。"),
        ({"secretariat_after": 20, "ciso_after": 19}, "事務局へ知らせる日より前にはできません。"),
        ({"seen_version": None}, "版が分からないため、保存しませんでした。"),
        ({"seen_version": "x"}, "版が分からないため、保存しませんでした。"),
    ],
)
def test_what_cannot_be_is_a_sentence_and_keeps_what_was_typed(office, changes, sentence):
    page = save(office, days_closing="7、当日", **changes)
    assert page.status_code in (409, 422)
    assert sentence in words(page.text)
    assert 'value="7、当日"' in page.text
    assert not ReminderSettings.objects.exists()


def test_the_second_of_two_people_sees_both_values_and_overwrites_knowingly(office, secretary):
    sending.change_settings(by=secretary, today=TODAY, seen_version=0, lead_days={"report": [5]}, head_after=3)
    page = save(office, days_report="7")
    assert page.status_code == 409
    text = words(page.text)
    assert "進捗の入力：何日前に知らせるか：相手の値「5」／自分の値「7」" in text
    assert "期限の何日後から、課長へも知らせるか：相手の値「3」／自分の値「1」" in text
    assert ReminderSettings.current().lead_days == {"report": [5]}
    assert save(office, days_report="7", seen_version=page.context["form"].data["seen_version"]).status_code == 302
    assert ReminderSettings.current().lead_days == {"report": [7]}


# --- stopping and going on
def test_stopping_and_going_on_from_the_pages(office, clerk, planning):
    plan_items(item(section=planning))
    stopped = office.post(reverse("reminder_pause"), {"seen_version": 0, "reason": "入れ替え"}, follow=True)
    text = words(stopped.text)
    assert "メールの送信を止めています（令和8年11月24日 10:00から。総務課 事務局 見本 花子：入れ替え）。" in text
    assert "保留のメール 1通 。" in text
    assert "メールの送信を止めています" in words(html_of(office, "sent_mail_list"))
    assert "メールの送信を止めています" in words(html_of(office, "home"))
    going_on = office.post(reverse("reminder_resume"), {"seen_version": 1, "withheld": "send"}, follow=True)
    assert "メールの送信を再開しました。保留だったメール 1通を片づけました。" in words(going_on.text)
    assert ReminderMail.objects.get().state == "queued"


@pytest.mark.parametrize(
    ("page", "answers", "status", "sentence"),
    [
        ("reminder_pause", {"seen_version": 0}, 422, "止める理由を入力してください。"),
        ("reminder_pause", {"seen_version": 4, "reason": "入れ替え"}, 409, "ほかの人が先に更新しました。"),
        ("reminder_pause", {"reason": "入れ替え"}, 409, "版が分からないため"),
        ("reminder_resume", {"seen_version": 0, "withheld": "send"}, 409, "送信は止まっていません。"),
        ("reminder_resume", {"seen_version": 0}, 422, "保留のメールをどうするか選んでください。"),
        (
            "reminder_resume",
            {"seen_version": 0, "withheld": "x"},
            422,
            "保留のメールをどうするか、選び直してください。",
        ),
    ],
)
def test_a_refusal_says_so_and_changes_nothing(office, page, answers, status, sentence):
    said = office.post(reverse(page), answers)
    assert said.status_code == status
    assert sentence in words(said.text)
    assert not ReminderSettings.objects.exists()


# --- trying
def test_a_letter_to_oneself_is_a_row_whose_page_shows_what_became_of_it(office, mailoutbox):
    page = office.post(reverse("reminder_test"), follow=True)
    mail = ReminderMail.objects.get()
    assert page.redirect_chain == [(mail.get_absolute_url(), 302)]
    assert "1分ほどで送ります。結果はこの画面に出ます。" in words(page.text)
    assert mailoutbox == []
    send_waiting(clock=lambda: NOW)
    assert "送信済み" in words(office.get(mail.get_absolute_url()).text)


def test_the_next_letters_are_shown_as_they_will_be_read(office, clerk, planning):
    create_occurrence(section=planning)
    text = words(office.post(reverse("reminder_preview")).text)
    assert "令和8年11月25日 08:30 に作る手紙です。" in text
    assert "見本 三郎 様 令和8年11月25日（水）現在、あなたに関係する期限が 1件あります。" in text
    assert not ReminderMail.objects.exists()


def test_no_letters_ahead_is_said(office):
    assert "送る手紙はありません。" in words(office.post(reverse("reminder_preview")).text)


@pytest.mark.parametrize("count", [1, 3])
def test_query_counts(office, planning, secretary, count, django_assert_num_queries):
    for number in range(count):
        row = ReminderSettings.current()
        sending.change_settings(by=secretary, today=TODAY, seen_version=row.seen, head_after=number + 2)
        plan_items(item(section=planning), today=TODAY + timedelta(days=number))
    with django_assert_num_queries(14):
        office.get(reverse(SETTINGS))


def test_a_person_without_an_address_is_said_ahead(office, clerk, planning):
    clerk.email = ""
    clerk.save()
    create_occurrence(section=planning)
    assert "メールアドレスがありません" in words(office.post(reverse("reminder_preview")).text)
