"""変更履歴: newest first, only what the reader may see, fifty a page."""

from datetime import timedelta

import pytest
import time_machine

from committee.actions import edit_proposal
from committee.choices import BudgetStage, Outcome, ProposalAction
from committee.costs import FundingEntry
from committee.models import Execution
from initiatives.models import Indicator, IndicatorTarget
from otaki_dx.history_sources import sources_for
from otaki_dx.recent_changes import GONE, Wanted, recent_changes
from schedule.models import Activity
from tests.committee.factories import (
    add_item,
    assign,
    create_budget_line,
    create_draft,
    create_meeting,
    create_source,
    decide,
    step,
)
from tests.committee.factories import record as budgeted
from tests.conftest import NOW, TODAY
from tests.factories import TESTS, create_person
from tests.otaki_dx.pages import get, html_of, words
from tests.schedule.factories import create_round, record
from tests.schedule.publishing import small_plan, write_line
from tests.schedule.small_plan import create_activity, create_initiative, create_plan, create_quarter
from townhall.changes import create_row, delete_row, save_row
from townhall.permissions import ROLE_TABLE, Permission, Scope

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned")]


def titles(person, **asked):
    return [(each.kind, each.title, each.change.kind) for each in recent_changes(person, today=TODAY, **asked).changes]


@pytest.fixture
def small(db):
    plan = create_plan()
    return create_activity(initiative=create_initiative(plan=plan))


def test_reports_rows_rounds_and_initiatives_are_listed(small, secretary):
    quarter = create_round(plan=small.plan)
    record(small, quarter, by=secretary)
    # All four were written at one instant, so their order says nothing.
    assert sorted(titles(secretary)) == [
        ("取組", "1 取組その1", "作成"),
        ("取組内容", "1-1 取組その1の内容1", "作成"),
        ("期", "令和7年度 第4四半期", "作成"),
        ("進捗報告", "1-1 取組その1の内容1　令和7年度 第4四半期", "作成"),
    ]


def test_a_change_names_who_when_what_and_why(client, small, secretary):
    small.content = "新しい内容"
    save_row(small, by=secretary, seen_version=small.version, today=TODAY, reason="計画の見直し")
    client.force_login(secretary)
    text = words(html_of(client, "history"))
    assert "令和8年11月24日 10:00 総務課 事務局 見本 花子 取組内容 1-1 新しい内容 変更 内容： 削除： 取組その" in text
    assert "追加： 新しい" in text
    assert "計画の見直し 画面" in text


def test_drafts_of_reports_are_not_listed(small, secretary, member):
    record(small, create_round(plan=small.plan), by=secretary, standing="", text="書きかけ")
    assert "進捗報告" not in [kind for kind, _, _ in titles(member)]


def test_another_sections_draft_is_not_known_and_its_text_before_submission_never(
    client, small, section_head, other_head, member, secretary, planning
):
    draft = create_draft(by=section_head, section=planning, initiative=small.initiative, problem="外に出さない書きかけ")
    people = (section_head, other_head, member, secretary)
    assert [any(kind == "提案" for kind, _, _ in titles(person)) for person in people] == [True, False, False, False]
    draft.problem = "提出した文"
    edit_proposal(draft, by=section_head, today=TODAY, seen_version=draft.version)
    step(draft, ProposalAction.SUBMIT, by=section_head)
    assert [any(kind == "提案" for kind, _, _ in titles(person)) for person in people] == [True, False, True, True]
    for person, may_read in ((section_head, True), (member, False), (secretary, False)):
        client.force_login(person)
        html = html_of(client, "history")
        assert "提出した文" in html
        assert ("外に出さない書きかけ" in html) is may_read


def test_readers_from_outside_are_refused(client, expert, engineer):
    for person in (expert, engineer):
        client.force_login(person)
        assert get(client, "history").status_code == 403


def test_the_task_force_reads_what_was_submitted_and_no_draft(client, small, section_head, planning):
    person = create_person(username="force", name="見本 部会", role="task_force")
    draft = create_draft(by=section_head, section=planning, initiative=small.initiative)
    assert "提案" not in [kind for kind, _, _ in titles(person)]
    step(draft, ProposalAction.SUBMIT, by=section_head)
    assert [kind for kind, _, _ in titles(person)].count("提案") == 1


