"""The whole plan on two days: what each row's report said then and says later, and who changed it why.

One engine for every 「変わったこと」 between two days. It reads what was known on each day, so a correction after closing
appears on the day it was made, however old the round it concerns.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q

from initiatives.models import Plan
from schedule.choices import ReportState, ScheduleKind, Standing
from schedule.models import ProgressReport
from schedule.standing import Direction, RoundFacts, direction
from schedule.summaries.known import RoundKey, Words, midnight_after
from schedule.summaries.rows import LinesOnDay, PlanFrame, RoundLine, RowLine, lines_on_days, plan_frame
from townhall import fiscal
from townhall.forms import BLANK


@dataclass(frozen=True)
class ChangedField:
    label: str
    before: str
    after: str
    is_text: bool = False  # sentences, to be shown with their difference; else short values


@dataclass(frozen=True)
class Save:
    """One step of a report between the two days."""

    what: str  # 報告, 訂正, 差戻し
    round_label: str
    at: datetime
    who: str
    source: str
    why: str


@dataclass(frozen=True)
class RowComparison:
    label: str
    title: str
    code: str
    url: str
    group: str
    section: str
    is_study: bool
    before: Standing
    after: Standing
    direction: Direction | None  # None: the same standing, or two that cannot be compared
    reports: tuple[str, str]  # the rounds whose reports count on the two days; empty where there is none
    fields: tuple[ChangedField, ...]
    last: Save | None  # the newest between the two days
    corrections: tuple[Save, ...]  # of closed rounds, newest first
    note: str  # why the row stands as it does, when no person said it
    reason: str  # 遅れ・変更の理由 of the report that counts on the later day

    @property
    def is_new_standing(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Comparison:
    plan_name: str
    earlier: date
    later: date
    rounds: tuple[RoundLine | None, RoundLine | None]  # that count on the two days
    rows: tuple[RowComparison, ...]  # changed, in the plan's order
    unchanged: int

    @property
    def worse(self) -> int:
        return self._count("worse")

    @property
    def better(self) -> int:
        return self._count("better")

    def _count(self, direction: Direction) -> int:
        return sum(row.direction == direction for row in self.rows)


def compare(plan: Plan, *, earlier: date, later: date) -> Comparison:
    """Seven queries, however many rows, rounds and reports. `earlier` lies before `later`."""
    frame = plan_frame(plan)
    before, after = lines_on_days(frame, [earlier, later])
    return compare_lines(frame, before, after, earlier=earlier, later=later)


def compare_lines(frame: PlanFrame, before: LinesOnDay, after: LinesOnDay, *, earlier: date, later: date) -> Comparison:
    """The same from lines that are read already; one query."""
    saves = _saves(frame, earlier=earlier, later=later)
    rows = [
        _row(old, new, before, after, saves[activity.pk])
        for activity, old, new in zip(frame.activities, before.rows, after.rows, strict=True)
    ]
    changed = tuple(row for row in rows if row.is_new_standing or row.fields or row.corrections)
    return Comparison(
        plan_name=frame.plan.name,
        earlier=earlier,
        later=later,
        rounds=(before.round_line(before.now.current), after.round_line(after.now.current)),
        rows=changed,
        unchanged=len(rows) - len(changed),
    )


def _row(old: RowLine, new: RowLine, before: LinesOnDay, after: LinesOnDay, saves: list[Save]) -> RowComparison:
    was, now = old.standing.standing, new.standing.standing
    counted = _counted(old, before), _counted(new, after)
    return RowComparison(
        label=new.label,
        title=new.title,
        code=new.code,
        url=new.url,
        group=new.group,
        section=new.section,
        is_study=new.is_study,
        before=was,
        after=now,
        direction=direction(was, now) if was != now else None,
        reports=(_label(counted[0], old, before), _label(counted[1], new, after)),
        fields=tuple(_differences(old, new, counted)),
        last=max(saves, key=lambda save: save.at, default=None),
        corrections=tuple(sorted((save for save in saves if save.what == "訂正"), key=lambda s: s.at, reverse=True)),
        note="" if new.words else new.standing.reason,
        reason=_said(new, "reason"),
    )


def _counted(row: RowLine, lines: LinesOnDay) -> RoundFacts | None:
    """The round whose report the row stands by on that day."""
    return lines.now.previous if row.standing.is_carried else lines.now.current


def _label(counted: RoundFacts | None, row: RowLine, lines: LinesOnDay) -> str:
    line = lines.round_line(counted) if row.words else None
    return line.label if line else ""


def _differences(
    old: RowLine, new: RowLine, counted: tuple[RoundFacts | None, RoundFacts | None]
) -> Iterable[ChangedField]:
    """What a later report said differently. A row that fell silent took nothing back: only its standing changes."""
    if new.words is not None:
        percents = (_percent(row, facts) for row, facts in zip((old, new), counted, strict=True))
        yield from _changed("進捗率", *percents)
        yield from _changed("今期の実績", _said(old, "text"), _said(new, "text"), is_text=True)
        yield from _changed("遅れ・変更の理由", _said(old, "reason"), _said(new, "reason"), is_text=True)
        yield from _changed("来期の予定", _said(old, "next_step"), _said(new, "next_step"), is_text=True)
    yield from _changed("完了予定", _completion(old), _completion(new))
    if new.words is not None:
        yield from _changed("委員会に諮る", _to_committee(old.words), _to_committee(new.words))


def _changed(label: str, before: str, after: str, *, is_text: bool = False) -> Iterable[ChangedField]:
    if before == after:
        return
    if is_text:
        yield ChangedField(label, before, after, is_text=True)
    else:
        yield ChangedField(label, before or BLANK, after or BLANK)


def _said(row: RowLine, name: str) -> str:
    return getattr(row.words, name) if row.words else ""


def _percent(row: RowLine, counted: RoundFacts | None) -> str:
    report = row.report_in(counted.key) if counted else None
    return "" if report is None or report.percent is None else f"{report.percent}％"


def _completion(row: RowLine) -> str:
    """As the newest report that says one does, else the plan's 期限."""
    if row.kind not in ScheduleKind.WITH_END:
        return ""
    said = [report.completes_on for report in row.reports if report.completes_on]
    day = said[-1] if said else row.facts.due_on
    return fiscal.format_date(day) if day else ""


