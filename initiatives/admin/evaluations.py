"""The letters are master data of 事務局. Evaluations themselves are given on their page, stage by stage, or by a file."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from initiatives.actions.evaluations import edit_grade
from initiatives.kinds import EVALUATIONS
from initiatives.models import Evaluation, EvaluationGrade, EvaluationScale, EvaluationYear
from townhall.admin_site import ActionAdmin, ReadOnlyAdmin
from townhall.permissions import Permission
from townhall.sheets.admin import SheetAdminMixin


@admin.register(EvaluationScale)
class EvaluationScaleAdmin(ActionAdmin):
    view_permission = Permission.MANAGE_EVALUATION
    change_permission = Permission.MANAGE_EVALUATION
    fields = ["plan", "name", "source", "is_confirmed", "seen_version"]
    list_display = ["plan", "name", "source", "is_confirmed"]
    list_select_related = ["plan"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("plan",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)


@admin.register(EvaluationGrade)
class EvaluationGradeAdmin(ActionAdmin):
    view_permission = Permission.MANAGE_EVALUATION
    change_permission = Permission.MANAGE_EVALUATION
    fields = ["scale", "order", "code", "label", "meaning", "is_evaluable", "points", "is_low", "seen_version"]
    list_display = ["code", "label", "meaning", "order", "is_evaluable", "points", "is_low", "scale"]
    list_display_links = ["code", "label"]
    list_filter = ["scale"]
    list_select_related = ["scale__plan"]
    search_fields = ["code", "label"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("scale",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            edit_grade(obj, seen_version=form.cleaned_data.get("seen_version"), **self._who(request))
        else:
            super().save_model(request, obj, form, change)


@admin.register(EvaluationYear)
class EvaluationYearAdmin(ReadOnlyAdmin):
    view_permission = Permission.MANAGE_EVALUATION
    list_display = ["plan", "fiscal_year", "fixed_on", "fixed_by"]
    list_filter = ["plan"]
    list_select_related = ["plan"]


@admin.register(Evaluation)
class EvaluationAdmin(SheetAdminMixin, ReadOnlyAdmin):  # type: ignore[misc]
    ledger = EVALUATIONS
    view_permission = Permission.MANAGE_EVALUATION
    list_display = ["initiative", "year", "stage", "grade", "direction", "given_by", "given_on", "correction"]
    list_filter = ["year", "stage", "direction"]
    list_select_related = ["initiative", "year__plan", "grade"]
    search_fields = ["comment", "given_by"]
