"""What is due after the decision: the effect of what is running, 6 and 12 months after its start."""

from collections.abc import Iterator

from committee.models import EffectReview
from schedule.sources import DueDay, DueItem, Kind
from townhall.permissions import Permission

EFFECT_KIND = Kind("effect", "効果の検証", lead_days=(14, 0), days_after=(1,))
KINDS = (EFFECT_KIND,)


def open_items(day: DueDay) -> list[DueItem]:
    return list(_effects(day))


def _effects(day: DueDay) -> Iterator[DueItem]:
    """The section that proposed it measures it."""
    for review in EffectReview.objects.open().with_proposal():
        due_on = day.deadline(review.due_on)
        proposal = review.execution.proposal
        yield DueItem(
            kind=EFFECT_KIND.slug,
            subject=f"effect:{review.pk}",
            due_on=due_on,
            title=f"効果の検証　{proposal.number_label}（{review.label}）",  # its title stays in the portal
            path=review.get_absolute_url(),
            section=proposal.section,
            permission=Permission.WRITE_PROPOSAL,
            steps=day.steps(EFFECT_KIND, due_on),
        )
