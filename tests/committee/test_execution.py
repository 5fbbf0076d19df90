"""After the decision: the row of the plan, the money, the start, what was measured. Each comes once."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from committee import actions
from committee.actions.execution import Measurement, Placement
from committee.choices import BudgetStage, Outcome, ProposalAction, ProposalState
from committee.effects_due import open_items
from committee.models import BudgetLine, EffectReview, Execution, Proposal
from committee.models.execution import months_after
from committee.summaries.effects import effect_table
from committee.turns import whose_turn
from initiatives.models import Initiative, Plan
from schedule.models import Activity
from schedule.sources import DueDay
from tests.committee.factories import create_draft, create_meeting, decide, record, step, table
from tests.conftest import NOW, TODAY
from tests.factories import TESTS
from townhall.changes import StaleVersion, create_row
from townhall.refusal import Refused

pytestmark = pytest.mark.django_db

A, S, B = ProposalAction, ProposalState, BudgetStage
STARTED = date(2027, 4, 1)
SIX_MONTHS_ON = date(2027, 10, 1)
A_YEAR_ON = date(2028, 4, 1)  # a Saturday


@pytest.fixture
def next_plan(db):
    plan = Plan(code="next", name="次の計画", starts_on=date(2027, 4, 1), ends_on=date(2030, 3, 31))
    create_row(plan, by=TESTS, today=TODAY)
    for kind, number, code in (("priority", 1, "1"), ("study", 2, "k2")):
        row = Initiative(plan=plan, kind=kind, number=number, code=code, name=f"取組{code}", text="記載")
        create_row(row, by=TESTS, today=TODAY)
    return plan


@pytest.fixture
def adopted(section_head, planning, initiative, secretary):
    draft = create_draft(by=section_head, section=planning, initiative=initiative)
    proposal = step(draft, A.SUBMIT, by=section_head)
    decide(table(proposal, create_meeting(by=secretary), by=secretary), by=secretary, outcome=Outcome.ADOPTED)
    return fresh(proposal)


def fresh(proposal):
    return Proposal.objects.get(pk=proposal.pk)


def placement(plan, code="1", **values):
    given = {"kind": "from", "first_year": 2027, "last_year": 2029} | values
    return Placement(initiative=Initiative.objects.get(plan=plan, code=code), **given)


def start(proposal, *, by, started_on=TODAY, today=TODAY, **values):
    proposal = fresh(proposal)
    seen = {"seen_version": proposal.version} | values
    return actions.start_work(proposal, started_on=started_on, by=by, today=today, now=NOW, **seen)


def funded(proposal, *, secretary, clerk, result="full", granted=5800):
    line = BudgetLine.objects.get(proposal=proposal)
    record(line, B.REQUEST, 5800, by=clerk)
    record(line, B.ASSESSED, granted, by=secretary, result=result)
    return line


def measure(review, *, by, today, volume=7000, minutes=Decimal("5.0"), **values):
    given = {"measured_on": today, "volume": volume, "minutes_saved": minutes, "source": "受付の記録"}
    said = {name: values.pop(name) for name in list(values) if name in ("measured_on", "source", "note")}
    seen = {"seen_version": review.version} | values
    return actions.record_effect(review, Measurement(**(given | said)), by=by, today=today, now=NOW, **seen)


# --- what follows from 採択


def test_adoption_without_a_plan_makes_the_line_of_next_years_budget_and_no_row(adopted):
    line = BudgetLine.objects.get()
    assert (line.proposal, line.name, line.budget_year, line.section, line.amounts.count()) == (
        adopted, "書かない窓口の導入", 2027, adopted.section, 0,
    )  # fmt: skip
    assert (adopted.execution.activity, Activity.objects.count()) == (None, 0)


def test_what_costs_nothing_gets_no_line(section_head, planning, initiative, secretary):
    draft = create_draft(by=section_head, section=planning, initiative=initiative, initial_cost=0, yearly_cost=0)
    proposal = step(draft, A.SUBMIT, by=section_head)
    decide(table(proposal, create_meeting(by=secretary), by=secretary), by=secretary)
    assert (BudgetLine.objects.count(), Execution.objects.count()) == (0, 1)


def test_what_was_refused_is_followed_by_nothing(section_head, planning, initiative, secretary):
    draft = create_draft(by=section_head, section=planning, initiative=initiative)
    proposal = step(draft, A.SUBMIT, by=section_head)
    item = table(proposal, create_meeting(by=secretary), by=secretary)
    decide(item, by=secretary, outcome=Outcome.REJECTED)
    assert (BudgetLine.objects.count(), Execution.objects.count()) == (0, 0)


def test_the_row_of_the_plan_takes_the_next_number_and_the_proposing_section(adopted, next_plan, secretary):
    first = Initiative.objects.get(plan=next_plan, code="1")
    old = Activity(plan=next_plan, initiative=first, code="1-4", order=3, content="前からの行", kind="ongoing")
    create_row(old, by=TESTS, today=TODAY)
    seen = adopted.version
    given = {"by": secretary, "today": TODAY, "seen_version": seen}
    row = actions.place_in_plan(adopted, placement(next_plan), **given)
    assert (row.code, row.content, row.owner_section, row.timing_text, row.years_label) == (
        "1-5", "書かない窓口の導入", adopted.section, "令和9年度～実施", "令和9年度～令和11年度",
    )  # fmt: skip
    assert list(Activity.objects.filter(plan=next_plan).in_plan_order()) == [old, row]
    again = actions.place_in_plan(fresh(adopted), placement(next_plan), **given)
    assert (again, Activity.objects.count(), BudgetLine.objects.count()) == (row, 2, 1)


def test_a_study_has_no_schedule_so_its_one_line_stands_for_the_proposal(adopted, next_plan, secretary):
    study = Initiative.objects.get(plan=next_plan, code="k2")
    line = Activity(plan=next_plan, initiative=study, code="k2", order=9, content="検討", kind="study")
    create_row(line, by=TESTS, today=TODAY)
    given = {"by": secretary, "today": TODAY, "seen_version": adopted.version}
    row = actions.place_in_plan(adopted, placement(next_plan, "k2", first_year=None, last_year=None), **given)
    assert (row, Activity.objects.count()) == (line, 1)


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"first_year": 2026}, {"first_year": "始めの年度は、計画期間（令和9年度～令和11年度）から選んでください。"}),
        ({"last_year": None}, {"last_year": "終わりの年度は、計画期間（令和9年度～令和11年度）から選んでください。"}),
        ({"first_year": 2029, "last_year": 2028}, {"last_year": "終わりの年度は、始めの年度より前にできません。"}),
        ({"kind": "deadline"}, {"due_on": "期限型の行には、計画期間の中の期限を入れてください。"}),
        ({"kind": "study"}, {"kind": "区分を選んでください。"}),
    ],
)
def test_a_wrong_place_is_named_and_nothing_is_saved(adopted, next_plan, secretary, values, wrong):
    given = {"by": secretary, "today": TODAY, "seen_version": adopted.version}
    with pytest.raises(ValidationError) as caught:
        actions.place_in_plan(adopted, placement(next_plan, **values), **given)
    assert caught.value.message_dict == {name: [sentence] for name, sentence in wrong.items()}
    assert Activity.objects.count() == 0


def test_nothing_is_put_into_a_plan_that_is_over_or_by_a_section(adopted, next_plan, secretary, clerk):
    with pytest.raises(PermissionDenied, match="計画に反映できるのは、事務局です。"):
        actions.place_in_plan(adopted, placement(next_plan), by=clerk, today=TODAY, seen_version=adopted.version)
    old = Placement(initiative=adopted.initiative, first_year=2024, last_year=2025)
    with pytest.raises(ValidationError, match="終わっています"):
        actions.place_in_plan(adopted, old, by=secretary, today=TODAY, seen_version=adopted.version)


@pytest.fixture
def tabled(section_head, planning, initiative, secretary):
    draft = create_draft(by=section_head, section=planning, initiative=initiative)
    return table(step(draft, A.SUBMIT, by=section_head), create_meeting(by=secretary), by=secretary)


def decision_typed(client, item, **typed):
    """The decision as the page is prefilled, with what is typed over it."""
    url = f"/meetings/{item.meeting.number}/items/{item.pk}/decision/"
    context = client.get(url).context
    fields = [*context["form"], *(context["place"] or ())]
    filled = {field.html_name: field.value() for field in fields if field.value() not in (None, "", False)}
    return client.post(url, filled | {"outcome": "adopted", "reason": "効果が大きい。"} | typed)


@pytest.mark.usefixtures("pinned")
@pytest.mark.parametrize(
    ("typed", "rows"),
    [({}, 1), ({"place-later": "on"}, 0), ({"outcome": "rejected"}, 0), ({"outcome": "continued"}, 0)],
)
def test_the_person_who_decides_confirms_the_prefilled_row(client, secretary, tabled, next_plan, typed, rows):
    client.force_login(secretary)
    assert decision_typed(client, tabled, **typed).status_code == 302
    assert Activity.objects.count() == rows
    if rows:
        row, line = Activity.objects.get(), BudgetLine.objects.get()
        assert (row.code, row.kind, row.first_year, row.last_year) == ("1-1", "from", 2027, 2029)
        assert (line.activity, line.initiative.plan, fresh(tabled.proposal).execution.activity) == (row, next_plan, row)


@pytest.mark.usefixtures("pinned")
def test_a_wrong_row_keeps_the_decision_from_being_recorded(client, secretary, tabled, next_plan):
    client.force_login(secretary)
    answer = decision_typed(client, tabled, **{"place-kind": "deadline", "reason": "長い理由"})
    text = answer.content.decode()
    assert "期限型の行には、計画期間の中の期限を入れてください。" in text
    assert "長い理由" in text
    assert (fresh(tabled.proposal).state, Activity.objects.count(), BudgetLine.objects.count()) == ("tabled", 0, 0)


# --- the money moves the proposal


@pytest.mark.parametrize(
    ("result", "granted", "state"), [("full", 5800, S.BUDGETED), ("part", 100, S.BUDGETED), ("none", 0, S.UNFUNDED)]
)
def test_request_and_assessment_move_the_proposal(adopted, secretary, clerk, result, granted, state):
    line = BudgetLine.objects.get()
    record(line, B.REQUEST, 5800, by=clerk)
    assert (fresh(adopted).state, whose_turn(fresh(adopted)).label) == (S.REQUESTED, "事務局")
    record(line, B.ASSESSED, granted, by=secretary, result=result)
    assert (fresh(adopted).state, whose_turn(fresh(adopted)).label) == (state, "企画課")


def test_of_two_lines_both_are_assessed_before_it_moves(adopted, secretary, clerk):
    first = BudgetLine.objects.get()
    second = actions.add_budget_line(
        BudgetLine(
            name="端末",
            budget_year=2027,
            spending_year=2027,
            section=adopted.section,
            initiative=adopted.initiative,
            proposal=adopted,
        ),
        by=clerk,
        today=TODAY,
    )
    for line in (first, second):
        record(line, B.REQUEST, 100, by=clerk)
    record(first, B.ASSESSED, 0, by=secretary, result="none")
    assert fresh(adopted).state == S.REQUESTED
    record(second, B.ASSESSED, 100, by=secretary, result="full")
    last = fresh(adopted).events.last()
    assert (fresh(adopted).state, last.action, last.comment) == (S.BUDGETED, A.FUND_PARTLY, "見送り、計上")


def test_what_was_put_off_is_asked_for_again_next_year(adopted, secretary, clerk):
    funded(adopted, secretary=secretary, clerk=clerk, result="none", granted=0)
    again = BudgetLine(
        name="書かない窓口",
        budget_year=2028,
        spending_year=2028,
        section=adopted.section,
        initiative=adopted.initiative,
        proposal=adopted,
    )
    record(actions.add_budget_line(again, by=clerk, today=TODAY), B.REQUEST, 5000, by=clerk)
    assert fresh(adopted).state == S.REQUESTED


@pytest.mark.parametrize("action", [A.REQUEST_BUDGET, A.START, A.MEASURE])
def test_a_step_that_comes_with_figures_is_not_taken_alone(adopted, section_head, action):
    with pytest.raises(Refused):
        step(adopted, action, by=section_head)


# --- the start and what was measured


def test_the_start_asks_for_the_effect_after_6_and_12_months(adopted, secretary, clerk):
    funded(adopted, secretary=secretary, clerk=clerk)
    with pytest.raises(ValidationError, match="開始日は、今日までの日にしてください。"):
        start(adopted, by=clerk, started_on=STARTED)
    seen = fresh(adopted).version
    for _ in range(2):
        start(adopted, by=clerk, seen_version=seen)
    assert fresh(adopted).state == S.RUNNING
    assert [(review.months, review.due_on) for review in EffectReview.objects.all()] == [
        (6, date(2027, 5, 24)), (12, date(2027, 11, 24)),
    ]  # fmt: skip


def test_without_a_budget_it_starts_with_a_reason(adopted, clerk):
    with pytest.raises(ValidationError, match="予算を要求しない理由を入力してください。"):
        start(adopted, by=clerk)
    start(adopted, by=clerk, comment="今ある端末で足りる。")
    assert fresh(adopted).events.last().comment == "開始日 令和8年11月24日\n今ある端末で足りる。"


@pytest.fixture
def running(adopted, secretary, clerk):
    funded(adopted, secretary=secretary, clerk=clerk)
    start(adopted, by=clerk, started_on=STARTED, today=STARTED)
    return fresh(adopted)


def review_of(proposal, months):
    return EffectReview.objects.with_proposal().get(execution__proposal=proposal, months=months)


def test_hours_and_yen_follow_from_what_was_measured(running, clerk):
    review = measure(review_of(running, 6), by=clerk, today=SIX_MONTHS_ON)
    assert (review.planned_hours, review.measured_hours, review.yen_per_hour) == (725, 583, running.yen_per_hour)
    assert (review.planned_effect, review.measured_effect) == (
        running.yearly_effect // 2, 583 * running.yen_per_hour // 1000,
    )  # fmt: skip
    assert (review.recorded_by, fresh(running).state) == ("企画課 担当 見本 三郎", S.RUNNING)
    worse = measure(
        review_of(running, 6), by=clerk, today=SIX_MONTHS_ON, minutes=Decimal("-1.5"), reason="測り直し",
    )  # fmt: skip
    assert worse.measured_hours == -175


def test_with_the_last_measuring_it_waits_for_the_office_to_complete_it(running, clerk, secretary):
    measure(review_of(running, 6), by=clerk, today=SIX_MONTHS_ON)
    measure(review_of(running, 12), by=clerk, today=A_YEAR_ON, volume=14_000)
    assert (fresh(running).state, whose_turn(fresh(running)).label) == (S.MEASURED, "事務局")
    step(fresh(running), A.COMPLETE, by=secretary, comment="見込みの9割の効果があった。")
    assert (fresh(running).state, whose_turn(fresh(running)).label) == (S.COMPLETED, "なし（完了）")
    with pytest.raises(Refused, match="効果は記録できません"):
        measure(review_of(running, 12), by=clerk, today=A_YEAR_ON, reason="直す")


def test_a_measuring_is_refused_with_a_sentence(running, clerk, other_head, secretary):
    review = review_of(running, 6)
    for person in (other_head, secretary):
        with pytest.raises(PermissionDenied):
            measure(review, by=person, today=SIX_MONTHS_ON)
    with pytest.raises(ValidationError, match="令和9年9月17日から記録できます。"):
        measure(review, by=clerk, today=date(2027, 9, 1))
    with pytest.raises(ValidationError, match="測り方・出典を入力してください。"):
        measure(review, by=clerk, today=SIX_MONTHS_ON, source=" ")
    with pytest.raises(ValidationError, match="測定日は、開始日"):
        measure(review, by=clerk, today=SIX_MONTHS_ON, measured_on=date(2027, 3, 31))
    with pytest.raises(StaleVersion):
        measure(review, by=clerk, today=SIX_MONTHS_ON, seen_version=9)
    assert not review_of(running, 6).is_measured


def test_a_correction_needs_a_reason_and_twice_is_once(running, clerk):
    first = measure(review_of(running, 6), by=clerk, today=SIX_MONTHS_ON)
    assert measure(review_of(running, 6), by=clerk, today=SIX_MONTHS_ON).version == first.version
    with pytest.raises(ValidationError, match="訂正の理由を入力してください。"):
        measure(review_of(running, 6), by=clerk, today=SIX_MONTHS_ON, volume=6000)


def test_half_a_measuring_cannot_be_stored(running):
    review = review_of(running, 6)
    review.measured_on = SIX_MONTHS_ON
    with pytest.raises(IntegrityError, match="what_is_measured_is_measured_whole"), transaction.atomic():
        review.save()


# --- being asked


def test_the_section_is_asked_from_14_days_before(running, clerk):
    turn = whose_turn(running)
    assert (turn.is_yours(clerk, today=date(2027, 9, 16)), turn.is_yours(clerk, today=date(2027, 9, 17))) == (
        False,
        True,
    )
    waiting = [
        Proposal.objects.waiting_for(clerk, today=day).exists() for day in (date(2027, 9, 16), date(2027, 9, 17))
    ]
    assert waiting == [False, True]


def test_reminders_go_to_the_section_on_working_days_until_it_is_measured(running, clerk):
    day = DueDay.on(date(2028, 4, 3))
    assert [(item.title, item.due_on, item.section) for item in open_items(day)] == [
        (f"効果の検証　{running.number_label}（開始から6か月）", SIX_MONTHS_ON, running.section),
        (f"効果の検証　{running.number_label}（開始から12か月）", date(2028, 4, 3), running.section),
    ]
    measure(review_of(running, 6), by=clerk, today=SIX_MONTHS_ON)
    assert [item.subject for item in open_items(day)] == [f"effect:{review_of(running, 12).pk}"]


@pytest.mark.one_database
def test_the_list_says_what_is_late_and_shows_planned_beside_measured(running, clerk, secretary, other_head):
    measure(review_of(running, 6), by=clerk, today=SIX_MONTHS_ON)
    table = effect_table(secretary, today=date(2028, 5, 1))
    assert [(row.review.months, row.badge[1], row.percent) for row in table.rows] == [
        (12, "期限を過ぎた", None), (6, "測定済み", Decimal("80.4")),
    ]  # fmt: skip
    assert (table.measured, table.late, [row.label for row in table.bars.rows]) == (1, 1, ["R8-01 6か月"])
    assert effect_table(other_head, today=TODAY).rows == ()


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2027, 4, 1), 6, date(2027, 10, 1)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
    ],
)
def test_months_end_where_the_calendar_ends(day, months, then):
    assert months_after(day, months) == then
