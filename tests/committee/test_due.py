"""What is told around meetings, to whom and when."""

from datetime import date, timedelta

import pytest

from committee import actions
from committee.choices import ItemKind, Outcome, SeatState
from committee.due import open_items
from committee.models import Meeting, MinutesReply, Seat, WrittenAnswer
from schedule import reminders
from schedule.models import ReminderLine
from schedule.sources import DueDay
from tests.committee.factories import add_item, assign, close, convene, create_meeting, decide, draft_minutes
from tests.conftest import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

DECEMBER_4 = date(2026, 12, 4)  # a Friday
YESTERDAY = TODAY - timedelta(days=1)  # 勤労感謝の日


def told(today=TODAY):
    """Kind, words, last day, and who is asked by name or whose section's matter it is."""
    return [
        (item.kind, item.title, item.due_on, [str(p) for p in item.people] or str(item.section or "事務局"))
        for item in open_items(DueDay.on(today))
    ]


def steps_of(kind, today):
    return [step.key for item in open_items(DueDay.on(today)) if item.kind == kind for step in item.steps]


@pytest.fixture
def coming(secretary, deputy_mayor, expert):
    return create_meeting(by=secretary, held_on=DECEMBER_4, place="大会議室")


def called(meeting, *, by):
    return convene(meeting, by=by, reply_by=date(2026, 12, 1))


def answer(seat, state, opinion=""):
    seat.state, seat.opinion = state, opinion
    return actions.record_attendance(seat, by=seat.person, today=TODAY, seen_version=seat.version)


def test_the_office_is_told_to_convene_as_many_working_days_before_as_the_rules_say(coming):
    words = "第7回 情報化推進委員会　会議を招集してください"
    assert told() == [("convening", words, date(2026, 11, 27), "事務局")]
    assert steps_of("convening", date(2026, 11, 30)) == ["2026-11-19:D-5", "2026-11-27:D", "2026-11-30:D+1"]


def test_who_is_called_is_asked_at_once_and_until_the_meeting_everybody_but_the_absent_is_told_the_day_before(
    coming, secretary, deputy_mayor, expert
):
    called(coming, by=secretary)
    words = "第7回 情報化推進委員会（12月4日（金））　出欠を回答してください"
    the_day = "第7回 情報化推進委員会　12月4日（金）　大会議室"
    assert told() == [
        ("call", words, date(2026, 12, 1), ["見本 太郎"]),
        ("call", words, date(2026, 12, 1), ["見本 六郎"]),
        ("meeting", the_day, DECEMBER_4, ["見本 太郎", "見本 六郎"]),
    ]
    assert [[(step.key, step.at_once) for step in item.steps] for item in open_items(DueDay.on(TODAY))] == [
        [("2026-11-24:convened", True)],
        [("2026-11-24:convened", True)],
        [],
    ]
    answer(Seat.objects.get(person=deputy_mayor), SeatState.ABSENT)
    assert told() == [
        ("call", words, date(2026, 12, 1), ["見本 六郎"]),
        ("meeting", the_day, DECEMBER_4, ["見本 六郎"]),
    ]
    assert steps_of("meeting", date(2026, 12, 3)) == ["2026-12-03:D-1"]
    assert told(today=date(2026, 12, 5))[0][:2] == ("meeting_end", "第7回 情報化推進委員会　会議を終了してください")


def test_another_day_or_hour_is_told_at_once_to_everybody_and_asked_anew(coming, secretary, deputy_mayor, expert):
    called(coming, by=secretary)
    answer(Seat.objects.get(person=deputy_mayor), SeatState.PRESENT)
    answer(Seat.objects.get(person=expert), SeatState.ABSENT, opinion="先に読みました。")
    assert [words for kind, words, *_ in told() if kind == "call"] == []
    meeting = Meeting.objects.get()
    who = {"by": secretary, "today": TODAY, "now": NOW}
    meeting.place = "小会議室"
    actions.edit_meeting(meeting, seen_version=meeting.version, **who)
    assert [kind for kind, *_ in told()] == ["meeting"]  # the same day and hour: nobody is asked again
    meeting.held_on = date(2026, 11, 30)
    actions.edit_meeting(meeting, seen_version=meeting.version, **who)
    words, until = "第7回 情報化推進委員会（11月30日（月））　出欠を回答してください", date(2026, 11, 30)
    assert told()[:2] == [("call", words, until, ["見本 太郎"]), ("call", words, until, ["見本 六郎"])]
    assert steps_of("call", TODAY)[:2] == ["2026-11-24:convened", "2026-11-24:moved"]
    seat = Seat.objects.get(person=expert)
    assert (seat.state, seat.opinion, meeting.reply_by) == ("unknown", "先に読みました。", until)


