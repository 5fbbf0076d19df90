"""The reports that were known on a day, also when they have been corrected or returned since."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from initiatives.models import Plan
from schedule.choices import ReportState, Standing
from schedule.models import ProgressReport
from schedule.standing import ReportFacts
from townhall import fiscal

RoundKey = tuple[int, int]

# Standing("late") costs as much as reading the row it came with.
_STANDINGS = {each.value: each for each in Standing}
_FACTS = (
    *("pk", "activity_id", "round__fiscal_year", "round__quarter", "standing", "reported_at", "percent"),
    *("round__months", "round__is_final", "completes_on"),
)
_REPORTED_AT = 3  # after the report's and the row's key
_WORDS = (
    *("text", "reason", "next_step", "to_committee", "reported_by"),
    *("completes_on", "moved_from", "corrected_at", "correction_reason"),
)


@dataclass(frozen=True)
class Words:
    """What the section wrote in the report that counts."""

    text: str
    reason: str
    next_step: str
    to_committee: bool
    reported_by: str
    reported_on: date
    completes_on: date | None = None
    moved_from: date | None = None
    corrected_at: datetime | None = None
    correction_reason: str = ""

    @property
    def first_line(self) -> str:
        return one_line(self.text)

    @property
    def correction(self) -> str:
        """「11/25訂正」, or "": beside every shortened text; the reason stands where the whole text does."""
        at = timezone.localtime(self.corrected_at) if self.corrected_at else None
        return f"{at.month}/{at.day}訂正" if at else ""


@dataclass(frozen=True)
class KnownReports:
    facts: dict[int, list[ReportFacts]]  # by row, oldest round first
    words: dict[tuple[int, RoundKey], Words]  # of the rounds asked for


def known_on(
    plan: Plan, *, as_of: date, only: Sequence[int] | None = None, words_of: Iterable[RoundKey] = ()
) -> KnownReports:
    """Three queries. `only` narrows the rows; texts are long, so only those of the rounds in `words_of` are read."""
    return known_on_days(plan, {as_of: words_of}, only=only)[as_of]


def known_on_days(
    plan: Plan, days: Mapping[date, Iterable[RoundKey]], *, only: Sequence[int] | None = None
) -> dict[date, KnownReports]:
    """As `known_on`, for each day with the rounds whose texts are wanted; three queries however many days."""
    wanted = {day: frozenset(keys) for day, keys in days.items()}
    mine = ProgressReport.objects.filter(round__plan=plan)
    known = known_reports(plan, as_of=max(days))
    if only is not None:
        mine, known = mine.filter(activity__in=only), known.filter(activity__in=only)
    counting = [(pk, activity, row[_REPORTED_AT], _facts(row)) for pk, activity, *row in known.values_list(*_FACTS)]
    texts = {said[0]: said[1:] for said in _texts(known, frozenset().union(*wanted.values()))}
    versions = _versions(mine, since=min(days), until=max(days))
    return {day: _on_day(day, counting, texts, versions, keys) for day, keys in wanted.items()}


def _on_day(
    day: date,
    counting: Iterable[tuple[int, int, datetime, ReportFacts]],
    texts: Mapping[int, tuple[Any, ...]],
    versions: Iterable[tuple[Any, ...]],
    wanted: frozenset[RoundKey],
) -> KnownReports:
    facts: dict[int, list[ReportFacts]] = defaultdict(list)
    words: dict[tuple[int, RoundKey], Words] = {}
    midnight = midnight_after(day)
    unchanged = set()
    for pk, activity, reported_at, report in counting:
        if reported_at < midnight:
            unchanged.add(pk)
            facts[activity].append(report)
            if report.key in wanted:
                words[activity, report.key] = _said(texts[pk], report.reported_on)
    for activity, row, said in _as_they_were(versions, unchanged, midnight):
        report = _facts(row)
        facts[activity].append(report)
        if report.key in wanted:
            words[activity, report.key] = _said(said, report.reported_on)
    for reports in facts.values():
        reports.sort(key=attrgetter("key"))
    return KnownReports(dict(facts), words)


def known_reports(plan: Plan, *, as_of: date) -> QuerySet[ProgressReport]:
    """Submitted and accepted reports of the plan as they are now, written by the end of that day."""
    mine = ProgressReport.objects.filter(round__plan=plan)
    return mine.reported().filter(reported_at__lt=midnight_after(as_of))


def one_line(text: str, length: int = 60) -> str:
    """The first line, cut at a sentence when that is near enough, else with 「…」."""
    first = text.strip().split("\n", 1)[0].strip()
    if len(first) <= length:
        return first
    end = first.rfind("。", 0, length)
    return first[: end + 1] if end >= length // 3 else f"{first[: length - 1]}…"


def midnight_after(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _facts(row: Sequence[Any]) -> ReportFacts:
    year, quarter, standing, at, *rest = row
    return ReportFacts((year, quarter), _STANDINGS[standing], fiscal.japan_date(at), *rest)


def _said(values: Sequence[Any], reported_on: date) -> Words:
    text, reason, next_step, to_committee, reported_by, *later = values
    return Words(text, reason, next_step, to_committee, reported_by, reported_on, *later)


def _texts(known: QuerySet[ProgressReport], wanted: frozenset[RoundKey]) -> Iterator[tuple[Any, ...]]:
    years, quarters = {year for year, _ in wanted}, {quarter for _, quarter in wanted}
    reports = known.filter(round__fiscal_year__in=years, round__quarter__in=quarters)
    return reports.values_list("pk", *_WORDS).iterator()


def _versions(mine: QuerySet[ProgressReport], *, since: date, until: date) -> list[tuple[Any, ...]]:
    """Every version, oldest first, of the reports that have changed since the end of the earlier day."""
    changed = mine.exclude(state__in=ReportState.REPORTED, reported_at__lt=midnight_after(since))
    history = ProgressReport.history.filter(id__in=changed.values("pk"), history_date__lt=midnight_after(until))
    return list(history.order_by("history_id").values_list("id", "history_date", "state", *_FACTS[1:], *_WORDS))


def _as_they_were(
    versions: Iterable[tuple[Any, ...]], unchanged: set[int], midnight: datetime
) -> Iterator[tuple[int, Sequence[Any], Sequence[Any]]]:
    """Row, facts and texts of reports changed after that day, in their newest version of that day, if it was a report."""
    newest = {row[0]: row for row in versions if row[1] < midnight and row[0] not in unchanged}
    for _, _, state, activity, *row in newest.values():
        if state in ReportState.REPORTED:
            yield activity, row[: len(_FACTS) - 2], row[len(_FACTS) - 2 :]
