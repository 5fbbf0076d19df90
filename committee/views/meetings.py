"""Meetings: the list, the agenda, and what was decided."""

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from committee import actions
from committee.forms import AgendaItemForm, CloseForm, DecisionForm, MeetingForm, RemoveItemForm
from committee.models import AgendaItem, Meeting
from committee.summaries import agenda_of, meeting_changes, meeting_page, meeting_rows, pack_list
from committee.views.attempt import GONE, attempt
from committee.views.proposals import FORM_METHODS
from schedule.models import Activity
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, requires

# What somebody typed about an item that was taken off the agenda meanwhile.
SHOWN_WHEN_GONE = ("title", "note", "reason", "conditions", "decided_on", "document_number")


def _posted(request: PortalRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _who(request: PortalRequest) -> dict[str, Any]:
    return {"by": request.user, "today": request.today}


@requires(Permission.VIEW_MEETING)
@require_safe
def meeting_list(request: PortalRequest) -> HttpResponse:
    manages = can(request.user, Permission.MANAGE_MEETING, today=request.today)
    return render(request, "committee/meeting_list.html", {"rows": meeting_rows(), "manages": manages})


@requires(Permission.VIEW_MEETING)
@require_safe
def meeting_detail(request: PortalRequest, number: int) -> HttpResponse:
    meeting = get_object_or_404(Meeting, number=number)
    page = meeting_page(meeting, request.user, today=request.today)
    packs = pack_list(meeting, request.user, today=request.today)
    return render(request, "committee/meeting_detail.html", {"meeting": meeting, "page": page, "packs": packs})


@requires(Permission.VIEW_MEETING)
@require_safe
def meeting_history(request: PortalRequest, number: int) -> HttpResponse:
    meeting = get_object_or_404(Meeting, number=number)
    context = {"meeting": meeting, "shown": meeting_changes(meeting)}
    return render(request, "committee/meeting_history.html", context)


@requires(Permission.MANAGE_MEETING)
@require_http_methods(FORM_METHODS)
def meeting_create(request: PortalRequest) -> HttpResponse:
    form = MeetingForm(_posted(request), initial={"number": Meeting.objects.next_number()})
    status = 200
    if form.is_valid():
        made: list[Meeting] = []
        status = attempt(form, lambda: made.append(actions.schedule_meeting(form.instance, **_who(request))))
        if made:
            messages.success(request, f"{made[0].short_name}の会議を作りました。次第に議題を載せてください。")
            return redirect(made[0])
    return render(request, "committee/meeting_create.html", {"form": form}, status=status or 200)


def _open_meeting(request: PortalRequest, number: int) -> Meeting | HttpResponse:
    """The meeting; for a closed one the answer to a page that would change it (a POST is told by the action)."""
    meeting = get_object_or_404(Meeting, number=number)
    if not meeting.is_closed or request.method == "POST":
        return meeting
    messages.warning(request, f"{meeting.short_name}の会議は終了しています。内容は変えられません。")
    return redirect(meeting)


@requires(Permission.MANAGE_MEETING)
@require_http_methods(FORM_METHODS)
def meeting_edit(request: PortalRequest, number: int) -> HttpResponse:
    meeting = _open_meeting(request, number)
    if isinstance(meeting, HttpResponse):
        return meeting
    form = MeetingForm(_posted(request), instance=meeting)
    status = 200
    if form.is_valid():
        seen = form.cleaned_data["seen_version"]
        status = attempt(form, lambda: actions.edit_meeting(meeting, seen_version=seen, **_who(request)))
        if not status or form.is_already_saved:
            messages.success(request, "保存しました。")
            return redirect(meeting)
    context = {"form": form, "meeting": Meeting.objects.get(pk=meeting.pk)}
    return render(request, "committee/meeting_edit.html", context, status=status or 200)


@requires(Permission.MANAGE_MEETING)
@require_http_methods(FORM_METHODS)
def meeting_close(request: PortalRequest, number: int) -> HttpResponse:
    meeting = _open_meeting(request, number)
    if isinstance(meeting, HttpResponse):
        return meeting
    form = CloseForm(_posted(request), initial={"seen_version": meeting.version})
    status = 200
    if form.is_valid():
        seen = form.cleaned_data["seen_version"]
        status = attempt(
            form, lambda: actions.close_meeting(meeting, now=request.now, seen_version=seen, **_who(request))
        )
        if not status:
            messages.success(request, f"{meeting.short_name}の会議を終了しました。")
            return redirect(meeting)
    fresh = Meeting.objects.get(pk=meeting.pk)
    context = {"form": form, "meeting": fresh, "items": agenda_of(fresh)}
    return render(request, "committee/meeting_close.html", context, status=status or 200)


@requires(Permission.MANAGE_MEETING)
@require_http_methods(FORM_METHODS)
def agenda_item_create(request: PortalRequest, number: int) -> HttpResponse:
    meeting = _open_meeting(request, number)
    if isinstance(meeting, HttpResponse):
        return meeting
    form = AgendaItemForm(
        _posted(request), instance=AgendaItem(meeting=meeting), initial=_suggested(request.GET.get("activity", ""))
    )
    status = 200
    if form.is_valid():
        status = attempt(form, lambda: actions.add_agenda_item(form.instance, **_who(request)))
        if not status:
            messages.success(request, "次第に議題を載せました。")
            return redirect(meeting)
    return render(
        request, "committee/agenda_item_create.html", {"form": form, "meeting": meeting}, status=status or 200
    )


def _suggested(code: str) -> dict[str, Any]:
    """From a row marked 委員会に諮る: its title and the row itself."""
    if not re.fullmatch(r"[k0-9-]{1,8}", code):
        return {}
    activity = Activity.objects.filter(code=code).order_by("-plan__starts_on").first()
    return {} if activity is None else {"activity": activity, "title": str(activity)[:120]}


def _open_item(request: PortalRequest, number: int, pk: int) -> AgendaItem | HttpResponse:
    """The item; or the answer when it was taken off the agenda meanwhile (410 with what was typed) or may not change."""
    items = AgendaItem.objects.select_related("meeting", "proposal__section", "activity")
    item = items.filter(meeting__number=number, pk=pk).first()
    if item is None:
        return _gone_or_404(request, number, pk)
    if request.method == "POST" or (not item.meeting.is_closed and item.decision_or_none is None):
        return item
    messages.warning(request, "この議題は決定を記録してあるか、会議が終了しているため、変えられません。")
    return redirect(item.meeting)


def _gone_or_404(request: PortalRequest, number: int, pk: int) -> HttpResponse:
    meeting = get_object_or_404(Meeting, number=number)
    if not AgendaItem.history.filter(id=pk, meeting_id=meeting.pk).exists():
        raise Http404
    typed = [(name, value) for name, value in request.POST.items() if value and name in SHOWN_WHEN_GONE]
    return render(request, "committee/agenda_item_gone.html", {"meeting": meeting, "typed": typed}, status=GONE)


@requires(Permission.MANAGE_MEETING)
@require_http_methods(FORM_METHODS)
def agenda_item_edit(request: PortalRequest, number: int, pk: int) -> HttpResponse:
    item = _open_item(request, number, pk)
    if isinstance(item, HttpResponse):
        return item
    form = AgendaItemForm(_posted(request), instance=item)
    status = 200
    if form.is_valid():
        seen = form.cleaned_data["seen_version"]
        status = attempt(form, lambda: actions.edit_agenda_item(item, seen_version=seen, **_who(request)))
        if not status or form.is_already_saved:
            messages.success(request, "議題を保存しました。")
            return redirect(item.meeting)
    context = {"form": form, "meeting": item.meeting, "item": item}
    return render(request, "committee/agenda_item_edit.html", context, status=status or 200)


@requires(Permission.MANAGE_MEETING)
@require_http_methods(FORM_METHODS)
def agenda_item_remove(request: PortalRequest, number: int, pk: int) -> HttpResponse:
    item = _open_item(request, number, pk)
    if isinstance(item, HttpResponse):
        return item
    meeting = item.meeting
    form = RemoveItemForm(_posted(request), initial={"seen_version": item.version})
    status = 200
    if form.is_valid():
        typed = form.cleaned_data
        status = attempt(form, lambda: _remove(request, item, typed))
        if not status:
            messages.success(request, f"「{item.title}」を次第から外しました。")
            return redirect(meeting)
    context = {"form": form, "meeting": meeting, "item": item}
    return render(request, "committee/agenda_item_remove.html", context, status=status or 200)


def _remove(request: PortalRequest, item: AgendaItem, typed: dict[str, Any]) -> None:
    actions.remove_agenda_item(
        item, now=request.now, reason=typed["reason"], seen_version=typed["seen_version"], **_who(request)
    )


@requires(Permission.DECIDE)
@require_http_methods(FORM_METHODS)
def decision_create(request: PortalRequest, number: int, pk: int) -> HttpResponse:
    item = _open_item(request, number, pk)
    if isinstance(item, HttpResponse):
        return item
    form = DecisionForm(_posted(request), item=item, today=request.today)
    status = 200
    if form.is_valid():
        seen = form.cleaned_data["seen_version"]
        status = attempt(
            form, lambda: actions.record_decision(form.instance, now=request.now, seen_version=seen, **_who(request))
        )
        if not status:
            messages.success(request, f"「{item.title}」の決定を記録しました。")
            return redirect(item.meeting)
    context = {"form": form, "meeting": item.meeting, "item": item}
    return render(request, "committee/decision_create.html", context, status=status or 200)
