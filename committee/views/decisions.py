"""Decisions: recorded once, corrected with a reason."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from committee import actions
from committee.choices import Outcome
from committee.forms import CorrectDecisionForm, DecisionForm
from committee.forms.execution import PlacementOnDecisionForm, places_open_on
from committee.models import AgendaItem, Decision
from committee.views.agenda import open_item
from committee.views.asking import FORM_METHODS, form_page, posted, who
from townhall.attempt import attempt
from townhall.http import PortalRequest
from townhall.permissions import Permission, requires


@requires(Permission.DECIDE)
@require_http_methods(FORM_METHODS)
def decision_create(request: PortalRequest, number: int, pk: int) -> HttpResponse:
    item = open_item(request, number, pk)
    if isinstance(item, HttpResponse):
        return item
    form = DecisionForm(posted(request), item=item, today=request.today)
    place = _placement_form(request, item)
    status = 200
    if form.is_valid() and (place is None or not _counts(form, place) or place.is_valid()):
        seen = form.cleaned_data["seen_version"]
        placement = place.placement if place is not None and _counts(form, place) else None
        status = attempt(
            form,
            lambda: actions.record_decision(
                form.instance, now=request.now, seen_version=seen, placement=placement, **who(request)
            ),
        )
        if not status:
            messages.success(request, f"「{item.title}」の決定を記録しました。")
            return redirect(item)
    context = {"form": form, "meeting": item.meeting, "item": item, "place": place}
    return render(request, "committee/decision_create.html", context, status=status or 200)


def _placement_form(request: PortalRequest, item: AgendaItem) -> PlacementOnDecisionForm | None:
    """Where an adopted proposal goes in the plan; None when there is no plan that it could go into."""
    if item.proposal is None or not places_open_on(request.today).exists():
        return None
    return PlacementOnDecisionForm(posted(request), proposal=item.proposal, today=request.today)


def _counts(form: DecisionForm, place: PlacementOnDecisionForm) -> bool:
    return form.cleaned_data.get("outcome") in Outcome.ADOPTS and not place.is_put_off


@requires(Permission.DECIDE)
@require_http_methods(FORM_METHODS)
def decision_correct(request: PortalRequest, number: int, pk: int) -> HttpResponse:
    """訂正, also after the meeting was closed."""
    rows = Decision.objects.select_related("item__meeting", "item__proposal__section")
    decision = get_object_or_404(rows, item__meeting__number=number, item__pk=pk)
    form = CorrectDecisionForm(posted(request), instance=decision, today=request.today)
    item = AgendaItem.objects.select_related("meeting", "proposal__section").get(pk=pk)
    return form_page(
        request,
        form,
        lambda: actions.correct_decision(
            decision,
            reason=form.cleaned_data["correction_reason"],
            seen_version=form.cleaned_data["seen_version"],
            **who(request),
        ),
        done="決定を訂正しました。前の内容と理由は、変更履歴に残ります。",
        to=item,
        template="committee/decision_correct.html",
        context={"meeting": item.meeting, "item": item},
    )
