"""What the figures of proposals rest on: who pays in which year."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from committee.models import Proposal, ProposalFunding
from townhall.admin_site import ReadOnlyAdmin
from townhall.permissions import Permission


@admin.register(ProposalFunding)
class ProposalFundingAdmin(ReadOnlyAdmin):
    """Written on the page of the proposal, whose version guards it."""

    view_permission = Permission.RECEIVE_PROPOSAL
    list_display = ["proposal", "source", "year_1", "year_2", "year_3", "year_4", "year_5"]
    list_filter = ["source"]
    list_select_related = ["proposal", "source"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProposalFunding]:
        seen = Proposal.objects.visible_to(request.user, today=request.today)  # type: ignore[arg-type, attr-defined]
        return ProposalFunding.objects.filter(proposal__in=seen)
