"""意見 on a proposal, a row or a subject."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from committee import actions
from committee.forms import CloseForm, CommentForm
from committee.models import AgendaItem, Comment, Proposal
from committee.views.asking import FORM_METHODS, form_page, posted, who
from schedule.models import Activity
from townhall.http import PortalRequest
from townhall.permissions import Permission, requires


@requires(Permission.COMMENT)
@require_http_methods(FORM_METHODS)
def comment_create(request: PortalRequest, kind: str, pk: int) -> HttpResponse:
    about = _about(request, kind, pk)
    comment = Comment(**{kind: about})
    form = CommentForm(posted(request), instance=comment)
    back = about.meeting if isinstance(about, AgendaItem) else about
    return form_page(
        request,
        form,
        lambda: actions.write_comment(comment, now=request.now, **who(request)),
        done="意見を書きました。あなたの名前とともに、事務局と委員が読みます。",
        to=back,
        template="committee/comment_create.html",
        context={"about": about, "back": back, "said": Comment.objects.filter(**{kind: about})},
    )


@requires(Permission.COMMENT)
@require_http_methods(FORM_METHODS)
def comment_withdraw(request: PortalRequest, pk: int) -> HttpResponse:
    comment = get_object_or_404(Comment.objects.select_related("item__meeting", "proposal", "activity"), pk=pk)
    if comment.author_id != request.user.pk:
        raise PermissionDenied("意見を取り下げられるのは、書いた本人です。")
    back = comment.item.meeting if comment.item else comment.about
    form = CloseForm(posted(request), initial={"seen_version": comment.version})
    return form_page(
        request,
        form,
        lambda: actions.withdraw_comment(
            comment, now=request.now, seen_version=form.cleaned_data["seen_version"], **who(request)
        ),
        done="意見を取り下げました。「取下げ」の印がついて残ります。",
        to=back,
        template="committee/comment_withdraw.html",
        context={"comment": comment, "back": back},
    )


def _about(request: PortalRequest, kind: str, pk: int) -> Any:
    if kind == "proposal":
        return get_object_or_404(Proposal.objects.visible_to(request.user, today=request.today), pk=pk)
    if kind == "activity":
        return get_object_or_404(Activity, pk=pk)
    if kind == "item":
        return get_object_or_404(AgendaItem.objects.select_related("meeting"), pk=pk)
    raise Http404
