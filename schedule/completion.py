"""完了予定: the completion of a row as known before a round, and how often it has been moved."""

from datetime import date

from django.db.models import Count, Q

from initiatives.models import Plan
from schedule.choices import ScheduleKind
from schedule.models import Activity, ProgressReport, ReportingRound


def planned_on(activity: Activity, round: ReportingRound) -> date | None:
    """What an earlier round said last, else the plan's 期限; None for a row without an end."""
    if activity.kind not in ScheduleKind.WITH_END:
        return None
    said = ProgressReport.objects.filter(activity=activity).saying_completion().before(round).latest_round_first()
    return said.values_list("completes_on", flat=True).first() or activity.due_on


def planned_days(round: ReportingRound) -> dict[int, date]:
    """The same for every row of the plan that has one, by row. Two queries."""
    rows = Activity.objects.filter(plan=round.plan_id, kind__in=ScheduleKind.WITH_END)
    planned = {pk: day for pk, day in rows.values_list("pk", "due_on") if day}
    said = ProgressReport.objects.filter(activity__in=rows).saying_completion().before(round).latest_round_first()
    oldest_first = reversed(list(said.values_list("activity_id", "completes_on")))
    return planned | {pk: day for pk, day in oldest_first if day}


def times_moved(plan: Plan, *, until: ReportingRound | None = None) -> dict[int, int]:
    """How many rounds (up to that one) moved the completion, by row; rows never moved are absent."""
    moved = ProgressReport.objects.reported().filter(round__plan=plan, moved_from__isnull=False)
    if until is not None:
        moved = moved.filter(Q(round=until) | Q(round__in=ReportingRound.objects.filter(plan=plan).earlier_than(until)))
    return dict(moved.values_list("activity_id").annotate(times=Count("pk")).order_by())
