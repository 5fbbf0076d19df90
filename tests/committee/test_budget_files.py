"""予算 as a file: what is written out comes back unchanged, a line is found or refused, all or nothing."""

import pytest

from committee.choices import BudgetStage
from committee.models import BudgetAmount, BudgetLine
from committee.resources import BudgetAmountResource
from tests.committee.factories import create_budget_line, create_source, record
from tests.conftest import NOW, TODAY
from townhall.sheets.keys import key_from
from townhall.sheets.table import Line, Sheet

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

S = BudgetStage
HEADINGS = tuple(BudgetAmountResource.headings())
LETTERS = tuple("ABCDEFGHIJKLM")


@pytest.fixture
def line(section_head, planning, initiative):
    return create_budget_line(by=section_head, section=planning, initiative=initiative)


@pytest.fixture
def requested(line, section_head):
    state, general = create_source(name="国庫支出金", kind="national"), create_source()
    record(line, S.REQUEST, 1500, by=section_head, parts={state: 600, general: 900})
    return line


def written():
    return BudgetAmountResource().lines_of(BudgetLine.objects.with_figures().in_order())


def imported(*rows, by, base=None, encoding="utf-8"):
    lines = tuple(Line(number, tuple(row)) for number, row in enumerate(rows, start=2))
    resource = BudgetAmountResource(by=by, today=TODAY, now=NOW, base=base)
    return resource.run(Sheet(headers=HEADINGS, lines=lines, encoding=encoding, columns=LETTERS), dry_run=False)


def row(line, stage, **values):
    given = {"事業番号": line.pk, "段階": stage} | values
    return [given.get(heading, "") for heading in HEADINGS]


def test_what_is_recorded_and_what_is_still_empty_is_written_out(requested):
    told = [[each[1], each[6], each[8], each[9]] for each in written()]
    assert told == [
        ["要求", 1500, "国庫支出金 600、一般財源 900", "令和8年11月24日"],
        ["査定", None, "", ""],
        ["当初予算", None, "", ""],
        ["補正予算（第1号）", None, "", ""],
        ["決算見込", None, "", ""],
        ["決算", None, "", ""],
    ]


def test_the_same_file_again_changes_nothing(requested, secretary):
    outcome = imported(*written(), by=secretary)
    assert (outcome.sentences, outcome.counts) == ([], {"新規": 0, "変更": 0, "変更なし": 6})


def test_signs_that_cp932_writes_otherwise_are_no_change(requested, secretary, section_head):
    first = BudgetAmount.objects.get()
    record(requested, S.REQUEST, 1500, by=section_head, seen_version=first.version, note="4〜6月、−20千円")
    lines = [
        ["－".join(str(each).replace("〜", "～").split("−")) if each else each for each in line] for line in written()
    ]
    outcome = imported(*lines, by=secretary, encoding="cp932")
    assert (outcome.sentences, outcome.counts) == ([], {"新規": 0, "変更": 0, "変更なし": 6})


def test_an_assessment_comes_from_the_file(requested, secretary):
    given = {
        "金額（千円）": "1,000",
        "査定の結果": "一部計上",
        "財源の内訳": "国庫支出金 600、一般財源 400千円",
        "日付": "R8.11.20",
    }
    outcome = imported(row(requested, "査定", **given), by=secretary)
    assert (outcome.sentences, outcome.counts["新規"]) == ([], 1)
    amount = BudgetAmount.objects.get(stage="assessed")
    assert (amount.thousands, amount.result, amount.parts.count()) == (1000, "part", 2)


@pytest.mark.parametrize(
    ("stage", "values", "sentence"),
    [
        ("査定", {"事業番号": 999}, "2行目 事業番号（A2）：事業番号「999」の事業はありません。"),
        ("決算予定", {}, "2行目 段階（B2）：段階は、要求・査定"),
        ("補正予算", {}, "2行目 段階（B2）：段階は、要求・査定"),
        ("査定", {"事業名": "ほかの事業"}, "2行目 事業名（F2）：この列は、取り込みでは変えられません。"),
        ("査定", {"金額（千円）": "多め"}, "2行目 金額（千円）（G2）："),
        ("査定", {"金額（千円）": "10"}, "2行目 日付（J2）：日付を入力してください。"),
        (
            "査定",
            {"金額（千円）": "10", "日付": "R8.11.20", "財源の内訳": "宝くじ 10"},
            "2行目 財源の内訳（I2）：財源「宝くじ」はありません。",
        ),
        (
            "決算",
            {"金額（千円）": "10", "日付": "R8.11.20"},
            "2行目 決算は、当初予算か補正予算を記録してから入力します。",
        ),
    ],
)
def test_a_wrong_line_is_named_with_its_cell_and_nothing_is_written(requested, secretary, stage, values, sentence):
    good = row(requested, "当初予算", **{"金額（千円）": "5", "日付": "R8.11.20", "財源の内訳": "一般財源 5"})
    outcome = imported(row(requested, stage, **values), good, by=secretary)
    assert [each[: len(sentence)] for each in outcome.sentences] == [sentence]
    assert BudgetAmount.objects.count() == 1


def test_somebody_was_first_since_the_preview(requested, secretary, section_head):
    base = {key_from(requested.pk, "request", 0): 1}
    first = BudgetAmount.objects.get()
    record(requested, S.REQUEST, 1600, by=section_head, seen_version=first.version)
    given = {"金額（千円）": "1700", "財源の内訳": "一般財源 1700"}
    outcome = imported(row(requested, "要求", **given), by=secretary, base=base)
    assert "企画課 課長 見本 二郎さんが" in outcome.sentences[0]
    assert BudgetAmount.objects.get().thousands == 1600
