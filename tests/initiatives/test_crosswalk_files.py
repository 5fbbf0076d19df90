"""対応表 from a file: a pair is found by the names people use, new when it is not there, withdrawn by a word."""

import pytest

from initiatives.crosswalk_resource import CrosswalkResource
from initiatives.models import CrosswalkLink
from tests.initiatives.factories import create_initiative, create_plan, map_to_the_nation, map_to_the_town
from tests.initiatives.ledgers import take_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
HEADINGS = ("計画", "取組", "対応する計画", "事項・施策", "補足", "確度", "使う")


@pytest.fixture
def initiative():
    plan = create_plan()
    initiative = create_initiative(plan=plan)
    map_to_the_nation(initiative, number="1.0", name="ＢＰＲの徹底")
    map_to_the_town(initiative)
    return initiative


def links():
    return list(
        CrosswalkLink.objects.order_by("pk").values_list("initiative__number", "note", "certainty", "is_active")
    )


def test_pairs_are_changed_withdrawn_and_added_and_the_others_stay(initiative, secretary):
    second = create_initiative(plan=initiative.plan, number=2)
    lines = (
        ("small", "１", 1.0, "BPRの徹底", "町の言葉で", "確認済", ""),
        ("small", second.number, "第1.0版", "ＢＰＲの 徹底", "", "", ""),
        ("small", 2, "第４次総合計画", "１－２", "見直し中", "", "いいえ"),
    )
    outcome = take_in(CrosswalkResource, HEADINGS, *lines, by=secretary)
    assert (outcome.sentences, outcome.counts) == ([], {"新規": 2, "変更": 1, "変更なし": 0})
    assert links() == [
        (1, "町の言葉で", "confirmed", True),
        (1, "", "to_confirm", True),
        (2, "", "to_confirm", True),
        (2, "見直し中", "to_confirm", False),
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (("small", "9", "1.0", "BPRの徹底"), "取組（B2）：計画「small」に、取組「9」はありません。"),
        (
            ("small", "1", "9.9", "BPRの徹底"),
            "対応する計画（C2）：「9.9」は、国の重点取組事項の版にも総合計画の名称にも",
        ),
        (("small", "1", "1.0", "電子化"), "事項・施策（D2）：「1.0」に、「電子化」はありません。"),
        (("small", "1", "", ""), "対応する計画（C2）：空欄です。"),
        (("small", "1", "1.0", "BPRの徹底", "", "", "たぶん"), "使う（G2）：「はい」か「いいえ」で書いてください。"),
        (("small", "1", "1.0", "BPRの徹底", "あ" * 201), "補足（E2）：この値は 200 文字以下"),
    ],
)
def test_what_is_not_known_is_named_with_its_cell(initiative, secretary, line, sentence):
    before, filled = links(), (*line, "", "", "")[: len(HEADINGS)]
    good = ("small", "1", "第4次総合計画", "1-2 見本の施策", "新", "", "")
    outcome = take_in(CrosswalkResource, HEADINGS, filled, good, by=secretary)
    assert (outcome.sentences[0].removeprefix("2行目 ")[: len(sentence)], links()) == (sentence, before)
