"""The pages of the year-end evaluation: every stage by its people, fixed with the year, letters on the dashboard."""

from datetime import date

import pytest

from initiatives.actions.evaluations import adopt_scale, fix_year
from initiatives.grading import PRESETS
from initiatives.models import Evaluation, EvaluationGrade, EvaluationScale, EvaluationYear
from tests.conftest import TODAY
from tests.factories import TESTS
from tests.initiatives.factories import create_initiative, create_plan, give, grade_of
from tests.otaki_dx.pages import card, get, html_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]


@pytest.fixture
def small_plan(db):
    plan = create_plan()
    adopt_scale(plan, PRESETS[0], by=TESTS, today=TODAY)
    return plan


@pytest.fixture
def initiative(small_plan, planning):
    return create_initiative(plan=small_plan, owner_section=planning)


@pytest.fixture
def office(client, secretary):
    client.force_login(secretary)
    return client


def fix(plan, year=2024):
    row = EvaluationYear.objects.get(plan=plan, fiscal_year=year)
    return fix_year(row, by=TESTS, today=TODAY, seen_version=row.version)


# --- empty and not yet


def test_without_a_plan_or_a_scale_the_pages_say_who_does_what(office, client, member):
    assert "計画がまだ読み込まれていません。" in words(html_of(office, "evaluation_list"))
    create_plan()
    assert get(office, "evaluation_list").url == "/evaluations/2025/?plan=small"
    assert "評価の区分を決める" in words(html_of(office, "evaluation_year", 2024))
    client.force_login(member)
    assert "総務課（事務局）が区分を決めると" in words(html_of(client, "evaluation_year", 2024))


def test_a_year_to_come_cannot_be_evaluated_yet(office):
    create_plan(code="r8", first_year=2026, last_year=2028)
    assert get(office, "evaluation_list").url == "/evaluations/2026/?plan=r8"
    assert "令和9年度はまだ始まっていません。" in words(html_of(office, "evaluation_year", 2027))
    assert get(office, "evaluation_year", 2035).status_code == 404


def test_a_plan_begins_with_a_ready_made_scale_once(office):
    create_plan()
    assert office.post("/settings/terms/", {"preset": "x"}).status_code == 422
    for status in (302, 409):
        assert office.post("/settings/terms/", {"preset": "numbers"}).status_code == status
    assert (EvaluationScale.objects.count(), EvaluationGrade.objects.count()) == (1, 6)
    assert "この区分は例です。" in words(html_of(office, "evaluation_terms"))


# --- giving


