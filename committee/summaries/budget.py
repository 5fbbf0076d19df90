"""予算 as lists and pages show it: plain values in 千円, a fixed number of queries.

Requests, votes and accounts are never added to one another. What is voted counts in the year of the budget, what is
spent in the year of execution (繰越).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from committee.bars import BarPair, bar_pair
from committee.budget import RULES, asks_for_a_reason, stage_refusal
from committee.choices import Assessment, BudgetStage, FundingKind
from committee.models import BudgetAmount, BudgetLine
from committee.models.budget import BudgetLineQuerySet
from initiatives.models import Initiative
from townhall import fiscal
from townhall.models import User
from townhall.permissions import Permission, can, sections_open_to

S = BudgetStage
MOST_YEARS_SHOWN = 6


@dataclass(frozen=True)
class Part:
    label: str
    kind: FundingKind
    thousands: int


@dataclass(frozen=True)
class Figures:
    """The amounts of one line, or of several together. None: nothing is recorded, which is not 0."""

    requested: int | None = None
    assessed: int | None = None
    initial: int | None = None
    supplements: int | None = None
    estimated: int | None = None
    settled: int | None = None

    @property
    def voted(self) -> int | None:
        """予算現額 = 当初 + 補正."""
        return together((self.initial, self.supplements))

    @property
    def spent(self) -> int | None:
        return self.estimated if self.settled is None else self.settled

    @property
    def is_estimate(self) -> bool:
        return self.settled is None and self.estimated is not None


def together(amounts: Iterable[int | None]) -> int | None:
    """The sum of what is recorded; None when nothing is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


def figures_of(amounts: Iterable[BudgetAmount]) -> Figures:
    found: dict[str, list[int]] = {}
    for amount in amounts:
        found.setdefault(amount.stage, []).append(amount.thousands)

    def of(stage: BudgetStage) -> int | None:
        return sum(found[stage]) if stage in found else None

    return Figures(
        *(of(each) for each in (S.REQUEST, S.ASSESSED, S.INITIAL, S.SUPPLEMENT, S.ESTIMATE, S.SETTLED)),
    )


def all_of(several: Sequence[Figures]) -> Figures:
    names = ("requested", "assessed", "initial", "supplements", "estimated", "settled")
    return Figures(**{name: together(getattr(each, name) for each in several) for name in names})


# --- one fiscal year


@dataclass(frozen=True)
class LineRow:
    line: BudgetLine
    figures: Figures
    result: Assessment | None
    parts: tuple[Part, ...]  # of what is voted, else granted, else asked for
    parts_of: str  # the word for which of them

    @property
    def subsidy(self) -> int:
        return sum(part.thousands for part in self.parts if part.kind in FundingKind.SUBSIDIES)


@dataclass(frozen=True)
class SourceRow:
    label: str
    kind: FundingKind
    thousands: int


@dataclass(frozen=True)
class BudgetYear:
    fiscal_year: int
    years: tuple[int, ...]
    rows: tuple[LineRow, ...]
    total: Figures
    sources: tuple[SourceRow, ...]  # of 予算現額 only
    can_add: bool
    can_manage: bool
    carried_in: tuple[LineRow, ...]  # budgeted before, spent in this year

    @property
    def sources_total(self) -> int:
        return sum(row.thousands for row in self.sources)


def budget_year(fiscal_year: int, user: User, *, today: date) -> BudgetYear:
    """Every line of one fiscal year; five queries."""
    lines = list(BudgetLine.objects.touching(fiscal_year).with_figures().in_order())
    rows = [line_row(line) for line in lines]
    own = tuple(row for row in rows if row.line.budget_year == fiscal_year)
    return BudgetYear(
        fiscal_year=fiscal_year,
        years=_years(today),
        rows=own,
        total=all_of([row.figures for row in own]),
        sources=_sources(own),
        can_add=bool(sections_open_to(user, Permission.REQUEST_BUDGET, today=today) != []),
        can_manage=can(user, Permission.MANAGE_BUDGET, today=today),
        carried_in=tuple(row for row in rows if row.line.budget_year != fiscal_year),
    )


def _years(today: date) -> tuple[int, ...]:
    """Years with lines, this year and the next, newest first."""
    this = fiscal.fiscal_year(today)
    known = BudgetLine.objects.order_by().values_list("budget_year", flat=True).distinct()
    return tuple(sorted({*known, this, this + 1}, reverse=True))


def line_row(line: BudgetLine) -> LineRow:
    """Reads `amounts__parts__source` (prefetched in lists)."""
    amounts = list(line.amounts.all())
    shown = next((each for each in (S.VOTED, (S.ASSESSED,), (S.REQUEST,)) if any(a.stage in each for a in amounts)), ())
    return LineRow(
        line=line,
        figures=figures_of(amounts),
        result=next((amount.result_choice for amount in amounts if amount.result), None),
        parts=_parts([amount for amount in amounts if amount.stage in shown]),
        parts_of="予算現額" if shown == S.VOTED else S(shown[0]).label if shown else "",
    )


def _parts(amounts: Sequence[BudgetAmount]) -> tuple[Part, ...]:
    found: dict[int, Part] = {}
    for amount in amounts:
        for part in amount.parts.all():
            before = found[part.source_id].thousands if part.source_id in found else 0
            kind = FundingKind(part.source.kind)
            found[part.source_id] = Part(part.source.label, kind, before + part.thousands)
    order = list(FundingKind)
    return tuple(sorted((part for part in found.values() if part.thousands), key=lambda part: order.index(part.kind)))


