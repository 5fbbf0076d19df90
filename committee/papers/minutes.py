"""会議録: the text that was written, with its state and its corrections; before that, what is recorded of the meeting."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from difflib import SequenceMatcher
from itertools import pairwise

from committee.choices import ItemKind, MinutesState
from committee.models import AgendaItem, CommitteeRules, Meeting, Minutes
from committee.papers.agenda import items_of, number_of, owner_of, when_and_where
from committee.papers.homework import given_by, homework_table
from committee.papers.item import decision_pairs
from committee.papers.people import quorum_sentence, roll_table
from committee.papers.words import COMMITTEE, demo_note, pairs_of
from committee.summaries.attendance import roll_of
from townhall import fiscal
from townhall.paper.content import Block, Column, Line, Pairs, Paper, Section, Table, Text

CORRECTED = "［訂正］"
NOT_WRITTEN = "会議録の文はまだありません。記録されたことから組み立てた案です。"


def minutes_paper(meeting: Meeting, minutes: Minutes | None, *, as_of: date) -> Paper:
    """`minutes`: None while there are none, or none for who asks."""
    blocks = _recorded(meeting) if minutes is None else _written(minutes)
    section = Section("minutes", f"{meeting} 会議録", tuple(blocks))
    state = "案" if minutes is None or not minutes.is_confirmed else "確定"
    return Paper(f"{meeting} 会議録", COMMITTEE, as_of, (section,), edition=state, note=demo_note())


# --- as written


def _written(minutes: Minutes) -> Iterator[Block]:
    texts = _texts_since_confirmed(minutes)
    yield Pairs("state", pairs_of(("state", "段階", _state_of(minutes))))
    text = _marked(texts[0][0], minutes.text) if len(texts) > 1 else minutes.text
    body = text.removeprefix(f"{minutes.meeting}　会議録").strip("\n")
    passages = [each for each in re.split(r"\n[ 　]*(?:\n[ 　]*)+", body) if each.strip()]
    for number, passage in enumerate(passages, start=1):
        yield Text(f"text-{number}", passage)
    if len(texts) > 1:
        yield Text("mark", f"{CORRECTED}は、確定のあとに直した行です。", is_small=True)
        yield _corrections(texts)


def _state_of(minutes: Minutes) -> str:
    if minutes.confirmed_on is not None:
        return f"確定（{fiscal.format_date(minutes.confirmed_on)}　{minutes.confirmed_by}）"
    if minutes.state == MinutesState.SENT and minutes.reply_by is not None:
        return f"案（{MinutesState.SENT.label}、確認の期限 {fiscal.format_date(minutes.reply_by)}）"
    return f"案（{minutes.state_choice.label}）"


def _texts_since_confirmed(minutes: Minutes) -> list[tuple[str, str, str, str]]:
    """The confirmed text, then each corrected one: text, day, who, why. One query; none before it is confirmed."""
    if not minutes.is_confirmed:
        return []
    found: list[tuple[str, str, str, str]] = []
    history = minutes.history.filter(state=MinutesState.CONFIRMED).order_by("history_id")
    for record in history:
        if not found or record.text != found[-1][0]:
            day = fiscal.format_date(fiscal.japan_date(record.history_date))
            found.append((record.text, day, record.history_actor, record.history_change_reason or ""))
    return found


def _marked(confirmed: str, now: str) -> str:
    """The lines that are not as they were confirmed say so."""
    lines = now.split("\n")
    for _, _, start, end in _changed(confirmed, now):
        lines[start:end] = [f"{CORRECTED}{line}" if line.strip() else line for line in lines[start:end]]
    return "\n".join(lines)


def _changed(old: str, new: str) -> list[tuple[int, int, int, int]]:
    codes = SequenceMatcher(None, old.split("\n"), new.split("\n"), autojunk=False).get_opcodes()
    return [(a, b, c, d) for kind, a, b, c, d in codes if kind != "equal"]


def _corrections(texts: Sequence[tuple[str, str, str, str]]) -> Table:
    columns = (Column("訂正した日と人", 5), Column("理由", 5), Column("訂正前", 7), Column("訂正後", 7))
    lines = tuple(
        Line(str(number), (f"{day}\n{who}", why.removeprefix("訂正："), *_sides(before[0], text)))
        for number, (before, (text, day, who, why)) in enumerate(pairwise(texts), start=1)
    )
    return Table("corrections", columns, lines, label="確定のあとの訂正")


def _sides(old: str, new: str) -> tuple[str, str]:
    changed = _changed(old, new)
    before = "\n".join(line for one, other, _, _ in changed for line in old.split("\n")[one:other])
    after = "\n".join(line for _, _, one, other in changed for line in new.split("\n")[one:other])
    return before.strip() or "（なし）", after.strip() or "（削除）"


# --- put together from what is recorded


def _recorded(meeting: Meeting) -> Iterator[Block]:
    roll = roll_of(meeting, CommitteeRules.now())
    yield Text("state", NOT_WRITTEN)
    chair = pairs_of(("chair", "議長", meeting.chaired_by or "委員長"))
    yield Pairs("when", (*when_and_where(meeting), *chair), label="日時と場所")
    yield replace(roll_table(roll), label="出席者")
    if roll.members:
        yield Text("quorum", quorum_sentence(roll), is_small=True)
    yield from _subjects(items_of(meeting))
    yield homework_table("given", given_by(meeting), label="宿題")


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
