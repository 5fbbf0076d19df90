"""標準化20業務 and the steps of each, in and out of Excel. Which 20 there are is law: a file changes them and brings none."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError

from initiatives.choices import Hosting, StepPhase, StepState, TransitionReason
from initiatives.models import StandardizedSystem, SystemStep
from townhall.cells import fold, quoted
from townhall.sheets.bulk import BulkResource
from townhall.sheets.columns import ChoiceCell, DayCell, FigureCell, Known, SectionCell, place_of
from townhall.sheets.keys import key_from, parts_of
from townhall.sheets.resource import Column, YesNoCell, as_text

THOUSANDS = FigureCell("千円")


def _by_name(systems: Iterable[StandardizedSystem]) -> dict[str, StandardizedSystem]:
    """Under each name that a ministry gives them."""
    return {fold(name): system for system in systems for name in system.names}


class SystemResource(BulkResource):
    name = Column("業務名", "name", is_key=True)
    ministry = Column("所管", "ministry", is_shown_only=True)
    owner_section = Column("主管課", "owner_section", widget=SectionCell())
    is_target = Column("町が対象とする", "is_target", widget=YesNoCell())
    exclusion_reason = Column("対象外の理由", "exclusion_reason")
    is_example = Column("例（町の確認前）", "is_example", widget=YesNoCell())
    vendor_now = Column("現行の事業者", "vendor_now")
    product_now = Column("現行のパッケージ", "product_now")
    vendor_after = Column("移行後の事業者", "vendor_after")
    product_after = Column("移行後のパッケージ", "product_after")
    hosting = Column("置き場所", "hosting", widget=ChoiceCell(Hosting))
    cloud_provider = Column("クラウド事業者（CSP）", "cloud_provider")
    method = Column("移行方式", "method")
    planned_live_on = Column("本番稼働日（予定）", "planned_live_on", widget=DayCell())
    live_on = Column("本番稼働日（実績）", "live_on", widget=DayCell())
    initial_cost = Column("初期の経費（千円）", "initial_cost", widget=THOUSANDS)
    yearly_cost = Column("1年の運用経費（千円）", "yearly_cost", widget=THOUSANDS)
    subsidy = Column("補助金（千円）", "subsidy", widget=THOUSANDS)
    is_transitional = Column("特定移行支援システムに該当", "is_transitional", widget=YesNoCell())
    transition_reason = Column("特定移行の理由", "transition_reason", widget=ChoiceCell(TransitionReason))
    transition_until = Column("特定移行の期限", "transition_until", widget=DayCell())
    risk = Column("リスク", "risk")
    note = Column("メモ", "note")

    WIDTHS = (20, 14, 16, 10, 20, 10, 18, 18, 18, 18, 20, 18, 18, 17, 17, 10, 12, 10, 14, 18, 17, 30, 30)
    past = ("live_on",)

    class Meta:
        model = StandardizedSystem
        import_id_fields = ("name",)
        fields = (
            *("name", "ministry", "owner_section", "is_target", "exclusion_reason", "is_example"),
            *("vendor_now", "product_now", "vendor_after", "product_after", "hosting", "cloud_provider", "method"),
            *("planned_live_on", "live_on", "initial_cost", "yearly_cost", "subsidy"),
            *("is_transitional", "transition_reason", "transition_until", "risk", "note"),
        )

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Everything a line can point to, read once."""
        self._known = Known()
        systems = StandardizedSystem.objects.select_related("owner_section")
        self._names = _by_name(systems)
        self._systems = {each.code: each for each in self._names.values()}

    def key_of(self, row: dict[str, Any]) -> str:
        typed = as_text(row.get("業務名") or "")
        if (found := self._names.get(fold(typed))) is None:
            raise ValidationError({"name": f"業務{quoted(typed)}は標準化20業務にありません。"})
        return found.code

    def find(self, key: str) -> tuple[Any, bool]:
        system: Any = self._systems[key]
        system.known = self._known
        return system, False

    def lines_of(self, systems: Iterable[StandardizedSystem]) -> list[list[Any]]:
        return self.written(systems)


class SystemStepResource(BulkResource):
    system = Column("業務名", "system__name", is_key=True)
    number = Column("順", "number", is_key=True)
    phase = Column("フェーズ", "phase", widget=ChoiceCell(StepPhase))
    name = Column("手順", "name")
    state = Column("状態", "state", widget=ChoiceCell(StepState))
    planned_on = Column("予定日", "planned_on", widget=DayCell())
    done_on = Column("完了日", "done_on", widget=DayCell())
    vendor = Column("事業者", "vendor")
    note = Column("メモ", "note")

    WIDTHS = (20, 6, 14, 34, 10, 17, 17, 20, 30)
    past = ("done_on",)

    class Meta:
        model = SystemStep
        import_id_fields = ("system", "number")
        fields = ("system", "number", "phase", "name", "state", "planned_on", "done_on", "vendor", "note")

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Everything a line can point to, read once."""
        self._names = _by_name(StandardizedSystem.objects.all())
        self._systems = {each.code: each for each in self._names.values()}
        self._steps = {(step.system_id, step.number): step for step in SystemStep.objects.all()}

    def key_of(self, row: dict[str, Any]) -> str:
        typed = as_text(row.get("業務名") or "")
        if (found := self._names.get(fold(typed))) is None:
            raise ValidationError({"system": f"業務{quoted(typed)}は標準化20業務にありません。"})
        return key_from(found.code, place_of(row.get("順"), "number"))

    def find(self, key: str) -> tuple[Any, bool]:
        code, number = parts_of(key)
        system = self._systems[code]
        step = self._steps.get((system.pk, int(number)))
        if step is None:
            return SystemStep(system=system, number=int(number)), True
        step.system = system
        return step, False

    def lines_of(self, steps: Iterable[SystemStep]) -> list[list[Any]]:
        return self.written(steps)


def system_notes() -> list[tuple[str, str]]:
    """What each column takes, for the import page."""
    return [
        ("業務名", "行を見つける鍵です。国の表の書き方でも見つかります。20業務は加えられません。"),
        ("所管", "確かめるための列です。取り込みでは変えられません。"),
        ("はい・いいえの列", "はい・いいえ。"),
        ("経費・補助金", "千円の数。"),
        ("置き場所", "・".join(label for value, label in Hosting.choices if value)),
        ("特定移行の理由", "・".join(label for value, label in TransitionReason.choices if value)),
        ("日の列", "R8.3.31、2026-03-31 など。実績に、まだ来ていない日は入れられません。"),
    ]


def step_notes() -> list[tuple[str, str]]:
    return [
        ("業務名・順", "行を見つける鍵です。その業務にない順の行は、新しい手順になります。"),
        ("フェーズ", "・".join(StepPhase.labels)),
        ("状態", "・".join(StepState.labels)),
        ("完了日", "状態が「完了済み」の手順だけに入れます。まだ来ていない日は入れられません。"),
    ]
