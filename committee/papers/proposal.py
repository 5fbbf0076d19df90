"""提案書: what a section proposes, what it costs and saves, and what was asked and answered."""

from collections.abc import Iterable
from datetime import date

from committee import contents, course
from committee.costs import YEARS_COUNTED
from committee.models import Proposal
from committee.papers.words import NOTHING, demo_note, figure, pairs_of
from townhall import fiscal
from townhall.paper.content import Block, Column, Line, Pair, Pairs, Paper, Section, Table, Text


def proposal_paper(proposal: Proposal, *, as_of: date) -> Paper:
    over = f"提案書　{proposal.number_label}".strip()
    section = Section("proposal", proposal.shown_title, proposal_blocks(proposal), over=over)
    edition = f"提出 第{proposal.edition}版" if proposal.edition else "未提出"
    return Paper(f"提案書　{proposal}", "DX事業提案", as_of, (section,), edition=edition, note=demo_note())


def proposal_blocks(proposal: Proposal) -> tuple[Block, ...]:
    return (
        Pairs("contents", (*_head(proposal), *_lines(proposal, contents.OUTLINE[1:])), label="提案の内容"),
        Pairs("effect", _effect(proposal), label="効果の見込み（換算）"),
        Text("effect_definition", _definition(proposal), is_small=True),
        _cost(proposal),
        Pairs("checks", _lines(proposal, (*contents.MEASURED_BY, *contents.CHECKED)), label="進め方と確かめたこと"),
        _threads(proposal),
    )


def _head(proposal: Proposal) -> tuple[Pair, ...]:
    number = f"{proposal.number_label}　提出 第{proposal.edition}版" if proposal.edition else "未提出"
    return pairs_of(("number", "番号・版", number), ("section", "提案する課", proposal.section.name))


def _lines(proposal: Proposal, names: Iterable[str]) -> tuple[Pair, ...]:
    lines = contents.shown_lines(proposal, names, all_of_them=False)
    return tuple(Pair(line.key, line.label, line.text or NOTHING) for line in lines)


def _effect(proposal: Proposal) -> tuple[Pair, ...]:
    minutes = "" if proposal.minutes_saved is None else f"{proposal.minutes_saved.normalize():f}分"
    return pairs_of(
        ("volume", "年間の件数", figure(proposal.yearly_volume, "件")),
        ("minutes", "1件あたりの短縮", minutes),
        ("hours", "減る時間（年）", figure(proposal.hours_saved, "時間")),
        ("yen", "金額に換算（年）", figure(proposal.yearly_effect, "千円")),
        ("payback", "費用を上回るまで", _payback(proposal)),
    )


def _payback(proposal: Proposal) -> str:
    if proposal.yearly_effect is None or proposal.total_cost is None:
        return NOTHING
    parts = proposal.payback_parts
    return f"{parts[0]}年{parts[1]}か月" if parts else f"{YEARS_COUNTED}年では上回りません"


def _definition(proposal: Proposal) -> str:
    return (
        f"減る時間＝年間の件数×1件あたりの短縮÷60。金額＝減る時間×{proposal.yen_per_hour:,}円（1時間あたりの人件費）。"
        "端数は切り捨て。見込みであり、予算の削減額ではありません。測った値とは合計しません。"
    )


def _cost(proposal: Proposal) -> Table:
    """Who pays what in which year: the sources always add up to the cost."""
    plan = proposal.cost_plan
    years = tuple(Column(f"{year}年目", 3, "right") for year in range(1, YEARS_COUNTED + 1))
    columns = (Column("区分（千円）", 6), *years, Column("計", 3, "right"))
    rows: list[tuple[str, str, tuple[int, ...]]] = []
    if plan is not None:
        rows = [("initial", "導入", plan.initial), ("running", "運用", plan.running), ("cost", "事業費", plan.cost)]
        rows += [(f"source {line.name}", f"財源 {line.name}", line.amounts) for line in plan.sources]
        rows += [("rest", f"財源 {plan.rest_line.name}", plan.rest)]
    lines = tuple(
        Line(key, (label, *(f"{amount:,}" for amount in amounts), f"{sum(amounts):,}")) for key, label, amounts in rows
    )
    return Table("cost", columns, lines, label="事業費と財源の見込み", empty="費用はまだ見積もられていません。")


def _threads(proposal: Proposal) -> Table:
    columns = (Column("No.", 1), Column("照会", 8), Column("回答", 8))
    lines = tuple(
        Line(
            str(each.number),
            (
                str(each.number),
                f"{each.question}\n（{fiscal.format_date(each.asked_on)}　{each.asked_by}）",
                _answer(each),
            ),
        )
        for each in course.threads(list(proposal.questions.all()))
    )
    return Table("threads", columns, lines, label="照会と回答", empty="照会はありません。")


def _answer(thread: course.Thread) -> str:
    if thread.answered_on is None:
        return "まだ回答がありません。"
    return f"{thread.answer}\n（{fiscal.format_date(thread.answered_on)}　{thread.answered_by}）"
