"""Locks names, counts and spans of the shipped plan file to the adopted plan, and the database to the file."""

from collections import Counter
from datetime import date
from hashlib import sha256
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from initiatives.models import Chapter, GlossaryTerm, Initiative, Plan, PlanRole, Principle
from initiatives.planfile import read_plan_file
from initiatives.source_text import mark_numbers, normalise_source, without_marks
from schedule.models import Activity
from tests.conftest import TODAY
from tests.factories import TESTS
from townhall.changes import create_row, save_row

PLAN_FILE = settings.BASE_DIR / "fixtures" / "plan_r5_r7.yaml"
MODELS = (Plan, Chapter, Principle, Initiative, GlossaryTerm, PlanRole, Activity)


@pytest.fixture(scope="module")
def planfile():
    return read_plan_file(PLAN_FILE)


def texts(planfile):
    """Everything the file says in the plan's words, in the plan's order."""
    return [
        planfile.name,
        *(text for chapter in planfile.chapters for text in (chapter.heading, chapter.text)),
        *(principle.text for principle in planfile.principles),
        *(text for entry in planfile.priorities + planfile.studies for text in (entry.marked_name, entry.text)),
        *(text for row in planfile.rows for text in (row.content, row.timing_text)),
        *(text for role in planfile.roles for text in (role.name, role.holder, role.duty)),
        *(text for term in planfile.terms for text in (term.term, term.definition)),
    ]


# --- the file


def test_plan_has_its_name_and_period(planfile):
    assert (planfile.code, planfile.name, planfile.starts_on, planfile.ends_on) == (
        "r5-r7",
        "大多喜町DX推進計画",
        date(2023, 4, 1),
        date(2026, 3, 31),
    )


def test_wording_is_the_adopted_one(planfile):
    """A changed letter anywhere changes this; a change must be one the town has adopted, or a defect of the source."""
    digest = sha256("\n".join(texts(planfile)).encode()).hexdigest()
    assert digest == "78746ffa8388f222f4a5487e174302896ff6d69d7842b1db84e7a11c375c5f13"


def test_chapters_are_the_seven_of_the_plan(planfile):
    assert [(chapter.number, chapter.heading, len(chapter.text.split("\n\n"))) for chapter in planfile.chapters] == [
        (1, "計画の目的", 7),
        (2, "計画の背景", 4),
        (3, "基本理念", 5),
        (4, "計画期間", 2),
        (5, "DXに向けた取組", 5),
        (6, "全体スケジュール", 1),
        (7, "推進体制と役割", 7),
    ]


def test_initiatives_are_the_eight_and_the_three(planfile):
    assert [(entry.number, entry.name) for entry in planfile.priorities] == [
        (1, "住民の利便性向上・職員の業務の効率化につながる業務の改善"),
        (2, "DX人材育成"),
        (3, "セキュリティ対策の徹底"),
        (4, "デジタルデバイド対策"),
        (5, "地域DX事業の推進"),
        (6, "情報システムの標準化・共通化"),
        (7, "オープンデータ活用の推進"),
        (8, "マイナンバーカードの普及・利用促進"),
    ]
    assert [(entry.number, entry.name) for entry in planfile.studies] == [
        (1, "業務のペーパーレス化"),
        (2, "AI・RPAの利用推進"),
        (3, "テレワークの推進"),
    ]


def test_schedule_is_the_sixteen_rows_in_the_order_of_the_plan(planfile):
    assert [(row.code, row.priority, row.timing_text, row.timing.kind, row.timing.years) for row in planfile.rows] == [
        ("0-1", None, "令和5年度～随時実施", "from", (2023, 2024, 2025)),
        ("1-1", 1, "随時継続的に実施", "ongoing", (2023, 2024, 2025)),
        ("1-2", 1, "令和5年度～実施", "from", (2023, 2024, 2025)),
        ("1-3", 1, "令和5年度～実施", "from", (2023, 2024, 2025)),
        ("1-4", 1, "令和6年度～実施", "from", (2024, 2025)),
        ("2-1", 2, "毎年", "yearly", (2023, 2024, 2025)),
        ("3-1", 3, "毎年", "yearly", (2023, 2024, 2025)),
        ("3-2", 3, "随時", "ongoing", (2023, 2024, 2025)),
        ("4-1", 4, "毎年", "yearly", (2023, 2024, 2025)),
        ("5-1", 5, "随時実施", "ongoing", (2023, 2024, 2025)),
        ("5-2", 5, "令和6年度～実施", "from", (2024, 2025)),
        ("5-3", 5, "令和6年度～実施", "from", (2024, 2025)),
        ("6-1", 6, "随時", "ongoing", (2023, 2024, 2025)),
        (
            "6-2",
            6,
            "関係課・ベンダと協議を行った上で令和7年度末までに移行",
            "deadline",
            (2023, 2024, 2025),
        ),
        ("7-1", 7, "随時", "ongoing", (2023, 2024, 2025)),
        ("8-1", 8, "随時", "ongoing", (2023, 2024, 2025)),
    ]


