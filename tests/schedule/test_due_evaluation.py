"""自己評価 and 課長（一次） as due things: asked of the 課長 of each section from the end of the year until it is said."""

from datetime import date

import pytest

from initiatives.actions.evaluations import adopt_scale, fix_year
from initiatives.grading import PRESETS
from initiatives.models import EvaluationYear
from schedule.due_evaluation import evaluation_items
from schedule.recipients import Directory
from schedule.reminders import audience_of
from schedule.sources import DueDay
from tests.conftest import TODAY
from tests.factories import TESTS
from tests.initiatives.factories import give
from tests.schedule.small_plan import create_initiative, create_plan

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def plan(planning, pinned):
    """Its scale was adopted today, 令和8年11月24日; two initiatives of the section, one of nobody."""
    plan = create_plan()
    adopt_scale(plan, PRESETS[0], by=TESTS, today=TODAY)
    for number, section in ((1, planning), (2, planning), (3, None)):
        create_initiative(plan=plan, number=number, owner_section=section)
    return plan


def told(today=TODAY):
    return [
        (each.title, each.section and each.section.code, each.due_on) for each in evaluation_items(DueDay.on(today))
    ]


def test_each_section_is_asked_twenty_working_days_after_the_letters_were_there(plan):
    due_on = date(2026, 12, 22)
    assert told() == [
        ("令和7年度の年度評価　自己評価（残り 2件）", "kikaku", due_on),
        ("令和7年度の年度評価　自己評価（残り 1件）", None, due_on),
    ]


def test_who_has_spoken_is_not_asked_and_a_fixed_year_asks_nobody(plan):
    give(plan.initiatives.get(code="1"), 2025, "first", "B")
    give(plan.initiatives.get(code="2"), 2025, "committee", "B")
    assert [section for _, section, _ in told()] == [None]
    year = EvaluationYear.objects.get()
    fix_year(year, by=TESTS, today=TODAY, seen_version=year.version)
    assert told() == []


def test_after_the_own_word_the_head_speaks(plan):
    give(plan.initiatives.get(code="1"), 2025, "self", "B")
    give(plan.initiatives.get(code="2"), 2025, "self", "B")
    give(plan.initiatives.get(code="2"), 2025, "first", "B")
    assert [(title, section) for title, section, _ in told()] == [
        ("令和7年度の年度評価　課長（一次）（残り 1件）", "kikaku"),
        ("令和7年度の年度評価　自己評価（残り 1件）", None),
    ]


def test_the_head_of_the_section_hears_of_it_at_once(plan, section_head, clerk, secretary):
    (item, _) = evaluation_items(DueDay.on(TODAY))
    assert [step.nominal_on for step in item.steps] == [TODAY]
    audience = audience_of(item, None, Directory.on(TODAY))
    assert [user for user, _ in audience.people] == [section_head]


@pytest.mark.parametrize("sections", [1, 3])
def test_as_many_queries_for_three_sections_as_for_one(
    plan, sections, welfare, general_affairs, django_assert_num_queries
):
    for number, section in enumerate((welfare, general_affairs)[: sections - 1], start=4):
        create_initiative(plan=plan, number=number, owner_section=section)
    day = DueDay.on(TODAY)
    with django_assert_num_queries(5):
        assert len(list(evaluation_items(day))) == sections + 1
