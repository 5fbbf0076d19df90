"""実施回 and 受講の記録 from a file: who was there, line by line, and what no page would take."""

from datetime import date

import pytest

from schedule.attendance_resource import AttendanceResource, resource_for
from schedule.models import Attendance, ReminderLine, Trainee, TrainingSession
from schedule.session_resource import SessionResource
from schedule.trainee_resource import TraineeResource
from tests.conftest import NOW, TODAY
from tests.schedule.duties import plan_all
from tests.schedule.trainings import attend, create_trainee, excuse, hold, row_of, start
from townhall.sheets.table import Line, Sheet

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
KEYS = ("義務の記号", "年度")


def take_in(resource, headings, *lines, by):
    numbered = tuple(Line(number, line) for number, line in enumerate(lines, 2))
    sheet = Sheet(headers=headings, lines=numbered, columns=tuple("ABCDEFGH"[: len(headings)]))
    return resource(by=by, today=TODAY, now=NOW, reason="取込#1").run(sheet, dry_run=False)


def said(outcome):
    return [row.errors[0].split("。")[0] for row in outcome.failed]


@pytest.fixture
def training(planning, welfare, clerk):
    create_trainee("見本 甲子", section=planning, staff_number="001", user=clerk)
    create_trainee("髙橋 乙子", section=planning)
    create_trainee("例 丙夫", section=planning)
    create_trainee("例 丙夫", section=welfare)
    return start()


def records(training):
    rows = training.attendances.order_by("trainee__pk").values_list("state", "session__number", "attended_on", "reason")
    return list(rows)


# --- sessions ---------------------------------------------------------------------------------------------------------
def test_next_number_of_a_course_is_a_new_session_and_no_other(secretary, training):
    hold(training)
    headings = (*KEYS, "回", "実施日", "方法", "場所")
    lines = (
        ("training", "R8", "１", "", "", "大会議室"),
        ("training", "令和8年度", "第2回", "R8.12.1", "eラーニング", ""),
    )
    assert take_in(SessionResource, headings, *lines, by=secretary).counts == {"新規": 1, "変更": 1, "変更なし": 0}
    assert list(TrainingSession.objects.values_list("number", "held_on", "kind", "place", "version")) == [
        (1, date(2026, 11, 10), "room", "大会議室", 2),
        (2, date(2026, 12, 1), "elearning", "", 1),
    ]
    wrong = (
        ("training", "R8", "4", "R8.12.1", "", ""),
        ("training", "R8", "3", "R9.4.1", "", ""),
        ("training", "R7", "1", "R8.3.1", "", ""),
        ("training", "R8", "初回", "R8.12.1", "", ""),
        ("training", "R8", "1", "", "座学", ""),
    )
    assert said(take_in(SessionResource, headings, *wrong, by=secretary)) == [
        "回（C2）：次に加えられるのは第3回です",
        "実施日（D3）：令和8年4月1日から令和9年3月31日までの日を入力してください",
        "義務の記号（A4）：記号「training」のその年度の研修は、まだ受講の記録を始めていません",
        "回（C5）：「初」は使えません",
        "方法（E6）：「座学」は使えません",
    ]
    assert TrainingSession.objects.count() == 2


# --- who was there ----------------------------------------------------------------------------------------------------
def test_states_are_recorded_with_what_belongs_to_them(secretary, training, clerk):
    hold(training)
    plan_all()
    headings = (*KEYS, "氏名", "課", "状況", "回", "受講日", "免除の理由")
    lines = (
        ("training", "R8", "見本　甲子", "", "出席", "1", "", ""),
        ("training", "R8", "髙橋乙子", "", "免除", "", "", "育児休業中"),
        ("training", "R8", "例 丙夫", "健康福祉課", "受講", "", "Ｒ８．１１．２０", ""),
        ("training", "R8", "例 丙夫", "企画課", "未受講", "", "", ""),
    )
    assert take_in(AttendanceResource, headings, *lines, by=secretary).counts == {"新規": 0, "変更": 3, "変更なし": 1}
    assert records(training) == [
        ("attended", 1, date(2026, 11, 10), ""),
        ("excused", None, None, "育児休業中"),
        ("missing", None, None, ""),
        ("attended", None, date(2026, 11, 20), ""),
    ]
    assert ReminderLine.objects.open_for(clerk).filter(kind="training").count() == 0
    assert row_of(training, "見本 甲子").history.latest().history_change_reason == "取込#1"


