"""実施時期 of a schedule row → its kind and its fiscal years. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from townhall.fiscal import DateTextError, fiscal_year_end, format_fiscal_year, parse_fiscal_year

Kind = Literal["deadline", "from", "yearly", "ongoing"]
KINDS: tuple[Kind, ...] = get_args(Kind)

YEAR = r"((?:令和|平成)(?:元|[0-9]+)年度|20[0-9]{2}年度)"
# One year only: 「令和5年度から令和6年度まで」 has a beginning too, and is for a person to decide.
UNTIL = re.compile(rf"(?!.*年度.*年度)[^0-9～]*{YEAR}末?まで(?:に.*)?")
FROM = re.compile(rf"{YEAR}～(?:随時)?(?:実施)?")
YEARLY = re.compile(r"毎年度?(?:実施)?")
ONGOING = re.compile(r"随時(?:継続的に)?(?:実施)?|継続的に実施")


class UnreadableTimingError(ValueError):
    """The text does not say when, or names a year outside the plan. The message is for the person who wrote it."""


@dataclass(frozen=True)
class Timing:
    """Fiscal years are the western year in which they begin, both included. `due_on` belongs to `deadline` alone."""

    kind: Kind
    first_year: int
    last_year: int
    due_on: date | None = None

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(range(self.first_year, self.last_year + 1))


def derive_timing(text: str, plan_start_fy: int, plan_end_fy: int) -> Timing:
    """Raises UnreadableTimingError. A row that names no first year (随時, 毎年, まで) spans the plan from its beginning."""
    words = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("~", "～").replace("〜", "～")
    if found := UNTIL.fullmatch(words):
        last = _year_in_plan(found[1], plan_start_fy, plan_end_fy)
        return Timing("deadline", plan_start_fy, last, fiscal_year_end(last))
    if found := FROM.fullmatch(words):
        return Timing("from", _year_in_plan(found[1], plan_start_fy, plan_end_fy), plan_end_fy)
    if YEARLY.fullmatch(words):
        return Timing("yearly", plan_start_fy, plan_end_fy)
    if ONGOING.fullmatch(words):
        return Timing("ongoing", plan_start_fy, plan_end_fy)
    raise UnreadableTimingError(
        f"実施時期「{text}」を読み取れません。「令和5年度～実施」「令和7年度末までに移行」「毎年」「随時」のように書くか、"
        "override で種類と年度を決めて理由を添えてください。"
    )


def _year_in_plan(written: str, start: int, end: int) -> int:
    try:
        year = parse_fiscal_year(written).year
    except DateTextError as error:
        raise UnreadableTimingError(f"実施時期の年度を読み取れません。{error}") from error
    if year is None or not start <= year <= end:
        span = f"{format_fiscal_year(start)}～{format_fiscal_year(end)}"
        raise UnreadableTimingError(f"実施時期の{written}は、計画期間（{span}）の外です。")
    return year
