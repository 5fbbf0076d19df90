"""The training ledger: whom a course is for, who was there, and the rates that follow."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from schedule.actions import training as actions
from schedule.actions.duties import WrongStateError
from schedule.due import open_items
from schedule.models import Attendance, ReminderLine, Training, TrainingSession
from schedule.models.training import name_key
from schedule.sources import DueDay
from schedule.summaries.training import Rate, training_line, training_year
from tests.conftest import TODAY
from tests.factories import TESTS
from tests.schedule.duties import create_duty, create_occurrence, plan_all
from tests.schedule.trainings import attend, create_trainee, excuse, hold, row_of, start
from townhall.changes import StaleVersion, save_row

pytestmark = pytest.mark.django_db


def people(training):
    return [(str(row.trainee), row.section.name, row.state) for row in training.attendances.order_by("trainee__name")]


# --- names ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("見本 花子", "見本　花子", True),
        ("見本花子", " 見本  花子 ", True),
        ("ﾐﾎﾝ ﾊﾅｺ", "ミホン ハナコ", True),
        ("高橋 一郎", "髙橋 一郎", False),
        ("斉藤", "齊藤", False),
    ],
)
def test_width_and_blanks_do_not_make_another_name_and_another_character_does(one, other, same):
    assert (name_key(one) == name_key(other)) is same


def test_two_people_of_one_name_in_a_section_need_a_number(planning, welfare):
    create_trainee("見本 花子", section=planning)
    create_trainee("見本　花子", section=welfare)
    with pytest.raises(ValidationError, match="職員番号を入れて分けてください"):
        create_trainee("見本　花子", section=planning)
    create_trainee("見本　花子", section=planning, staff_number="０１２")
    with pytest.raises(ValidationError, match="同じ職員番号の人"):
        create_trainee("例 一郎", section=planning, staff_number="012")


# --- whom it is for ---------------------------------------------------------------------------------------------------
def test_the_audience_is_the_roster_of_the_day_by_section_employment_and_year(planning, welfare):
    create_trainee("甲", section=planning)
    create_trainee("乙", section=planning, employment="fixed_term", hired_on=date(2026, 10, 1))
    create_trainee("丙", section=welfare)
    create_trainee("丁", section=welfare, left_on=date(2026, 9, 30))
    everybody = start()
    assert people(everybody) == [
        ("丙", "健康福祉課", "missing"),
        ("乙", "企画課", "missing"),
        ("甲", "企画課", "missing"),
    ]
    fixed_term = start(occurrence=create_occurrence(duty=create_duty(code="b")), employments=["fixed_term"])
    newcomers = start(occurrence=create_occurrence(duty=create_duty(code="c")), only_newcomers=True)
    of_welfare = start(occurrence=create_occurrence(duty=create_duty(code="d")), sections=["kenko"])
    assert [[name for name, _, _ in people(each)] for each in (fixed_term, newcomers, of_welfare)] == [
        ["乙"],
        ["乙"],
        ["丙"],
    ]


def test_starting_twice_is_the_same_as_once(planning):
    create_trainee("甲", section=planning)
    first = start()
    assert start(occurrence=first.occurrence) == first
    assert (Training.objects.count(), Attendance.objects.count()) == (1, 1)


def test_only_a_training_keeps_attendance():
    policy = create_occurrence(duty=create_duty(code="policy", kind="policy"))
    with pytest.raises(WrongStateError, match="研修の義務ではない"):
        start(occurrence=policy)


def test_following_the_roster_keeps_what_is_recorded(planning, welfare):
    names = ("甲", "乙", "丙", "丁")
    roster = {name: create_trainee(name, section=planning) for name in names}
    training = start()
    attend(hold(training), "甲")
    for name in ("甲", "乙"):
        roster[name].section = welfare
    roster["丙"].left_on = date(2026, 11, 20)
    for name in ("甲", "乙", "丙"):
        save_row(roster[name], by=TESTS, seen_version=1, today=TODAY)
    create_trainee("戊", section=welfare)
    change = actions.follow_roster(training, by=TESTS, today=TODAY)
    assert change.sentence == "新しい対象者 1人、課が変わった人 1人、対象から外れた人 1人"
    assert people(training) == [
        ("丁", "企画課", "missing"),
        ("丙", "企画課", "excused"),
        ("乙", "健康福祉課", "missing"),
        ("戊", "健康福祉課", "missing"),
        ("甲", "企画課", "attended"),
    ]
    assert row_of(training, "丙").reason == "名簿から外れたため（退職・異動など）"
    assert not actions.follow_roster(training, by=TESTS, today=TODAY)


# --- who was there ----------------------------------------------------------------------------------------------------
def test_sessions_are_numbered_and_lie_in_their_year(planning):
    training = start()
    assert [hold(training).number, hold(training).number] == [1, 2]
    with pytest.raises(ValidationError, match="令和8年4月1日から令和9年3月31日まで"):
        hold(training, held_on=date(2026, 3, 31))


def test_a_session_sent_twice_is_there_once():
    training = start()
    first = hold(training)
    again = TrainingSession(training=training, held_on=first.held_on, creation_key=first.creation_key)
    assert actions.add_session(again, by=TESTS, today=TODAY) == first


def test_the_first_record_of_a_person_stays(planning):
    create_trainee("甲", section=planning)
    training = start()
    first, second = hold(training), hold(training, held_on=date(2026, 11, 20))
    assert [len(attend(first, "甲")), len(attend(second, "甲"))] == [1, 0]
    assert row_of(training, "甲").attended_on == date(2026, 11, 10)


def test_nobody_was_at_a_session_that_is_still_to_come(planning):
    create_trainee("甲", section=planning)
    training = start()
    with pytest.raises(WrongStateError, match="まだ実施の日が来ていません"):
        attend(hold(training, held_on=date(2026, 11, 25)), "甲")


def test_excused_needs_a_reason_and_going_back_takes_everything_with_it(planning):
    create_trainee("甲", section=planning)
    training = start()
    with pytest.raises(ValidationError, match="免除の理由を入力してください"):
        excuse(training, "甲", reason="　")
    row = excuse(training, "甲")
    actions.set_attendance(row, "missing", by=TESTS, today=TODAY, seen_version=row.version)
    row.refresh_from_db()
    assert (row.state, row.reason, row.attended_on) == ("missing", "", None)
    with pytest.raises(StaleVersion):
        actions.set_attendance(row, "missing", by=TESTS, today=TODAY, seen_version=1)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "attended"},
        {"attended_on": TODAY},
        {"state": "excused"},
        {"reason": "休業"},
    ],
)
def test_what_belongs_to_a_state_is_a_rule_of_the_database(planning, values):
    create_trainee("甲", section=planning)
    row = row_of(start(), "甲")
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.filter(pk=row.pk).update(**values)


def test_one_row_per_person_and_one_training_per_year_are_rules_of_the_database(planning):
    person = create_trainee("甲", section=planning)
    training = start()
    for twin in (
        Attendance(training=training, trainee=person, section=planning),
        Training(occurrence=training.occurrence),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(twin).objects.bulk_create([twin])


# --- numbers ----------------------------------------------------------------------------------------------------------
@pytest.mark.one_database
@pytest.mark.parametrize(
    ("rate", "percent", "words"),
    [
        (Rate(91, 3, 33), 73, "91/124人（73％）"),
        (Rate(199, 0, 1), 99, "199/200人（99％）"),
        (Rate(5, 2, 0), 100, "5/5人（100％）"),
        (Rate(0, 2, 0), None, "対象者なし"),
    ],
)
def test_the_excused_leave_the_denominator_and_only_everybody_is_100(rate, percent, words):
    assert (rate.percent, rate.words) == (percent, words)


def test_rates_by_section_add_up(planning, welfare):
    for name in ("甲", "乙"):
        create_trainee(name, section=planning)
    for name in ("丙", "丁", "戊"):
        create_trainee(name, section=welfare)
    training = start()
    attend(hold(training), "甲", "乙", "丙")
    excuse(training, "丁")
    line = training_line(training, today=TODAY)
    assert [(each.section, each.rate, each.state.label) for each in line.sections] == [
        ("企画課", Rate(2, 0, 0), "全員受講"),
        ("健康福祉課", Rate(1, 1, 1), "期限間近"),
    ]
    assert (line.rate, line.state.label, line.sessions) == (Rate(3, 1, 1), "期限間近", 1)
    assert training_line(training, today=date(2026, 12, 1)).state.label == "未受講あり"


@pytest.mark.parametrize("count", [1, 3])
def test_training_year_query_count(count, planning, welfare, django_assert_num_queries):
    for number in range(count):
        create_trainee(f"人{number}", section=(planning, welfare)[number % 2])
    for number in range(count):
        duty = create_duty(code=f"course-{number}", name=f"研修{number}")
        hold(start(occurrence=create_occurrence(duty=duty)))
    with django_assert_num_queries(4):
        board = training_year(2026, today=TODAY)
    assert [(line.duty.name, line.rate.missing, line.sessions) for line in board.lines] == [
        (f"研修{number}", count, 1) for number in range(count)
    ]


# --- what is handed to the reminders ----------------------------------------------------------------------------------
def test_the_missing_are_asked_themselves_and_heads_for_those_without_an_account(planning, clerk, section_head):
    create_trainee("見本 三郎", section=planning, user=clerk)
    create_trainee("例 一郎", section=planning)
    training = start()
    items = [item for item in open_items(DueDay.on(TODAY)) if item.kind == "training"]
    assert [(item.title, item.people, str(item.section)) for item in items] == [
        ("令和8年度 情報セキュリティ研修を受講してください", (clerk,), "企画課"),
        ("令和8年度 情報セキュリティ研修　未受講 2人（企画課）", (), "企画課"),
    ]
    plan_all()
    told = ReminderLine.objects.filter(kind="training", state="due").order_by("recipient__username")
    assert [(line.recipient.username, line.title) for line in told] == [
        ("clerk", "令和8年度 情報セキュリティ研修を受講してください"),
        ("section_head", "令和8年度 情報セキュリティ研修　未受講 2人（企画課）"),
    ]
    assert [line for line in told if "一郎" in line.title + line.note] == []
    attend(hold(training), "見本 三郎")
    assert ReminderLine.objects.open_for(clerk).filter(kind="training").count() == 0


def test_heads_hear_of_their_people_with_accounts_after_the_day_only(planning, clerk, section_head):
    create_trainee("見本 三郎", section=planning, user=clerk)
    start()
    titles = {
        day: [item.title for item in open_items(DueDay.on(day)) if item.kind == "training"]
        for day in (TODAY, date(2026, 12, 8))
    }
    person = "令和8年度 情報セキュリティ研修を受講してください"
    assert titles == {
        TODAY: [person],
        date(2026, 12, 8): [person, "令和8年度 情報セキュリティ研修　未受講 1人（企画課）"],
    }


def test_a_duty_that_is_done_asks_nobody(planning, clerk):
    create_trainee("見本 三郎", section=planning, user=clerk)
    training = start()
    occurrence = training.occurrence
    occurrence.done_on = TODAY
    save_row(occurrence, by=TESTS, seen_version=occurrence.version, today=TODAY)
    assert open_items(DueDay.on(TODAY)) == []
