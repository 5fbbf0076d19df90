"""The budget of one plan in one fiscal year, as the dashboard says it in a line."""

from dataclasses import dataclass

from committee.models import BudgetLine
from committee.summaries.budget import Figures, all_of, figures_of
from initiatives.models import Plan


@dataclass(frozen=True)
class PlanBudget:
    fiscal_year: int
    lines: int
    figures: Figures


def plan_budget(plan: Plan, fiscal_year: int) -> PlanBudget:
    """What is budgeted in that year for the plan's initiatives; two queries, one when there is nothing."""
    lines = BudgetLine.objects.filter(initiative__plan=plan, budget_year=fiscal_year).prefetch_related("amounts")
    figures = [figures_of(line.amounts.all()) for line in lines]
    return PlanBudget(fiscal_year, len(figures), all_of(figures))
