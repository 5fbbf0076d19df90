"""催促 by hand: through the ledger, one letter a person and day, whoever presses and however often."""

from datetime import date, timedelta

import pytest

from schedule.actions.chasing import ChaseError, Outcome, RoundNotAskedError, chase, preview
from schedule.actions.reminders import cancel
from schedule.choices import LineState
from schedule.models import ReminderLine, ReminderMail, RoundRule
from schedule.sender import send_waiting
from tests import factories
from tests.conftest import TODAY
from tests.schedule.duties import at, create_occurrence, plan_all
from tests.schedule.factories import close, create_round, give_rows_to, record, row
from townhall.changes import create_row, save_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned")]

TEXT = "第4四半期の入力をお願いします。"
DUE_ON = date(2026, 12, 15)


@pytest.fixture
def round(plan, planning, welfare):
    """Due in three weeks: by itself the portal asks nobody yet."""
    give_rows_to(planning, "5-1", "7-1")
    give_rows_to(welfare, "4-1")
    return create_round(plan=plan, opens_on=date(2026, 11, 2), due_on=DUE_ON)


@pytest.fixture
def ask(round, secretary):
    def ask(*sections, text=TEXT, today=TODAY, by=secretary, hour=10):
        pks = [section.pk for section in sections]
        told = chase(round, by=by, today=today, now=at(today, hour), section_ids=pks, text=text)
        return {each.user.username: each.outcome for each in told}

    return ask


def open_lines(person):
    return [(line.kind, line.step, line.note) for line in ReminderLine.objects.open_for(person)]


def without_mail(person):
    person.wants_mail = False
    save_row(person, by=factories.TESTS, seen_version=person.version, today=TODAY)


def test_a_person_gets_one_notice_and_one_letter_that_says_who_asked(ask, clerk, planning, mailoutbox):
    assert ask(planning) == {"clerk": Outcome.LETTER}
    assert open_lines(clerk) == [
        ("report", "2026-11-24:manual", "総務課 事務局 見本 花子さんからの催促です。担当：企画課")
    ]
    assert mailoutbox == []  # rows only; the sender picks them up
    assert send_waiting(clock=lambda: at(TODAY, 10)) == {"sent": 1}
    [letter] = mailoutbox
    assert letter.body.startswith(
        "見本 三郎 様\n\n第4四半期の入力をお願いします。\n企画課　未入力：5-1・7-1\n（総務課 事務局 見本 花子）\n\n"
    )
    assert letter.body.count("http") == 2  # the one thing, and where to stop the mail


def test_twice_is_once_and_the_second_is_told_so(ask, clerk, planning):
    ask(planning)
    before = [list(model.objects.order_by("pk").values()) for model in (ReminderLine, ReminderMail)]
    assert ask(planning, text="もう一度") == {"clerk": Outcome.ALREADY}
    assert [list(model.objects.order_by("pk").values()) for model in (ReminderLine, ReminderMail)] == before


def test_who_had_the_automatic_letter_of_the_day_gets_no_other(ask, clerk, planning):
    create_occurrence(section=planning, due_on=date(2026, 12, 1))  # another matter altogether
    assert plan_all().letters == 1
    assert ask(planning) == {"clerk": Outcome.ALREADY}
    assert ReminderMail.objects.count() == 1
    tomorrow = TODAY + timedelta(days=1)
    assert ask(planning, today=tomorrow) == {"clerk": Outcome.LETTER}
    assert ReminderMail.objects.filter(recipient=clerk).count() == 2


def test_after_a_chase_the_planner_makes_no_other_letter_that_day_and_repeats_nothing_the_next(ask, clerk, planning):
    day = date(2026, 12, 1)  # ten working days before
    ask(planning, today=day, hour=8)  # before the planner's hour
    for later, letters, steps in (
        (day, 1, ["2026-12-01:manual"]),
        (day, 1, ["2026-12-01:manual"]),
        (day + timedelta(days=1), 1, ["2026-12-01:manual"]),
        (date(2026, 12, 10), 2, ["2026-12-10:D-3"]),  # three working days before
    ):
        plan_all(today=later)
        assert (ReminderMail.objects.filter(recipient=clerk).count(), [step for _, step, _ in open_lines(clerk)]) == (
            letters,
            steps,
        )


def test_other_open_things_go_into_the_same_letter(ask, clerk, planning):
    create_occurrence(section=planning, due_on=date(2026, 12, 1))
    plan_all(hour=7)  # in the portal, no letter yet
    ask(planning, hour=8)
    mail = ReminderMail.objects.get()
    assert [line.title for line in mail.lines.order_by("due_on")] == [
        "令和8年度 情報セキュリティ研修",
        "進捗の入力　令和7年度 第4四半期（未入力 2行）",
    ]
    assert plan_all().letters == 0