def _to_committee(words: Words | None) -> str:
    return "諮る" if words and words.to_committee else "諮らない"


def _saves(frame: PlanFrame, *, earlier: date, later: date) -> dict[int, list[Save]]:
    """By row, from the history: each report once, by the save that made it, and each return.

    Accepting leaves the report as it is, so it hides nobody who wrote. What a section types after a return is a draft.
    """
    days = midnight_after(earlier), midnight_after(later)
    reported = Q(state__in=ReportState.REPORTED, reported_at__gte=days[0], reported_at__lt=days[1])
    returned = Q(state=ReportState.RETURNED, history_date__gte=days[0], history_date__lt=days[1])
    history = ProgressReport.history.filter(reported | returned, round__plan=frame.plan).order_by("history_id")
    labels = {each.facts.key: each.label for each in frame.rounds}
    saves: dict[int, list[Save]] = defaultdict(list)
    last_step: dict[int, object] = {}
    names = ("id", "activity_id", "state", "reported_at", "corrected_at", "history_date", "history_change_reason")
    for row in history.values(
        *names, "history_actor", "history_source", year=F("round__fiscal_year"), quarter=F("round__quarter")
    ):
        step = row["reported_at"] if row["state"] in ReportState.REPORTED else ReportState.RETURNED
        is_new = last_step.get(row["id"]) != step
        last_step[row["id"]] = step
        if is_new and (step != ReportState.RETURNED or row["history_change_reason"]):
            saves[row["activity_id"]].append(_save(row, labels))
    return saves


def _save(row: dict[str, Any], labels: dict[RoundKey, str]) -> Save:
    is_return = row["state"] == ReportState.RETURNED
    is_correction = not is_return and row["corrected_at"] == row["reported_at"]
    return Save(
        what="差戻し" if is_return else "訂正" if is_correction else "報告",
        round_label=labels[row["year"], row["quarter"]],
        at=row["history_date"] if is_return else row["reported_at"],
        who=row["history_actor"],
        source=row["history_source"],
        why=row["history_change_reason"] or "",
    )
