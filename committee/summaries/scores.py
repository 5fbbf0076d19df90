"""What everybody's points add up to, per criterion. A view of the people who scored, never a decision."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from committee.models import Criterion, Proposal, ProposalScore
from townhall.models import User

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class CriterionRow:
    name: str
    question: str
    weight: int
    most: int
    meanings: tuple[str, ...]
    count: int  # how many people scored it
    average: Decimal | None  # one decimal; None while nobody has
    lowest: int | None
    highest: int | None


@dataclass(frozen=True)
class ScoreTable:
    rows: tuple[CriterionRow, ...]
    people: int
    percent: Decimal | None  # Σ(average × weight) ÷ Σ(most × weight), over the criteria somebody scored


def score_table(proposal: Proposal) -> ScoreTable:
    """Of the edition at hand; two queries."""
    scores = list(ProposalScore.objects.filter(proposal=proposal, edition=proposal.edition))
    rows = tuple(_row(criterion, [s for s in scores if s.criterion_id == criterion.pk]) for criterion in _shown(scores))
    scored = [row for row in rows if row.average is not None]
    reached = sum((row.average * row.weight for row in scored if row.average is not None), Decimal(0))
    most = sum(row.most * row.weight for row in scored)
    percent = (reached * 100 / most).quantize(TENTH, ROUND_HALF_UP) if most else None
    return ScoreTable(rows, len({score.scorer_id for score in scores}), percent)


def _shown(scores: list[ProposalScore]) -> list[Criterion]:
    """Those in use, and those that were when somebody scored."""
    used = {score.criterion_id for score in scores}
    return [each for each in Criterion.objects.all() if each.is_active or each.pk in used]


def _row(criterion: Criterion, scores: list[ProposalScore]) -> CriterionRow:
    points = [score.points for score in scores]
    average = (Decimal(sum(points)) / len(points)).quantize(TENTH, ROUND_HALF_UP) if points else None
    return CriterionRow(
        name=criterion.name,
        question=criterion.question,
        weight=scores[0].weight if scores else criterion.weight,
        most=scores[0].most if scores else criterion.most,
        meanings=tuple(criterion.meanings),
        count=len(points),
        average=average,
        lowest=min(points, default=None),
        highest=max(points, default=None),
    )


def own_points(proposal: Proposal, user: User) -> dict[int, int]:
    mine = ProposalScore.objects.filter(proposal=proposal, edition=proposal.edition, scorer=user)
    return dict(mine.values_list("criterion_id", "points"))
