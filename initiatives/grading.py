"""Ready-made scales to begin with, and the average of letters. Every scale is the town's to confirm (要確認)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Letter:
    code: str
    label: str
    meaning: str = ""
    points: int | None = None  # None: 「評価できない」, not counted
    is_low: bool = False


@dataclass(frozen=True)
class Preset:
    code: str
    name: str
    like: str  # whose published scale it resembles
    letters: tuple[Letter, ...]


PRESETS = (
    Preset(
        "abcd",
        "A～D（Dは評価できない）",
        "浜松市 DX推進計画の区分に近い形",
        (
            Letter("A", "計画以上", "計画より進んでいる", 3),
            Letter("B", "計画どおり", "計画どおりに進んでいる", 2),
            Letter("C", "遅れ", "計画より遅れている", 1, is_low=True),
            Letter("D", "評価できない", "この年度に取り組む内容がない、または測れない"),
        ),
    ),
    Preset(
        "sabcd",
        "S・A～D",
        "S が目標超え、D が最も遅れている形",
        (
            Letter("S", "目標を大きく上回る", "", 5),
            Letter("A", "目標を上回る", "", 4),
            Letter("B", "目標どおり", "", 3),
            Letter("C", "目標を下回る", "", 2, is_low=True),
            Letter("D", "目標を大きく下回る", "", 1, is_low=True),
            Letter("―", "評価できない", "把握できない"),
        ),
    ),
    Preset(
        "numbers",
        "1～5（1が最良）",
        "川崎市のように、1 がいちばん良い形",
        (
            Letter("1", "目標を大きく上回った", "", 5),
            Letter("2", "目標を上回った", "", 4),
            Letter("3", "目標をほぼ達成した", "", 3),
            Letter("4", "目標を下回った", "", 2, is_low=True),
            Letter("5", "目標を大きく下回った", "", 1, is_low=True),
            Letter("―", "評価できない", ""),
        ),
    ),
)


def preset_of(code: str) -> Preset | None:
    return next((preset for preset in PRESETS if preset.code == code), None)


def average(points: Iterable[int | None]) -> Decimal | None:
    """Of the letters that count, to two decimals; None when none does: never 0."""
    counted = [each for each in points if each is not None]
    if not counted:
        return None
    return (Decimal(sum(counted)) / len(counted)).quantize(Decimal("0.01"), ROUND_HALF_UP)