def test_who_changed_what_is_answered_for_the_committee_and_the_ledgers_too(
    client, small, section_head, secretary, planning
):
    initiative = small.initiative
    meeting = create_meeting(by=secretary)
    item = add_item(meeting, by=secretary, title="1-1を続けるか")
    decide(item, by=secretary, outcome=Outcome.NOTED)
    assign(meeting, by=secretary, section=planning)
    line = create_budget_line(by=section_head, section=planning, initiative=initiative)
    budgeted(line, BudgetStage.REQUEST, 500, by=section_head)
    shown = titles(secretary)
    for entry in (
        ("会議", "第7回 情報化推進委員会", "作成"),
        ("議題", "第7回　1-1を続けるか", "作成"),
        ("決定", "第7回　1-1を続けるか", "作成"),
        ("宿題", "第7回　協定の案を作る。", "作成"),
        ("予算の事業", "書かない窓口（令和9年度）", "作成"),
        ("予算の金額", "書かない窓口（令和9年度）　要求", "作成"),
    ):
        assert entry in shown
    client.force_login(secretary)
    assert "書かない窓口（令和9年度）" in words(html_of(client, "history", kind="budget", section="kikaku"))


def test_words_for_residents_are_told_to_who_publishes(secretary, section_head):
    small_plan()
    write_line("1-1", by=secretary, text="広めました。")
    assert ("住民向けの記載", "1-1 取組その1の内容1　令和7年度 第4四半期", "作成") in titles(secretary)
    assert "住民向けの記載" not in {kind for kind, _, _ in titles(section_head)}


def test_the_effect_of_a_draft_that_is_not_theirs_is_not_listed(small, section_head, other_head, secretary, planning):
    """Only in tests can one exist; the rule stands beside that of the proposal."""
    draft = create_draft(by=section_head, section=planning, initiative=small.initiative)
    create_row(Execution(proposal=draft), by=TESTS, today=TODAY)
    assert [("提案の実施" in [kind for kind, _, _ in titles(person)]) for person in (section_head, other_head)] == [
        True,
        False,
    ]


def test_fifty_a_page_back_and_forth_whatever_is_added_meanwhile(client, small, secretary):
    with time_machine.travel(NOW + timedelta(seconds=1), tick=False):  # later than whatever made the row
        for number in range(60):
            small.content = f"内容{number}"
            save_row(small, by=TESTS, seen_version=small.version, today=TODAY)
    first = recent_changes(secretary, today=TODAY)
    assert len(first.changes) == 50
    assert titles(secretary)[0] == ("取組内容", "1-1 内容59", "変更")
    with time_machine.travel(NOW + timedelta(seconds=2), tick=False):
        small.content = "あとから"
        save_row(small, by=TESTS, seen_version=small.version, today=TODAY)
    second = [title for _, title, _ in titles(secretary, older_than=first.older)]
    assert second[:10] == [f"1-1 内容{number}" for number in range(9, -1, -1)]
    assert set(second[10:]) == {"1-1 取組その1の内容1", "1 取組その1"}  # made in the same moment
    back = recent_changes(
        secretary, today=TODAY, newer_than=recent_changes(secretary, today=TODAY, older_than=first.older).newer
    )
    assert [each.title for each in back.changes] == [each.title for each in first.changes]
    client.force_login(secretary)
    assert "古い50件" in html_of(client, "history")
    last = html_of(client, "history", older=first.older)
    assert ("新しい50件" in last, "古い50件" in last, "最新に戻る" in last) == (True, False, True)


@pytest.mark.one_database
@pytest.mark.parametrize(
    "cursor", ["", "0", "-1", "x", "1-1", "１-1-1", "9" * 60, f"{'9' * 17}-1-9", "1-1-1-1", "\x00"]
)
def test_a_cursor_that_is_none_is_no_error(client, small, secretary, cursor):
    client.force_login(secretary)
    assert get(client, "history", older=cursor).status_code == 200
    assert get(client, "history", newer=cursor).status_code == 200


def test_beyond_the_end_says_so(client, small, secretary):
    client.force_login(secretary)
    assert "この先に変更はありません。" in words(html_of(client, "history", older="1-1-1"))


