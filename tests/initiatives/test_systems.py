"""標準化20業務 as rows and numbers: the two percentages, the status, the steps."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from initiatives.actions.systems import edit_step, edit_system, take_template
from initiatives.models import StandardizedSystem, SystemStep, SystemStepTemplate
from initiatives.summaries.systems import system_board, system_page
from tests.conftest import TODAY
from tests.factories import TESTS
from tests.initiatives.ledgers import END_OF_JANUARY, SOURCE, create_system, publish
from townhall.changes import StaleVersion, create_row

pytestmark = pytest.mark.django_db
WHO = {"by": TESTS, "today": TODAY}


def names(count):
    return [create_system(code=f"s{n}", name=f"業務{n}", number=n) for n in range(1, count + 1)]


def test_the_towns_published_figures_give_both_percentages_by_hand():
    """18 × 40 + 2 × 34 = 788 of 20 × 40 = 800; without 生活保護 and 児童扶養手当 788 − 80 = 708 of 800 − 80 = 720."""
    call_command("load_defaults", verbosity=0)
    board = system_board(today=date(2026, 2, 20))
    assert [(rate.name, rate.part, rate.whole, rate.percent) for rate in board.rates] == [
        ("総務省方式", 788, 800, Decimal("98.5")),
        ("対象外を除く", 708, 720, Decimal("98.3")),
    ]
    assert (board.as_of, board.source, board.stale_days) == (END_OF_JANUARY, SOURCE, None)
    assert [(status.label, number) for status, number in board.counts] == [("作業中", 2), ("完了", 16), ("対象外", 2)]
    assert [line.name for line in board.lines if line.status == "doing"] == ["戸籍", "戸籍の附票"]
    assert (board.targets, board.live, board.has_examples) == (18, 0, True)


def test_loading_the_beginnings_again_changes_nothing_that_was_edited():
    call_command("load_defaults", verbosity=0)
    system = StandardizedSystem.objects.get(code="std18")
    system.is_target, system.exclusion_reason, system.name = True, "", "生活保護（町の書き方）"
    edit_system(system, seen_version=system.version, **WHO)
    SystemStepTemplate.objects.filter(number=16).delete()
    call_command("load_defaults", verbosity=0)
    system.refresh_from_db()
    assert (system.is_target, system.name, system.version) == (True, "生活保護（町の書き方）", 2)
    assert (StandardizedSystem.objects.count(), SystemStepTemplate.objects.count()) == (20, 15)


def test_excluded_steps_leave_the_denominator_of_the_real_rate():
    one, two = names(2)
    publish(one, counted=30, excluded=10)
    publish(two, counted=10, excluded=0)
    board = system_board(today=END_OF_JANUARY)
    assert [(rate.part, rate.whole, rate.percent) for rate in board.rates] == [
        (40, 800, Decimal("5.0")),
        (30, 70, Decimal("42.9")),
    ]


def test_with_nothing_to_divide_by_there_is_no_percentage():
    create_system(is_target=False, exclusion_reason="県が行う")
    board = system_board(today=TODAY)
    assert [(rate.percent, rate.whole) for rate in board.rates] == [(None, 0), (None, 0)]
    assert (board.as_of, board.without_figure) == (None, 1)


def test_figures_of_a_later_day_are_not_known_before():
    (one,) = names(1)
    publish(one, counted=10)
    publish(one, counted=20, as_of=date(2026, 2, 28))
    assert [line.counted for line in system_board(today=date(2026, 2, 27)).lines] == [10]
    assert [line.counted for line in system_board(today=date(2026, 2, 28)).lines] == [20]


def test_old_figures_are_said_to_be_old_after_45_days():
    publish(create_system(), counted=34)
    assert system_board(today=END_OF_JANUARY + timedelta(days=45)).stale_days is None
    assert system_board(today=END_OF_JANUARY + timedelta(days=46)).stale_days == 46


@pytest.mark.parametrize(
    ("values", "counted", "status", "due"),
    [
        ({"is_target": False, "exclusion_reason": "県が行う"}, 40, "対象外", ""),
        ({"live_on": TODAY}, 34, "完了", ""),
        ({}, 40, "完了", ""),
        ({"planned_live_on": TODAY - timedelta(days=1)}, 34, "遅れ", "past"),
        ({"planned_live_on": TODAY}, 34, "作業中", "soon"),
        ({"planned_live_on": TODAY + timedelta(days=91)}, 34, "作業中", "later"),
        ({}, 0, "未着手", "none"),
        ({}, None, "未着手", "none"),
    ],
)
def test_status_and_due_follow_from_the_facts(values, counted, status, due):
    system = create_system(**values)
    if counted is not None:
        publish(system, counted=counted)
    (line,) = system_board(today=TODAY).lines
    assert (line.status.label, line.due) == (status, due)


def test_late_stands_before_doing_none_done_and_out():
    for number, values in enumerate(
        [
            {"is_target": False, "exclusion_reason": "県が行う"},
            {"live_on": TODAY},
            {},
            {"planned_live_on": date(2026, 1, 1)},
        ],
        start=1,
    ):
        create_system(code=f"s{number}", name=f"業務{number}", number=number, **values)
    assert [line.name for line in system_board(today=TODAY).lines] == ["業務4", "業務3", "業務2", "業務1"]


@pytest.mark.parametrize("count", [1, 3])
def test_board_query_count(count, django_assert_num_queries):
    for system in names(count):
        publish(system, counted=10)
        create_row(SystemStep(system=system, number=1, phase="1plan", name="準備"), **WHO)
    with django_assert_num_queries(4):
        board = system_board(today=TODAY)
    assert [line.own_all for line in board.lines] == [1] * count


@pytest.mark.parametrize("count", [1, 3])
def test_page_query_count(count, django_assert_num_queries):
    system = create_system()
    for month in range(1, count + 1):
        publish(system, counted=month, as_of=date(2026, month, 28))
    with django_assert_num_queries(2):
        page = system_page(system, today=TODAY)
    assert [row.counted for row in page.published] == list(range(count, 0, -1))


def test_steps_come_from_the_template_once():
    system = create_system()
    for number, name in enumerate(["準備", "移行"], start=1):
        create_row(SystemStepTemplate(number=number, phase="3move", name=name), **WHO)
    assert [step.name for step in take_template(system, **WHO)] == ["準備", "移行"]
    assert take_template(system, **WHO) == []
    assert [(step.number, step.history.count()) for step in system.steps.all()] == [(1, 1), (2, 1)]


def test_two_people_on_one_step_the_second_is_refused():
    step = create_row(SystemStep(system=create_system(), number=1, phase="1plan", name="準備"), **WHO)
    step.state = "done"
    edit_step(step, seen_version=1, **WHO)
    with pytest.raises(StaleVersion):
        edit_step(step, seen_version=1, **WHO)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"is_target": False}, "対象外とするときは、その理由を入力してください。"),
        ({"exclusion_reason": "県"}, "対象とする業務に「対象外の理由」は入力できません。どちらかを直してください。"),
        (
            {"transition_until": TODAY},
            "特定移行の理由・期限は、「特定移行支援システムに該当」のときだけ入力してください。",
        ),
    ],
)
def test_rules_of_a_system(values, sentence):
    with pytest.raises(ValidationError) as refused:
        create_system(**values)
    assert refused.value.messages == [sentence]


def test_rules_of_published_figures_and_steps():
    system = create_system()
    with pytest.raises(ValidationError):
        publish(system, counted=41)
    with pytest.raises(ValidationError) as refused:
        publish(system, counted=10, excluded=11)
    assert refused.value.messages == ["完了ステップは0～40、うち対象外はその数までで入力してください。"]
    publish(system, counted=10)
    with pytest.raises(ValidationError) as refused:
        publish(system, counted=11)
    assert refused.value.messages == ["この業務のこの基準日の値は、もうあります。"]
    with pytest.raises(ValidationError) as refused:
        create_row(SystemStep(system=system, number=1, phase="1plan", name="準備", done_on=TODAY), **WHO)
    assert refused.value.messages == ["完了日は、「完了済み」の手順だけに入力してください。"]
