"""The editions of a meeting's papers as lists and pages show them."""

from dataclasses import dataclass
from datetime import date

from committee.models import Meeting, Pack
from committee.papers import pack_paper
from townhall.models import User
from townhall.paper.changes import Difference, compare_papers
from townhall.paper.content import Paper, as_json, from_json
from townhall.permissions import Permission, can


@dataclass(frozen=True)
class PackList:
    packs: tuple[Pack, ...]  # newest first, without their contents
    can_make: bool


@dataclass(frozen=True)
class NextEdition:
    """What pressing the button would freeze now."""

    paper: Paper
    last: Pack | None
    differences: tuple[Difference, ...]

    @property
    def edition(self) -> int:
        return self.last.edition + 1 if self.last else 1

    @property
    def is_new(self) -> bool:
        return self.last is None or bool(self.differences)


def pack_list(meeting: Meeting, user: User, *, today: date) -> PackList | None:
    """One query; None for who does not read the papers."""
    if not can(user, Permission.VIEW_PACK, today=today):
        return None
    makes = can(user, Permission.MAKE_PACK, today=today) and not meeting.is_closed
    return PackList(tuple(meeting.packs.newest_first().without_content()), makes)


def next_edition(meeting: Meeting, *, today: date) -> NextEdition:
    paper = from_json(as_json(pack_paper(meeting, as_of=today)))
    last = meeting.packs.newest_first().first()
    return NextEdition(paper, last, compare_papers(last.paper, paper) if last else ())
