"""The ledgers of this package that go in and out as files."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from committee.models import BudgetAmount, BudgetLine
from committee.resources import BudgetAmountResource, column_notes
from townhall.changes import Written
from townhall.models import User
from townhall.permissions import Permission
from townhall.sheets.kinds import ImportKind

AMOUNT = "committee.budgetamount"


def _amount_lines(user: User, today: date) -> list[list[Any]]:
    """Inside, everybody reads every line of the budget."""
    return BudgetAmountResource().lines_of(BudgetLine.objects.with_figures().in_order())


def _later_stages(written: Sequence[Written], today: date) -> str:
    """A stage stands on those before it."""
    mine = {each.pk for each in written if each.model == AMOUNT}
    lines = BudgetAmount.objects.filter(pk__in=mine).values("line")
    later = BudgetAmount.objects.filter(line__in=lines, pk__gt=max(mine, default=0)).select_related("line").first()
    return f"「{later.line}」に次の段階の金額が入ったため、取り消せません。" if later else ""


BUDGET = ImportKind(
    code="budget",
    label="予算の金額",
    about="事業ごとの要求・査定・当初予算・補正予算・決算見込・決算（千円）と財源の内訳。",
    view=Permission.VIEW_BUDGET,
    change=Permission.MANAGE_BUDGET,
    resource=lambda: BudgetAmountResource,
    lines=_amount_lines,
    notes=column_notes(),
    example={"事業番号": 1, "段階": "要求", "金額（千円）": 1500, "財源の内訳": "一般財源 1500", "日付": "R8.10.20"},
    undoable=(AMOUNT, "committee.budgetpart"),
    words={"金額": "金額（千円）", "財源": "財源の内訳", "査定": "査定の結果"},
    keeps=_later_stages,
)

KINDS = (BUDGET,)
