"""Two figures beside each other, as bars with a table: planned and measured, voted and spent. Never added together."""

from collections.abc import Iterable
from dataclasses import dataclass

LEFT, RIGHT, ROW, BAR = 190.0, 700.0, 52.0, 16.0


@dataclass(frozen=True)
class Bar:
    y: float
    width: float
    label_x: float
    text: str


@dataclass(frozen=True)
class BarRow:
    label: str
    y: float
    first: Bar | None  # None: nothing is recorded
    second: Bar | None


@dataclass(frozen=True)
class BarPair:
    rows: tuple[BarRow, ...]
    height: float

    @property
    def baseline(self) -> float:
        return LEFT


def bar_pair(figures: Iterable[tuple[str, int | None, int | None]], *, unit: str) -> BarPair | None:
    """`figures`: label, first, second. None when there is nothing to draw. What is below 0 has no length."""
    known = [each for each in figures if each[1] is not None or each[2] is not None]
    most = max((value for _, *values in known for value in values if value is not None), default=0)
    if most <= 0:
        return None
    scale = (RIGHT - LEFT) / most
    rows = []
    for number, (label, first, second) in enumerate(known):
        top = number * ROW
        rows.append(
            BarRow(
                label=label,
                y=top + ROW / 2 + 5,
                first=_bar(first, top + 8, scale, unit),
                second=_bar(second, top + 8 + BAR + 2, scale, unit),
            )
        )
    return BarPair(tuple(rows), len(rows) * ROW + 8)


def _bar(value: int | None, y: float, scale: float, unit: str) -> Bar | None:
    if value is None:
        return None
    width = round(max(value, 0) * scale, 1)
    return Bar(y=y, width=width, label_x=LEFT + width + 8, text=f"{value:,}{unit}")
