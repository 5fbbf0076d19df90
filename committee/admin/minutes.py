"""書面の回答, 会議録, 意見, 専門部会. What members said is read here and not typed; 会議録 are moved on their page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from committee import actions
from committee.models import Comment, ItemPaper, Minutes, MinutesReply, ProjectTeam, TeamMember, WrittenAnswer
from townhall.admin_site import ActionAdmin, ReadOnlyAdmin
from townhall.permissions import Permission


@admin.register(WrittenAnswer)
class WrittenAnswerAdmin(ReadOnlyAdmin):
    view_permission = Permission.MANAGE_MEETING
    list_display = ["item", "seat", "vote"]
    list_filter = ["vote", "item__meeting"]
    list_select_related = ["item"]


@admin.register(Minutes)
class MinutesAdmin(ActionAdmin):
    view_permission = Permission.MANAGE_MEETING
    change_permission = Permission.MANAGE_MEETING
    list_display = ["__str__", "state", "reply_by", "confirmed_on"]
    list_filter = ["state"]
    list_select_related = ["meeting"]
    readonly_fields = ["meeting", "state", "reply_by", "confirmed_on", "confirmed_by"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or request.method == "POST" or not obj.is_confirmed)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        who = {"by": request.user, "today": request.today}  # type: ignore[attr-defined]
        actions.edit_minutes(obj, seen_version=form.cleaned_data.get("seen_version"), **who)


@admin.register(MinutesReply)
class MinutesReplyAdmin(ReadOnlyAdmin):
    view_permission = Permission.MANAGE_MEETING
    list_display = ["minutes", "seat", "text", "handled"]
    list_select_related = ["minutes__meeting"]


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    view_permission = Permission.MANAGE_MEETING
    list_display = ["written_at", "author_text", "text"]
    search_fields = ["text", "author_text"]


@admin.register(ItemPaper)
class ItemPaperAdmin(ReadOnlyAdmin):
    view_permission = Permission.MANAGE_MEETING
    list_display = ["item", "attachment", "is_reference", "number", "is_removed"]
    list_select_related = ["item", "attachment"]


@admin.register(ProjectTeam)
class ProjectTeamAdmin(ActionAdmin):
    view_permission = Permission.VIEW_MEETING
    change_permission = Permission.MANAGE_TEAM
    list_display = ["name", "section", "starts_on", "ends_on"]
    list_select_related = ["section"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            actions.edit_team(obj, seen_version=form.cleaned_data.get("seen_version"), **self._who(request))
        else:
            actions.set_up_team(obj, **self._who(request))


@admin.register(TeamMember)
class TeamMemberAdmin(ActionAdmin):
    view_permission = Permission.VIEW_MEETING
    change_permission = Permission.MANAGE_TEAM
    list_display = ["team", "person", "is_leader", "starts_on", "ends_on"]
    list_filter = ["team"]
    list_select_related = ["team", "person"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [] if obj is None else ["team", "person"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            actions.edit_team_member(obj, seen_version=form.cleaned_data.get("seen_version"), **self._who(request))
        else:
            actions.add_team_member(obj, **self._who(request))
