"""会議録: from the draft to the confirmed text, and its corrections."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from committee import actions
from committee.choices import MinutesState
from committee.forms import CloseForm, HandleForm, MinutesForm, MinutesReplyForm, SendMinutesForm
from committee.minutes_text import minutes_text
from committee.models import Meeting, Minutes, MinutesReply
from committee.summaries import meeting_page
from committee.views.asking import FORM_METHODS, form_page, meeting_or_404, posted, who
from townhall.history import changes_of
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, requires


def _or_404(number: int) -> Minutes:
    return get_object_or_404(Minutes.objects.select_related("meeting"), meeting__number=number)


def minutes_shown_to(request: PortalRequest, meeting: Meeting) -> Minutes | None:
    """A draft is 事務局's until it is sent round."""
    found = Minutes.objects.filter(meeting=meeting).select_related("meeting").first()
    manages = can(request.user, Permission.MANAGE_MEETING, today=request.today)
    return found if found is not None and (manages or found.state != MinutesState.DRAFT) else None


@requires(Permission.VIEW_MEETING)
@require_http_methods(FORM_METHODS)
def minutes_detail(request: PortalRequest, number: int) -> HttpResponse:
    """The POST makes the draft."""
    meeting = meeting_or_404(number)
    manages = can(request.user, Permission.MANAGE_MEETING, today=request.today)
    if request.method == "POST":
        if not manages:
            raise PermissionDenied("会議録を作るのは、事務局です。")
        page = meeting_page(meeting, request.user, today=request.today)
        actions.draft_minutes(meeting, minutes_text(meeting, page), **who(request))
        return redirect("minutes_detail", number=number)
    minutes = minutes_shown_to(request, meeting)
    replies = list(minutes.replies.all()) if minutes else []
    seat = meeting.seats.filter(person=request.user).first()
    context = {
        "meeting": meeting,
        "minutes": minutes,
        "manages": manages,
        "replies": replies,
        "can_reply": seat is not None and minutes is not None and minutes.state == MinutesState.SENT,
        "has_replied": any(reply.person_id == request.user.pk for reply in replies),
        "changes": changes_of(minutes) if minutes and minutes.is_confirmed else [],
    }
    return render(request, "committee/minutes_detail.html", context)


@requires(Permission.MANAGE_MEETING)
@require_http_methods(FORM_METHODS)
def minutes_edit(request: PortalRequest, number: int) -> HttpResponse:
    minutes = _or_404(number)
    form = MinutesForm(posted(request), instance=minutes)
    return form_page(
        request,
        form,
        lambda: actions.edit_minutes(
            minutes,
            reason=form.cleaned_data.get("correction_reason", ""),
            seen_version=form.cleaned_data["seen_version"],
            **who(request),
        ),
        done="会議録を保存しました。",
        to=minutes,
        template="committee/minutes_edit.html",
        context={"minutes": _or_404(number), "meeting": minutes.meeting},
    )


@requires(Permission.MANAGE_MEETING)
@require_http_methods(FORM_METHODS)
def minutes_send(request: PortalRequest, number: int) -> HttpResponse:
    minutes = _or_404(number)
    first = {"seen_version": minutes.version, "reply_by": minutes.reply_by or actions.minutes_due(request.today)}
    form = SendMinutesForm(posted(request), initial=first)
    return form_page(
        request,
        form,
        lambda: actions.send_minutes(minutes, **form.cleaned_data, **who(request)),
        done="会議録の確認をお願いしました。名簿の人のホームに出ます。",
        to=minutes,
        template="committee/minutes_send.html",
        context={"minutes": _or_404(number), "meeting": minutes.meeting},
    )


@requires(Permission.ANSWER_MEETING)
@require_http_methods(FORM_METHODS)
def minutes_reply(request: PortalRequest, number: int) -> HttpResponse:
    minutes = _or_404(number)
    if not minutes.meeting.seats.filter(person=request.user).exists():
        raise PermissionDenied("会議録を確認するのは、この会議の名簿にある人です。")
    if minutes.state == MinutesState.DRAFT:  # 事務局's own until they are sent round
        messages.warning(request, "会議録は、事務局が作っています。できると、確認をお願いします。")
        return redirect(minutes)
    mine = minutes.replies.filter(person=request.user).first() or MinutesReply(minutes=minutes)
    form = MinutesReplyForm(posted(request), instance=mine)
    return form_page(
        request,
        form,
        lambda: actions.reply_to_minutes(mine, seen_version=form.cleaned_data["seen_version"], **who(request)),
        done="会議録を確認しました。",
        to=minutes,
        template="committee/minutes_reply.html",
        context={"minutes": minutes, "meeting": minutes.meeting},
    )


@requires(Permission.MANAGE_MEETING)
@require_http_methods(FORM_METHODS)
def minutes_handle(request: PortalRequest, number: int, pk: int) -> HttpResponse:
    rows = MinutesReply.objects.select_related("minutes__meeting")
    reply = get_object_or_404(rows, minutes__meeting__number=number, pk=pk)
    form = HandleForm(posted(request), initial={"seen_version": reply.version, "handled": reply.handled})
    return form_page(
        request,
        form,
        lambda: actions.handle_reply(reply, **form.cleaned_data, **who(request)),
        done="対応を記録しました。",
        to=reply.minutes,
        template="committee/minutes_handle.html",
        context={"reply": reply, "minutes": reply.minutes, "meeting": reply.minutes.meeting},
    )


@requires(Permission.MANAGE_MEETING)
@require_http_methods(FORM_METHODS)
def minutes_confirm(request: PortalRequest, number: int) -> HttpResponse:
    minutes = _or_404(number)
    form = CloseForm(posted(request), initial={"seen_version": minutes.version})
    return form_page(
        request,
        form,
        lambda: actions.confirm_minutes(minutes, seen_version=form.cleaned_data["seen_version"], **who(request)),
        done="会議録を確定しました。これからは、理由をつけて訂正します。",
        to=minutes,
        template="committee/minutes_confirm.html",
        context={"minutes": _or_404(number), "meeting": minutes.meeting, "replies": minutes.replies.all()},
    )
