"""The pages of the budget: what they say, what they keep when something is refused."""

import pytest
from django.urls import reverse

from committee.choices import BudgetStage
from committee.models import BudgetAmount, BudgetLine, FundingSource
from tests.committee.factories import create_budget_line, create_source, record
from townhall.models import Section

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]

S = BudgetStage


@pytest.fixture
def line(section_head, planning, initiative):
    return create_budget_line(by=section_head, section=planning, initiative=initiative)


def amount_url(line, key):
    return reverse("budget_amount_record", args=[line.pk, key])


def test_an_empty_budget_says_where_lines_come_from(client, secretary):
    client.force_login(secretary)
    text = client.get(reverse("budget_list")).content.decode()
    assert "予算の事業は、まだありません。提案が採択されると要求の行ができ、ここに並びます。" in text
    text = client.get(reverse("budget_year_detail", args=[2030])).content.decode()
    assert "令和12年度の予算の事業は、まだありません。" in text


def test_a_section_adds_a_line_once_and_asks_for_money(client, clerk, initiative):
    general = create_source()
    client.force_login(clerk)
    page = client.get(reverse("budget_line_create"))
    typed = {
        "name": "予約システム",
        "budget_year": "2027",
        "spending_year": "2027",
        "initiative": initiative.pk,
        "creation_key": page.context["form"]["creation_key"].value(),
    }
    for _ in range(2):
        client.post(reverse("budget_line_create"), typed)
    line = BudgetLine.objects.get()
    assert (line.name, line.section, line.budget_year) == ("予約システム", Section.objects.get(code="kikaku"), 2027)
    typed = {"thousands": "１，２００千円", "decided_on": "R8.11.24", "seen_version": "0"}
    wrong = client.post(amount_url(line, "request"), typed | {f"source_{general.pk}": "1000"})
    assert "財源の内訳の合計は1,000千円で、金額1,200千円と200千円違います。" in wrong.content.decode()
    assert 'value="１，２００千円"' in wrong.content.decode()
    right = client.post(amount_url(line, "request"), typed | {f"source_{general.pk}": "120万円"})
    assert right.url == line.get_absolute_url()
    assert [(each.stage, each.thousands) for each in BudgetAmount.objects.all()] == [("request", 1200)]


def test_the_assessment_begins_with_the_request_and_asks_for_its_result(client, secretary, line):
    record(line, S.REQUEST, 100, by=secretary)
    general = FundingSource.objects.get()
    client.force_login(secretary)
    text = client.get(amount_url(line, "assessed")).content.decode()
    assert "前の段階の額を入れてあります。" in text
    typed = {"thousands": "100", "decided_on": "R8.11.24", "seen_version": "0", f"source_{general.pk}": "100"}
    text = client.post(amount_url(line, "assessed"), typed).content.decode()
    assert "査定の結果（計上・一部計上・見送り）を選んでください。" in text
    client.post(amount_url(line, "assessed"), typed | {"result": "full"})
    assert "計上" in client.get(line.get_absolute_url()).content.decode()


def test_somebody_was_first_and_what_was_typed_stays(client, secretary, section_head, line):
    record(line, S.REQUEST, 100, by=section_head)
    general = FundingSource.objects.get()
    client.force_login(secretary)
    typed = {"thousands": "300", "decided_on": "R8.11.24", "seen_version": "0", f"source_{general.pk}": "300"}
    answer = client.post(amount_url(line, "request"), typed)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "企画課 課長 見本 二郎さんが" in text
    assert 'value="300"' in text
    assert 'name="seen_version" value="1"' in text
    assert [each.thousands for each in BudgetAmount.objects.all()] == [100]


def test_a_stage_that_is_not_open_leads_back_with_the_reason(client, secretary, line):
    client.force_login(secretary)
    answer = client.get(amount_url(line, "settled"), follow=True)
    assert "決算は、当初予算か補正予算を記録してから入力します。" in answer.content.decode()
    typed = {"thousands": "1", "decided_on": "R8.11.24", "seen_version": "0"}
    answer = client.post(amount_url(line, "estimate"), typed)
    assert (answer.status_code, BudgetAmount.objects.count()) == (409, 0)


@pytest.mark.parametrize("key", ["nothing", "request-1", "supplement", "supplement-2", "supplement-00"])
def test_a_stage_that_does_not_exist_is_not_found(client, secretary, line, key):
    client.force_login(secretary)
    assert client.get(amount_url(line, key)).status_code == 404


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"thousands": "百"}, "「百」"),
        ({"thousands": "-5"}, "「-5」は 0 より小さい数です。"),
        ({"thousands": "1" * 30}, "桁が多すぎます"),
        ({"decided_on": "令和99年1月1日"}, "令和99年"),
        ({"note": "長" * 5000}, "4000"),
        ({"document_number": "\x00"}, "dx-field--error"),
    ],
)
def test_bad_input_gets_a_sentence(client, secretary, line, typed, sentence):
    general = create_source()
    good = {"thousands": "5", "decided_on": "R8.11.24", "seen_version": "0", f"source_{general.pk}": "5"}
    client.force_login(secretary)
    answer = client.post(amount_url(line, "request"), good | typed)
    assert sentence in answer.content.decode()
    assert BudgetAmount.objects.count() == 0


def test_the_line_leads_to_its_initiative_and_back(client, secretary, line):
    record(line, S.REQUEST, 100, by=secretary)
    client.force_login(secretary)
    page = client.get(line.get_absolute_url()).content.decode()
    assert f'href="{line.initiative.get_absolute_url()}?plan=small"' in page
    back = client.get(line.initiative.get_absolute_url()).content.decode()
    assert f'href="{line.get_absolute_url()}"' in back
    assert "要求 100千円" in back


def test_the_history_names_the_amount_and_its_sources(client, secretary, line):
    first = record(line, S.REQUEST, 100, by=secretary)
    record(line, S.REQUEST, 120, by=secretary, seen_version=first.version)
    client.force_login(secretary)
    text = client.get(reverse("budget_line_history", args=[line.pk])).content.decode()
    assert "<h2>財源の内訳</h2>" in text
    assert ">120</ins>" in text


def test_the_year_of_a_voted_budget_stays(client, secretary, line):
    record(line, S.INITIAL, 100, by=secretary)
    client.force_login(secretary)
    typed = {
        "name": line.name,
        "budget_year": "2028",
        "spending_year": "2028",
        "initiative": line.initiative_id,
        "section": line.section_id,
        "seen_version": line.version,
    }
    text = client.post(reverse("budget_line_edit", args=[line.pk]), typed).content.decode()
    assert "予算が議決された事業の年度は変えられません。" in text
