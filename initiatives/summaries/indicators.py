"""指標 against their years: baseline, target, measured and estimated figures side by side. Three queries, however many."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from initiatives.achievement import Achievement, Verdict, achievement
from initiatives.choices import GoodDirection, IndicatorKind, PartOfYear, ValueBasis
from initiatives.models import Indicator, IndicatorTarget, IndicatorValue, Initiative, Plan


@dataclass(frozen=True)
class Figure:
    """One recorded value. For a year without a value of its own, its newest quarter stands in and says so."""

    pk: int
    value: Decimal
    as_of: date
    part: PartOfYear
    source: str
    correction: str


@dataclass(frozen=True)
class Target:
    pk: int
    value: Decimal
    upper: Decimal | None
    decided_by: str


@dataclass(frozen=True)
class YearCell:
    fiscal_year: int
    target: Target | None
    measured: Figure | None
    estimated: Figure | None
    achievement: Achievement  # of the measured value; an estimate achieves nothing

    @property
    def is_empty(self) -> bool:
        return self.target is None and self.measured is None and self.estimated is None


@dataclass(frozen=True)
class IndicatorLine:
    pk: int
    url: str
    label: str
    name: str
    unit: str
    kind: IndicatorKind
    direction: GoodDirection
    initiative: Initiative | None
    baseline_year: int | None
    baseline: Decimal | None
    years: tuple[YearCell, ...]
    is_active: bool

    @property
    def latest(self) -> YearCell | None:
        """The newest year with a measured value."""
        return next((cell for cell in reversed(self.years) if cell.measured), None)

    @property
    def is_met(self) -> bool:
        return self.latest is not None and self.latest.achievement.verdict is Verdict.MET

    @property
    def has_figures(self) -> bool:
        return any(cell.measured or cell.estimated for cell in self.years)


@dataclass(frozen=True)
class IndicatorTable:
    years: tuple[int, ...]
    lines: tuple[IndicatorLine, ...]

    @property
    def judged(self) -> tuple[IndicatorLine, ...]:
        """Those whose newest measured year has a target."""
        return tuple(line for line in self.lines if line.latest and line.latest.target)

    @property
    def met(self) -> int:
        return sum(line.is_met for line in self.judged)

    @property
    def without_target(self) -> int:
        return sum(not any(cell.target for cell in line.years) for line in self.lines)

    @property
    def without_value(self) -> int:
        return sum(line.latest is None for line in self.lines)


def indicator_table(plan: Plan, *, initiative: Initiative | None = None, with_unused: bool = False) -> IndicatorTable:
    """The plan's indicators, or those of one initiative. Years: those of the plan, and any other that has a figure."""
    rows = plan.indicators.select_related("initiative__owner_section").order_by("number")
    if initiative is not None:
        rows = rows.filter(initiative=initiative)
    found = list(rows if with_unused else rows.in_use())
    targets, values = _figures_of(found)
    years = _years(plan, targets, values)
    return IndicatorTable(tuple(years), tuple(_lines(found, targets, values, years)))


def indicator_line(indicator: Indicator) -> IndicatorLine:
    """Two queries; call with `initiative` and `plan` selected."""
    targets, values = _figures_of([indicator])
    years = _years(indicator.plan, targets, values)
    return next(iter(_lines([indicator], targets, values, years)))


def _figures_of(indicators: Sequence[Indicator]) -> tuple[list[IndicatorTarget], list[IndicatorValue]]:
    keys = [each.pk for each in indicators]
    return (
        list(IndicatorTarget.objects.filter(indicator__in=keys)),
        list(IndicatorValue.objects.filter(indicator__in=keys)),
    )


def _years(plan: Plan, targets: Iterable[IndicatorTarget], values: Iterable[IndicatorValue]) -> list[int]:
    found = {each.fiscal_year for each in targets} | {each.fiscal_year for each in values}
    return sorted({*plan.years, *found})


def _lines(
    indicators: Iterable[Indicator],
    targets: Iterable[IndicatorTarget],
    values: Iterable[IndicatorValue],
    years: Sequence[int],
) -> Iterable[IndicatorLine]:
    target_of = {(each.indicator_id, each.fiscal_year): each for each in targets}
    values_of: dict[tuple[int, int, str], list[IndicatorValue]] = defaultdict(list)
    for each in values:
        values_of[each.indicator_id, each.fiscal_year, each.basis].append(each)
    for row in indicators:
        cells = (
            _cell(
                row,
                year,
                target_of.get((row.pk, year)),
                values_of[row.pk, year, ValueBasis.MEASURED],
                values_of[row.pk, year, ValueBasis.ESTIMATED],
            )
            for year in years
        )
        yield IndicatorLine(
            pk=row.pk,
            url=row.get_absolute_url(),
            label=row.label,
            name=row.name,
            unit=row.unit,
            kind=IndicatorKind(row.kind),
            direction=GoodDirection(row.direction),
            initiative=row.initiative,
            baseline_year=row.baseline_year,
            baseline=row.baseline_value,
            years=tuple(cells),
            is_active=row.is_active,
        )


def _cell(
    row: Indicator,
    year: int,
    target: IndicatorTarget | None,
    measured: Sequence[IndicatorValue],
    estimated: Sequence[IndicatorValue],
) -> YearCell:
    found = _of_year(measured)
    return YearCell(
        fiscal_year=year,
        target=Target(target.pk, target.value, target.upper, target.decided_by) if target else None,
        measured=found,
        estimated=_of_year(estimated),
        achievement=achievement(
            row.direction,
            value=found.value if found else None,
            target=target.value if target else None,
            upper=target.upper if target else None,
            baseline=row.baseline_value,
        ),
    )


def _of_year(values: Sequence[IndicatorValue]) -> Figure | None:
    """The value of the whole year, else that of its newest quarter."""
    if not values:
        return None
    chosen = next((each for each in values if each.part == PartOfYear.WHOLE), None)
    each = chosen or max(values, key=lambda value: value.part)
    return Figure(each.pk, each.value, each.as_of, PartOfYear(each.part), each.source, each.correction)
