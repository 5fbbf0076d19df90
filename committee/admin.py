"""The committee's rows in the admin: the same actions as the pages, so no rule can be walked around.

What only the workflow may change (state, number, decisions already made) is shown and not typed.
"""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import render

from committee import actions
from committee.choices import ProposalAction, ProposalState
from committee.models import AgendaItem, Decision, Meeting, Proposal, ProposalEvent
from committee.workflow import Refused, may_edit, missing_of
from townhall.admin_site import ReadOnlyAdmin, TownModelAdmin
from townhall.forms import CleanTextMixin, VersionedAdminForm
from townhall.permissions import Permission

SOURCE = "管理画面"


class RuleAdmin(TownModelAdmin):
    """A refusal by an action becomes a page with its sentence and everything that was typed; nothing is saved."""

    def _or_conflict(self, request: HttpRequest, view: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return super()._or_conflict(request, view, *args, **kwargs)
        except Refused as refused:
            sentences = [refused.sentence]
        except ValidationError as error:
            sentences = error.messages
        labels = {field.name: getattr(field, "verbose_name", "") for field in self.model._meta.get_fields()}
        typed = [(labels[name], value) for name, value in request.POST.items() if value and name in labels]
        context = self.admin_site.each_context(request) | {"sentences": sentences, "typed": typed}
        return render(request, "committee/admin_refused.html", context, status=409)

    def _who(self, request: HttpRequest) -> dict[str, Any]:
        return {"by": request.user, "today": request.today, "source": SOURCE}  # type: ignore[attr-defined]


class ProposalAdminForm(VersionedAdminForm):
    """What has been submitted stays complete."""

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.instance.state in ProposalState.FOR_AN_AGENDA:
            for name, sentence in missing_of(self.instance).items():
                if name in self.fields and name not in self.errors:
                    self.add_error(name, sentence)


@admin.register(Proposal)
class ProposalAdmin(RuleAdmin):
    """事務局 mends the wording of what lies with it (確認中・継続審議); everything else is read here."""

    view_permission = Permission.VIEW_PROPOSAL
    change_permission = Permission.RECEIVE_PROPOSAL
    form = ProposalAdminForm
    list_display = ["number", "title", "section", "state", "edition", "created_at"]
    list_display_links = ["number", "title"]
    list_filter = ["state", "section", "fiscal_year"]
    list_select_related = ["section"]
    search_fields = ["title", "problem", "solution"]
    readonly_fields = [
        "number",
        "state",
        "section",
        "edition",
        "author",
        "created_at",
        "hours",
        "total_cost",
        "withdrawn_reason",
    ]

    @admin.display(description="番号", ordering="serial")
    def number(self, proposal: Proposal) -> str:
        return proposal.number_label or "提出前"

    @admin.display(description="削減できる時間（見込み、年）")
    def hours(self, proposal: Proposal) -> str:
        return "―" if proposal.hours_saved is None else f"{proposal.hours_saved:,}時間"

    @admin.display(description="5年間の費用（千円）")
    def total_cost(self, proposal: Proposal) -> str:
        return "―" if proposal.total_cost is None else f"{proposal.total_cost:,}千円"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Proposal]:
        return Proposal.objects.visible_to(request.user, today=request.today)  # type: ignore[arg-type, attr-defined]

    def history_shown(self, request: HttpRequest, row: Proposal) -> QuerySet[Any]:
        return row.history_for(request.user, today=request.today)  # type: ignore[arg-type, attr-defined]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # proposals are written by the sections, on their page

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        if obj is None or request.method == "POST":  # a POST is told by the action, with what was typed
            return allowed
        return allowed and may_edit(obj, by=request.user, today=request.today)  # type: ignore[arg-type, attr-defined]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        actions.edit_proposal(obj, seen_version=form.cleaned_data.get("seen_version"), **self._who(request))


@admin.register(ProposalEvent)
class ProposalEventAdmin(ReadOnlyAdmin):
    view_permission = Permission.VIEW_PROPOSAL
    list_display = ["at", "proposal", "action", "from_state", "to_state", "actor", "edition"]
    list_filter = ["action"]
    list_select_related = ["proposal"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProposalEvent]:
        seen = Proposal.objects.visible_to(request.user, today=request.today)  # type: ignore[arg-type, attr-defined]
        return ProposalEvent.objects.filter(proposal__in=seen).exclude(action=ProposalAction.SEND_BACK)


@admin.register(Meeting)
class MeetingAdmin(RuleAdmin):
    view_permission = Permission.VIEW_MEETING
    change_permission = Permission.MANAGE_MEETING
    list_display = ["number", "held_on", "starts_at", "place", "is_closed"]
    list_filter = ["is_closed"]
    readonly_fields = ["is_closed", "closed_at", "closed_by"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or request.method == "POST" or not obj.is_closed)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            actions.edit_meeting(obj, seen_version=form.cleaned_data.get("seen_version"), **self._who(request))
        else:
            actions.schedule_meeting(obj, **self._who(request))


class AgendaItemAdminForm(VersionedAdminForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "meeting" in self.fields:
            self.fields["meeting"].queryset = Meeting.objects.open_for_items()  # type: ignore[attr-defined]


@admin.register(AgendaItem)
class AgendaItemAdmin(RuleAdmin):
    """Proposals are put on an agenda from their own page (次第に載せる), because they move with it."""

    view_permission = Permission.VIEW_MEETING
    change_permission = Permission.MANAGE_MEETING
    form = AgendaItemAdminForm
    list_display = ["meeting", "order", "kind", "title", "proposal", "activity"]
    list_filter = ["meeting", "kind"]
    list_select_related = ["meeting", "proposal", "activity"]
    search_fields = ["title", "note"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [] if obj is None else ["meeting", "order", "proposal"] + (["activity"] if obj.proposal_id else [])

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        middle = [] if obj is None else ["order", "proposal"]
        return ["meeting", *middle, "kind", "title", "activity", "note", "seen_version"]

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
class DecisionAdmin(RuleAdmin):
    """Recorded once. A correction after that comes with a reason, which this version does not offer yet."""

    view_permission = Permission.VIEW_MEETING
    change_permission = Permission.DECIDE
    form = DecisionAdminForm
    fields = ["item", "outcome", "reason", "conditions", "decided_on", "document_number"]
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
