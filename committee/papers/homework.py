"""宿題: what earlier meetings and this one gave to whom until when."""

from collections.abc import Sequence
from datetime import date

from committee.models import ActionItem, Meeting
from committee.papers.words import NOTHING, marked
from townhall import fiscal
from townhall.paper.content import Column, Line, Section, Table

RELATED = ("meeting", "section", "item")


def carried_to(meeting: Meeting) -> list[ActionItem]:
    """Of earlier meetings, open or ended since the last one; two queries."""
    return list(ActionItem.objects.before(meeting).select_related(*RELATED).by_day())


def given_by(meeting: Meeting) -> list[ActionItem]:
    """One query."""
    return list(meeting.action_items.select_related(*RELATED).by_day())


def homework_section(carried: Sequence[ActionItem], given: Sequence[ActionItem]) -> Section:
    blocks = (
        homework_table("carried", carried, label="前回までの宿題"),
        homework_table("given", given, label="この会議の宿題"),
    )
    return Section("homework", "宿題", blocks)


def homework_table(key: str, items: Sequence[ActionItem], *, label: str) -> Table:
    columns = (
        *(Column("会議", 3), Column("すること", 10), Column("担当", 4), Column("期限", 5), Column("状態", 3)),
        Column("結果・理由", 7),
    )
    lines = tuple(_line(item) for item in items)
    return Table(key, columns, lines, label=label, empty="宿題はありません。")


def _line(item: ActionItem) -> Line:
    due = fiscal.format_date(item.due_on) if item.due_on else "次の会議まで"
    return Line(
        f"task-{item.pk}",
        (
            item.meeting.short_name,
            f"{item.text}（決定の条件）" if item.is_condition else item.text,
            " ".join(filter(None, (item.owner, item.person))),
            due,
            marked(item.state_choice),
            _ended(item.ended_on, item.outcome_note),
        ),
    )


def _ended(day: date | None, note: str) -> str:
    return f"{fiscal.format_date(day)}　{note}" if day else NOTHING
