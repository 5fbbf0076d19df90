"""未報告と催促: what the secretariat sees."""

from datetime import date

import pytest

from schedule.actions.chasing import chase
from schedule.actions.rounds import note_visit
from schedule.chasing import board, tally
from schedule.missing import missing_rows
from schedule.models import ReminderMail, RoundRule, RoundVisit
from schedule.recipients import Directory
from schedule.sender import send_waiting
from tests import factories
from tests.conftest import NOW, TODAY
from tests.schedule.duties import at, plan_all
from tests.schedule.factories import close, record
from tests.schedule.small_plan import create_activity, create_initiative, create_plan, create_quarter
from townhall.changes import create_row
from townhall.choices import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]

DUE_ON = date(2026, 12, 8)


@pytest.fixture
def rows(planning, welfare):
    """企画課 1-1, 1-2, 1-3; 健康福祉課 2-1; nobody's 3-1."""
    plan = create_plan()
    first, second, third = (
        create_initiative(plan=plan, number=number, owner_section=section)
        for number, section in ((1, planning), (2, welfare), (3, None))
    )
    owned = [create_activity(initiative=first, number=number) for number in (1, 2, 3)]
    return [*owned, create_activity(initiative=second), create_activity(initiative=third)]


@pytest.fixture
def round(rows):
    return create_quarter(plan=rows[0].plan, fiscal_year=2026, quarter=3, opens_on=date(2026, 11, 16), due_on=DUE_ON)


def words(gap):
    return {
        "section": str(gap.section or ""),
        "rows": [row.words for row in gap.rows],
        "people": [(person.user.username, person.letter_today) for person in gap.people],
        "stands_in": gap.stands_in,
        "ticked": gap.is_ticked,
        "chased": gap.chased and (gap.chased.words, gap.chased.letter),
        "seen": gap.seen,
    }


def test_per_section_what_is_missing_who_answers_and_who_stands_in(rows, round, clerk, secretary):
    record(rows[0], round, by=clerk)
    record(rows[1], round, by=clerk, standing="", text="書きかけ")
    note_visit(round, user=clerk, today=date(2026, 11, 19))
    shown = board(round, today=TODAY)
    assert [words(gap) for gap in shown.gaps] == [
        {
            "section": "企画課",
            "rows": ["1-2（下書き）", "1-3"],
            "people": [("clerk", "")],
            "stands_in": "",
            "ticked": True,
            "chased": None,
            "seen": "11月19日に開いた",
        },
        {
            "section": "健康福祉課",
            "rows": ["2-1"],
            "people": [("secretary", "")],
            "stands_in": "担当者と課長の登録がないため、事務局",
            "ticked": False,
            "chased": None,
            "seen": "まだ開いていない",
        },
        {
            "section": "",
            "rows": ["3-1"],
            "people": [("secretary", "")],
            "stands_in": "担当課が決まっていないため、事務局",
            "ticked": False,
            "chased": None,
            "seen": "まだ開いていない",
        },
    ]
    assert (shown.missing, shown.without_owner, shown.ticked) == (4, 2, 1)
    assert [row.words for row in shown.ownerless + shown.without_people] == ["3-1", "2-1"]


@pytest.mark.parametrize(
    ("today", "since", "next_on"),
    [
        (date(2026, 11, 16), "今日から入力できます", date(2026, 11, 24)),
        (TODAY, "入力の始めから8日", date(2026, 12, 3)),
        (DUE_ON, "今日が期限です", date(2026, 12, 9)),
        (date(2026, 12, 11), "期限を3日過ぎています", date(2026, 12, 15)),
    ],
)
def test_since_when_is_said_in_words_and_when_the_portal_asks_next(round, clerk, today, since, next_on):
    shown = board(round, today=today)
    assert (shown.gaps[0].since, shown.next_automatic_on) == (since, next_on)


def test_a_row_that_waits_for_the_head_is_the_heads(rows, round, clerk, section_head):
    create_row(RoundRule(plan=round.plan, head_confirms=True), by=factories.TESTS, today=TODAY)
    for row in rows[:3]:
        record(row, round, by=clerk)
    gap = board(round, today=TODAY).gaps[0]
    assert [row.words for row in gap.rows] == [f"1-{n}（課長の確認待ち）" for n in (1, 2, 3)]
    assert ([person.user.username for person in gap.people], gap.stands_in) == (["section_head"], "")


def test_the_last_chase_says_who_asked_and_what_became_of_the_letter(rows, round, clerk, secretary, planning):
    plan_all()
    gap = board(round, today=TODAY).gaps[0]
    assert (words(gap)["chased"], words(gap)["people"]) == (
        ("11月24日（自動）", "まだ（送信待ち）"),
        [("clerk", "今日はもう送っています")],
    )
    assert gap.is_ticked is False
    send_waiting(clock=lambda: at(TODAY))
    assert words(board(round, today=TODAY).gaps[0])["chased"] == ("11月24日（自動）", "送信済み")
    tomorrow = date(2026, 11, 25)
    asked = {"by": secretary, "today": tomorrow, "now": at(tomorrow), "text": ""}
    chase(round, section_ids=[planning.pk], **asked)
    ReminderMail.objects.filter(digest_key="2026-11-25").update(state="failed")
    gap = board(round, today=tomorrow).gaps[0]
    assert words(gap)["chased"] == ("11月25日（手動・総務課 事務局 見本 花子）", "失敗")
    assert gap.chased.needs_a_person
    assert words(gap)["people"] == [("clerk", "今日の手紙は「失敗」です")]


def test_everything_reported_leaves_nothing(rows, round, secretary):
    for row in rows:
        record(row, round, by=secretary)
    shown = board(round, today=TODAY)
    assert (shown.gaps, shown.missing, shown.total) == ((), 0, 5)


def test_a_round_that_is_closed_or_has_not_begun_asks_nobody(round, secretary):
    assert board(round, today=date(2026, 11, 1)).gaps == ()
    closed = close(round, by=secretary, seen_version=round.version)
    assert (board(closed, today=TODAY).gaps, closed.unreported_at_close) == ((), ["1-1", "1-2", "1-3", "2-1", "3-1"])


def test_the_same_in_three_numbers(round, clerk):
    counts = tally(missing_rows(round), Directory.on(TODAY))
    assert (counts.words, counts.without_owner) == ("未報告 5行・2課", 2)


@pytest.mark.parametrize("count", [1, 3])
def test_however_many_sections_there_are_the_board_asks_nine_questions(secretary, count, django_assert_num_queries):
    plan = create_plan()
    for number in range(1, count + 1):
        section = factories.create_section(code=f"s{number}", name=f"第{number}課", order=number)
        person = factories.create_person(username=f"p{number}", name=f"見本 {number}", role=Role.STAFF, section=section)
        initiative = create_initiative(plan=plan, number=number, owner_section=section)
        create_activity(initiative=initiative)
        open_round = plan.rounds.first() or create_quarter(
            plan=plan, fiscal_year=2026, quarter=3, opens_on=date(2026, 11, 16), due_on=DUE_ON
        )
        RoundVisit.objects.create(round=open_round, user=person, seen_on=TODAY)
    plan_all()
    with django_assert_num_queries(9):
        shown = board(open_round, today=TODAY)
    assert [str(gap.section) for gap in shown.gaps] == [f"第{number}課" for number in range(1, count + 1)]
    assert shown.round.opens_on < NOW.date()
