"""The policy ledger in the admin: the same actions as on the pages, which also say when to look again."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from schedule.actions import policy as actions
from schedule.models import PolicyDocument, PolicyFinding, PolicyReview, PolicyVersion
from schedule.models.policy import months_after
from schedule.policy_kinds import FINDINGS, POLICIES, REVIEWS, VERSIONS
from townhall.admin_site import ActionAdmin
from townhall.permissions import Permission
from townhall.sheets.admin import SheetAdminMixin


class PolicyAdmin(ActionAdmin):
    view_permission = Permission.VIEW_DUTY
    change_permission = Permission.MANAGE_POLICY


@admin.register(PolicyDocument)
class PolicyDocumentAdmin(SheetAdminMixin, PolicyAdmin):  # type: ignore[misc]
    ledger = POLICIES
    list_display = ["name", "kind", "is_public", "owner_section", "next_review_on", "is_active"]
    list_filter = ["kind", "is_public", "is_active"]
    list_select_related = ["owner_section"]
    search_fields = ["name", "code"]

    def save_model(self, request: HttpRequest, obj: PolicyDocument, form: Any, change: bool) -> None:
        if change:
            actions.edit_document(obj, seen_version=form.cleaned_data.get("seen_version"), **self._who(request))
        elif actions.create_document(obj, **self._who(request)) is not obj:
            raise ValidationError(actions.SAME_NAME)  # the first of two equal ones is on its page already


@admin.register(PolicyVersion)
class PolicyVersionAdmin(SheetAdminMixin, PolicyAdmin):  # type: ignore[misc]
    ledger = VERSIONS
    list_display = ["document", "label", "revised_on", "in_force_on", "trigger", "approved_by"]
    list_filter = ["document", "trigger"]
    list_select_related = ["document"]
    search_fields = ["label", "reason", "approved_by"]

    def save_model(self, request: HttpRequest, obj: PolicyVersion, form: Any, change: bool) -> None:
        if change:
            actions.edit_version(obj, seen_version=form.cleaned_data.get("seen_version"), **self._who(request))
        else:
            actions.add_version(obj, **self._who(request))


@admin.register(PolicyReview)
class PolicyReviewAdmin(SheetAdminMixin, PolicyAdmin):  # type: ignore[misc]
    ledger = REVIEWS
    list_display = ["document", "reviewed_on", "trigger", "outcome"]
    list_filter = ["document", "outcome", "trigger"]
    list_select_related = ["document"]
    search_fields = ["note"]

    def save_model(self, request: HttpRequest, obj: PolicyReview, form: Any, change: bool) -> None:
        if change:
            actions.edit_review(obj, seen_version=form.cleaned_data.get("seen_version"), **self._who(request))
            return
        next_on = months_after(obj.reviewed_on, obj.document.review_months)
        actions.record_review(obj, next_review_on=next_on, **self._who(request))


@admin.register(PolicyFinding)
class PolicyFindingAdmin(SheetAdminMixin, PolicyAdmin):  # type: ignore[misc]
    ledger = FINDINGS
    list_display = ["content", "source", "owner_section", "found_on", "due_on", "done_on"]
    list_filter = ["source", "owner_section"]
    list_select_related = ["owner_section"]
    search_fields = ["content", "task", "done_note"]

    def get_readonly_fields(self, request: HttpRequest, obj: PolicyFinding | None = None) -> list[str]:
        """Opening again what was mended asks for a reason, and so is done on the page."""
        return [*super().get_readonly_fields(request, obj), *(["done_on"] if obj and obj.done_on else [])]

    def save_model(self, request: HttpRequest, obj: PolicyFinding, form: Any, change: bool) -> None:
        if change:
            actions.edit_finding(obj, seen_version=form.cleaned_data.get("seen_version"), **self._who(request))
        else:
            actions.add_finding(obj, **self._who(request))
        actions.stop_notices(obj)
