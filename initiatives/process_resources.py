"""業務の棚卸し and its steps in and out of Excel. A new name is a new 業務, a new number a new step."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from import_export.widgets import Widget

from initiatives.choices import Ecrs, Medium
from initiatives.models import BusinessProcess, Initiative, ProcessStep
from townhall.cells import CellError, fold, quoted
from townhall.sheets.bulk import BulkResource
from townhall.sheets.columns import ChoiceCell, DayCell, FigureCell, Known, SectionCell, place_of
from townhall.sheets.keys import key_from, parts_of
from townhall.sheets.resource import Column, YesNoCell, as_text


class InitiativeCell(Widget):
    """「r5-r7 5」: the plan and the number in it."""

    def clean(self, value: Any, row: Any = None, instance: Any = None, **kwargs: Any) -> Initiative:
        known: dict[str, Initiative] = instance.known.initiatives
        if (word := fold(as_text(value))) not in known:
            raise CellError(f"取組{quoted(value)}はありません。「r5-r7 5」のように、計画の記号と番号で書いてください。")
        return known[word]

    def render(self, value: Initiative | None, obj: Any = None, **kwargs: Any) -> str:
        return f"{value.plan.code} {value.label}" if value else ""


class KnownInitiatives(Known):
    def __init__(self) -> None:
        super().__init__()
        rows = Initiative.objects.select_related("plan")
        self.initiatives = {fold(f"{row.plan.code} {row.label}"): row for row in rows}


class ProcessResource(BulkResource):
    section = Column("担当課", "section__name", is_key=True)
    name = Column("業務名", "name", is_key=True)
    initiative = Column("関係する取組", "initiative", widget=InitiativeCell())
    summary = Column("業務の内容", "summary")
    is_routine = Column("定型の業務", "is_routine", widget=YesNoCell())
    is_core = Column("コアの業務", "is_core", widget=YesNoCell())
    yen_per_hour = Column("時間あたりの人件費（円）", "yen_per_hour", widget=FigureCell("円"))
    surveyed_on = Column("現行を調べた日", "surveyed_on", widget=DayCell())
    measured_on = Column("見直し後を測った日", "measured_on", widget=DayCell())
    remeasure_on = Column("次に測る日", "remeasure_on", widget=DayCell())

    WIDTHS = (16, 30, 14, 40, 9, 9, 12, 17, 17, 17)
    past = ("surveyed_on", "measured_on")

    class Meta:
        model = BusinessProcess
        import_id_fields = ("section", "name")
        fields = (
            *("section", "name", "initiative", "summary", "is_routine", "is_core"),
            *("yen_per_hour", "surveyed_on", "measured_on", "remeasure_on"),
        )

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Everything a line can point to, read once."""
        self._known = KnownInitiatives()
        rows = BusinessProcess.objects.select_related("section", "initiative__plan")
        self._processes = {(row.section_id, fold(row.name)): row for row in rows}
        self._typed: dict[str, str] = {}

    def key_of(self, row: dict[str, Any]) -> str:
        name = as_text(row.get("業務名") or "").strip()
        if not name:
            raise ValidationError({"name": "業務名がありません。"})
        try:
            section = SectionCell().clean(row.get("担当課") or "", instance=self)
        except CellError as error:
            raise ValidationError({"section": str(error)}) from error
        key = key_from(section.code, name)
        self._typed[key] = name
        return key

    @property
    def known(self) -> KnownInitiatives:
        return self._known

    def find(self, key: str) -> tuple[Any, bool]:
        code, name = parts_of(key)
        section = self._known.sections[code]
        found = self._processes.get((section.pk, name))
        process: Any = found or BusinessProcess(section=section, name=self._typed[key])
        process.known = self._known
        return process, found is None

    def lines_of(self, processes: Iterable[BusinessProcess]) -> list[list[Any]]:
        return self.written(processes)


class ProcessStepResource(BulkResource):
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
        section, process, _ = (as_text(row.get(heading) or "") for heading in self.key_headings())
        return key_from(section, process, place_of(row.get("順"), "order"))

    def find(self, key: str) -> tuple[Any, bool]:
        section, name, order = parts_of(key)
        process = self._processes.get((section, name))
        if process is None:
            raise ValidationError(
                {"process": f"{quoted(section)}に、業務{quoted(name)}はありません。先に業務を加えてください。"}
            )
        step = self._steps.get((process.pk, int(order)))
        if step is None:
            return ProcessStep(process=process, order=int(order)), True
        step.process = process
        return step, False

    def name_of(self, instance: Any) -> str:
        return f"{instance.process.name} {instance.order} {instance.name}"

    def lines_of(self, steps: Iterable[ProcessStep]) -> list[list[Any]]:
        return self.written(steps)


def process_notes() -> list[tuple[str, str]]:
    """What each column takes, for the import page."""
    return [
        ("担当課・業務名", "行を見つける鍵です。その課にない業務名の行は、新しい業務になります。工程は別の表です。"),
        ("関係する取組", "「r5-r7 5」のように、計画の記号と取組の番号。"),
        ("定型の業務・コアの業務", "はい・いいえ。コアは、職員でなければできない業務です。"),
        ("時間あたりの人件費", "円。時間を金額に換算する単価です（予算の減額ではありません）。"),
        ("調べた日・測った日", "R8.3.31、2026-03-31 など。まだ来ていない日は入れられません。"),
    ]


def column_notes() -> list[tuple[str, str]]:
    """What each column takes, for the import page."""
    return [
        ("担当課・業務名・順", "行を見つける鍵です。業務は先に加えます。新しい順の行は、新しい工程になります。"),
        ("1件の分・年間の件数", "0以上の数。時間と金額は計算されます。"),
        ("媒体", "・".join(label for value, label in Medium.choices if value)),
        ("見直し（ECRS＋D）", "・".join(label for _, label in Ecrs.choices)),
        ("見直し後の分", "見込と実測は別の列です。なくす工程の見込は 0。"),
    ]
