"""The reminder ledger: to be read. Deciding about a letter (再送, 取消) is done on the page 送信記録."""

from django.contrib import admin

from schedule.models import JobRun, MailAction, ReminderLine, ReminderMail, ReminderSettings
from townhall.admin_site import ReadOnlyAdmin
from townhall.permissions import Permission


@admin.register(ReminderLine)
class ReminderLineAdmin(ReadOnlyAdmin):
    view_permission = Permission.VIEW_SENT_MAIL
    list_display = ["title", "recipient", "nominal_on", "due_on", "state", "mail"]
    list_filter = ["state", "kind"]
    list_select_related = ["recipient", "mail__recipient"]
    search_fields = ["title", "recipient__name", "recipient__username"]
    date_hierarchy = "nominal_on"


@admin.register(ReminderMail)
class ReminderMailAdmin(ReadOnlyAdmin):
    view_permission = Permission.VIEW_SENT_MAIL
    list_display = ["__str__", "recipient", "state", "attempts", "created_at", "sent_at", "last_error"]
    list_filter = ["state"]
    list_select_related = ["recipient"]
    search_fields = ["recipient__name", "recipient__username", "subject"]
    date_hierarchy = "created_at"


@admin.register(MailAction)
class MailActionAdmin(ReadOnlyAdmin):
    view_permission = Permission.VIEW_SENT_MAIL
    list_display = ["at", "verb", "mail", "actor", "reason", "state_before"]
    list_filter = ["verb"]
    list_select_related = ["mail__recipient"]


@admin.register(JobRun)
class JobRunAdmin(ReadOnlyAdmin):
    view_permission = Permission.VIEW_SENT_MAIL
    list_display = ["job", "finished_at", "note"]


@admin.register(ReminderSettings)
class ReminderSettingsAdmin(ReadOnlyAdmin):
    """Changed on the page 設定, which knows the kinds; here to be read, with its history."""

    view_permission = Permission.VIEW_SENT_MAIL
    list_display = [
        *("__str__", "sending_time", "head_after", "secretariat_after", "ciso_after"),
        *("paused_at", "pause_reason"),
    ]
