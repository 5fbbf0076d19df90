"""What a round asks by itself: of whom, on which days, and that it stops when the work is done."""

from datetime import date, timedelta

import pytest
import time_machine

from schedule.actions.reporting import confirm_report, return_report
from schedule.actions.rounds import move_round, reopen_round
from schedule.choices import LineState
from schedule.models import ReminderLine, ReminderMail, RoundRule
from schedule.sender import send_waiting
from tests import factories
from tests.conftest import NOW, TODAY
from tests.schedule.duties import at, plan_all
from tests.schedule.factories import close, create_round, give_rows_to, record, row
from townhall.changes import create_row, last_change, save_row
from townhall.choices import Role
from townhall.models import ClosingDay

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned")]

DUE_ON = date(2026, 12, 8)  # two weeks from TODAY: ten working days


@pytest.fixture
def round(plan, planning, welfare):
    """Nothing is owned but two rows of 企画課 and one of 健康福祉課."""
    give_rows_to(planning, "5-1", "5-3")
    give_rows_to(welfare, "4-1")
    return create_round(plan=plan, opens_on=date(2026, 11, 1), due_on=DUE_ON, closes_on=date(2026, 12, 15))


def told(kind="report"):
    """Who has an open notice: name, step, note."""
    lines = ReminderLine.objects.filter(state=LineState.DUE, kind=kind).select_related("recipient")
    return [(line.recipient.username, line.step, line.note) for line in lines.order_by("recipient__username", "pk")]


def of_clerk():
    return [(step, note) for name, step, note in told() if name == "clerk"]


def reasons(state):
    return sorted(ReminderLine.objects.filter(state=state).values_list("step", "state_reason"))


# --- the days
@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 23), []),
        (date(2026, 11, 24), [("2026-11-24:D-10", "担当：企画課")]),
        (date(2026, 12, 3), [("2026-12-03:D-3", "担当：企画課")]),
        (date(2026, 12, 9), [("2026-12-09:D+1", "担当：企画課")]),
        (date(2026, 12, 14), [("2026-12-09:D+1", "担当：企画課")]),
        (date(2026, 12, 15), [("2026-12-15:D+7", "担当：企画課")]),
    ],
)
def test_the_newest_step_is_told(round, clerk, today, expected):
    plan_all(today=today)
    assert of_clerk() == expected


def test_a_day_that_the_town_closes_later_tells_nobody_twice(round, clerk):
    plan_all()
    create_row(ClosingDay(day=date(2026, 12, 1), label="庁舎の停電"), by=factories.TESTS, today=TODAY)
    plan_all(today=TODAY + timedelta(days=1))  # ten working days before are now 20 November
    assert of_clerk() == [("2026-11-24:D-10", "担当：企画課")]
    assert ReminderMail.objects.filter(recipient=clerk).count() == 1


def test_a_moved_deadline_closes_the_old_notice_and_counts_anew(round, clerk, secretary):
    plan_all()
    move_round(
        round,
        by=secretary,
        today=TODAY,
        seen_version=round.version,
        opens_on=round.opens_on,
        due_on=date(2026, 12, 2),
        closes_on=date(2026, 12, 15),
        reason="委員会が早まったため",
    )
    plan_all(today=TODAY + timedelta(days=1))
    assert of_clerk() == [("2026-11-17:D-10", "担当：企画課")]
    assert ("2026-11-24:D-10", "期限が変わりました。") in reasons(LineState.MISSED)
    assert ReminderLine.objects.open_for(clerk).get().due_on == date(2026, 12, 2)


# --- of whom
def test_each_section_is_asked_for_its_own_rows(round, clerk, other_head, secretary):
    plan_all()
    lines = ReminderLine.objects.filter(kind="report", state=LineState.DUE).order_by("recipient__username")
    assert [(line.recipient.username, line.title, line.note) for line in lines] == [
        ("clerk", "進捗の入力　令和7年度 第4四半期（未入力 2行）", "担当：企画課"),
        (
            "other_head",
            "進捗の入力　令和7年度 第4四半期（未入力 1行）",
            "担当：健康福祉課。担当者の登録がないため、課長へお知らせしています。",
        ),
        (
            "secretary",
            "進捗の入力　令和7年度 第4四半期（未入力 16行）",
            "担当課が決まっていないため、事務局へお知らせしています。",
        ),
    ]


def test_posts_that_ended_and_stopped_accounts_pass_the_matter_on(round, planning, section_head, secretary):
    last_year = {"valid_until": date(2026, 3, 31)}
    factories.create_person(username="left", name="前の担当", role=Role.STAFF, section=planning, **last_year)
    stopped = factories.create_person(username="stopped", name="休む担当", role=Role.STAFF, section=planning)
    stopped.is_active = False
    save_row(stopped, by=factories.TESTS, seen_version=stopped.version, today=TODAY)
    plan_all()
    assert [name for name, _, note in told() if "企画課" in note] == ["section_head"]
    section_head.is_active = False
    save_row(section_head, by=factories.TESTS, seen_version=section_head.version, today=TODAY)
    plan_all()
    assert [(name, note) for name, _, note in told() if "企画課" in note] == [
        ("secretary", "担当：企画課。担当者と課長の登録がないため、事務局へお知らせしています。")
    ]


def test_only_the_newest_open_round_asks_the_sections(plan, round, clerk):
    create_round(plan=plan, fiscal_year=2026, quarter=1, opens_on=TODAY, due_on=date(2026, 12, 8))
    plan_all()
    titles = [line.title for line in ReminderLine.objects.open_for(clerk)]
    assert titles == ["進捗の入力　令和8年度 第1四半期（未入力 2行）"]


