"""The planner: what is owed to whom. Repeating it changes nothing, and an outage is made up for once."""

from datetime import date, timedelta

import pytest

from schedule import reminders
from schedule.choices import LineState, MailState
from schedule.models import ReminderLine, ReminderMail
from schedule.reminders import Planned, settle
from tests import factories
from tests.conftest import TODAY
from tests.schedule.duties import at, item, plan_items
from townhall.changes import create_row, save_row
from townhall.choices import Role
from townhall.models import ClosingDay

pytestmark = pytest.mark.django_db

DUE_ON = date(2026, 11, 30)


def lines():
    """Every line as (person, step, state), oldest step first."""
    rows = ReminderLine.objects.order_by("nominal_on", "recipient__username")
    return [(row.recipient.username, row.step.split(":")[1], row.state) for row in rows]


def open_lines():
    return [(name, step) for name, step, state in lines() if state == LineState.DUE]


def test_the_newest_step_is_owed_and_older_ones_are_kept_as_missed(clerk, planning):
    planned = plan_items(item(section=planning))
    assert lines() == [("clerk", "D-30", "missed"), ("clerk", "D-7", "due")]
    assert planned == Planned(new=2, letters=1)


def test_planning_three_times_is_the_same_as_once(clerk, section_head, planning):
    plan_items(item(section=planning))
    before = [list(model.objects.order_by("pk").values()) for model in (ReminderLine, ReminderMail)]
    assert [plan_items(item(section=planning)) for _ in range(2)] == [Planned(), Planned()]
    assert [list(model.objects.order_by("pk").values()) for model in (ReminderLine, ReminderMail)] == before


def test_a_newer_step_replaces_the_older_one(clerk, planning):
    plan_items(item(section=planning), today=date(2026, 11, 24))
    planned = plan_items(item(section=planning, until=DUE_ON), today=DUE_ON)
    assert lines() == [("clerk", "D-30", "missed"), ("clerk", "D-7", "missed"), ("clerk", "D", "due")]
    assert (planned.new, planned.replaced, planned.letters) == (1, 1, 1)


@pytest.mark.parametrize(
    ("down_days", "expected"),
    [
        (0, [("clerk", "D", "due")]),
        (3, [("clerk", "D", "due")]),
        (
            31,
            [
                ("clerk", "D", "missed"),
                ("clerk", "D+7", "missed"),
                ("clerk", "D+14", "missed"),
                ("clerk", "D+21", "missed"),
                ("clerk", "D+28", "due"),
            ],
        ),
    ],
)
def test_after_an_outage_one_line_per_period_and_one_letter(clerk, planning, down_days, expected):
    back = DUE_ON + timedelta(days=down_days)
    while back.weekday() >= 5 or back == date(2026, 12, 31):
        back += timedelta(days=1)
    if down_days == 31:
        back = date(2026, 12, 28)  # the last open day of the year
    plan_items(item(section=planning, lead_days=(0,), until=back), today=back)
    assert lines() == expected
    assert ReminderMail.objects.count() == 1


@pytest.mark.parametrize(
    ("back_on", "hour", "steps"),
    [
        (date(2026, 10, 2), 9, ["D"]),  # 0 h
        (date(2026, 10, 2), 12, ["D"]),  # 3 h
        (date(2026, 10, 5), 9, ["D"]),  # 3 d
        (date(2026, 11, 2), 9, ["D", "D+7", "D+14", "D+21", "D+28"]),  # 31 d
    ],
)
def test_however_long_the_outage_each_due_period_has_one_line_and_the_person_one_letter(
    clerk, planning, back_on, hour, steps
):
    thing = item(section=planning, due_on=date(2026, 10, 2), lead_days=(0,), until=back_on)
    for _ in range(3):
        plan_items(thing, today=back_on, hour=hour)
    assert lines() == [("clerk", step, "missed") for step in steps[:-1]] + [("clerk", steps[-1], "due")]
    assert ReminderMail.objects.count() == 1


def test_nothing_is_made_up_for_beyond_31_days(clerk, planning):
    plan_items(item(section=planning, lead_days=(60,)), today=date(2026, 11, 24))  # its day was 1 October
    assert lines() == []


