"""The ledgers of this package that go in and out as files."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import F

from initiatives import crosswalk_resource, evaluation_resource, process_resources, system_resources
from initiatives.choices import EvaluationStage
from initiatives.models import (
    BusinessProcess,
    CrosswalkLink,
    Evaluation,
    Indicator,
    ProcessStep,
    StandardizedSystem,
    SystemStep,
)
from initiatives.resources import column_notes, indicator_resource
from townhall.changes import Written
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
    return process_resources.ProcessStepResource().lines_of(
        steps.order_by("process__section__order", "process__name", "order")
    )


STEPS = ImportKind(
    code="process-steps",
    label="業務の工程",
    about="課の業務の工程ごとの担当、媒体、時間、件数、課題と見直し。業務は先に加えます。",
    view=Permission.VIEW_PROCESS,
    change=Permission.MANAGE_PROCESS,
    resource=lambda: process_resources.ProcessStepResource,
    lines=_step_lines,
    notes=process_resources.column_notes(),
    example={"担当課": "企画課", "業務名": "転入の受付（例）", "順": 1, "工程": "申請書を受け取る", "1件の分": 5},
    undoable=("initiatives.processstep", "initiatives.businessprocess"),
    words={"課": "担当課", "業務": "業務名", "番号": "順", "件数": "年間の件数", "分": "1件の分"},
)


def _process_lines(user: User, today: date) -> list[list[Any]]:
    rows = BusinessProcess.objects.select_related("section", "initiative__plan")
    return process_resources.ProcessResource().lines_of(rows)


PROCESSES = ImportKind(
    code="processes",
    label="業務の棚卸し",
    about="課の業務の名称、内容、関係する取組、人件費の単価、調べた日と測った日。工程は「業務の工程」です。",
    view=Permission.VIEW_PROCESS,
    change=Permission.MANAGE_PROCESS,
    resource=lambda: process_resources.ProcessResource,
    lines=_process_lines,
    notes=process_resources.process_notes(),
    example={"担当課": "企画課", "業務名": "転入の受付（例）", "業務の内容": "例：届出を受け、住民票を作ります。"},
    undoable=("initiatives.businessprocess",),
    words={"課": "担当課", "業務": "業務名", "取組": "関係する取組", "内容": "業務の内容"},
)


def _system_lines(user: User, today: date) -> list[list[Any]]:
    systems = StandardizedSystem.objects.in_ministry_order().select_related("owner_section")
    return system_resources.SystemResource().lines_of(systems)


SYSTEMS = ImportKind(
    code="systems",
    label="標準化20業務",
    about="業務ごとの主管課、事業者とパッケージ、移行の予定と実績、経費、特定移行支援。",
    view=Permission.VIEW_SYSTEM,
    change=Permission.IMPORT_MINISTRY,
    resource=lambda: system_resources.SystemResource,
    lines=_system_lines,
    notes=system_resources.system_notes(),
    example={"業務名": "戸籍", "主管課": "税務住民課", "町が対象とする": "はい", "本番稼働日（予定）": "R8.3.31"},
    undoable=("initiatives.standardizedsystem",),
    words={"業務": "業務名", "課": "主管課", "担当課": "主管課", "備考": "メモ"},
)


def _system_step_lines(user: User, today: date) -> list[list[Any]]:
    steps = SystemStep.objects.select_related("system").order_by("system__pmo_order", "number")
    return system_resources.SystemStepResource().lines_of(steps)


SYSTEM_STEPS = ImportKind(
    code="system-steps",
    label="標準化20業務の手順",
    about="業務ごとの手順のフェーズ、状態、予定日と完了日。",
    view=Permission.VIEW_SYSTEM,
    change=Permission.IMPORT_MINISTRY,
    resource=lambda: system_resources.SystemStepResource,
    lines=_system_step_lines,
    notes=system_resources.step_notes(),
    example={"業務名": "戸籍", "順": 1, "フェーズ": "計画立案", "手順": "例：推進体制を立ち上げる", "状態": "作業中"},
    undoable=("initiatives.systemstep",),
    words={"業務": "業務名", "番号": "順", "備考": "メモ"},
)

EVALUATION = "initiatives.evaluation"


def _later_words(written: Sequence[Written], today: date) -> str:
    """A year that was fixed since, or a later stage that has spoken, stands on what came from the file."""
    mine = {each.pk for each in written if each.model == EVALUATION}
    rows = list(Evaluation.objects.filter(pk__in=mine).select_related("year", "initiative"))
    if fixed := next((row.year for row in rows if row.year.is_fixed), None):
        return f"{fixed}を確定したため、取り消せません。"
    for other in Evaluation.objects.filter(year__in={row.year_id for row in rows}).exclude(pk__in=mine):
        before = (row for row in rows if (row.year_id, row.initiative_id) == (other.year_id, other.initiative_id))
        if any(EvaluationStage(row.stage).order < EvaluationStage(other.stage).order for row in before):
            return f"「{other}」の評価が済んだため、取り消せません。"
    return ""


def _evaluation_lines(user: User, today: date) -> list[list[Any]]:
    return evaluation_resource.lines_to_fill(today=today)


EVALUATIONS = ImportKind(
    code="evaluations",
    label="年度評価",
    about="取組ごと・年度ごと・段階ごとの評価、今後の方向性、意見。まだ済んでいない段階の行も入ります。",
    view=Permission.VIEW_EVALUATION,
    change=Permission.MANAGE_EVALUATION,
    resource=lambda: evaluation_resource.EvaluationResource,
    lines=_evaluation_lines,
    notes=evaluation_resource.column_notes(),
    example={"計画": "r5-r7", "年度": "令和7年度", "取組": "1", "段階": "事務局", "評価": "B"},
    undoable=(EVALUATION, "initiatives.evaluationyear"),
    words={"記号": "評価", "方向性": "今後の方向性", "コメント": "意見", "所見": "意見", "番号": "取組"},
    keeps=_later_words,
)


def _crosswalk_lines(user: User, today: date) -> list[list[Any]]:
    links = CrosswalkLink.objects.select_related("initiative__plan", "priority__version_of", "item")
    order = ("initiative__plan__starts_on", "initiative__kind", "initiative__number")
    other = (F("priority__version_of__order").asc(nulls_last=True), "priority__order", "item__plan_name", "item__code")
    return crosswalk_resource.CrosswalkResource().lines_of(links.order_by(*order, *other, "pk"))


CROSSWALK = ImportKind(
    code="crosswalk",
    label="国・総合計画との対応",
    about="取組と、国の重点取組事項（版ごと）・総合計画の施策との対応、補足と確度。",
    view=Permission.VIEW_PLAN,
    change=Permission.EDIT_PLAN,
    resource=lambda: crosswalk_resource.CrosswalkResource,
    lines=_crosswalk_lines,
    notes=crosswalk_resource.column_notes(),
    example={"計画": "r5-r7", "取組": "1", "対応する計画": "第2.3版", "事項・施策": "自治体フロントヤード改革の推進"},
    undoable=("initiatives.crosswalklink",),
    words={"版": "対応する計画", "事項": "事項・施策", "施策": "事項・施策", "備考": "補足", "番号": "取組"},
)

KINDS = (INDICATORS, EVALUATIONS, CROSSWALK, PROCESSES, STEPS, SYSTEMS, SYSTEM_STEPS)
