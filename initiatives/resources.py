"""指標 in and out with a column per year: 「R5 目標」「R5 実測」「R5 見込」. Saved through the same actions as on the pages.

Tables met elsewhere repeat 「目標」「実績」 under each year; here every heading names its year, and a file in which two columns have
the same name is refused with both cells.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from import_export.widgets import Widget

from initiatives.actions import indicators as actions
from initiatives.choices import GoodDirection, IndicatorKind, PartOfYear, ValueBasis
from initiatives.forms.fields import read_number
from initiatives.forms.indicators import suggested_day
from initiatives.models import Indicator, IndicatorTarget, IndicatorValue, Plan
from townhall import fiscal
from townhall.cells import CellError, fold, quoted
from townhall.changes import StaleVersion
from townhall.sheets.by_action import ActionResource
from townhall.sheets.columns import ChoiceCell
from townhall.sheets.keys import key_from, parts_of
from townhall.sheets.resource import Column, TextCell, as_text

TARGET, MEASURED, ESTIMATED = "target", "measured", "estimated"
WORDS = {TARGET: "目標", MEASURED: "実測", ESTIMATED: "見込"}
WHOLE_PLAN = "計画全体"
TEXTS = ("name", "unit", "formula", "source")
OWN = (*TEXTS, "initiative_id", "kind", "direction", "baseline_year", "baseline_value")


class NumberCell(Widget):
    def clean(self, value: Any, row: Any = None, instance: Any = None, **kwargs: Any) -> Decimal | None:
        return read_number(value, instance.unit)

    def render(self, value: Decimal | None, obj: Any = None, **kwargs: Any) -> int | float | None:
        if value is None:
            return None
        return int(value) if value == value.to_integral_value() else float(value)


class YearCell(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        try:
            return fiscal.parse_fiscal_year(value).year
        except fiscal.DateTextError as error:
            raise CellError(str(error)) from error

    def render(self, value: int | None, obj: Any = None, **kwargs: Any) -> str:
        return fiscal.format_fiscal_year(value) if value else ""


class InitiativeCell(Widget):
    """「5」, 「検1」; 「計画全体」 for none. Kept as the word; the row itself follows the word."""

    def clean(self, value: Any, row: Any = None, instance: Any = None, **kwargs: Any) -> str:
        word = fold(as_text(value))
        found = next((each for each in instance.known_initiatives if word in (each.label, each.code)), None)
        if found is None and word != WHOLE_PLAN:
            raise CellError(f"取組{quoted(value)}は、この計画にありません。")
        instance.initiative = found
        return found.label if found else WHOLE_PLAN


class IndicatorResource(ActionResource):
    plan = Column("計画", "plan__code", is_key=True)
    number = Column("番号", "number", is_key=True)
    name = Column("指標名", "name")
    unit = Column("単位", "unit")
    initiative = Column("取組", "initiative_word", widget=InitiativeCell())
    kind = Column("種類", "kind", widget=ChoiceCell(IndicatorKind))
    direction = Column("良い向き", "direction", widget=ChoiceCell(GoodDirection))
    formula = Column("算式", "formula")
    source = Column("出典", "source")
    baseline_year = Column("基準年度", "baseline_year", widget=YearCell())
    baseline_value = Column("基準値", "baseline_value", widget=NumberCell())
    decided_by = Column("目標を決めた会議・文書", "decided_by", widget=TextCell())

    years: tuple[int, ...] = ()
    WIDTHS = (9, 7, 34, 8, 10, 11, 18, 30, 30, 12, 10, 28)

    class Meta:
        model = Indicator
        import_id_fields = ("plan", "number")
        fields: tuple[str, ...] = (
            *("plan", "number", "name", "unit", "initiative", "kind", "direction"),
            *("formula", "source", "baseline_year", "baseline_value", "decided_by"),
        )

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Everything a line can point to, read once."""
        self._plans = {plan.code: plan for plan in Plan.objects.all()}
        rows = with_years(Indicator.objects.select_related("plan"), self.years)
        self._rows = {(each.plan.code, str(each.number)): each for each in rows}
        self._names = {(each.plan.code, fold(each.name)): each for each in rows}
        self._initiatives = {plan.pk: list(plan.initiatives.all()) for plan in self._plans.values()}

    def key_of(self, row: dict[str, Any]) -> str:
        """A number names a row that exists; without one the name does, and a name not yet known makes a new row."""
        plan, number = (fold(as_text(row.get(heading) or "")) for heading in self.key_headings())
        if number:
            return key_from(plan, number.removeprefix("指標"), "")
        name = fold(as_text(row.get("指標名") or ""))
        if not name:
            raise ValidationError({"name": "番号も指標名もありません。"})
        found = self._names.get((plan, name))
        return key_from(plan, found.number, "") if found else key_from(plan, "", name)

    def find(self, key: str) -> tuple[Any, bool]:
        code, number, _ = parts_of(key)
        plan = self._plans.get(code)
        if plan is None:
            raise ValidationError({"plan": f"計画{quoted(code)}はありません。"})
        if number:
            found = self._rows.get((code, number))
            if found is None:
                sentence = (
                    f"計画{quoted(code)}に、番号{quoted(number)}の指標はありません。新しい指標は番号を空欄にします。"
                )
                raise ValidationError({"number": sentence})
            found.known_initiatives = self._initiatives[plan.pk]
            return found, False
        return empty_row(plan, self.years, self._initiatives[plan.pk]), True

    def get_or_init_instance(self, instance_loader: Any, row: dict[str, Any]) -> tuple[Any, bool]:
        """A change of a target or a value counts as a change of the line since the preview."""
        instance, is_new = super().get_or_init_instance(instance_loader, row)
        if not is_new:
            self.versions[instance._sheet_key] = instance.stamp
        return instance, is_new

    def is_unchanged(self, instance: Any, original: Any) -> bool:
        if self.sheet.encoding == "cp932":
            for name in TEXTS:
                if fold(getattr(instance, name)) == fold(getattr(original, name)):
                    setattr(instance, name, getattr(original, name))
        return not own_changes(instance, original) and not year_changes(instance, original, self.years)

    def save(self, instance: Any, *, seen_version: int | None) -> None:
        told = self.told
        if instance.pk is None:
            typed = {name: getattr(instance, name) for name in year_names(self.years)}
            actions.create_indicator(instance, **told, reason=self.reason)
            original = empty_row(instance.plan, self.years, [])
            vars(instance).update(typed)
        else:
            (original,) = with_years(Indicator.objects.filter(pk=instance.pk), self.years)
            if seen_version != original.stamp:
                raise StaleVersion(original, seen_version)
            if own_changes(instance, original):
                actions.edit_indicator(instance, seen_version=original.version, **told, reason=self.reason)
        for kind, year in year_changes(instance, original, self.years):
            self._record_year(instance, kind, year, **told)

    def _record_year(self, instance: Any, kind: str, year: int, **told: Any) -> None:
        figure = getattr(instance, f"{kind}_{year}")
        if kind == TARGET:
            target = instance.targets.filter(fiscal_year=year).first() or IndicatorTarget(fiscal_year=year)
            target.indicator, target.value = instance, figure
            target.decided_by = instance.decided_by or target.decided_by
            actions.set_target(target, seen_version=target.version, **told, reason=self.reason)
            return
        basis = ValueBasis(kind)
        value = instance.values.filter(fiscal_year=year, part=PartOfYear.WHOLE, basis=basis).first()
        if value is None:
            value = IndicatorValue(indicator=instance, fiscal_year=year, basis=basis, value=figure)
            value.as_of = suggested_day(year, today=self.today)
            actions.record_value(value, **told, reason=self.reason)
            return
        value.indicator, value.value = instance, figure
        reason = self.reason or self.source  # which file, brought by whom
        actions.correct_value(value, seen_version=value.version, **told, reason=reason)

    def lines_of(self, indicators: Any) -> list[list[Any]]:
        """The lines of a file for these indicators, in the order of `headings`."""
        return [list(line) for line in self.export(with_years(indicators, self.years))]


