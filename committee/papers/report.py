"""進捗報告書: one row, or one initiative with its rows."""

from datetime import date

from committee.papers.words import NOTHING, demo_note, marked, pairs_of
from initiatives.models import Initiative
from schedule.choices import ScheduleKind
from schedule.models import Activity
from schedule.summaries import activity_summary, initiative_summary
from schedule.summaries.reports import ReportEntry
from schedule.summaries.rows import RowLine
from townhall import fiscal
from townhall.paper.content import Block, Column, Line, Pair, Pairs, Paper, Section, Table

NOT_OWNED = "未設定"
ROUNDS_SHOWN = 8  # two years: a row stays on one sheet


def row_report(activity: Activity, *, as_of: date) -> Paper:
    summary = activity_summary(activity, as_of=as_of)
    row = summary.row
    blocks = (*row_blocks(row), report_table(summary.reports))
    section = Section("row", f"進捗報告書　{row.label}", blocks, over=row.title)
    title = f"進捗報告書　{row.label} {row.title}"
    return Paper(title, activity.plan.name, as_of, (section,), note=demo_note())


def initiative_report(initiative: Initiative, *, as_of: date) -> Paper:
    summary = initiative_summary(initiative, as_of=as_of)
    rows = tuple(Section(f"row-{row.pk}", f"{row.label}　{row.title}", row_blocks(row)) for row in summary.rows)
    facts = pairs_of(
        ("plan", "計画", initiative.plan.name),
        ("section", "主担当", summary.line.section or NOT_OWNED),
        ("now", "いまの状況", marked(summary.line.overall.standing) if summary.line.overall.standing else NOTHING),
        ("text", "計画の記載", initiative.text),
    )
    name = f"取組{initiative.label}　{initiative.name}"
    first = Section("initiative", "進捗報告書", (Pairs("facts", facts), report_table(summary.reports)), over=name)
    return Paper(f"進捗報告書　{name}", initiative.plan.name, as_of, (first, *rows), note=demo_note())


def row_blocks(row: RowLine) -> tuple[Block, ...]:
    """Where a row stands, in the words of its last report, and how it stood round by round."""
    return (Pairs("plan", _promised(row), label="計画"), Pairs("now", _said(row), label="いまの状況"), _course(row))


def _promised(row: RowLine) -> tuple[Pair, ...]:
    due = f"（期限 {fiscal.format_date(row.facts.due_on)}）" if row.facts.due_on else ""
    return pairs_of(
        ("group", "取組事項", row.group),
        ("title", "取組内容", f"{row.label}　{row.title}"),
        ("timing", "実施時期", f"{row.timing_text or '定めなし'}{due}"),
        ("kind", "区分", f"{ScheduleKind(row.kind).label}（{row.kind_in_words}）"),
        ("section", "主担当", row.section or NOT_OWNED),
    )


def _said(row: RowLine) -> tuple[Pair, ...]:
    standing, words = row.standing, row.words
    carried = "（前の期の報告）" if standing.is_carried else ""
    own_view = f"目安は{standing.suggested.label}。{standing.suggestion}" if standing.suggested else ""
    percent = row.reports[-1].percent if row.reports else None
    return pairs_of(
        ("standing", "状況", f"{marked(standing.standing)}{carried}"),
        ("reason_of_portal", "目安", own_view or standing.reason),
        ("percent", "進捗率", NOTHING if percent is None else f"{percent}％"),
        ("text", "今期の実績", words.text if words else ""),
        ("reason", "遅れ・変更の理由", words.reason if words else ""),
        ("next_step", "来期の予定", words.next_step if words else ""),
        ("completes_on", "完了予定", fiscal.format_date(words.completes_on) if words and words.completes_on else ""),
        ("by", "報告", f"{fiscal.format_date(words.reported_on)}　{words.reported_by}" if words else ""),
    )


def _course(row: RowLine) -> Table:
    columns = (Column("期", 5), Column("状況", 4), Column("進捗率", 2, "right"), Column("報告した日", 4))
    lines = tuple(
        Line(
            f"{report.key[0]}-{report.key[1]}",
            (
                report.label,
                marked(report.standing),
                NOTHING if report.percent is None else f"{report.percent}％",
                fiscal.format_date(report.reported_on),
            ),
        )
        for report in row.reports[-ROUNDS_SHOWN:]
    )
    earlier = max(len(row.reports) - ROUNDS_SHOWN, 0)
    label = f"これまでの経過（このほか前の{earlier}期分）" if earlier else "これまでの経過"
    return Table("course", columns, lines, label=label, empty="報告はまだありません。")


def report_table(reports: tuple[ReportEntry, ...]) -> Table:
    columns = (Column("期", 5), Column("No.", 2), Column("状況", 4), Column("実績・理由・予定", 10), Column("報告", 6))
    lines = tuple(
        Line(
            f"{entry.row_label} {entry.round_label}",
            (
                entry.round_label.replace(" ", "\n"),
                entry.row_label,
                marked(entry.standing) if entry.percent is None else f"{marked(entry.standing)}\n{entry.percent}％",
                _passages(entry),
                f"{fiscal.format_date(fiscal.japan_date(entry.reported_at))}\n{entry.reported_by}",
            ),
        )
        for entry in reports
    )
    return Table("reports", columns, lines, label="報告", empty="報告はまだありません。")


def _passages(entry: ReportEntry) -> str:
    correction = f"訂正：{entry.correction_reason}" if entry.correction_reason else ""
    reason = f"理由：{entry.reason}" if entry.reason else ""
    planned = f"予定：{entry.next_step}" if entry.next_step else ""
    return "\n".join(part for part in (entry.text, reason, planned, correction) if part)
