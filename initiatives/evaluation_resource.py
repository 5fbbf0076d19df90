"""年度評価 in and out: a line is one stage's word about one initiative in one year, given by the action of its page."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from import_export.widgets import Widget

from initiatives.actions.evaluations import evaluate, may_evaluate
from initiatives.choices import EvaluationStage, FutureDirection
from initiatives.models import Evaluation, EvaluationGrade, EvaluationYear, Initiative, Plan
from initiatives.resources import YearCell
from initiatives.summaries.evaluations import evaluated_years
from townhall.cells import CellError, fold, quoted
from townhall.sheets.by_action import ActionResource
from townhall.sheets.columns import ChoiceCell, DayCell
from townhall.sheets.keys import key_from, parts_of
from townhall.sheets.resource import Column, as_text

SAID = ("grade_id", "direction", "comment")
STAGE, YEAR = ChoiceCell(EvaluationStage), YearCell()


class Letters(dict[str, EvaluationGrade]):
    """What the letters of one plan are called."""

    def __deepcopy__(self, memo: dict[int, Any]) -> "Letters":
        """The library copies rows with all they hold; these are for all of them."""
        return self


class GradeCell(Widget):
    """The letter, or its name."""

    def clean(self, value: Any, row: Any = None, instance: Any = None, **kwargs: Any) -> EvaluationGrade:
        known: Letters = instance.letters
        if (word := fold(as_text(value)).casefold()) in known:
            return known[word]
        codes = "・".join(dict.fromkeys(grade.code for grade in known.values()))
        offered = f"{codes}のどれかで書いてください。" if codes else "この計画には、評価の区分がまだありません。"
        raise CellError(f"評価{quoted(value)}は使えません。{offered}")

    def render(self, value: EvaluationGrade | None, obj: Any = None, **kwargs: Any) -> str:
        return value.code if value else ""


class EvaluationResource(ActionResource):
    plan = Column("計画", "year__plan__code", is_key=True)
    year = Column("年度", "year__fiscal_year", widget=YEAR, is_key=True)
    initiative = Column("取組", "initiative__label", is_key=True)
    stage = Column("段階", "stage", widget=STAGE, is_key=True)
    name = Column("取組の名称", "initiative__name", is_shown_only=True)
    grade = Column("評価", "grade", widget=GradeCell())
    direction = Column("今後の方向性", "direction", widget=ChoiceCell(FutureDirection))
    comment = Column("意見", "comment")
    given_on = Column("評価した日", "given_on", widget=DayCell(), is_shown_only=True, is_free=True)
    given_by = Column("評価した人", "given_by", is_shown_only=True, is_free=True)
    correction = Column("訂正の理由", "correction", is_shown_only=True, is_free=True)

    WIDTHS = (9, 12, 7, 12, 30, 8, 16, 40, 17, 28, 28)

    class Meta:
        model = Evaluation
        import_id_fields = ("plan", "year", "initiative", "stage")
        fields = (
            *("plan", "year", "initiative", "stage", "name", "grade", "direction", "comment"),
            *("given_on", "given_by", "correction"),
        )

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Everything a line can point to, read once."""
        self._plans = {plan.code: plan for plan in Plan.objects.all()}
        rows = Initiative.objects.select_related("plan", "owner_section")
        self._initiatives = {(row.plan_id, word): row for row in rows for word in (row.label, row.code)}
        self._letters = {plan.pk: Letters() for plan in self._plans.values()}
        for grade in EvaluationGrade.objects.select_related("scale").order_by("order"):
            words = (grade.code, grade.label, str(grade))
            self._letters[grade.scale.plan_id] |= {fold(word).casefold(): grade for word in words}
        given = Evaluation.objects.select_related("year", "grade__scale")
        self._spoken = {
            (each.year.plan_id, each.year.fiscal_year, each.initiative_id, each.stage): each for each in given
        }

    def key_of(self, row: dict[str, Any]) -> str:
        plan, initiative = (as_text(row.get(heading) or "") for heading in ("計画", "取組"))
        try:
            stage = STAGE.clean(row.get("段階") or "")
        except CellError as error:
            raise ValidationError({"stage": str(error)}) from error
        try:
            year = YEAR.clean(row.get("年度") or "")
        except CellError as error:
            raise ValidationError({"year": str(error)}) from error
        if year is None:
            raise ValidationError({"year": "年度がありません。"})
        return key_from(plan, year, stage, initiative)

    def find(self, key: str) -> tuple[Any, bool]:
        code, fiscal_year, stage, word = parts_of(key)
        plan = self._plans.get(code)
        if plan is None:
            raise ValidationError({"plan": f"計画{quoted(code)}はありません。"})
        initiative = self._initiatives.get((plan.pk, word))
        if initiative is None:
            raise ValidationError({"initiative": f"取組{quoted(word)}は、この計画にありません。"})
        year = EvaluationYear(plan=plan, fiscal_year=int(fiscal_year))
        found = self._spoken.get((plan.pk, year.fiscal_year, initiative.pk, stage))
        row: Any = found or Evaluation(year=year, stage=stage)
        row.initiative, row.letters = initiative, self._letters[plan.pk]
        if found:
            row.year.plan = plan
        return row, found is None

    def is_unchanged(self, instance: Any, original: Any) -> bool:
        """A line in which nothing is said yet is there to be filled in."""
        if self.sheet.encoding == "cp932" and fold(instance.comment) == fold(original.comment):
            instance.comment = original.comment
        return all(getattr(instance, name) == getattr(original, name) for name in SAID)

    def save(self, instance: Any, *, seen_version: int | None) -> None:
        if instance.grade_id is None:
            raise ValidationError({"grade": "評価の記号がありません。"})
        stage = EvaluationStage(instance.stage)
        if not may_evaluate(self.by, instance.initiative, stage, today=self.today):
            raise ValidationError(
                {"stage": f"「{stage.label}」は、その評価をする人が画面で入れます。行を除いてください。"}
            )
        year = instance.year
        about = {"plan": year.plan, "fiscal_year": year.fiscal_year}
        evaluate(instance, **about, seen_version=seen_version or 0, **self.told, reason=self.reason)


