"""The list of meetings, one meeting, calling it, its end."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from committee import actions
from committee.forms import CloseForm, ConveneForm, MeetingForm
from committee.models import CommitteeRules, Meeting, ProjectTeam
from committee.summaries import agenda_of, meeting_changes, meeting_page, meeting_rows, pack_list
from committee.views.asking import FORM_METHODS, form_page, meeting_or_404, open_meeting, posted, who
from committee.views.on_the_spot import agenda_cards
from townhall import calendar
from townhall.attempt import attempt
from townhall.http import PortalRequest
from townhall.models import ClosingDay
from townhall.permissions import Permission, can, requires


@requires(Permission.VIEW_MEETING)
@require_safe
def meeting_list(request: PortalRequest) -> HttpResponse:
    manages = can(request.user, Permission.MANAGE_MEETING, today=request.today)
    context = {"rows": meeting_rows(), "manages": manages, "teams": ProjectTeam.objects.at_work(today=request.today)}
    return render(request, "committee/meeting_list.html", context)


@requires(Permission.VIEW_MEETING)
@require_safe
def meeting_detail(request: PortalRequest, number: int) -> HttpResponse:
    meeting = get_object_or_404(Meeting, number=number)
    page = meeting_page(meeting, request.user, today=request.today)
    packs = pack_list(meeting, request.user, today=request.today)
    duties = can(request.user, Permission.VIEW_DUTY, today=request.today)
    context = {"meeting": meeting, "page": page, "packs": packs, "may_see_duties": duties}
    context["cards"] = agenda_cards(meeting, page, today=request.today)
    return render(request, "committee/meeting_detail.html", context)


@requires(Permission.VIEW_MEETING)
@require_safe
def meeting_history(request: PortalRequest, number: int) -> HttpResponse:
    meeting = get_object_or_404(Meeting, number=number)
    context = {"meeting": meeting, "shown": meeting_changes(meeting)}
    return render(request, "committee/meeting_history.html", context)


@requires(Permission.MANAGE_MEETING)
@require_http_methods(FORM_METHODS)
def meeting_create(request: PortalRequest) -> HttpResponse:
    form = MeetingForm(posted(request), initial={"number": Meeting.objects.next_number()})
    status = 200
    if form.is_valid():
        made: list[Meeting] = []
        status = attempt(form, lambda: made.append(actions.schedule_meeting(form.instance, **who(request))))
        if made:
            messages.success(request, f"{made[0].short_name}の会議を作りました。次第に議題を載せてください。")
            return redirect(made[0])
    return render(request, "committee/meeting_create.html", {"form": form}, status=status or 200)


@requires(Permission.MANAGE_MEETING)
@require_http_methods(FORM_METHODS)
def meeting_edit(request: PortalRequest, number: int) -> HttpResponse:
    """After the end: 訂正."""
    meeting = meeting_or_404(number)
    form = MeetingForm(posted(request), instance=meeting)
    status = 200
    if form.is_valid():
        told = {
            "reason": form.cleaned_data.get("correction_reason", ""),
            "seen_version": form.cleaned_data["seen_version"],
        }
        status = attempt(form, lambda: actions.edit_meeting(meeting, now=request.now, **told, **who(request)))
        if not status or form.is_already_saved:
            messages.success(request, "保存しました。")
            return redirect(meeting)
    context = {"form": form, "meeting": Meeting.objects.get(pk=meeting.pk)}
    return render(request, "committee/meeting_edit.html", context, status=status or 200)


@requires(Permission.MANAGE_MEETING)
@require_http_methods(FORM_METHODS)
def meeting_close(request: PortalRequest, number: int) -> HttpResponse:
    meeting = open_meeting(request, number)
    if isinstance(meeting, HttpResponse):
        return meeting
    form = CloseForm(posted(request), initial={"seen_version": meeting.version})
    status = 200
    if form.is_valid():
        seen = form.cleaned_data["seen_version"]
        status = attempt(
            form, lambda: actions.close_meeting(meeting, now=request.now, seen_version=seen, **who(request))
        )
        if not status:
            messages.success(request, f"{meeting.short_name}の会議を終了しました。")
            return redirect(meeting)
    fresh = Meeting.objects.get(pk=meeting.pk)
    context = {"form": form, "meeting": fresh, "items": agenda_of(fresh)}
    return render(request, "committee/meeting_close.html", context, status=status or 200)


@requires(Permission.MANAGE_MEETING)
@require_http_methods(FORM_METHODS)
def meeting_convene(request: PortalRequest, number: int) -> HttpResponse:
    meeting = open_meeting(request, number)
    if isinstance(meeting, HttpResponse):
        return meeting
    rules = CommitteeRules.now()
    notice_by = calendar.working_days_before(meeting.held_on, rules.notice_days, ClosingDay.days())
    first = meeting.reply_by or max(request.today, min(notice_by, meeting.held_on))
    form = ConveneForm(posted(request), initial={"seen_version": meeting.version, "reply_by": first})
    return form_page(
        request,
        form,
        lambda: actions.convene_meeting(meeting, now=request.now, **form.cleaned_data, **who(request)),
        done=f"{meeting.short_name}の会議を招集しました。委員のホームに、出欠の回答が出ます。",
        to=meeting,
        template="committee/meeting_convene.html",
        context={
            "meeting": Meeting.objects.get(pk=meeting.pk),
            "rules": rules,
            "notice_by": notice_by,
            "is_late": request.today > notice_by,
            "called": actions.people_to_call(meeting.held_on),
        },
    )
