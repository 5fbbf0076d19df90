"""How the plan stands: summary with its definition, 遅れ・注意, what changed since the last meeting."""

from committee.papers.words import DIRECTIONS, NOTHING, marked, marked_word
from schedule.summaries import PlanSummary
from schedule.summaries.matrix import InitiativeLine
from townhall import fiscal
from townhall.paper.content import Block, Column, Line, Section, Table, Text

NO_PLAN = "計画がまだ取り込まれていません。"


def situation_sections(summary: PlanSummary | None) -> tuple[Section, ...]:
    if summary is None:
        return (_section("summary", "計画の状況", "概要1", Text("none", NO_PLAN)),)
    return (
        _section("summary", "計画の状況", "概要1", *_summary(summary)),
        _section("attention", "遅れ・注意、前回からの変化", "概要2", _attention(summary), *_changes(summary)),
    )


def _section(key: str, heading: str, number: str, *blocks: Block) -> Section:
    return Section(key, heading, blocks, number=number)


def sentence_of(summary: PlanSummary) -> str:
    """As the dashboard begins."""
    if summary.round is None:
        return "進捗の期がまだありません。"
    first = f"{len(summary.rows)}の取組内容のうち、{_late(summary)}。"
    unreported = f"未報告は{summary.unreported}件です。" if summary.unreported else ""
    final = "最終評価では、" if summary.round.facts.is_final else ""
    return f"{final}{first}{unreported}{_since(summary)}"


def _late(summary: PlanSummary) -> str:
    counted = ((summary.late, "遅れ"), (summary.slightly_late, "やや遅れ"))
    said = "、".join(f"{count}件が{word}" for count, word in counted if count)
    return f"{said}です" if said else "遅れと報告されたものはありません"


def _since(summary: PlanSummary) -> str:
    if not summary.has_reports:
        return "この計画の報告はまだありません。"
    name = f"前回の委員会（{fiscal.format_date(summary.base)}）" if summary.base else "前の期"
    if not summary.worse and not summary.better:
        return f"{name}から、悪くなったもの、よくなったものはありません。"
    return f"{name}から{summary.worse}件が悪くなり、{summary.better}件がよくなりました。"


def _summary(summary: PlanSummary) -> tuple[Block, ...]:
    counts = tuple(Line(each.value, (marked(each), f"{count}")) for each, count in summary.counts)
    total = Line("total", ("計", f"{len(summary.rows)}"))
    return (
        Text("sentence", sentence_of(summary)),
        Text("period", _period(summary)),
        Table(
            "counts",
            (Column("状況", 4), Column("件数", 1, "right")),
            (*counts, total),
            label="取組内容の状況",
            share=50,
        ),
        Text("definition", _definition(summary), is_small=True, is_dated=True),
        _initiatives(summary.matrix.lines),
    )


def _period(summary: PlanSummary) -> str:
    time = summary.time
    until = f"{fiscal.format_date(time.starts_on)}から{fiscal.format_date(time.ends_on)}まで"
    if summary.has_ended:
        return f"{summary.name}（{until}）の計画期間は終わりました。"
    return f"{summary.name}（{until}の{time.months}か月のうち{time.percent}％が経過）"


def _definition(summary: PlanSummary) -> str:
    counted = summary.round.label if summary.round else "なし"
    return (
        "件数の数え方：全体スケジュールの取組内容（検討事項を除く）を、基準日までに提出・確認された報告の状況で数えます。"
        "報告のないものは「未報告」とし、順調には数えません。提出期限の前で報告がまだないものは、前の期の報告で数えます"
        f"（{summary.carried}件）。対象の期：{counted}"
    )


def _initiatives(lines: tuple[InitiativeLine, ...]) -> Table:
    columns = (Column("No.", 2), Column("取組事項", 8), Column("主担当", 4), Column("状況", 4), Column("ひとこと", 12))
    return Table("initiatives", columns, tuple(_initiative(line) for line in lines), label="取組ごとの状況")


def _initiative(line: InitiativeLine) -> Line:
    standing = line.overall.standing
    said = marked(standing) if standing else NOTHING
    unreported = f"（未報告{line.overall.unreported}件）" if line.overall.unreported and said != NOTHING else ""
    return Line(line.code, (line.label, line.name, line.section or "未設定", f"{said}{unreported}", line.note))


def _attention(summary: PlanSummary) -> Table:
    columns = (Column("No.", 2), Column("取組内容", 9), Column("担当", 4), Column("状況", 4), Column("事情", 12))
    lines = tuple(
        Line(
            f"{item.label} {item.word}",
            (
                item.label,
                item.title,
                item.section or "未設定",
                marked_word(item.tone, item.word),
                "／".join((*item.facts, *(["委員会に諮る"] if item.to_committee else []))),
            ),
        )
        for item in summary.attention
    )
    return Table("attention", columns, lines, label="遅れ・注意", empty="遅れているもの、注意が要るものはありません。")


def _changes(summary: PlanSummary) -> tuple[Block, ...]:
    columns = (
        Column("No.", 2),
        Column("取組内容", 9),
        Column("変化", 6),
        Column("報告した日と人", 7),
        Column("理由", 8),
    )
    lines = tuple(
        Line(
            row.label,
            (
                row.label,
                row.title,
                f"{DIRECTIONS[row.direction]}\n{row.steps}",
                "　".join(filter(None, (fiscal.format_date(row.changed_on) if row.changed_on else "", row.who))),
                row.why or NOTHING,
            ),
        )
        for row in summary.changes
    )
    since = f"前回の委員会（{fiscal.format_date(summary.base)}）" if summary.base else "前の期"
    return (
        Table("changes", columns, lines, label=f"{since}からの変化", empty="状況の変わった取組内容はありません。"),
        Text("base", f"比べる相手：{since}", is_small=True, is_dated=True),
    )