# --- conditions


@pytest.fixture
def two_sections(planning, welfare, secretary, section_head):
    """企画課 reported 1-1 and then changed its text; 健康福祉課's 2-1 was reported once."""
    plan = create_plan()
    ours = create_activity(initiative=create_initiative(plan=plan, number=1, owner_section=planning))
    theirs = create_activity(initiative=create_initiative(plan=plan, number=2, owner_section=welfare))
    quarter = create_round(plan=plan)
    record(ours, quarter, by=section_head, text="説明会を開きました。")
    record(ours, quarter, by=secretary, seen_version=1, text="説明会を二回開きました。")
    record(theirs, quarter, by=secretary)
    return plan


def shown_for(client, **asked):
    return words(html_of(client, "history", **asked)).partition("元 ")[2]


def test_conditions_work_together_and_each_can_be_taken_away(client, two_sections, secretary):
    client.force_login(secretary)
    text = shown_for(client, kind="report", section="kikaku", round="2025-4", person="事務局", since="令和8年11月24日")
    assert "2-1" not in text
    assert text.count("進捗報告") == 1  # the secretariat's change; the section's own first version is another person's
    assert "説明会を 削除： 開 （削除ここまで） 追加： 二回開 （追加ここまで） きました。" in text
    html = html_of(client, "history", kind="report", section="kikaku")
    assert ('href="?section=kikaku"' in html, 'href="?kind=report"' in html) == (True, True)


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"field": "report.text"}, 3),
        ({"field": "report.standing"}, 2),  # both first versions; the change left it as it was
        ({"field": "report.completes_on"}, 0),
        ({"field": "report.text", "kind": "row"}, 0),
        ({"section": "kenko"}, 3),  # the report, the row, the initiative
        ({"round": "2025-4"}, 4),
        ({"until": "R8.11.23"}, 0),
        ({"since": "2026-11-24", "until": "2026-11-24"}, 8),
        ({"person": "見本 二郎"}, 1),
    ],
)
def test_each_condition(client, two_sections, secretary, asked, count):
    client.force_login(secretary)
    html = html_of(client, "history", **asked)
    assert html.count('<th scope="row">') == count
    assert ("この条件の変更はありません。" in html) is (count == 0)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"kind": "x"}, "一覧にない値です。"),
        ({"round": "2099-9"}, "一覧にない値です。"),
        ({"section": "\x00"}, "使えない文字"),
        ({"field": "report.password"}, "一覧にない値です。"),
        ({"since": "平成40年1月1日"}, "この条件は使わずに表示しています。"),
        ({"until": "きのう"}, "この条件は使わずに表示しています。"),
        ({"person": "あ" * 41}, "40文字までで入力してください。"),
    ],
)
def test_a_condition_that_cannot_be_read_is_left_out_and_says_so(client, two_sections, secretary, asked, sentence):
    client.force_login(secretary)
    html = html_of(client, "history", **asked)
    assert sentence in html or "一覧にない値です。" in html
    assert html.count('<th scope="row">') == 8


def test_conditions_open_nothing(client, two_sections, section_head, other_head, planning):
    initiative = two_sections.initiatives.first()
    create_draft(by=section_head, section=planning, initiative=initiative, title="見えない下書き")
    client.force_login(other_head)
    for asked in ({"kind": "proposal"}, {"section": "kikaku"}, {"field": "proposal.title"}, {"person": "見本"}):
        assert "見えない下書き" not in html_of(client, "history", **asked)


def test_history_of_a_row_by_subject_and_field(client, two_sections, secretary):
    client.force_login(secretary)
    html = html_of(client, "activity_history", "1-1", what="令和7年度 第4四半期", field="今期の実績")
    assert html.count('<th scope="row">') == 2
    assert "説明会を" in html
    assert "この条件の変更はありません。" in html_of(
        client, "activity_history", "1-1", what="行の内容", field="今期の実績"
    )
    assert html_of(client, "activity_history", "1-1", what="x", field="y").count('<th scope="row">') == 3


