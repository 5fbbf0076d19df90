"""The settings of the reminders: one versioned row, what it changes, and stopping the mail."""

from datetime import date, time, timedelta

import pytest
from django.core import mail as mailbox
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError

from schedule import sources
from schedule.actions import sending
from schedule.actions.reminders import LetterError, resend
from schedule.actions.sending import SendingError, Withheld
from schedule.choices import LineState, MailState
from schedule.models import ReminderLine, ReminderMail, ReminderSettings
from schedule.planning import next_sending, preview
from schedule.sender import send_waiting
from schedule.sources import DueDay
from tests import factories
from tests.conftest import TODAY
from tests.schedule.duties import at, create_occurrence, item, plan_items
from townhall.changes import StaleVersion, System
from townhall.choices import Role

pytestmark = pytest.mark.django_db

TOMORROW = TODAY + timedelta(days=1)


def change(by, *, seen_version=0, **values):
    return sending.change_settings(by=by, today=TODAY, seen_version=seen_version, **values)


def pause(by, *, seen_version=0, day=TODAY, reason="サーバーの入れ替え"):
    return sending.pause(by=by, today=day, now=at(day), seen_version=seen_version, reason=reason)


def resume(by, *, withheld=Withheld.SEND, seen_version=1, day=TODAY):
    return sending.resume(by=by, today=day, now=at(day), seen_version=seen_version, withheld=withheld)


def send(day=TODAY):
    return send_waiting(clock=lambda: at(day))


def states():
    return [(mail.digest_key, mail.state) for mail in ReminderMail.objects.order_by("pk")]


# --- the row
def test_the_defaults_hold_until_somebody_changes_them_and_the_change_has_a_history(secretary):
    assert (ReminderSettings.current().seen, ReminderSettings.objects.count()) == (0, 0)
    row = change(secretary, sending_time=time(9, 15))
    assert (row.seen, ReminderSettings.current().sending_time) == (1, time(9, 15))
    change(secretary, seen_version=1, head_after=3)
    assert list(row.history.order_by("history_id").values_list("version", "history_actor")) == [
        (1, "総務課 事務局 見本 花子"),
        (2, "総務課 事務局 見本 花子"),
    ]


@pytest.mark.parametrize("seen_version", [0, None, 7])
def test_the_second_of_two_people_is_told(secretary, seen_version):
    change(secretary, head_after=3)
    with pytest.raises(StaleVersion):
        change(secretary, seen_version=seen_version, head_after=5)
    assert ReminderSettings.current().head_after == 3


@pytest.mark.parametrize(
    "values",
    [
        {"head_after": 0},
        {"head_after": 15},  # later than the secretariat
        {"ciso_after": 13},  # earlier than the secretariat
        {"lead_days": {"report": [1, -1]}},
        {"lead_days": {"report": ["x"]}},
        {"lead_days": {"report": list(range(11))}},
        {"pause_reason": "理由だけ"},
        {"repeat_every": 0},
        {"repeat_every": 29},
        {"answer_days": {"inquiry": 0}},
        {"answer_days": {"inquiry": "10"}},
    ],
)
def test_what_cannot_be_is_refused(secretary, values):
    with pytest.raises(ValidationError):
        change(secretary, **values)
    assert not ReminderSettings.objects.exists()


def test_the_database_keeps_one_row():
    with pytest.raises(IntegrityError):
        ReminderSettings.objects.create(pk=2)


def test_the_database_keeps_no_pause_without_a_reason():
    with pytest.raises(IntegrityError):
        ReminderSettings.objects.create(pk=1, paused_at=at(TODAY), paused_by="見本")


# --- what it changes
def test_letters_are_made_from_the_sending_hour_on(secretary, clerk, planning):
    change(secretary, sending_time=time(13, 0))
    assert [plan_items(item(section=planning), hour=hour).letters for hour in (9, 12, 13)] == [0, 0, 1]