def indicator_resource() -> type[IndicatorResource]:
    """With columns for every year of every plan, and for any other year that has a figure."""
    years = {year for plan in Plan.objects.all() for year in plan.years}
    years |= set(IndicatorTarget.objects.values_list("fiscal_year", flat=True))
    years |= set(IndicatorValue.objects.values_list("fiscal_year", flat=True))
    ordered = tuple(sorted(years))
    columns: dict[str, Any] = {
        f"{kind}_{year}": Column(
            f"{fiscal.format_fiscal_year_short(year)} {WORDS[kind]}", f"{kind}_{year}", widget=NumberCell()
        )
        for year in ordered
        for kind in WORDS
    }
    meta = type("Meta", (IndicatorResource.Meta,), {"fields": (*IndicatorResource._meta.fields, *columns)})
    metaclass: Any = type(IndicatorResource)
    made: type[IndicatorResource] = metaclass(
        "IndicatorYearResource", (IndicatorResource,), {**columns, "years": ordered, "Meta": meta}
    )
    return made


def year_names(years: Iterable[int]) -> list[str]:
    return [f"{kind}_{year}" for year in years for kind in WORDS]


def empty_row(plan: Plan, years: Iterable[int], initiatives: list[Any]) -> Indicator:
    row = Indicator(plan=plan)
    vars(row).update(dict.fromkeys(year_names(years)), decided_by="", stamp=0, initiative_word=WHOLE_PLAN)
    row.known_initiatives = initiatives  # type: ignore[attr-defined]
    return row


