"""What people do to indicators: define them, set a year's target, write down a figure, correct it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max

from initiatives.choices import GoodDirection, ValueBasis
from initiatives.models import Indicator, IndicatorTarget, IndicatorValue, Plan
from initiatives.national_indicators import NationalIndicator
from townhall import fiscal
from townhall.changes import StaleVersion, System, create_row, save_row
from townhall.permissions import Permission, can, refusal
from townhall.refusal import Refused

# Two people adding an indicator in the same instant compute the same number; the loser takes the next one.
TRIES_FOR_A_NUMBER = 10


def may_manage(by: Any, *, today: date) -> bool:
    return isinstance(by, System) or can(by, Permission.MANAGE_INDICATOR, today=today)


def may_record(by: Any, indicator: Indicator, *, today: date) -> bool:
    """The section that carries the initiative, and 事務局. An indicator of the whole plan is nobody's own."""
    owner = indicator.initiative.owner_section_id if indicator.initiative else None
    return isinstance(by, System) or can(by, Permission.RECORD_INDICATOR, today=today, section=owner or 0)


def _require(allowed: bool, permission: Permission) -> None:
    if not allowed:
        raise PermissionDenied(refusal(permission))


@transaction.atomic
def create_indicator(draft: Indicator, *, by: Any, today: date, source: str = "画面", reason: str = "") -> Indicator:
    """Add an indicator under the plan's next number. The same creation key a second time gives the first one."""
    _require(may_manage(by, today=today), Permission.MANAGE_INDICATOR)
    _check(draft)
    twins = Indicator.objects.filter(creation_key=draft.creation_key)
    numbers = Indicator.objects.filter(plan=draft.plan)
    for attempt in range(TRIES_FOR_A_NUMBER):
        if first := twins.first():
            return first
        draft.number = (numbers.aggregate(last=Max("number"))["last"] or 0) + 1
        try:
            with transaction.atomic():
                return create_row(draft, by=by, today=today, source=source, reason=reason)
        except (IntegrityError, ValidationError):
            taken = numbers.filter(number=draft.number).exists() or twins.exists()
            if attempt == TRIES_FOR_A_NUMBER - 1 or not taken:
                raise
    raise AssertionError("unreachable")


@transaction.atomic
def edit_indicator(
    indicator: Indicator, *, by: Any, today: date, seen_version: int | None, source: str = "画面", reason: str = ""
) -> Indicator:
    _require(may_manage(by, today=today), Permission.MANAGE_INDICATOR)
    _check(indicator)
    if indicator.direction != GoodDirection.RANGE and indicator.targets.filter(upper__isnull=False).exists():
        raise ValidationError(
            {"direction": "範囲の目標があるため、良い向きは変えられません。先に目標を直してください。"}
        )
    return save_row(indicator, by=by, seen_version=seen_version, today=today, source=source, reason=reason)


def _check(indicator: Indicator) -> None:
    if indicator.initiative and indicator.initiative.plan_id != indicator.plan_id:
        raise ValidationError({"initiative": "この指標の計画にない取組です。"})


@transaction.atomic
def set_target(
    target: IndicatorTarget, *, by: Any, today: date, seen_version: int | None, source: str = "画面", reason: str = ""
) -> IndicatorTarget:
    """Write the target of one year, new or changed. A target changed later keeps both values in its history."""
    _require(may_manage(by, today=today), Permission.MANAGE_INDICATOR)
    if target.upper is not None and target.indicator.direction != GoodDirection.RANGE:
        raise ValidationError({"upper": "上限を入れるのは、良い向きが「決めた範囲の中が良い」の指標だけです。"})
    if target.pk is not None:
        return save_row(target, by=by, seen_version=seen_version, today=today, source=source, reason=reason)
    twins = IndicatorTarget.objects.filter(indicator=target.indicator, fiscal_year=target.fiscal_year)
    return _create_or_tell(target, twins, by=by, today=today, source=source, reason=reason)


