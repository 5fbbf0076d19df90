"""期の決まり and 期 in the admin: made and read here; every later step of a round has its page, with its reason."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join

from schedule.models import EntryDraft, ReportingRound, RoundRule, RoundVisit
from townhall.admin_site import ReadOnlyAdmin, TownModelAdmin
from townhall.permissions import Permission


@admin.register(RoundRule)
class RoundRuleAdmin(TownModelAdmin):
    change_permission = Permission.MANAGE_ROUND
    fields = [
        *("plan", "interval", "opens_after", "due_after", "closes_after", "final_after"),
        *("head_confirms", "seen_version"),
    ]
    list_display = ["plan", "interval", "head_confirms"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["plan"] if obj else []


@admin.register(EntryDraft)
class EntryDraftAdmin(ReadOnlyAdmin):
    """Whose unsaved typing waits where; the text itself is its author's."""

    view_permission = Permission.MANAGE_ROUND
    fields = ["round", "activity", "author", "saved_at"]
    list_display = ["activity", "round", "author", "saved_at"]
    list_select_related = ["activity__initiative", "round__plan", "author"]


@admin.register(RoundVisit)
class RoundVisitAdmin(ReadOnlyAdmin):
    view_permission = Permission.MANAGE_ROUND
    list_display = ["round", "user", "seen_on"]
    list_select_related = ["round__plan", "user"]


@admin.register(ReportingRound)
class ReportingRoundAdmin(TownModelAdmin):
    change_permission = Permission.MANAGE_ROUND
    # Made here like anywhere; dates, closing and reopening of an existing round have their pages, with their reasons.
    fields = [
        *("plan", "fiscal_year", "quarter", "months", "is_final"),
        *("opens_on", "due_on", "closes_on", "closed", "steps", "seen_version"),
    ]
    list_display = ["label_text", "plan", "opens_on", "due_on", "closes_on", "is_moved", "closed"]
    list_filter = ["plan", "fiscal_year"]
    list_select_related = ["plan"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """No links to pages that would refuse this person."""
        may = self._can(request, Permission.MANAGE_ROUND)
        return [name for name in super().get_fields(request, obj) if may or name != "steps"]

    @admin.display(description="期", ordering="fiscal_year")
    def label_text(self, round: ReportingRound) -> str:
        return round.label

    @admin.display(description="締切")
    def closed(self, round: ReportingRound) -> str:
        if round.closed_at is None:
            return "締め切っていません"
        at = timezone.localtime(round.closed_at)
        return f"{at.month}月{at.day}日 {at:%H:%M}（{round.closed_by}）"

    @admin.display(description="できること")
    def steps(self, round: ReportingRound) -> str:
        if round.pk is None:
            return "―"
        names = [("round_dates", "日付を変える"), ("round_close", "締め切る")]
        if round.is_closed:
            names = [("round_reopen", "開け直す")]
        links = ((reverse(name, args=[round.key]), words) for name, words in names)
        return format_html_join("　", '<a href="{}">{}</a>', links)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [str(name) for name in self.fields or () if name != "seen_version"] if obj else ["closed", "steps"]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """An existing round has nothing to save here, so it has no buttons that would."""
        if context["object_id"]:
            context |= dict.fromkeys(("show_save", "show_save_and_continue", "show_save_and_add_another"), False)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: ReportingRound, form: Any, change: bool) -> None:
        """Dates typed by a person are theirs: making rounds from the rule leaves them alone."""
        if not change:
            obj.is_moved = True
            super().save_model(request, obj, form, change)