def test_head_and_secretariat_are_told_from_the_days_set(secretary, section_head, clerk, planning):
    change(secretary, head_after=8, secretariat_after=21)
    told = {}
    for late in (7, 14, 21):
        day = date(2026, 11, 2) + timedelta(days=late)
        plan_items(item(section=planning, due_on=date(2026, 11, 2), until=day), today=day)
        lines = ReminderLine.objects.filter(state=LineState.DUE)
        told[late] = sorted(lines.values_list("recipient__username", flat=True))
    assert told == {7: ["clerk"], 14: ["clerk", "section_head"], 21: ["clerk", "secretary", "section_head"]}


@pytest.mark.one_database
def test_overdue_things_come_again_and_answers_are_due_as_the_settings_say(secretary):
    change(secretary, repeat_every=14, answer_days={"inquiry": 3})
    day = DueDay.on(date(2026, 12, 31))
    kinds = sources.all_kinds()
    assert [step.offset for step in day.steps(kinds["effect"], date(2026, 12, 1))] == [-14, 0, 1, 14, 28]
    assert [step.offset for step in day.steps(kinds["report"], date(2026, 12, 1))][-2:] == [14, 28]
    assert day.answer_by(kinds["inquiry"], TODAY) == date(2026, 11, 27)
    duty = create_occurrence(due_on=date(2026, 12, 1))
    [item] = [item for item in sources.open_items(day) if item.subject == f"occurrence:{duty.pk}"]
    assert [step.offset for step in item.steps][-3:] == [0, 14, 28]


def test_the_days_of_a_kind_are_those_of_the_settings(secretary):
    change(secretary, lead_days={"report": [5]})
    day = DueDay.on(date(2026, 11, 29))
    kind = sources.all_kinds()["report"]
    assert [step.key for step in day.steps(kind, date(2026, 11, 30))] == ["2026-11-20:D-5"]


def test_a_kind_without_mail_stands_in_the_portal_and_in_no_letter(secretary, clerk, planning):
    change(secretary, without_mail=["thing"])
    assert plan_items(item(section=planning)).letters == 0
    assert ReminderLine.objects.open_for(clerk).count() == 1
    change(secretary, seen_version=1, without_mail=[])
    assert plan_items(item(section=planning)).letters == 1


# --- stopping the mail
def test_while_paused_letters_are_written_and_none_leaves(secretary, clerk, planning):
    plan_items(item(section=planning))
    pause(secretary)
    assert states() == [("2026-11-24", "withheld")]
    second = item(section=planning, subject="thing:2")
    plan_items(item(section=planning), second, today=TOMORROW)
    assert (send(TOMORROW), mailbox.outbox) == ({}, [])
    assert states() == [("2026-11-24", "withheld"), ("2026-11-25", "withheld")]
    assert ReminderLine.objects.open_for(clerk).count() == 2


def test_a_letter_queued_by_a_planner_that_did_not_know_of_the_pause_does_not_leave(secretary, clerk, planning):
    plan_items(item(section=planning))
    pause(secretary)
    ReminderMail.objects.update(state=MailState.QUEUED)
    assert send() == {}
    plan_items(item(section=planning))
    assert states() == [("2026-11-24", "withheld")]


def test_going_on_sends_one_letter_a_person_with_everything_in_it(secretary, clerk, planning):
    pause(secretary)
    first, second = (item(section=planning, subject=f"thing:{n}") for n in (1, 2))
    plan_items(first)
    plan_items(first, second, today=TOMORROW)
    assert resume(secretary, day=TOMORROW) == 2
    assert states() == [("2026-11-24", "cancelled"), ("2026-11-25", "queued")]
    assert send(TOMORROW) == {MailState.SENT: 1}
    assert "お知らせ 2件" in mailbox.outbox[0].subject


def test_after_days_without_a_letter_of_today_the_planner_makes_one(secretary, clerk, planning):
    pause(secretary)
    plan_items(item(section=planning))
    resume(secretary, day=TOMORROW)
    assert states() == [("2026-11-24", "cancelled")]
    assert plan_items(item(section=planning), today=TOMORROW).letters == 1