def test_money_of_another_section_is_told_since_its_proposal_was_submitted(small, section_head, planning, secretary):
    source, other = create_source(name="見本の交付金", kind="national"), create_source(name="別の補助", kind="national")
    proposal = create_draft(by=section_head, section=planning, initiative=small.initiative)
    who = {"by": section_head, "today": TODAY}
    edit_proposal(proposal, seen_version=1, funding=[FundingEntry(source.pk, (100, 0, 0, 0, 0))], **who)
    step(proposal, ProposalAction.SUBMIT, by=section_head)
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        step(proposal, ProposalAction.RETURN, by=secretary, comment="財源は。")
        entries = [FundingEntry(source.pk, (100, 0, 0, 0, 0)), FundingEntry(other.pk, (50, 0, 0, 0, 0))]
        edit_proposal(proposal, seen_version=proposal.version, funding=entries, **who)
    told = {
        person.username: {title for kind, title, _ in titles(person) if kind == "提案の財源"}
        for person in (section_head, secretary)
    }
    first, second = f"{proposal}　見本の交付金", f"{proposal}　別の補助"
    assert told == {section_head.username: {first, second}, secretary.username: {second}}


@pytest.mark.parametrize("count", [1, 3])
def test_query_count(client, secretary, section_head, planning, django_assert_num_queries, count):
    plan = create_plan()
    for number in range(1, count + 1):
        initiative = create_initiative(plan=plan, number=number, owner_section=planning)
        row = create_activity(initiative=initiative)
        record(row, create_quarter(plan=plan, fiscal_year=2025, quarter=number), by=secretary)
        step(
            create_draft(by=section_head, section=planning, initiative=initiative),
            ProposalAction.SUBMIT,
            by=section_head,
        )
        save_row(Activity.objects.get(pk=row.pk), by=TESTS, seen_version=row.version, today=TODAY)
    with django_assert_num_queries(7):
        assert len(recent_changes(secretary, today=TODAY).changes) == 6 * count


def test_whatever_an_entry_names_is_read_with_it(secretary):
    """Else each row of the page would cost queries, and one whose key leads nowhere any more would be an error."""
    keys = {
        source.slug: {field.name for field in source.rows.model.tracked_fields if field.many_to_one}
        for source in sources_for(secretary, today=TODAY)
    }
    read = {
        source.slug: {path.split("__")[0] for path in source.related} for source in sources_for(secretary, today=TODAY)
    }
    assert {slug: names - read[slug] for slug, names in keys.items() if names - read[slug]} == {}


def test_whoever_reads_the_history_may_open_what_it_shows_without_a_condition_of_its_own():
    shown = {
        Permission.VIEW_PLAN,
        Permission.VIEW_MEETING,
        Permission.VIEW_BUDGET,
        Permission.VIEW_EVALUATION,
        Permission.VIEW_DUTY,
        Permission.VIEW_SYSTEM,
        Permission.VIEW_PROCESS,
    }
    readers = [rights for rights in ROLE_TABLE.values() if Permission.VIEW_HISTORY in rights]
    assert [shown - {each for each, scope in rights.items() if scope is Scope.ALL} for rights in readers] == [
        set() for _ in readers
    ]


def test_the_history_outlives_what_an_import_made_and_its_undoing_took_back(client, small, secretary):
    """A page that has gone is not linked, and an entry whose indicator has gone is still an entry."""
    indicator = create_row(
        Indicator(plan=small.plan, initiative=small.initiative, number=1, name="新しい指標", unit="件"),
        by=secretary,
        today=TODAY,
    )
    target = create_row(
        IndicatorTarget(indicator=indicator, fiscal_year=2025, value=5, decided_by="第1回"), by=secretary, today=TODAY
    )
    for row in (target, indicator):
        delete_row(row, by=secretary, seen_version=row.version, today=TODAY, reason="取込の取り消し")
    changes = recent_changes(secretary, today=TODAY, wanted=Wanted(kind="target")).changes
    changes += recent_changes(secretary, today=TODAY, wanted=Wanted(kind="indicator")).changes
    assert [(each.title, each.url) for each in changes] == [(GONE, "")] * 2 + [(str(indicator), "")] * 2
    client.force_login(secretary)
    said = words(html_of(client, "history"))
    assert [said.count(each) for each in (GONE, "行ごと消しました", "値の変化なし")] == [2, 2, 0]
