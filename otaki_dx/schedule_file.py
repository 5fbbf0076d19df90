"""全体スケジュール as a file: the columns of 表で見る, each line with the day it speaks of."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from otaki_dx.plan_pages import asked_for
from schedule.summaries import PlanSummary
from schedule.summaries.rows import RowLine
from schedule.templatetags.schedule_tables import actual_words, late_words
from townhall import fiscal
from townhall.http import PortalRequest
from townhall.permissions import Permission, requires
from townhall.sheets.writing import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx

# heading → width in a workbook. The day stands in every line: lines are copied out of their file.
COLUMNS = {
    "計画": 24,
    "時点": 18,
    "No.": 6,
    "取組事項": 28,
    "内容": 44,
    "主担当": 14,
    "実施時期": 18,
    "計画の期間": 22,
    "期限": 18,
    "実績": 28,
    "遅れ・注意": 36,
    "状況": 12,
    "目安": 12,
    "報告": 10,
}


@require_safe
@requires(Permission.VIEW_PLAN)
def schedule_file(request: PortalRequest, extension: str) -> HttpResponseBase:
    _, _, summary = asked_for(request)
    if summary is None:
        return redirect("schedule_table")
    lines = [table_line(row, summary) for row in summary.all_rows]
    if extension == "csv":
        data, kind = write_csv(list(COLUMNS), lines), CSV_TYPE
    else:
        data = write_xlsx("全体スケジュール", list(COLUMNS), lines, widths=list(COLUMNS.values()))
        kind = XLSX_TYPE
    name = f"全体スケジュール_{summary.as_of.isoformat()}.{extension}"
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(data, content_type=kind, headers=headers)


def table_line(row: RowLine, summary: PlanSummary) -> tuple[str, ...]:
    standing = row.standing
    return (
        summary.name,
        fiscal.format_date(summary.as_of),
        row.label,
        row.group,
        row.title,
        row.section or "未設定",
        row.timing_text or "定めなし",
        row.years_label,
        fiscal.format_date(row.facts.due_on) if row.facts.due_on else "",
        actual_words(row),
        late_words(row),
        standing.standing.label,
        standing.suggested.label if standing.suggested else "",
        "前期の報告" if standing.is_carried else "",
    )
