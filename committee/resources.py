"""予算 in and out. A line is found by the number of the budget line and the stage; it is saved as on the pages."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from import_export.widgets import Widget

from committee.actions.budget import Figure, record_amount
from committee.choices import Assessment, BudgetStage
from committee.models import BudgetAmount, BudgetLine, FundingSource
from initiatives.resources import YearCell
from townhall.cells import CellError, fold, parse_number, quoted
from townhall.sheets.by_action import ActionResource
from townhall.sheets.columns import DayCell
from townhall.sheets.keys import key_from, parts_of
from townhall.sheets.resource import Column, as_text

STAGE_NOT_READ = "段階は、要求・査定・当初予算・補正予算（第1号）・決算見込・決算のどれかで書いてください。"
PARTS_NOT_READ = "財源は「国庫支出金 600、一般財源 900」のように、名称と千円の数を「、」で区切って書いてください。"


class ThousandsCell(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int:
        number = parse_number(value, unit="千円")
        if number.value is None or number.value != int(number.value) or number.warning:
            raise CellError(f"{quoted(value)}は千円の数として読めません。小数のない千円の数で書いてください。")
        return int(number.value)

    def render(self, value: int | None, obj: Any = None, **kwargs: Any) -> int | None:
        return value


class ResultCell(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        word = fold(as_text(value))
        found = next((each.value for each in Assessment if fold(each.label) == word), None)
        if found is None:
            raise CellError("査定の結果は、計上・一部計上・見送りのどれかで書いてください。")
        return found

    def render(self, value: str, obj: Any = None, **kwargs: Any) -> str:
        return Assessment(value).label if value else ""


class PartsCell(Widget):
    """「国庫支出金 600、一般財源 900」 ↔ name → 千円."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> dict[str, int]:
        parts: dict[str, int] = {}
        for text in filter(None, (each.strip() for each in re.split(r"[、\n；;]", as_text(value)))):
            match = re.fullmatch(r"(.+?)[\s:：]*([△▲−-]?[0-9０-９,，]+)\s*(?:千円)?", text)
            if match is None:
                raise CellError(PARTS_NOT_READ)
            number = parse_number(match[2]).value
            if number is None or match[1] in parts:
                raise CellError(PARTS_NOT_READ)
            parts[match[1].strip()] = int(number)
        return parts

    def render(self, value: dict[str, int] | None, obj: Any = None, **kwargs: Any) -> str:
        return "、".join(f"{name} {thousands}" for name, thousands in (value or {}).items())


