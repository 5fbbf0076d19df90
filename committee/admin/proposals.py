"""Proposals in the admin. What only the workflow may change (state, number) is shown and not typed."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from committee import actions, contents
from committee.choices import ProposalAction, ProposalState
from committee.kinds import PROPOSALS
from committee.models import Proposal, ProposalEvent
from committee.workflow import may_edit, missing_of
from townhall.admin_site import ActionAdmin, ReadOnlyAdmin
from townhall.forms import VersionedAdminForm
from townhall.permissions import Permission
from townhall.sheets.admin import SheetAdminMixin


class ProposalAdminForm(VersionedAdminForm):
    """What has been submitted stays complete."""

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.instance.state in ProposalState.FOR_AN_AGENDA:
            for name, sentence in missing_of(self.instance).items():
                if name in self.fields and name not in self.errors:
                    self.add_error(name, sentence)


@admin.register(Proposal)
class ProposalAdmin(SheetAdminMixin, ActionAdmin):  # type: ignore[misc]
    """事務局 mends the wording of what lies with it (確認中・継続審議); everything else is read here."""

    ledger = PROPOSALS
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
        "yen_per_hour",
        "hours",
        "total_cost",
        "withdrawn_reason",
    ]
    fieldsets = [
        (None, {"fields": ["number", "state", "section", "edition", "author", "created_at", "withdrawn_reason"]}),
        ("1　概要", {"fields": contents.OUTLINE}),
        (
            "2　効果と費用",
            {
                "fields": [
                    *("yearly_volume", "minutes_saved", "yen_per_hour", "hours", "initial_cost", "yearly_cost"),
                    *("total_cost", *contents.MEASURED_BY),
                ]
            },
        ),
        ("3　確認事項", {"fields": [*contents.CHECKED, "seen_version"]}),
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
