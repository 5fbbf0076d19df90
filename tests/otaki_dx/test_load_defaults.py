"""manage.py load_defaults: the editable beginnings, added once and never again."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from committee.models import Criterion, FundingSource
from initiatives.models import HourlyCost
from schedule.models import Duty, DutyOccurrence, PolicyDocument
from tests.conftest import TODAY
from tests.factories import TESTS, create_section
from townhall.changes import create_row, save_row
from townhall.models import Section

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]


def test_first_run_adds_and_second_changes_nothing(capsys):
    call_command("load_defaults")
    assert capsys.readouterr().out == (
        "初期値：課 13件、毎年度の義務 9件、年度ごとの行 16件、ポリシーの文書 3件、財源 8件、標準化20業務 20件、"
        "採点の観点 5件、時間あたりの人件費 1件を加えました。"
        "ほかは、そのままです。\n"
    )
    models = (Section, Duty, DutyOccurrence, PolicyDocument, FundingSource)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    call_command("load_defaults")
    assert [list(model.objects.order_by("pk").values()) for model in models] == before
    assert capsys.readouterr().out.startswith(
        "初期値：課 0件、毎年度の義務 0件、年度ごとの行 0件、ポリシーの文書 0件、財源 0件、標準化20業務 0件、"
        "採点の観点 0件、時間あたりの人件費 0件"
    )


def test_only_sections_that_are_confirmed_are_not_examples():
    call_command("load_defaults", verbosity=0)
    assert list(Section.objects.filter(is_example=False).values_list("name", flat=True)) == [
        "総務課",
        "企画課",
        "健康福祉課",
        "農林課",
    ]


def test_the_duties_of_the_plan_are_there_for_this_year_and_the_next():
    call_command("load_defaults", verbosity=0)
    rows = DutyOccurrence.objects.filter(fiscal_year=2026).order_by("due_on", "pk")
    assert [(row.duty.name, row.duty.kind, row.due_on) for row in rows] == [
        ("情報セキュリティ研修", "training", date(2026, 11, 30)),
        ("アカウント棚卸し", "other", date(2026, 11, 30)),
        ("セキュリティポリシー見直し", "policy", date(2026, 12, 28)),
        ("DX研修", "training", date(2027, 1, 29)),
        ("情報セキュリティ自己点検", "other", date(2027, 2, 26)),
        ("情報セキュリティ監査", "other", date(2027, 3, 12)),
        ("サイバーセキュリティ方針の公表", "policy", date(2027, 3, 31)),
    ]
    following = DutyOccurrence.objects.filter(fiscal_year=2027).order_by("due_on", "pk")
    assert [str(row) for row in following if row.due_on < date(2027, 11, 1)] == [
        "令和9年度 上半期 アカウント棚卸し",
        "令和9年度 新規採用者研修",
        "令和9年度 緊急時対応訓練",
    ]
    assert following.count() == 9


def test_what_the_town_has_changed_stays():
    create_section(code="soumu", name="総務課")  # under another code
    call_command("load_defaults", verbosity=0)
    assert Section.objects.filter(name="総務課").count() == 1
    duty = Duty.objects.get(code="dx-training")
    assert duty.owner_section is None  # no section of that code: 事務局 is told until the town names one
    duty.name, duty.is_active = "DX基礎研修", False
    save_row(duty, by=TESTS, seen_version=duty.version, today=TODAY)
    call_command("load_defaults", verbosity=0)
    duty.refresh_from_db()
    assert (duty.name, duty.is_active) == ("DX基礎研修", False)


@pytest.mark.one_database
def test_the_documents_of_the_policy_are_examples_and_a_confirmed_one_stays():
    call_command("load_defaults", verbosity=0)
    found = PolicyDocument.objects.values_list("code", "kind", "is_public", "is_example", "next_review_on")
    assert list(found) == [
        ("basic", "basic", True, True, None),
        ("standard", "standard", False, True, None),
        ("procedure", "procedure", False, True, None),
    ]
    document = PolicyDocument.objects.get(code="basic")
    document.name, document.is_example = "大多喜町情報セキュリティ基本方針", False
    save_row(document, by=TESTS, seen_version=document.version, today=TODAY)
    call_command("load_defaults", verbosity=0)
    document.refresh_from_db()
    assert (document.name, document.is_example, PolicyDocument.objects.count()) == (
        "大多喜町情報セキュリティ基本方針",
        False,
        3,
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            "duties:\n- code: a\n  name: x\n  kind: party\n  due: 1/1\n  lead_days: [1]",
            "4行目：kind は training・policy・other",
        ),
        ("duties:\n- code: a\n  name: x\n  kind: other\n  due: 13/1\n  lead_days: [1]", "5行目：due は 11/30 のように"),
        (
            "duties:\n- code: a\n  name: x\n  kind: other\n  due: 1/1\n  lead_days: [1, x]",
            "6行目：lead_days は 0から365",
        ),
        (
            "duties:\n- code: a\n  name: x\n  kind: other\n  recurrence: monthly\n  due: 1/1\n  lead_days: [1]",
            "5行目：recurrence は yearly・half",
        ),
        (
            "duties:\n- code: a\n  name: x\n  kind: other\n  first_year: 8\n  due: 1/1\n  lead_days: [1]",
            "5行目：first_year は 2026 のように",
        ),
        (
            "duties:\n- code: A B\n  name: x\n  kind: other\n  due: 1/1\n  lead_days: [1]",
            "2行目：義務の記号は半角の小文字",
        ),
        ("duties:\n- name: x", "2行目：義務に「code」がありません。"),
        ("duties: []", "1行目：義務の一覧が空です。"),
        ("", "ファイルに何も書かれていません。"),
        ("a: [", "YAMLの書き方に誤りがあります"),
    ],
)
def test_a_malformed_file_is_refused_with_the_line_and_nothing_is_saved(tmp_path, content, sentence):
    file = tmp_path / "duties.yaml"
    file.write_text(content)
    with pytest.raises(CommandError, match=sentence):
        call_command("load_defaults", duties=file)
    assert Section.objects.count() == 0


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(CommandError, match=r"none\.yaml を読めません。"):
        call_command("load_defaults", sections=tmp_path / "none.yaml")


def test_only_the_kinds_of_funding_that_every_town_has_are_no_examples():
    call_command("load_defaults", verbosity=0)
    sure = FundingSource.objects.filter(is_example=False).values_list("name", "kind")
    assert list(sure) == [
        ("国庫支出金", "national"),
        ("県支出金", "prefecture"),
        ("地方債", "bond"),
        ("その他（基金・使用料など）", "other"),
        ("一般財源", "general"),
    ]


def test_funding_of_an_unknown_kind_is_refused_with_its_line(tmp_path):
    file = tmp_path / "funding.yaml"
    file.write_text("funding:\n- {name: 宝くじ, kind: lottery}\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"funding\.yaml に誤りがあります（1か所）"):
        call_command("load_defaults", funding=file)
    assert not FundingSource.objects.exists()


def test_what_proposals_are_scored_by_is_an_example_and_no_amount_of_the_town_is_followed_by_one():
    create_row(HourlyCost(yen=3800, starts_on=date(2020, 4, 1)), by=TESTS, today=TODAY)
    create_row(Criterion(name="効果", question="町の問い", steps="低い\n高い"), by=TESTS, today=TODAY)
    call_command("load_defaults", verbosity=0)
    assert [(each.name, each.weight, each.most, each.is_example) for each in Criterion.objects.all()] == [
        ("効果", 1, 2, False),
        ("必要性", 2, 4, True),
        ("費用", 2, 4, True),
        ("実現のしやすさ", 1, 4, True),
        ("安全", 1, 3, True),
    ]
    assert [(each.yen, each.is_example) for each in HourlyCost.objects.all()] == [(3800, False)]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("criteria:\n- {name: a, question: b, weight: 11, steps: [x]}", "2行目：weight は1から10までの"),
        ("criteria:\n- {name: a, question: b, steps: [x]}", "2行目：観点に「weight」がありません。"),
        (
            "criteria:\n- {name: a, question: b, weight: 1, steps: [x]}\nhourly: {yen: 0, from: 2023-04-01}",
            "3行目：yen は",
        ),
    ],
)
def test_malformed_criteria_are_refused_with_the_line(tmp_path, content, sentence):
    file = tmp_path / "proposals.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=sentence):
        call_command("load_defaults", proposals=file)
    assert not Criterion.objects.exists()
