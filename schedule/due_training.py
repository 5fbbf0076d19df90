"""研修 as due things: each person with an account who is missing, and each section's 課長 for all of its people.

Nobody's name is told to anybody: a person reads of the own training, 課長 read a number and find the names on the page.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from schedule.models import Attendance, Duty, Training
from schedule.recurrence import Reach, Step, steps
from schedule.sources import DueDay, DueItem, Kind
from townhall.permissions import Permission

TRAINING = "training"
TRAINING_KIND = Kind(TRAINING, "研修の受講", lead_days=None)


def attendance_subject(pk: int) -> str:
    return f"attendance:{pk}"


def training_items(day: DueDay) -> Iterator[DueItem]:
    """Two queries. A training whose duty is done or left out asks nobody."""
    owed = Attendance.objects.missing().filter(
        training__occurrence__done_on__isnull=True,
        training__occurrence__skipped_reason="",
        training__occurrence__duty__is_active=True,
    )
    rows = owed.select_related("training__occurrence__duty", "trainee__user", "section").order_by("pk")
    by_section: dict[tuple[int, int], list[Attendance]] = defaultdict(list)
    for row in rows:
        by_section[row.training_id, row.section_id].append(row)
        if row.trainee.user_id:
            yield _for_the_person(row, day)
    for members in by_section.values():
        item = _for_the_head(members, day)
        if item.steps:
            yield item


def _for_the_person(row: Attendance, day: DueDay) -> DueItem:
    """Told for themselves alone: 課長 hear of all of them in one line of their own."""
    training: Training = row.training
    return DueItem(
        kind=TRAINING,
        subject=attendance_subject(row.pk),
        due_on=day.deadline(training.occurrence.due_on),
        title=f"{training}を受講してください",
        path=training.get_absolute_url(),
        section=row.section,
        permission=Permission.VIEW_DUTY,
        steps=tuple(replace(step, offset=min(step.offset, 0)) for step in _steps(training, day)),
        people=(row.trainee.user,) if row.trainee.user else (),
    )


def _for_the_head(rows: list[Attendance], day: DueDay) -> DueItem:
    """課長: before the day those of their people whom no letter reaches, afterwards everybody who is missing."""
    training, section = rows[0].training, rows[0].section
    without_account = [row for row in rows if not row.trainee.user_id]
    wanted = tuple(step for step in _steps(training, day) if step.offset > 0 or without_account)
    return DueItem(
        kind=TRAINING,
        subject=f"training:{training.pk}:section:{section.pk}",
        due_on=day.deadline(training.occurrence.due_on),
        title=f"{training}　未受講 {len(rows)}人（{section}）",
        path=training.get_absolute_url(),
        section=section,
        permission=Permission.VIEW_TRAINEE,
        steps=wanted,
        begins_with=Reach.HEAD,
        note="課の未受講の人に、受講を勧めてください。",
    )


def _steps(training: Training, day: DueDay) -> tuple[Step, ...]:
    return duty_steps(training.occurrence.duty, day.deadline(training.occurrence.due_on), day)


def duty_steps(duty: Duty, due_on: date, day: DueDay) -> tuple[Step, ...]:
    """Each duty has days of its own, and its own patience."""
    return steps(
        due_on,
        lead_days=duty.lead_days,
        until=day.today,
        every=day.repeat_every,
        patience=duty.escalates_after,
    )
