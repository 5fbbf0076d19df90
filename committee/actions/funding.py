"""財源の内訳 of a proposal, saved with it: its version guards them."""

from collections.abc import Sequence
from datetime import date

from committee.costs import FundingEntry
from committee.models import Proposal, ProposalFunding
from townhall.changes import create_row, delete_row, save_row
from townhall.models import User


def save_funding(
    proposal: Proposal, entries: Sequence[FundingEntry], *, by: User, today: date, source: str = "画面"
) -> None:
    """Make the lines of the proposal exactly these. A line that stays as it is leaves no trace in the history."""
    rows = {row.source_id: row for row in ProposalFunding.objects.filter(proposal=proposal)}
    for entry in entries:
        row = rows.pop(entry.source_id, None)
        if row is not None and row.amounts == entry.amounts:
            continue
        is_new = row is None
        row = row or ProposalFunding(proposal=proposal, source_id=entry.source_id)
        for year, amount in enumerate(entry.amounts, start=1):
            setattr(row, f"year_{year}", amount)
        if is_new:
            create_row(row, by=by, today=today, source=source)
        else:
            save_row(row, by=by, seen_version=row.version, today=today, source=source)
    for row in rows.values():
        delete_row(row, by=by, seen_version=row.version, today=today)
