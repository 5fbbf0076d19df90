"""未報告と催促: what is missing in a round, and asking for it by hand."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from schedule.actions import chasing as actions
from schedule.chasing import board
from schedule.forms.chasing import ChaseForm
from schedule.letters import Letter
from schedule.models import ReportingRound
from schedule.views.reporting import round_of
from townhall.http import PortalRequest
from townhall.permissions import Permission, requires


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_ROUND)
def round_chase(request: PortalRequest, key: str) -> HttpResponse:
    round, letter, status = round_of(key), None, 200
    shown = board(round, today=request.today)
    # Text kept over an expired login comes back into the form; nobody is told before the button is pressed.
    carried = getattr(request, "carried", None)
    form = ChaseForm(request.POST if request.method == "POST" else carried or None, board=shown)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if "preview" not in request.POST:
                    _chase(request, round, form)
                    return redirect("round_chase", key=round.key)
                letter, status = _letter(request, round, form), 200
            except actions.ChaseError as refused:
                form.add_error(None, str(refused))
                status = 409 if isinstance(refused, actions.RoundNotAskedError) else 422
    context = {"round": round, "board": shown, "chase_form": form, "letter": letter}
    return render(request, "schedule/chase.html", context, status=status)


def _chase(request: PortalRequest, round: ReportingRound, form: ChaseForm) -> None:
    told = actions.chase(
        round,
        by=request.user,
        today=request.today,
        now=request.now,
        section_ids=form.sections,
        text=form.cleaned_data["text"],
    )
    for outcome, sentence in _sentences(told):
        level = messages.SUCCESS if outcome.is_new else messages.WARNING
        messages.add_message(request, level, sentence)


def _sentences(told: Iterable[actions.Told]) -> list[tuple[actions.Outcome, str]]:
    """Per outcome the people it happened to: 「見本 三郎さん：今日はもう送っています。」"""
    people: dict[actions.Outcome, list[str]] = {}
    for each in told:
        people.setdefault(each.outcome, []).append(f"{each.user}さん")
    return [
        (outcome, f"{'、'.join(people[outcome])}：{outcome.value}。")
        for outcome in actions.Outcome
        if outcome in people
    ]


def _letter(request: PortalRequest, round: ReportingRound, form: ChaseForm) -> Letter:
    if form.reader is None:
        raise actions.ChaseError("だれへの文面を見るか、選んでください。")
    return actions.preview(
        round,
        by=request.user,
        today=request.today,
        now=request.now,
        section_ids=form.sections,
        text=form.cleaned_data["text"],
        person=form.reader,
    )