def test_going_on_without_the_letters_kept_back_sends_none_of_them(secretary, clerk, planning):
    """After a restored backup: what waited in it may have been sent since."""
    plan_items(item(section=planning))
    call_command("pause_mail", reason="バックアップから復元", verbosity=0)
    assert resume(secretary, withheld=Withheld.DROP) == 1
    assert plan_items(item(section=planning)).letters == 0
    assert plan_items(item(section=planning), today=TOMORROW).letters == 0
    assert (send(), states()) == ({}, [("2026-11-24", "cancelled")])
    assert ReminderLine.objects.open_for(clerk).count() == 1


def test_a_letter_kept_back_while_sending_was_being_resumed_leaves_with_the_next_run(secretary, clerk, planning):
    plan_items(item(section=planning))
    ReminderMail.objects.update(state=MailState.WITHHELD)
    plan_items(item(section=planning))
    assert states() == [("2026-11-24", "queued")]


def test_pausing_and_resuming_twice_is_a_sentence(secretary):
    with pytest.raises(SendingError, match="送信は止まっていません。"):
        resume(secretary, seen_version=0)
    with pytest.raises(SendingError, match="止める理由を入力してください。"):
        pause(secretary, reason=" ")
    pause(secretary)
    with pytest.raises(SendingError, match="もう止まっています。"):
        pause(secretary, seen_version=1)
    with pytest.raises(StaleVersion):
        pause(secretary, seen_version=0)


def test_nothing_is_sent_again_by_hand_while_paused(secretary, clerk, planning):
    plan_items(item(section=planning))
    send()
    mail = ReminderMail.objects.get()
    pause(secretary)
    with pytest.raises(LetterError, match="先に設定の画面で送信を再開してください"):
        resend(mail, by=secretary, today=TODAY, now=at(TODAY), seen_state="sent", reason="届かない")


def test_the_portal_itself_can_stop_the_mail_and_says_so_in_the_history():
    sending.pause(by=System("復元"), today=TODAY, now=at(TODAY), seen_version=0, reason="復元")
    assert ReminderSettings.current().paused_by == "システム：復元"


# --- trying the mail, looking ahead
def test_a_letter_to_oneself_leaves_once_a_minute_also_while_paused(secretary):
    pause(secretary)
    first, again = (sending.write_test_letter(by=secretary, now=at(TODAY)) for _ in range(2))
    assert first == again
    assert send() == {MailState.SENT: 1}
    [letter] = mailbox.outbox
    assert (letter.subject, letter.to[0].split()[1]) == ("【DX推進ポータル】試しのメール", "<secretary@town.example>")
    assert letter.body.startswith("見本 花子 様\n\n令和8年11月24日（火）、設定の画面から")


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [
        (TODAY, 7, "2026-11-24 08:30"),
        (TODAY, 9, "2026-11-25 08:30"),
        (date(2026, 11, 20), 9, "2026-11-24 08:30"),  # Friday; Monday is a holiday
        (date(2026, 11, 21), 7, "2026-11-24 08:30"),
    ],
)
def test_the_next_letters_are_made_on_the_next_open_morning(day, hour, expected):
    assert f"{next_sending(at(day, hour)):%Y-%m-%d %H:%M}" == expected


def test_looking_ahead_shows_the_letters_and_stores_nothing(secretary, planning):
    clerk = factories.create_person(username="p", name="見本 三郎", role=Role.STAFF, section=planning)
    create_occurrence(section=planning)
    [letter] = preview(at(TOMORROW))
    assert (letter.recipient, letter.address, letter.is_withheld) == ("見本 三郎", clerk.email, False)
    assert "令和8年11月25日（水）現在" in letter.letter.body
    assert (ReminderLine.objects.count(), ReminderMail.objects.count()) == (0, 0)
