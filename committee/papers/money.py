"""予算 of this fiscal year and the next by initiative, and what was measured of the effects. Amounts in 千円."""

from collections.abc import Sequence
from datetime import date

from committee.models import BudgetLine, EffectReview
from committee.papers.words import NOTHING, figure, marked_word
from committee.summaries.budget import Cell, cells_of
from committee.summaries.effects import EffectRow, effect_rows
from townhall import fiscal
from townhall.paper.content import Column, Line, Section, Table, Text

BUDGET_DEFINITION = (
    "要求は課が求めた額、予算は当初と補正の計、決算は決算額（「見込」は決算見込）です。三つは別の額で、互いに合計しません。"
    "予算は予算の年度、決算は執行した年度（繰越を含む）で数えます。記録のないところは「―」です。"
)
EFFECT_DEFINITION = (
    "計画は提案のときの見込みを同じ月数に直した時間、実測は測った時間です。比＝実測÷計画。計画と実測は合計しません。"
)


def money_section(*, as_of: date) -> Section:
    blocks = (
        _budget(as_of=as_of),
        Text("budget_definition", BUDGET_DEFINITION, is_small=True, is_dated=True),
        _effects(as_of=as_of),
        Text("effect_definition", EFFECT_DEFINITION, is_small=True, is_dated=True),
    )
    return Section("money", "予算と効果の検証", blocks)


def _budget(*, as_of: date) -> Table:
    """Four queries, one without lines."""
    this_year = fiscal.fiscal_year(as_of)
    years = (this_year, this_year + 1)
    touching = BudgetLine.objects.touching(years[0]) | BudgetLine.objects.touching(years[1])
    lines = list(touching.with_figures().in_order())
    groups: dict[int, list[BudgetLine]] = {}
    for line in lines:
        groups.setdefault(line.initiative_id, []).append(line)
    rows = [_budget_line(group, years) for group in groups.values()]
    if rows:
        rows.append(Line("total", ("計", "", *_cells(lines, years))))
    names = [fiscal.format_fiscal_year_short(year) for year in years]
    money = (f"{name}\n{what}" for name in names for what in ("要求", "予算", "決算"))
    columns = (Column("No.", 2), Column("取組", 7), *(Column(each, 3, "right") for each in money))
    return Table("budget", columns, tuple(rows), label="取組ごとの予算（千円）", empty="予算の記録はまだありません。")


def _budget_line(lines: Sequence[BudgetLine], years: Sequence[int]) -> Line:
    initiative = lines[0].initiative
    return Line(f"initiative-{initiative.pk}", (initiative.label, initiative.name, *_cells(lines, years)))


def _cells(lines: Sequence[BudgetLine], years: Sequence[int]) -> list[str]:
    return [text for cell in cells_of(lines, years) for text in _amounts(cell)]


def _amounts(cell: Cell) -> tuple[str, str, str]:
    spent = figure(cell.spent, "")
    return figure(cell.requested, ""), figure(cell.voted, ""), f"{spent}（見込）" if cell.is_estimate else spent


def _effects(*, as_of: date) -> Table:
    """Two queries, one without reviews."""
    reviews = EffectReview.objects.with_proposal().order_by("due_on", "pk")
    columns = (
        *(Column("提案", 8), Column("期間", 4), Column("期限", 5), Column("状態", 4)),
        *(Column("計画\n（時間）", 3, "right"), Column("実測\n（時間）", 3, "right"), Column("比", 3, "right")),
    )
    lines = tuple(_effect(row) for row in effect_rows(reviews, today=as_of))
    return Table("effects", columns, lines, label="効果の検証", empty="効果を測る時期の提案はまだありません。")


def _effect(row: EffectRow) -> Line:
    review = row.review
    return Line(
        f"review-{review.pk}",
        (
            str(row.proposal),
            review.label,
            fiscal.format_date(row.deadline),
            marked_word(*row.badge),
            figure(review.planned_hours, ""),
            figure(review.measured_hours, ""),
            NOTHING if row.percent is None else f"{row.percent}％",
        ),
    )
