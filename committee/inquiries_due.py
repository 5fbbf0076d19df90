"""照会 that a section has to answer: its proposal waits with it until then.

Letters say the number of the proposal. What is asked, and what the proposal is called, stays in the portal.
"""

from collections.abc import Iterator

from committee.choices import ProposalState
from committee.models import Proposal
from schedule.recurrence import Step
from schedule.sources import DueDay, DueItem, Kind
from townhall import fiscal
from townhall.permissions import Permission

INQUIRY_KIND = Kind(
    "inquiry", "提案の照会への回答", lead_days=(3, 0), days_after=(1,), in_working_days=True, answer_within=10
)
KINDS = (INQUIRY_KIND,)
ASKED = "asked"  # the name of the step of the day itself, whose letter does not wait for the morning


def open_items(day: DueDay) -> Iterator[DueItem]:
    """One query."""
    asked = Proposal.objects.filter(state=ProposalState.RETURNED).with_last_move()
    for proposal in asked.select_related("section").order_by("pk"):
        asked_at = getattr(proposal, "moved_at", None)
        asked_on = fiscal.japan_date(asked_at) if asked_at else day.today
        due_on = day.answer_by(INQUIRY_KIND, asked_on)
        told_at_once = Step(asked_on, (asked_on - due_on).days, ASKED, "照会がありました。", at_once=True)
        yield DueItem(
            kind=INQUIRY_KIND.slug,
            subject=inquiry_subject(proposal),
            due_on=due_on,
            title=f"照会への回答　提案{proposal.number_label}",
            path=proposal.get_absolute_url(),
            section=proposal.section,
            permission=Permission.WRITE_PROPOSAL,
            steps=day.with_step(day.steps(INQUIRY_KIND, due_on), told_at_once),
        )


def inquiry_subject(proposal: Proposal) -> str:
    """One for each time it came back: what is submitted again is another edition."""
    return f"proposal:{proposal.pk}:edition:{proposal.edition}"
