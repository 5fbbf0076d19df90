"""The lines of a plan as they stand on a day: each row with its standing, its change and its latest words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache

from django.db.models import Exists, OuterRef

from initiatives.models import Initiative, Plan
from schedule.choices import ScheduleKind, Standing
from schedule.models import Activity, PolicyDocument, ReportingRound
from schedule.models.activity import ActivityQuerySet
from schedule.standing import (
    Direction,
    PlanPeriod,
    ReportFacts,
    RoundFacts,
    RoundsOnDay,
    RowFacts,
    RowStanding,
    direction,
    rounds_on,
    standing_on,
)
from schedule.summaries.known import KnownReports, RoundKey, Words, known_on_days
from schedule.summaries.revisions import Revisions, last_revision, revisions_of
from townhall import fiscal
from townhall.models import ClosingDay

# R10, for the reader of a row's page.
HOW_JUDGED = {
    ScheduleKind.DEADLINE: "期限までに終わるかをみます",
    ScheduleKind.FROM: "始まりの年度に始めたかをみます",
    ScheduleKind.YEARLY: "年度ごとに1回みます",
    ScheduleKind.ONGOING: "遅れとはせず、報告が続いているかをみます",
    ScheduleKind.STUDY: "工程の定めはありません",
}


@dataclass(frozen=True)
class RoundLine:
    facts: RoundFacts
    key: str  # in addresses: 「2025-3」
    label: str

    @property
    def short_label(self) -> str:
        return self.facts.short_label


@dataclass(frozen=True)
class Change:
    """前期比, or 前回比 (`since`). `direction` is None when the two cannot be compared (未報告, 見送り)."""

    before: Standing
    after: Standing
    direction: Direction | None


@dataclass(frozen=True)
class RowLine:
    pk: int
    code: str
    label: str
    title: str
    url: str
    initiative_id: int | None
    group: str
    group_url: str
    kind: str
    timing_text: str
    years_label: str
    section: str  # empty while nobody owns the row
    facts: RowFacts
    standing: RowStanding
    change: Change | None  # None while this round says nothing about the row
    words: Words | None
    reports: tuple[ReportFacts, ...]  # oldest first

    @property
    def is_study(self) -> bool:
        return self.kind == ScheduleKind.STUDY

    @property
    def kind_label(self) -> str:
        return ScheduleKind(self.kind).label

    @property
    def kind_in_words(self) -> str:
        return HOW_JUDGED[ScheduleKind(self.kind)]

    @property
    def updated_on(self) -> date | None:
        return max((report.reported_on for report in self.reports), default=None)

    def report_in(self, key: RoundKey) -> ReportFacts | None:
        return next((report for report in self.reports if report.key == key), None)


@dataclass(frozen=True)
class LinesOnDay:
    rounds: tuple[RoundLine, ...]  # every round of the plan, oldest first
    now: RoundsOnDay
    rows: tuple[RowLine, ...]
    suffix: str = ""  # as PlanFrame

    def round_line(self, facts: RoundFacts | None) -> RoundLine | None:
        return next((each for each in self.rounds if facts and each.facts.key == facts.key), None)


@dataclass(frozen=True)
class PlanFrame:
    """What a plan has on every day. Read once when it is looked at on several days."""

    plan: Plan
    activities: tuple[Activity, ...]
    rounds: tuple[RoundLine, ...]
    is_whole: bool  # every row of the plan, not those of one initiative
    suffix: str = ""  # of the rows' addresses: names the plan where it is not the one in force
    revisions: Revisions = field(default_factory=dict)  # of rows that speak of a review

    @cached_property
    def period(self) -> PlanPeriod:
        return PlanPeriod(self.plan.starts_on, self.plan.ends_on)


def plan_frame(plan: Plan, activities: ActivityQuerySet | None = None, *, suffix: str = "") -> PlanFrame:
    """Three queries, a fourth where a row speaks of a review. `activities` narrows the rows (one initiative, one row)."""
    chosen = Activity.objects.filter(plan=plan) if activities is None else activities
    related = chosen.in_plan_order().select_related("initiative__owner_section", "owner_section")
    rows = tuple(related.annotate(has_policy=Exists(PolicyDocument.objects.filter(activity=OuterRef("pk")))))
    closing_days = ClosingDay.days()
    rounds = tuple(_round_line(each, closing_days) for each in plan.rounds.order_by("fiscal_year", "quarter"))
    reviewed = [row.pk for row in rows if row.has_policy]
    return PlanFrame(plan, rows, rounds, activities is None, suffix, revisions_of(reviewed) if reviewed else {})


def lines_on(plan: Plan, *, as_of: date, activities: ActivityQuerySet | None = None, suffix: str = "") -> LinesOnDay:
    """Six queries, however many rows and rounds."""
    return lines_in(plan_frame(plan, activities, suffix=suffix), as_of=as_of)


def lines_in(frame: PlanFrame, *, as_of: date) -> LinesOnDay:
    """Three queries. The rows stand in the order of `frame.activities`."""
    return lines_on_days(frame, [as_of])[0]


def lines_on_days(frame: PlanFrame, days: Sequence[date]) -> list[LinesOnDay]:
    """Three queries however many days; the same rows for each day, in the order of `frame.activities`."""
    now = {day: rounds_on((each.facts for each in frame.rounds), day) for day in days}
    known = known_on_days(
        frame.plan,
        {day: [each.key for each in (rounds.current, rounds.previous) if each] for day, rounds in now.items()},
        only=None if frame.is_whole else [row.pk for row in frame.activities],
    )
    return [
        LinesOnDay(
            frame.rounds,
            now[day],
            tuple(_row_line(row, known[day], frame, now=now[day], as_of=day) for row in frame.activities),
            frame.suffix,
        )
        for day in days
    ]


def since(before: LinesOnDay, lines: LinesOnDay) -> LinesOnDay:
    """The same lines, their change counted from another day."""
    rows = zip(before.rows, lines.rows, strict=True)
    return replace(lines, rows=tuple(replace(row, change=_change_since(old, row)) for old, row in rows))


def _change_since(old: RowLine, row: RowLine) -> Change:
    was, now = old.standing.standing, row.standing.standing
    return Change(was, now, direction(was, now))


def _round_line(each: ReportingRound, closing_days: frozenset[date]) -> RoundLine:
    facts = RoundFacts(
        fiscal_year=each.fiscal_year,
        quarter=each.quarter,
        opens_on=each.opens_on,
        due_on=each.deadline(closing_days),
        is_final=each.is_final,
        closed_on=fiscal.japan_date(each.closed_at) if each.closed_at else None,
        months=each.months,
    )
    return RoundLine(facts, each.key, each.label)


def _row_line(row: Activity, known: KnownReports, frame: PlanFrame, *, now: RoundsOnDay, as_of: date) -> RowLine:
    reports = known.facts.get(row.pk, [])
    reviewed = last_revision(frame.revisions.get(row.pk, ()), as_of)
    facts = RowFacts(row.kind, row.first_year, row.last_year, row.due_on, reviewed)
    standing = standing_on(facts, plan=frame.period, rounds=now, reports=reports, as_of=as_of)
    counting = now.previous if standing.is_carried else now.current
    section = row.section
    return RowLine(
        pk=row.pk,
        code=row.code,
        label=row.label,
        title=_on_one_line(row.content),
        url=_url_of(Activity, row.code) + frame.suffix,
        initiative_id=row.initiative_id,
        group=row.group_name,
        group_url=_url_of(Initiative, row.initiative.code) + frame.suffix if row.initiative else "",
        kind=row.kind,
        timing_text=row.timing_text,
        years_label=row.years_label,
        section=section.name if section else "",
        facts=facts,
        standing=standing,
        change=_change(standing, reports, now),
        words=known.words.get((row.pk, counting.key)) if counting else None,
        reports=tuple(reports),
    )


@lru_cache(maxsize=4096)
def _url_of(model: type[Activity] | type[Initiative], code: str) -> str:
    """Addresses hang on the code alone; a large plan asks for thousands of them."""
    return model(code=code).get_absolute_url()


def _on_one_line(content: str) -> str:
    """Row 1-3 has three bullets."""
    return "／".join(line.strip().lstrip("・").strip() for line in content.splitlines() if line.strip())


def _change(standing: RowStanding, reports: Iterable[ReportFacts], now: RoundsOnDay) -> Change | None:
    if now.current is None or now.previous is None:
        return None
    by_round = {report.key: report.standing for report in reports}
    if now.current.key not in by_round:
        return None
    before = by_round.get(now.previous.key, Standing.UNREPORTED)
    return Change(before, standing.standing, direction(before, standing.standing))
