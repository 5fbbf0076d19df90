"""Several plans: which one a page shows, what state each is in, and that no link leads into another plan's row."""

import re
from datetime import date

import pytest

from otaki_dx.plan_choice import current_of, state_of
from tests.conftest import TODAY
from tests.factories import TESTS
from tests.otaki_dx.pages import get, html_of, words
from tests.schedule.small_plan import create_activity, create_initiative, create_plan, create_quarter, report
from townhall.changes import save_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]


@pytest.fixture
def two_plans(db):
    """R5–R7 and its successor R8–R10, both with a row 1-1."""
    old = create_plan(code="r5")
    new = create_plan(code="r8", starts_on=date(2026, 4, 1), ends_on=date(2029, 3, 31))
    new.name, new.predecessor = "次の計画", old
    new = save_row(new, by=TESTS, seen_version=new.version, today=TODAY)
    for plan, content in ((old, "古い行"), (new, "新しい行")):
        row = create_activity(initiative=create_initiative(plan=plan), content=content)
        report(row, create_quarter(plan=plan, fiscal_year=plan.first_year, quarter=1))
    return old, new


@pytest.fixture
def reader(client, member):
    client.force_login(member)
    return client


def test_the_plan_in_force_is_shown_and_the_others_are_offered(two_plans, reader):
    html = html_of(reader, "plan_dashboard")
    assert "次の計画（令和8年度～令和10年度）" in words(html)
    assert "新しい行" in html
    assert '<a href="/plan/?plan=r5">試験の計画（令和5年度～令和7年度・終了）</a>' in html


def test_another_plan_keeps_its_code_in_every_link(two_plans, reader):
    for name, arguments in (("plan_dashboard", ()), ("schedule_table", ()), ("initiative_detail", ("1",))):
        html = html_of(reader, name, *arguments, plan="r5")
        assert "古い行" in html
        assert "新しい行" not in html
        main = html.split("<main")[1].split("</main>")[0]
        rows = set(re.findall(r'href="(/plan/1[^"]*)"', main))
        assert rows
        assert {link for link in rows if not link.endswith("?plan=r5")} == set()
    assert "/plan/text/" not in html_of(reader, "initiative_detail", "1", plan="r5")
    row = html_of(reader, "activity_detail", "1-1", plan="r5")
    assert "古い行" in row
    assert "試験の計画（令和5年度～令和7年度・終了）のページです。" in words(row)
    assert "新しい行" in html_of(reader, "activity_detail", "1-1")


def test_the_day_and_the_line_keep_the_plan(two_plans, reader):
    html = html_of(reader, "plan_dashboard", plan="r5", as_of="2025-01-10")
    assert 'name="plan" value="r5"' in html
    assert "/plan/table/?as_of=2025-01-10&amp;plan=r5" in html
    assert "/plan/?as_of=2025-01-10&amp;plan=r5&amp;front=off#schedule" in html


def test_a_code_that_no_plan_has_is_said(two_plans, reader):
    text = words(html_of(reader, "plan_dashboard", plan="r99"))
    assert "その記号の計画はありません。いまの計画を表示しています。" in text
    assert get(reader, "activity_detail", "1-1", plan="r99").status_code == 200


def test_one_plan_needs_no_choice_and_its_end_names_the_next(reader):
    create_plan()
    html = html_of(reader, "plan_dashboard")
    assert "計画を選ぶ" not in html
    assert "次の計画は、まだ登録されていません。策定されたら運用担当が登録します。" in words(html)


@pytest.mark.parametrize(
    ("today", "old", "new", "current"),
    [
        (date(2023, 3, 1), "計画期間の前", "計画期間の前", "r5"),
        (date(2024, 10, 15), "計画期間中", "計画期間の前", "r5"),
        (date(2026, 4, 1), "終了", "計画期間中", "r8"),
        (date(2029, 4, 1), "終了", "終了", "r8"),
    ],
)
def test_the_states_of_two_plans(two_plans, today, old, new, current):
    plans = [two_plans[1], two_plans[0]]
    assert (state_of(two_plans[0], plans, today=today), state_of(two_plans[1], plans, today=today)) == (old, new)
    assert current_of(plans, today=today).code == current
    assert type(two_plans[0]).objects.current(today=today).code == current


def test_a_plan_revised_before_its_end_is_superseded(two_plans):
    old, new = two_plans
    new.starts_on = date(2025, 4, 1)
    assert state_of(old, [new, old], today=date(2025, 6, 1)) == "改定により旧版"
