"""採点と所見."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction

from committee.choices import ProposalState
from committee.models import Criterion, Proposal, ProposalOpinion, ProposalScore
from committee.workflow import who_may
from townhall.changes import create_row, save_row
from townhall.models import User
from townhall.permissions import Permission, can
from townhall.refusal import Refused


@transaction.atomic
def score_proposal(proposal: Proposal, points: Mapping[int, int], *, by: User, today: date) -> None:
    """One's own points for the edition at hand, by criterion; those not named stay. The newest of one person counts."""
    _check(proposal, Permission.SCORE_PROPOSAL, by=by, today=today)
    given = {row.criterion_id: row for row in ProposalScore.objects.filter(**_mine(proposal, by))}
    for criterion in Criterion.objects.in_use().filter(pk__in=points):
        row = given.get(criterion.pk) or ProposalScore(criterion=criterion, **_mine(proposal, by))
        if row.pk is not None and row.points == points[criterion.pk]:
            continue
        row.points, row.most, row.weight = points[criterion.pk], criterion.most, criterion.weight
        if row.pk is None:
            create_row(row, by=by, today=today)
        else:
            save_row(row, by=by, seen_version=row.version, today=today)


def _mine(proposal: Proposal, by: User) -> dict[str, object]:
    return {"proposal": proposal, "edition": proposal.edition, "scorer": by}


@transaction.atomic
def write_opinion(opinion: ProposalOpinion, *, by: User, today: date, seen_version: int | None) -> ProposalOpinion:
    """事務局の所見 on the edition at hand."""
    _check(opinion.proposal, Permission.RECEIVE_PROPOSAL, by=by, today=today)
    if opinion.pk is None:
        return create_row(opinion, by=by, today=today)
    return save_row(opinion, by=by, seen_version=seen_version, today=today)


def _check(proposal: Proposal, permission: Permission, *, by: User, today: date) -> None:
    if not can(by, permission, today=today):
        raise PermissionDenied(f"これを行うのは、{who_may(permission)}です。")
    if proposal.state not in ProposalState.BEING_WEIGHED:
        raise Refused(f"この提案はいま「{proposal.state_choice.label}」のため、採点と所見は変えられません。")
