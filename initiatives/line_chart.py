"""Where the points of a small line chart stand. No ORM, no HTML.

Measured and estimated figures are two series that never join; the target is a third, drawn dashed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    value: Decimal


@dataclass(frozen=True)
class LineChart:
    width: int
    height: int
    measured: tuple[tuple[Point, ...], ...]  # unbroken runs: a year without a figure breaks the line
    estimated: tuple[tuple[Point, ...], ...]
    target: tuple[tuple[Point, ...], ...]
    zero: float | None  # where 0 stands, when it is inside


Series = Sequence[Decimal | None]


@dataclass(frozen=True)
class Label:
    """The value of a point in words; `y` is its baseline."""

    x: float
    y: float
    kind: str
    value: Decimal


def labels(chart: LineChart, *, gap: int, above: int, below: int, lowest: int) -> tuple[Label, ...]:
    """In each year the value that stands highest above its point, the others below; `gap` apart, none under `lowest`."""
    series = (("measured", chart.measured), ("estimated", chart.estimated), ("target", chart.target))
    points = [Label(point.x, point.y, kind, point.value) for kind, runs in series for run in runs for point in run]
    years = [sorted((each for each in points if each.x == x), key=_height) for x in sorted({each.x for each in points})]
    return tuple(
        label
        for highest, *others in years
        for label in _apart(
            [replace(highest, y=highest.y - above), *(replace(each, y=each.y + below) for each in others)],
            gap=gap,
            lowest=lowest,
        )
    )


def _height(label: Label) -> float:
    return label.y


def _apart(in_order: Sequence[Label], *, gap: int, lowest: int) -> Iterable[Label]:
    """From the top down, what comes too near moves down; then what has come too low pushes the others up."""
    places = [each.y for each in in_order]
    for index in range(1, len(places)):
        places[index] = max(places[index], places[index - 1] + gap)
    places[-1] = min(places[-1], lowest)
    for index in reversed(range(len(places) - 1)):
        places[index] = min(places[index], places[index + 1] - gap)
    return [replace(label, y=round(y, 1)) for label, y in zip(in_order, places, strict=True)]


def line_chart(measured: Series, estimated: Series, target: Series, *, width: int, height: int, pad: int) -> LineChart:
    """One position per year, in order. A flat series stands in the middle."""
    known = [value for series in (measured, estimated, target) for value in series if value is not None]
    low, high = (min(known), max(known)) if known else (Decimal(0), Decimal(0))
    spread = high - low

    def place_x(index: int) -> float:
        steps = max(len(measured) - 1, 1)
        return round(width / 2 if len(measured) == 1 else pad + index * (width - 2 * pad) / steps, 1)

    def place_y(value: Decimal) -> float:
        share = float((value - low) / spread) if spread else 0.5
        return round(height - pad - share * (height - 2 * pad), 1)

    def runs(series: Series) -> tuple[tuple[Point, ...], ...]:
        return tuple(_runs((place_x(index), value) for index, value in enumerate(series)))

    def _runs(points: Iterable[tuple[float, Decimal | None]]) -> Iterable[tuple[Point, ...]]:
        run: list[Point] = []
        for x, value in points:
            if value is not None:
                run.append(Point(x, place_y(value), value))
            elif run:
                yield tuple(run)
                run = []
        if run:
            yield tuple(run)

    zero = place_y(Decimal(0)) if known and low <= 0 <= high and spread else None
    return LineChart(width, height, runs(measured), runs(estimated), runs(target), zero)
