"""The admin is a second entrance with the same rules: permissions table, versions, history."""

import re

import pytest
from django.urls import reverse

from townhall.models import RoleAssignment, Section, User

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]


def section_form(section, **changes):
    return {
        "code": section.code,
        "name": section.name,
        "order": section.order,
        "valid_from": "",
        "valid_until": "",
        "successor": "",
        "seen_version": section.version,
    } | changes


@pytest.fixture
def change_url(planning):
    return reverse("admin:townhall_section_change", args=[planning.pk])


def test_saving_goes_through_the_version_and_the_history(client, secretary, planning, change_url):
    client.force_login(secretary)
    response = client.post(change_url, section_form(planning, name="企画政策課"))
    assert response.status_code == 302
    row = Section.objects.get(pk=planning.pk)
    newest = row.history.first()
    assert (row.name, row.version) == ("企画政策課", 2)
    assert (newest.history_actor, newest.history_source) == ("総務課 事務局 見本 花子", "管理画面")


@pytest.mark.parametrize("seen", ["", "0", "7", "abc"])
def test_stale_or_missing_version_saves_nothing_and_keeps_the_text(client, secretary, planning, change_url, seen):
    client.force_login(secretary)
    response = client.post(change_url, section_form(planning, name="上書き", seen_version=seen))
    assert Section.objects.get(pk=planning.pk).name == "企画課"
    assert 'value="上書き"' in response.text
    assert re.search("保存していません|保存しませんでした", response.text)


def test_conflict_names_both_values_and_the_second_press_overwrites(client, secretary, planning, change_url):
    client.force_login(secretary)
    client.post(change_url, section_form(planning, name="企画政策課"))
    page = client.post(change_url, section_form(planning, name="企画財政課")).text
    assert "名称：相手の値「企画政策課」／自分の値「企画財政課」" in page
    assert 'name="seen_version" value="2"' in page
    client.post(change_url, section_form(planning, name="企画財政課", seen_version=2))
    assert Section.objects.get(pk=planning.pk).name == "企画財政課"


def test_list_editing_compares_versions_too(client, secretary, planning):
    client.force_login(secretary)
    url = reverse("admin:townhall_section_changelist")
    page = client.get(url).text
    assert 'name="form-0-seen_version"' in page
    rows = list(Section.objects.all())
    data = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": len(rows), "_save": "保存"}
    for number, row in enumerate(rows):
        data |= {f"form-{number}-id": row.pk, f"form-{number}-order": row.order + 10}
        data |= {f"form-{number}-seen_version": row.version + (1 if row == planning else 0)}
    response = client.post(url, data)
    assert "もう一度保存すると、自分の値で上書きします。" in response.text
    assert [row.order for row in Section.objects.all()] == [row.order for row in rows]


@pytest.mark.parametrize("person", ["deputy_mayor", "member", "section_head", "clerk", "expert", "outsider"])
def test_the_door_is_closed_to_everyone_else(client, request, person):
    user = request.getfixturevalue(person)
    user.is_staff = True  # the flag opens nothing
    user.save()
    client.force_login(user)
    response = client.get(reverse("admin:index"))
    assert response.status_code == 403
    assert "この画面は事務局・運用担当が使います。" in response.text


def test_history_shows_who_and_what(client, secretary, planning, change_url):
    client.force_login(secretary)
    client.post(change_url, section_form(planning, name="企画政策課"))
    page = client.get(reverse("admin:townhall_section_history", args=[planning.pk])).text
    assert "総務課 事務局 見本 花子" in page
    assert "企画政策課" in page


def test_new_person_gets_a_checked_password_and_no_flags(client, secretary):
    client.force_login(secretary)
    url = reverse("admin:townhall_user_add")
    person = {"username": "shinjin", "name": "見本 新", "email": "", "wants_mail": "on", "is_active": "on"}
    inline = {"posts-TOTAL_FORMS": 0, "posts-INITIAL_FORMS": 0, "is_superuser": "on", "is_staff": "on"}
    weak = client.post(url, person | inline | {"new_password": "12345"})
    assert weak.status_code == 200
    assert not User.objects.filter(username="shinjin").exists()
    good = client.post(url, person | inline | {"new_password": "さくら並木の道をあるく9番"})
    assert good.status_code == 302
    user = User.objects.get(username="shinjin")
    assert (user.check_password("さくら並木の道をあるく9番"), user.is_staff, user.is_superuser) == (True, False, False)


def test_nothing_can_be_deleted(client, secretary, planning):
    client.force_login(secretary)
    response = client.post(reverse("admin:townhall_section_delete", args=[planning.pk]), {"post": "yes"})
    assert response.status_code == 403
    assert Section.objects.filter(pk=planning.pk).exists()


def test_post_without_its_section_is_refused_with_a_sentence(client, secretary, clerk):
    client.force_login(secretary)
    data = {"user": clerk.pk, "role": "staff", "section": "", "title": "", "valid_from": "2026-04-01"}
    response = client.post(reverse("admin:townhall_roleassignment_add"), data)
    assert "課長・担当には課を選んでください。" in response.text
    assert RoleAssignment.objects.filter(user=clerk).count() == 1
