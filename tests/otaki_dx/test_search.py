"""さがす: what is found, for whom, and what is said when nothing is."""

import re

import pytest

from tests.committee.factories import add_item, assign, create_budget_line, create_draft, create_meeting, decide
from tests.otaki_dx.pages import get, html_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]


@pytest.fixture
def find(client):
    def find(person, query, **more):
        client.force_login(person)
        return html_of(client, "search", q=query, **more)

    return find


def groups(html):
    return re.findall(r"<h2>([^<]+)</h2>", html)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("標準化", "取組"),
        ("ﾃﾞｼﾞﾀﾙデバイド", "取組"),
        ("ＲＰＡ", "取組"),
        ("研修　スキルアップ", "全体スケジュールの行"),
        ("こうむいん", None),
        ("はんこ出張所", None),
    ],
)
def test_the_plan_is_found_in_every_spelling(plan, member, find, query, found):
    html = find(member, query)
    if found is None:
        assert f"「{query}」は見つかりません。" in words(html)
    else:
        assert [heading for heading in groups(html) if heading.startswith(found)]


def test_the_words_are_marked_where_they_stand(plan, member, find):
    html = find(member, "ＡＩ　ｒｐａ")
    assert "<mark>AI</mark>" in html
    assert "<mark>RPA</mark>" in html


def test_decisions_are_found_by_their_reason(plan, secretary, deputy_mayor, find):
    meeting = create_meeting(by=secretary)
    item = add_item(meeting, by=secretary, title="住民窓口の見直し")
    decide(item, by=deputy_mayor, reason="待ち時間を短くするため。")
    assert groups(find(deputy_mayor, "待ち時間")) == ["委員会の議題と決定（1件）"]


def test_a_draft_and_another_sections_proposal_are_found_by_nobody_else(
    plan, clerk, planning, other_head, member, expert, find
):
    create_draft(by=clerk, section=planning, title="かなりあ提案")
    assert groups(find(clerk, "カナリア")) == ["提案（1件）"]
    for person in (other_head, member, expert):
        html = find(person, "カナリア")
        assert "「カナリア」は見つかりません。" in words(html)
        assert "かなりあ提案" not in html


def test_nothing_of_the_committee_is_found_by_those_outside(plan, secretary, engineer, find):
    add_item(create_meeting(by=secretary), by=secretary, title="ひみつの議題")
    assert groups(find(secretary, "ひみつ")) == ["委員会の議題と決定（1件）"]
    assert groups(find(engineer, "ひみつ")) == []


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "さがすことばを入力してください。空白で区切ると"),
        ("　 ", "さがすことばを入力してください。空白で区切ると"),
        ("！？", "記号だけではさがせません。"),
        ("あ" * 101, "さがすことばは100文字までで入力してください。"),
        ("ぬぬぬ", "「ぬぬぬ」は見つかりません。ことばを短くするか"),
    ],
)
def test_every_query_is_answered_in_words(member, find, query, sentence):
    assert sentence in words(find(member, query))


def test_a_query_is_never_markup(member, find):
    html = find(member, '"><script>alert(1)</script>')
    assert "<script>alert" not in html


def test_more_of_one_kind(plan, member, find):
    html = find(member, "の")
    assert re.search(r'href="\?q=%E3%81%AE&amp;kind=row">ほか\d+件も見る', html)
    only = find(member, "の", kind="row")
    assert [heading.split("（")[0] for heading in groups(only)] == ["全体スケジュールの行"]
    assert "すべての種類からさがす" in only


def test_query_count_does_not_grow(plan, client, member, secretary, django_assert_num_queries):
    client.force_login(member)
    get(client, "search", q="の")
    with django_assert_num_queries(7):
        get(client, "search", q="の")
    for number in (3, 4, 5):
        add_item(create_meeting(by=secretary, number=number), by=secretary)
    get(client, "search", q="の")
    with django_assert_num_queries(7):
        get(client, "search", q="の")


def test_money_homework_and_indicators_are_found_by_those_who_see_them(
    plan, find, secretary, expert, section_head, planning
):
    initiative = plan.initiatives.get(code="1")
    create_budget_line(by=section_head, section=planning, initiative=initiative, name="試験の支出")
    assign(create_meeting(by=secretary), by=secretary, text="試験の支出を調べる。", section=planning)
    assert groups(find(secretary, "試験の支出")) == ["宿題（1件）", "予算の事業（1件）"]
    assert groups(find(expert, "試験の支出")) == ["宿題（1件）"]
    assert groups(find(expert, "住民基本台帳", kind="system")) == []
