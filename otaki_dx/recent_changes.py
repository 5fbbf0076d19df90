"""変更履歴 over several models, newest first: what one person may see, 50 a page, in a fixed number of queries."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value

from committee.models import Proposal
from initiatives.models import Initiative
from schedule.choices import ReportState
from schedule.models import Activity, ProgressReport, ReportingRound
from townhall.history import Change, describe
from townhall.models import User
from townhall.permissions import Permission, sections_open_to

PER_PAGE = 50
HEADLINES = ("状況", "段階")
SAID_BY_THE_TITLE = {"計画", "行", "期"}


@dataclass(frozen=True)
class ShownChange(Change):
    is_first: bool  # the first version this person may see: its values, not a difference

    @property
    def headline(self) -> str:
        """Of a first version, the one value that says most: 「状況：順調」."""
        told = next((field for field in self.fields if field.label in HEADLINES), None)
        return f"{told.label}：{told.new}" if told else ""


@dataclass(frozen=True)
class RecentChange:
    kind: str  # 進捗報告, 取組内容 …
    title: str
    url: str
    change: ShownChange


@dataclass(frozen=True)
class ChangePage:
    changes: tuple[RecentChange, ...]
    number: int
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1


@dataclass(frozen=True)
class Source:
    """The history of one model, already narrowed to what this person may see."""

    kind: str
    rows: QuerySet[Any]
    related: tuple[str, ...]  # read with the row, so that naming it costs no query
    title: Callable[[Any], str]
    url: Callable[[Any], str]


def recent_changes(user: User, *, today: date, page: str = "1") -> ChangePage:
    """Eleven queries: one for the order, two per model. A page number that is none is the first."""
    number = int(page) if page.isascii() and page.isdigit() and 1 <= len(page) <= 4 else 1
    number = max(number, 1)
    changes = _changes(user, today=today, start=(number - 1) * PER_PAGE, count=PER_PAGE + 1)
    return ChangePage(changes[:PER_PAGE], number, has_next=len(changes) > PER_PAGE)


def newest_changes(user: User, *, today: date, count: int) -> tuple[RecentChange, ...]:
    """Nothing for those who may not read the history."""
    if sections_open_to(user, Permission.VIEW_HISTORY, today=today) == []:
        return ()
    return _changes(user, today=today, start=0, count=count)


def _changes(user: User, *, today: date, start: int, count: int) -> tuple[RecentChange, ...]:
    sources = _sources(user, today=today)
    keys = [
        source.rows.order_by().annotate(source=Value(at)).values_list("history_date", "history_id", "source")
        for at, source in enumerate(sources)
    ]
    first, *rest = keys
    newest = first.union(*rest, all=True).order_by("-history_date", "-history_id", "source")[start : start + count]
    wanted = [(at, history_id) for _, history_id, at in newest]
    described = {
        (at, history_id): change
        for at, source in enumerate(sources)
        for history_id, change in _described(source, [key for where, key in wanted if where == at]).items()
    }
    return tuple(described[key] for key in wanted)


def _described(source: Source, history_ids: list[int]) -> dict[int, RecentChange]:
    """Each history row against the one before it that this person may see as well."""
    if not history_ids:
        return {}
    before = source.rows.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id")).order_by("-history_id")
    rows = source.rows.select_related(*source.related)
    records = list(rows.filter(history_id__in=history_ids).annotate(older_id=Subquery(before.values("history_id")[:1])))
    olders = {row.history_id: row for row in rows.filter(history_id__in={record.older_id for record in records})}
    return {
        record.history_id: RecentChange(
            source.kind, source.title(record), source.url(record), shown(record, olders.get(record.older_id))
        )
        for record in records
    }


def shown(record: Any, older: Any | None) -> ShownChange:
    """Without the fields that the title of the entry says already."""
    change = describe(record, older)
    fields = tuple(field for field in change.fields if field.label not in SAID_BY_THE_TITLE)
    return ShownChange(change.at, change.actor, change.kind, change.source, change.reason, fields, older is None)


def _sources(user: User, *, today: date) -> tuple[Source, ...]:
    return (
        # A draft is not a report: only its section and the secretariat see it, in the entry grid.
        Source(
            "進捗報告",
            ProgressReport.history.exclude(state=ReportState.DRAFT),
            ("activity__initiative", "round"),
            lambda row: f"{row.activity.label} {row.activity.title}　{row.round.label}",
            lambda row: row.activity.get_absolute_url(),
        ),
        Source(
            "取組内容",
            Activity.history.all(),
            ("plan", "initiative", "owner_section"),
            lambda row: f"{row.instance.label} {row.instance.title}",
            lambda row: row.instance.get_absolute_url(),
        ),
        Source(
            "取組",
            Initiative.history.all(),
            ("plan", "owner_section"),
            lambda row: str(row.instance),
            lambda row: row.instance.get_absolute_url(),
        ),
        Source(
            "期",
            ReportingRound.history.all(),
            ("plan",),
            lambda row: row.instance.label,
            lambda row: "",
        ),
        Source(
            "提案",
            _visible_proposals(user, today=today),
            ("section", "initiative", "author"),
            lambda row: str(row.instance),
            lambda row: row.instance.get_absolute_url(),
        ),
    )


def _visible_proposals(user: User, *, today: date) -> QuerySet[Any]:
    """What is visible now, and of another section's proposal only what it said since it was first submitted."""
    visible = Proposal.objects.visible_to(user, today=today).values("pk")
    own = sections_open_to(user, Permission.WRITE_PROPOSAL, today=today) or []
    return Proposal.history.filter(Q(edition__gt=0) | Q(section__in=own), id__in=visible)
