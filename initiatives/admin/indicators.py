"""Indicators in the admin: the same actions as on the pages, and the table of all years in and out."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import render

from initiatives.actions import indicators as actions
from initiatives.kinds import INDICATORS
from initiatives.models import Indicator, IndicatorTarget, IndicatorValue
from townhall.admin_site import TownModelAdmin
from townhall.forms import VersionedAdminForm
from townhall.permissions import Permission
from townhall.refusal import Refused
from townhall.sheets.admin import SheetAdminMixin

SOURCE = "管理画面"


class ActionAdmin(TownModelAdmin):
    """A refusal by an action becomes a page with its sentence and everything that was typed; nothing is saved."""

    view_permission = Permission.MANAGE_INDICATOR
    change_permission = Permission.MANAGE_INDICATOR

    def _or_conflict(self, request: HttpRequest, view: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return super()._or_conflict(request, view, *args, **kwargs)
        except Refused as refused:
            sentence = refused.sentence
        except ValidationError as error:
            sentence = "".join(error.messages)
        typed = [(name, value) for name, value in request.POST.items() if value and name != "csrfmiddlewaretoken"]
        context = self.admin_site.each_context(request) | {"sentence": sentence, "typed": typed}
        return render(request, "admin/conflict.html", context, status=409)

    def _who(self, request: HttpRequest) -> dict[str, Any]:
        return {"by": request.user, "today": request.today, "source": SOURCE}  # type: ignore[attr-defined]


class IndicatorAdminForm(VersionedAdminForm):
    def _get_validation_exclusions(self) -> set[str]:
        """The action gives the number of a new one."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {"number"} if self.instance.pk is None else excluded


@admin.register(Indicator)
class IndicatorAdmin(SheetAdminMixin, ActionAdmin):  # type: ignore[misc]
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
class IndicatorTargetAdmin(ActionAdmin):
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
class IndicatorValueAdmin(ActionAdmin):
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
