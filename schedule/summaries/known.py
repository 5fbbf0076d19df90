"""The reports that were known on a day, also when they have been corrected or returned since."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
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
    *("activity_id", "round__fiscal_year", "round__quarter", "standing", "reported_at", "percent"),
    *("round__months", "round__is_final", "completes_on"),
)
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
    facts: dict[int, list[ReportFacts]] = defaultdict(list)
    words: dict[tuple[int, RoundKey], Words] = {}
    wanted = set(words_of)
    mine = ProgressReport.objects.filter(round__plan=plan)
    known = known_reports(plan, as_of=as_of)
    if only is not None:
        mine, known = mine.filter(activity__in=only), known.filter(activity__in=only)
    for row in known.values_list(*_FACTS):
        facts[row[0]].append(_facts(row))
    for activity, key, said in _words(known, wanted):
        words[activity, key] = said
    for report in _as_they_were(mine, as_of=as_of):
        key = (report.round.fiscal_year, report.round.quarter)
        on = fiscal.japan_date(report.reported_at)
        more = (report.percent, report.round.months, report.round.is_final, report.completes_on)
        facts[report.activity_id].append(ReportFacts(key, Standing(report.standing), on, *more))
        if key in wanted:
            words[report.activity_id, key] = _said([getattr(report, name) for name in _WORDS], on)
    for reports in facts.values():
        reports.sort(key=lambda report: report.key)
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


def _facts(row: tuple[Any, ...]) -> ReportFacts:
    _, year, quarter, standing, at, *rest = row
    return ReportFacts((year, quarter), _STANDINGS[standing], fiscal.japan_date(at), *rest)


def _said(values: Sequence[Any], reported_on: date) -> Words:
    text, reason, next_step, to_committee, reported_by, *later = values
    return Words(text, reason, next_step, to_committee, reported_by, reported_on, *later)


def _words(known: QuerySet[ProgressReport], wanted: set[RoundKey]) -> Iterator[tuple[int, RoundKey, Words]]:
    years, quarters = {year for year, _ in wanted}, {quarter for _, quarter in wanted}
    reports = known.filter(round__fiscal_year__in=years, round__quarter__in=quarters)
    for activity, year, quarter, at, *said in reports.values_list(*_FACTS[:3], "reported_at", *_WORDS):
        if (year, quarter) in wanted:
            yield activity, (year, quarter), _said(said, fiscal.japan_date(at))


def _as_they_were(mine: QuerySet[ProgressReport], *, as_of: date) -> Iterator[Any]:
    """Reports changed after that day, in their newest version of that day, if it was a report then."""
    midnight = midnight_after(as_of)
    changed = mine.exclude(state__in=ReportState.REPORTED, reported_at__lt=midnight)
    history = ProgressReport.history.filter(id__in=changed.values("pk"), history_date__lt=midnight)
    newest = {version.id: version for version in history.select_related("round").order_by("history_id")}
    return (version for version in newest.values() if version.state in ReportState.REPORTED)