def test_a_finished_thing_leaves_the_list(clerk, planning):
    plan_items(item(section=planning))
    planned = plan_items()
    assert planned.finished == 1
    assert open_lines() == []
    assert ReminderLine.objects.get(state=LineState.DONE).state_reason == "用件が済んだか、締め切られました。"


def test_a_thing_finished_before_its_day_is_never_told(clerk, planning):
    plan_items(today=DUE_ON)
    assert lines() == []


def test_settling_clears_the_portal_at_once(clerk, planning):
    plan_items(item(section=planning))
    settle(kind="thing", subject="thing:1", reason="済ませました。")
    assert list(ReminderLine.objects.open_for(clerk)) == []


def test_a_thing_opened_again_is_a_notice_again_without_a_second_letter(clerk, planning):
    plan_items(item(section=planning))
    settle(kind="thing", subject="thing:1", reason="済ませました。")
    planned = plan_items(item(section=planning))
    assert open_lines() == [("clerk", "D-7")]
    assert (planned.new, planned.letters, ReminderMail.objects.count()) == (0, 0, 1)


def test_lines_of_other_kinds_are_left_alone(clerk, planning):
    plan_items(item(section=planning))
    assert reminders.plan([], kinds=["other"], today=TODAY, now=at(TODAY)) == Planned()
    assert open_lines() == [("clerk", "D-7")]


def test_a_moved_deadline_takes_the_old_notice_away(clerk, planning):
    plan_items(item(section=planning))
    planned = plan_items(item(section=planning, due_on=date(2027, 3, 31)))
    assert (planned.replaced, open_lines()) == (1, [])


def test_a_renamed_thing_is_renamed_in_the_portal(clerk, planning):
    plan_items(item(section=planning))
    plan_items(item(section=planning, title="令和8年度 標的型メール訓練"))
    assert [line.title for line in ReminderLine.objects.open_for(clerk)] == ["令和8年度 標的型メール訓練"]


def test_a_run_for_a_past_day_disturbs_nothing_planned_since(clerk, planning):
    later = date(2026, 12, 7)
    plan_items(item(section=planning, until=later), today=later)
    before = open_lines()
    plan_items(item(section=planning), today=date(2026, 11, 24))
    assert open_lines() == before == [("clerk", "D+7")]


# --- recipients (R7) --------------------------------------------------------------------------------------------------
def told():
    """Who has an open notice, and the words that say why."""
    rows = ReminderLine.objects.filter(state=LineState.DUE).select_related("recipient")
    return {row.recipient.username: row.note for row in rows}


def test_staff_of_the_section_are_told_first(clerk, section_head, secretary, planning):
    planned = plan_items(item(section=planning))
    assert told() == {"clerk": "担当：企画課"}
    assert planned.without_owner == 0


def test_without_staff_the_section_head_is_told(section_head, secretary, planning):
    plan_items(item(section=planning))
    assert told() == {"section_head": "担当：企画課。担当者の登録がないため、課長へお知らせしています。"}


def test_without_anyone_in_the_section_the_secretariat_is_told_and_it_is_counted(secretary, planning):
    planned = plan_items(item(section=planning))
    assert told() == {"secretary": "担当：企画課。担当者と課長の登録がないため、事務局へお知らせしています。"}
    assert planned.without_owner == 1


def test_a_thing_of_no_section_goes_to_the_secretariat(secretary, clerk):
    planned = plan_items(item(section=None))
    assert told() == {"secretary": "担当課が決まっていないため、事務局へお知らせしています。"}
    assert planned.without_owner == 1


def test_the_secretariat_is_the_staff_of_its_own_section(secretary, general_affairs):
    planned = plan_items(item(section=general_affairs))
    assert told() == {"secretary": "担当：総務課"}
    assert planned.without_owner == 0


def test_nobody_at_all_is_counted_and_breaks_nothing(planning):
    assert plan_items(item(section=planning)) == Planned(without_owner=1)


def test_a_week_late_the_head_is_told_too_and_after_two_weeks_the_secretariat(clerk, section_head, secretary, planning):
    for day in (date(2026, 12, 7), date(2026, 12, 14)):
        plan_items(item(section=planning, until=day), today=day)
    assert told() == {
        "clerk": "担当：企画課",
        "section_head": "担当：企画課。期限を過ぎたため、課長へもお知らせしています。",
        "secretary": "担当：企画課。期限を過ぎたまま日がたっているため、事務局へもお知らせしています。",
    }
    assert ("section_head", "D+7", "missed") in lines()


