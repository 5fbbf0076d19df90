"""次第: its subjects, one by one and all at once."""

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from committee import actions
from committee.candidates import Candidate, candidates_for
from committee.choices import ItemKind
from committee.forms import AgendaItemForm, BuildForm, MoveForm, RemoveItemForm
from committee.models import AgendaItem, Meeting, ProjectTeam
from committee.views.asking import FORM_METHODS, form_page, open_meeting, posted, who
from schedule.models import Activity
from townhall.attempt import GONE, attempt
from townhall.http import PortalRequest
from townhall.permissions import Permission, requires

# What somebody typed about an item that was taken off the agenda meanwhile.
SHOWN_WHEN_GONE = (
    "title",
    "presenter",
    "note",
    "options",
    "reason",
    "conditions",
    "conditions_due_on",
    "decided_on",
    "document_number",
)


@requires(Permission.MANAGE_MEETING)
@require_http_methods(FORM_METHODS)
def agenda_build(request: PortalRequest, number: int) -> HttpResponse:
    """次第の案: what could be put on it, with where each comes from; nothing happens before it is confirmed."""
    meeting = open_meeting(request, number)
    if isinstance(meeting, HttpResponse):
        return meeting
    offered = candidates_for(meeting, today=request.today)
    form = BuildForm(posted(request))
    return form_page(
        request,
        form,
        lambda: actions.build_agenda(meeting, form.cleaned_data["chosen"], now=request.now, **who(request)),
        done="次第に載せました。順と時間を確かめてください。",
        to=meeting,
        template="committee/agenda_build.html",
        context={"meeting": meeting, "offered": offered, "ticked": _ticked(request, offered)},
    )


def _ticked(request: PortalRequest, offered: tuple[Candidate, ...]) -> set[str]:
    """Everything is suggested, until the person has chosen."""
    return set(request.POST.getlist("chosen")) if request.method == "POST" else {each.key for each in offered}


@requires(Permission.MANAGE_MEETING)
@require_http_methods(FORM_METHODS)
def agenda_item_create(request: PortalRequest, number: int) -> HttpResponse:
    meeting = open_meeting(request, number)
    if isinstance(meeting, HttpResponse):
        return meeting
    form = AgendaItemForm(posted(request), instance=AgendaItem(meeting=meeting), initial=_suggested(request))
    status = 200
    if form.is_valid():
        status = attempt(form, lambda: actions.add_agenda_item(form.instance, **who(request)))
        if not status:
            messages.success(request, "次第に議題を載せました。")
            return redirect(meeting)
    return render(
        request, "committee/agenda_item_create.html", {"form": form, "meeting": meeting}, status=status or 200
    )


def _suggested(request: PortalRequest) -> dict[str, Any]:
    return _of_a_row(request.GET.get("activity", "")) or _of_a_team(request.GET.get("team", ""))


def _of_a_team(pk: str) -> dict[str, Any]:
    """A report of a 専門部会."""
    known = pk.isascii() and pk.isdecimal() and len(pk) < 10
    team = ProjectTeam.objects.filter(pk=pk).first() if known else None
    if team is None:
        return {}
    return {"team": team, "kind": ItemKind.REPORT, "title": f"{team.name}の報告"[:120], "presenter": team.name}


def _of_a_row(code: str) -> dict[str, Any]:
    """From a row marked 委員会に諮る: its title and the row itself."""
    if not re.fullmatch(r"[k0-9-]{1,8}", code):
        return {}
    activity = Activity.objects.filter(code=code).order_by("-plan__starts_on").first()
    if activity is None:
        return {}
    owner = activity.section
    return {"activity": activity, "title": str(activity)[:120], "presenter": owner.name if owner else ""}


def open_item(request: PortalRequest, number: int, pk: int, *, corrects: bool = False) -> AgendaItem | HttpResponse:
    """The item; or the answer when it was taken off the agenda meanwhile (410 with what was typed) or may not change.

    `corrects`: its wording may be corrected after the end of the meeting.
    """
    items = AgendaItem.objects.select_related("meeting", "proposal__section", "activity", "occurrence__duty")
    item = items.filter(meeting__number=number, pk=pk).first()
    if item is None:
        return _gone_or_404(request, number, pk)
    if request.method == "POST" or (corrects and item.meeting.is_closed):
        return item
    if not item.meeting.is_closed and item.decision_or_none is None:
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
    item = open_item(request, number, pk, corrects=True)
    if isinstance(item, HttpResponse):
        return item
    form = AgendaItemForm(posted(request), instance=item)
    status = 200
    if form.is_valid():
        told = {
            "reason": form.cleaned_data.get("correction_reason", ""),
            "seen_version": form.cleaned_data["seen_version"],
        }
        status = attempt(form, lambda: actions.edit_agenda_item(item, **told, **who(request)))
        if not status or form.is_already_saved:
            messages.success(request, "議題を保存しました。")
            return redirect(item.meeting)
    context = {"form": form, "meeting": item.meeting, "item": item}
    return render(request, "committee/agenda_item_edit.html", context, status=status or 200)


@requires(Permission.MANAGE_MEETING)
@require_http_methods(FORM_METHODS)
def agenda_item_remove(request: PortalRequest, number: int, pk: int) -> HttpResponse:
    item = open_item(request, number, pk)
    if isinstance(item, HttpResponse):
        return item
    meeting = item.meeting
    form = RemoveItemForm(posted(request), initial={"seen_version": item.version})
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
        item, now=request.now, reason=typed["reason"], seen_version=typed["seen_version"], **who(request)
    )


@requires(Permission.MANAGE_MEETING)
@require_http_methods(FORM_METHODS)
def agenda_item_move(request: PortalRequest, number: int, pk: int) -> HttpResponse:
    """Its form stands on the meeting's page, and that is where it leads."""
    item = open_item(request, number, pk)
    if isinstance(item, HttpResponse):
        return item
    form = MoveForm(posted(request))
    if form.is_valid() and attempt(form, lambda: _move(request, item, form)):
        messages.warning(request, " ".join(str(error) for error in form.non_field_errors()))
    return redirect(f"{item.meeting.get_absolute_url()}#item-{item.pk}")


def _move(request: PortalRequest, item: AgendaItem, form: MoveForm) -> None:
    told = form.cleaned_data
    actions.move_agenda_item(item, up=told["up"], seen_version=told["seen_version"], **who(request))
