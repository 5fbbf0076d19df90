"""What the committee's pages have in common: who asks, what was posted, and a form that is shown until it is done."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render

from committee.models import Meeting
from townhall.attempt import attempt
from townhall.http import PortalRequest

FORM_METHODS = ["GET", "HEAD", "POST"]


def posted(request: PortalRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def who(request: PortalRequest) -> dict[str, Any]:
    return {"by": request.user, "today": request.today}


def form_page(
    request: PortalRequest,
    form: forms.BaseForm,
    act: Callable[[], object],
    *,
    done: str,
    to: Any,
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    """Show the form; when it is posted and right, act and lead on; a refusal shows it again with all that was typed.

    `to`: where it leads, or what says so when it is done.
    """
    status = 200
    if form.is_valid():
        status = attempt(form, act)
        if not status or getattr(form, "is_already_saved", False):
            messages.success(request, done)
            return redirect(to() if callable(to) else to)
    return render(request, template, context | {"form": form}, status=status or 200)


def meeting_or_404(number: int) -> Meeting:
    return get_object_or_404(Meeting, number=number)


def open_meeting(request: PortalRequest, number: int) -> Meeting | HttpResponse:
    """The meeting; for a closed one the answer to a page that would change it (a POST is told by the action)."""
    meeting = meeting_or_404(number)
    if not meeting.is_closed or request.method == "POST":
        return meeting
    messages.warning(request, f"{meeting.short_name}の会議は終了しています。内容は変えられません。")
    return redirect(meeting)
