"""What people do to the ledger of 標準化20業務."""

from datetime import date
from typing import Any

from django.db import transaction

from initiatives.models import StandardizedSystem, SystemStep, SystemStepTemplate
from townhall.changes import create_row, save_row


@transaction.atomic
def edit_system(
    system: StandardizedSystem, *, by: Any, today: date, seen_version: int | None, source: str = "画面"
) -> StandardizedSystem:
    """Raises StaleVersion and ValidationError; then nothing is saved."""
    return save_row(system, by=by, seen_version=seen_version, today=today, source=source)


@transaction.atomic
def take_template(system: StandardizedSystem, *, by: Any, today: date, source: str = "画面") -> list[SystemStep]:
    """Give the 業務 the steps of the template that it has not; a second time nothing happens."""
    # Two people pressing at once wait here for each other instead of meeting at the unique key.
    StandardizedSystem.objects.select_for_update().get(pk=system.pk)
    known = set(system.steps.values_list("number", flat=True))
    return [
        create_row(
            SystemStep(system=system, number=template.number, phase=template.phase, name=template.name),
            by=by,
            today=today,
            reason="手順のひな形から",
            source=source,
        )
        for template in SystemStepTemplate.objects.all()
        if template.number not in known
    ]


@transaction.atomic
def edit_step(step: SystemStep, *, by: Any, today: date, seen_version: int | None, source: str = "画面") -> SystemStep:
    return save_row(step, by=by, seen_version=seen_version, today=today, source=source)