def lines_to_fill(*, today: date) -> list[list[Any]]:
    """What has been said, and for every year that is still open the stages that have not spoken yet."""
    plans = Plan.objects.order_by("starts_on").prefetch_related("scale", "evaluation_years")
    return EvaluationResource.written(row for plan in plans for row in _of_plan(plan, today))


def _of_plan(plan: Plan, today: date) -> Iterator[Evaluation]:
    years = {year.fiscal_year: year for year in plan.evaluation_years.all()}
    given: dict[tuple[int, int], list[Evaluation]] = {}
    for row in Evaluation.objects.filter(year__plan=plan).select_related("grade"):
        given.setdefault((row.year_id, row.initiative_id), []).append(row)
    initiatives = list(plan.initiatives.priorities().in_plan_order())
    for fiscal_year in reversed(list(evaluated_years(plan, as_of=today))):
        year = years.get(fiscal_year) or EvaluationYear(plan=plan, fiscal_year=fiscal_year)
        for initiative in initiatives:
            said = {row.stage: row for row in given.get((year.pk, initiative.pk), ())}
            yield from _stages(year, initiative, said, is_open=hasattr(plan, "scale") and not year.is_fixed)


def _stages(
    year: EvaluationYear, initiative: Initiative, said: dict[str, Evaluation], *, is_open: bool
) -> Iterator[Evaluation]:
    """In their order. Once a stage has spoken those before it are silent for good."""
    last = max((EvaluationStage(stage).order for stage in said), default=-1)
    for stage in EvaluationStage:
        row = said.get(stage.value)
        if row is None and is_open and stage.order > last:
            row = Evaluation(stage=stage.value)
        if row is not None:
            row.year, row.initiative = year, initiative
            yield row


def column_notes() -> list[tuple[str, str]]:
    """What each column takes, for the import page."""
    return [
        ("計画・年度・取組・段階", "行を見つける鍵です。年度は「令和7年度」「R7」など、取組は番号。"),
        (
            "段階",
            "・".join(EvaluationStage.labels)
            + "。課長（一次）は課長が画面で入れます。あとの段階が済むと、前の段階は変えられません。",
        ),
        ("評価", "計画ごとの評価の区分にある記号。評価・方向性・意見がどれも空欄の行は何もしません。"),
        ("今後の方向性", "・".join(FutureDirection.labels)),
        ("評価した日・評価した人", "取り込んだ日と、取り込んだ人になります。この列と訂正の理由は読むだけです。"),
        ("確定した年度", "取り込みでは変えられません。画面の「訂正する」から、理由をつけて直します。"),
    ]