def _sources(rows: Sequence[LineRow]) -> tuple[SourceRow, ...]:
    found: dict[tuple[FundingKind, str], int] = {}
    for row in rows:
        if row.figures.voted is not None:
            for part in row.parts:
                found[part.kind, part.label] = found.get((part.kind, part.label), 0) + part.thousands
    order = list(FundingKind)
    keys = sorted(found, key=lambda key: (order.index(key[0]), key[1]))
    return tuple(SourceRow(label, kind, found[kind, label]) for kind, label in keys)


# --- initiative × year


@dataclass(frozen=True)
class Cell:
    """One initiative in one year."""

    requested: int | None
    voted: int | None
    spent: int | None
    is_estimate: bool

    @property
    def is_empty(self) -> bool:
        return self.requested is None and self.voted is None and self.spent is None


@dataclass(frozen=True)
class InitiativeRow:
    initiative: Initiative | None  # None: the totals
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class BudgetOverview:
    years: tuple[int, ...]  # oldest first
    rows: tuple[InitiativeRow, ...]
    total: InitiativeRow
    has_older: bool
    can_add: bool

    @property
    def bars(self) -> BarPair | None:
        """Voted and spent per year, all initiatives together."""
        years = zip(self.years, self.total.cells, strict=True)
        return bar_pair(
            ((fiscal.format_fiscal_year(year), cell.voted, cell.spent) for year, cell in years), unit="千円"
        )


def budget_overview(user: User, *, today: date) -> BudgetOverview:
    """All lines by initiative and year; four queries."""
    lines = list(BudgetLine.objects.with_figures().in_order())
    known = sorted({year for line in lines for year in (line.budget_year, line.spending_year)})
    years = tuple(known[-MOST_YEARS_SHOWN:])
    groups: dict[int, list[BudgetLine]] = {}
    for line in lines:
        groups.setdefault(line.initiative_id, []).append(line)
    return BudgetOverview(
        years=years,
        rows=tuple(InitiativeRow(group[0].initiative, cells_of(group, years)) for group in groups.values()),
        total=InitiativeRow(None, cells_of(lines, years)),
        has_older=len(known) > len(years),
        can_add=bool(sections_open_to(user, Permission.REQUEST_BUDGET, today=today) != []),
    )


def cells_of(lines: Sequence[BudgetLine], years: Sequence[int]) -> tuple[Cell, ...]:
    known = [(line, figures_of(line.amounts.all())) for line in lines]
    return tuple(_cell(year, known) for year in years)


def _cell(year: int, known: Sequence[tuple[BudgetLine, Figures]]) -> Cell:
    budgeted = all_of([figures for line, figures in known if line.budget_year == year])
    spent = [figures for line, figures in known if line.spending_year == year and figures.spent is not None]
    return Cell(
        requested=budgeted.requested,
        voted=budgeted.voted,
        spent=together(figures.spent for figures in spent),
        is_estimate=any(figures.is_estimate for figures in spent),
    )


# --- one line


@dataclass(frozen=True)
class StageRow:
    stage: BudgetStage
    number: int
    label: str
    amount: BudgetAmount | None
    parts: tuple[Part, ...]
    can_write: bool
    refusal: str  # why it cannot be written now
    is_correction: bool

    @property
    def key(self) -> str:
        """In the address: 「supplement-2」."""
        return f"{self.stage.value}-{self.number}" if self.number else self.stage.value


@dataclass(frozen=True)
class BudgetLinePage:
    row: LineRow
    stages: tuple[StageRow, ...]
    can_edit: bool
    opens_proposal: bool
    spent_percent: Decimal | None  # 決算 ÷ 予算現額; None without both, or of nothing


def budget_line_page(line: BudgetLine, user: User, *, today: date) -> BudgetLinePage:
    """One line with everything recorded and what can be recorded next; one query more than the line itself."""
    row = line_row(line)
    return BudgetLinePage(
        row=row,
        stages=tuple(_stage_rows(line, user, today=today)),
        can_edit=line.is_theirs(user, today=today),
        opens_proposal=line.proposal_id in BudgetLine.objects.shows_proposal_to(user, today=today),
        spent_percent=percent(row.figures.settled, row.figures.voted),
    )


def percent(part: int | None, whole: int | None) -> Decimal | None:
    """One decimal, rounded half up; None when there is nothing to divide by."""
    if part is None or not whole:
        return None
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _stage_rows(line: BudgetLine, user: User, *, today: date) -> Iterable[StageRow]:
    amounts = {(each.stage_choice, each.number): each for each in line.amounts.all()}
    known: dict[BudgetStage, int] = {}
    for (stage, _), each in amounts.items():
        known[stage] = known.get(stage, 0) + each.thousands
    last = max((number for stage, number in amounts if stage == S.SUPPLEMENT), default=0)
    for stage in S:
        numbers = range(1, last + 2) if stage == S.SUPPLEMENT else (0,)
        for number in numbers:
            amount = amounts.get((stage, number))
            refusal = stage_refusal(stage, known, spending_year=line.spending_year, today=today)
            yield StageRow(
                stage=stage,
                number=number,
                label=f"{stage.label}（第{number}号）" if number else stage.label,
                amount=amount,
                parts=_parts([amount]) if amount else (),
                can_write=not refusal and can(user, RULES[stage].permission, today=today, section=line.section_id),
                refusal=refusal,
                is_correction=amount is not None and asks_for_a_reason(stage, known),
            )


# --- on other pages


def lines_of(lines: BudgetLineQuerySet) -> tuple[LineRow, ...]:
    """For cards on the pages of initiatives, rows and proposals, newest year first; three queries, one when empty."""
    return tuple(line_row(line) for line in lines.with_figures().order_by("-budget_year", "pk"))
