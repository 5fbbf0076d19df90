"""The ledgers of this package that go in and out as files."""

from datetime import date
from typing import Any

from initiatives import process_resources
from initiatives.models import Indicator, ProcessStep
from initiatives.process_resources import ProcessStepResource
from initiatives.resources import column_notes, indicator_resource
from townhall.models import User
from townhall.permissions import Permission
from townhall.sheets.kinds import ImportKind


def _indicator_lines(user: User, today: date) -> list[list[Any]]:
    """Everybody who reads the plan reads its figures."""
    return indicator_resource()().lines_of(Indicator.objects.order_by("plan", "number"))


INDICATORS = ImportKind(
    code="indicators",
    label="指標",
    about="指標の名称・算式・基準値と、年度ごとの目標・実測・見込。",
    view=Permission.VIEW_PLAN,
    change=Permission.MANAGE_INDICATOR,
    resource=indicator_resource,
    lines=_indicator_lines,
    notes=column_notes(),
    example={"計画": "r5-r7", "指標名": "オンラインでできる手続の数（例）", "単位": "件", "取組": "1", "種類": "成果"},
    undoable=("initiatives.indicator", "initiatives.indicatortarget", "initiatives.indicatorvalue"),
    words={"指標": "指標名", "名称": "指標名", "目標の根拠": "目標を決めた会議・文書"},
)


def _step_lines(user: User, today: date) -> list[list[Any]]:
    steps = ProcessStep.objects.select_related("process__section")
    return ProcessStepResource().lines_of(steps.order_by("process__section__order", "process__name", "order"))


STEPS = ImportKind(
    code="process-steps",
    label="業務の工程",
    about="課の業務の工程ごとの担当、媒体、時間、件数、課題と見直し。業務は先に画面で加えます。",
    view=Permission.VIEW_PROCESS,
    change=Permission.MANAGE_PROCESS,
    resource=lambda: ProcessStepResource,
    lines=_step_lines,
    notes=process_resources.column_notes(),
    example={"担当課": "企画課", "業務名": "転入の受付（例）", "順": 1, "工程": "申請書を受け取る", "1件の分": 5},
    undoable=("initiatives.processstep", "initiatives.businessprocess"),
    words={"課": "担当課", "業務": "業務名", "番号": "順", "件数": "年間の件数", "分": "1件の分"},
)

KINDS = (INDICATORS, STEPS)
