"""The matrix of initiatives and the schedule in words: rows of tables joined from strings (see schedule_charts)."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from initiatives.summaries.evaluations import YearLetter
from schedule.choices import Standing
from schedule.rounds import short_name
from schedule.standing import ReportFacts
from schedule.summaries.matrix import Cell, CellKind, Column, InitiativeLine, Matrix
from schedule.summaries.rows import RowLine
from schedule.templatetags.schedule_charts import CARRIED, NOTHING, standing_html
from townhall import fiscal
from townhall.templatetags.portal import badge_html, change_html, mark_html

register = template.Library()

# what a cell without a standing shows → what it says
BLANKS = {
    CellKind.FUTURE: ("・", "これから"),
    CellKind.NO_ROUND: ("―", "期なし"),
    CellKind.UNRATED: ("―", "年度評価は未記録"),
    CellKind.RATING: ("…", "年度評価は評価中"),
}
DASH = SafeString('<span class="dx-muted" aria-hidden="true">―</span>')


def blank_html(sign: str, word: str) -> SafeString:
    return format_html(
        '<span class="dx-muted" aria-hidden="true">{}</span><span class="dx-visually-hidden">{}</span>', sign, word
    )


@register.simple_tag
def matrix_head(matrix: Matrix, change: str) -> SafeString:
    """Two header rows: years above, their quarters below. `change`: the head of the column, 「前回比」."""
    both = '<th rowspan="2" scope="col" class="{}">{}</th>'
    before = format_html_join("", both, (("dx-matrix__no", "No."), ("", "取組事項"), ("dx-matrix__wide", "主担当")))
    after = format_html_join(
        "",
        both,
        (("dx-table__edge", "いまの状況"), ("", change), ("", "ひとこと（担当課）"), ("dx-matrix__wide", "更新")),
    )
    above = format_html_join("", "{}", ((_year_head(column, matrix),) for column in matrix.columns))
    below = format_html_join("", "{}", ((_column_head(column),) for column in matrix.columns if not column.is_final))
    return format_html("<tr>{}{}{}</tr><tr>{}</tr>", before, above, after, below)


def _year_head(column: Column, matrix: Matrix) -> SafeString:
    year = fiscal.format_fiscal_year(column.fiscal_year)
    if column.is_final:
        now = " dx-matrix__quarter--now" if column.is_now else ""
        return format_html('<th rowspan="2" scope="col" class="dx-matrix__quarter dx-table__edge{}">最終評価</th>', now)
    if column.quarter is None:
        return format_html('<th scope="col" class="dx-table__edge dx-table__center dx-matrix__wide">{}</th>', year)
    if column.is_first:
        head = '<th scope="colgroup" colspan="{}" class="dx-table__edge dx-table__center">{}（{}）</th>'
        return format_html(head, matrix.parts, year, "四半期" if matrix.parts == 4 else "期ごと")
    return NOTHING


def _column_head(column: Column) -> SafeString:
    return format_html(
        '<th scope="col" class="{}">{}{}</th>',
        _cell_class(column),
        column.label,
        SafeString('<span class="dx-visually-hidden">（今期）</span>') if column.is_now else "",
    )


def _cell_class(column: Column) -> str:
    if column.quarter is None and not column.is_final:
        return "dx-table__edge dx-table__center dx-matrix__wide"
    edge = " dx-table__edge" if column.is_final or column.is_first else ""
    return f"dx-matrix__quarter{edge}{' dx-matrix__quarter--now' if column.is_now else ''}"


@register.simple_tag
def matrix_rows(matrix: Matrix) -> SafeString:
    first_study = next((line.code for line in matrix.lines if line.is_study), None)
    return format_html_join(
        "",
        '<tr{}><td class="dx-matrix__no">{}</td><th scope="row"><a href="{}">{}</a></th>'
        '<td class="dx-matrix__wide dx-nowrap">{}</td>{}<td class="dx-table__edge">{}</td><td>{}</td>'
        '<td class="dx-matrix__note">{}</td><td class="dx-matrix__wide dx-table__note dx-num dx-nowrap">{}</td></tr>',
        (
            (
                SafeString(' class="dx-table__break"') if line.code == first_study else "",
                line.label,
                line.url,
                line.name,
                line.section or blank_html("―", "主担当は未設定"),
                _matrix_cells(line, matrix),
                _now(line),
                change_html(line.change) if line.change else blank_html("―", _no_change(line)),
                line.note or blank_html("―", "この期の文はありません"),
                fiscal.format_date_short(line.updated_on) if line.updated_on else blank_html("―", "報告なし"),
            )
            for line in matrix.lines
        ),
    )


def _matrix_cells(line: InitiativeLine, matrix: Matrix) -> SafeString:
    """Studies have no ○△× by quarter: their quarters are one cell, their years say the word of the year."""
    cells = []
    for column, cell in zip(matrix.columns, line.cells, strict=True):
        if line.is_study and column.quarter is not None:
            if column.is_first:
                cells.append(
                    f'<td colspan="{matrix.parts}" class="dx-table__edge dx-table__center dx-table__note">'
                    "期ごとの判定なし</td>"
                )
            continue
        cells.append(format_html('<td class="{}">{}</td>', _cell_class(column), _cell(cell, line)))
    return SafeString("".join(cells))


def _cell(cell: Cell, line: InitiativeLine) -> SafeString | str:
    if cell.kind is CellKind.STANDING and cell.standing:
        if line.is_study:
            return format_html('<span class="dx-small dx-nowrap">{}</span>', cell.standing.label)
        return mark_html(cell.standing.tone, cell.standing.label)
    if cell.letter:
        return letter_html(cell.letter)
    if cell.kind is CellKind.WAITING:
        return SafeString('<span class="dx-small dx-muted dx-nowrap">入力中</span>')
    if cell.kind is CellKind.UNRATED and line.is_study:
        return blank_html("―", "記録なし")
    return blank_html(*BLANKS[cell.kind])


def letter_html(letter: YearLetter) -> SafeString:
    """The letter alone, for a narrow column; its words stay for screen readers, and in the legend."""
    corrected = "（訂正あり）" if letter.correction else ""
    return format_html(
        '<span class="dx-grade{}"><b>{}</b><span class="dx-visually-hidden"> {}{}</span></span>',
        " dx-grade--low" if letter.grade.is_low else "",
        letter.grade.code,
        letter.grade.label,
        corrected,
    )


@register.simple_tag
def letter_legend(matrix: Matrix) -> SafeString:
    """What the letters of the year columns mean; they are no ○△×."""
    if not matrix.grades:
        return SafeString("年度評価（―）は、まだ区分がありません")
    letters = format_html_join(
        " ",
        '<span class="dx-grade{} dx-nowrap"><b>{}</b> {}</span>',
        ((" dx-grade--low" if each.is_low else "", each.code, each.label) for each in matrix.grades),
    )
    return format_html("年度評価：{}", letters)


def _now(line: InitiativeLine) -> SafeString:
    """The worst row, with 未報告 said beside it."""
    standing = line.overall.standing
    if standing is None:
        return blank_html("―", "取組内容はありません")
    badge = badge_html(standing.tone, standing.label)
    badge = badge + CARRIED if line.is_carried else badge
    if not line.overall.unreported or standing == Standing.UNREPORTED:
        return badge
    return format_html('{}<br><span class="dx-table__note">未報告{}件</span>', badge, line.overall.unreported)


def _no_change(line: InitiativeLine) -> str:
    return "この期の報告はまだありません" if line.is_carried else "比べられません"


# --- 表で見る


@register.simple_tag
def schedule_table_rows(rows: Iterable[RowLine]) -> SafeString:
    return format_html_join(
        "",
        '<tr><td class="dx-nowrap">{}</td><td>{}</td><th scope="row"><a href="{}">{}</a></th><td>{}</td><td>{}</td>'
        "<td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
        (
            (
                row.label,
                row.group,
                row.url,
                row.title,
                row.section or "未設定",
                row.timing_text or "定めなし",
                plan_words(row),
                actual_words(row),
                late_words(row),
                standing_html(row.standing),
                change_words(row),
            )
            for row in rows
        ),
    )


def plan_words(row: RowLine) -> str:
    due = f"（期限 {fiscal.format_date(row.facts.due_on)}）" if row.facts.due_on else ""
    return f"{row.years_label}{due}"


def actual_words(row: RowLine) -> str:
    """The actual lane in words: from which quarter to which, or how often."""
    worked = [report for report in row.reports if report.says_work_was_done]
    if not row.reports:
        return "報告なし"
    if not worked:
        return "着手の報告なし"
    if row.kind in ("deadline", "from"):
        done = next((report for report in worked if report.standing == Standing.DONE), None)
        if done:
            return f"{_quarter(worked[0])}から、{_quarter(done)}に完了"
        return f"{_quarter(worked[0])}から{_quarter(worked[-1])}まで報告あり"
    return f"報告{len(worked)}回（最後は{_quarter(worked[-1])}）"


def _quarter(report: ReportFacts) -> str:
    year, quarter = report.key
    name = short_name(quarter, months=report.months, is_final=report.is_final)
    return f"{fiscal.format_fiscal_year_short(year)}\N{NO-BREAK SPACE}{name}"


def late_words(row: RowLine) -> str:
    parts = [row.standing.suggestion]
    if row.standing.months_late and not row.standing.suggestion:
        parts.append(f"約{row.standing.months_late}か月遅れ")
    if row.standing.days_silent:
        parts.append(f"更新が{row.standing.days_silent}日ありません")
    if not row.standing.suggestion and row.standing.reason:
        parts.append(row.standing.reason)
    return "。".join(part for part in parts if part) or "―"


def change_words(row: RowLine) -> SafeString | str:
    change = row.change
    if change is None:
        return "―"
    if change.direction == "same":
        return change_html("same")
    steps = f"{change.before.label} → {change.after.label}"
    return change_html(change.direction, steps) if change.direction else steps
