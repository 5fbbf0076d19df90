"""予算の事業 and 財源 from a file: found by number or by what they are, refused as on the page, taken back while nothing stands on them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from committee.budget_line_resource import BudgetLineResource
from committee.choices import BudgetStage
from committee.funding_resource import FundingSourceResource
from committee.kinds import BUDGET_LINES
from committee.models import BudgetLine, FundingSource
from tests.committee.factories import create_budget_line, create_source, record
from tests.conftest import NOW, TODAY
from tests.initiatives.ledgers import take_in
from tests.schedule.small_plan import create_activity, create_initiative
from townhall.sheets.imports import apply_job, begin
from townhall.sheets.undo import undo_job, why_not
from townhall.sheets.writing import write_csv

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]
WHEN = {"today": TODAY, "now": NOW}
HEADINGS = ("事業番号", "予算の年度", "要求する課", "取組", "事業名", "取組内容", "執行の年度", "科目")
NEW = ("", "Ｒ９", "企画課", "small １", "書かない窓口〜", "", "", "2款")


@pytest.fixture
def line(section_head, planning, initiative):
    return create_budget_line(by=section_head, section=planning, initiative=initiative)


def apply(*lines, by):
    upload = SimpleUploadedFile("表.csv", write_csv(HEADINGS, lines))
    job = begin(BUDGET_LINES, upload, by=by, **WHEN)
    return apply_job(BUDGET_LINES, job, without_errors=False, by=by, **WHEN)


def test_line_without_a_number_is_new_once(line, secretary, planning, initiative):
    row = create_activity(initiative=initiative, number=2)
    lines = ((line.pk, "", "", "", "", "small 1-2", "R10", ""), NEW)
    counts = [take_in(BudgetLineResource, HEADINGS, *lines, by=secretary).counts for _ in range(2)]
    assert counts == [{"新規": 1, "変更": 1, "変更なし": 0}, {"新規": 0, "変更": 0, "変更なし": 2}]
    known = ("budget_year", "spending_year", "section", "initiative", "activity", "name", "account")
    assert list(BudgetLine.objects.order_by("pk").values_list(*known)) == [
        (2027, 2028, planning.pk, initiative.pk, row.pk, "書かない窓口", ""),
        (2027, 2027, planning.pk, initiative.pk, None, "書かない窓口〜", "2款"),
    ]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"事業番号": "999"}, "事業番号（A2）：事業番号「999」の事業はありません。"),
        ({"事業名": ""}, "事業名（E2）：新しい事業には、"),
        ({"要求する課": "ない課"}, "要求する課（C2）：「ない課」という課はありません。"),
        ({"予算の年度": "来年"}, "予算の年度（B2）："),
        ({"取組": "small 9"}, "取組（D2）：取組「small 9」はありません。"),
        ({"取組内容": "small 2-1"}, "取組内容（F2）：この行は、選んだ取組の行ではありません。"),
        ({"執行の年度": "R8"}, "執行の年度は、予算の年度と同じか、"),
        ({"事業名": "書かない窓口"}, "事業番号（A2）：同じ事業が二つ以上あります（事業番号 "),
    ],
)
def test_wrong_line_is_named_with_its_cell_and_nothing_is_written(
    line, section_head, secretary, planning, initiative, values, sentence
):
    create_budget_line(by=section_head, section=planning, initiative=initiative)  # a second one of the same name
    create_activity(initiative=create_initiative(plan=initiative.plan, number=2))
    wrong = tuple((dict(zip(HEADINGS, NEW, strict=True)) | values).values())
    outcome = take_in(BudgetLineResource, HEADINGS, wrong, NEW, by=secretary)
    said = outcome.sentences[0].removeprefix("2行目 ")
    assert (said[: len(sentence)], BudgetLine.objects.count()) == (sentence, 2)


def test_what_was_voted_keeps_its_year_and_a_line_with_money_is_not_taken_back(line, secretary):
    moved = apply((line.pk, "R10", "", "", "", "", "R10", ""), by=secretary)
    added = apply(NEW, by=secretary)
    assert [why_not(BUDGET_LINES, job, **WHEN) for job in (moved, added)] == ["", ""]
    for each in BudgetLine.objects.order_by("pk"):
        record(each, BudgetStage.INITIAL, 10, by=secretary)
    assert [why_not(BUDGET_LINES, job, **WHEN) for job in (moved, added)] == [
        "「書かない窓口（令和10年度）」の予算が議決されたため、年度を元に戻せません。",
        "「書かない窓口〜（令和9年度）」に金額が入ったため、取り消せません。",
    ]
    outcome = take_in(BudgetLineResource, HEADINGS, (line.pk, "R9", "", "", "", "", "R9", ""), by=secretary)
    assert outcome.sentences[0].startswith("2行目 予算の年度（B2）：予算が議決された事業の年度は変えられません。")
    renamed = apply((line.pk, "", "", "", "窓口", "", "", ""), by=secretary)
    assert undo_job(BUDGET_LINES, renamed, reason="ちがう", by=secretary, **WHEN) == 1


def test_source_is_ended_by_its_year_and_added_by_its_name(secretary):
    create_source(name="補助金ー1号", kind="national")
    headings = ("財源の名称", "区分", "終わりの年度")
    lines = (("補助金－１号", "", "令和8年度"), ("新しい交付金", "県", ""))
    assert take_in(FundingSourceResource, headings, *lines, by=secretary).sentences == []
    assert list(FundingSource.objects.order_by("pk").values_list("name", "kind", "last_year")) == [
        ("補助金ー1号", "national", 2026),
        ("新しい交付金", "prefecture", None),
    ]
    wrong = (("三つ目", "", ""), ("補助金ー1号", "宝くじ", ""), ("", "県", ""))
    outcome = take_in(FundingSourceResource, headings, *wrong, by=secretary)
    places = [row.errors[0].split("：")[0] for row in outcome.failed]
    assert places == ["区分（B2）", "区分（B3）", "財源の名称（A4）"]
