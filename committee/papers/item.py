"""One subject on its sheet: what it is about, the options, and what was decided or a field to write it in."""

from collections.abc import Mapping, Sequence

from committee.choices import ItemKind, Outcome, ProposalState
from committee.models import ActionItem, AgendaItem, Decision
from committee.papers.agenda import files_of, number_of, owner_of
from committee.papers.homework import homework_table
from committee.papers.proposal import proposal_blocks
from committee.papers.report import NOT_OWNED, row_blocks
from committee.papers.words import NOTHING, marked, pairs_of
from schedule.models import DutyOccurrence
from schedule.summaries import RowLine
from townhall import fiscal
from townhall.paper.content import Blank, Block, Column, Line, Pair, Pairs, Section, Table, Text


def item_section(
    item: AgendaItem, position: int, *, rows: Mapping[int, RowLine], carried: Sequence[ActionItem]
) -> Section:
    return Section(
        key=f"item-{item.pk}",
        heading=item.title,
        blocks=(*_said(item), *_files(item, position), *_about(item, rows, carried), *_decided(item)),
        number=number_of(item, position),
        over="　".join(filter(None, (f"議題{position}（{ItemKind(item.kind).label}）", owner_of(item)))),
    )


def _said(item: AgendaItem) -> tuple[Block, ...]:
    note = [Text("note", item.note, label="説明")] if item.note else []
    lines = tuple(Line(str(number), (option,)) for number, option in enumerate(item.option_list, start=1))
    options = [Table("options", (Column("案"),), lines, label="案")] if lines else []
    return (*note, *options)


def _files(item: AgendaItem, position: int) -> tuple[Block, ...]:
    """Named and not bound in: they are handed out as they are."""
    lines = tuple(Line(f"paper-{key}", (label, name)) for key, label, name in files_of(item, position))
    return (Table("papers", (Column("番号", 3), Column("ファイル", 10)), lines, label="別添の資料"),) if lines else ()


def _about(item: AgendaItem, rows: Mapping[int, RowLine], carried: Sequence[ActionItem]) -> tuple[Block, ...]:
    if item.follows_up:
        return (homework_table("carried", carried, label="前回までの宿題"),)
    if item.proposal is not None:
        return proposal_blocks(item.proposal)
    if item.activity_id is not None and item.activity_id in rows:
        return row_blocks(rows[item.activity_id])
    return (Pairs("duty", _duty(item.occurrence), label="毎年度の義務"),) if item.occurrence is not None else ()


def _duty(occurrence: DutyOccurrence) -> tuple[Pair, ...]:
    done = fiscal.format_date(occurrence.done_on) if occurrence.done_on else ""
    return pairs_of(
        ("duty", "義務", str(occurrence)),
        ("basis", "根拠", occurrence.duty.basis),
        ("section", "担当課", occurrence.duty.owner_section.name if occurrence.duty.owner_section else NOT_OWNED),
        ("due_on", "期限", fiscal.format_date(occurrence.due_on)),
        ("done_on", "済ませた日", f"{done}　変更なし" if done and occurrence.no_change else done),
        ("note", "記録", occurrence.note or occurrence.skipped_reason),
    )


def _decided(item: AgendaItem) -> tuple[Block, ...]:
    decision = item.decision_or_none
    if decision is not None:
        return (Pairs("decision", decision_pairs(decision), label="委員会の決定"),)
    lines = 2 if item.proposal else 3
    return (Blank("memo", "委員会での意見・決定（記入欄）", lines),) if item.is_open else ()


def decision_pairs(decision: Decision) -> tuple[Pair, ...]:
    due = fiscal.format_date(decision.conditions_due_on) if decision.conditions_due_on else ""
    return pairs_of(
        ("outcome", "決定", marked(decision.outcome_choice)),
        ("option", "選んだ案", decision.chosen_option),
        ("reason", "理由", decision.reason),
        ("conditions", "条件", f"{decision.conditions}（期限 {due}）" if due else decision.conditions),
        ("decided_on", "決定日", fiscal.format_date(decision.decided_on)),
        ("references", "起案・決裁", _references(decision)),
    )


def _references(decision: Decision) -> str:
    drafted = f"起案 {fiscal.format_date(decision.drafted_on)}" if decision.drafted_on else ""
    approved = f"決裁 {fiscal.format_date(decision.approved_on)}" if decision.approved_on else ""
    return "　".join(filter(None, (drafted, decision.approval_class, approved, decision.document_number)))


def decisions_section(items: Sequence[AgendaItem]) -> Section:
    """決定事項（案）: what can be decided, to be ticked; what is decided already."""
    columns = (Column("資料", 3), Column("議題", 9), Column("決定（案）", 7), Column("理由・条件・担当・期限", 7))
    lines = tuple(
        Line(f"item-{item.pk}", (number_of(item, position), item.title, _to_choose(item), _conditions(item)))
        for position, item in enumerate(items, start=1)
        if not item.follows_up
    )
    note = "□に印を付けて使います。決定には理由を記録します。"
    table = Table("decisions", columns, lines, empty="決める議題はありません。")
    return Section("decisions", "決定事項（案）", (table, Text("note", note, is_small=True)))


def _to_choose(item: AgendaItem) -> str:
    if item.decision_or_none is not None:
        return marked(item.decision_or_none.outcome_choice)
    if item.proposal is not None and item.proposal.state == ProposalState.WITHDRAWN:
        return "取下げ"
    outcomes = [each.label for each in Outcome if item.proposal is None or each in Outcome.FOR_PROPOSALS]
    return "\n".join(f"□ {each}" for each in (*item.option_list, *outcomes))


def _conditions(item: AgendaItem) -> str:
    decision = item.decision_or_none
    return (decision.conditions or NOTHING) if decision else ""
