"""What people do to the ledger of 業務の棚卸し. Steps are saved as one list under the version of their 業務."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from initiatives.models import BusinessProcess, ProcessStep
from townhall.changes import create_row, delete_row, save_row
from townhall.refusal import Refused

ASIDE = 1_000  # out of the way while steps change places
SAME_NAME = "ほかの人が同時に同じ名前の業務を作りました。まだ保存していません。業務の一覧を確かめてください。"


@transaction.atomic
def create_process(process: BusinessProcess, *, by: Any, today: date, source: str = "画面") -> BusinessProcess:
    """The same one-time key a second time gives the first one."""
    twins = BusinessProcess.objects.filter(creation_key=process.creation_key)
    if first := twins.first():
        return first
    try:
        with transaction.atomic():
            return create_row(process, by=by, today=today, source=source)
    except IntegrityError as error:
        if first := twins.first():
            return first
        raise Refused(SAME_NAME) from error


@transaction.atomic
def edit_process(
    process: BusinessProcess, *, by: Any, today: date, seen_version: int | None, source: str = "画面"
) -> BusinessProcess:
    return save_row(process, by=by, seen_version=seen_version, today=today, source=source)


@transaction.atomic
def save_steps(
    process: BusinessProcess,
    steps: Sequence[ProcessStep],
    *,
    by: Any,
    today: date,
    seen_version: int | None,
    source: str = "画面",
) -> BusinessProcess:
    """Make these the steps of the 業務, in this order; those that are not named go. Raises StaleVersion."""
    who: dict[str, Any] = {"by": by, "today": today}
    reason = "工程を保存"
    save_row(process, seen_version=seen_version, source=source, reason=reason, **who)
    before = {step.pk: step for step in process.steps.all()}
    kept = {step.pk for step in steps if step.pk}
    for step in before.values():
        if step.pk not in kept:
            delete_row(step, seen_version=step.version, reason=reason, **who)
    process.steps.update(order=F("order") + ASIDE)
    for order, step in enumerate(steps, start=1):
        step.process, step.order = process, order
        if step.pk is None:
            create_row(step, source=source, **who)
        elif _differs(step, before[step.pk]):
            save_row(step, seen_version=before[step.pk].version, source=source, **who)
        else:
            ProcessStep.objects.filter(pk=step.pk).update(order=order)  # as it was: no version, no history
    return process


def _differs(step: ProcessStep, old: ProcessStep) -> bool:
    names = [field.attname for field in ProcessStep._meta.concrete_fields if field.name not in ("id", "version")]
    return any(getattr(step, name) != getattr(old, name) for name in names)
