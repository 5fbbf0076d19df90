"""The whole plan on one day: what the dashboard, the home page and the table of the schedule say."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from initiatives.models import Plan
from schedule.choices import Standing
from schedule.standing import SILENT_AFTER_DAYS, Direction, severity
from schedule.summaries.compare import Comparison, compare_lines
from schedule.summaries.known import one_line
from schedule.summaries.matrix import Matrix, final_round, matrix_on
from schedule.summaries.rows import RoundLine, RowLine, lines_in, lines_on_days, plan_frame, since
from townhall import fiscal

WHY_LENGTH = 40  # characters of a reason in a card


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
    direction: Direction  # same: neither worse nor better, as to 見送り or from 未報告
    word: str  # 「遅れへ」, 「訂正」
    steps: str  # 「やや遅れ → 遅れ」
    who: str
    changed_on: date | None
    why: str  # one line, empty when nobody said


@dataclass(frozen=True)
class PlanSummary:
    name: str
    period_label: str
    as_of: date
    time: PlanTime
    round: RoundLine | None  # the round that counts on that day
    previous_round: RoundLine | None
    base: date | None  # the day everything is compared with; None: with the round before
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


def plan_summary(plan: Plan, *, as_of: date, base: date | None = None, suffix: str = "") -> PlanSummary:
    """Nine queries, ten with `base`, however many rows, rounds and reports.

    `suffix` ends every address. `base`: a day before `as_of` that 前回比 and 変わったこと compare with, else they compare with the round before.
    """
    frame = plan_frame(plan, suffix=suffix)
    if base is None:
        lines = lines_in(frame, as_of=as_of)
        changes = tuple(_changes_of_round(lines.rows))
    else:
        before, lines = lines_on_days(frame, [base, as_of])
        lines = since(before, lines)
        changes = tuple(_changes_of(compare_lines(frame, before, lines, earlier=base, later=as_of)))
    rows = tuple(row for row in lines.rows if not row.is_study)
    directions = [row.change.direction for row in rows if row.change]
    last_reported_on = max((row.updated_on for row in lines.rows if row.updated_on), default=None)
    return PlanSummary(
        name=plan.name,
        period_label=plan.period_label,
        as_of=as_of,
        time=plan_time(plan, as_of=as_of),
        round=lines.round_line(lines.now.current),
        previous_round=lines.round_line(lines.now.previous),
        base=base,
        final_round=lines.round_line(final_round(plan, lines)),
        rows=rows,
        studies=tuple(row for row in lines.rows if row.is_study),
        counts=_counts(rows),
        worse=directions.count("worse"),
        better=directions.count("better"),
        attention=tuple(attention_of(lines.rows)),
        changes=changes,
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


def _changes_of_round(rows: tuple[RowLine, ...]) -> Iterator[ChangedRow]:
    """Against the round before."""
    changed = [(row, row.change) for row in rows if row.change and row.change.direction in ("worse", "better")]
    for row, change in sorted(changed, key=lambda each: _change_order(each[1].direction, each[1].after)):
        words = row.words
        yield ChangedRow(
            label=row.label,
            title=row.title,
            url=row.url,
            direction=change.direction or "same",
            word=f"{change.after.label}へ",
            steps=f"{change.before.label} → {change.after.label}",
            who=words.reported_by if words else "",
            changed_on=words.reported_on if words else None,
            why=one_line(words.reason, WHY_LENGTH) if words else "",
        )


def _changes_of(comparison: Comparison) -> Iterator[ChangedRow]:
    """Against a day: other standings, and corrections of closed rounds that left the standing as it was."""
    told = [row for row in comparison.rows if row.is_new_standing or row.corrections]
    for row in sorted(told, key=lambda row: _change_order(row.direction if row.is_new_standing else None, row.after)):
        last = row.last
        yield ChangedRow(
            label=row.label,
            title=row.title,
            url=row.url,
            direction=row.direction or "same",
            word=f"{row.after.label}へ" if row.is_new_standing else "訂正",
            steps=f"{row.before.label} → {row.after.label}" if row.is_new_standing else f"{row.after.label}のまま",
            who=last.who if last else "",
            changed_on=fiscal.japan_date(last.at) if last else None,
            why=one_line(row.corrections[0].why if row.corrections else row.reason or row.note, WHY_LENGTH),
        )


def _change_order(direction: Direction | None, after: Standing) -> tuple[int, int]:
    """What became worse first, the worst of it first; then what became better, then the rest."""
    return {"worse": 0, "better": 1}.get(direction or "", 2), severity(after)


def _days_silent(plan: Plan, last_reported_on: date | None, *, as_of: date) -> int | None:
    if last_reported_on is None or plan.has_ended(as_of):
        return None
    days = (as_of - last_reported_on).days
    return days if days > SILENT_AFTER_DAYS else None
