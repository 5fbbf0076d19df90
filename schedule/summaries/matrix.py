"""重点取組 and 検討事項 against the plan's years: the year of the day by quarters, the others as one column each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from initiatives.choices import InitiativeKind
from initiatives.models import Initiative, Plan
from initiatives.summaries.evaluations import NO_LETTERS, Grade, Letters, YearLetter, letters_of
from schedule.choices import Standing
from schedule.rounds import short_name
from schedule.standing import Direction, Overall, RoundFacts, direction, overall, severity, standing_in_round
from schedule.summaries.rows import LinesOnDay, RowLine
from townhall import fiscal


class CellKind(Enum):
    STANDING = "standing"
    FUTURE = "future"  # これから
    WAITING = "waiting"  # the round is open, nothing is reported, the deadline has not passed
    NO_ROUND = "no_round"  # 期なし
    LETTER = "letter"  # 年度評価, fixed
    RATING = "rating"  # 評価中: some stage has spoken, the year is not fixed
    UNRATED = "unrated"  # 年度評価は未記録


@dataclass(frozen=True)
class Column:
    label: str
    fiscal_year: int
    quarter: int | None = None  # None: a whole year, or the final evaluation
    is_final: bool = False
    is_now: bool = False
    is_first: bool = False  # of the year that is shown part by part
    round: RoundFacts | None = None

    @property
    def ends_on(self) -> date:
        return fiscal.quarter_end(self.fiscal_year, self.quarter or 4)


@dataclass(frozen=True)
class Cell:
    kind: CellKind
    standing: Standing | None = None
    letter: YearLetter | None = None


@dataclass(frozen=True)
class InitiativeLine:
    code: str
    label: str
    name: str
    url: str
    section: str
    is_study: bool
    overall: Overall
    is_carried: bool  # nothing is reported in this round yet: the standing is that of the round before
    change: Direction | None  # 前期比; None when the two rounds cannot be compared
    note: str  # what the worst row's section wrote
    updated_on: date | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Matrix:
    columns: tuple[Column, ...]
    lines: tuple[InitiativeLine, ...]
    quarters_of: int  # the fiscal year shown by quarters, or by half years
    grades: tuple[Grade, ...] = ()  # the letters of the plan, for the legend

    @property
    def parts(self) -> int:
        return sum(column.quarter is not None for column in self.columns)


def matrix_on(plan: Plan, lines: LinesOnDay, *, as_of: date) -> Matrix:
    """Three queries."""
    letters = letters_of(plan, as_of=as_of)
    year = min(max(fiscal.fiscal_year(as_of), plan.first_year), plan.last_year)
    columns = tuple(_columns(plan, lines, year=year, as_of=as_of))
    by_initiative: dict[int | None, list[RowLine]] = defaultdict(list)
    for row in lines.rows:
        by_initiative[row.initiative_id].append(row)
    initiatives = plan.initiatives.in_plan_order().select_related("owner_section")
    return Matrix(
        columns=columns,
        lines=tuple(
            initiative_line(each, by_initiative[each.pk], columns, as_of=as_of, suffix=lines.suffix, letters=letters)
            for each in initiatives
        ),
        quarters_of=year,
        grades=letters.grades,
    )


def initiative_line(
    initiative: Initiative,
    rows: Sequence[RowLine],
    columns: Iterable[Column],
    *,
    as_of: date,
    suffix: str = "",
    letters: Letters = NO_LETTERS,
) -> InitiativeLine:
    now = overall(row.standing.standing for row in rows)
    is_study = initiative.kind == InitiativeKind.STUDY
    return InitiativeLine(
        code=initiative.code,
        label=initiative.label,
        name=initiative.name,
        url=initiative.get_absolute_url() + suffix,
        section=initiative.owner_section.name if initiative.owner_section else _section_of(rows),
        is_study=is_study,
        overall=now,
        is_carried=bool(rows) and all(row.standing.is_carried for row in rows),
        change=_change(rows, now),
        note=_note(rows),
        updated_on=max((row.updated_on for row in rows if row.updated_on), default=None),
        cells=tuple(
            _year_letter(initiative, column, letters) or _cell(column, rows, is_study=is_study, as_of=as_of)
            for column in columns
        ),
    )


def _columns(plan: Plan, lines: LinesOnDay, *, year: int, as_of: date) -> Iterable[Column]:
    rounds = {each.facts.key: each.facts for each in lines.rounds}
    current = lines.now.current
    for each in plan.years:
        if each != year:
            yield Column("評価", each)
            continue
        for number, (quarter, months) in enumerate(_parts_of(each, rounds)):
            found = rounds.get((each, quarter))
            yield Column(
                found.short_label if found else short_name(quarter, months=months),
                each,
                quarter,
                is_now=found is not None and found == current,
                is_first=number == 0,
                round=found,
            )
    final = final_round(plan, lines)
    if final and (final.opens_on <= as_of or plan.has_ended(as_of)):
        yield Column("最終評価", final.fiscal_year, is_final=True, is_now=final == current, round=final)


def _parts_of(year: int, rounds: Mapping[tuple[int, int], RoundFacts]) -> Iterable[tuple[int, int]]:
    """Quarter and months of each column of a year. A quarter inside a half-year round has no column of its own.

    A year without rounds of its own is taken to be asked like the plan's other years.
    """
    regular = [each for each in rounds.values() if not each.is_final]
    of_year = [each for each in regular if each.fiscal_year == year] or regular
    by_halves = bool(of_year) and all(each.months == 6 for each in of_year)
    for quarter in (1, 2, 3, 4):
        found, after = rounds.get((year, quarter)), rounds.get((year, quarter + 1))
        is_inside = by_halves if after is None else after.months == 6
        if found or quarter in (2, 4) or not is_inside:
            yield quarter, found.months if found else (6 if by_halves else 3)


def final_round(plan: Plan, lines: LinesOnDay) -> RoundFacts | None:
    """The newest round that looks back on the whole plan: marked so, or after its last year."""
    finals = [each.facts for each in lines.rounds if each.facts.is_final or each.facts.fiscal_year > plan.last_year]
    return finals[-1] if finals else None


def _year_letter(initiative: Initiative, column: Column, letters: Letters) -> Cell | None:
    """A whole year's column says its letter; None when nobody has evaluated that year."""
    place = (initiative.pk, column.fiscal_year)
    if column.quarter is not None or column.is_final:
        return None
    if letter := letters.fixed.get(place):
        return Cell(CellKind.LETTER, letter=letter)
    return Cell(CellKind.RATING) if place in letters.open else None


