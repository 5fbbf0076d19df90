"""会議資料: cover, 次第, how the plan stands, a sheet for each subject, and the draft of what is decided."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from committee.choices import ItemKind, Outcome, ProposalState
from committee.models import AgendaItem, Meeting
from committee.papers.money import budget_section, effect_section
from committee.papers.proposal import proposal_blocks
from committee.papers.report import row_blocks
from committee.papers.situation import situation_sections
from committee.papers.words import COMMITTEE, NOTHING, SENDER, demo_note, long_day, pairs_of
from initiatives.models import Plan
from schedule.summaries import PlanSummary, RowLine, plan_summary
from townhall.paper.content import (
    Agenda,
    Blank,
    Block,
    Column,
    Cover,
    Entry,
    Line,
    Pair,
    Pairs,
    Paper,
    Section,
    Table,
    Text,
)

ITEM_RELATED = (
    *("decision", "proposal__section", "proposal__initiative", "activity__plan"),
    *("activity__owner_section", "activity__initiative__owner_section"),
)


def pack_paper(meeting: Meeting, *, as_of: date) -> Paper:
    """Everything the meeting looks at, on that day. The number of queries grows with plans, not with subjects."""
    items = items_of(meeting)
    current = Plan.objects.current(today=as_of)
    summaries = _summaries(items, current, meeting, as_of=as_of)
    rows = {row.pk: row for summary in summaries.values() for row in summary.all_rows}
    return Paper(
        title=f"{meeting} 会議資料",
        running=f"{meeting} 会議資料",
        as_of=as_of,
        note=demo_note(),
        cover=Cover((COMMITTEE, f"{meeting.short_name} 会議資料"), when_and_where(meeting), SENDER),
        sections=(
            agenda_section(meeting, items, lists_papers=True),
            *situation_sections(summaries.get(current.pk) if current else None),
            *(_item_section(item, number, rows) for number, item in enumerate(items, start=1)),
            *_numbered(_decisions(items), budget_section(as_of=as_of), effect_section(as_of=as_of)),
        ),
    )


def _numbered(*sections: Section) -> Iterable[Section]:
    return (replace(section, number=f"参考{number}") for number, section in enumerate(sections, start=1))


def agenda_paper(meeting: Meeting, *, as_of: date) -> Paper:
    """次第, on one sheet."""
    section = agenda_section(meeting, items_of(meeting))
    when = Pairs("when", when_and_where(meeting))
    blocks = (when, *section.blocks)
    sections = (Section("agenda", f"{meeting} 次第", blocks),)
    return Paper(f"{meeting} 次第", COMMITTEE, as_of, sections, note=demo_note())


def items_of(meeting: Meeting) -> list[AgendaItem]:
    """Four queries: the subjects; events, funding and its sources of the proposals among them."""
    items = meeting.items.select_related(*ITEM_RELATED).prefetch_related(
        "proposal__events", "proposal__funding__source"
    )
    return list(items.order_by("order", "pk"))


def _summaries(
    items: Iterable[AgendaItem], current: Plan | None, meeting: Meeting, *, as_of: date
) -> dict[int, PlanSummary]:
    """By plan: of the one in force, and of those whose rows are on the agenda."""
    before = Meeting.objects.past(today=as_of).exclude(pk=meeting.pk).values_list("held_on", flat=True).first()
    plans = {plan.pk: plan for plan in (current, *(item.activity.plan for item in items if item.activity)) if plan}
    return {pk: plan_summary(plan, as_of=as_of, base=before) for pk, plan in plans.items()}


# --- cover and 次第


def when_and_where(meeting: Meeting) -> tuple[Pair, ...]:
    time = f"　{meeting.starts_at:%H時%M分}から" if meeting.starts_at else ""
    return pairs_of(("day", "日時", f"{long_day(meeting.held_on)}{time}"), ("place", "場所", meeting.place))


def agenda_section(meeting: Meeting, items: list[AgendaItem], *, lists_papers: bool = False) -> Section:
    entries = tuple(
        Entry(
            key=f"item-{item.pk}",
            number=str(number),
            text=f"{item.title}（{ItemKind(item.kind).label}）",
            note=f"説明　{owner_of(item)}" if owner_of(item) else "",
            aside=number_of(item, number),
        )
        for number, item in enumerate(items, start=1)
    )
    empty = (Text("empty", "議題はまだありません。"),) if not items else ()
    agenda = Agenda("agenda", entries, label="議題") if items else None
    blocks: tuple[Block, ...] = (*((agenda,) if agenda else ()), *empty)
    return Section("agenda", "次第", blocks, over=str(meeting), is_listed=False, lists_papers=lists_papers)


def number_of(item: AgendaItem, position: int) -> str:
    """資料番号."""
    return f"資料{position}"


def owner_of(item: AgendaItem) -> str:
    section = item.proposal.section if item.proposal else item.activity.section if item.activity else None
    return section.name if section else ""


# --- one subject


def _item_section(item: AgendaItem, position: int, rows: Mapping[int, RowLine]) -> Section:
    blocks: list[Block] = [Text("note", item.note, label="説明")] if item.note else []
    if item.proposal is not None:
        blocks += proposal_blocks(item.proposal)
    elif item.activity_id is not None and item.activity_id in rows:
        blocks += row_blocks(rows[item.activity_id])
    return Section(
        key=f"item-{item.pk}",
        heading=item.title,
        blocks=(*blocks, *_decided(item)),
        number=number_of(item, position),
        over="　".join(filter(None, (f"議題{position}（{ItemKind(item.kind).label}）", owner_of(item)))),
    )


def _decided(item: AgendaItem) -> tuple[Block, ...]:
    decision = item.decision_or_none
    if decision is None:
        return (Blank("memo", "委員会での意見・決定（記入欄）", 3),)
    said = pairs_of(
        ("outcome", "決定", Outcome(decision.outcome).label),
        ("reason", "理由", decision.reason),
        ("conditions", "条件", decision.conditions),
        ("document", "決裁・文書番号", decision.document_number),
    )
    return (Pairs("decision", said, label="委員会の決定"),)


# --- what is to be decided


def _decisions(items: list[AgendaItem]) -> Section:
    columns = (Column("資料", 3), Column("議題", 9), Column("決定（案）", 7), Column("条件・担当・期限", 7))
    lines = tuple(
        Line(f"item-{item.pk}", (number_of(item, number), item.title, _to_choose(item), _conditions(item)))
        for number, item in enumerate(items, start=1)
    )
    note = "□に印を付けて使います。決定には理由を記録します。"
    table = Table("decisions", columns, lines, empty="決める議題はありません。")
    return Section("decisions", "決定事項（案）", (table, Text("note", note, is_small=True)))


def _to_choose(item: AgendaItem) -> str:
    if item.decision_or_none is not None:
        return Outcome(item.decision_or_none.outcome).label
    if item.proposal is not None and item.proposal.state == ProposalState.WITHDRAWN:
        return "取下げ"
    outcomes = [each for each in Outcome if item.proposal is None or each in Outcome.FOR_PROPOSALS]
    return "\n".join(f"□ {each.label}" for each in outcomes)


def _conditions(item: AgendaItem) -> str:
    decision = item.decision_or_none
    return (decision.conditions or NOTHING) if decision else ""
