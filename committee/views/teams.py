"""専門部会: the list, one of them, setting it up, its members."""

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from committee import actions
from committee.forms import TeamForm, TeamMemberForm
from committee.models import Meeting, ProjectTeam, TeamMember
from committee.views.asking import FORM_METHODS, form_page, posted, who
from townhall.history import changes_by_row, changes_of
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, requires


def _or_404(pk: int) -> ProjectTeam:
    return get_object_or_404(ProjectTeam.objects.select_related("section"), pk=pk)


@requires(Permission.VIEW_MEETING)
@require_safe
def team_list(request: PortalRequest) -> HttpResponse:
    members = Prefetch("members", TeamMember.objects.select_related("person"))
    teams = ProjectTeam.objects.select_related("section").prefetch_related(members, "agenda_items__meeting")
    context = {"teams": teams, "manages": can(request.user, Permission.MANAGE_TEAM, today=request.today)}
    return render(request, "committee/team_list.html", context | {"today": request.today})


@requires(Permission.VIEW_MEETING)
@require_safe
def team_detail(request: PortalRequest, pk: int) -> HttpResponse:
    team = _or_404(pk)
    agenda = can(request.user, Permission.MANAGE_MEETING, today=request.today)
    context = {
        "team": team,
        "members": team.members.select_related("person"),
        "reports": team.agenda_items.select_related("meeting", "decision").order_by("-meeting__held_on"),
        "manages": can(request.user, Permission.MANAGE_TEAM, today=request.today),
        "meetings": Meeting.objects.open_for_items() if agenda else (),
        "changes": changes_of(team),
        "member_changes": changes_by_row(TeamMember.history.filter(team_id=team.pk).select_related("person", "team")),
        "today": request.today,
    }
    return render(request, "committee/team_detail.html", context)


@requires(Permission.MANAGE_TEAM)
@require_http_methods(FORM_METHODS)
def team_create(request: PortalRequest) -> HttpResponse:
    team = ProjectTeam()
    form = TeamForm(posted(request), instance=team, today=request.today)
    made: list[ProjectTeam] = []
    return form_page(
        request,
        form,
        lambda: made.append(actions.set_up_team(team, **who(request))),
        done="専門部会を設けました。部会員を加えてください。",
        to=lambda: made[0],
        template="committee/team_create.html",
        context={},
    )


@requires(Permission.MANAGE_TEAM)
@require_http_methods(FORM_METHODS)
def team_edit(request: PortalRequest, pk: int) -> HttpResponse:
    team = _or_404(pk)
    form = TeamForm(posted(request), instance=team, today=request.today)
    return form_page(
        request,
        form,
        lambda: actions.edit_team(team, seen_version=form.cleaned_data["seen_version"], **who(request)),
        done="専門部会を保存しました。",
        to=team,
        template="committee/team_edit.html",
        context={"team": _or_404(pk)},
    )


@requires(Permission.MANAGE_TEAM)
@require_http_methods(FORM_METHODS)
def team_member_create(request: PortalRequest, pk: int) -> HttpResponse:
    team = _or_404(pk)
    member = TeamMember(team=team)
    form = TeamMemberForm(posted(request), instance=member)
    return form_page(
        request,
        form,
        lambda: actions.add_team_member(member, **who(request)),
        done="部会員を加えました。",
        to=team,
        template="committee/team_member_create.html",
        context={"team": team},
    )


@requires(Permission.MANAGE_TEAM)
@require_http_methods(FORM_METHODS)
def team_member_edit(request: PortalRequest, pk: int, member: int) -> HttpResponse:
    row = get_object_or_404(TeamMember.objects.select_related("team", "person"), team=pk, pk=member)
    form = TeamMemberForm(posted(request), instance=row)
    return form_page(
        request,
        form,
        lambda: actions.edit_team_member(row, seen_version=form.cleaned_data["seen_version"], **who(request)),
        done="部会員の任期を保存しました。",
        to=row.team,
        template="committee/team_member_edit.html",
        context={"team": row.team, "member": row},
    )
