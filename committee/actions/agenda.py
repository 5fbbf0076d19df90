"""次第: several subjects at once, and their order."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from committee.actions.decisions import undecided_item
from committee.actions.holding import hold_open
from committee.actions.meetings import append_item, table_proposal
from committee.candidates import Candidate, candidates_for
from committee.models import AgendaItem, Meeting
from townhall.changes import save_row
from townhall.models import User
from townhall.refusal import Refused

SOURCE = "次第の案"


@transaction.atomic
def build_agenda(meeting: Meeting, keys: Collection[str], *, by: User, today: date, now: datetime) -> list[AgendaItem]:
    """Put the chosen candidates on the agenda, in the order of `candidates_for`. What is on it already stays as it is."""
    hold_open(meeting)
    offered = {candidate.key: candidate for candidate in candidates_for(meeting, today=today)}
    chosen = [candidate for key, candidate in offered.items() if key in keys]
    if gone := [key for key in keys if key not in offered and not _is_on_it(meeting, key)]:
        raise Refused(
            f"選んだもののうち{len(gone)}件は、もう載せられません。画面を開き直して、もう一度選んでください。"
        )
    return [_add(meeting, candidate, by=by, today=today, now=now) for candidate in chosen]


def _add(meeting: Meeting, candidate: Candidate, *, by: User, today: date, now: datetime) -> AgendaItem:
    if candidate.proposal is not None:
        seen = candidate.proposal.version
        return table_proposal(
            candidate.proposal, meeting, by=by, today=today, now=now, seen_version=seen, source=SOURCE
        )
    item = AgendaItem(meeting=meeting, title=candidate.title, origin=candidate.origin, **candidate.about)
    item.creation_key = candidate.item_key(meeting)
    return append_item(item, by=by, today=today, source=SOURCE)


def _is_on_it(meeting: Meeting, key: str) -> bool:
    """Somebody, or the same person a moment ago, was first."""
    name, _, pk = key.partition("-")
    fields = {"row": "activity_id", "proposal": "proposal_id", "duty": "occurrence_id"}
    if name == "homework":
        return meeting.items.filter(follows_up=True).exists()
    return name in fields and pk.isdecimal() and len(pk) < 10 and meeting.items.filter(**{fields[name]: pk}).exists()


@transaction.atomic
def move_agenda_item(item: AgendaItem, *, up: bool, by: User, today: date, seen_version: int | None) -> AgendaItem:
    """Change places with the neighbour; at the end of the agenda nothing happens. 資料番号 stay once given."""
    undecided_item(item)
    items = list(item.meeting.items.order_by("order", "pk"))
    place = next(index for index, each in enumerate(items) if each.pk == item.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(items):
        return item
    neighbour = items[other]
    item.order, neighbour.order = neighbour.order, item.order
    save_row(item, by=by, seen_version=seen_version, today=today, reason="順を変更")
    save_row(neighbour, by=by, seen_version=neighbour.version, today=today, reason="順を変更")
    return item
