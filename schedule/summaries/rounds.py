"""期の設定: the rounds of each plan with their days and how far they are reported."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from initiatives.models import Plan
from schedule.choices import ReportState, RoundState
from schedule.models import ReportingRound
from townhall.models import ClosingDay


@dataclass(frozen=True)
class RoundLine:
    round: ReportingRound
    state: RoundState
    due_on: date  # as a working day
    closes_on: date
    reported: int
    total: int


@dataclass(frozen=True)
class PlanRounds:
    plan: Plan
    lines: tuple[RoundLine, ...]  # newest first


def rounds_page(plans: Iterable[Plan], *, today: date) -> list[PlanRounds]:
    """Two queries and two per plan."""
    closing_days = ClosingDay.days()
    return [_of_plan(plan, closing_days, today=today) for plan in plans]


def _of_plan(plan: Plan, closing_days: frozenset[date], *, today: date) -> PlanRounds:
    total = plan.activities.count()
    is_reported = Count("reports", filter=Q(reports__state__in=ReportState.REPORTED))
    rounds = plan.rounds.latest_first().select_related("plan").annotate(reported=is_reported)
    lines = tuple(
        RoundLine(
            each,
            each.state_on(today),
            each.deadline(closing_days),
            each.closing_day(closing_days),
            each.reported,
            total,
        )
        for each in rounds
    )
    return PlanRounds(plan, lines)
