"""The schedule of a plan file (計画書 6) as rows, and one reporting line for each 検討事項."""

from datetime import date
from typing import Any

from django.db import transaction

from initiatives.adoption import Adoption
from initiatives.choices import InitiativeKind
from initiatives.models import Initiative, Plan
from initiatives.planfile import PlanFile
from schedule.choices import ScheduleKind
from schedule.models import Activity

WORDING = ["initiative", "order", "content", "timing_text", "kind", "first_year", "last_year", "due_on"]


@transaction.atomic
def adopt_rows(plan: Plan, planfile: PlanFile, *, by: Any, today: date, overwrite: bool = False) -> Adoption:
    """Call after `initiatives.actions.adopt_plan`, in the same transaction. A second time nothing changes."""
    adoption = Adoption(by=by, today=today, overwrite=overwrite)
    initiatives = {(row.kind, row.number): row for row in plan.initiatives.all()}
    rows = {row.code: row for row in plan.activities.select_related("initiative")}
    for wanted, reason in _wanted_rows(plan, planfile, initiatives):
        adoption.adopt(wanted, found=rows.get(wanted.code), wording=WORDING, reason=reason)
    return adoption


def _wanted_rows(
    plan: Plan, planfile: PlanFile, initiatives: dict[tuple[str, int], Initiative]
) -> list[tuple[Activity, str]]:
    """Each row with the reason of its history: why a person set kind or years, when the text did not decide them."""
    wanted = [
        (
            Activity(
                plan=plan,
                initiative=initiatives[InitiativeKind.PRIORITY, row.priority] if row.priority else None,
                code=row.code,
                order=order,
                content=row.content,
                timing_text=row.timing_text,
                kind=row.timing.kind,
                first_year=row.timing.first_year,
                last_year=row.timing.last_year,
                due_on=row.timing.due_on,
            ),
            row.timing_reason,
        )
        for order, row in enumerate(planfile.rows, start=1)
    ]
    # 計画書 5 (2): the plan gives them no time, so they have no years and draw no bar.
    wanted += [
        (
            Activity(
                plan=plan,
                initiative=initiatives[InitiativeKind.STUDY, study.number],
                code=f"k{study.number}",
                order=len(planfile.rows) + study.number,
                content=study.name,
                kind=ScheduleKind.STUDY,
            ),
            "",
        )
        for study in planfile.studies
    ]
    return wanted
