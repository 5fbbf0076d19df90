"""標準化20業務 of the demonstration: made-up dates, vendors and steps on top of the published figures."""

from datetime import date, timedelta

from django.db import transaction

from initiatives.actions import systems as actions
from initiatives.choices import Hosting, StepState
from initiatives.models import StandardizedSystem, SystemStep
from townhall.models import User

SOURCE = "例のデータ"
VENDOR = "見本システム株式会社（架空）"
LIVE = ("std03", "std05", "std06", "std08", "std14")
FAMILY = {"std11": -20, "std04": 75}  # 戸籍 is late, 戸籍の附票 follows: days from today to the planned day
DONE_STEPS, DOING_STEPS = 12, 13  # of the 16: what lies before and at データ移行


@transaction.atomic
def load_systems(*, today: date) -> None:
    by = User.objects.get(username="jimukyoku")
    for system in StandardizedSystem.objects.filter(code__in=[*LIVE, *FAMILY]):
        system.vendor_after, system.hosting = VENDOR, Hosting.GOVERNMENT
        system.method = "一斉切替（例）"
        if system.code in FAMILY:
            system.planned_live_on = today + timedelta(days=FAMILY[system.code])
            system.risk = "本籍データの文字の同定に時間がかかっている（例）。"
        else:
            system.planned_live_on = system.live_on = date(2026, 2, 2)
            system.initial_cost, system.yearly_cost, system.subsidy = 3200, 480, 3200
        actions.edit_system(system, by=by, today=today, seen_version=system.version, source=SOURCE)
    for system in StandardizedSystem.objects.filter(code__in=FAMILY):
        for step in actions.take_template(system, by=by, today=today, source=SOURCE):
            _move_on(step, by=by, today=today)


def _move_on(step: SystemStep, *, by: User, today: date) -> None:
    if step.number > DOING_STEPS:
        return
    if step.number <= DONE_STEPS:
        step.state, step.done_on = StepState.DONE, date(2025, 4, 1) + timedelta(days=20 * step.number)
    else:
        step.state, step.planned_on = StepState.DOING, today + timedelta(days=40)
    actions.edit_step(step, by=by, today=today, seen_version=step.version, source=SOURCE)
