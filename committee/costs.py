"""事業費と財源, year by year over five years, in 千円. No database: the model hands in the figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from committee.choices import FundingKind

YEARS_COUNTED = 5
FROM_OUTSIDE = (FundingKind.NATIONAL, FundingKind.PREFECTURE)
REST = "一般財源（残り）"

Years = tuple[int, ...]


@dataclass(frozen=True)
class FundingEntry:
    """One line as somebody fills it in: the source (its key), and what it pays in each of the five years."""

    source_id: int
    amounts: Years


@dataclass(frozen=True)
class SourceLine:
    """What one source pays in each of the five years."""

    name: str
    kind: FundingKind
    amounts: Years

    @property
    def total(self) -> int:
        return sum(self.amounts)


@dataclass(frozen=True)
class CostPlan:
    """事業費 and who pays it. What no source pays is 一般財源, so that the sources always add up to the cost."""

    initial: Years
    running: Years
    sources: tuple[SourceLine, ...]

    @property
    def cost(self) -> Years:
        return tuple(map(sum, zip(self.initial, self.running, strict=True)))

    @property
    def paid(self) -> Years:
        """By the named sources."""
        return tuple(sum(line.amounts[year] for line in self.sources) for year in range(YEARS_COUNTED))

    @property
    def rest(self) -> Years:
        """Negative where the sources pay more than there is to pay (`overpaid_years`)."""
        return tuple(cost - paid for cost, paid in zip(self.cost, self.paid, strict=True))

    @property
    def rest_line(self) -> SourceLine:
        return SourceLine(REST, FundingKind.GENERAL, self.rest)

    @property
    def overpaid_years(self) -> Years:
        return tuple(year for year, rest in enumerate(self.rest, start=1) if rest < 0)

    @property
    def total(self) -> int:
        return sum(self.cost)

    @property
    def from_outside(self) -> int:
        """国・県 over the five years."""
        return sum(line.total for line in self.sources if line.kind in FROM_OUTSIDE)

    @property
    def town_share(self) -> int:
        return max(self.total - self.from_outside, 0)


def cost_plan(initial: int | None, yearly: int | None, sources: Sequence[SourceLine] = ()) -> CostPlan | None:
    """導入 in the first year, 運用 in all five. None while a figure is missing."""
    if initial is None or yearly is None:
        return None
    return CostPlan((initial, 0, 0, 0, 0), (yearly,) * YEARS_COUNTED, tuple(sources))


def overpaid_sentence(years: Sequence[int]) -> str:
    named = "・".join(f"{year}年目" for year in years)
    return f"{named}の財源の合計が、その年の事業費を超えています。財源の内訳か費用を直してください。"
