"""The ledgers of this package that go in and out as files."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from schedule import duty_resource, occurrence_resource, policy_kinds, resources, training_kinds
from schedule.models import Activity, Duty, ProgressReport, ReportingRound
from townhall.changes import Written
from townhall.models import User
from townhall.permissions import Permission, sections_open_to
from townhall.sheets.kinds import ImportKind


def _report_lines(user: User, today: date) -> list[list[Any]]:
    """Drafts among them: each section its own rows, 事務局 all."""
    sections = sections_open_to(user, Permission.RECORD_PROGRESS, today=today)
    reports = ProgressReport.objects.filter(activity__in=Activity.objects.owned_by(sections)).select_related(
        "round__plan", "activity__initiative__owner_section", "activity__owner_section"
    )
    return resources.ProgressReportResource().lines_of(
        reports.order_by("round__plan", "round__fiscal_year", "round__quarter", "activity__order")
    )


def _closed_since(written: Sequence[Written], today: date) -> str:
    rounds = ReportingRound.objects.filter(reports__in=[each.pk for each in written]).distinct()
    closed = [round.label for round in rounds if not round.is_open_on(today)]
    return f"{'、'.join(closed)}は締め切られたため、取り消せません。直すときは訂正します。" if closed else ""


PROGRESS = ImportKind(
    code="progress",
    label="進捗報告",
    about="期ごと・行ごとの状況、進捗率、実績、来期の予定。",
    view=Permission.RECORD_PROGRESS,
    change=Permission.RECORD_PROGRESS,
    resource=lambda: resources.ProgressReportResource,
    lines=_report_lines,
    notes=resources.column_notes(),
    example={
        **{"計画": "r5-r7", "期": "令和7年度 第4四半期", "番号": "5-3", "状況": "順調", "進捗率（％）": 80},
        **{
            "今期の実績": "例：申請書の様式をそろえました。",
            "来期の予定": "例：試行を始めます。",
            "委員会に諮る": "いいえ",
        },
    },
    undoable=("schedule.progressreport",),
    words={"No": "番号", "No.": "番号", "進捗率": "進捗率（％）", "実績": "今期の実績", "理由": "遅れ・変更の理由"},
    keeps=_closed_since,
)


def _duty_lines(user: User, today: date) -> list[list[Any]]:
    return duty_resource.DutyResource().lines_of(Duty.objects.select_related("owner_section"))


DUTIES = ImportKind(
    code="duties",
    label="毎年度の義務",
    about="研修、セキュリティポリシーの見直しなどの義務の名称、頻度、期限、知らせる日、根拠。",
    view=Permission.VIEW_DUTY,
    change=Permission.MANAGE_DUTY,
    resource=lambda: duty_resource.DutyResource,
    lines=_duty_lines,
    notes=duty_resource.column_notes(),
    example={"記号": "example", "義務の名称": "例：情報機器の点検", "頻度": "毎年度", "期限の月": 11, "期限の日": 30},
    undoable=("schedule.duty", "schedule.dutyoccurrence"),
    words={"名称": "義務の名称", "義務": "義務の名称", "課": "担当課"},
)


def _occurrence_lines(user: User, today: date) -> list[list[Any]]:
    return occurrence_resource.occurrence_lines()


OCCURRENCES = ImportKind(
    code="occurrences",
    label="年度ごとの義務の記録",
    about="義務ごと・年度ごとの期限、済ませた日、証拠、記録、行わない理由。",
    view=Permission.VIEW_DUTY,
    change=Permission.MANAGE_DUTY,
    resource=lambda: occurrence_resource.OccurrenceResource,
    lines=_occurrence_lines,
    notes=occurrence_resource.column_notes(),
    example={
        **{"義務の記号": "security-training", "年度": "令和8年度", "済ませた日": "R8.11.20"},
        **{"証拠（文書番号など）": "例：総務第123号", "記録": "例：参加 98人"},
    },
    undoable=("schedule.dutyoccurrence",),
    words={
        **{"記号": "義務の記号", "実施日": "済ませた日", "完了日": "済ませた日", "証拠": "証拠（文書番号など）"},
        **{"文書番号": "証拠（文書番号など）", "変更なし": "見直しの結果、変更なし", "備考": "記録"},
    },
)

KINDS = (PROGRESS, DUTIES, OCCURRENCES, *training_kinds.KINDS, *policy_kinds.KINDS)
