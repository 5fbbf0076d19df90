"""名簿 and 宿題 in the admin. What ended 宿題 is shown and not typed: that needs its note, on its own page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from committee import actions
from committee.models import ActionItem, CommitteeRules, Seat
from townhall.admin_site import ActionAdmin, TownModelAdmin
from townhall.permissions import Permission


@admin.register(CommitteeRules)
class CommitteeRulesAdmin(TownModelAdmin):
    view_permission = Permission.VIEW_MEETING
    change_permission = Permission.MANAGE_MEETING
    list_display = ["__str__", "quorum_rule", "quorum_number", "minutes_days", "is_confirmed"]


@admin.register(Seat)
class AttendanceAdmin(ActionAdmin):
    """Seats are made by 招集. A closed meeting is corrected on its page, with a reason."""

    view_permission = Permission.VIEW_MEETING
    change_permission = Permission.MANAGE_MEETING
    list_display = ["meeting", "seat", "is_member", "state", "proxy"]
    list_display_links = ["seat"]
    list_filter = ["meeting", "state"]
    list_select_related = ["meeting", "person"]
    fields = ["meeting", "seat", "state", "proxy", "opinion", "seen_version"]
    readonly_fields = ["meeting", "seat"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or request.method == "POST" or not obj.meeting.is_closed)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        actions.record_attendance(obj, seen_version=form.cleaned_data.get("seen_version"), **self._who(request))


@admin.register(ActionItem)
class ActionItemAdmin(ActionAdmin):
    view_permission = Permission.VIEW_MEETING
    change_permission = Permission.MANAGE_MEETING
    list_display = ["__str__", "meeting", "section", "due_on", "state"]
    list_filter = ["state", "section", "meeting"]
    list_select_related = ["meeting", "section"]
    search_fields = ["text", "outcome_note"]
    readonly_fields = ["state", "ended_on", "outcome_note", "is_condition"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*self.readonly_fields, *([] if obj is None else ["meeting", "item"])]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or request.method == "POST" or obj.is_open)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            actions.edit_action_item(obj, seen_version=form.cleaned_data.get("seen_version"), **self._who(request))
        else:
            actions.assign_action_item(obj, **self._who(request))
