"""予算: stages that never take each other's place, sources that add up, books that close on 5/31."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from committee.budget import stage_refusal
from committee.choices import BudgetStage
from committee.models import BudgetAmount, BudgetLine
from committee.summaries.budget import budget_line_page, budget_overview, budget_year, line_row
from tests.committee.factories import create_budget_line, create_source, record
from tests.conftest import TODAY
from tests.factories import TESTS
from townhall.changes import StaleVersion, create_row
from townhall.refusal import Refused

pytestmark = pytest.mark.django_db

S = BudgetStage
AFTER_CLOSING = date(2028, 6, 1)  # of 令和9年度
IN_THE_YEAR = date(2027, 10, 1)


@pytest.fixture
def line(section_head, planning, initiative):
    return create_budget_line(by=section_head, section=planning, initiative=initiative)


@pytest.fixture
def voted(line, secretary):
    record(line, S.REQUEST, 5800, by=secretary)
    record(line, S.ASSESSED, 5000, by=secretary, result="part")
    record(line, S.INITIAL, 5000, by=secretary)
    return line


# --- the whole way


def test_every_stage_keeps_its_own_amount(voted, secretary):
    record(voted, S.SUPPLEMENT, -700, by=secretary, number=1, today=IN_THE_YEAR)
    record(voted, S.SUPPLEMENT, 200, by=secretary, number=2, today=IN_THE_YEAR)
    record(voted, S.ESTIMATE, 4400, by=secretary, today=IN_THE_YEAR)
    record(voted, S.SETTLED, 4321, by=secretary, today=AFTER_CLOSING)
    figures = line_row(BudgetLine.objects.with_figures().get()).figures
    assert (figures.requested, figures.assessed, figures.initial, figures.supplements, figures.voted) == (
        5800, 5000, 5000, -500, 4500,
    )  # fmt: skip
    assert (figures.estimated, figures.settled, figures.spent, figures.is_estimate) == (4400, 4321, 4321, False)


@pytest.mark.parametrize(
    ("stage", "recorded", "today", "sentence"),
    [
        (S.REQUEST, {}, TODAY, ""),
        (S.ASSESSED, {}, TODAY, "査定は、要求を記録してから入力します。"),
        (S.ASSESSED, {S.REQUEST: 5}, TODAY, ""),
        (S.INITIAL, {}, TODAY, ""),
        (
            S.INITIAL,
            {S.REQUEST: 5, S.ASSESSED: 0},
            TODAY,
            "査定が見送りのため、当初予算はありません。補正で計上されたときは、補正予算に入力します。",
        ),
        (S.SUPPLEMENT, {S.REQUEST: 5, S.ASSESSED: 0}, TODAY, ""),
        (S.ESTIMATE, {S.REQUEST: 5}, TODAY, "決算見込は、当初予算か補正予算を記録してから入力します。"),
        (S.ESTIMATE, {S.INITIAL: 5}, date(2028, 5, 31), ""),
        (
            S.ESTIMATE,
            {S.INITIAL: 5},
            AFTER_CLOSING,
            "令和9年度の出納は令和10年5月31日に閉鎖しました。決算見込は直せません。決算を入力してください。",
        ),
        (
            S.SETTLED,
            {S.INITIAL: 5},
            date(2028, 5, 31),
            "令和9年度の決算は、出納閉鎖（令和10年5月31日）の後に確定します。それまでは決算見込に入力します。",
        ),
        (S.SETTLED, {S.INITIAL: 5}, AFTER_CLOSING, ""),
    ],
)
@pytest.mark.one_database
def test_a_stage_opens_when_the_one_before_is_there_and_the_books_allow(stage, recorded, today, sentence):
    assert stage_refusal(stage, recorded, spending_year=2027, today=today) == sentence


def test_money_carried_over_is_accounted_for_when_its_year_of_execution_closes(section_head, planning, initiative):
    line = create_budget_line(by=section_head, section=planning, initiative=initiative, year=2025, spending_year=2026)
    assert line.is_carried_over
    assert stage_refusal(S.ESTIMATE, {S.INITIAL: 1}, spending_year=2026, today=date(2027, 5, 31)) == ""
    with pytest.raises(ValidationError, match="執行の年度は、予算の年度と同じか"):
        create_budget_line(by=section_head, section=planning, initiative=initiative, year=2026, spending_year=2025)


# --- figures


def refused(*args, **kwargs):
    with pytest.raises(ValidationError) as caught, transaction.atomic():
        record(*args, **kwargs)
    return caught.value.message_dict


def test_the_sources_add_up_to_the_amount(line, secretary):
    state, general = create_source(name="国庫支出金", kind="national"), create_source()
    assert refused(line, S.REQUEST, 5800, by=secretary, parts={state: 2000, general: 3000}) == {
        "parts": ["財源の内訳の合計は5,000千円で、金額5,800千円と800千円違います。"]
    }
    amount = record(line, S.REQUEST, 5800, by=secretary, parts={state: 2000, general: 3800})
    assert [(part.source, part.thousands) for part in amount.parts.all()] == [(state, 2000), (general, 3800)]
    row = line_row(BudgetLine.objects.with_figures().get())
    assert (row.parts_of, row.subsidy, [(part.label, part.thousands) for part in row.parts]) == (
        "要求", 2000, [("国庫支出金", 2000), ("一般財源", 3800)],
    )  # fmt: skip


def test_the_assessment_agrees_with_its_result(line, secretary):
    record(line, S.REQUEST, 100, by=secretary)
    assert refused(line, S.ASSESSED, 100, by=secretary) == {
        "result": ["査定の結果（計上・一部計上・見送り）を選んでください。"]
    }
    assert refused(line, S.ASSESSED, 90, by=secretary, result="full") == {
        "thousands": ["計上は要求額（100千円）と同じ額です。減らしたときは一部計上を選んでください。"]
    }
    assert refused(line, S.ASSESSED, 100, by=secretary, result="part") == {
        "thousands": ["一部計上の査定額は、1 から99までの間です（要求額 100千円）。"]
    }
    assert refused(line, S.ASSESSED, 10, by=secretary, result="none") == {
        "thousands": ["見送りのときは、査定額を 0 にしてください。"]
    }
    assert record(line, S.ASSESSED, 0, by=secretary, result="none").parts.count() == 0


def test_a_budget_never_falls_below_nothing_and_no_day_lies_ahead(voted, secretary):
    assert refused(voted, S.SUPPLEMENT, -5001, by=secretary, number=1) == {
        "thousands": ["減らしすぎです。予算現額が-1千円になります。"]
    }
    assert refused(voted, S.ESTIMATE, 1, by=secretary, decided_on=date(2026, 11, 25)) == {
        "decided_on": ["日付は、今日までの日にしてください。"]
    }


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"stage": "initial", "thousands": -1}, "only_supplements_take_away"),
        ({"stage": "initial", "number": 1, "thousands": 1}, "only_supplements_are_numbered"),
        ({"stage": "supplement", "thousands": 1}, "only_supplements_are_numbered"),
        ({"stage": "assessed", "thousands": 1}, "assessment_has_a_result"),
        ({"stage": "initial", "thousands": 1, "result": "full"}, "assessment_has_a_result"),
        ({"stage": "assessed", "thousands": 1, "result": "none"}, "nothing_is_granted_when_put_off"),
        ({"stage": "assessed", "thousands": 0, "result": "part"}, "nothing_is_granted_when_put_off"),
    ],
)
def test_the_database_refuses_it_too(line, values, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        BudgetAmount.objects.bulk_create([BudgetAmount(line=line, decided_on=TODAY, **values)])


def test_one_amount_per_stage(line, secretary):
    record(line, S.REQUEST, 1, by=secretary)
    with pytest.raises(ValidationError, match="この段階の金額は、もう記録してあります。"):
        create_row(BudgetAmount(line=line, stage="request", thousands=2, decided_on=TODAY), by=TESTS, today=TODAY)


# --- people


def test_a_section_asks_and_accounts_for_its_own_and_the_office_writes_what_was_decided(
    line, clerk, other_head, member, secretary
):
    for person in (other_head, member):
        with pytest.raises(PermissionDenied):
            record(line, S.REQUEST, 1, by=person)
    record(line, S.REQUEST, 1, by=clerk)
    with pytest.raises(PermissionDenied, match="この予算を入力できるのは、事務局です"):
        record(line, S.ASSESSED, 1, by=clerk, result="full")
    record(line, S.ASSESSED, 1, by=secretary, result="full")


def test_a_line_stays_with_its_section(line, section_head, other_head, planning, initiative):
    with pytest.raises(PermissionDenied):
        create_budget_line(by=other_head, section=planning, initiative=initiative)


# --- correcting


def test_a_request_is_free_until_it_is_assessed_and_then_corrected_with_a_reason(line, clerk, secretary):
    first = record(line, S.REQUEST, 100, by=clerk)
    second = record(line, S.REQUEST, 120, by=clerk, seen_version=first.version)
    record(line, S.ASSESSED, 120, by=secretary, result="full")
    assert refused(line, S.REQUEST, 90, by=clerk, seen_version=second.version) == {
        "reason": ["訂正の理由を入力してください。"]
    }
    record(line, S.REQUEST, 130, by=clerk, seen_version=second.version, reason="書き誤り")
    reasons = BudgetAmount.history.filter(stage="request").order_by("history_id")
    assert [row.history_change_reason for row in reasons] == ["", "", "書き誤り"]


def test_after_closing_the_estimate_is_fixed_and_the_account_changes_only_with_a_reason(voted, secretary):
    estimate = record(voted, S.ESTIMATE, 4400, by=secretary, today=IN_THE_YEAR)
    settled = record(voted, S.SETTLED, 4321, by=secretary, today=AFTER_CLOSING)
    with pytest.raises(Refused, match="決算見込は直せません"):
        record(voted, S.ESTIMATE, 4000, by=secretary, today=AFTER_CLOSING, seen_version=estimate.version)
    with pytest.raises(ValidationError, match="訂正の理由を入力してください。"):
        record(voted, S.SETTLED, 4000, by=secretary, today=AFTER_CLOSING, seen_version=settled.version)
    given = {"today": AFTER_CLOSING, "seen_version": settled.version, "reason": "戻入の計上もれ"}
    assert record(voted, S.SETTLED, 4000, by=secretary, **given).thousands == 4000


def test_two_people_at_once_and_one_person_twice(line, clerk, secretary):
    first = record(line, S.REQUEST, 100, by=clerk)
    assert record(line, S.REQUEST, 100, by=clerk) == first
    with pytest.raises(StaleVersion):
        record(line, S.REQUEST, 200, by=secretary)
    with pytest.raises(StaleVersion):
        record(line, S.REQUEST, 200, by=secretary, seen_version=None)
    assert [amount.thousands for amount in line.amounts.all()] == [100]


# --- what pages are told


@pytest.mark.one_database
@pytest.mark.parametrize("count", [1, 3])
def test_a_year_and_the_overview_cost_the_same_whatever_their_length(
    count, section_head, planning, initiative, secretary, django_assert_num_queries
):
    for number in range(count):
        each = create_budget_line(by=section_head, section=planning, initiative=initiative, name=f"事業{number}")
        record(each, S.REQUEST, 10, by=section_head)
    secretary.posts_on(TODAY)
    with django_assert_num_queries(5):
        year = budget_year(2027, secretary, today=TODAY)
    with django_assert_num_queries(4):
        overview = budget_overview(secretary, today=TODAY)
    assert ([row.line.name for row in year.rows], year.total.requested, year.total.voted) == (
        [f"事業{number}" for number in range(count)], 10 * count, None,
    )  # fmt: skip
    (cell,) = overview.total.cells
    assert (overview.years, cell.requested, cell.voted, cell.spent) == ((2027,), 10 * count, None, None)


def test_what_is_carried_over_counts_once_in_each_year(section_head, planning, initiative, secretary):
    line = create_budget_line(by=section_head, section=planning, initiative=initiative, year=2025, spending_year=2026)
    record(line, S.INITIAL, 300, by=secretary)
    record(line, S.ESTIMATE, 280, by=secretary)
    total = budget_overview(secretary, today=TODAY).total.cells
    assert [(cell.voted, cell.spent, cell.is_estimate) for cell in total] == [(300, None, False), (None, 280, True)]
    year = budget_year(2026, secretary, today=TODAY)
    assert (year.rows, [row.line for row in year.carried_in], year.total.voted) == ((), [line], None)


def test_a_line_says_what_can_be_written_next(voted, clerk, secretary):
    page = budget_line_page(BudgetLine.objects.with_figures().get(), clerk, today=TODAY)
    assert [(stage.key, stage.can_write, stage.is_correction) for stage in page.stages] == [
        ("request", True, True),
        ("assessed", False, True),
        ("initial", False, True),
        ("supplement-1", False, False),
        ("estimate", True, False),
        ("settled", False, False),
    ]
    assert (page.spent_percent, page.can_edit) == (None, True)
