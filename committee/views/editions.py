"""The editions of a proposal: what it said when it was submitted, and what changed from one to another."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from committee.summaries import Edition, compared, editions_of
from committee.views.proposals import visible_or_404
from townhall.http import PortalRequest
from townhall.permissions import Permission, requires


def _edition_or_404(editions: tuple[Edition, ...], number: int) -> Edition:
    found = next((edition for edition in editions if edition.number == number), None)
    if found is None:
        raise Http404
    return found


@requires(Permission.VIEW_PROPOSAL)
@require_safe
def proposal_version(request: PortalRequest, pk: int, number: int) -> HttpResponse:
    proposal = visible_or_404(request, pk)
    editions = editions_of(proposal)
    context = {"proposal": proposal, "editions": editions, "edition": _edition_or_404(editions, number)}
    return render(request, "committee/proposal_version.html", context)


@requires(Permission.VIEW_PROPOSAL)
@require_safe
def proposal_versions(request: PortalRequest, pk: int, older: int, newer: int) -> HttpResponse:
    proposal = visible_or_404(request, pk)
    editions = editions_of(proposal)
    comparison = compared(_edition_or_404(editions, older), _edition_or_404(editions, newer))
    context = {"proposal": proposal, "editions": editions, "comparison": comparison}
    return render(request, "committee/proposal_versions.html", context)
