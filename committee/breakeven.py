"""When the effect overtakes the cost: geometry of the five-year chart. Amounts in 千円, coordinates in user units."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from committee.models import Proposal

LEFT, RIGHT, TOP, BOTTOM = 62.0, 732.0, 30.0, 226.0
STEPS_OF_THE_AXIS = (1, 2, 5, 10)


@dataclass(frozen=True)
class Point:
    x: float
    y: float


@dataclass(frozen=True)
class Tick:
    y: float
    label: str  # 万円


@dataclass(frozen=True)
class YearRow:
    """One line of the table beside the chart: totals since the start, in 千円."""

    label: str
    x: float
    cost: int
    effect: int

    @property
    def balance(self) -> int:
        return self.effect - self.cost


@dataclass(frozen=True)
class Chart:
    years: tuple[YearRow, ...]
    cost: tuple[Point, ...]
    effect: tuple[Point, ...]
    ticks: tuple[Tick, ...]
    crossing: Point | None
    cost_label_y: float
    effect_label_y: float

    @property
    def crossing_label(self) -> Point | None:
        """Up and left of the crossing, where both lines are below; right of it when there is no room."""
        if self.crossing is None:
            return None
        room = self.crossing.x - LEFT > 170
        return Point(self.crossing.x - 14 if room else self.crossing.x + 14, self.crossing.y + (-14 if room else 28))

    @property
    def cost_line(self) -> str:
        return _line(self.cost)

    @property
    def effect_line(self) -> str:
        return _line(self.effect)


def _line(points: tuple[Point, ...]) -> str:
    return " ".join(f"{point.x:g},{point.y:g}" for point in points)


def chart_of(proposal: "Proposal", *, years: int) -> Chart | None:
    """None while one of the three figures is missing."""
    effect, initial, yearly = proposal.yearly_effect, proposal.initial_cost, proposal.yearly_cost
    if effect is None or initial is None or yearly is None:
        return None
    return chart(initial=initial, yearly_cost=yearly, yearly_effect=effect, years=years)


def chart(*, initial: int, yearly_cost: int, yearly_effect: int, years: int) -> Chart:
    step = (RIGHT - LEFT) / years
    rows = tuple(
        YearRow(
            label="導入時" if year == 0 else f"{year}年目",
            x=LEFT + step * year,
            cost=initial + yearly_cost * year,
            effect=yearly_effect * year,
        )
        for year in range(years + 1)
    )
    top = max(rows[-1].cost, rows[-1].effect, 1)
    unit = _axis_unit(top)
    most = unit * -(-top // unit)
    cost_end, effect_end = _y(rows[-1].cost, most), _y(rows[-1].effect, most)
    return Chart(
        years=rows,
        cost=tuple(Point(row.x, _y(row.cost, most)) for row in rows),
        effect=tuple(Point(row.x, _y(row.effect, most)) for row in rows),
        ticks=tuple(Tick(_y(amount, most), f"{amount // 10:,}") for amount in range(0, most + 1, unit)),
        crossing=_crossing(initial, yearly_effect - yearly_cost, yearly_effect, years, most),
        **_labels_apart(cost_end, effect_end),
    )


def _axis_unit(top: int) -> int:
    """A round distance of the grid lines, in 千円: four or five lines, never below 1万円."""
    size = 10
    while size * 10 * 5 < top:
        size *= 10
    return next(size * step for step in STEPS_OF_THE_AXIS if size * step * 5 >= top)


def _y(amount: float, most: int) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * amount / most, 1)


def _crossing(initial: int, net: int, yearly_effect: int, years: int, most: int) -> Point | None:
    if net <= 0 or initial > net * years:
        return None
    at = initial / net
    return Point(round(LEFT + (RIGHT - LEFT) * at / years, 1), _y(yearly_effect * at, most))


def _labels_apart(cost_end: float, effect_end: float) -> dict[str, float]:
    """The two names at the right end, at least a line of text apart."""
    gap = 18 - abs(cost_end - effect_end)
    shift = max(gap, 0) / 2
    down, up = (cost_end, effect_end) if cost_end >= effect_end else (effect_end, cost_end)
    lower, upper = round(down + shift + 5, 1), round(up - shift + 5, 1)
    return (
        {"cost_label_y": lower, "effect_label_y": upper}
        if cost_end >= effect_end
        else {"cost_label_y": upper, "effect_label_y": lower}
    )
