"""標準化20業務, their steps and 業務の棚卸し from a file: what may be new, what may not, and days that lie ahead."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from initiatives.models import BusinessProcess, StandardizedSystem, SystemStep
from initiatives.process_resources import ProcessResource
from initiatives.system_resources import SystemResource, SystemStepResource
from tests.initiatives.ledgers import create_process, create_system, take_in
from tests.schedule import small_plan
from townhall.sheets.columns import place_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_system_is_found_by_any_of_its_names_and_none_is_added(secretary, planning):
    create_system(name="戸籍", aliases="戸籍システム")
    headings = ("業務名", "主管課", "初期の経費（千円）")
    outcome = take_in(SystemResource, headings, ("戸籍システム", "企画課", "１，２００千円"), by=secretary)
    system = StandardizedSystem.objects.get()
    assert (outcome.counts["変更"], system.name, system.owner_section, system.initial_cost) == (
        *(1, "戸籍", planning),
        1200,
    )
    (row,) = take_in(SystemResource, headings, ("水道", "", ""), by=secretary).rows
    assert row.errors == ("業務名（A2）：業務「水道」は標準化20業務にありません。",)


def test_only_a_word_takes_out_what_is_recorded_and_only_where_there_may_be_nothing(secretary, planning):
    given = {"risk": "遅れ", "planned_live_on": date(2026, 3, 31), "initial_cost": 10, "owner_section": planning}
    create_system(**given)
    headings = ("業務名", "リスク", "本番稼働日（予定）", "初期の経費（千円）", "主管課", "町が対象とする")
    empty, clear = ("戸籍", "", "", "", "", ""), ("戸籍", "（消す）", "(消す)", " （消す） ", "（消す）", "")
    outcomes = [take_in(SystemResource, headings, line, by=secretary).counts["変更"] for line in (empty, clear, clear)]
    system = StandardizedSystem.objects.get()
    assert outcomes == [0, 1, 0]
    assert {name: getattr(system, name) for name in given} == dict.fromkeys(given) | {"risk": ""}
    key, needed = ("（消す）", "", "", "", "", ""), ("戸籍", "", "", "", "", "（消す）")
    outcome = take_in(SystemResource, headings, key, needed, by=secretary)
    assert [row.errors[0].split("。")[0] for row in outcome.failed] == [
        "業務名（A2）：業務「（消す）」は標準化20業務にありません",
        "町が対象とする（F3）：この列は「（消す）」で空にできません",
    ]
    new = take_in(ProcessResource, ("担当課", "業務名"), ("企画課", "（消す）"), by=secretary)
    assert new.sentences[0].startswith("2行目 業務名（B2）：この列は「（消す）」で空にできません。")


def test_step_with_a_number_that_is_free_is_new(secretary):
    create_system()
    headings = ("業務名", "順", "フェーズ", "手順", "状態", "完了日")
    line = ("戸籍", "１", "計画立案", "推進体制", "完了済み", "R8.11.1")
    assert take_in(SystemStepResource, headings, line, by=secretary).counts["新規"] == 1
    ahead = ("戸籍", "1", "", "", "", "R8.12.31")
    unfinished = ("戸籍", "2", "移行", "切替え", "作業中", "R8.11.1")
    outcome = take_in(SystemStepResource, headings, ahead, unfinished, ("戸籍", "百", "", "", "", ""), by=secretary)
    assert [row.errors[0].split("：")[0] for row in outcome.failed] == [
        *("完了日（F2）", "完了日は、「完了済み」の手順だけに入力してください。", "順（B4）"),
    ]
    assert SystemStep.objects.count() == 1


@pytest.mark.parametrize("typed", ["0", "100", "00012345", "0001" + "0" * 5000, "1.5", ""])
def test_place_that_is_none_is_refused_however_long_it_is(typed):
    with pytest.raises(ValidationError, match="1～99の整数"):
        place_of(typed, "number")


def test_process_of_a_new_name_is_new_and_points_to_its_initiative(secretary, planning):
    initiative = small_plan.create_initiative(plan=small_plan.create_plan())
    create_process(section=planning, name="証明書の交付")
    headings = ("担当課", "業務名", "関係する取組", "定型の業務", "現行を調べた日")
    lines = (("企画課", "証明書の交付", "small 1", "", ""), ("企画課", "転入の受付〜髙", "small 1", "いいえ", "R8.4.1"))
    assert take_in(ProcessResource, headings, *lines, by=secretary).counts == {"新規": 1, "変更": 1, "変更なし": 0}
    made = BusinessProcess.objects.get(name="転入の受付〜髙")
    assert (made.initiative, made.is_routine, made.yen_per_hour) == (initiative, False, 4000)
    wrong = (("企画課", "窓口", "small 9", "", ""), ("", "窓口", "", "", ""), ("企画課", "電話", "", "", "R9.1.1"))
    outcome = take_in(ProcessResource, headings, *wrong, by=secretary)
    assert [row.errors[0].split("：")[0] for row in outcome.failed] == [
        *("関係する取組（C2）", "担当課（A3）", "現行を調べた日（E4）"),
    ]
