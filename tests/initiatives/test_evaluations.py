"""年度評価: rules of the database and of the actions, and what the summaries say. On both databases."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from initiatives.actions.evaluations import adopt_scale, correct_evaluation, edit_grade, evaluate, fix_year
from initiatives.grading import PRESETS, average
from initiatives.models import Evaluation, EvaluationGrade, EvaluationScale, EvaluationYear
from initiatives.summaries.evaluations import evaluation_board, letters_of
from tests.conftest import TODAY
from tests.factories import TESTS
from tests.initiatives.factories import create_initiative, create_plan, give, grade_of
from townhall.changes import StaleVersion, last_change
from townhall.refusal import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_plan(db):
    plan = create_plan()
    adopt_scale(plan, PRESETS[0], by=TESTS, today=TODAY)
    return plan


@pytest.fixture
def initiative(small_plan, planning):
    return create_initiative(plan=small_plan, owner_section=planning)


def fix(plan, year=2024, *, by=TESTS, today=TODAY):
    row = EvaluationYear.objects.get(plan=plan, fiscal_year=year)
    return fix_year(row, by=by, today=today, seen_version=row.version)


# --- constraints


@pytest.mark.parametrize(
    "row",
    [
        lambda e: Evaluation(year=e.year, initiative=e.initiative, stage="self", grade=e.grade, given_on=TODAY),
        lambda e: Evaluation(year=e.year, initiative=e.initiative, stage="x", grade=e.grade, given_on=TODAY),
        lambda e: EvaluationYear(plan=e.year.plan, fiscal_year=2024),
        lambda e: EvaluationYear(plan=e.year.plan, fiscal_year=2025, fixed_on=TODAY),
        lambda e: EvaluationScale(plan=e.year.plan, name="二つ目"),
        lambda e: EvaluationGrade(scale=e.grade.scale, order=9, code="B", label="同じ記号", points=1),
        lambda e: EvaluationGrade(scale=e.grade.scale, order=1, code="X", label="同じ順", points=1),
        lambda e: EvaluationGrade(scale=e.grade.scale, order=9, code="X", label="点がない"),
        lambda e: EvaluationGrade(
            scale=e.grade.scale, order=9, code="X", label="点がある", is_evaluable=False, points=1
        ),
    ],
)
def test_the_database_refuses(initiative, row):
    given = give(initiative, 2024, "self", "B")
    with pytest.raises(IntegrityError), transaction.atomic():
        row(given).save()


# --- stages


def test_every_stage_keeps_its_own_letter_and_words(initiative, section_head, secretary, deputy_mayor):
    for stage, letter, by in (
        ("self", "A", section_head),
        ("first", "B", section_head),
        ("office", "B", secretary),
        ("committee", "C", deputy_mayor),
    ):
        give(initiative, 2024, stage, letter, by=by, comment=f"{stage}の意見")
    (row,) = evaluation_board(initiative.plan, 2024).rows
    assert [(cell.grade.code, cell.comment, cell.given_on) for cell in row.cells] == [
        ("A", "selfの意見", TODAY),
        ("B", "firstの意見", TODAY),
        ("B", "officeの意見", TODAY),
        ("C", "committeeの意見", TODAY),
    ]
    assert [cell.given_by for cell in row.cells][::3] == ["企画課 課長 見本 二郎", "副町長 見本 太郎"]


def test_a_stage_is_changed_only_while_no_later_one_has_spoken(initiative):
    given = give(initiative, 2024, "self", "A")
    given.grade = grade_of(initiative.plan, "B")
    told = {"plan": initiative.plan, "fiscal_year": 2024, "by": TESTS, "today": TODAY}
    given = evaluate(given, seen_version=given.version, **told)
    give(initiative, 2024, "office", "B")
    given.grade = grade_of(initiative.plan, "A")
    with pytest.raises(Refused, match="「事務局」の評価が済んでいるため、「自己評価」は変えられません"):
        evaluate(given, seen_version=given.version, **told)
    with pytest.raises(Refused, match="「課長（一次）」は変えられません"):
        give(initiative, 2024, "first", "A")


def test_of_two_who_evaluate_first_the_second_is_told_and_the_same_twice_is_once(initiative):
    first = give(initiative, 2024, "self", "B")
    assert give(initiative, 2024, "self", "B") == first
    with pytest.raises(StaleVersion):
        give(initiative, 2024, "self", "A")


def test_who_speaks_for_which_stage(
    initiative, clerk, section_head, other_head, secretary, deputy_mayor, member, expert
):
    people = (clerk, section_head, other_head, secretary, deputy_mayor, member, expert)
    may = {}
    for stage in ("self", "first", "office", "committee"):
        for person in people:
            try:
                with transaction.atomic():
                    give(initiative, 2024, stage, "B", by=person)
                    may.setdefault(stage, []).append(person.username)
                    transaction.set_rollback(True)
            except PermissionDenied:
                pass
    assert may == {
        "self": ["clerk", "section_head", "secretary"],
        "first": ["section_head"],
        "office": ["secretary"],
        "committee": ["secretary", "deputy_mayor"],
    }


@pytest.mark.parametrize(
    ("year", "sentence"), [(2022, "期間にない年度"), (2026, "期間にない年度"), (1, "期間にない年度")]
)
def test_years_outside_the_plan_are_refused(initiative, year, sentence):
    with pytest.raises(Refused, match=sentence):
        give(initiative, year, "self", "B")


def test_studies_years_to_come_and_letters_of_another_plan_are_refused(initiative, small_plan):
    with pytest.raises(Refused, match="検討事項には、年度評価はありません"):
        give(create_initiative(plan=small_plan, kind="study"), 2024, "self", "B")
    with pytest.raises(Refused, match="令和7年度はまだ始まっていません"):
        give(initiative, 2025, "self", "B", today=date(2025, 3, 31))
    other = create_plan(code="other")
    adopt_scale(other, PRESETS[0], by=TESTS, today=TODAY)
    draft = Evaluation(initiative=initiative, stage="self", grade=grade_of(other, "B"))
    with pytest.raises(ValidationError, match="この計画の評価の区分にない記号"):
        evaluate(draft, plan=small_plan, fiscal_year=2024, by=TESTS, today=TODAY, seen_version=None)


def test_what_cannot_be_evaluated_says_why(initiative):
    with pytest.raises(ValidationError, match="「評価できない」のときは、その理由"):
        give(initiative, 2024, "self", "D", comment=" ")
    give(initiative, 2024, "self", "D", comment="国の制度の見直しを待っている。")


# --- fixing the year


def test_a_fixed_year_changes_only_by_a_correction_with_a_reason(initiative, secretary, section_head):
    give(initiative, 2024, "self", "A")
    final = give(initiative, 2024, "committee", "B")
    year = fix(initiative.plan, by=secretary)
    assert (year.fixed_on, year.fixed_by) == (TODAY, "総務課 事務局 見本 花子")
    with pytest.raises(Refused, match="もう確定しています"):
        fix(initiative.plan)
    with pytest.raises(Refused, match="令和6年度の年度評価は確定しています"):
        give(initiative, 2024, "first", "A")
    final.refresh_from_db()
    final.grade = grade_of(initiative.plan, "C")
    told = {"today": TODAY, "seen_version": final.version}
    with pytest.raises(Refused, match="訂正の理由"):
        correct_evaluation(final, by=secretary, reason=" ", **told)
    with pytest.raises(PermissionDenied):
        correct_evaluation(final, by=section_head, reason="だめ", **told)
    correct_evaluation(final, by=secretary, reason="議事録と違っていた", **told)
    assert (last_change(final).history_change_reason, final.correction) == ("議事録と違っていた",) * 2


def test_nothing_is_fixed_without_a_word_of_the_committee(initiative, section_head):
    give(initiative, 2024, "self", "A")
    with pytest.raises(Refused, match="委員会の評価が一つもない"):
        fix(initiative.plan)
    with pytest.raises(PermissionDenied):
        fix(initiative.plan, by=section_head)


def test_a_correction_is_not_for_an_open_year(initiative):
    given = give(initiative, 2024, "committee", "B")
    with pytest.raises(Refused, match="まだ確定していない"):
        correct_evaluation(given, by=TESTS, today=TODAY, seen_version=given.version, reason="x")


def test_a_scale_is_adopted_once_and_a_letter_of_a_fixed_year_keeps_what_it_counts_for(initiative):
    with pytest.raises(Refused, match="区分がもうあります"):
        adopt_scale(initiative.plan, PRESETS[1], by=TESTS, today=TODAY)
    give(initiative, 2024, "committee", "B")
    fix(initiative.plan)
    grade = grade_of(initiative.plan, "B")
    grade.points = 3
    with pytest.raises(Refused, match="確定した年度で使われている記号"):
        edit_grade(grade, by=TESTS, today=TODAY, seen_version=grade.version)
    grade.points, grade.label = 2, "おおむね計画どおり"
    assert edit_grade(grade, by=TESTS, today=TODAY, seen_version=grade.version).version == 2


# --- what is counted


@pytest.mark.parametrize(
    ("points", "expected"),
    [([3, 2, 1], "2.00"), ([3, 2, None], "2.50"), ([1, 1, 2], "1.33"), ([None, None], None), ([], None)],
)
def test_only_letters_that_count_are_averaged(points, expected):
    assert average(points) == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.code)
def test_every_preset_can_be_adopted(preset, db):
    plan = create_plan()
    adopt_scale(plan, preset, by=TESTS, today=TODAY)
    points = [grade.points for grade in evaluation_board(plan, 2024).grades]
    counted = [each for each in points if each is not None]
    assert counted == sorted(counted, reverse=True)  # the first letter is the best, also where it is called 1
    assert points[-1] is None


def test_the_board_counts_letters_and_says_what_is_missing(small_plan):
    for number, letter in enumerate("ABD", start=1):
        row = create_initiative(plan=small_plan, number=number)
        give(row, 2024, "committee", letter, comment="理由")
    create_initiative(plan=small_plan, number=4)
    create_initiative(plan=small_plan, number=5, kind="study")
    board = evaluation_board(small_plan, 2024)
    assert [(grade.code, count) for grade, count in board.counts] == [("A", 1), ("B", 1), ("C", 0), ("D", 1)]
    assert (board.average, board.counted, len(board.rows), len(board.missing)) == (Decimal("2.50"), 2, 4, 1)
    assert board.definition == "A=3、B=2、C=1"


def test_a_letter_is_shown_from_the_day_its_year_was_fixed(initiative):
    give(initiative, 2024, "committee", "B", today=date(2025, 7, 1))
    give(initiative, 2025, "self", "A")
    fix(initiative.plan, today=date(2025, 7, 10))
    place = (initiative.pk, 2024)
    before = letters_of(initiative.plan, as_of=date(2025, 7, 9))
    assert (list(before.fixed), sorted(before.open)) == ([], [place])
    after = letters_of(initiative.plan, as_of=TODAY)
    assert (list(after.fixed), sorted(after.open)) == ([place], [(initiative.pk, 2025)])
    assert letters_of(initiative.plan, as_of=date(2025, 6, 30)).open == frozenset()


@pytest.mark.parametrize("count", [1, 3])
def test_query_counts(small_plan, count, django_assert_num_queries):
    for number in range(1, count + 1):
        row = create_initiative(plan=small_plan, number=number)
        give(row, 2024, "self", "A")
        give(row, 2024, "committee", "B")
    with django_assert_num_queries(4):
        assert len(evaluation_board(small_plan, 2024).rows) == count
    with django_assert_num_queries(2):
        letters_of(small_plan, as_of=TODAY)