def _create_or_tell(row: Any, twins: Any, *, by: Any, today: date, source: str, reason: str) -> Any:
    """Of two people who write the same period first, the second is told; the same figures twice are one press."""
    try:
        with transaction.atomic():
            return create_row(row, by=by, today=today, source=source, reason=reason)
    except (IntegrityError, ValidationError):
        first = twins.first()
        if first is None:
            raise
        if _says_the_same(first, row):
            return first
        raise StaleVersion(first, 0) from None


def _says_the_same(first: Any, second: Any) -> bool:
    compared = ("value", "upper", "decided_by", "as_of", "source", "is_public")
    return all(getattr(first, name, None) == getattr(second, name, None) for name in compared)


@transaction.atomic
def record_value(
    value: IndicatorValue, *, by: Any, today: date, source: str = "画面", reason: str = ""
) -> IndicatorValue:
    """Write a figure down for the first time. Raises StaleVersion when the period has another one already."""
    _require(may_record(by, value.indicator, today=today), Permission.RECORD_INDICATOR)
    _check_day(value, today=today)
    twins = IndicatorValue.objects.filter(
        indicator=value.indicator, fiscal_year=value.fiscal_year, part=value.part, basis=value.basis
    )
    return _create_or_tell(value, twins, by=by, today=today, source=source, reason=reason)


@transaction.atomic
def correct_value(
    value: IndicatorValue, *, by: Any, today: date, seen_version: int | None, reason: str, source: str = "画面"
) -> IndicatorValue:
    """A figure that was recorded is changed only with a reason, which stays beside it."""
    _require(may_record(by, value.indicator, today=today), Permission.RECORD_INDICATOR)
    if not reason.strip():
        raise Refused("訂正の理由を入力してください。")
    _check_day(value, today=today)
    value.correction = reason.strip()[:200]
    return save_row(value, by=by, seen_version=seen_version, today=today, source=source, reason=value.correction)


def _check_day(value: IndicatorValue, *, today: date) -> None:
    if value.as_of and value.basis == ValueBasis.MEASURED and value.as_of > today:
        raise ValidationError({"as_of": "実測の基準日は、今日までの日にしてください。先の日の値は「見込・推計」です。"})
    if value.as_of and value.basis == ValueBasis.MEASURED and value.as_of < fiscal.fiscal_year_start(value.fiscal_year):
        year = fiscal.format_fiscal_year(value.fiscal_year)
        raise ValidationError({"as_of": f"基準日が{year}の始めより前です。年度か基準日を確かめてください。"})


@transaction.atomic
def adopt_national(plan: Plan, entries: Iterable[NationalIndicator], *, by: Any, today: date) -> list[Indicator]:
    """Take chosen comparison indicators of the national government into the plan; those it has already are left alone."""
    _require(may_manage(by, today=today), Permission.MANAGE_INDICATOR)
    taken = set(plan.indicators.exclude(template_code="").values_list("template_code", flat=True))
    names = set(plan.indicators.values_list("name", flat=True))
    initiatives = {each.code: each for each in plan.initiatives.all()}
    return [
        create_indicator(_from_national(plan, entry, initiatives.get(entry.initiative)), by=by, today=today)
        for entry in entries
        if entry.code not in taken and entry.name not in names
    ]


def _from_national(plan: Plan, entry: NationalIndicator, initiative: Any) -> Indicator:
    return Indicator(
        plan=plan,
        name=entry.name,
        unit=entry.unit,
        kind=entry.kind,
        direction=entry.direction,
        initiative=initiative,
        formula=entry.formula,
        source=entry.source,
        template_code=entry.code,
    )


def as_stored(value: Decimal | None) -> Decimal | None:
    """As the database gives it back, so that an unchanged figure is not taken for a change."""
    return None if value is None else value.quantize(Decimal("0.001"))
