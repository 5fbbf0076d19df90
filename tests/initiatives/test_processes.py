"""業務の棚卸し: three figures that are computed and never added together, and steps saved as one list."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from initiatives.actions.processes import create_process, save_steps
from initiatives.models import BusinessProcess, ProcessStep
from initiatives.summaries.processes import figures_of, process_table
from tests.conftest import TODAY
from tests.factories import TESTS
from tests.initiatives import ledgers
from townhall.changes import StaleVersion, create_row

pytestmark = pytest.mark.django_db
WHO = {"by": TESTS, "today": TODAY}


def figures(process):
    return [
        (each.name, each.hours, each.saved, each.percent, each.thousand_yen)
        for each in figures_of(process, list(process.steps.all())).compared
    ]


def test_hours_and_yen_of_the_worked_example(planning):
    """A 12→6分, B 5→2分, 600件: 170.0h → 80.0h, 削減 90.0h, 52.9%, 4,000円/時で 360千円."""
    process = ledgers.create_process(section=planning)
    before = figures_of(process, list(process.steps.all())).before
    assert before.hours == Decimal("170.0")
    assert figures(process) == [
        ("見直し後（見込）", Decimal("80.0"), Decimal("90.0"), Decimal("52.9"), Decimal("360.0")),
        ("見直し後（実測）", None, None, None, None),
    ]


def test_what_is_partly_measured_is_no_measured_figure(planning):
    process = ledgers.create_process(section=planning)
    steps = list(process.steps.all())
    steps[0].minutes_measured = Decimal(7)
    save_steps(process, steps, seen_version=process.version, **WHO)
    found = figures_of(process, list(process.steps.all()))
    assert (found.measured.hours, found.is_partly_measured, found.measured_steps) == (None, True, 1)
    steps[1].minutes_measured = Decimal(3)
    save_steps(process, steps, seen_version=process.version, **WHO)
    assert figures(process)[1] == (
        "見直し後（実測）",
        Decimal("100.0"),
        Decimal("70.0"),
        Decimal("41.2"),
        Decimal("280.0"),
    )


def test_nothing_to_save_from_has_no_percentage(planning):
    process = create_process(BusinessProcess(section=planning, name="空"), **WHO)
    save_steps(process, [ledgers.step("受付", "0", "0")], seen_version=1, **WHO)
    assert figures(process)[0] == ("見直し後（見込）", Decimal("0.0"), Decimal("0.0"), None, Decimal("0.0"))


def test_without_a_plan_a_step_stays_as_it_is(planning):
    process = create_process(BusinessProcess(section=planning, name="業務"), **WHO)
    save_steps(process, [ledgers.step("受付", "10"), ledgers.step("交付", "5", "0")], seen_version=1, **WHO)
    assert figures(process)[0][1:3] == (Decimal("100.0"), Decimal("50.0"))


def test_the_price_of_an_hour_stays_with_its_result(planning):
    process = ledgers.create_process(section=planning, yen_per_hour=2600)
    assert figures(process)[0][4] == Decimal("234.0")


def test_measured_and_planned_are_two_sums_of_the_list(planning, welfare):
    ledgers.create_process(section=planning)
    other = create_process(BusinessProcess(section=welfare, name="測った業務"), **WHO)
    step = ledgers.step("受付", "10", "5", minutes_measured=Decimal(8))
    save_steps(other, [step], seen_version=1, **WHO)
    table = process_table(today=TODAY)
    assert (table.planned_saved, table.measured_saved) == (Decimal("140.0"), Decimal("20.0"))


@pytest.mark.parametrize("count", [1, 3])
def test_list_query_count(planning, count, django_assert_num_queries):
    for number in range(count):
        ledgers.create_process(section=planning, name=f"業務{number}")
    with django_assert_num_queries(2):
        table = process_table(today=TODAY)
    assert [line.figures.before.hours for line in table.lines] == [Decimal("170.0")] * count


def test_steps_change_places_go_and_come_with_one_version_of_the_list(planning):
    process = ledgers.create_process(section=planning)
    first, second = process.steps.all()
    save_steps(process, [second, ledgers.step("控え", "1"), first], seen_version=process.version, **WHO)
    assert [(row.order, row.name, row.version) for row in process.steps.all()] == [
        (1, "交付", 2),
        (2, "控え", 1),
        (3, "受付", 2),
    ]
    kept = list(process.steps.all())[:1]
    save_steps(process, kept, seen_version=process.version, **WHO)
    assert [(row.name, row.version) for row in process.steps.all()] == [("交付", 2)]
    with pytest.raises(StaleVersion):
        save_steps(process, [], seen_version=1, **WHO)
    assert process.steps.count() == 1


def test_the_same_form_twice_makes_one(planning):
    first = create_process(BusinessProcess(section=planning, name="業務"), **WHO)
    twin = BusinessProcess(section=planning, name="業務", creation_key=first.creation_key)
    assert create_process(twin, **WHO) == first


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"change": "e", "minutes_planned": Decimal(1)}, "「なくす」工程の見直し後の分は 0 にしてください。"),
        ({"change": "e"}, "「なくす」工程の見直し後の分は 0 にしてください。"),
    ],
)
def test_what_is_dropped_takes_no_time(planning, values, sentence):
    process = create_process(BusinessProcess(section=planning, name="業務"), **WHO)
    with pytest.raises(ValidationError) as refused:
        create_row(ProcessStep(process=process, order=1, name="受付", minutes=1, volume=1, **values), **WHO)
    assert refused.value.messages == [sentence]
