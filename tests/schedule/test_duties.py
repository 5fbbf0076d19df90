"""The yearly duties: one row a fiscal year, recording it, and the notices that follow."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from schedule.actions.duties import (
    WrongStateError,
    follow_new_rule,
    mark_done,
    prepare_occurrences,
    reopen,
    skip,
)
from schedule.due import open_items
from schedule.models import Duty, DutyOccurrence, ReminderLine
from schedule.recurrence import Escalation
from schedule.sources import DueDay
from schedule.summaries.duties import duty_year
from tests.conftest import TODAY
from tests.factories import TESTS
from tests.schedule.duties import create_duty, create_occurrence, plan_all
from tests.schedule.factories import create_round, give_rows_to
from townhall.changes import StaleVersion, create_row, save_row
from townhall.models import ClosingDay

pytestmark = pytest.mark.django_db


def rows():
    return [
        (row.duty.name, row.fiscal_year, row.due_on) for row in DutyOccurrence.objects.order_by("fiscal_year", "pk")
    ]


def who(person, row):
    return {"by": person, "today": TODAY, "seen_version": row.version}


# --- the rows of a year -----------------------------------------------------------------------------------------------
def test_this_fiscal_year_and_the_next_are_prepared_once():
    create_duty(due_month=3, due_day=31)
    assert len(prepare_occurrences(today=date(2027, 3, 31))) == 2
    assert rows() == [
        ("情報セキュリティ研修", 2026, date(2027, 3, 31)),
        ("情報セキュリティ研修", 2027, date(2028, 3, 31)),
    ]
    assert prepare_occurrences(today=date(2027, 3, 31)) == []
    assert len(prepare_occurrences(today=date(2027, 4, 1))) == 1  # a new fiscal year began overnight


def test_a_row_a_person_has_moved_stays_where_it_is():
    prepare_occurrences(today=TODAY)
    row = create_occurrence()
    row.due_on = date(2026, 12, 18)
    save_row(row, by=TESTS, seen_version=row.version, today=TODAY)
    prepare_occurrences(today=TODAY)
    assert rows()[0] == ("情報セキュリティ研修", 2026, date(2026, 12, 18))


def test_a_duty_no_longer_in_use_gets_no_new_rows():
    create_duty(is_active=False)
    assert prepare_occurrences(today=TODAY) == []


def test_a_day_that_had_passed_before_the_duty_was_known_is_no_debt():
    create_duty(due_month=6, due_day=30)
    prepare_occurrences(today=TODAY)
    assert rows() == [("情報セキュリティ研修", 2027, date(2027, 6, 30))]


def test_half_yearly_duties_have_two_rows_a_year():
    create_duty(recurrence="half", due_month=5, due_day=None)
    prepare_occurrences(today=date(2027, 4, 1))
    made = DutyOccurrence.objects.order_by("due_on")
    assert [(str(row), row.due_on) for row in made] == [
        ("令和9年度 上半期 情報セキュリティ研修", date(2027, 5, 31)),
        ("令和9年度 下半期 情報セキュリティ研修", date(2027, 11, 30)),
        ("令和10年度 上半期 情報セキュリティ研修", date(2028, 5, 31)),
        ("令和10年度 下半期 情報セキュリティ研修", date(2028, 11, 30)),
    ]
    assert prepare_occurrences(today=date(2027, 4, 1)) == []


def test_a_duty_of_a_single_year_comes_in_that_year_only():
    create_duty(recurrence="once", first_year=2027)
    prepare_occurrences(today=TODAY)
    prepare_occurrences(today=date(2028, 4, 1))
    assert [year for _, year, _ in rows()] == [2027]


def test_the_deadline_moves_to_the_open_day_before_when_asked(secretary):
    """R5: a closing day added later still counts."""
    create_occurrence()
    create_row(ClosingDay(day=date(2026, 11, 30), label="庁舎の停電"), by=TESTS, today=TODAY)
    assert [item.due_on for item in open_items(DueDay.on(TODAY))] == [date(2026, 11, 27)]
    assert [line.due_on for line in duty_year(2026, today=TODAY).lines] == [date(2026, 11, 27)]


def test_open_rows_follow_a_new_date_of_the_duty_and_touched_ones_do_not():
    duty = create_duty()
    prepare_occurrences(today=TODAY)
    moved = duty.occurrences.get(fiscal_year=2027)
    moved.due_on = date(2027, 10, 1)
    save_row(moved, by=TESTS, seen_version=moved.version, today=TODAY)
    old = duty.rule
    duty.due_month, duty.due_day = 12, 31
    save_row(duty, by=TESTS, seen_version=duty.version, today=TODAY)
    follow_new_rule(duty, old=old, by=TESTS, today=TODAY)
    assert [due_on for _, _, due_on in rows()] == [date(2026, 12, 28), date(2027, 10, 1)]


def test_one_row_per_duty_and_year_is_a_rule_of_the_database():
    row = create_occurrence()
    with pytest.raises(IntegrityError), transaction.atomic():
        DutyOccurrence.objects.bulk_create([DutyOccurrence(duty=row.duty, fiscal_year=2026, due_on=TODAY)])


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"due_month": 13}, "12 以下"),
        ({"due_day": 32}, "31 以下"),
        ({"recurrence": "once"}, "初めの年度を入力してください"),
        ({"recurrence": "interval", "first_year": 2026}, "何年ごと"),
        ({"every_years": 3}, "「n年ごと」のときだけ"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(values, sentence):
    duty = create_duty()
    with pytest.raises(ValidationError, match=sentence):
        create_duty(**{"code": "other"} | values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.filter(pk=duty.pk).update(**values)


def test_no_change_belongs_to_a_day():
    row = create_occurrence()
    with pytest.raises(IntegrityError), transaction.atomic():
        DutyOccurrence.objects.filter(pk=row.pk).update(no_change=True)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "毎年度　11月30日まで"),
        ({"due_day": None}, "毎年度　11月末まで"),
        ({"recurrence": "half"}, "半年ごと（11月30日とその半年後まで）"),
        ({"recurrence": "anytime"}, "随時（少なくとも年1回）　11月30日まで"),
        ({"recurrence": "interval", "every_years": 3, "first_year": 2026}, "3年ごと（令和8年度から）　11月30日まで"),
        ({"recurrence": "once", "first_year": 2026}, "一度だけ（令和8年度）　11月30日まで"),
    ],
)
def test_the_rule_in_words(values, words):
    assert create_duty(**values).rule_in_words == words


@pytest.mark.parametrize("lead_days", ["60", [60, "7"], [-1], [400], [True], {"a": 1}])
def test_lead_days_must_be_whole_numbers(lead_days):
    with pytest.raises(ValidationError, match="0～365の整数"):
        create_duty(lead_days=lead_days)


# --- recording --------------------------------------------------------------------------------------------------------
def test_done_with_proof_stops_the_notices_at_once(secretary, general_affairs):
    row = create_occurrence(section=general_affairs)
    plan_all()
    assert ReminderLine.objects.open_for(secretary).count() == 1
    mark_done(row, **who(secretary, row), done_on=date(2026, 11, 20), evidence="総務第123号", note="参加 98人")
    assert ReminderLine.objects.open_for(secretary).count() == 0
    row.refresh_from_db()
    assert (row.done_on, row.evidence, row.note, row.version) == (date(2026, 11, 20), "総務第123号", "参加 98人", 2)
    assert plan_all().new == 0


def test_a_review_without_change_is_a_record_too(secretary):
    row = create_occurrence(duty=create_duty(code="policy", kind="policy", name="セキュリティポリシー見直し"))
    mark_done(row, **who(secretary, row), done_on=TODAY, no_change=True)
    row.refresh_from_db()
    assert (row.done_on, row.no_change) == (TODAY, True)


def test_leaving_it_out_needs_a_reason_and_stops_the_notices(secretary, general_affairs):
    row = create_occurrence(section=general_affairs)
    plan_all()
    with pytest.raises(WrongStateError, match="行わない理由を入力してください"):
        skip(row, **who(secretary, row), reason=" ")
    skip(row, **who(secretary, row), reason="対象の制度が廃止されたため")
    assert [line.state_reason for line in ReminderLine.objects.filter(state="done")] == [
        "行わないことにしました（対象の制度が廃止されたため）。"
    ]


def test_taking_it_back_needs_a_reason_and_brings_the_notice_back(secretary, general_affairs):
    row = create_occurrence(section=general_affairs)
    plan_all()
    mark_done(row, **who(secretary, row), done_on=TODAY, evidence="総務第123号")
    with pytest.raises(WrongStateError, match="取り消す理由を入力してください"):
        reopen(row, **who(secretary, row), reason="")
    reopen(row, **who(secretary, row), reason="別の研修だったため")
    plan_all()
    assert ReminderLine.objects.open_for(secretary).count() == 1
    assert [(change.evidence, change.history_change_reason) for change in row.history.all()[:2]] == [
        ("", "別の研修だったため"),
        ("総務第123号", ""),
    ]


def test_steps_that_do_not_fit_are_refused_with_a_sentence(secretary):
    row = create_occurrence()
    with pytest.raises(WrongStateError, match="取り消すものがありません"):
        reopen(row, **who(secretary, row), reason="理由")
    skip(row, **who(secretary, row), reason="理由")
    with pytest.raises(WrongStateError, match="「行わない」と記録されています"):
        mark_done(row, **who(secretary, row), done_on=TODAY)


def test_the_second_of_two_people_is_told(secretary, clerk):
    row = create_occurrence()
    same = DutyOccurrence.objects.get(pk=row.pk)
    mark_done(row, **who(secretary, row), done_on=TODAY)
    with pytest.raises(StaleVersion):
        mark_done(same, **who(clerk, same), done_on=date(2026, 11, 1))
    assert DutyOccurrence.objects.get().done_on == TODAY


# --- what is handed to the reminders ----------------------------------------------------------------------------------
def test_duties_go_on_regardless_of_any_plan(secretary, general_affairs):
    create_occurrence(section=general_affairs)
    [item] = open_items(DueDay.on(TODAY))
    assert (item.kind, item.title, item.section) == ("duty", "令和8年度 情報セキュリティ研修", general_affairs)
    assert [step.key for step in item.steps] == ["2026-10-01:D-60", "2026-10-31:D-30", "2026-11-23:D-7"]


def test_sections_are_asked_for_their_unreported_rows_once_per_round(plan, planning, clerk, secretary):
    create_round(plan=plan, due_on=date(2026, 12, 1))
    give_rows_to(planning, "5-1", "5-2")
    items = {item.section: item for item in open_items(DueDay.on(TODAY))}
    assert {section: item.title for section, item in items.items()} == {
        planning: "進捗の入力　令和7年度 第4四半期（未入力 2行）",
        None: "進捗の入力　令和7年度 第4四半期（未入力 17行）",
    }
    assert items[planning].path == "/progress/2025-4/"


def test_a_round_not_open_asks_nobody(plan):
    create_round(plan=plan, opens_on=date(2026, 12, 1), due_on=date(2026, 12, 20))
    assert open_items(DueDay.on(TODAY)) == []


def test_the_duty_says_when_the_secretariat_is_told_too(planning, clerk, secretary):
    create_occurrence(duty=create_duty(owner_section=planning, escalates_after=40), due_on=date(2026, 11, 4))
    [item] = open_items(DueDay.on(date(2026, 12, 20)))
    assert [(step.offset, Escalation().reach(step).name) for step in item.steps if step.offset > 0] == [
        *((days, "HEAD") for days in (7, 14, 21, 28, 35)),
        (42, "SECRETARIAT"),
    ]


# --- numbers ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("due_on", "label", "distance"),
    [
        (date(2026, 11, 20), "期限切れ", "期限を4日過ぎています"),
        (date(2026, 11, 24), "期限間近", "今日が期限です"),
        (date(2026, 12, 24), "期限間近", "あと30日"),
        (date(2026, 12, 25), "これから", "あと31日"),
    ],
)
def test_state_of_a_row_in_words(due_on, label, distance):
    create_occurrence(due_on=due_on)
    [line] = duty_year(2026, today=TODAY).lines
    assert (line.state.label, line.distance) == (label, distance)


@pytest.mark.parametrize("count", [1, 3])
def test_duty_year_query_count(count, planning, django_assert_num_queries):
    for n in range(count):
        create_occurrence(duty=create_duty(code=f"duty-{n}", name=f"義務{n}", owner_section=planning))
    with django_assert_num_queries(3):
        board = duty_year(2026, today=TODAY)
    assert [(line.name, line.section) for line in board.lines] == [(f"義務{n}", "企画課") for n in range(count)]
    assert board.years == (2026,)
