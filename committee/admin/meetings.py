"""Meetings, agenda and decisions in the admin. Decisions already made are shown and not typed."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from committee import actions
from committee.models import AgendaItem, Decision, Meeting
from townhall.admin_site import ActionAdmin
from townhall.forms import CleanTextMixin, VersionedAdminForm
from townhall.permissions import Permission


@admin.register(Meeting)
class MeetingAdmin(ActionAdmin):
    view_permission = Permission.VIEW_MEETING
    change_permission = Permission.MANAGE_MEETING
    list_display = ["number", "held_on", "starts_at", "place", "is_closed"]
    list_filter = ["is_closed"]
    readonly_fields = ["convened_at", "convened_by", "reply_by", "moved_at", "is_closed", "closed_at", "closed_by"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or request.method == "POST" or not obj.is_closed)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            now = request.now  # type: ignore[attr-defined]
            actions.edit_meeting(obj, now=now, seen_version=form.cleaned_data.get("seen_version"), **self._who(request))
        else:
            actions.schedule_meeting(obj, **self._who(request))


class AgendaItemAdminForm(VersionedAdminForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "meeting" in self.fields:
            self.fields["meeting"].queryset = Meeting.objects.open_for_items()  # type: ignore[attr-defined]


@admin.register(AgendaItem)
class AgendaItemAdmin(ActionAdmin):
    """Proposals are put on an agenda from their own page (次第に載せる), because they move with it."""

    view_permission = Permission.VIEW_MEETING
    change_permission = Permission.MANAGE_MEETING
    form = AgendaItemAdminForm
    list_display = ["meeting", "order", "kind", "title", "proposal", "activity"]
    list_filter = ["meeting", "kind"]
    list_select_related = ["meeting", "proposal", "activity"]
    search_fields = ["title", "note"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return []
        about = ["activity"] if obj.proposal_id or obj.occurrence_id else []
        return ["meeting", "order", "paper_number", "proposal", "occurrence", *about]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        middle = [] if obj is None else ["order", "paper_number", "proposal", "occurrence"]
        said = ["kind", "title", "activity", "presenter", "minutes_planned", "note", "options"]
        return ["meeting", *middle, *said, "seen_version"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        if obj is None or request.method == "POST":
            return allowed
        return allowed and not obj.meeting.is_closed and obj.decision_or_none is None

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            actions.edit_agenda_item(obj, seen_version=form.cleaned_data.get("seen_version"), **self._who(request))
        else:
            actions.add_agenda_item(obj, **self._who(request))


class DecisionAdminForm(CleanTextMixin, forms.ModelForm):
    today: date

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "item" in self.fields:
            undecided = AgendaItem.objects.filter(decision__isnull=True, meeting__is_closed=False)
            self.fields["item"].queryset = undecided.select_related("meeting", "proposal")  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if "item" not in self.errors and self.instance.item_id is not None:
            for name, sentence in actions.decision_errors(self.instance, today=self.today).items():
                if name not in self.errors:
                    self.add_error(name, sentence)


@admin.register(Decision)
class DecisionAdmin(ActionAdmin):
    """Recorded once. A correction comes with a reason, on the page of the meeting."""

    view_permission = Permission.VIEW_MEETING
    change_permission = Permission.DECIDE
    form = DecisionAdminForm
    fields = [
        "item",
        "outcome",
        "chosen_option",
        "reason",
        "conditions",
        "conditions_due_on",
        "decided_on",
        "drafted_on",
        "approval_class",
        "approved_on",
        "document_number",
    ]
    list_display = ["item", "outcome", "decided_on", "document_number", "recorded_by"]
    list_filter = ["outcome"]
    list_select_related = ["item"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.today = request.today  # type: ignore[attr-defined]
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        now = request.now  # type: ignore[attr-defined]
        actions.record_decision(obj, now=now, seen_version=obj.item.version, **self._who(request))
