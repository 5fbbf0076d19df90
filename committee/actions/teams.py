"""専門部会: set up for a task and a term, with members for a term inside it (計画書 7 なお書き)."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from committee.actions.once import create_once
from committee.models import ProjectTeam, TeamMember
from committee.workflow import who_may
from townhall import fiscal
from townhall.changes import save_row
from townhall.models import User
from townhall.permissions import Permission, can
from townhall.refusal import Refused


@transaction.atomic
def set_up_team(team: ProjectTeam, *, by: User, today: date, source: str = "画面") -> ProjectTeam:
    """The same team a second time is the first one: a double click."""
    _manages(by, today=today)
    said = {name: getattr(team, name) for name in ("name", "task", "section_id", "starts_on", "ends_on")}
    return create_once(team, ProjectTeam.objects.filter(**said), by=by, today=today, source=source)


@transaction.atomic
def edit_team(
    team: ProjectTeam, *, by: User, today: date, seen_version: int | None, source: str = "画面"
) -> ProjectTeam:
    """A shorter term ends its members' terms with it; a longer one leaves them as they are."""
    _manages(by, today=today)
    save_row(team, by=by, seen_version=seen_version, today=today, source=source)
    for member in team.members.filter(ends_on__gt=team.ends_on).select_related("person"):
        if member.starts_on > team.ends_on:
            raise Refused(
                f"{member.person}の任期が{fiscal.format_date(member.starts_on)}に始まるため、短くできません。"
            )
        member.ends_on = team.ends_on
        save_row(member, by=by, seen_version=member.version, today=today, reason="専門部会の期間に合わせる")
    return team


@transaction.atomic
def add_team_member(member: TeamMember, *, by: User, today: date, source: str = "画面") -> TeamMember:
    _manages(by, today=today)
    _inside_the_term(member)
    said = {name: getattr(member, name) for name in ("team_id", "person_id", "is_leader", "starts_on", "ends_on")}
    return create_once(member, TeamMember.objects.filter(**said), by=by, today=today, source=source)


@transaction.atomic
def edit_team_member(
    member: TeamMember, *, by: User, today: date, seen_version: int | None, source: str = "画面"
) -> TeamMember:
    """Also how somebody leaves before the end: the row stays, with the day."""
    _manages(by, today=today)
    _inside_the_term(member)
    return save_row(member, by=by, seen_version=seen_version, today=today, source=source)


def _inside_the_term(member: TeamMember) -> None:
    team = ProjectTeam.objects.select_for_update().get(pk=member.team_id)
    if not team.starts_on <= member.starts_on <= member.ends_on <= team.ends_on:
        term = f"{fiscal.format_date(team.starts_on)}から{fiscal.format_date(team.ends_on)}まで"
        raise Refused(f"任期は、専門部会の期間（{term}）の中で、始めの日から順に入力してください。")


def _manages(by: User, *, today: date) -> None:
    if not can(by, Permission.MANAGE_TEAM, today=today):
        raise PermissionDenied(f"専門部会を登録できるのは、{who_may(Permission.MANAGE_TEAM)}です。")
