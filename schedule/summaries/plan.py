"""The whole plan on one day: what the dashboard, the home page and the table of the schedule say."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from initiatives.models import Plan
from schedule.choices import Standing
from schedule.standing import SILENT_AFTER_DAYS, severity
from schedule.summaries.known import one_line
from schedule.summaries.matrix import Matrix, final_round, matrix_on
from schedule.summaries.rows import Change, RoundLine, RowLine, lines_on
from townhall import fiscal


class Phase(Enum):
    BEFORE = "before"
    RUNNING = "running"
    ENDED = "ended"


@dataclass(frozen=True)
class PlanTime:
    """Whole months; the percentage of the period that has passed is rounded down."""

    phase: Phase
    as_of: date
    months: int
    percent: int
    months_left: int
    starts_on: date
    ends_on: date
    first_year: int
    last_year: int


@dataclass(frozen=True)
class AttentionItem:
    """One row of 遅れ・注意. A suggestion is the portal's view, not what was reported."""

    label: str
    title: str
    url: str
    tone: str
    word: str
    section: str
    facts: tuple[str, ...]
    to_committee: bool = False

    @property
    def note(self) -> str:
        return "／".join(part for part in (self.section, *self.facts) if part)


@dataclass(frozen=True)
class ChangedRow:
    label: str
    title: str
    url: str
    direction: str  # worse, better, same (neither)
    word: str  # 「遅れへ」
    steps: str  # 「やや遅れ → 遅れ」
    section: str
    reported_on: date | None


@dataclass(frozen=True)
class PlanSummary:
    name: str
    period_label: str
    as_of: date
    time: PlanTime
    round: RoundLine | None  # the round that counts on that day
    previous_round: RoundLine | None
    final_round: RoundLine | None
    rows: tuple[RowLine, ...]  # of the schedule, without 検討事項
    studies: tuple[RowLine, ...]
    counts: tuple[tuple[Standing, int], ...]  # of `rows`, worst first
    worse: int
    better: int
    attention: tuple[AttentionItem, ...]
    changes: tuple[ChangedRow, ...]
    matrix: Matrix
    last_reported_on: date | None
    days_silent: int | None  # of the whole plan; None while it is not too long, and after its end

    def count(self, standing: Standing) -> int:
        return dict(self.counts).get(standing, 0)

    @property
    def late(self) -> int:
        return self.count(Standing.LATE)

    @property
    def slightly_late(self) -> int:
        return self.count(Standing.SLIGHTLY_LATE)

    @property
    def unreported(self) -> int:
        return self.count(Standing.UNREPORTED)

    @property
    def carried(self) -> int:
        return sum(row.standing.is_carried for row in self.rows)

    @property
    def has_reports(self) -> bool:
        return self.last_reported_on is not None

    @property
    def has_ended(self) -> bool:
        return self.time.phase is Phase.ENDED

    @property
    def all_rows(self) -> tuple[RowLine, ...]:
        return self.rows + self.studies


def plan_summary(plan: Plan, *, as_of: date) -> PlanSummary:
    """Six queries, however many rows, rounds and reports."""
    lines = lines_on(plan, as_of=as_of)
    rows = tuple(row for row in lines.rows if not row.is_study)
    changes = sorted(_changes(lines.rows), key=_change_order)
    of_schedule = [change.direction for row, change in changes if not row.is_study]
    last_reported_on = max((row.updated_on for row in lines.rows if row.updated_on), default=None)
    return PlanSummary(
        name=plan.name,
        period_label=plan.period_label,
        as_of=as_of,
        time=plan_time(plan, as_of=as_of),
        round=lines.round_line(lines.now.current),
        previous_round=lines.round_line(lines.now.previous),
        final_round=lines.round_line(final_round(plan, lines)),
        rows=rows,
        studies=tuple(row for row in lines.rows if row.is_study),
        counts=_counts(rows),
        worse=of_schedule.count("worse"),
        better=of_schedule.count("better"),
        attention=tuple(attention_of(lines.rows)),
        changes=tuple(_changed_row(row, change) for row, change in changes),
        matrix=matrix_on(plan, lines, as_of=as_of),
        last_reported_on=last_reported_on,
        days_silent=_days_silent(plan, last_reported_on, as_of=as_of),
    )


