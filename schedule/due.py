"""What is due: each kind of work hands over its open things as plain items; schedule/reminders.py takes it from there."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from initiatives.models import Plan
from schedule.models import Activity, DutyOccurrence, ProgressReport, ReportingRound
from schedule.recurrence import deadline, steps, working_day_steps
from schedule.reminders import DueItem
from townhall.models import ClosingDay, Section
from townhall.permissions import Permission

DUTY = "duty"
REPORT = "report"
KINDS = (DUTY, REPORT)

# 進捗照会: ten and three working days before the deadline, and on the one after it; then weekly like everything else.
REPORT_WORKING_DAYS_BEFORE = (10, 3)
REPORT_WORKING_DAYS_AFTER = (1,)


def open_items(*, today: date) -> list[DueItem]:
    closing_days = ClosingDay.days()
    return [*_duties(closing_days, today), *_reports(closing_days, today)]


def duty_subject(occurrence: DutyOccurrence) -> str:
    return f"occurrence:{occurrence.pk}"


def _duties(closing_days: frozenset[date], today: date) -> Iterator[DueItem]:
    for occurrence in DutyOccurrence.objects.owed().select_related("duty__owner_section"):
        due_on = deadline(occurrence.due_on, closing_days)
        yield DueItem(
            kind=DUTY,
            subject=duty_subject(occurrence),
            due_on=due_on,
            title=str(occurrence),
            path=occurrence.get_absolute_url(),
            section=occurrence.duty.owner_section,
            permission=Permission.MANAGE_DUTY,
            steps=steps(due_on, lead_days=occurrence.duty.lead_days, until=today),
        )


def _reports(closing_days: frozenset[date], today: date) -> Iterator[DueItem]:
    """One item per section with rows not yet reported in a plan's current round (R4: a draft is not a report)."""
    for plan in Plan.objects.all():
        round = ReportingRound.objects.current(plan, as_of=today)
        if round is None or not round.is_open_on(today):
            continue
        due_on = round.deadline(closing_days)
        for section, count in _unreported_in(round).items():
            yield DueItem(
                kind=REPORT,
                subject=f"round:{round.pk}:section:{section.pk if section else 0}",
                due_on=due_on,
                title=f"進捗の入力　{round.label}（未入力 {count}行）",
                path=reverse("round_entry", args=[round.key]),
                section=section,
                permission=Permission.RECORD_PROGRESS,
                steps=working_day_steps(
                    due_on,
                    days_before=REPORT_WORKING_DAYS_BEFORE,
                    days_after=REPORT_WORKING_DAYS_AFTER,
                    until=today,
                    closing_days=closing_days,
                ),
            )


def _unreported_in(round: ReportingRound) -> dict[Section | None, int]:
    reported = ProgressReport.objects.filter(round=round).reported().values("activity")
    rows = Activity.objects.filter(plan=round.plan_id).exclude(pk__in=reported)
    counts: dict[Section | None, int] = {}
    for row in rows.select_related("owner_section", "initiative__owner_section"):
        counts[row.section] = counts.get(row.section, 0) + 1
    return counts
