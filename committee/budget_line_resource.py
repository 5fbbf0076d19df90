"""予算の事業 in and out. A number finds a line; without one the same year, section, initiative and name do, or it is new.

The proposal behind a line is not in the file: who reads the budget may not read every proposal.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from import_export.widgets import Widget

from committee.actions.budget import add_budget_line, edit_budget_line
from committee.models import BudgetLine
from initiatives.process_resources import InitiativeCell, KnownInitiatives
from initiatives.resources import YearCell
from schedule.models import Activity
from townhall.cells import CellError, fold, quoted
from townhall.sheets.by_action import ActionResource
from townhall.sheets.columns import SectionCell
from townhall.sheets.keys import key_from
from townhall.sheets.resource import Column, as_text


class ActivityCell(Widget):
    """「r5-r7 5-3」: the plan and the number of the row in it."""

    def clean(self, value: Any, row: Any = None, instance: Any = None, **kwargs: Any) -> Activity:
        known: dict[str, Activity] = instance.known.activities
        if (word := fold(as_text(value))) not in known:
            sentence = "「r5-r7 5-3」のように、計画の記号と行の番号で書いてください。"
            raise CellError(f"取組内容{quoted(value)}はありません。{sentence}")
        return known[word]

    def render(self, value: Activity | None, obj: Any = None, **kwargs: Any) -> str:
        return f"{value.plan.code} {value.label}" if value else ""


class Known(KnownInitiatives):
    def __init__(self) -> None:
        super().__init__()
        rows = Activity.objects.scheduled().select_related("plan")
        self.activities = {fold(f"{row.plan.code} {row.label}"): row for row in rows}


class BudgetLineResource(ActionResource):
    number = Column("事業番号", "pk", is_key=True)
    budget_year = Column("予算の年度", "budget_year", widget=YearCell())
    spending_year = Column("執行の年度", "spending_year", widget=YearCell())
    section = Column("要求する課", "section", widget=SectionCell())
    initiative = Column("取組", "initiative", widget=InitiativeCell())
    activity = Column("取組内容", "activity", widget=ActivityCell())
    name = Column("事業名", "name")
    account = Column("科目", "account")
    note = Column("説明", "note")

    WIDTHS = (9, 12, 12, 16, 12, 14, 34, 28, 40)
    compared = (
        *("budget_year", "spending_year", "section_id", "initiative_id", "activity_id"),
        *("name", "account", "note"),
    )
    needed = ("budget_year", "section", "initiative", "name")  # of a line without a number

    class Meta:
        model = BudgetLine
        import_id_fields = ("number",)
        fields = (
            *("number", "budget_year", "spending_year", "section", "initiative", "activity"),
            *("name", "account", "note"),
        )

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Everything a line can point to, read once."""
        self.known = Known()
        rows = BudgetLine.objects.select_related("section", "initiative__plan", "activity__plan")
        self._lines = {str(line.pk): line for line in rows}
        self._named: dict[str, list[BudgetLine]] = {}
        for line in self._lines.values():
            self._named.setdefault(_key_of(line), []).append(line)
        self._begun: dict[str, BudgetLine] = {}

    def key_of(self, row: dict[str, Any]) -> str:
        if number := fold(as_text(row.get("事業番号") or "")):
            return number
        line = self._begin_line(row)
        key = _key_of(line)
        twins = self._named.get(key, [])
        if len(twins) > 1:
            numbers = "・".join(str(twin.pk) for twin in twins)
            raise ValidationError(
                {"number": f"同じ事業が二つ以上あります（事業番号 {numbers}）。番号を書いてください。"}
            )
        self._begun[key] = line
        return str(twins[0].pk) if twins else key

    def _begin_line(self, row: dict[str, Any]) -> BudgetLine:
        line: Any = BudgetLine()
        line.known = self.known
        errors = {}
        for column in (self.fields[name] for name in self.needed):
            try:
                column.save(line, row)
            except CellError as error:
                errors[column.attribute] = str(error)
            if column.attribute not in errors and not column.get_value(line):
                errors[column.attribute] = "新しい事業には、予算の年度・要求する課・取組・事業名を入れます。"
        if errors:
            raise ValidationError(errors)
        line.spending_year = line.budget_year
        return line

    def find(self, key: str) -> tuple[Any, bool]:
        if key in self._begun:
            return self._begun[key], True
        line: Any = self._lines.get(key)
        if line is None:
            sentence = f"事業番号{quoted(key)}の事業はありません。新しい事業は番号を空欄にします。"
            raise ValidationError({"number": sentence})
        line.known = self.known
        return line, False

    def save(self, instance: Any, *, seen_version: int | None) -> None:
        if instance.pk is None:
            add_budget_line(instance, **self.told, reason=self.reason)
        else:
            edit_budget_line(instance, seen_version=seen_version or 0, **self.told, reason=self.reason)

    def lines_of(self, lines: Iterable[BudgetLine]) -> list[list[Any]]:
        return self.written(lines)


def _key_of(line: BudgetLine) -> str:
    return key_from(line.budget_year, line.section_id, line.initiative_id, line.name)


def column_notes() -> list[tuple[str, str]]:
    """What each column takes, for the import page."""
    return [
        (
            "事業番号",
            "行を見つける鍵です。空欄の行は、同じ年度・課・取組・事業名の事業がなければ新しい事業になります。",
        ),
        ("予算の年度・執行の年度", "「令和9年度」「R9」など。執行の年度は、繰り越したときだけ違う年度にします。"),
        ("取組・取組内容", "「r5-r7 5」「r5-r7 5-3」のように、計画の記号と番号。"),
        ("提案", "この表にはありません。提案との結び付きは、画面の「事業を変える」で直します。"),
        ("金額と財源の内訳", "「予算の金額」の表で出し入れします。"),
    ]
