"""Master data of the town hall: sections, people, posts, closing days; and the record of imports."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.password_validation import validate_password
from django.db.models import QuerySet
from django.http import HttpRequest

from townhall.admin_site import ReadOnlyAdmin, TownModelAdmin
from townhall.forms import VersionedAdminForm
from townhall.models import (
    Attachment,
    CalendarAddress,
    ClosingDay,
    ColumnMapping,
    ExportRecord,
    ImportJob,
    Notice,
    RoleAssignment,
    Section,
    User,
    WaitingFile,
)
from townhall.permissions import Permission
from townhall.sheets.jobs import outcome_of


@admin.register(Section)
class SectionAdmin(TownModelAdmin):
    change_permission = Permission.MANAGE_PEOPLE
    list_display = ["name", "code", "order", "is_example", "valid_from", "valid_until", "successor"]
    list_editable = ["order", "is_example"]
    list_filter = ["is_example"]
    search_fields = ["name", "code"]


class UserForm(VersionedAdminForm):
    """Empty password = keep the present one; a new person without one cannot log in yet."""

    new_password = forms.CharField(
        label="新しいパスワード",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="変えないときは空のままにします。10文字以上。",
    )

    class Meta:
        model = User
        fields = ["username", "name", "email", "wants_mail", "is_active"]

    def clean_new_password(self) -> str:
        password: str = self.cleaned_data["new_password"]
        if password:
            validate_password(password, self.instance)
        return password


class PostInline(admin.TabularInline):
    """Read here, changed in 役割の割当て: each post has its own version and history."""

    model = RoleAssignment
    fields = ["role", "section", "title", "valid_from", "valid_until"]
    readonly_fields = ["role", "section", "title", "valid_from", "valid_until"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


@admin.register(User)
class UserAdmin(TownModelAdmin):
    view_permission = Permission.MANAGE_PEOPLE
    change_permission = Permission.MANAGE_PEOPLE
    form = UserForm
    fields = ["username", "name", "email", "wants_mail", "is_active", "new_password", "seen_version"]
    inlines = [PostInline]
    list_display = ["username", "name", "email", "is_active", "last_login"]
    list_filter = ["is_active", "posts__role", "posts__section"]
    search_fields = ["username", "name", "email"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        password = form.cleaned_data.get("new_password")
        if password:
            obj.set_password(password)
        elif not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


@admin.register(RoleAssignment)
class RoleAssignmentAdmin(TownModelAdmin):
    view_permission = Permission.MANAGE_PEOPLE
    change_permission = Permission.MANAGE_PEOPLE
    list_display = ["user", "role", "section", "title", "valid_from", "valid_until"]
    list_editable = ["valid_until"]
    list_filter = ["role", "section"]
    list_select_related = ["user", "section"]
    search_fields = ["user__name", "user__username", "title"]


@admin.register(ClosingDay)
class ClosingDayAdmin(TownModelAdmin):
    change_permission = Permission.MANAGE_PEOPLE
    list_display = ["day", "label"]


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ["key", "text"]


@admin.register(ImportJob)
class ImportJobAdmin(ReadOnlyAdmin):
    """Who brought which file and what came of it. The table itself may hold drafts and is not shown."""

    view_permission = Permission.EDIT_PLAN
    fields = [
        *("profile", "subject", "file_name", "size", "sha256", "person_text"),
        *("created_at", "state", "applied_at", "outcome"),
    ]
    readonly_fields = ["outcome"]
    list_display = ["__str__", "profile", "subject", "file_name", "person_text", "created_at", "state", "applied_at"]
    list_filter = ["state", "profile"]
    search_fields = ["file_name", "person_text", "sha256"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportJob]:
        return super().get_queryset(request).defer("table", "base")

    @admin.display(description="結果", empty_value="―")
    def outcome(self, job: ImportJob) -> str | None:
        return outcome_of(job) or None


@admin.register(WaitingFile)
class WaitingFileAdmin(ReadOnlyAdmin):
    """Whether files are piling up; the bytes themselves are not shown."""

    view_permission = Permission.EDIT_PLAN
    fields = ["job"]
    list_display = ["job"]
    list_select_related = ["job"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[WaitingFile]:
        return super().get_queryset(request).defer("data")


@admin.register(ColumnMapping)
class ColumnMappingAdmin(ReadOnlyAdmin):
    view_permission = Permission.EDIT_PLAN
    list_display = ["profile", "columns", "person_text", "said_at"]
    list_filter = ["profile"]


@admin.register(ExportRecord)
class ExportRecordAdmin(ReadOnlyAdmin):
    """Who took which table out; the same as the page 書き出しの記録."""

    list_display = ["label", "about", "rows", "file_name", "person_text", "taken_at"]
    list_filter = ["label"]
    search_fields = ["label", "file_name", "person_text"]


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    """Whether the files are all there. Their names may tell of drafts and are shown by the objects they belong to."""

    fields = ["stored_as", "size", "sha256", "content_type", "added_at"]
    readonly_fields = ["stored_as"]
    list_display = ["__str__", "stored_as", "content_type", "size", "added_at"]
    list_filter = ["content_type"]


@admin.register(CalendarAddress)
class CalendarAddressAdmin(ReadOnlyAdmin):
    """Who has one, and since when. The hash helps nobody and is not shown."""

    view_permission = Permission.MANAGE_PEOPLE
    fields = ["user", "made_at", "revoked_at"]
    list_display = ["user", "made_at", "revoked_at"]
    list_select_related = ["user"]
