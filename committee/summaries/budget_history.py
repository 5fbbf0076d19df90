"""Who changed what in one line of the budget: the line, its amounts, their sources."""

from committee.models import BudgetAmount, BudgetLine, BudgetPart
from townhall.history import Change, changes_by_row, changes_of


def budget_changes(line: BudgetLine) -> tuple[tuple[str, list[Change]], ...]:
    """Newest first in each."""
    amounts = BudgetAmount.history.filter(line_id=line.pk)
    parts = BudgetPart.history.filter(amount_id__in=amounts.values("id")).select_related("source")
    return ("事業", changes_of(line)), ("金額", changes_by_row(amounts)), ("財源の内訳", changes_by_row(parts))