def test_kinds_and_filled_years_add_up(planfile):
    assert Counter(row.timing.kind for row in planfile.rows) == {"deadline": 1, "from": 6, "yearly": 3, "ongoing": 6}
    assert sum(len(row.timing.years) for row in planfile.rows) == 45  # of 16 rows × 3 years = 48
    assert [(row.code, row.timing.due_on) for row in planfile.rows if row.timing.due_on] == [("6-2", date(2026, 3, 31))]
    assert {row.timing_reason for row in planfile.rows} == {""}  # nothing is set by hand


def test_row_of_three_points_stays_one_row_of_three_lines(planfile):
    assert next(row.content for row in planfile.rows if row.code == "1-3").split("\n") == [
        "・洗い出した業務の内容精査",
        "・次年度に予算計上し、実施するかを検討、協議",
        "・町総合計画及び情報化推進計画等の見直し、反映",
    ]


def test_principles_terms_and_roles_are_complete(planfile):
    assert [principle.number for principle in planfile.principles] == [1, 2, 3, 4, 5]
    assert [(term.number, term.term, term.first_used) for term in planfile.terms] == [
        (1, "デジタル・トランスフォーメーション（DX）", "1 計画の目的"),
        (2, "Society 5.0", "1 計画の目的"),
        (3, "RPA", "1 計画の目的"),
        (4, "AI-OCR", "1 計画の目的"),
        (5, "ICT（ツール）", "1 計画の目的"),
        (6, "BPR", "5 DXに向けた取組（重点1）"),
        (7, "デジタルデバイド", "5 DXに向けた取組（重点4）"),
        (8, "基幹系業務システム（20業務）", "5 DXに向けた取組（重点6）"),
        (9, "ペーパーレス化", "5 DXに向けた取組（検討事項1）"),
        (10, "テレワーク", "5 DXに向けた取組（検討事項3）"),
        (11, "CIO", "7 推進体制と役割"),
        (12, "CISO", "7 推進体制と役割"),
    ]
    assert [(role.name, role.holder) for role in planfile.roles] == [
        ("委員長", "副町長"),
        ("委員", "課長等"),
        ("専門部会", "DX推進プロジェクトチーム"),
        ("事務局", "総務課"),
        ("各担当課", "各担当課"),
        ("外部人材等", "外部人材等"),
    ]


def test_roles_repeat_the_sentences_of_their_chapter(planfile):
    chapter = planfile.chapters[6].text
    assert [role.name for role in planfile.roles if role.duty not in chapter or role.holder not in role.duty] == []


def test_every_term_is_marked_exactly_once(planfile):
    own_words = [text for role in planfile.roles for text in (role.duty,)]  # repeats chapter 7
    marks = Counter(number for text in texts(planfile) if text not in own_words for number in mark_numbers(text))
    assert marks == dict.fromkeys(range(1, 13), 1)


def test_term_or_one_of_its_other_spellings_occurs_in_the_text(planfile):
    running = without_marks("\n".join(texts(planfile)[: -2 * len(planfile.terms)]))
    absent = [t.number for t in planfile.terms if not any(word in running for word in (t.term, *t.aliases))]
    assert absent == []


def test_no_defect_of_the_source_is_left(planfile):
    paragraphs = [paragraph for text in texts(planfile) for paragraph in text.split("\n\n")]
    assert [paragraph for paragraph in paragraphs if normalise_source(paragraph) != paragraph] == []
    assert [text for text in texts(planfile) if text.count("（") != text.count("）")] == []


def test_blanks_that_belong_to_the_wording_are_kept(planfile):
    everything = "\n".join(texts(planfile))
    assert [
        phrase
        for phrase in (
            "「ひと まち みどり 未来に光り続けるふるさと大多喜」",
            "Society 5.0【※2】社会",
            "Robotic Process Automation（",
            "情報化推進計画等の見直し",
            "Business Process Reengineering（業務プロセスリエンジニアリング）、組織全体の",
        )
        if everything.count(phrase) != 1
    ] == []


# --- the database


def load(*args, **options):
    out = StringIO()
    call_command("load_plan", *args, stdout=out, **options)
    return out.getvalue().splitlines()


def footprint():
    """Every row with its version, and every history row: what loading twice must not change."""
    return {
        model.__name__: (
            sorted(model.objects.values_list("pk", "version")),
            model.history.count(),
        )
        for model in MODELS
    }


@pytest.mark.django_db
def test_first_load_writes_the_plan_and_says_what():
    assert load() == [
        "大多喜町DX推進計画（令和5年度～令和7年度）を読み込みました。",
        "  追加：計画 1、計画本文の章 7、基本理念 5、取組 11、用語 12、推進体制の役割 6、取組内容（工程の行） 19",
        "  変更なし：0件",
    ]
    assert {model.__name__: model.objects.count() for model in MODELS} == {
        "Plan": 1,
        "Chapter": 7,
        "Principle": 5,
        "Initiative": 11,
        "GlossaryTerm": 12,
        "PlanRole": 6,
        "Activity": 19,
    }