def test_a_clerk_evaluates_the_own_initiative_and_sees_whose_turn_comes(initiative, client, clerk):
    client.force_login(clerk)
    url = f"/evaluations/2024/{initiative.code}/self/"
    assert "評価する" in html_of(client, "evaluation_year", 2024)
    data = {"grade": grade_of(initiative.plan, "B").pk, "direction": "continue", "comment": "研修を6回行った。"}
    response = client.post(url, data, follow=True)
    assert "「自己評価」を保存しました。" in response.text
    text = words(response.text)
    assert "B 計画どおり 方向性：継続 研修を6回行った。 企画課 担当 見本 三郎" in text
    assert "次は 課長（一次）" in text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"grade": ""}, "評価を選んでください。"),
        ({"grade": "999999"}, "正しく選択してください"),
        ({"direction": "sideways"}, "正しく選択してください"),
        ({"comment": "あ" * 2001}, "2000"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(initiative, office, typed, sentence):
    data = {"grade": grade_of(initiative.plan, "B").pk, "comment": "打ちかけの意見"} | typed
    response = office.post("/evaluations/2024/1/self/", data)
    assert (response.status_code, sentence in response.text) == (422, True)
    assert data["comment"] in response.text
    assert Evaluation.objects.count() == 0


def test_a_letter_that_says_nothing_needs_words(initiative, office):
    response = office.post("/evaluations/2024/1/self/", {"grade": grade_of(initiative.plan, "D").pk, "comment": ""})
    assert (response.status_code, "「評価できない」のときは、その理由" in response.text) == (422, True)


def test_two_who_evaluate_see_each_other(initiative, office):
    data = {"grade": grade_of(initiative.plan, "B").pk, "comment": "先の人"}
    assert office.post("/evaluations/2024/1/office/", data).status_code == 302
    response = office.post("/evaluations/2024/1/office/", data | {"comment": "後の人"})
    assert response.status_code == 409
    assert "先の人" in response.text
    assert "後の人" in response.text
    assert Evaluation.objects.get().comment == "先の人"


@pytest.mark.parametrize("place", ["2024/77/self", "2024/1/nobody", "1999/1/self", "2024/k1/self"])
def test_places_that_do_not_exist(initiative, office, place):
    create_initiative(plan=initiative.plan, kind="study")
    assert office.get(f"/evaluations/{place}/").status_code == 404


# --- fixed


def test_the_office_checks_and_fixes_the_year(initiative, office):
    create_initiative(plan=initiative.plan, number=2)
    give(initiative, 2024, "committee", "C", direction="improve")
    html = html_of(office, "evaluation_fix", 2024)
    assert "取組その2 委員会の評価がありません。「評価なし」で確定します。" in words(html)
    seen = EvaluationYear.objects.get().version
    assert office.post("/evaluations/2024/fix/", {"seen_version": seen - 1}).status_code == 409
    assert office.post("/evaluations/2024/fix/", {"seen_version": seen}).status_code == 302
    text = words(html_of(office, "evaluation_year", 2024))
    assert "令和8年11月24日に確定しました（総務課 事務局 見本 花子）。" in text
    assert "平均点 1 （評価対象に数える記号だけの平均：A=3、B=2、C=1。2件のうち1件）" in text
    assert "評価する" not in text
    assert office.post("/evaluations/2024/fix/", {"seen_version": seen + 1}).status_code == 409


def test_after_fixing_only_a_correction_with_a_reason_changes_a_letter(initiative, office):
    given = give(initiative, 2024, "committee", "C")
    fix(initiative.plan)
    data = {"grade": grade_of(initiative.plan, "B").pk, "comment": "直す", "seen_version": given.version}
    response = office.post("/evaluations/2024/1/committee/", data)
    assert (response.status_code, "確定しています" in response.text) == (409, True)
    assert office.post("/evaluations/2024/1/committee/correct/", data).status_code == 422
    corrected = data | {"reason": "議事録と違っていた"}
    assert office.post("/evaluations/2024/1/committee/correct/", corrected).status_code == 302
    text = words(html_of(office, "evaluation_year", 2024))
    assert "訂正：議事録と違っていた" in text
    assert "訂正する" in text


def test_the_dashboard_and_the_initiative_show_fixed_letters_only(plan, client, expert, office):
    adopt_scale(plan, PRESETS[0], by=TESTS, today=TODAY)
    initiative = plan.initiatives.get(code="2")
    give(initiative, 2023, "committee", "C", direction="improve", comment="来年度に見直す。")
    give(initiative, 2024, "self", "A")
    fix(plan, 2023)
    client.force_login(expert)
    matrix = card(html_of(client, "plan_dashboard"), "重点取組・検討事項")
    assert "年度評価： A 計画以上 B 計画どおり C 遅れ D 評価できない" in matrix
    assert "DX人材育成 ― 主担当は未設定 C 遅れ … 年度評価は評価中" in matrix
    assert matrix.count("年度評価は未記録") == 14
    shown = card(html_of(client, "initiative_detail", "2"), "年度評価")
    assert "令和5年度 C 遅れ 今後の方向性：改善 委員会の意見：来年度に見直す。" in shown
    assert "段階ごとの評価" not in shown
    assert "確定した年度評価は、まだありません。" in card(html_of(client, "initiative_detail", "5"), "年度評価")


def test_a_day_before_the_fixing_shows_no_letter(plan, office):
    adopt_scale(plan, PRESETS[0], by=TESTS, today=TODAY)
    give(plan.initiatives.get(code="2"), 2023, "committee", "C", today=date(2024, 7, 1))
    fix(plan, 2023)
    matrix = card(html_of(office, "plan_dashboard", as_of="2025-03-31"), "重点取組・検討事項")
    assert "C 遅れ …" not in matrix
    assert "年度評価は評価中" in matrix


# --- the admin


def test_letters_are_mended_in_the_admin_and_counted_ones_stay(initiative, office):
    give(initiative, 2024, "committee", "B")
    fix(initiative.plan)
    grade = grade_of(initiative.plan, "B")
    url = f"/admin/initiatives/evaluationgrade/{grade.pk}/change/"
    data = {"order": 2, "code": "B", "label": "おおむね計画どおり", "meaning": "", "is_evaluable": "on", "points": 2}
    assert office.post(url, data | {"points": 3, "seen_version": 1}).status_code == 409
    assert office.post(url, data | {"seen_version": 1}).status_code == 302
    grade.refresh_from_db()
    assert (grade.label, grade.points, grade.history.first().history_source) == ("おおむね計画どおり", 2, "管理画面")


@pytest.mark.parametrize("count", [1, 3])
def test_query_count(small_plan, office, count, django_assert_num_queries):
    for number in range(1, count + 1):
        give(create_initiative(plan=small_plan, number=number), 2024, "committee", "B")
    with django_assert_num_queries(9):
        get(office, "evaluation_year", 2024)
