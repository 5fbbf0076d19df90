"""次回の委員会で決めること: the agenda, and what waits for one."""

from dataclasses import dataclass
from datetime import date

from committee.models import Proposal
from committee.summaries import NextMeeting, next_meeting
from schedule.summaries import PlanSummary, RowLine
from townhall.models import User
from townhall.permissions import Permission, can


@dataclass(frozen=True)
class ToDecide:
    meeting: NextMeeting | None
    marked: tuple[RowLine, ...]  # rows whose report says 委員会に諮る, on no agenda of that meeting
    proposals: tuple[Proposal, ...]  # received, on no agenda; only those the person may open

    @property
    def count(self) -> int:
        return (self.meeting.to_decide if self.meeting else 0) + len(self.marked) + len(self.proposals)


def to_decide(user: User, plan: PlanSummary | None, *, today: date) -> ToDecide:
    """Three queries; none for those who do not see the committee's meetings."""
    if not can(user, Permission.VIEW_MEETING, today=today):
        return ToDecide(None, (), ())
    meeting = next_meeting(today)
    on_agenda = {item.activity.pk for item in meeting.items if item.activity} if meeting else set()
    marked = [row for row in (plan.all_rows if plan else ()) if row.words and row.words.to_committee]
    visible = Proposal.objects.visible_to(user, today=today)
    return ToDecide(
        meeting=meeting,
        marked=tuple(row for row in marked if row.pk not in on_agenda),
        proposals=tuple(visible.waiting_for_agenda().select_related("section")),
    )
