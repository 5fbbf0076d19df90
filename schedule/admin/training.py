"""The training ledger in the admin: the roster in and out of Excel, and every row as it stands."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from schedule.actions.training import edit_session, set_attendance
from schedule.models import Attendance, Trainee, Training, TrainingSession
from schedule.training_kinds import ATTENDANCE, SESSIONS, TRAINEES
from townhall.admin_site import ActionAdmin, TownModelAdmin
from townhall.permissions import Permission
from townhall.sheets.admin import SheetAdminMixin


@admin.register(Trainee)
class TraineeAdmin(SheetAdminMixin, TownModelAdmin):  # type: ignore[misc]
    """研修の名簿."""

    view_permission = Permission.VIEW_TRAINEE
    change_permission = Permission.MANAGE_TRAINING
    ledger = TRAINEES
    list_display = ["name", "section", "employment", "staff_number", "hired_on", "left_on", "user"]
    list_filter = ["section", "employment"]
    list_select_related = ["section", "user"]
    search_fields = ["name", "name_key", "staff_number"]


@admin.register(Training)
class TrainingAdmin(TownModelAdmin):
    """Begun and followed on the pages; here for looking and mending."""

    view_permission = Permission.VIEW_DUTY
    change_permission = Permission.MANAGE_TRAINING
    list_display = ["occurrence", "employments_in_words", "only_newcomers"]
    list_select_related = ["occurrence__duty"]

    @admin.display(description="対象")
    def employments_in_words(self, training: Training) -> str:
        return training.employments_in_words

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # only with the people of the roster: 受講の記録を始める


@admin.register(TrainingSession)
class TrainingSessionAdmin(SheetAdminMixin, ActionAdmin):  # type: ignore[misc]
    ledger = SESSIONS
    view_permission = Permission.VIEW_DUTY
    change_permission = Permission.MANAGE_TRAINING
    list_display = ["training", "number", "held_on", "kind", "place"]
    list_select_related = ["training__occurrence__duty"]
    fields = ["held_on", "kind", "place", "note"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # its number follows from the training: 実施回を加える

    def save_model(self, request: HttpRequest, obj: TrainingSession, form: Any, change: bool) -> None:
        edit_session(obj, seen_version=form.cleaned_data.get("seen_version"), **self._who(request))


@admin.register(Attendance)
class AttendanceAdmin(SheetAdminMixin, ActionAdmin):  # type: ignore[misc]
    ledger = ATTENDANCE
    view_permission = Permission.VIEW_TRAINEE
    change_permission = Permission.MANAGE_TRAINING
    list_display = ["trainee", "section", "training", "state", "attended_on", "reason"]
    list_filter = ["state", "section", "training"]
    list_select_related = ["trainee", "section", "training__occurrence__duty"]
    search_fields = ["trainee__name", "trainee__name_key"]
    fields = ["state", "session", "attended_on", "reason"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # through the roster: 名簿に合わせる

    def save_model(self, request: HttpRequest, obj: Attendance, form: Any, change: bool) -> None:
        said: dict[str, Any] = {"session": obj.session, "on": obj.attended_on, "reason": obj.reason}
        set_attendance(obj, obj.state, seen_version=form.cleaned_data.get("seen_version"), **said, **self._who(request))