@pytest.mark.parametrize(("today", "hour"), [(date(2026, 11, 23), 9), (date(2026, 11, 28), 22), (TODAY, 3)])
def test_a_person_may_ask_on_closed_days_and_at_any_hour(ask, clerk, planning, today, hour, mailoutbox):
    assert ask(planning, today=today, hour=hour) == {"clerk": Outcome.LETTER}
    assert send_waiting(clock=lambda: at(today, hour)) == {"sent": 1}


def test_who_wants_no_mail_gets_the_notice_in_the_portal(ask, clerk, planning, mailoutbox):
    without_mail(clerk)
    assert [ask(planning) for _ in range(2)] == [{"clerk": Outcome.PORTAL}, {"clerk": Outcome.ALREADY}]
    assert [step for _, step, _ in open_lines(clerk)] == ["2026-11-24:manual"]
    assert send_waiting(clock=lambda: at(TODAY, 10)) == {}
    assert [(mail.state, mail.asked_by) for mail in ReminderMail.objects.all()] == [
        ("skipped", "総務課 事務局 見本 花子")
    ]


def test_a_letter_that_never_left_because_all_was_done_serves_again(ask, round, clerk, planning, mailoutbox):
    create_occurrence(section=planning, due_on=date(2026, 12, 1))
    plan_all()
    ReminderLine.objects.update(state=LineState.DONE)
    send_waiting(clock=lambda: at(TODAY, 10))
    assert ask(planning) == {"clerk": Outcome.LETTER}
    assert send_waiting(clock=lambda: at(TODAY, 11)) == {"sent": 1}
    assert len(mailoutbox) == 1


def test_a_letter_that_somebody_stopped_stays_stopped(ask, clerk, planning, secretary):
    ask(planning)
    mail = ReminderMail.objects.get()
    decided = {"by": secretary, "today": TODAY, "now": at(TODAY, 10), "seen_state": mail.state}
    cancel(mail, reason="電話で伝えた", **decided)
    assert ask(planning) == {"clerk": Outcome.STOPPED}


def test_the_chosen_sections_only_and_whoever_stands_in(ask, clerk, other_head, planning, welfare):
    assert ask(welfare) == {"other_head": Outcome.LETTER}
    assert open_lines(clerk) == []
    assert ReminderMail.objects.get().message == f"{TEXT}\n健康福祉課　未入力：4-1"


def test_rows_that_wait_for_the_head_are_asked_of_the_head(ask, round, clerk, section_head, planning):
    create_row(RoundRule(plan=round.plan, head_confirms=True), by=factories.TESTS, today=TODAY)
    record(row("5-1"), round, by=clerk)
    assert ask(planning) == {"clerk": Outcome.LETTER, "section_head": Outcome.LETTER}
    assert {mail.recipient.username: mail.message for mail in ReminderMail.objects.all()} == {
        "clerk": f"{TEXT}\n企画課　未入力：7-1",
        "section_head": f"{TEXT}\n企画課　未入力：5-1（課長の確認待ち）",
    }


def test_what_is_reported_within_the_minute_is_not_sent(ask, round, clerk, planning, mailoutbox):
    ask(planning)
    for code in ("5-1", "7-1"):
        record(row(code), round, by=clerk)
    assert send_waiting(clock=lambda: at(TODAY, 10)) == {"skipped": 1}
    assert mailoutbox == []


def test_the_preview_is_the_letter_to_the_last_character(ask, round, clerk, planning, secretary, mailoutbox):
    create_occurrence(section=planning, due_on=date(2026, 12, 1))
    plan_all(hour=7)
    pks = [planning.pk]
    shown = preview(round, by=secretary, today=TODAY, now=at(TODAY), section_ids=pks, text=TEXT, person=clerk)
    assert (ReminderMail.objects.count(), ReminderLine.objects.filter(step__endswith="manual").count()) == (0, 0)
    ask(planning)
    send_waiting(clock=lambda: at(TODAY, 10))
    [letter] = mailoutbox
    assert (letter.subject, letter.body) == (shown.subject, shown.body)


def test_nobody_is_told_when_it_cannot_be(ask, round, clerk, planning, section_head):
    for refused, sentence in (
        (lambda: ask(), "催促する課を1つ以上選んでください。"),
        (lambda: ask(planning, text="あ" * 501), "文面は500文字までで入力してください"),
        (lambda: ask(planning, by=section_head), "この画面は事務局が使います。"),
    ):
        with pytest.raises(ChaseError, match=sentence):
            refused()
    assert (ReminderLine.objects.count(), ReminderMail.objects.count()) == (0, 0)


def test_a_closed_round_and_a_finished_section_are_said(ask, round, clerk, planning, secretary):
    for code in ("5-1", "7-1"):
        record(row(code), round, by=clerk)
    with pytest.raises(ChaseError, match="もうすべての行を報告しています"):
        ask(planning)
    close(round, by=secretary, seen_version=round.version)
    with pytest.raises(RoundNotAskedError, match="「確定」です。催促は送っていません"):
        ask(planning)
