"""Hours and yen of a 業務, before, planned and measured: three figures that are never added together (R9).

年間処理時間 = Σ（分 × 年間件数） ÷ 60; 削減率 = 削減時間 ÷ 現行（現行0は ―）; 換算 = 削減時間 × 単価, no budget saving.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from initiatives.models import BusinessProcess, ProcessStep

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Hours:
    """One of the three figures against the present one. `hours` is None while it is not known."""

    name: str
    hours: Decimal | None
    before: Decimal
    yen_per_hour: int

    @property
    def saved(self) -> Decimal | None:
        return None if self.hours is None else self.before - self.hours

    @property
    def percent(self) -> Decimal | None:
        """削減率; None when it is not known, or when there is nothing to save from."""
        if self.saved is None or not self.before:
            return None
        return (self.saved * 100 / self.before).quantize(TENTH, ROUND_HALF_UP)

    @property
    def thousand_yen(self) -> Decimal | None:
        """千円, one decimal."""
        if self.saved is None:
            return None
        return (self.saved * self.yen_per_hour / 1000).quantize(TENTH, ROUND_HALF_UP)


@dataclass(frozen=True)
class ProcessFigures:
    before: Hours
    planned: Hours
    measured: Hours
    steps: int
    measured_steps: int

    @property
    def compared(self) -> tuple[Hours, Hours]:
        return self.planned, self.measured

    @property
    def all(self) -> tuple[Hours, Hours, Hours]:
        return self.before, self.planned, self.measured

    @property
    def is_partly_measured(self) -> bool:
        return 0 < self.measured_steps < self.steps


def figures_of(process: BusinessProcess, steps: list[ProcessStep]) -> ProcessFigures:
    """Measured only when every step is: a sum of measured and planned minutes would be neither. No query."""
    before = _hours([(step.minutes, step.volume) for step in steps])
    planned = [(step.minutes if step.minutes_planned is None else step.minutes_planned, step.volume) for step in steps]
    measured = [(step.minutes_measured, step.volume) for step in steps if step.minutes_measured is not None]
    is_measured = bool(steps) and len(measured) == len(steps)
    yen = process.yen_per_hour
    return ProcessFigures(
        before=Hours("現行", before, before, yen),
        planned=Hours("見直し後（見込）", _hours(planned), before, yen),
        measured=Hours("見直し後（実測）", _hours(measured) if is_measured else None, before, yen),
        steps=len(steps),
        measured_steps=len(measured),
    )


def _hours(parts: list[tuple[Decimal, int]]) -> Decimal:
    return (sum((minutes * volume for minutes, volume in parts), Decimal(0)) / 60).quantize(TENTH, ROUND_HALF_UP)


@dataclass(frozen=True)
class ProcessLine:
    pk: int
    name: str
    url: str
    section: str
    initiative: str
    figures: ProcessFigures
    remeasure_on: date | None
    is_due: bool  # the day to measure again has come


@dataclass(frozen=True)
class ProcessTable:
    lines: tuple[ProcessLine, ...]

    @property
    def planned_saved(self) -> Decimal:
        """Of all 業務, as planned; what was measured is another sum."""
        return sum((line.figures.planned.saved or Decimal(0) for line in self.lines), Decimal(0))

    @property
    def measured(self) -> tuple[ProcessLine, ...]:
        return tuple(line for line in self.lines if line.figures.measured.hours is not None)

    @property
    def measured_saved(self) -> Decimal | None:
        if not self.measured:
            return None
        return sum((line.figures.measured.saved or Decimal(0) for line in self.measured), Decimal(0))

    @property
    def due(self) -> int:
        return sum(line.is_due for line in self.lines)


def process_table(*, today: date, initiative: int | None = None) -> ProcessTable:
    """Two queries."""
    rows = BusinessProcess.objects.select_related("section", "initiative").prefetch_related("steps")
    chosen = rows if initiative is None else rows.filter(initiative=initiative)
    return ProcessTable(tuple(_line(row, today=today) for row in chosen))


def _line(process: BusinessProcess, *, today: date) -> ProcessLine:
    day = process.remeasure_on
    return ProcessLine(
        pk=process.pk,
        name=process.name,
        url=process.get_absolute_url(),
        section=process.section.name,
        initiative=str(process.initiative or ""),
        figures=figures_of(process, list(process.steps.all())),
        remeasure_on=day,
        is_due=day is not None and day <= today,
    )
