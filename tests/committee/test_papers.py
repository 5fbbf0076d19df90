"""What the committee's papers say: 次第, 宿題, 予算, 名簿, 会議録."""

from datetime import timedelta

import pytest

from committee import actions
from committee.choices import BudgetStage, Outcome, ProposalAction
from committee.models import Minutes
from committee.papers import agenda_paper, minutes_paper, pack_paper, proposal_paper
from tests.committee.factories import (
    add_item,
    assign,
    attach,
    close,
    convene,
    create_budget_line,
    create_draft,
    create_meeting,
    create_source,
    decide,
    draft_minutes,
    record,
    step,
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
        ("計", "", "4,300", "―", "―", "―", "―", "―"),
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
    paper = minutes_paper(held, None, as_of=TODAY)
    blocks = {block.label: block for block in paper.sections[0].blocks}
    decided = {row.label: row.text for row in blocks["議題1（協議）　計画の見直し"].rows}
    assert (decided["決定"], decided["理由"]) == ("○ 報告了承", "承知した。")
    waiting = {row.label: row.text for row in blocks["議題2（協議）　残った議題"].rows}
    assert (waiting["決定"], paper.edition) == ("記録なし", "案")
    assert [line.cells[1] for line in blocks["宿題"].lines] == ["協定の案を作る。"]


# --- minutes as they were written


def said_by(minutes):
    paper = minutes_paper(minutes.meeting, minutes, as_of=TODAY)
    state, *passages = paper.sections[0].blocks
    return paper.edition, state.rows[0].text, passages


@pytest.fixture
def minutes(secretary):
    held = create_meeting(by=secretary, number=6, held_on=TODAY)
    made = draft_minutes(held, by=secretary, text="第6回 情報化推進委員会　会議録\n\n日時　10時\n\n議題1\n決定　採択")
    close(held, by=secretary)
    return Minutes.objects.select_related("meeting").get(pk=made.pk)


def confirm(minutes, secretary):
    def now():
        return {"by": secretary, "today": TODAY + timedelta(days=3), "seen_version": minutes.version}

    actions.send_minutes(minutes, reply_by=TODAY + timedelta(days=1), **(now() | {"today": TODAY}))
    actions.confirm_minutes(minutes, **now())


def correct(minutes, text, reason, secretary):
    minutes.text = text
    actions.edit_minutes(minutes, by=secretary, today=TODAY, seen_version=minutes.version, reason=reason)


def test_minutes_on_paper_are_the_text_that_was_written_with_its_state(minutes, secretary):
    edition, state, passages = said_by(minutes)
    assert (edition, state) == ("案", "案（下書き）")
    assert [block.text for block in passages] == ["日時　10時", "議題1\n決定　採択"]
    confirm(minutes, secretary)
    edition, state, passages = said_by(minutes)
    assert edition == "確定"
    assert state.startswith("確定（令和8年11月27日　")
    assert [block.text for block in passages] == ["日時　10時", "議題1\n決定　採択"]


def test_what_is_corrected_after_the_minutes_were_confirmed_is_marked_with_its_reason(minutes, secretary):
    confirm(minutes, secretary)
    correct(minutes, minutes.text.replace("10時", "13時"), "時刻の誤り", secretary)
    correct(minutes, f"{minutes.text}\n条件　報告する", "条件の漏れ", secretary)
    _, _, passages = said_by(minutes)
    assert [block.text for block in passages[:3]] == [
        "［訂正］日時　13時",
        "議題1\n決定　採択\n［訂正］条件　報告する",
        "［訂正］は、確定のあとに直した行です。",
    ]
    assert [line.cells[1:] for line in passages[3].lines] == [
        ("時刻の誤り", "日時　10時", "日時　13時"),
        ("条件の漏れ", "（なし）", "条件　報告する"),
    ]


def test_attached_files_are_listed_by_name_on_the_sheet_of_a_proposal(section_head, planning, initiative):
    draft = create_draft(by=section_head, section=planning, initiative=initiative)
    attach(draft, "見積書.csv", "品名,額\n", by=section_head)
    submitted = step(draft, ProposalAction.SUBMIT, by=section_head)
    files = next(each for each in proposal_paper(submitted, as_of=TODAY).sections[0].blocks if each.key == "files")
    assert [line.cells[0] for line in files.lines] == ["見積書.csv"]


def test_cost_by_year_is_read_back_from_the_words_of_an_edition(section_head, planning, initiative):
    draft = create_draft(by=section_head, section=planning, initiative=initiative)
    current = proposal_paper(draft, as_of=TODAY).sections[0].blocks
    frozen = proposal_paper(step(draft, ProposalAction.SUBMIT, by=section_head), as_of=TODAY).sections[0].blocks
    assert frozen[1:] == current[1:]
    assert [(line.cells[0], *line.cells[1:3], line.cells[-1]) for line in frozen[3].lines] == [
        ("導入", "4,300", "0", "4,300"),
        ("運用", "1,500", "1,500", "7,500"),
        ("事業費", "5,800", "1,500", "11,800"),
        ("財源 一般財源（残り）", "5,800", "1,500", "11,800"),
    ]
    assert frozen[1].rows[-1].text == "1年0か月"
