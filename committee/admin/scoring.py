"""採点の観点 are settings of the secretariat; what people scored, found or are typing is read only."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from committee.admin.proposal_course import OfProposalAdmin
from committee.models import Criterion, ProposalDraft, ProposalOpinion, ProposalScore
from townhall.admin_site import ReadOnlyAdmin, TownModelAdmin
from townhall.permissions import Permission


@admin.register(Criterion)
class CriterionAdmin(TownModelAdmin):
    view_permission = Permission.RECEIVE_PROPOSAL
    change_permission = Permission.RECEIVE_PROPOSAL
    list_display = ["name", "question", "weight", "is_active", "is_example"]


@admin.register(ProposalScore)
class ProposalScoreAdmin(OfProposalAdmin):
    list_display = ["proposal", "edition", "criterion", "scorer", "points", "most", "weight"]
    list_select_related = ["proposal", "criterion", "scorer"]


@admin.register(ProposalOpinion)
class ProposalOpinionAdmin(OfProposalAdmin):
    list_display = ["proposal", "edition", "recommendation", "text"]


@admin.register(ProposalDraft)
class ProposalDraftAdmin(ReadOnlyAdmin):
    """That somebody is typing, never what."""

    view_permission = Permission.RECEIVE_PROPOSAL
    fields = ["author", "saved_at"]
    list_display = ["__str__", "author", "saved_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("typed")
