"""事業費と財源 of five years: the sources always add up to the cost, or the proposal does not leave its section."""

from datetime import date
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from committee import actions
from committee.choices import FundingKind, ProposalAction
from committee.costs import CostPlan, FundingEntry, SourceLine, cost_plan, overpaid_sentence
from committee.models import Proposal, ProposalFunding
from committee.workflow import missing_of
from initiatives.models import HourlyCost
from tests.committee.factories import create_draft, create_source, step
from tests.conftest import TODAY
from tests.factories import TESTS
from townhall.changes import create_row
from townhall.refusal import Incomplete

GRANT = SourceLine("国庫　交付金", FundingKind.NATIONAL, (2150, 0, 0, 0, 0))
BOND = SourceLine("地方債　事業債", FundingKind.BOND, (1000, 500, 0, 0, 0))


def test_what_no_source_pays_is_the_general_fund():
    plan = cost_plan(4300, 1500, [GRANT, BOND])
    assert plan == CostPlan((4300, 0, 0, 0, 0), (1500,) * 5, (GRANT, BOND))
    assert (plan.cost, plan.rest, plan.total) == (
        (5800, 1500, 1500, 1500, 1500),
        (2650, 1000, 1500, 1500, 1500),
        11_800,
    )
    assert sum(line.total for line in (*plan.sources, plan.rest_line)) == plan.total
    assert (plan.from_outside, plan.town_share, plan.overpaid_years) == (2150, 9650, ())


def test_a_year_that_is_paid_twice_is_named():
    plan = cost_plan(0, 100, [SourceLine("県　補助", FundingKind.PREFECTURE, (50, 101, 0, 0, 200))])
    assert plan.overpaid_years == (2, 5)
    assert overpaid_sentence(plan.overpaid_years).startswith(
        "2年目・5年目の財源の合計が、その年の事業費を超えています。"
    )


def test_without_a_figure_there_is_no_plan():
    assert (cost_plan(None, 1, [GRANT]), cost_plan(1, None)) == (None, None)


# --- rows


@pytest.fixture
def source(db):
    return create_source(name="見本の交付金", kind="national")


@pytest.fixture
def draft(clerk, planning, initiative):
    return create_draft(by=clerk, section=planning, initiative=initiative)


def edit(proposal, *entries, by):
    who = {"by": by, "today": TODAY, "seen_version": proposal.version}
    actions.edit_proposal(proposal, funding=entries, **who)
    return [(row.source.name, row.amounts) for row in proposal.funding.all()]


@pytest.mark.django_db
def test_lines_are_saved_changed_and_taken_away_with_the_proposal(draft, source, clerk):
    other = create_source(name="見本の基金", kind="other")
    entry = FundingEntry(source.pk, (2150, 0, 0, 0, 0))
    assert edit(draft, entry, by=clerk) == [("見本の交付金", (2150, 0, 0, 0, 0))]
    assert edit(draft, entry, by=clerk) == [("見本の交付金", (2150, 0, 0, 0, 0))]
    assert ProposalFunding.history.count() == 1  # unchanged: no trace
    changed = FundingEntry(source.pk, (2000, 1, 0, 0, 0))
    assert edit(draft, changed, FundingEntry(other.pk, (0, 0, 0, 0, 9)), by=clerk) == [
        ("見本の交付金", (2000, 1, 0, 0, 0)),
        ("見本の基金", (0, 0, 0, 0, 9)),
    ]
    assert edit(draft, by=clerk) == []
    assert list(ProposalFunding.history.order_by("history_id").values_list("history_type", flat=True)) == list("+~+--")


@pytest.mark.django_db
def test_a_line_pays_something_and_a_source_has_one_line(draft, source):
    def line(**years):
        return ProposalFunding(proposal=draft, source=source, **years)

    with pytest.raises(ValidationError, match="財源の額を入力してください"):
        create_row(line(), by=TESTS, today=TODAY)
    create_row(line(year_5=1), by=TESTS, today=TODAY)
    with pytest.raises(ValidationError):
        create_row(line(year_1=1), by=TESTS, today=TODAY)


@pytest.mark.django_db
@pytest.mark.one_database
def test_a_proposal_paid_twice_stays_in_its_section(draft, source, clerk):
    edit(draft, FundingEntry(source.pk, (0, 1501, 0, 0, 0)), by=clerk)
    assert list(missing_of(draft)) == ["funding_0"]
    with pytest.raises(Incomplete):
        step(draft, ProposalAction.SUBMIT, by=clerk)


# --- the unit cost


@pytest.mark.django_db
@pytest.mark.one_database
def test_the_unit_cost_is_the_one_of_its_day_and_stays_with_what_was_submitted(draft, section_head, clerk):
    assert draft.yen_per_hour == 4000  # the town has set none
    create_row(HourlyCost(yen=3000, starts_on=date(2026, 4, 1)), by=TESTS, today=TODAY)
    create_row(HourlyCost(yen=9000, starts_on=date(2027, 4, 1)), by=TESTS, today=TODAY)
    assert [HourlyCost.in_force(day).yen for day in (date(2026, 3, 31), TODAY, date(2027, 4, 1))] == [4000, 3000, 9000]
    submitted = step(draft, ProposalAction.SUBMIT, by=section_head)
    create_row(HourlyCost(yen=5000, starts_on=TODAY), by=TESTS, today=TODAY)
    row = Proposal.objects.get(pk=submitted.pk)
    assert (row.yen_per_hour, row.yearly_effect) == (3000, 4350)


@pytest.mark.django_db
def test_the_unit_cost_is_something():
    with pytest.raises(ValidationError, match="1円以上"):
        create_row(HourlyCost(yen=0, starts_on=TODAY), by=TESTS, today=TODAY)


# --- the one figure there was before


@pytest.mark.django_db
def test_an_old_subsidy_becomes_lines_that_fit_the_cost_of_each_year(draft):
    subsidies = import_module("committee.migrations.0005_subsidies_as_lines")
    Old = SimpleNamespace  # noqa: N806 - stands for the model with the column that is gone

    class Rows(list):
        def exists(self):
            return bool(self)

    old = Old(pk=draft.pk, initial_cost=100, yearly_cost=50, subsidy=220)
    made = []

    class Models:
        Proposal = Old(objects=Old(filter=lambda **asked: Rows([old])))
        FundingSource = apps.get_model("committee", "FundingSource")
        ProposalFunding = Old(objects=Old(create=lambda **values: made.append(values)))

    subsidies.subsidies_to_lines(Old(get_model=lambda app, name: getattr(Models, name)), None)
    assert [[line[f"year_{year}"] for year in range(1, 6)] for line in made] == [[150, 50, 20, 0, 0]]


@pytest.mark.django_db
def test_the_unit_cost_is_carried_with_its_number_and_its_history():
    moves = import_module("committee.migrations.0020_hourly_cost_moves")
    row = create_row(HourlyCost(yen=3000, starts_on=date(2026, 4, 1), basis="町の平均"), by=TESTS, today=TODAY)
    before = [list(model.objects.values()) for model in (HourlyCost, HourlyCost.history.model)]
    for model, rows in zip((HourlyCost, HourlyCost.history.model), before, strict=True):
        moves.carry(SimpleNamespace(objects=SimpleNamespace(values=lambda rows=rows: rows)), model)
    assert [list(model.objects.values()) for model in (HourlyCost, HourlyCost.history.model)] == before
    assert HourlyCost.in_force(TODAY) == row