def test_an_answer_takes_the_notice_of_that_person_alone_off_the_portal(coming, secretary, deputy_mayor):
    called(coming, by=secretary)
    day = DueDay.on(TODAY)
    reminders.plan(open_items(day), kinds=["call"], today=TODAY, now=NOW)
    answer(Seat.objects.get(person=deputy_mayor), SeatState.PRESENT)
    states = ReminderLine.objects.order_by("pk").values_list("recipient__username", "state")
    assert list(states) == [("deputy_mayor", "done"), ("expert", "due")]


def test_members_answer_a_written_meeting_until_the_last_subject_and_the_last_day(secretary, deputy_mayor, expert):
    meeting = create_meeting(by=secretary, held_on=DECEMBER_4, way="written")
    items = [add_item(meeting, by=secretary, title=title) for title in "ab"]
    called(meeting, by=secretary)
    words = "第7回 情報化推進委員会（書面開催）　議題に回答してください"
    owed = [("written", words, date(2026, 12, 1), ["見本 太郎"])]
    for item in items:
        assert told() == owed
        given = WrittenAnswer(item=item, vote="agree")
        actions.answer_in_writing(given, by=deputy_mayor, today=TODAY, seen_version=None)
    assert told() == []
    WrittenAnswer.objects.all().delete()
    assert told(today=date(2026, 12, 1)) == owed
    assert told(today=date(2026, 12, 2)) == []


def test_homework_is_told_to_its_section_before_and_after_its_day_and_without_a_day_until_the_next_meeting(
    secretary, planning
):
    meeting = create_meeting(by=secretary, held_on=YESTERDAY)
    item = add_item(meeting, by=secretary, kind=ItemKind.REPORT)
    decide(item, by=secretary, outcome=Outcome.NOTED)
    task = assign(meeting, by=secretary, section=planning, item=item, due_on=date(2026, 12, 6))
    assign(meeting, by=secretary)
    close(meeting, by=secretary)
    assert told() == [("action_item", "第7回の宿題", date(2026, 12, 4), "企画課")]
    called(create_meeting(by=secretary, number=8, held_on=date(2026, 12, 10)), by=secretary)
    assert told() == [
        ("action_item", "第7回の宿題", date(2026, 12, 4), "企画課"),
        ("action_item", "第7回の宿題", date(2026, 12, 10), "事務局"),
    ]
    assert steps_of("action_item", date(2026, 12, 5)) == [
        *("2026-11-27:D-7", "2026-12-04:D", "2026-12-05:D+1"),
        "2026-12-03:D-7",
    ]
    day = DueDay.on(date(2026, 12, 4))
    reminders.plan(open_items(day), kinds=["action_item"], today=day.today, now=NOW)
    done = {"ended_on": TODAY, "note": "作った。", "seen_version": task.version}
    actions.finish_action_item(task, by=secretary, today=TODAY, **done)
    ours = ReminderLine.objects.filter(subject=f"action_item:{task.pk}")
    assert set(ours.values_list("state", flat=True)) <= {"done", "missed"}


def test_minutes_are_checked_by_who_was_called_and_then_confirmed_by_the_office(coming, secretary, deputy_mayor):
    called(coming, by=secretary)
    close(coming, by=secretary)
    minutes = draft_minutes(Meeting.objects.get(), by=secretary)
    until = actions.minutes_due(TODAY)
    actions.send_minutes(minutes, reply_by=until, by=secretary, today=TODAY, seen_version=minutes.version)
    words = "第7回 会議録　確認してください"
    assert told() == [("minutes", words, until, ["見本 太郎"]), ("minutes", words, until, ["見本 六郎"])]
    assert steps_of("minutes", TODAY) == ["2026-11-24:D-10", "2026-11-24:D-10"]
    actions.reply_to_minutes(MinutesReply(minutes=minutes), by=deputy_mayor, today=TODAY, seen_version=None)
    assert told() == [("minutes", words, until, ["見本 六郎"])]
    after = until + timedelta(days=1)
    assert told(today=after) == [("minutes_end", "第7回 会議録　確定してください", until, "事務局")]


def test_one_meeting_or_three_take_as_many_queries(coming, secretary, django_assert_num_queries):
    called(coming, by=secretary)
    day = DueDay.on(TODAY)
    with django_assert_num_queries(10):
        open_items(day)
    for number in (8, 9):
        called(create_meeting(by=secretary, number=number, held_on=DECEMBER_4), by=secretary)
    with django_assert_num_queries(10):
        open_items(day)