def test_what_is_not_known_or_does_not_belong_is_refused_with_its_cell(secretary, training):
    attend(hold(training), "見本 甲子")
    headings = (*KEYS, "職員番号", "氏名", "状況", "回", "受講日", "免除の理由")
    lines = (
        ("training", "R8", "", "高橋 乙子", "受講", "1", "", ""),
        ("training", "R8", "", "例 丙夫", "受講", "1", "", ""),
        ("training", "R8", "001", "髙橋 乙子", "受講", "1", "", ""),
        ("training", "R8", "", "", "受講", "1", "", ""),
        ("training", "R8", "", "髙橋 乙子", "受講", "", "", ""),
        ("training", "R8", "001", "", "未受講", "", "R8.11.10", ""),
    )
    assert said(take_in(AttendanceResource, headings, *lines, by=secretary)) == [
        "氏名（D2）：この研修の対象者にいない氏名です",
        "氏名（D3）：同じ氏名の人が2人以上います",
        "氏名（D4）：職員番号「001」の対象者は「見本 甲子」です",
        "氏名（D5）：氏名がありません",
        "受講日（G6）：「受講」の行には、回か受講日を入れてください",
        "受講日（G7）：「受講」の行だけに入れます",
    ]
    lines = (
        ("training", "R8", "", "髙橋 乙子", "受講", "2", "", ""),
        ("training", "R8", "001", "", "受講", "", "R8.11.25", ""),
        ("training", "R7", "", "髙橋 乙子", "受講", "1", "", ""),
    )
    assert said(take_in(AttendanceResource, headings, *lines, by=secretary)) == [
        "回（F2）：この研修に、実施回「2」はありません",
        "受講日（G3）：まだ来ていない日です",
        "義務の記号（A4）：記号「training」のその年度の研修は、まだ受講の記録を始めていません",
    ]
    assert Attendance.objects.filter(version__gt=1).count() == 1


def test_going_back_takes_day_and_reason_with_it(secretary, training):
    attend(hold(training), "見本 甲子")
    excuse(training, "髙橋 乙子")
    headings = (*KEYS, "氏名", "状況", "回")
    lines = (("training", "R8", "見本 甲子", "×", ""), ("training", "R8", "髙橋 乙子", "受講", "第1回"))
    assert take_in(AttendanceResource, headings, *lines, by=secretary).is_clean
    assert records(training)[:2] == [("missing", None, None, ""), ("attended", 1, date(2026, 11, 10), "")]


# --- a file that was given to one session -----------------------------------------------------------------------------
def test_whoever_stands_in_the_list_of_a_session_was_there_and_the_first_record_stays(secretary, training):
    attend(hold(training), "見本 甲子")
    second = hold(training, held_on=date(2026, 11, 20))
    lines = (("見本 甲子", "", ""), ("髙橋 乙子", "R8.11.19", ""), ("例 丙夫", "", "企画課"))
    outcome = take_in(resource_for(second), ("氏名", "受講日", "課"), *lines, by=secretary)
    assert outcome.counts == {"新規": 0, "変更": 2, "変更なし": 1}
    assert records(training) == [
        ("attended", 1, date(2026, 11, 10), ""),
        ("attended", 2, date(2026, 11, 19), ""),
        ("attended", 2, date(2026, 11, 20), ""),
        ("missing", None, None, ""),
    ]


def test_list_with_states_says_them_itself_and_another_course_is_refused(secretary, training):
    session = hold(training)
    headings = ("氏名", "状況", "免除の理由")
    lines = (("見本 甲子", "○", ""), ("髙橋 乙子", "免除", "休職中"), ("例 丙夫", "", ""))
    refused = take_in(resource_for(session), headings, *lines, by=secretary)
    assert said(refused) == ["氏名（A4）：同じ氏名の人が2人以上います"]
    assert take_in(resource_for(session), headings, *lines[:2], by=secretary).counts["変更"] == 2
    assert records(training)[:2] == [("attended", 1, date(2026, 11, 10), ""), ("excused", None, None, "休職中")]
    other = take_in(resource_for(session), (*KEYS, "氏名"), ("other", "R8", "見本 甲子"), by=secretary)
    assert said(other) == ["義務の記号（A2）：記号「other」のその年度の研修は、まだ受講の記録を始めていません"]


# --- the roster -------------------------------------------------------------------------------------------------------
def test_sign_in_a_number_does_not_make_it_the_number_of_somebody_else(secretary, training):
    line = ("001|", "例 丁子", "企画課")
    outcome = take_in(TraineeResource, ("職員番号", "氏名", "課"), line, by=secretary)
    assert outcome.counts == {"新規": 1, "変更": 0, "変更なし": 0}
    assert Trainee.objects.get(staff_number="001").name == "見本 甲子"