def plan_time(plan: Plan, *, as_of: date) -> PlanTime:
    after_end = plan.ends_on + timedelta(days=1)
    months = fiscal.months_between(plan.starts_on, after_end)
    phase = Phase.RUNNING if plan.has_started(as_of) else Phase.BEFORE
    phase = Phase.ENDED if plan.has_ended(as_of) else phase
    day = min(max(as_of + timedelta(days=1), plan.starts_on), after_end)
    passed = fiscal.month_position(plan.starts_on, day)
    return PlanTime(
        phase=phase,
        as_of=as_of,
        months=months,
        percent=int(passed * 100 // months),
        months_left=int(months - passed),
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        first_year=plan.first_year,
        last_year=plan.last_year,
    )


def _counts(rows: tuple[RowLine, ...]) -> tuple[tuple[Standing, int], ...]:
    standings = [row.standing.standing for row in rows]
    return tuple((each, standings.count(each)) for each in sorted(set(standings), key=severity))


def attention_of(rows: tuple[RowLine, ...]) -> list[AttentionItem]:
    """Reported × and △, then what only the portal's rules find, then ongoing work nobody has reported on."""
    reported = [row for row in rows if row.standing.standing in Standing.NEED_REASON]
    others = [row for row in rows if row.standing.standing not in Standing.NEED_REASON]
    suggested = [row for row in others if row.standing.suggested]
    silent = [row for row in others if row.standing.days_silent and not row.standing.suggested]
    return [
        *(_reported_item(row) for row in sorted(reported, key=lambda row: severity(row.standing.standing))),
        *(_suggested_item(row) for row in suggested),
        *(_silent_item(row) for row in silent),
    ]


def _reported_item(row: RowLine) -> AttentionItem:
    standing, words = row.standing, row.words
    facts = [
        f"約{standing.months_late}か月遅れ" if standing.months_late and not standing.suggested else "",
        one_line(words.reason or words.text, 40) if words else "",
        "前期の報告です" if standing.is_carried else "",
        words.correction if words else "",
        f"目安は{standing.suggested.label}（{standing.suggestion}）" if standing.suggested else "",
    ]
    return _item(row, standing.standing.tone, standing.standing.label, facts)


def _suggested_item(row: RowLine) -> AttentionItem:
    view = row.standing
    tone = view.suggested.tone if view.suggested else ""
    word = view.suggested.label if view.suggested else ""
    return _item(row, tone, f"{word}（目安）", [f"{view.suggestion}。報告は「{view.standing.label}」です"])


def _silent_item(row: RowLine) -> AttentionItem:
    last = f"最後の報告（{fiscal.format_date(row.updated_on)}）から" if row.updated_on else ""
    return _item(row, "miss", "更新なし", [f"{last}{row.standing.days_silent}日たっています"])


def _item(row: RowLine, tone: str, word: str, facts: list[str]) -> AttentionItem:
    to_committee = bool(row.words and row.words.to_committee)
    kept = tuple(fact for fact in facts if fact)
    return AttentionItem(row.label, row.title, row.url, tone, word, row.section, kept, to_committee)


def _changes(rows: tuple[RowLine, ...]) -> list[tuple[RowLine, Change]]:
    return [(row, row.change) for row in rows if row.change and row.change.direction in ("worse", "better")]


def _change_order(changed: tuple[RowLine, Change]) -> tuple[bool, int]:
    """What became worse first, the worst of it first."""
    _, change = changed
    return change.direction == "better", severity(change.after)


def _changed_row(row: RowLine, change: Change) -> ChangedRow:
    return ChangedRow(
        label=row.label,
        title=row.title,
        url=row.url,
        direction=change.direction or "same",
        word=f"{change.after.label}へ",
        steps=f"{change.before.label} → {change.after.label}",
        section=row.section,
        reported_on=row.words.reported_on if row.words else None,
    )


def _days_silent(plan: Plan, last_reported_on: date | None, *, as_of: date) -> int | None:
    if last_reported_on is None or plan.has_ended(as_of):
        return None
    days = (as_of - last_reported_on).days
    return days if days > SILENT_AFTER_DAYS else None
