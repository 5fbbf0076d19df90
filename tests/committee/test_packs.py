"""会議資料: an edition is what was known when it was made, and nothing changes it afterwards."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from committee import actions
from committee.choices import Outcome, ProposalAction
from committee.documents import counted, document_of
from committee.models import Pack, Proposal
from committee.papers import agenda_paper, pack_paper, proposal_paper
from schedule.models import Activity
from tests.committee.factories import add_item, assign, create_draft, create_meeting, decide, make_pack, step, table
from tests.conftest import NOW, TODAY
from tests.schedule import small_plan
from townhall.changes import save_row
from townhall.frozen import FrozenRow
from townhall.paper.changes import CHANGED, Difference
from townhall.paper.content import as_json, mark_of
from townhall.refusal import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(secretary):
    return create_meeting(by=secretary, held_on=TODAY + timedelta(days=10))


@pytest.fixture
def proposal(section_head, planning, initiative):
    draft = create_draft(by=section_head, section=planning, initiative=initiative)
    return step(draft, ProposalAction.SUBMIT, by=section_head)


# --- frozen


@pytest.mark.parametrize(
    "change",
    [
        lambda pack: Pack.objects.filter(pk=pack.pk).update(content="別"),
        lambda pack: Pack.objects.filter(pk=pack.pk).delete(),
        lambda pack: Pack.objects.filter(pk=pack.pk)._raw_delete(using="default"),
    ],
)
def test_the_database_refuses_every_change_of_an_edition(meeting, secretary, change):
    pack = make_pack(meeting, by=secretary)
    with pytest.raises(IntegrityError, match="rows never change"), transaction.atomic():
        change(pack)
    assert Pack.objects.get().content == pack.content


@pytest.mark.one_database
def test_code_that_tries_is_told(meeting, secretary):
    pack = make_pack(meeting, by=secretary)
    for change in (pack.save, pack.delete):
        with pytest.raises(FrozenRow):
            change()


def test_an_edition_has_one_number_and_says_what_and_who(meeting, secretary):
    pack = make_pack(meeting, by=secretary)
    known = {name: getattr(pack, name) for name in ("meeting", "as_of", "content", "sha256", "made_at", "made_by")}
    wrong = [{"edition": 1}, {"edition": 0}, {"edition": 2, "made_by": ""}, {"edition": 2, "content": ""}]
    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Pack.objects.create(**(known | values))


# --- making one


@pytest.mark.one_database
def test_pressing_twice_makes_one_edition_and_a_change_makes_the_next(meeting, secretary):
    first = make_pack(meeting, by=secretary)
    assert make_pack(meeting, by=secretary) == first
    assert make_pack(meeting, by=secretary, today=TODAY + timedelta(days=1)) == first  # another day alone is no change
    add_item(meeting, by=secretary)
    second = make_pack(meeting, by=secretary)
    assert [(pack.edition, pack.as_of) for pack in Pack.objects.all()] == [(2, TODAY), (1, TODAY)]
    assert (first.sha256, second.sha256) == (mark_of(first.content), mark_of(second.content))
    assert second.made_by == secretary.described_on(TODAY)


@pytest.mark.one_database
@pytest.mark.parametrize(
    "person", ["deputy_mayor", "member", "section_head", "clerk", "expert", "engineer", "outsider"]
)
def test_only_the_secretariat_makes_one(meeting, person, request):
    with pytest.raises(PermissionDenied, match="会議資料を作れるのは、事務局です。"):
        make_pack(meeting, by=request.getfixturevalue(person))
    assert Pack.objects.count() == 0


@pytest.mark.one_database
def test_a_closed_meeting_keeps_its_editions_and_gets_no_more(meeting, secretary):
    item = add_item(meeting, by=secretary)
    pack = make_pack(meeting, by=secretary)
    decide(item, by=secretary)
    meeting.refresh_from_db()
    actions.close_meeting(meeting, by=secretary, today=TODAY, now=NOW, seen_version=meeting.version)
    with pytest.raises(Refused, match="終了しています"):
        make_pack(meeting, by=secretary)
    assert list(meeting.packs.all()) == [pack]


@pytest.mark.one_database
def test_what_is_changed_later_stands_only_in_the_next_edition(meeting, secretary):
    item = add_item(meeting, by=secretary, title="専門部会の設置", note="案のとおり")
    pack = make_pack(meeting, by=secretary)
    before = document_of(pack, None)
    item.note = "別の案"
    save_row(item, by=secretary, seen_version=item.version, today=TODAY)
    assert document_of(Pack.objects.get(), None) == before
    second = make_pack(meeting, by=secretary)
    changes = document_of(second, pack).sections[-1].blocks[0].lines
    assert [line.cells for line in changes] == [("資料1　専門部会の設置", "説明", "変更", "案のとおり", "別の案")]


@pytest.mark.one_database
def test_what_is_edited_after_it_was_submitted_stands_on_no_paper(meeting, secretary, proposal):
    table(proposal, meeting, by=secretary)
    pack = make_pack(meeting, by=secretary)
    single = proposal_paper(proposal, as_of=TODAY)
    proposal.refresh_from_db()
    proposal.title, proposal.problem, proposal.initial_cost = "別の名", "待ち時間が長い。", 9999
    save_row(proposal, by=secretary, seen_version=proposal.version, today=TODAY)
    assert make_pack(meeting, by=secretary) == pack
    now = Proposal.objects.get(pk=proposal.pk)
    assert proposal_paper(now, as_of=TODAY) == single
    said = {row.label: row.text for row in single.sections[0].blocks[0].rows}
    assert said["番号・版"] == "R8-01　提出 第1版（令和8年11月24日　企画課 課長 見本 二郎）"
    assert said["いまの困りごと"] == "同じ氏名と住所を平均3枚の用紙に書いている。"


@pytest.mark.one_database
def test_differences_are_counted_in_words():
    each = Difference("資料1", "題", CHANGED)
    assert counted(()) == "変わったところはありません"
    assert counted((each, each, Difference("資料2", "", "追加"))) == "変更2か所、追加1か所"


# --- what it says


@pytest.fixture
def full_meeting(meeting, secretary, proposal):
    """A proposal, a row, a plain subject, one of them decided."""
    table(proposal, meeting, by=secretary)
    add_item(meeting, by=secretary, title="専門部会の設置", note="案のとおり")
    decide(add_item(meeting, by=secretary, title="前回の報告"), by=secretary, outcome=Outcome.NOTED)
    return meeting


@pytest.mark.one_database
def test_pack_has_a_sheet_for_each_subject_with_its_number(full_meeting):
    paper = pack_paper(full_meeting, as_of=TODAY)
    assert [(section.number, section.heading) for section in paper.sections] == [
        ("", "次第"),
        ("概要1", "計画の状況"),
        ("概要2", "遅れ・注意、前回からの変化"),
        ("資料1", "R8-01 書かない窓口の導入"),
        ("資料2", "専門部会の設置"),
        ("資料3", "前回の報告"),
        ("参考1", "決定事項（案）"),
        ("参考2", "宿題"),
        ("参考3", "予算と効果の検証"),
    ]
    numbers = [entry.aside for entry in paper.sections[0].blocks[0].entries if entry.aside]
    assert numbers == ["資料1", "資料2", "資料3"]
    assert [block.key for block in paper.sections[4].blocks] == ["note", "memo"]
    assert [block.key for block in paper.sections[5].blocks] == ["decision"]
    choices = {line.cells[0]: line.cells[2] for line in paper.sections[6].blocks[0].lines}
    assert choices == {
        "資料1": "□ 採択\n□ 条件付き採択\n□ 継続審議\n□ 不採択",
        "資料2": "□ 採択\n□ 条件付き採択\n□ 継続審議\n□ 不採択\n□ 報告了承",
        "資料3": "○ 報告了承",
    }


@pytest.mark.one_database
def test_pack_says_how_the_plan_stands_with_its_definition_and_day(meeting, secretary):
    plan = small_plan.create_plan()
    late, fine = (
        small_plan.create_activity(initiative=small_plan.create_initiative(plan=plan, number=n)) for n in (1, 2)
    )
    before, now = (small_plan.create_quarter(plan=plan, fiscal_year=2025, quarter=quarter) for quarter in (3, 4))
    for row in (late, fine):
        small_plan.report(row, before)
    small_plan.report(late, now, "late", percent=40, to_committee=True)
    small_plan.report(fine, now)
    create_meeting(by=secretary, number=6, held_on=before.due_on + timedelta(days=5))
    add_item(meeting, by=secretary, title="遅れている行", activity=late)
    sections = {section.key: section for section in pack_paper(meeting, as_of=TODAY).sections}
    sentence, _, counts, definition, initiatives = sections["summary"].blocks
    assert sentence.text == (
        "2の取組内容のうち、1件が遅れです。前回の委員会（令和8年1月15日）から1件が悪くなり、0件がよくなりました。"
    )
    assert [line.cells for line in counts.lines] == [("× 遅れ", "1"), ("○ 順調", "1"), ("計", "2")]
    assert definition.said_on(TODAY).endswith("対象の期：令和7年度 第4四半期　基準日：令和8年11月24日")
    assert [line.cells[3] for line in initiatives.lines] == ["× 遅れ", "○ 順調"]
    attention = sections["attention"].blocks[0].lines
    assert [line.cells for line in attention] == [
        ("1-1", "取組その1の内容1", "未設定", "× 遅れ", "人手が足りません。／委員会に諮る")
    ]
    changed = sections["attention"].blocks[1].lines
    assert [line.cells[:3] for line in changed] == [("1-1", "取組その1の内容1", "▼悪化\n順調 → 遅れ")]
    item = next(section for section in sections.values() if section.number == "資料1")
    said = {row.label: row.text for block in item.blocks[:2] for row in block.rows}
    assert (said["状況"], said["進捗率"], said["遅れ・変更の理由"]) == ("× 遅れ", "40％", "人手が足りません。")
    assert [line.cells[:3] for line in item.blocks[2].lines] == [
        ("令和7年度 第3四半期", "○ 順調", "―"),
        ("令和7年度 第4四半期", "× 遅れ", "40％"),
    ]


@pytest.mark.one_database
def test_the_next_meeting_finds_its_open_homework_and_what_changed_since_the_last(secretary):
    plan = small_plan.create_plan()
    row = small_plan.create_activity(initiative=small_plan.create_initiative(plan=plan))
    last, now = (small_plan.create_quarter(plan=plan, fiscal_year=2025, quarter=quarter) for quarter in (3, 4))
    small_plan.report(row, last)
    held = create_meeting(by=secretary, number=6, held_on=last.due_on + timedelta(days=5))
    assign(held, by=secretary, text="協定の案を作る。")
    small_plan.report(row, now, "late")
    coming = create_meeting(by=secretary, held_on=TODAY + timedelta(days=10))
    create_meeting(by=secretary, number=8, held_on=TODAY + timedelta(days=90))
    sections = {section.key: section for section in make_pack(coming, by=secretary).paper.sections}
    assert [line.cells[:2] for line in sections["homework"].blocks[0].lines] == [("第6回", "協定の案を作る。")]
    changes, base = sections["attention"].blocks[1:]
    assert [line.cells[2] for line in changes.lines] == ["▼悪化\n順調 → 遅れ"]
    assert base.text == "比べる相手：前回の委員会（令和8年1月15日）"


@pytest.mark.one_database
def test_papers_of_a_meeting_in_the_past_compare_with_the_one_before_it(secretary):
    small_plan.create_quarter(plan=small_plan.create_plan(), fiscal_year=2025, quarter=4)
    days = (TODAY - timedelta(days=90), TODAY - timedelta(days=60), TODAY - timedelta(days=30))
    _, held, _ = (create_meeting(by=secretary, number=number, held_on=day) for number, day in enumerate(days, 5))
    attention = next(each for each in pack_paper(held, as_of=TODAY).sections if each.key == "attention")
    assert attention.blocks[-1].text == "比べる相手：前回の委員会（令和8年8月26日）"


@pytest.mark.one_database
def test_an_empty_meeting_without_a_plan_says_so(meeting):
    paper = pack_paper(meeting, as_of=TODAY)
    assert [section.heading for section in paper.sections] == [
        *("次第", "計画の状況", "決定事項（案）", "宿題", "予算と効果の検証")
    ]
    assert paper.sections[0].blocks[1].text == "議題はまだありません。"
    assert paper.sections[1].blocks[0].text == "計画がまだ取り込まれていません。"
    assert paper.sections[2].blocks[0].empty == "決める議題はありません。"


@pytest.mark.one_database
def test_what_a_head_told_its_clerk_stands_in_no_paper(meeting, secretary, section_head, clerk, planning, initiative):
    draft = create_draft(by=clerk, section=planning, initiative=initiative)
    step(draft, ProposalAction.SUBMIT, by=clerk)
    step(draft, ProposalAction.SEND_BACK, by=section_head, comment="課の中の話です。")
    step(draft, ProposalAction.SUBMIT, by=section_head)
    step(draft, ProposalAction.RETURN, by=secretary, comment="内訳は？")
    step(draft, ProposalAction.ANSWER, by=section_head, comment="証明書が半分です。")
    table(draft, meeting, by=secretary)
    for paper in (pack_paper(meeting, as_of=TODAY), proposal_paper(draft, as_of=TODAY)):
        said = as_json(paper)
        assert ("課の中の話" in said, "内訳は？" in said, "証明書が半分です。" in said) == (False, True, True)


@pytest.mark.one_database
def test_agenda_alone_is_one_sheet(full_meeting):
    paper = agenda_paper(full_meeting, as_of=TODAY)
    assert [section.heading for section in paper.sections] == ["第7回 情報化推進委員会 次第"]
    assert paper.sections[0].blocks[0].rows[0].text == "令和8年12月4日（金）"


@pytest.mark.one_database
@pytest.mark.parametrize("subjects", [1, 3])
def test_making_a_paper_asks_the_same_however_many_subjects(
    plan, secretary, section_head, planning, meeting, subjects, django_assert_num_queries
):
    initiative = plan.initiatives.get(code="1")
    for number in range(subjects):
        draft = create_draft(by=section_head, section=planning, initiative=initiative, title=f"提案{number}")
        table(step(draft, ProposalAction.SUBMIT, by=section_head), meeting, by=secretary)
        row = Activity.objects.get(plan=plan, code=f"5-{number + 1}")
        add_item(meeting, by=secretary, title=row.content[:60], activity=row)
    create_meeting(by=secretary, number=6, held_on=TODAY - timedelta(days=90))
    with django_assert_num_queries(23):
        paper = pack_paper(meeting, as_of=TODAY)
    assert sum(section.number.startswith("資料") for section in paper.sections) == subjects * 2
