"""変更履歴: newest first, only what the reader may see, fifty a page."""

from datetime import timedelta

import pytest
import time_machine

from committee.actions import edit_proposal
from committee.choices import ProposalAction
from otaki_dx.recent_changes import recent_changes
from schedule.models import Activity
from tests.committee.factories import create_draft, step
from tests.conftest import NOW, TODAY
from tests.factories import TESTS
from tests.otaki_dx.pages import get, html_of, words
from tests.schedule.factories import create_round, record
from tests.schedule.small_plan import create_activity, create_initiative, create_plan, create_quarter
from townhall.changes import save_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned")]


def titles(person, **page):
    return [(each.kind, each.title, each.change.kind) for each in recent_changes(person, today=TODAY, **page).changes]


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
    assert (
        "令和8年11月24日 10:00 総務課 事務局 見本 花子 取組内容 1-1 新しい内容 変更 "
        "内容： 削除： 取組その1の内容1 → 追加： 新しい内容 計画の見直し 画面"
    ) in text


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


def test_the_task_force_sees_no_proposal(client, small, section_head, planning):
    from tests.factories import create_person  # noqa: PLC0415

    draft = create_draft(by=section_head, section=planning, initiative=small.initiative)
    step(draft, ProposalAction.SUBMIT, by=section_head)
    person = create_person(username="force", name="見本 部会", role="task_force")
    assert "提案" not in [kind for kind, _, _ in titles(person)]


def test_fifty_a_page(client, small, secretary):
    with time_machine.travel(NOW + timedelta(seconds=1), tick=False):  # later than whatever made the row
        for number in range(60):
            small.content = f"内容{number}"
            save_row(small, by=TESTS, seen_version=small.version, today=TODAY)
    assert len(titles(secretary)) == 50
    assert titles(secretary)[0] == ("取組内容", "1-1 内容59", "変更")
    second_page = [title for _, title, _ in titles(secretary, page="2")]
    assert second_page[:10] == [f"1-1 内容{number}" for number in range(9, -1, -1)]
    assert set(second_page[10:]) == {"1-1 取組その1の内容1", "1 取組その1"}  # made in the same moment
    client.force_login(secretary)
    assert 'href="?page=2"' in html_of(client, "history")
    assert 'href="?page=1"' in html_of(client, "history", page="2")


@pytest.mark.parametrize("page", ["", "0", "-1", "x", "１", "²", "99999999999999999999", "1.5", "\x00"])
def test_a_page_number_that_is_none_is_the_first(client, small, secretary, page):
    client.force_login(secretary)
    assert get(client, "history", page=page).status_code == 200
    assert len(titles(secretary, page=page)) == 2


def test_a_page_beyond_the_end_is_empty(client, small, secretary):
    client.force_login(secretary)
    assert "この条件の変更はありません。" in words(html_of(client, "history", page="900"))


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
