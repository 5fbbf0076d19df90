"""The plan's master data in the admin: Japanese, searchable, with versions, and every list opens."""

import pytest

from initiatives.models import Initiative, Plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pinned"), pytest.mark.one_database]
LISTS = ["plan", "initiative", "chapter", "principle", "glossaryterm", "planrole"]


@pytest.fixture
def office(client, secretary, plan):
    client.force_login(secretary)
    return client


@pytest.mark.parametrize("name", LISTS)
def test_list_search_add_change_and_history_open(office, plan, name):
    base = f"/admin/initiatives/{name}/"
    model = plan._meta.apps.get_model("initiatives", name)
    row = model.objects.first()
    for page in ("", "?q=DX", f"?plan__id__exact={plan.pk}", "add/", f"{row.pk}/change/", f"{row.pk}/history/"):
        response = office.get(base + page)
        if name == "plan" and page.startswith("?plan"):
            continue
        assert (page, response.status_code) == (page, 200)
        assert str(model._meta.verbose_name) in response.text


def test_owner_section_is_set_in_the_list(office, planning):
    rows = list(Initiative.objects.all())
    data = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": len(rows), "_save": "保存"}
    for number, row in enumerate(rows):
        owner = planning.pk if row.code == "5" else ""
        data |= {f"form-{number}-id": row.pk, f"form-{number}-owner_section": owner}
        data |= {f"form-{number}-seen_version": row.version}
    assert office.post("/admin/initiatives/initiative/", data).status_code == 302
    changed = Initiative.objects.filter(owner_section=planning)
    assert [(row.code, row.version, row.history.first().history_source) for row in changed] == [("5", 2, "管理画面")]


def test_wording_is_changed_with_its_history(office):
    row = Initiative.objects.get(code="5")
    url = f"/admin/initiatives/initiative/{row.pk}/change/"
    data = {"name": "地域DXの推進", "text": row.text, "owner_section": "", "seen_version": row.version}
    assert office.post(url, data | {"code": "99", "plan": ""}).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.code, row.version) == ("地域DXの推進", "5", 2)


def test_code_of_a_plan_stays(office, plan):
    data = {
        "code": "other",
        "name": "新しい名前",
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
        "predecessor": "",
    }
    office.post(f"/admin/initiatives/plan/{plan.pk}/change/", data | {"seen_version": plan.version})
    assert list(Plan.objects.values_list("code", "name")) == [("r5-r7", "新しい名前")]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"code": "日本", "name": "x", "starts_on": "2026-04-01", "ends_on": "2029-03-31"}, "code"),
        (
            {"code": "r8", "name": "x", "starts_on": "2029-04-01", "ends_on": "2026-03-31"},
            "終わりは、始めより後の日にしてください。",
        ),
        ({"code": "r8", "name": "", "starts_on": "きょう", "ends_on": ""}, "日付を正しく入力してください。"),
    ],
)
def test_plan_that_cannot_be_gets_a_sentence(office, data, sentence):
    response = office.post("/admin/initiatives/plan/add/", data)
    assert response.status_code == 200
    assert sentence in response.text
    assert Plan.objects.count() == 1
