"""How far a measured value has come towards its target. No ORM, no clock.

Every percentage names the way it was computed (R9). What cannot be computed is None and shown as ―: no target, no value,
or nothing to divide by.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum

from initiatives.choices import GoodDirection


class Definition(Enum):
    """How a percentage came about, as people read it."""

    FROM_BASELINE = "（実測値 − 基準値）÷（目標値 − 基準値）"
    OF_TARGET = "実測値 ÷ 目標値"
    NONE = ""


class Verdict(Enum):
    MET = ("done", "達成")
    NOT_MET = ("slow", "未達")
    UNKNOWN = ("none", "―")

    @property
    def tone(self) -> str:
        return self.value[0]

    @property
    def label(self) -> str:
        return self.value[1]


@dataclass(frozen=True)
class Achievement:
    verdict: Verdict
    percent: Decimal | None = None  # one decimal, half up; may be below 0 or above 100
    definition: Definition = Definition.NONE
    why_none: str = ""  # why there is no percentage


def achievement(
    direction: str,
    *,
    value: Decimal | None,
    target: Decimal | None,
    upper: Decimal | None = None,
    baseline: Decimal | None = None,
) -> Achievement:
    """Where a range is good, `target` is its lower end; an end that is not set does not bind."""
    if target is None or value is None:
        return Achievement(Verdict.UNKNOWN, why_none="目標がありません" if target is None else "実測値がありません")
    if direction == GoodDirection.RANGE:
        is_inside = value >= target and (upper is None or value <= upper)
        return Achievement(_verdict(is_inside), why_none="範囲の中か外かで判定します")
    verdict = _verdict(value >= target if direction == GoodDirection.UP else value <= target)
    if baseline is not None:
        return _share(verdict, value - baseline, target - baseline, Definition.FROM_BASELINE)
    if direction == GoodDirection.UP:
        return _share(verdict, value, target, Definition.OF_TARGET)
    return Achievement(verdict, why_none="小さいほど良い指標の達成率には、基準値が要ります")


def _share(verdict: Verdict, done: Decimal, wanted: Decimal, definition: Definition) -> Achievement:
    if wanted == 0:
        return Achievement(verdict, why_none="割る数が0です")
    percent = (done * 100 / wanted).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return Achievement(verdict, percent + 0, definition)  # + 0: no "-0.0"


def _verdict(is_met: bool) -> Verdict:
    return Verdict.MET if is_met else Verdict.NOT_MET
