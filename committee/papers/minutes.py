"""会議録: what is recorded of a meeting, in the order in which minutes tell it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from committee.choices import ItemKind
from committee.models import AgendaItem, CommitteeRules, Meeting
from committee.papers.agenda import items_of, number_of, owner_of, when_and_where
from committee.papers.homework import given_by, homework_table
from committee.papers.item import decision_pairs
from committee.papers.people import quorum_sentence, roll_table
from committee.papers.words import COMMITTEE, demo_note, pairs_of
from committee.summaries.attendance import roll_of
from townhall.paper.content import Block, Pairs, Paper, Section, Text


def minutes_paper(meeting: Meeting, *, as_of: date) -> Paper:
    roll = roll_of(meeting, CommitteeRules.now())
    blocks: tuple[Block, ...] = (
        Pairs("when", when_and_where(meeting), label="日時と場所"),
        replace(roll_table(roll), label="出席者"),
        *([Text("quorum", quorum_sentence(roll), is_small=True)] if roll.members else []),
        *_subjects(items_of(meeting)),
        homework_table("given", given_by(meeting), label="宿題"),
    )
    state = "確定前の案" if not meeting.is_closed else ""
    section = Section("minutes", f"{meeting} 会議録", blocks)
    return Paper(f"{meeting} 会議録", COMMITTEE, as_of, (section,), edition=state, note=demo_note())


def _subjects(items: Sequence[AgendaItem]) -> Iterable[Block]:
    if not items:
        yield Text("no_subjects", "議題はありませんでした。", label="議題と決定")
    for position, item in enumerate(items, start=1):
        decision = item.decision_or_none
        label = f"議題{position}（{ItemKind(item.kind).label}）　{item.title}"
        about = pairs_of(
            ("paper", "資料", number_of(item, position)), ("by", "説明", owner_of(item)), ("note", "内容", item.note)
        )
        waiting = pairs_of(("outcome", "決定", "確認のみ" if item.follows_up else "記録なし"))
        yield Pairs(f"item-{item.pk}", (*about, *(decision_pairs(decision) if decision else waiting)), label=label)
