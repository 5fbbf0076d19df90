"""Numbers for pages, as frozen dataclasses of plain values."""

from schedule.summaries.compare import Comparison, compare
from schedule.summaries.duties import DutyYear, duty_year
from schedule.summaries.initiative import ActivitySummary, InitiativeSummary, activity_summary, initiative_summary
from schedule.summaries.plan import PlanSummary, plan_summary
from schedule.summaries.rows import RowLine

__all__ = [
    "ActivitySummary",
    "Comparison",
    "DutyYear",
    "InitiativeSummary",
    "PlanSummary",
    "RowLine",
    "activity_summary",
    "compare",
    "duty_year",
    "initiative_summary",
    "plan_summary",
]