class BudgetAmountResource(ActionResource):
    line = Column("事業番号", "line__pk", is_key=True)
    stage = Column("段階", "label", is_key=True)
    year = Column("予算の年度", "line__budget_year", widget=YearCell(), is_shown_only=True)
    initiative = Column("取組", "line__initiative", is_shown_only=True)
    section = Column("課", "line__section__name", is_shown_only=True)
    name = Column("事業名", "line__name", is_shown_only=True)
    thousands = Column("金額（千円）", "thousands", widget=ThousandsCell())
    result = Column("査定の結果", "result", widget=ResultCell())
    parts = Column("財源の内訳", "parts_given", widget=PartsCell())
    decided_on = Column("日付", "decided_on", widget=DayCell())
    document_number = Column("決裁・文書番号", "document_number")
    note = Column("説明", "note")
    reason = Column("訂正の理由", "reason_given")

    WIDTHS = (9, 18, 12, 28, 12, 30, 12, 10, 36, 17, 16, 30, 20)
    compared = ("thousands", "result", "decided_on", "document_number", "note", "parts_given")

    class Meta:
        model = BudgetAmount
        import_id_fields = ("line", "stage")
        fields = (
            *("line", "stage", "year", "initiative", "section", "name"),
            *("thousands", "result", "parts", "decided_on", "document_number", "note", "reason"),
        )

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Everything a line can point to, read once."""
        self._lines = {line.pk: line for line in BudgetLine.objects.with_figures()}
        self._sources = {fold(source.name): source.pk for source in FundingSource.objects.all()}

    def key_of(self, row: dict[str, Any]) -> str:
        number, stage = (as_text(row.get(heading) or "") for heading in self.key_headings())
        match = re.fullmatch(r"(.+?)(?:\(第([1-9][0-9]?)号\))?", fold(stage))
        found = next((each for each in BudgetStage if match and fold(each.label) == match[1]), None)
        if match is None or found is None or bool(match[2]) != (found == BudgetStage.SUPPLEMENT):
            raise ValidationError({"stage": STAGE_NOT_READ})
        return key_from(number, found.value, match[2] or 0)

    def find(self, key: str) -> tuple[Any, bool]:
        number, stage, supplement = parts_of(key)
        line = self._lines.get(int(number)) if number.isascii() and number.isdigit() and len(number) < 10 else None
        if line is None:
            raise ValidationError({"line": f"事業番号{quoted(number)}の事業はありません。"})
        known = {(each.stage, each.number): each for each in line.amounts.all()}
        amount = known.get((stage, int(supplement)))
        is_new = amount is None
        amount = amount or BudgetAmount(line=line, stage=stage, number=int(supplement))
        amount.line = line
        _show_parts(amount)
        return amount, is_new

    def is_unchanged(self, instance: Any, original: Any) -> bool:
        if instance.pk is None:
            return instance.thousands is None
        return super().is_unchanged(instance, original)

    def save(self, instance: Any, *, seen_version: int | None) -> None:
        if instance.decided_on is None:
            raise ValidationError({"decided_on": "日付を入力してください。"})
        parts = {}
        for name, thousands in instance.parts_given.items():
            if fold(name) not in self._sources:
                raise ValidationError(
                    {"parts_given": f"財源{quoted(name)}はありません。財源の一覧の名称で書いてください。"}
                )
            parts[self._sources[fold(name)]] = thousands
        given = ("thousands", "decided_on", "result", "document_number", "note")
        figure = Figure(parts=parts, **{name: getattr(instance, name) for name in given})
        with _on_columns():
            record_amount(
                instance.line,
                BudgetStage(instance.stage),
                figure,
                number=instance.number,
                by=self.by,
                today=self.today,
                now=self.now,
                seen_version=seen_version or 0,
                reason=instance.reason_given,
                source=self.source,
            )

    def lines_of(self, lines: Iterable[BudgetLine]) -> list[list[Any]]:
        """What is recorded, and after it the stages that are still empty, to be filled in."""
        return [list(line) for line in self.export(list(_amounts_of(lines)))]


@contextmanager
def _on_columns() -> Iterator[None]:
    """The action names its figures; the file calls two of them otherwise."""
    try:
        yield
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            raise
        named = {"parts": "parts_given", "reason": "reason_given"}
        raise ValidationError({named.get(name, name): each for name, each in error.error_dict.items()}) from None


def _amounts_of(lines: Iterable[BudgetLine]) -> Iterator[BudgetAmount]:
    for line in lines:
        known = {(each.stage_choice, each.number): each for each in line.amounts.all()}
        last = max((number for stage, number in known if stage == BudgetStage.SUPPLEMENT), default=0)
        for stage in BudgetStage:
            for number in range(1, last + 2) if stage == BudgetStage.SUPPLEMENT else (0,):
                amount = known.get((stage, number)) or BudgetAmount(line=line, stage=stage, number=number)
                amount.line = line
                _show_parts(amount)
                yield amount


def _show_parts(amount: BudgetAmount) -> None:
    """For the column of the sources; the reason of a correction is always empty."""
    parts = amount.parts.all() if amount.pk else ()
    amount.parts_given = {part.source.name: part.thousands for part in parts}  # type: ignore[attr-defined]
    amount.reason_given = ""  # type: ignore[attr-defined]


def column_notes() -> list[tuple[str, str]]:
    """What each column takes, for the import page."""
    return [
        (
            "事業番号・段階",
            "行を見つける鍵です。この二つの列は必ず入れます。新しい事業は、画面か「予算の事業」の表で加えます。",
        ),
        ("予算の年度・取組・課・事業名", "確かめるための列です。取り込みでは変えられません。"),
        ("金額（千円）", "千円の数。減らす補正は △500。空欄の行は何もしません。"),
        ("査定の結果", "計上・一部計上・見送り。査定の行だけに入れます。"),
        ("財源の内訳", PARTS_NOT_READ),
        ("日付", "R8.12.4、2026-12-04 など。"),
        ("訂正の理由", "決まった額を変えるときに入れます。"),
    ]