@pytest.mark.django_db
def test_loaded_rows_are_those_of_the_file(planfile):
    load()
    rows = Activity.objects.scheduled().in_plan_order().select_related("initiative")
    assert [
        (row.code, row.initiative and row.initiative.number, row.content, row.kind, row.first_year, row.due_on)
        for row in rows
    ] == [
        (row.code, row.priority, row.content, row.timing.kind, row.timing.first_year, row.timing.due_on)
        for row in planfile.rows
    ]
    assert sum(row.covers(year) for row in rows for year in (2023, 2024, 2025)) == 45


@pytest.mark.django_db
def test_each_study_has_a_line_without_a_schedule():
    load()
    assert [
        (row.code, row.label, row.title, row.initiative.code, row.years_label)
        for row in Activity.objects.filter(kind="study").in_plan_order().select_related("initiative")
    ] == [
        ("k1", "検1", "業務のペーパーレス化", "k1", "工程の定めなし"),
        ("k2", "検2", "AI・RPAの利用推進", "k2", "工程の定めなし"),
        ("k3", "検3", "テレワークの推進", "k3", "工程の定めなし"),
    ]


@pytest.mark.django_db
def test_history_says_that_the_plan_file_was_loaded():
    load()
    assert {
        (row.history_actor, row.history_source, row.history_type) for model in MODELS for row in model.history.all()
    } == {("システム：計画の読込", "計画ファイル", "+")}


@pytest.mark.django_db
def test_second_load_changes_nothing():
    load()
    before = footprint()
    assert load() == ["大多喜町DX推進計画（令和5年度～令和7年度）を読み込みました。", "  変更なし：61件"]
    assert footprint() == before


@pytest.fixture
def reworded(plan, general_affairs, secretary):
    """The town has named the section in charge and reworded 取組 4."""
    initiative = plan.initiatives.get(code="4")
    initiative.name = "デジタル格差への対応"
    initiative.owner_section = general_affairs
    return save_row(initiative, by=secretary, seen_version=initiative.version, today=TODAY)


def test_wording_revised_by_the_town_is_left_and_reported(reworded):
    before = footprint()
    assert load() == [
        "大多喜町DX推進計画（令和5年度～令和7年度）を読み込みました。",
        "  町がポータルで直した文言はそのままにしました（1か所）。戻すときは --overwrite を付けます：",
        "    4 デジタル格差への対応／取組事項　ポータル「デジタル格差への対応」　計画ファイル「デジタルデバイド対策」",
        "  変更なし：60件",
    ]
    assert footprint() == before


def test_overwrite_restores_the_wording_and_keeps_the_section_in_charge(reworded, general_affairs):
    assert load("--overwrite")[1:] == [
        "  計画ファイルの文言に戻しました（1か所）：",
        "    4 デジタル格差への対応／取組事項　ポータル「デジタル格差への対応」　計画ファイル「デジタルデバイド対策」",
        "  変更なし：60件",
    ]
    reworded.refresh_from_db()
    assert (reworded.name, reworded.owner_section, reworded.version) == ("デジタルデバイド対策", general_affairs, 3)
    assert reworded.history.latest().history_change_reason == "計画ファイルの文言に戻しました"


@pytest.mark.django_db
def test_malformed_file_is_refused_with_its_lines_and_saves_nothing(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(
        PLAN_FILE.read_text(encoding="utf-8").replace("timing: 毎年", "timing: そのうち", 1), encoding="utf-8"
    )
    line = next(n for n, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if "そのうち" in text)
    with pytest.raises(CommandError) as refusal:
        load(str(path))
    first, *rest = str(refusal.value).splitlines()
    assert first == "計画ファイル plan.yaml に誤りがあります（1か所）。何も保存していません。"
    assert [sentence.split("。")[0] for sentence in rest] == [f"{line}行目：実施時期「そのうち」を読み取れません"]
    assert (refusal.value.returncode, Plan.objects.count()) == (1, 0)


@pytest.mark.django_db
def test_load_that_the_database_refuses_half_way_saves_nothing():
    """A row of the town holds the code that 取組 1 needs: chapters and principles are written by then."""
    plan = create_row(
        Plan(code="r5-r7", name="例の計画", starts_on=date(2023, 4, 1), ends_on=date(2026, 3, 31)),
        by=TESTS,
        today=TODAY,
    )
    create_row(Initiative(plan=plan, kind="study", number=9, code="1", name="例", text="例"), by=TESTS, today=TODAY)
    before = footprint()
    with pytest.raises(
        CommandError, match=r"計画ファイル plan_r5_r7\.yaml に誤りがあります（1か所）。何も保存していません。"
    ):
        load()
    assert footprint() == before