def with_years(rows: Any, years: tuple[int, ...]) -> list[Any]:
    """The indicators with each year's figures as attributes. Four queries.

    `stamp` rises with every change of the indicator, a target or a value: nothing of them is ever deleted.
    """
    found: list[Any] = list(rows.select_related("plan", "initiative"))
    keys = {each.pk: each for each in found}
    initiatives: dict[int, list[Any]] = {}
    for each in found:
        if each.plan_id not in initiatives:
            initiatives[each.plan_id] = list(each.plan.initiatives.all())
        vars(each).update(dict.fromkeys(year_names(years)), decided_by="", stamp=each.version)
        each.known_initiatives = initiatives[each.plan_id]
        each.initiative_word = each.initiative_label or WHOLE_PLAN
    for target in IndicatorTarget.objects.filter(indicator__in=keys).order_by("fiscal_year"):
        row = keys[target.indicator_id]
        setattr(row, f"{TARGET}_{target.fiscal_year}", target.value)
        row.decided_by = target.decided_by
        row.stamp += target.version
    for value in IndicatorValue.objects.filter(indicator__in=keys):
        row = keys[value.indicator_id]
        row.stamp += value.version
        if value.part == PartOfYear.WHOLE:
            setattr(row, f"{value.basis}_{value.fiscal_year}", value.value)
    return found


def own_changes(instance: Any, original: Any) -> list[str]:
    return [name for name in OWN if getattr(instance, name) != getattr(original, name)]


def year_changes(instance: Any, original: Any, years: Iterable[int]) -> list[tuple[str, int]]:
    """Kind and year of every figure that differs; a new 「決めた会議・文書」 alone changes nothing."""
    return [
        (kind, year)
        for year in years
        for kind in WORDS
        if getattr(instance, f"{kind}_{year}") != getattr(original, f"{kind}_{year}")
    ]


def column_notes() -> list[tuple[str, str]]:
    """What each column takes, for the import page."""
    return [
        ("計画・番号", "行を見つける鍵です。新しい指標は番号を空欄にし、指標名と単位を入れます。"),
        ("取組", "「5」や「検1」。計画全体の指標は「計画全体」。"),
        ("種類・良い向き", f"{'・'.join(IndicatorKind.labels)}。{'・'.join(GoodDirection.labels)}。"),
        ("R5 目標 など", "年度ごとの値。空欄は、記録されている値をそのままにします。"),
        ("目標を決めた会議・文書", "目標を新しく入れるか変えるときに使います。"),
        (
            "実測・見込",
            "もうある値を変えると、取り込んだファイルの名前が訂正の理由として残ります。基準日は年度末（年度の途中は今日）です。",
        ),
    ]
