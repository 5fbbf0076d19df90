"""What a proposal said each time it was submitted, and what changed between."""

from dataclasses import dataclass
from datetime import date

from committee.contents import Difference, Line, differences, every_line, thawed
from committee.models import Proposal, ProposalEdition
from townhall import fiscal


@dataclass(frozen=True)
class Edition:
    number: int
    day: date
    actor: str
    lines: tuple[Line, ...]

    @property
    def label(self) -> str:
        return f"第{self.number}版"


@dataclass(frozen=True)
class Comparison:
    older: Edition
    newer: Edition
    differences: tuple[Difference, ...]


def editions_of(proposal: Proposal) -> tuple[Edition, ...]:
    """Oldest first; one query. A proposal that was submitted before editions were kept lacks the early ones."""
    return tuple(_edition(row) for row in proposal.editions.all())


def _edition(row: ProposalEdition) -> Edition:
    return Edition(row.number, fiscal.japan_date(row.frozen_at), row.frozen_by, thawed(row.contents))


def compared(older: Edition, newer: Edition) -> Comparison:
    return Comparison(older, newer, differences(older.lines, newer.lines))


def changes_since_submitted(proposal: Proposal) -> tuple[Difference, ...]:
    """What will be new when it is submitted again; nothing before the first time."""
    last = proposal.editions.last()
    return () if last is None else differences(thawed(last.contents), every_line(proposal))
