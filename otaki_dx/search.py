"""さがす: words in the plan, its rows, reports, proposals, decisions and terms. Everything a person may see, nothing else.

Texts are folded and compared in Python: no two databases agree on 全角 and 半角, and the town's texts are few. What is
the same for everybody is folded once after each change (freshness.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.urls import reverse

from committee.models import AgendaItem, Proposal
from initiatives.models import Plan
from schedule.models import Activity
from schedule.summaries.known import known_reports
from townhall.models import User
from townhall.searchable import Searchable, merged, query_words, searchable

SHOWN = 8  # of each kind, until somebody asks for that kind alone
SHOWN_OF_ONE = 100
LONGEST = 100  # characters of a query
BEFORE, AFTER = 24, 64  # characters of a snippet around the first word found


class Kind(Enum):
    INITIATIVE = ("initiative", "取組")
    ROW = ("row", "全体スケジュールの行")
    REPORT = ("report", "進捗報告")
    PROPOSAL = ("proposal", "提案")
    ITEM = ("item", "委員会の議題と決定")
    TASK = ("task", "宿題")
    BUDGET = ("budget", "予算の事業")
    INDICATOR = ("indicator", "指標")
    SYSTEM = ("system", "標準化20業務")
    PROCESS = ("process", "業務の棚卸し")
    POLICY = ("policy", "ポリシーと指摘")
    TERM = ("term", "用語")
    CHAPTER = ("chapter", "計画本文")

    @property
    def slug(self) -> str:
        return self.value[0]

    @property
    def label(self) -> str:
        return self.value[1]


@dataclass(frozen=True)
class Entry:
    kind: Kind
    title: str
    url: str
    note: str  # of what, from when
    folded: Searchable  # title and text, on one line


@dataclass(frozen=True)
class Part:
    text: str
    is_hit: bool


@dataclass(frozen=True)
class Hit:
    title: str
    url: str
    note: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Group:
    kind: Kind
    hits: tuple[Hit, ...]
    total: int

    @property
    def left_out(self) -> int:
        return self.total - len(self.hits)


@dataclass(frozen=True)
class Results:
    query: str
    sentence: str  # what is wrong with the query; then there are no groups
    groups: tuple[Group, ...] = ()

    @property
    def total(self) -> int:
        return sum(group.total for group in self.groups)


def search(query: str, entries: Iterable[Entry], *, kind: str = "") -> Results:
    """All words must stand in an entry, in any order. `kind`: only that kind, and more of it."""
    query = query.strip()
    if len(query) > LONGEST:
        return Results(query[:LONGEST], f"さがすことばは{LONGEST}文字までで入力してください。")
    words = [word for word in query_words(query) if any(character.isalnum() for character in word)]
    if not words:
        return Results(query, "さがすことばを入力してください。記号だけではさがせません。" if query else "")
    chosen = [each for each in Kind if kind in ("", each.slug)]
    found: dict[Kind, list[Entry]] = {each: [] for each in chosen}
    for entry in entries:
        if entry.kind in found and all(word in entry.folded.text for word in words):
            found[entry.kind].append(entry)
    most = SHOWN_OF_ONE if kind else SHOWN
    groups = (
        Group(each, tuple(_hit(entry, words) for entry in hits[:most]), len(hits))
        for each, hits in found.items()
        if hits
    )
    return Results(query, "", tuple(groups))


def _hit(entry: Entry, words: list[str]) -> Hit:
    """A piece of the text around the first word found, every word in it marked."""
    text = entry.folded.original
    places = merged(place for word in words for place in entry.folded.places(word))
    first = places[0][0] if places else 0
    start = max(0, first - BEFORE)
    end = min(len(text), first + AFTER)
    parts, at = [Part("…", is_hit=False)] if start else [], start
    for begins, ends in places:
        if begins >= end:
            break
        parts += [Part(text[at:begins], is_hit=False), Part(text[begins : min(ends, end)], is_hit=True)]
        at = min(ends, end)
    parts.append(Part(text[at:end], is_hit=False))
    if end < len(text):
        parts.append(Part("…", is_hit=False))
    return Hit(entry.title, entry.url, entry.note, tuple(part for part in parts if part.text))


# --- what can be found


def plan_entries(plan: Plan, *, today: date) -> tuple[Entry, ...]:
    """What everybody who reads the plan may find; five queries."""
    return (*_initiatives(plan), *_rows(plan), *_reports(plan, today=today), *_terms(plan), *_chapters(plan))


def entry(kind: Kind, title: str, url: str, note: str, *texts: str) -> Entry:
    return Entry(kind, title, url, note, searchable(_on_one_line("　".join(text for text in (title, *texts) if text))))


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _initiatives(plan: Plan) -> Iterator[Entry]:
    for each in plan.initiatives.in_plan_order().select_related("owner_section"):
        section = each.owner_section.name if each.owner_section else ""
        yield entry(Kind.INITIATIVE, f"{each.label} {each.name}", each.get_absolute_url(), section, each.text)


def _rows(plan: Plan) -> Iterator[Entry]:
    rows = (
        Activity.objects.filter(plan=plan).in_plan_order().select_related("initiative__owner_section", "owner_section")
    )
    for row in rows:
        yield entry(
            Kind.ROW, f"{row.label} {row.title}", row.get_absolute_url(), row.group_name, row.content, row.timing_text
        )


def _reports(plan: Plan, *, today: date) -> Iterator[Entry]:
    reports = known_reports(plan, as_of=today).select_related("activity", "round")
    for report in reports.order_by("-round__fiscal_year", "-round__quarter", "activity__order"):
        row = report.activity
        texts = (report.text, report.reason, report.next_step)
        yield entry(Kind.REPORT, f"{row.label} {row.title}", row.get_absolute_url(), report.round.label, *texts)


def _terms(plan: Plan) -> Iterator[Entry]:
    for term in plan.terms.order_by("number"):
        url = f"{reverse('plan_terms')}#term-{term.number}"
        yield entry(Kind.TERM, term.term, url, f"※{term.number}", term.aliases, term.definition)


def _chapters(plan: Plan) -> Iterator[Entry]:
    for chapter in plan.chapters.order_by("number"):
        url = reverse("plan_chapter", args=[chapter.number])
        yield entry(Kind.CHAPTER, str(chapter), url, plan.name, chapter.text)


def item_entries() -> tuple[Entry, ...]:
    """Agenda items and what was decided on them, for those who see the committee's meetings; one query."""
    items = AgendaItem.objects.select_related("meeting", "decision").order_by("-meeting__held_on", "order", "pk")
    return tuple(_item(item) for item in items)


def _item(item: AgendaItem) -> Entry:
    decision = item.decision_or_none
    said = (decision.get_outcome_display(), decision.reason, decision.conditions) if decision else ()
    return entry(Kind.ITEM, item.title, item.meeting.get_absolute_url(), str(item.meeting), item.note, *said)


def proposal_entries(user: User, *, today: date) -> tuple[Entry, ...]:
    """Only those this person may open; one query."""
    visible = Proposal.objects.visible_to(user, today=today).select_related("section").order_by("-created_at", "-pk")
    return tuple(
        entry(
            Kind.PROPOSAL,
            f"{each.number_label} {each.shown_title}".strip(),
            each.get_absolute_url(),
            each.section.name,
            *(each.problem, each.solution, each.procedures),
        )
        for each in visible
    )
