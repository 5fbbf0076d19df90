"""年度評価 of one year with all its stages, and the fixed letters of every year. A fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from initiatives.choices import EvaluationStage, FutureDirection
from initiatives.grading import average
from initiatives.models import Evaluation, EvaluationGrade, EvaluationYear, Initiative, Plan


@dataclass(frozen=True)
class Grade:
    pk: int
    code: str
    label: str
    meaning: str
    points: int | None
    is_low: bool

    @classmethod
    def of(cls, row: EvaluationGrade) -> "Grade":
        return cls(row.pk, row.code, row.label, row.meaning, row.points if row.is_evaluable else None, row.is_low)


@dataclass(frozen=True)
class StageCell:
    """What one stage said; empty while it has not spoken."""

    stage: EvaluationStage
    grade: Grade | None = None
    direction: str = ""
    comment: str = ""
    given_by: str = ""
    given_on: date | None = None
    correction: str = ""


@dataclass(frozen=True)
class EvaluationRow:
    initiative: Initiative
    cells: tuple[StageCell, ...]  # in the order of the stages

    @property
    def final(self) -> StageCell:
        return self.cells[-1]

    @property
    def turn(self) -> EvaluationStage | None:
        """The stage that speaks next: the one after the last that has spoken."""
        spoken = [cell.stage.order for cell in self.cells if cell.grade]
        coming = max(spoken) + 1 if spoken else 0
        return list(EvaluationStage)[coming] if coming < len(EvaluationStage) else None


@dataclass(frozen=True)
class EvaluationBoard:
    plan: Plan
    fiscal_year: int
    year: EvaluationYear | None  # None: nobody has evaluated anything yet
    scale_name: str
    is_confirmed: bool
    grades: tuple[Grade, ...]
    rows: tuple[EvaluationRow, ...]

    @property
    def is_fixed(self) -> bool:
        return self.year is not None and self.year.is_fixed

    @property
    def counts(self) -> tuple[tuple[Grade, int], ...]:
        """How often the committee gave each letter."""
        given = [row.final.grade.pk for row in self.rows if row.final.grade]
        return tuple((grade, given.count(grade.pk)) for grade in self.grades)

    @property
    def missing(self) -> tuple[EvaluationRow, ...]:
        return tuple(row for row in self.rows if row.final.grade is None)

    @property
    def counted(self) -> int:
        return sum(row.final.grade is not None and row.final.grade.points is not None for row in self.rows)

    @property
    def average(self) -> Decimal | None:
        """Over the letters that count; the page says how many those are."""
        return average(row.final.grade.points for row in self.rows if row.final.grade)

    @property
    def definition(self) -> str:
        return "、".join(f"{grade.code}={grade.points}" for grade in self.grades if grade.points is not None)


def evaluation_board(plan: Plan, fiscal_year: int) -> EvaluationBoard:
    """Four queries, however many initiatives. 検討事項 have no letter and no row."""
    grades = list(EvaluationGrade.objects.filter(scale__plan=plan).select_related("scale").order_by("order"))
    year = EvaluationYear.objects.filter(plan=plan, fiscal_year=fiscal_year).select_related("plan").first()
    given = Evaluation.objects.filter(year__plan=plan, year__fiscal_year=fiscal_year)
    said = {(each.initiative_id, each.stage): each for each in given}
    known = {row.pk: Grade.of(row) for row in grades}
    initiatives = plan.initiatives.priorities().in_plan_order().select_related("owner_section")
    return EvaluationBoard(
        plan=plan,
        fiscal_year=fiscal_year,
        year=year,
        scale_name=grades[0].scale.name if grades else "",
        is_confirmed=bool(grades) and grades[0].scale.is_confirmed,
        grades=tuple(known.values()),
        rows=tuple(
            EvaluationRow(
                each, tuple(_cell(stage, said.get((each.pk, stage.value)), known) for stage in EvaluationStage)
            )
            for each in initiatives
        ),
    )


def _cell(stage: EvaluationStage, given: Evaluation | None, grades: dict[int, Grade]) -> StageCell:
    if given is None:
        return StageCell(stage)
    return StageCell(
        stage,
        grades.get(given.grade_id),
        FutureDirection(given.direction).label if given.direction else "",
        given.comment,
        given.given_by,
        given.given_on,
        given.correction,
    )


# --- the letters of all years, for the dashboard


@dataclass(frozen=True)
class YearLetter:
    fiscal_year: int
    grade: Grade
    direction: str
    comment: str
    correction: str


@dataclass(frozen=True)
class Letters:
    """Fixed letters by initiative and year as known on a day, and the years in which some stage is still speaking."""

    fixed: dict[tuple[int, int], YearLetter]
    open: frozenset[tuple[int, int]]
    grades: tuple[Grade, ...]

    def of(self, initiative_id: int) -> tuple[YearLetter, ...]:
        """Oldest year first."""
        return tuple(letter for (pk, _), letter in sorted(self.fixed.items()) if pk == initiative_id)


NO_LETTERS = Letters({}, frozenset(), ())


def letters_of(plan: Plan, *, as_of: date) -> Letters:
    """Two queries. A letter is shown from the day its year was fixed."""
    grades = [Grade.of(row) for row in EvaluationGrade.objects.filter(scale__plan=plan).order_by("order")]
    known = {grade.pk: grade for grade in grades}
    given = list(Evaluation.objects.filter(year__plan=plan, given_on__lte=as_of).select_related("year"))
    fixed = [each for each in given if each.year.fixed_on and each.year.fixed_on <= as_of]
    return Letters(
        fixed={_place(each): _letter(each, known) for each in fixed if each.stage == EvaluationStage.COMMITTEE},
        open=frozenset(_place(each) for each in given if each not in fixed),
        grades=tuple(grades),
    )


def _place(each: Evaluation) -> tuple[int, int]:
    return each.initiative_id, each.year.fiscal_year


def _letter(each: Evaluation, grades: dict[int, Grade]) -> YearLetter:
    direction = FutureDirection(each.direction).label if each.direction else ""
    return YearLetter(each.year.fiscal_year, grades[each.grade_id], direction, each.comment, each.correction)


def evaluated_years(plan: Plan, *, as_of: date) -> Iterable[int]:
    """The plan's years that have begun, newest first: those are the ones to evaluate."""
    return [year for year in reversed(plan.years) if date(year, 4, 1) <= as_of]
