"""Numbers for pages, as frozen dataclasses of plain values."""

from schedule.summaries.duties import DutyYear, duty_year
from schedule.summaries.initiative import ActivitySummary, InitiativeSummary, activity_summary, initiative_summary
from schedule.summaries.plan import PlanSummary, plan_summary

__all__ = [
    "ActivitySummary",
    "DutyYear",
    "InitiativeSummary",
    "PlanSummary",
    "activity_summary",
    "duty_year",
    "initiative_summary",
    "plan_summary",
]
