"""課内の決裁: a proposal that waits for the 課長 of its section.

What happens before a proposal is submitted is the section's own matter: nobody outside is told of it, also when it waits
for long, and a letter does not say what it is called.
"""

from collections.abc import Iterator

from django.db.models import Max

from committee.choices import ProposalState
from committee.models import Proposal
from schedule.recurrence import Reach, Step
from schedule.sources import DueDay, DueItem, Kind
from townhall import fiscal
from townhall.permissions import Permission

APPROVAL_KIND = Kind(
    "approval", "提案の課内の決裁", lead_days=(1,), days_after=(1,), in_working_days=True, answer_within=5
)
KINDS = (APPROVAL_KIND,)
PUT_BEFORE = "waiting"  # the name of the step of the day on which it was put before the 課長


def open_items(day: DueDay) -> Iterator[DueItem]:
    """One query."""
    waiting = Proposal.objects.filter(state=ProposalState.SECTION_REVIEW).with_last_move()
    for proposal in waiting.annotate(turn=Max("events")).select_related("section").order_by("pk"):
        moved_at, turn = getattr(proposal, "moved_at", None), getattr(proposal, "turn", None)
        came_on = fiscal.japan_date(moved_at) if moved_at else day.today
        due_on = day.answer_by(APPROVAL_KIND, came_on)
        came = Step(came_on, (came_on - due_on).days, PUT_BEFORE)
        yield DueItem(
            kind=APPROVAL_KIND.slug,
            subject=f"{approval_prefix(proposal)}{turn or 0}",
            due_on=due_on,
            title=f"提案の課内の決裁　{proposal.number_label}".strip(),
            path=proposal.get_absolute_url(),
            section=proposal.section,
            permission=Permission.APPROVE_PROPOSAL,
            steps=day.with_step(day.steps(APPROVAL_KIND, due_on), came),
            begins_with=Reach.HEAD,
        )


def approval_prefix(proposal: Proposal) -> str:
    """Sent back and put before the 課長 again, it is another thing."""
    return f"proposal:{proposal.pk}:approval:"
