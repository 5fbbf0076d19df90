"""標準化20業務 on screen: the board, one 業務, and editing with a version."""

import re

import pytest
from django.urls import reverse

from initiatives.models import StandardizedSystem, SystemStep, SystemStepTemplate
from tests.conftest import TODAY
from tests.factories import TESTS
from tests.initiatives.ledgers import create_system, publish
from townhall.changes import create_row, save_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]
LIST = "/systems/"


@pytest.fixture
def office(client, secretary):
    client.force_login(secretary)
    return client


@pytest.fixture
def family(planning):
    system = create_system(owner_section=planning)
    publish(system, counted=34)
    for number, name in enumerate(["準備", "移行"], start=1):
        create_row(SystemStep(system=system, number=number, phase="1plan", name=name), by=TESTS, today=TODAY)
    return system


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def edited(system, **values):
    fields = {
        "is_target": "on" if system.is_target else "",
        "owner_section": system.owner_section_id or "",
        "exclusion_reason": system.exclusion_reason,
        "seen_version": system.version,
    }
    return {name: value for name, value in (fields | values).items() if value != ""}


def steps(system):
    data = {}
    for step in system.steps.all():
        data |= {f"step-{step.number}-state": step.state, f"step-{step.number}-seen_version": step.version}
    return data


def test_the_empty_board_says_who_fills_it(office):
    assert "20業務は、まだ登録されていません。運用担当が初期値を読み込むと、ここに並びます" in text(office.get(LIST))


def test_the_board_shows_both_percentages_with_definition_and_day(office, family):
    page = text(office.get(LIST))
    assert "ステップ完了率（作業量の割合ではありません） 基準日 令和8年1月31日" in page
    assert "総務省方式4.3％34/800（完了＋対象外）÷（20業務×40ステップ）" in page
    assert "対象外を除く85.0％34/40完了÷（対象とする業務の、対象外でないステップ）" in page
    assert "出典：総務省公表値（令和8年1月末）。" in page
    assert "公表値の基準日（令和8年1月31日）から297日たっています。" in page
    assert "進捗率" not in page


def test_filters_narrow_the_tiles_and_unknown_ones_are_said(office, family):
    create_system(code="std18", name="生活保護", number=13)
    section = family.owner_section_id
    assert "2業務のうち1業務を表示しています。" in text(office.get(LIST, {"section": section}))
    assert "この条件に合う業務はありません。" in text(office.get(LIST, {"due": "past"}))
    for hostile in ({"section": "9999"}, {"due": "x' OR 1=1"}, {"section": "\x00", "due": "髙𠮷"}):
        answer = office.get(LIST, hostile)
        assert (answer.status_code, "読めない条件は、外して表示しています。" in text(answer)) == (200, True)


def test_one_system_shows_its_steps_and_says_what_they_are_not(office, family):
    page = text(office.get(family.get_absolute_url()))
    assert "完了ステップの数です。作業量の割合ではありません。" in page
    assert "34/40 ステップ完了（令和8年1月31日時点）" in page
    assert "0/2（対象外を除く）" in page


def test_dates_and_money_are_read_as_people_write_them(office, family):
    answer = office.post(
        reverse("system_edit", args=[family.code]),
        edited(family, planned_live_on="令和9年1月31日", initial_cost="１２０万円", vendor_after="見本社"),
    )
    assert answer.status_code == 302
    family.refresh_from_db()
    assert (str(family.planned_live_on), family.initial_cost, family.vendor_after, family.version) == (
        "2027-01-31",
        1200,
        "見本社",
        2,
    )


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"live_on": "2026-11-25"}, "まだ来ていない日です。"),
        ({"planned_live_on": "そのうち"}, "「そのうち」は日付として読めません。"),
        ({"initial_cost": "約100"}, "は一つの数に決められません。"),
        ({"is_target": "", "exclusion_reason": ""}, "対象外とするときは、その理由を入力してください。"),
        ({"transition_until": "2031-03-31"}, "特定移行の理由・期限は、"),
        ({"vendor_after": "あ" * 81}, "80"),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_everything_typed_stays(office, family, values, sentence):
    answer = office.post(reverse("system_edit", args=[family.code]), edited(family, risk="打った文", **values))
    assert (answer.status_code, sentence in text(answer), "打った文" in text(answer)) == (422, True, True)
    family.refresh_from_db()
    assert family.version == 1