def test_only_posts_held_on_the_day_count(planning, section_head):
    factories.create_person(
        username="left", name="前の担当", role=Role.STAFF, section=planning, valid_until=date(2026, 3, 31)
    )
    factories.create_person(
        username="coming", name="次の担当", role=Role.STAFF, section=planning, valid_from=date(2027, 4, 1)
    )
    plan_items(item(section=planning))
    assert list(told()) == ["section_head"]


def test_a_person_who_left_hands_the_notice_over(clerk, section_head, planning):
    plan_items(item(section=planning))
    clerk.is_active = False
    save_row(clerk, by=factories.TESTS, seen_version=clerk.version, today=TODAY)
    planned = plan_items(item(section=planning))
    assert list(told()) == ["section_head"]
    assert (planned.passed_on, planned.letters) == (1, 1)
    assert ReminderLine.objects.get(state=LineState.CANCELLED).state_reason == "担当が変わりました。"


def test_people_who_may_not_act_on_it_are_not_told(expert, engineer, outsider, planning):
    plan_items(item(section=planning))
    assert told() == {}


# --- letters ----------------------------------------------------------------------------------------------------------
def test_one_letter_lists_everything_a_person_has_open(clerk, planning):
    plan_items(item(section=planning), item(section=planning, subject="thing:2", title="令和8年度 DX研修"))
    mail = ReminderMail.objects.get()
    assert (mail.recipient, mail.digest_key, mail.state) == (clerk, "2026-11-24", MailState.QUEUED)
    assert [line.title for line in mail.lines.filter(state=LineState.DUE).order_by("pk")] == [
        "令和8年度 情報セキュリティ研修",
        "令和8年度 DX研修",
    ]


@pytest.mark.parametrize(
    ("today", "hour", "letters"),
    [
        (date(2026, 11, 24), 8, 0),  # before 8:30
        (date(2026, 11, 24), 9, 1),
        (date(2026, 11, 23), 9, 0),  # 勤労感謝の日
        (date(2026, 11, 28), 9, 0),  # Saturday
    ],
)
def test_letters_are_made_on_open_days_from_the_sending_hour(clerk, planning, today, hour, letters):
    planned = plan_items(item(section=planning, until=today), today=today, hour=hour)
    assert planned.letters == letters
    assert open_lines() == [("clerk", "D-7")]  # the portal says it at once


def test_days_the_town_closes_send_nothing(clerk, planning, general_affairs):
    create_row(ClosingDay(day=TODAY, label="庁舎の停電"), by=factories.TESTS, today=TODAY)
    assert plan_items(item(section=planning)).letters == 0


def test_a_line_born_later_in_the_day_waits_for_the_next_letter(clerk, planning):
    plan_items(item(section=planning))
    second = item(section=planning, subject="thing:2")
    assert plan_items(item(section=planning), second).letters == 0
    assert len(open_lines()) == 2
    tomorrow = date(2026, 11, 25)
    assert plan_items(item(section=planning), second, today=tomorrow).letters == 1
    assert [mail.lines.filter(state=LineState.DUE).count() for mail in ReminderMail.objects.order_by("pk")] == [1, 1]


def test_who_wants_no_mail_is_told_in_the_portal_only(clerk, planning):
    clerk.wants_mail = False
    save_row(clerk, by=factories.TESTS, seen_version=clerk.version, today=TODAY)
    assert plan_items(item(section=planning)).letters == 0
    assert open_lines() == [("clerk", "D-7")]


def test_only_to_leaves_everybody_else_alone(clerk, planning):
    other = factories.create_person(username="other", name="見本 九郎", role=Role.STAFF, section=planning)
    plan_items(item(section=planning), only_to=other)
    assert open_lines() == [("other", "D-7")]
    assert [mail.recipient for mail in ReminderMail.objects.all()] == [other]


@pytest.mark.parametrize("count", [1, 3])
def test_planning_again_asks_a_fixed_number_of_questions(clerk, planning, count, django_assert_num_queries):
    items = [item(section=planning, subject=f"thing:{n}") for n in range(count)]
    plan_items(*items)
    with django_assert_num_queries(10):
        plan_items(*items)
