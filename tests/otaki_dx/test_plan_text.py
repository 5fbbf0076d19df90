"""計画本文: the plan read chapter by chapter in the portal."""

import re

import pytest
from django.urls import reverse

from initiatives.models import Plan, Principle
from tests.conftest import TODAY
from tests.factories import TESTS
from townhall.changes import create_row

pytestmark = pytest.mark.one_database


@pytest.fixture
def browser(client, expert):
    """外部人材 may read the plan and nothing more."""
    client.force_login(expert)
    return client


def page(client, name, *args):
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def words(html):
    """What is read on the page's main part, without tags and the blanks of the markup."""
    main = html.split("<main", 1)[1].split("</main>", 1)[0]
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"<[^>]*>", "", main))


def test_contents_list_the_seven_chapters(plan, browser):
    html = page(browser, "plan_text")
    assert re.findall(r'href="(/plan/text/\d/)">([^<]*)<', html) == [
        ("/plan/text/1/", "1 計画の目的"),
        ("/plan/text/2/", "2 計画の背景"),
        ("/plan/text/3/", "3 基本理念"),
        ("/plan/text/4/", "4 計画期間"),
        ("/plan/text/5/", "5 DXに向けた取組"),
        ("/plan/text/6/", "6 全体スケジュール"),
        ("/plan/text/7/", "7 推進体制と役割"),
    ]
    assert "計画期間は令和8年3月31日に終了しました" in html


@pytest.mark.parametrize("number", range(1, 8))
def test_every_chapter_is_shown_in_full(plan, browser, number):
    """Marks and links inside the text must not lose a letter of it."""
    shown = words(page(browser, "plan_chapter", number)).replace("（用語の説明へ）", "")
    paragraphs = [text.removeprefix("■ ") for text in plan.chapters.get(number=number).text.split("\n\n")]
    assert [text for text in paragraphs if not text.startswith("［") and text not in shown] == []


@pytest.mark.parametrize(
    ("number", "around"),
    [
        (1, [("next", "/plan/text/2/")]),
        (4, [("prev", "/plan/text/3/"), ("next", "/plan/text/5/")]),
        (7, [("prev", "/plan/text/6/")]),
    ],
)
def test_chapter_leads_to_its_neighbours(plan, browser, number, around):
    html = page(browser, "plan_chapter", number)
    assert [(rel, url) for url, rel in re.findall(r'href="([^"]*)" rel="(prev|next)"', html)] == around


def test_term_links_lead_to_an_explanation_on_the_same_page(plan, browser):
    for number in range(1, 8):
        html = page(browser, "plan_chapter", number)
        links = set(re.findall(r'class="dx-term" href="#(term-\d+)"', html))
        explained = re.findall(r'id="(term-\d+)"', html)
        assert (links - set(explained), len(explained)) == (set(), len(set(explained)))


def test_chapter_5_leads_to_the_page_of_each_initiative(plan, browser):
    html = page(browser, "plan_chapter", 5)
    assert re.findall(r'<h3><a href="([^"]*)">', html) == [
        *(f"/plan/{number}/" for number in range(1, 9)),
        *(f"/plan/k{number}/" for number in range(1, 4)),
    ]


def test_chapter_6_shows_sixteen_rows_and_forty_five_filled_years(plan, browser):
    html = page(browser, "plan_chapter", 6)
    body = html.split("<tbody", 1)[1]
    assert (len(re.findall(r'<a href="/plan/\d-\d/">', body)), body.count("●"), body.count("―")) == (16, 45, 3)
    assert body.count("◆") == 1
    assert "期限</span>R8.3.31" in body


def test_chapter_7_shows_the_roles(plan, browser):
    html = page(browser, "plan_chapter", 7)
    assert re.findall(r'<th scope="row"[^>]*>([^<]*)</th>\s*<td>([^<]*)</td>', html) == [
        ("委員長", "副町長"),
        ("委員", "課長等"),
        ("専門部会", "DX推進プロジェクトチーム"),
        ("事務局", "総務課"),
        ("各担当課", "各担当課"),
        ("外部人材等", "外部人材等"),
    ]


def test_glossary_holds_the_twelve_terms_with_links_to_their_first_use(plan, browser):
    html = page(browser, "plan_terms")
    assert re.findall(r"※(\d+) <dfn>", html) == [str(number) for number in range(1, 13)]
    for chapter, number in set(re.findall(r'href="/plan/text/(\d)/#term-(\d+)"', html)):
        assert f'id="term-{number}"' in page(browser, "plan_chapter", int(chapter))


def test_text_of_the_town_is_shown_as_text(plan, browser):
    plan.chapters.filter(number=4).update(text="<b>太字</b> {{ x }} <script>1</script>")
    assert "&lt;b&gt;太字&lt;/b&gt; {{ x }} &lt;script&gt;" in page(browser, "plan_chapter", 4)


@pytest.mark.parametrize(
    "path", ["/plan/text/0/", "/plan/text/8/", "/plan/text/99999999999999999999/", "/plan/text/x/"]
)
def test_chapter_that_does_not_exist_is_answered_with_a_sentence(plan, browser, path):
    response = browser.get(path)
    assert response.status_code == 404
    assert "見つかりません" in response.content.decode()


def test_pages_say_that_no_plan_is_loaded_yet(browser):
    assert "計画がまだ読み込まれていません" in page(browser, "plan_text")
    assert "用語はまだありません" in page(browser, "plan_terms")
    assert browser.get(reverse("plan_chapter", args=[1])).status_code == 404


@pytest.mark.parametrize("name", ["plan_text", "plan_terms"])
def test_account_without_a_post_is_refused_with_a_sentence(client, outsider, name):
    client.force_login(outsider)
    response = client.get(reverse(name))
    assert response.status_code == 403
    assert "が使います" in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_chapter_costs_the_same_queries_for_one_item_and_for_three(
    browser, count, django_assert_num_queries, plan_of_principles
):
    plan_of_principles(count)
    page(browser, "plan_chapter", 1)
    with django_assert_num_queries(8):
        html = page(browser, "plan_chapter", 1)
    assert re.findall(r">\((\d)\)<", html) == [str(number) for number in range(1, count + 1)]


@pytest.fixture
def plan_of_principles(db):
    def create(count):
        plan = create_row(
            Plan(code="rei", name="例の計画", starts_on="2026-04-01", ends_on="2029-03-31"), by=TESTS, today=TODAY
        )
        plan.chapters.create(number=1, heading="例の章", text="［基本理念］")
        for number in range(1, count + 1):
            Principle.objects.create(plan=plan, number=number, text="例の理念。")

    return create
