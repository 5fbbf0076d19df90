"""業務の工程 in and out of Excel. A line is found by section, 業務 and number; a new number is a new step."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from import_export.widgets import Widget

from initiatives.actions import processes as actions
from initiatives.choices import Ecrs, Medium
from initiatives.models import BusinessProcess, ProcessStep
from initiatives.resources import ChoiceCell
from townhall.cells import CellError, fold, parse_number, quoted
from townhall.changes import StaleVersion
from townhall.sheets.resource import Column, SafeResource, as_text

MOST_STEPS = 99


class FigureCell(Widget):
    """One number of at least 0, 全角 or with 桁区切り; `unit` may follow it."""

    def __init__(self, unit: str, *, decimals: int = 0) -> None:
        super().__init__()
        self.unit, self.decimals = unit, decimals

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Decimal | int | None:
        parsed = parse_number(value, unit=self.unit)
        if parsed.value is None:
            return None
        if parsed.warning or parsed.value < 0 or parsed.value != round(parsed.value, self.decimals):
            places = f"小数{self.decimals}桁まで" if self.decimals else "小数のない数"
            raise CellError(f"{quoted(value)}は使えません。0以上の{places}で書いてください（単位は{self.unit}）。")
        return parsed.value.quantize(Decimal("0.1")) if self.decimals else int(parsed.value)

    def render(self, value: Decimal | int | None, obj: Any = None, **kwargs: Any) -> int | float | None:
        if value is None:
            return None
        return int(value) if value == int(value) else float(value)


class ProcessStepResource(SafeResource):
    section = Column("担当課", "process__section__name", is_key=True)
    process = Column("業務名", "process__name", is_key=True)
    order = Column("順", "order", widget=FigureCell("番"), is_key=True)
    name = Column("工程", "name")
    person = Column("担当", "person")
    medium = Column("媒体", "medium", widget=ChoiceCell(Medium))
    system = Column("システム", "system")
    minutes = Column("1件の分", "minutes", widget=FigureCell("分", decimals=1))
    volume = Column("年間の件数", "volume", widget=FigureCell("件"))
    frequency = Column("頻度", "frequency")
    legal_basis = Column("法令の根拠", "legal_basis")
    problem = Column("課題", "problem")
    change = Column("見直し（ECRS＋D）", "change", widget=ChoiceCell(Ecrs))
    minutes_planned = Column("見直し後の分（見込）", "minutes_planned", widget=FigureCell("分", decimals=1))
    minutes_measured = Column("見直し後の分（実測）", "minutes_measured", widget=FigureCell("分", decimals=1))
    note = Column("備考", "note")

    WIDTHS = (14, 30, 6, 30, 14, 8, 16, 10, 12, 12, 20, 30, 16, 12, 12, 24)

    class Meta:
        model = ProcessStep
        import_id_fields = ("section", "process", "order")
        fields = (
            *("section", "process", "order", "name", "person", "medium", "system", "minutes", "volume"),
            *("frequency", "legal_basis", "problem", "change", "minutes_planned", "minutes_measured", "note"),
        )

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Everything a line can point to, read once."""
        rows = BusinessProcess.objects.select_related("section")
        self._processes = {(fold(row.section.name), fold(row.name)): row for row in rows}
        self._steps = {(step.process_id, step.order): step for step in ProcessStep.objects.all()}

    def key_of(self, row: dict[str, Any]) -> str:
        section, process, order = (as_text(row.get(heading) or "") for heading in self.key_headings())
        number = fold(order)
        if not (number.isascii() and number.isdecimal() and 1 <= int(number[:4]) <= MOST_STEPS):
            raise ValidationError({"order": f"順{quoted(order)}は、1～{MOST_STEPS}の整数で書いてください。"})
        return "\t".join((fold(section), fold(process), str(int(number))))

    def find(self, key: str) -> tuple[Any, bool]:
        section, name, order = key.split("\t")
        process = self._processes.get((section, name))
        if process is None:
            raise ValidationError(
                {"process": f"{quoted(section)}に、業務{quoted(name)}はありません。先に画面で業務を加えてください。"}
            )
        step = self._steps.get((process.pk, int(order)))
        if step is None:
            return ProcessStep(process=process, order=int(order)), True
        step.process = process
        return step, False

    def name_of(self, instance: Any) -> str:
        return f"{instance.process.name} {instance.order} {instance.name}"

    def is_unchanged(self, instance: Any, original: Any) -> bool:
        if instance.pk is None:
            return False
        fields = [column.attribute for column in self.columns() if not column.readonly]
        return all(getattr(instance, name) == getattr(original, name) for name in fields)

    def record(self, instance: Any, *, seen_version: int | None) -> None:
        try:
            actions.record_step(
                instance,
                by=self.by,
                today=self.today,
                seen_version=seen_version,
                source=self.source,
                reason=self.reason,
            )
        except StaleVersion as stale:
            raise ValidationError(stale.sentence) from None

    def lines_of(self, steps: Iterable[ProcessStep]) -> list[list[Any]]:
        return [list(line) for line in self.export(steps)]


def column_notes() -> list[tuple[str, str]]:
    """What each column takes, for the import page."""
    return [
        ("担当課・業務名・順", "行を見つける鍵です。業務は先に画面で加えます。新しい順の行は、新しい工程になります。"),
        ("1件の分・年間の件数", "0以上の数。時間と金額は計算されます。"),
        ("媒体", "・".join(label for value, label in Medium.choices if value)),
        ("見直し（ECRS＋D）", "・".join(label for _, label in Ecrs.choices)),
        ("見直し後の分", "見込と実測は別の列です。なくす工程の見込は 0。"),
    ]