# --- the work is done
def test_the_last_report_settles_the_matter_at_once_and_no_letter_leaves(round, clerk, mailoutbox):
    plan_all()
    record(row("5-1"), round, by=clerk)
    assert len(of_clerk()) == 1  # one row is left
    record(row("5-3"), round, by=clerk)
    assert of_clerk() == []
    assert send_waiting(clock=lambda: at(TODAY)) == {"skipped": 1}
    assert mailoutbox == []


def test_a_draft_settles_nothing(round, clerk):
    plan_all()
    record(row("5-1"), round, by=clerk)
    record(row("5-3"), round, by=clerk, standing="", text="書きかけ")
    assert len(of_clerk()) == 1


def test_a_returned_report_is_told_at_once_with_the_reason(round, clerk, secretary):
    plan_all()
    report, _ = [record(row(code), round, by=clerk) for code in ("5-1", "5-3")]
    tomorrow = TODAY + timedelta(days=1)
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        return_report(
            report, by=secretary, today=tomorrow, seen_version=report.version, reason="人数を書いてください。"
        )
    line = ReminderLine.objects.get(recipient=clerk, state="due")
    expected = [
        (f"2026-11-25:returned-{last_change(report).pk}", "差戻し：人数を書いてください。（5-1）　担当：企画課")
    ]
    assert of_clerk() == expected
    assert line.mail.digest_key == f"event:{line.pk}"  # does not wait for the morning
    assert [plan_all(today=tomorrow).letters for _ in range(2)] == [0, 0]
    assert of_clerk() == expected
    with time_machine.travel(NOW + timedelta(days=2), tick=False):  # a draft leaves it returned
        draft = {"seen_version": 2, "standing": "", "text": "書きかけ", "today": tomorrow + timedelta(days=1)}
        record(row("5-1"), round, by=clerk, **draft)
    plan_all(today=tomorrow + timedelta(days=1))
    assert of_clerk() == expected
    plan_all(today=date(2026, 12, 3))  # the next usual day replaces it
    assert of_clerk() == [("2026-12-03:D-3", "担当：企画課")]


@pytest.mark.one_database
@pytest.mark.parametrize("is_sent", [True, False])
def test_a_second_return_on_the_same_day_has_a_second_letter(round, clerk, secretary, is_sent):
    """The first one leaves no more if it is still waiting: its notice has given way to the second."""
    seen_version = None
    for reason in ("人数を書いてください。", "単位を書いてください。"):
        report = record(row("5-3"), round, by=clerk, seen_version=seen_version, text=f"{reason}の後")
        returned = return_report(report, by=secretary, today=TODAY, seen_version=report.version, reason=reason)
        seen_version = returned.version
        plan_all(hour=7)
        if is_sent:
            send_waiting(clock=lambda: at(TODAY, hour=11))
    send_waiting(clock=lambda: at(TODAY, hour=11))
    letters = ReminderMail.objects.filter(recipient=clerk).order_by("pk")
    assert [mail.state for mail in letters] == ["sent" if is_sent else "skipped", "sent"]
    assert [note for _, note in of_clerk()] == ["差戻し：単位を書いてください。（5-3）　担当：企画課"]


def test_closing_settles_everything_of_the_round_and_reopening_asks_again(round, clerk, secretary):
    plan_all()
    closed = close(round, by=secretary, seen_version=round.version)
    assert told() == []
    reopen_round(closed, by=secretary, today=TODAY, now=NOW, seen_version=closed.version, reason="報告が届いたため")
    plan_all()
    assert of_clerk() == [("2026-11-24:D-10", "担当：企画課")]
    assert ReminderMail.objects.filter(recipient=clerk).count() == 1


# --- 課長の確認
@pytest.fixture
def confirmed(round):
    create_row(RoundRule(plan=round.plan, head_confirms=True), by=factories.TESTS, today=TODAY)
    return round


def test_what_waits_for_the_head_is_the_heads_matter_and_no_longer_the_clerks(confirmed, clerk, section_head):
    plan_all()
    record(row("5-1"), confirmed, by=clerk)
    report = record(row("5-3"), confirmed, by=clerk)
    assert of_clerk() == []
    plan_all()
    assert told("confirm") == [
        ("section_head", "2026-11-24:waiting", "担当が入力し、課長の確認を待っています。担当：企画課"),
    ]
    first = report.round.reports.get(activity__code="5-1")
    for each in (first, report):
        confirm_report(each, by=section_head, today=TODAY, seen_version=each.version)
    assert told("confirm") == []


def test_without_a_head_the_secretariat_is_told_of_the_confirmation(confirmed, clerk, secretary):
    record(row("5-1"), confirmed, by=clerk)
    planned = plan_all()
    assert told("confirm") == [
        (
            "secretary",
            "2026-11-24:waiting",
            "担当が入力し、課長の確認を待っています。担当：企画課。課長の登録がないため、事務局へお知らせしています。",
        )
    ]
    assert planned.without_owner == 3  # this, 健康福祉課 without anybody, rows of no section


# --- 締切
@pytest.mark.parametrize(
    ("today", "steps"),
    [
        (date(2026, 12, 14), []),
        (date(2026, 12, 15), ["2026-12-15:D"]),
        (date(2026, 12, 22), ["2026-12-22:D+7"]),
    ],
)
def test_the_secretariat_is_told_to_close_on_the_day_and_every_week(round, secretary, clerk, today, steps):
    plan_all(today=today)
    assert told("closing") == [("secretary", step, "事務局の仕事です。") for step in steps]
    lines = ReminderLine.objects.filter(kind="closing", state=LineState.DUE)
    assert [(line.title, line.path) for line in lines] == [
        ("令和7年度 第4四半期を締め切ってください", "/progress/2025-4/close/") for _ in steps
    ]
