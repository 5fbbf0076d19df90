"""年度評価 from a file: read as people write, refused as on the page, and taken back only while nobody went on."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from initiatives.actions.evaluations import adopt_scale, fix_year
from initiatives.evaluation_resource import EvaluationResource
from initiatives.grading import PRESETS
from initiatives.kinds import EVALUATIONS
from initiatives.models import Evaluation, EvaluationYear
from tests.conftest import NOW, TODAY
from tests.factories import TESTS
from tests.initiatives.factories import create_initiative, create_plan, give
from tests.initiatives.ledgers import take_in
from townhall.sheets.imports import apply_job, begin
from townhall.sheets.undo import undo_job, why_not
from townhall.sheets.writing import write_csv

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]
WHEN = {"today": TODAY, "now": NOW}
HEADINGS = ("計画", "年度", "取組", "段階", "評価", "今後の方向性", "意見")


@pytest.fixture
def initiative(planning):
    plan = create_plan()
    adopt_scale(plan, PRESETS[0], by=TESTS, today=TODAY)
    return create_initiative(plan=plan, owner_section=planning)


def fix(year):
    row = EvaluationYear.objects.get(fiscal_year=year)
    fix_year(row, by=TESTS, today=TODAY, seen_version=row.version)


def test_stages_come_one_after_another_as_people_write_them(initiative, secretary):
    lines = (
        ("small", "Ｒ７", "１", "自己評価", "ｂ", "", ""),
        ("small", 2025, 1, "事務局", "計画以上", "拡充", "よい"),
    )
    outcome = take_in(EvaluationResource, HEADINGS, *lines, by=secretary)
    assert (outcome.sentences, outcome.counts["新規"]) == ([], 2)
    assert [(each.stage, each.grade.code, each.direction, each.given_by) for each in Evaluation.objects.all()] == [
        ("office", "A", "expand", secretary.described_on(TODAY)),
        ("self", "B", "", secretary.described_on(TODAY)),
    ]
    assert {each.history.get().history_source for each in Evaluation.objects.all()} == {"IMP-1"}


def test_open_years_are_written_out_with_the_stages_that_are_to_come(initiative):
    give(initiative, 2024, "committee", "A")
    give(initiative, 2025, "first", "B")
    fix(2024)
    told = [(line[1], line[3], line[5]) for line in EVALUATIONS.lines(TESTS, TODAY)]
    assert told == [
        *(("令和5年度", stage, "") for stage in ("自己評価", "課長（一次）", "事務局", "委員会")),
        ("令和6年度", "委員会", "A"),
        *(("令和7年度", "課長（一次）", "B"), ("令和7年度", "事務局", ""), ("令和7年度", "委員会", "")),
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (("small", "R6", "1", "委員会", "C", "", "下げる"), "令和6年度の年度評価は確定しています。"),
        (("small", "R7", "1", "自己評価", "C", "", "下げる"), "「事務局」の評価が済んでいるため、"),
        (("small", "R5", "1", "課長（一次）", "C", "", "下げる"), "段階（D2）：「課長（一次）」は、その評価をする人が"),
        (("small", "R5", "検1", "事務局", "C", "", ""), "検討事項には、年度評価はありません。"),
        (("small", "R8", "1", "事務局", "C", "", ""), "この計画の期間にない年度か、"),
        (("small", "R5", "1", "事務局", "D", "", ""), "意見（G2）：「評価できない」のときは、"),
        (("small", "R5", "1", "事務局", "", "継続", ""), "評価（E2）：評価の記号がありません。"),
        (("small", "R5", "1", "事務局", "S", "", ""), "評価（E2）：評価「S」は使えません。A・B・C・Dのどれか"),
        (("small", "R5", "1", "町長", "A", "", ""), "段階（D2）：「町長」は使えません。自己評価・"),
        (("small", "五年", "1", "事務局", "A", "", ""), "年度（B2）："),
        (("small", "―", "1", "事務局", "A", "", ""), "年度（B2）：年度がありません。"),
        (("small", "R5", "9", "事務局", "A", "", ""), "取組（C2）：取組「9」は、この計画にありません。"),
        (("other", "R5", "1", "事務局", "A", "", ""), "計画（A2）：計画「other」はありません。"),
        (("a|b", "R5", "1", "事務局", "A", "", ""), "計画（A2）：計画「a|b」はありません。"),
    ],
)
def test_what_the_page_refuses_is_refused_here_in_words(initiative, secretary, line, sentence):
    create_initiative(plan=initiative.plan, kind="study")
    give(initiative, 2024, "committee", "A")
    give(initiative, 2025, "office", "B")
    fix(2024)
    outcome = take_in(EvaluationResource, HEADINGS, line, ("small", "R5", "1", "委員会", "A", "", ""), by=secretary)
    (said,) = outcome.sentences
    assert sentence in said
    assert Evaluation.objects.count() == 2


def bring(line, *, by):
    job = begin(EVALUATIONS, SimpleUploadedFile("表.csv", write_csv(HEADINGS, [line])), by=by, **WHEN)
    return apply_job(EVALUATIONS, job, without_errors=False, by=by, **WHEN)


def test_file_is_not_taken_back_once_somebody_went_on(initiative, secretary):
    first = bring(("small", "R6", "1", "事務局", "A", "", ""), by=secretary)
    assert undo_job(EVALUATIONS, first, reason="ちがう年度", by=secretary, **WHEN) == 2  # with the year it began
    assert not EvaluationYear.objects.exists()
    job = bring(("small", "R7", "1", "事務局", "A", "", ""), by=secretary)
    assert why_not(EVALUATIONS, job, **WHEN) == ""
    give(initiative, 2025, "committee", "A")
    assert why_not(EVALUATIONS, job, **WHEN).endswith("委員会」の評価が済んだため、取り消せません。")
    fix(2025)
    assert why_not(EVALUATIONS, job, **WHEN) == "令和7年度の年度評価を確定したため、取り消せません。"
