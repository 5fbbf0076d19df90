"""実施 and 効果の検証 in the admin: read here; recorded on the proposal's pages, which move it with its figures."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from committee.models import EffectReview, Execution, Proposal
from townhall.admin_site import ReadOnlyAdmin
from townhall.permissions import Permission


def _visible(request: HttpRequest) -> QuerySet[Proposal]:
    return Proposal.objects.visible_to(request.user, today=request.today)  # type: ignore[arg-type, attr-defined]


@admin.register(Execution)
class ExecutionAdmin(ReadOnlyAdmin):
    view_permission = Permission.VIEW_PROPOSAL
    list_display = ["proposal", "activity", "started_on"]
    list_select_related = ["proposal", "activity"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Execution]:
        return Execution.objects.filter(proposal__in=_visible(request))


@admin.register(EffectReview)
class EffectReviewAdmin(ReadOnlyAdmin):
    view_permission = Permission.VIEW_PROPOSAL
    list_display = ["execution", "months", "due_on", "measured_on", "volume", "minutes_saved", "hours"]
    list_filter = ["months"]
    list_select_related = ["execution__proposal"]

    @admin.display(description="実測の時間")
    def hours(self, review: EffectReview) -> Any:
        return "―" if review.measured_hours is None else f"{review.measured_hours:,}時間"

    def get_queryset(self, request: HttpRequest) -> QuerySet[EffectReview]:
        return EffectReview.objects.filter(execution__proposal__in=_visible(request))
