"""The policy ledger in the admin: the documents are made here, the rest is mended."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from schedule.actions.policy import stop_notices
from schedule.models import PolicyDocument, PolicyFinding, PolicyReview, PolicyVersion
from schedule.policy_kinds import FINDINGS, POLICIES, REVIEWS, VERSIONS
from townhall.admin_site import TownModelAdmin
from townhall.permissions import Permission
from townhall.sheets.admin import SheetAdminMixin


class PolicyAdmin(TownModelAdmin):
    view_permission = Permission.VIEW_DUTY
    change_permission = Permission.MANAGE_POLICY


@admin.register(PolicyDocument)
class PolicyDocumentAdmin(SheetAdminMixin, PolicyAdmin):  # type: ignore[misc]
    ledger = POLICIES
    list_display = ["name", "kind", "is_public", "owner_section", "next_review_on", "is_active"]
    list_filter = ["kind", "is_public", "is_active"]
    list_select_related = ["owner_section"]
    search_fields = ["name", "code"]


@admin.register(PolicyVersion)
class PolicyVersionAdmin(SheetAdminMixin, PolicyAdmin):  # type: ignore[misc]
    ledger = VERSIONS
    list_display = ["document", "label", "revised_on", "in_force_on", "trigger", "approved_by"]
    list_filter = ["document", "trigger"]
    list_select_related = ["document"]
    search_fields = ["label", "reason", "approved_by"]


@admin.register(PolicyReview)
class PolicyReviewAdmin(SheetAdminMixin, PolicyAdmin):  # type: ignore[misc]
    ledger = REVIEWS
    list_display = ["document", "reviewed_on", "trigger", "outcome"]
    list_filter = ["document", "outcome", "trigger"]
    list_select_related = ["document"]
    search_fields = ["note"]


@admin.register(PolicyFinding)
class PolicyFindingAdmin(SheetAdminMixin, PolicyAdmin):  # type: ignore[misc]
    ledger = FINDINGS
    list_display = ["content", "source", "owner_section", "found_on", "due_on", "done_on"]
    list_filter = ["source", "owner_section"]
    list_select_related = ["owner_section"]
    search_fields = ["content", "task", "done_note"]

    def save_model(self, request: HttpRequest, obj: PolicyFinding, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        stop_notices(obj)
