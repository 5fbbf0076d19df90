"""What happened to proposals on their way: to be read, never typed into."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from committee.models import Proposal, ProposalAttachment, ProposalEdition, ProposalOpening, ProposalQuestion
from townhall.admin_site import ReadOnlyAdmin
from townhall.permissions import Permission


class OfProposalAdmin(ReadOnlyAdmin):
    """Rows of the proposals that this person may know of."""

    view_permission = Permission.VIEW_PROPOSAL
    list_select_related = ["proposal"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        seen = Proposal.objects.visible_to(request.user, today=request.today)  # type: ignore[arg-type, attr-defined]
        return super().get_queryset(request).filter(proposal__in=seen)


@admin.register(ProposalQuestion)
class ProposalQuestionAdmin(OfProposalAdmin):
    list_display = ["proposal", "number", "question", "asked_by", "asked_at", "answer", "answered_at"]


@admin.register(ProposalEdition)
class ProposalEditionAdmin(OfProposalAdmin):
    list_display = ["proposal", "number", "frozen_by", "frozen_at", "sha256"]


@admin.register(ProposalOpening)
class ProposalOpeningAdmin(OfProposalAdmin):
    list_display = ["proposal", "edition", "opened_by", "opened_at"]


@admin.register(ProposalAttachment)
class ProposalAttachmentAdmin(OfProposalAdmin):
    list_display = ["proposal", "attachment", "is_removed"]
    list_select_related = ["proposal", "attachment"]
