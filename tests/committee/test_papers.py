"""What the committee's papers say: 次第, 宿題, 予算, 名簿, 会議録."""

from datetime import timedelta

import pytest

from committee.choices import BudgetStage, Outcome
from committee.papers import agenda_paper, minutes_paper, pack_paper
from tests.committee.factories import (
    add_item,
    assign,
    convene,
    create_budget_line,
    create_meeting,
    create_source,
    decide,
    record,
)
from tests.conftest import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def meeting(secretary):
    return create_meeting(by=secretary, held_on=TODAY + timedelta(days=10))


def section(paper, key):
    return next(each for each in paper.sections if each.key == key)


def test_agenda_numbers_its_lines_and_puts_the_subjects_in_brackets(meeting, secretary):
    add_item(meeting, by=secretary, title="計画の見直し", presenter="企画課長", minutes_planned=15)
    agenda = agenda_paper(meeting, as_of=TODAY).sections[0].blocks[1]
    assert [(entry.number, entry.text, entry.note, entry.aside) for entry in agenda.entries] == [
        ("1", "開会", "", ""),
        ("2", "委員長あいさつ", "", ""),
        ("3", "議題", "", ""),
        ("（1）", "計画の見直し（協議）", "説明　企画課長　予定15分", "資料1"),
        ("4", "その他", "", ""),
        ("5", "閉会", "", ""),
    ]


def test_number_of_a_paper_stays_when_a_subject_before_it_goes(meeting, secretary):
    first, second = (add_item(meeting, by=secretary, title=title) for title in ("先の議題", "後の議題"))
    convene(meeting, by=secretary)
    first.delete()
    numbers = {each.heading: each.number for each in pack_paper(meeting, as_of=TODAY).sections}
    assert (second.title in numbers, numbers["後の議題"]) == (True, "資料2")


def test_options_can_be_ticked(meeting, secretary):
    item = add_item(meeting, by=secretary, title="5-3の扱い", options="案A 引き継ぐ\n案B 見送る")
    paper = pack_paper(meeting, as_of=TODAY)
    assert [line.cells for line in section(paper, f"item-{item.pk}").blocks[0].lines] == [
        ("案A 引き継ぐ",),
        ("案B 見送る",),
    ]
    choices = section(paper, "decisions").blocks[0].lines[0].cells[2]
    assert choices.startswith("□ 案A 引き継ぐ\n□ 案B 見送る\n□ 採択")


def test_homework_of_earlier_meetings_and_of_this_one_is_told_apart(meeting, secretary, planning):
    before = create_meeting(by=secretary, number=6, held_on=TODAY - timedelta(days=60))
    assign(before, by=secretary, text="協定の案を作る。", section=planning, due_on=TODAY)
    assign(meeting, by=secretary, text="名簿を直す。")
    carried, given = section(pack_paper(meeting, as_of=TODAY), "homework").blocks
    assert [line.cells for line in carried.lines] == [
        ("第6回", "協定の案を作る。", "企画課", "令和8年11月24日", "◇ 未了", "―")
    ]
    assert [line.cells[:4] for line in given.lines] == [("第7回", "名簿を直す。", "事務局", "次の会議まで")]


def test_budget_is_told_by_initiative_and_never_added_across_stages(meeting, secretary, planning, initiative):
    create_source()
    line = create_budget_line(by=secretary, section=planning, initiative=initiative, year=2026)
    record(line, BudgetStage.REQUEST, 4300, by=secretary)
    budget = section(pack_paper(meeting, as_of=TODAY), "money")
    assert [column.label for column in budget.blocks[0].columns[2:5]] == ["R8\n要求", "R8\n予算", "R8\n決算"]
    assert [each.cells for each in budget.blocks[0].lines] == [
        ("1", "業務の改善", "4,300", "―", "―", "―", "―", "―"),
        ("", "計", "4,300", "―", "―", "―", "―", "―"),
    ]
    assert "互いに合計しません" in budget.blocks[1].text


def test_roll_says_who_was_called_and_the_quorum_with_its_rule(meeting, secretary, member, deputy_mayor):
    add_item(meeting, by=secretary)
    convene(meeting, by=secretary)
    table, quorum = section(pack_paper(meeting, as_of=TODAY), "roll").blocks
    assert {line.cells[2] for line in table.lines} == {"未回答"}
    assert "定足数" in quorum.text
    assert quorum.text.endswith("（町の要綱による確認前の例です）")


def test_minutes_tell_what_was_decided_and_what_is_not_yet(meeting, secretary):
    held = create_meeting(by=secretary, number=6, held_on=TODAY)
    decide(add_item(held, by=secretary, title="計画の見直し"), by=secretary, outcome=Outcome.NOTED, reason="承知した。")
    add_item(held, by=secretary, title="残った議題")
    assign(held, by=secretary)
    paper = minutes_paper(held, as_of=TODAY)
    blocks = {block.label: block for block in paper.sections[0].blocks}
    decided = {row.label: row.text for row in blocks["議題1（協議）　計画の見直し"].rows}
    assert (decided["決定"], decided["理由"]) == ("○ 報告了承", "承知した。")
    waiting = {row.label: row.text for row in blocks["議題2（協議）　残った議題"].rows}
    assert (waiting["決定"], paper.edition) == ("記録なし", "確定前の案")
    assert [line.cells[1] for line in blocks["宿題"].lines] == ["協定の案を作る。"]