def _cell(column: Column, rows: Sequence[RowLine], *, is_study: bool, as_of: date) -> Cell:
    if column.quarter is None and not column.is_final:
        return _year_cell(column.fiscal_year, rows, is_study=is_study, as_of=as_of)
    each = column.round
    if each is None:
        return Cell(CellKind.NO_ROUND if as_of > column.ends_on else CellKind.FUTURE)
    if each.opens_on > as_of:
        return Cell(CellKind.FUTURE)
    if column.is_now:
        return _now_cell(rows)
    said = (standing_in_round(each, row.report_in(each.key), as_of=as_of) for row in rows)
    worst = overall(standing for standing in said if standing is not None).standing
    return Cell(CellKind.STANDING, worst) if worst else Cell(CellKind.WAITING)


def _now_cell(rows: Sequence[RowLine]) -> Cell:
    """Once a row has spoken the cell says what いまの状況 says, so that a silent bad row is not hidden by it."""
    if all(row.standing.is_carried for row in rows):
        return Cell(CellKind.WAITING)
    return Cell(CellKind.STANDING, overall(row.standing.standing for row in rows).standing)


def _year_cell(year: int, rows: Sequence[RowLine], *, is_study: bool, as_of: date) -> Cell:
    """A letter is given once a year by the committee; the ○△× of its quarters are never turned into one.

    A study has no letter: its last word of that year stands there.
    """
    if as_of < fiscal.fiscal_year_start(year):
        return Cell(CellKind.FUTURE)
    words = [report.standing for row in rows for report in row.reports if is_study and report.key[0] == year]
    return Cell(CellKind.STANDING, words[-1]) if words else Cell(CellKind.UNRATED)


def _change(rows: Sequence[RowLine], now: Overall) -> Direction | None:
    if now.standing is None or not any(row.change for row in rows):
        return None
    before = overall(row.change.before if row.change else row.standing.standing for row in rows).standing
    return direction(before, now.standing) if before else None


def _note(rows: Sequence[RowLine]) -> str:
    speaking = [row for row in rows if row.words]
    if not speaking:
        return ""
    worst = min(speaking, key=lambda row: (severity(row.standing.standing), -row.words.reported_on.toordinal()))  # type: ignore[union-attr]
    line = worst.words.first_line if worst.words else ""
    line += f"（{worst.words.correction}）" if worst.words and worst.words.correction else ""
    return f"{worst.label}：{line}" if len(rows) > 1 else line


def _section_of(rows: Sequence[RowLine]) -> str:
    """The plan names no section for an initiative; rows owned by one section speak for it."""
    return "・".join(dict.fromkeys(row.section for row in rows if row.section))
