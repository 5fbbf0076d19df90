"""宿題: the list, one of them, giving, doing, dropping it."""

from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from committee import actions
from committee.forms import ActionItemForm, CancelForm, EndForm
from committee.models import ActionItem, Proposal
from committee.summaries import action_item_row, action_item_table
from committee.views.asking import FORM_METHODS, form_page, meeting_or_404, posted, who
from schedule.models import Activity
from townhall.history import changes_of
from townhall.http import PortalRequest
from townhall.permissions import Permission, can, requires


def _or_404(pk: int) -> ActionItem:
    return get_object_or_404(ActionItem.objects.select_related("meeting", "item__activity", "section"), pk=pk)


@requires(Permission.VIEW_MEETING)
@require_safe
def action_item_list(request: PortalRequest) -> HttpResponse:
    show, page = request.GET.get("show", "open"), request.GET.get("page", "1")
    table = action_item_table(request.user, today=request.today, show=show, page=page)
    return render(request, "committee/action_item_list.html", {"table": table})


@requires(Permission.VIEW_MEETING)
@require_safe
def action_item_detail(request: PortalRequest, pk: int) -> HttpResponse:
    item = _or_404(pk)
    context = {
        "item": item,
        "row": action_item_row(item, request.user, today=request.today),
        "manages": can(request.user, Permission.MANAGE_MEETING, today=request.today),
        "changes": changes_of(item),
        "about": _about(request, item),
    }
    return render(request, "committee/action_item_detail.html", context)


def _about(request: PortalRequest, task: ActionItem) -> Activity | Proposal | None:
    """The row or the proposal its subject was about, where this person may open it."""
    subject = task.item
    if subject is None or subject.proposal_id is None:
        return subject.activity if subject else None
    return Proposal.objects.visible_to(request.user, today=request.today).filter(pk=subject.proposal_id).first()


@requires(Permission.GIVE_ACTION_ITEM)
@require_http_methods(FORM_METHODS)
def action_item_create(request: PortalRequest, number: int) -> HttpResponse:
    meeting = meeting_or_404(number)
    about = request.GET.get("item", "")
    task = ActionItem(meeting=meeting, creation_key=uuid4())
    first = {"item": about} if about.isascii() and about.isdecimal() and len(about) < 10 else {}
    form = ActionItemForm(posted(request), instance=task, today=request.today, initial=first)
    return form_page(
        request,
        form,
        lambda: actions.assign_action_item(task, reason=form.cleaned_data.get("correction_reason", ""), **who(request)),
        done="宿題を加えました。担当課のホームに出ます。",
        to=lambda: task.item or meeting,
        template="committee/action_item_create.html",
        context={"meeting": meeting},
    )


@requires(Permission.MANAGE_MEETING)
@require_http_methods(FORM_METHODS)
def action_item_edit(request: PortalRequest, pk: int) -> HttpResponse:
    task = _or_404(pk)
    form = ActionItemForm(posted(request), instance=task, today=request.today)
    return form_page(
        request,
        form,
        lambda: actions.edit_action_item(
            task,
            reason=form.cleaned_data.get("correction_reason", ""),
            seen_version=form.cleaned_data["seen_version"],
            **who(request),
        ),
        done="宿題を保存しました。",
        to=task,
        template="committee/action_item_edit.html",
        context={"item": _or_404(pk)},
    )


@requires(Permission.FINISH_ACTION_ITEM)
@require_http_methods(FORM_METHODS)
def action_item_finish(request: PortalRequest, pk: int) -> HttpResponse:
    task = _or_404(pk)
    if not can(request.user, Permission.FINISH_ACTION_ITEM, today=request.today, section=task.section_id or 0):
        raise PermissionDenied(f"「済ませた」を記録できるのは、{task.owner}の課長・担当と事務局です。")
    form = EndForm(posted(request), initial={"seen_version": task.version, "ended_on": request.today})
    return form_page(
        request,
        form,
        lambda: actions.finish_action_item(task, **form.cleaned_data, **who(request)),
        done="宿題を「済み」にしました。次の会議の次第に、結果が出ます。",
        to=task,
        template="committee/action_item_finish.html",
        context={"item": _or_404(pk)},
    )


@requires(Permission.MANAGE_MEETING)
@require_http_methods(FORM_METHODS)
def action_item_cancel(request: PortalRequest, pk: int) -> HttpResponse:
    task = _or_404(pk)
    form = CancelForm(posted(request), initial={"seen_version": task.version})
    return form_page(
        request,
        form,
        lambda: actions.cancel_action_item(task, **form.cleaned_data, **who(request)),
        done="宿題を取りやめました。理由は残ります。",
        to=task,
        template="committee/action_item_cancel.html",
        context={"item": _or_404(pk)},
    )
