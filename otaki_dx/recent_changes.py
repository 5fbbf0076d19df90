"""変更履歴 over several models, newest first: what one person may see, 50 a page, in a fixed number of queries."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from otaki_dx.history_source import Source
from otaki_dx.history_sources import sources_for
from schedule.models import ReportingRound
from townhall.history import Change, describe
from townhall.models import User
from townhall.permissions import Permission, sections_open_to

PER_PAGE = 50
HEADLINES = ("状況", "段階")
GONE = "（いまはない行）"
SAID_BY_THE_TITLE = {"計画", "行", "期", "会議", "予算の事業", "指標", "文書"}
# So short a value is shown whole, old → new; of longer ones the difference.
LONGEST_VALUE = 20
_CURSOR = re.compile(r"([0-9]{1,17})-([0-9]{1,18})-([0-9]{1,2})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
class Cursor:
    """The place of one change in the order of all: pages continue from it, however much is added meanwhile."""

    at: datetime
    history_id: int
    source: int

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}-{self.history_id}-{self.source}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """None for what no page has written."""
        parts = _CURSOR.fullmatch(text)
        if parts is None:
            return None
        try:
            at = _EPOCH + timedelta(microseconds=int(parts[1]))
        except OverflowError:
            return None
        return cls(at, int(parts[2]), int(parts[3]))


@dataclass(frozen=True)
class Wanted:
    """Which changes: every condition that is set must hold. `before` is the first moment that is too late."""

    kind: str = ""  # the slug of a Source
    round: ReportingRound | None = None
    section: int | None = None
    field: str = ""  # 「report.standing」, of `field_choices`
    person: str = ""  # a part of the actor's text
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True)
class ChangePage:
    changes: tuple[RecentChange, ...]
    newer: str  # the cursor of the page of newer changes, or ""
    older: str
    is_first: bool  # no page was asked for


def recent_changes(
    user: User, *, today: date, wanted: Wanted | None = None, older_than: str = "", newer_than: str = ""
) -> ChangePage:
    """One query for the order of all, and two for each kind that stands on the page. A cursor that is none gives the newest page."""
    wanted = wanted or Wanted()
    below, above = Cursor.read(older_than), Cursor.read(newer_than)
    changes = _changes(user, today=today, wanted=wanted, below=below, above=above, count=PER_PAGE + 1)
    has_more, page = len(changes) > PER_PAGE, changes[:PER_PAGE]
    page = page[::-1] if above and not below else page
    is_upward = above is not None and below is None
    return ChangePage(
        tuple(change for _, change in page),
        newer=str(page[0][0]) if page and (has_more if is_upward else below) else "",
        older=str(page[-1][0]) if page and (is_upward or has_more) else "",
        is_first=below is None and above is None,
    )


def newest_changes(user: User, *, today: date, count: int) -> tuple[RecentChange, ...]:
    """Nothing for those who may not read the history."""
    if sections_open_to(user, Permission.VIEW_HISTORY, today=today) == []:
        return ()
    return tuple(change for _, change in _changes(user, today=today, wanted=Wanted(), count=count))


def _changes(
    user: User,
    *,
    today: date,
    wanted: Wanted,
    count: int,
    below: Cursor | None = None,
    above: Cursor | None = None,
) -> list[tuple[Cursor, RecentChange]]:
    """Newest first; with `above` alone the nearest first, upwards."""
    sources = sources_for(user, today=today)
    is_upward = above is not None and below is None
    order = ("history_date", "history_id", "-of_source") if is_upward else ("-history_date", "-history_id", "of_source")
    keys = [
        _beside(_narrowed(source, wanted), at, below=below, above=above)
        .order_by()
        .annotate(of_source=Value(at))
        .values_list("history_date", "history_id", "of_source")
        for at, source in enumerate(sources)
    ]
    first, *rest = keys
    found = [Cursor(*key) for key in first.union(*rest, all=True).order_by(*order)[:count]]
    described = {
        (at, history_id): change
        for at, source in enumerate(sources)
        for history_id, change in _described(source, [key.history_id for key in found if key.source == at]).items()
    }
    return [(key, described[key.source, key.history_id]) for key in found]


def _beside(rows: QuerySet[Any], at: int, *, below: Cursor | None, above: Cursor | None) -> QuerySet[Any]:
    """Only what stands after `below`, else before `above`, in the order of all sources."""
    if below is not None:
        same = Q(history_id__lt=below.history_id) | (
            Q(history_id=below.history_id) if at > below.source else Q(pk=None)
        )
        return rows.filter(Q(history_date__lt=below.at) | (Q(history_date=below.at) & same))
    if above is not None:
        same = Q(history_id__gt=above.history_id) | (
            Q(history_id=above.history_id) if at < above.source else Q(pk=None)
        )
        return rows.filter(Q(history_date__gt=above.at) | (Q(history_date=above.at) & same))
    return rows


def _narrowed(source: Source, wanted: Wanted) -> QuerySet[Any]:
    slug, _, field = wanted.field.partition(".")
    is_other = (wanted.kind and wanted.kind != source.slug) or (field and slug != source.slug)
    cannot = (wanted.round and source.of_round is None) or (wanted.section and source.of_section is None)
    if is_other or cannot:
        return source.rows.none()
    rows = source.rows
    if wanted.round and source.of_round:
        rows = rows.filter(source.of_round(wanted.round))
    if wanted.section and source.of_section:
        rows = rows.filter(source.of_section(wanted.section))
    if wanted.person:
        rows = rows.filter(history_actor__icontains=wanted.person)
    if wanted.since:
        rows = rows.filter(history_date__gte=wanted.since)
    if wanted.before:
        rows = rows.filter(history_date__lt=wanted.before)
    return rows.filter(history_id__in=_that_changed(source, field)) if field else rows


def _that_changed(source: Source, field: str) -> QuerySet[Any]:
    """The versions in which this field is another than in the one before that the person may see."""
    column = next(each.attname for each in source.rows.model.tracked_fields if each.name == field)
    older = source.rows.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id")).order_by("-history_id")
    versions = source.rows.order_by().annotate(
        older_id=Subquery(older.values("history_id")[:1]), older_value=Subquery(older.values(column)[:1])
    )
    is_blank = Q(**{f"{column}__isnull": True})
    if source.rows.model._meta.get_field(field).empty_strings_allowed:
        is_blank |= Q(**{column: ""})
    is_same = Case(
        When(Q(older_id__isnull=True) & is_blank, then=Value(True)),
        When(Q(older_id__isnull=True), then=Value(False)),
        When(Q(**{column: F("older_value")}), then=Value(True)),
        When(Q(older_value__isnull=True, **{f"{column}__isnull": True}), then=Value(True)),
        default=Value(False),
    )
    return versions.annotate(is_same=is_same).filter(is_same=False).values("history_id")


def _described(source: Source, history_ids: list[int]) -> dict[int, RecentChange]:
    """Each history row against the one before it that this person may see as well."""
    if not history_ids:
        return {}
    before = source.rows.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id")).order_by("-history_id")
    rows = source.rows.select_related(*source.related)
    is_there = Exists(source.model._default_manager.filter(pk=OuterRef("id")))
    asked = rows.filter(history_id__in=history_ids)
    records = list(asked.annotate(older_id=Subquery(before.values("history_id")[:1]), is_there=is_there))
    olders = {row.history_id: row for row in rows.filter(history_id__in={record.older_id for record in records})}
    return {
        record.history_id: RecentChange(
            source.kind, *_named(source, record), shown(record, olders.get(record.older_id))
        )
        for record in records
    }


def _named(source: Source, record: Any) -> tuple[str, str]:
    """Title and address. The history outlives its rows, and what they belonged to: then nothing is left to name or link."""
    try:
        return source.title(record), source.url(record)
    except (ObjectDoesNotExist, AttributeError):  # read together with its row, what is gone is None
        if record.is_there:
            raise
        return GONE, ""


def shown(record: Any, older: Any | None) -> ShownChange:
    """Without the fields that the title of the entry says already."""
    change = describe(record, older)
    fields = tuple(field for field in change.fields if field.label not in SAID_BY_THE_TITLE)
    return ShownChange(change.at, change.actor, change.kind, change.source, change.reason, fields, older is None)
