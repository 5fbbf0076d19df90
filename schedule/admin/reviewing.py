"""What 事務局 does with reports in the admin beside writing them: 確認済にする, 差し戻す, and the way to 訂正."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html

from schedule.actions.reporting import ReportError, accept_report, return_report
from schedule.forms.rounds import ReturnForm
from schedule.models import ProgressReport
from townhall.changes import StaleVersion
from townhall.permissions import Permission


class ReviewActions:
    """Beside TownModelAdmin. Each report is done, or refused with its sentence, in the version that was on the screen."""

    def has_accept_permission(self, request: HttpRequest) -> bool:
        allowed: bool = self._can(request, Permission.ACCEPT_REPORT)  # type: ignore[attr-defined]
        return allowed

    @admin.action(description="選んだ報告を確認済にする", permissions=["accept"])
    def accept_reports(self, request: HttpRequest, queryset: QuerySet[ProgressReport]) -> None:
        self._each(request, queryset, accept_report, "確認済にしました")

    @admin.action(description="選んだ報告を差し戻す", permissions=["accept"])
    def return_reports(self, request: HttpRequest, queryset: QuerySet[ProgressReport]) -> HttpResponse | None:
        """The reason is asked on a page of its own; it is one for all of them."""
        asked = "reason" in request.POST
        form = ReturnForm(request.POST if asked else None)
        if form.is_valid():
            self._each(request, queryset, return_report, "差し戻しました", reason=form.cleaned_data["reason"])
            return None
        context = self.admin_site.each_context(request) | {  # type: ignore[attr-defined]
            "title": "報告を差し戻す",
            "form": form,
            "reports": [(report, shown_version(request, report)) for report in queryset],
            "checkbox": ACTION_CHECKBOX_NAME,
            "opts": self.opts,  # type: ignore[attr-defined]
        }
        return render(request, "schedule/report_return_admin.html", context, status=422 if asked else 200)

    def _each(
        self,
        request: HttpRequest,
        queryset: QuerySet[ProgressReport],
        action: Callable[..., ProgressReport],
        done: str,
        **values: Any,
    ) -> None:
        count = 0
        for report in queryset:
            try:
                seen = seen_in_list(request, report)
                action(report, by=request.user, today=request.today, seen_version=seen, **values)  # type: ignore[attr-defined]
                count += 1
            except (ReportError, StaleVersion) as refused:
                self.message_user(request, f"{report}：{refused}", messages.ERROR)  # type: ignore[attr-defined]
        if count:
            self.message_user(request, f"{count}件を{done}。")  # type: ignore[attr-defined]

    @admin.display(description="訂正")
    def correction(self, report: ProgressReport) -> str:
        return f"{report.corrected_by}（理由：{report.correction_reason}）" if report.is_corrected else "―"

    @admin.display(description="できること")
    def steps(self, report: ProgressReport) -> str:
        """A closed round changes by 訂正 alone, on the page that asks for the reason."""
        if report.pk is None:
            return "―"
        name, words = ("report_correct", "訂正する") if report.round.is_closed else ("report_return", "差し戻す")
        return format_html('<a href="{}">{}</a>', reverse(name, args=[report.round.key, report.activity.code]), words)


def seen_in_list(request: HttpRequest, report: ProgressReport) -> int | None:
    """The version of this report that the list showed."""
    seen = shown_version(request, report)
    return int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else None


def shown_version(request: HttpRequest, report: ProgressReport) -> str:
    for name, value in request.POST.items():
        if name.startswith("form-") and name.endswith("-id") and value == str(report.pk):
            return str(request.POST.get(name.removesuffix("id") + "seen_version", ""))
    return ""