def test_the_second_of_two_people_sees_both_values(office, family):
    old = edited(family, vendor_after="乙社")
    family.vendor_after = "甲社"
    save_row(family, by=TESTS, seen_version=1, today=TODAY)
    answer = office.post(reverse("system_edit", args=[family.code]), old)
    page = text(answer)
    assert (answer.status_code, "甲社" in page, "乙社" in answer.content.decode()) == (409, True, True)
    family.refresh_from_db()
    assert family.vendor_after == "甲社"


def test_a_section_writes_its_own_and_cannot_give_it_away(client, clerk, family):
    client.force_login(clerk)
    page = reverse("system_edit", args=[family.code])
    assert "owner_section" not in client.get(page).content.decode()
    assert client.post(page, edited(family, note="課のメモ", owner_section="")).status_code == 302
    family.refresh_from_db()
    assert (family.note, family.owner_section.code) == ("課のメモ", "kikaku")


def test_only_touched_steps_are_saved_and_with_one_refusal_none(office, family):
    page = reverse("system_steps", args=[family.code])
    data = steps(family) | {"step-1-state": "done", "step-1-done_on": "R8.11.20", "step-2-done_on": "R8.11.20"}
    answer = office.post(page, data)
    assert answer.status_code == 422
    assert "移行：完了日は、状態が「完了済み」のときだけ入力してください。" in text(answer)
    assert list(family.steps.values_list("state", "version")) == [("none", 1), ("none", 1)]
    del data["step-2-done_on"]
    assert office.post(page, data).status_code == 302
    assert list(family.steps.values_list("state", "version")) == [("done", 2), ("none", 1)]


def test_a_step_changed_meanwhile_is_a_conflict_and_saves_nothing(office, family):
    old = steps(family) | {"step-1-note": "乙", "step-2-state": "doing"}
    first = family.steps.get(number=1)
    first.note = "甲"
    save_row(first, by=TESTS, seen_version=1, today=TODAY)
    answer = office.post(reverse("system_steps", args=[family.code]), old)
    assert (answer.status_code, "甲" in text(answer)) == (409, True)
    assert list(family.steps.values_list("note", "state")) == [("甲", "none"), ("", "none")]


def test_steps_are_made_from_the_template_on_the_page(office):
    system = create_system()
    create_row(SystemStepTemplate(number=1, phase="1plan", name="準備"), by=TESTS, today=TODAY)
    answer = office.post(reverse("system_steps", args=[system.code]), {"template": "1"}, follow=True)
    assert "ひな形から1件の手順を加えました。" in text(answer)
    assert [step.name for step in system.steps.all()] == ["準備"]


def test_the_dashboard_shows_the_board_and_the_initiative_leads_to_it(office, plan, family):
    page = office.get("/plan/")
    assert "標準化20業務の移行" in text(page)
    assert f'href="{family.get_absolute_url()}"' in page.content.decode()
    assert f'href="{LIST}"' in office.get("/plan/6/").content.decode()
    assert 'href="/plan/6/"' in office.get(LIST).content.decode()


@pytest.mark.parametrize("name", ["standardizedsystem", "systemsteptemplate", "systemstep", "publishedprogress"])
def test_the_admin_lists_search_and_open(office, family, name):
    create_row(SystemStepTemplate(number=1, phase="1plan", name="準備"), by=TESTS, today=TODAY)
    row = StandardizedSystem._meta.apps.get_model("initiatives", name).objects.first()
    base = f"/admin/initiatives/{name}/"
    for page in ("", "?q=戸", "add/", f"{row.pk}/change/", f"{row.pk}/history/"):
        assert (page, office.get(base + page).status_code) == (page, 200)
