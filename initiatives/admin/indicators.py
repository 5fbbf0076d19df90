"""Indicators in the admin: the same actions as on the pages, and the table of all years in and out."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from initiatives.actions import indicators as actions
from initiatives.kinds import INDICATORS
from initiatives.models import Indicator, IndicatorTarget, IndicatorValue
from townhall.admin_site import ActionAdmin
from townhall.forms import VersionedAdminForm
from townhall.permissions import Permission
from townhall.sheets.admin import SheetAdminMixin


class IndicatorsAdmin(ActionAdmin):
    view_permission = Permission.MANAGE_INDICATOR
    change_permission = Permission.MANAGE_INDICATOR


class IndicatorAdminForm(VersionedAdminForm):
    def _get_validation_exclusions(self) -> set[str]:
        """The action gives the number of a new one."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {"number"} if self.instance.pk is None else excluded


@admin.register(Indicator)
class IndicatorAdmin(SheetAdminMixin, IndicatorsAdmin):  # type: ignore[misc]
    form = IndicatorAdminForm
    ledger = INDICATORS
    fields = [
        *("plan", "name", "unit", "kind", "direction", "initiative", "formula", "source"),
        *("baseline_year", "baseline_value", "note", "is_active", "seen_version"),
    ]
    list_display = ["label", "name", "unit", "kind", "direction", "initiative", "is_active", "plan"]
    list_display_links = ["label", "name"]
    list_filter = ["plan", "kind", "is_active"]
    list_select_related = ["plan", "initiative"]
    search_fields = ["name", "formula", "source"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("plan",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            actions.edit_indicator(obj, seen_version=form.cleaned_data.get("seen_version"), **self._who(request))
        else:
            actions.create_indicator(obj, **self._who(request))


@admin.register(IndicatorTarget)
class IndicatorTargetAdmin(IndicatorsAdmin):
    fields = ["indicator", "fiscal_year", "value", "upper", "decided_by", "seen_version"]
    list_display = ["indicator", "fiscal_year", "value", "upper", "decided_by"]
    list_filter = ["fiscal_year", "indicator__plan"]
    list_select_related = ["indicator"]
    search_fields = ["indicator__name", "decided_by"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("indicator", "fiscal_year") if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        actions.set_target(obj, seen_version=form.cleaned_data.get("seen_version"), **self._who(request))


class ValueAdminForm(VersionedAdminForm):
    reason = forms.CharField(
        label="訂正の理由", max_length=200, required=False, help_text="記録した値を変えるときに要ります。"
    )

    def clean(self) -> Any:
        data = super().clean()
        if self.instance.pk and not (self.cleaned_data.get("reason") or "").strip():
            self.add_error("reason", "訂正の理由を入力してください。")
        return data


@admin.register(IndicatorValue)
class IndicatorValueAdmin(IndicatorsAdmin):
    form = ValueAdminForm
    fields = [
        *("indicator", "fiscal_year", "part", "basis", "value", "as_of", "source", "is_public"),
        *("correction", "reason", "seen_version"),
    ]
    list_display = ["indicator", "fiscal_year", "part", "basis", "value", "as_of", "is_public", "correction"]
    list_filter = ["fiscal_year", "basis", "is_public", "indicator__plan"]
    list_select_related = ["indicator"]
    search_fields = ["indicator__name", "source"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("indicator", "fiscal_year", "part", "basis", "correction") if obj else ("correction",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            actions.record_value(obj, **self._who(request))
            return
        data = form.cleaned_data
        actions.correct_value(obj, seen_version=data.get("seen_version"), reason=data["reason"], **self._who(request))
