"""専門部会: set up, its members, its report to the committee."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from committee import actions
from committee.models import AgendaItem, ProjectTeam, TeamMember
from tests.committee.factories import create_meeting
from tests.conftest import TODAY
from townhall.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.usefixtures("pinned")]

TERM = {"starts_on": date(2026, 12, 1), "ends_on": date(2027, 3, 31)}
TYPED = {"name": "窓口部会", "task": "手順を確かめる。", "starts_on": "R8.12.1", "ends_on": "令和9年3月31日"}


@pytest.fixture
def office(client, secretary):
    client.force_login(secretary)
    return client


@pytest.fixture
def team(secretary, planning):
    team = ProjectTeam(name="窓口部会", task="手順を確かめる。", section=planning, **TERM)
    return actions.set_up_team(team, by=secretary, today=TODAY)


def add(team, person, *, by, **values):
    member = TeamMember(team=team, person=person, **(TERM | values))
    return actions.add_team_member(member, by=by, today=TODAY)


def text_of(response):
    return response.content.decode()


def test_it_is_set_up_once_and_then_has_its_page(office):
    urls = [office.post("/meetings/teams/new/", TYPED).url for _ in range(2)]
    team = ProjectTeam.objects.get()
    assert urls == [f"/meetings/teams/{team.pk}/"] * 2
    assert (team.name, team.starts_on, team.ends_on) == ("窓口部会", TERM["starts_on"], TERM["ends_on"])
    other = office.post("/meetings/teams/new/", TYPED | {"task": "別の任務"})
    assert (other.status_code, list(other.context["form"].errors), "別の任務" in text_of(other)) == (
        200,
        ["name"],
        True,
    )
    assert "部会員はまだいません。" in text_of(office.get(f"/meetings/teams/{team.pk}/"))


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"name": ""}, ["name"]),
        ({"name": "名" * 81}, ["name"]),
        ({"task": " "}, ["task"]),
        ({"starts_on": "来月"}, ["starts_on"]),
        ({"ends_on": "R8.11.30"}, ["__all__"]),
        ({"section": "99999"}, ["section"]),
    ],
)
def test_a_wrong_entry_is_named_and_kept(office, values, wrong):
    answer = office.post("/meetings/teams/new/", TYPED | values)
    assert (answer.status_code, list(answer.context["form"].errors), ProjectTeam.objects.count()) == (200, wrong, 0)


def test_members_are_in_it_for_a_term_inside_its_own(office, team, secretary, expert, member):
    url = f"/meetings/teams/{team.pk}/members/new/"
    typed = {"person": expert.pk, "is_leader": "on", "starts_on": "R8.12.1", "ends_on": "R9.3.31"}
    assert [office.post(url, typed).url for _ in range(2)] == [team.get_absolute_url()] * 2
    refused = office.post(url, typed | {"person": member.pk, "ends_on": "R9.4.1"})
    assert (refused.status_code, "令和8年12月1日から令和9年3月31日まで" in text_of(refused)) == (409, True)
    row = TeamMember.objects.get()
    change = {"starts_on": "R8.12.1", "ends_on": "R9.1.31", "seen_version": row.version}
    assert office.post(f"/meetings/teams/{team.pk}/members/{row.pk}/", change).url == team.get_absolute_url()
    row.refresh_from_db()
    assert (row.is_leader, row.ends_on) == (False, date(2027, 1, 31))
    page = text_of(office.get(team.get_absolute_url()))
    assert "令和8年12月1日から令和9年1月31日まで" in page
    with pytest.raises(ValidationError, match="もうこの専門部会にいます"):
        add(team, expert, by=secretary)


def test_a_shorter_term_ends_the_terms_of_its_members(team, secretary, expert, member):
    early, late = add(team, expert, by=secretary, ends_on=date(2026, 12, 31)), add(team, member, by=secretary)
    team.ends_on = date(2027, 2, 28)
    actions.edit_team(team, by=secretary, today=TODAY, seen_version=team.version)
    ends = {row.pk: row.ends_on for row in team.members.all()}
    assert ends == {early.pk: date(2026, 12, 31), late.pk: date(2027, 2, 28)}
    add_late = TeamMember.objects.get(pk=late.pk)
    add_late.starts_on = date(2027, 2, 1)
    actions.edit_team_member(add_late, by=secretary, today=TODAY, seen_version=add_late.version)
    team.ends_on = date(2027, 1, 31)
    with pytest.raises(Refused, match="任期が令和9年2月1日に始まるため、短くできません"):
        actions.edit_team(team, by=secretary, today=TODAY, seen_version=team.version)
    assert ProjectTeam.objects.get().ends_on == date(2027, 2, 28)


def test_its_report_becomes_a_subject_of_the_agenda(office, team, secretary):
    create_meeting(by=secretary, number=8, held_on=TODAY + timedelta(days=20))
    link = f"/meetings/8/items/new/?team={team.pk}"
    assert f'href="{link}"' in text_of(office.get(team.get_absolute_url()))
    form = office.get(link).context["form"]
    told = {name: form[name].value() for name in ("kind", "title", "presenter")} | {"team": team.pk}
    assert told["title"] == "窓口部会の報告"
    office.post("/meetings/8/items/new/", told)
    assert [(item.kind, item.team) for item in AgendaItem.objects.all()] == [("report", team)]
    assert "第8回　窓口部会の報告" in text_of(office.get(team.get_absolute_url()))
    for nonsense in ("x", "0", "9" * 30, "１"):
        assert office.get(f"/meetings/8/items/new/?team={nonsense}").context["form"]["title"].value() == ""


def test_the_page_of_the_committee_shows_the_teams_at_work(client, member, secretary, team):
    over = ProjectTeam(
        name="終わった部会", task="調べた。", starts_on=TODAY - timedelta(9), ends_on=TODAY - timedelta(1)
    )
    actions.set_up_team(over, by=secretary, today=TODAY)
    team.starts_on = TODAY
    actions.edit_team(team, by=secretary, today=TODAY, seen_version=team.version)
    client.force_login(member)
    page = text_of(client.get("/meetings/"))
    assert (team.get_absolute_url() in page, "終わった部会" in page, "/meetings/teams/new/" in page) == (
        True,
        False,
        False,
    )


def test_only_the_office_sets_up_teams_whatever_the_way(team, deputy_mayor, expert):
    with pytest.raises(PermissionDenied, match="事務局"):
        add(team, expert, by=deputy_mayor)


@pytest.mark.parametrize("count", [1, 3])
def test_query_count(client, team, member, expert, deputy_mayor, secretary, count, django_assert_num_queries):
    for person in (member, expert, deputy_mayor)[:count]:
        add(team, person, by=secretary)
    client.force_login(member)
    client.get(team.get_absolute_url())
    with django_assert_num_queries(10):
        assert len(client.get(team.get_absolute_url()).context["members"]) == count
