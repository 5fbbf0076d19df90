"""締切の確認: what closing a round would fix, and a stamp of it, so that nobody closes what they did not see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from schedule.choices import ReportState, Standing
from schedule.models import Activity, EntryDraft, ProgressReport, ReportingRound
from schedule.standing import Direction, direction
from townhall.models import User


@dataclass(frozen=True)
class StandingChange:
    activity: Activity
    before: Standing | None  # None: not reported in the round before
    after: Standing
    direction: Direction | None


@dataclass(frozen=True)
class UnsavedRow:
    """Somebody has typed something that is no report."""

    activity: Activity
    author: User
    saved_at: datetime


@dataclass(frozen=True)
class ClosingCheck:
    round: ReportingRound
    before: ReportingRound | None
    total: int
    changes: tuple[StandingChange, ...]
    to_committee: tuple[ProgressReport, ...]
    missing: tuple[Activity, ...]  # fixed as 未報告
    unfinished: tuple[ProgressReport, ...]  # of the missing ones: 下書き, 課長の確認待ち, 差戻し
    not_accepted: tuple[ProgressReport, ...]  # 提出 that 事務局 has not looked at
    own_drafts: tuple[UnsavedRow, ...]  # typed by the one who closes and not saved: must be settled first
    other_drafts: tuple[UnsavedRow, ...]
    stamp: str  # every row with the version of its report: 「1-1:3|1-2:0」, 0 while there is none

    @property
    def reported(self) -> int:
        return self.total - len(self.missing)


def closing_check(round: ReportingRound, *, by: User) -> ClosingCheck:
    """Six queries, whatever the number of rows."""
    rows = list(
        Activity.objects.filter(plan=round.plan_id)
        .in_plan_order()
        .select_related("initiative__owner_section", "owner_section")
    )
    reports = {report.activity_id: report for report in round.reports.all()}
    before = ReportingRound.objects.filter(plan=round.plan_id).earlier_than(round).latest_first().first()
    previous = {}
    if before is not None:
        previous = dict(before.reports.reported().values_list("activity_id", "standing"))
    known = [(row, reports.get(row.pk)) for row in rows]
    for row, report in known:
        if report is not None:
            report.activity, report.round = row, round
    reported = [report for _, report in known if report is not None and report.is_reported]
    drafts = _drafts(round, {row.pk: row for row in rows})
    return ClosingCheck(
        round=round,
        before=before,
        total=len(rows),
        changes=tuple(change for report in reported if (change := _change(report, previous))),
        to_committee=tuple(report for report in reported if report.to_committee),
        missing=tuple(row for row, report in known if report is None or not report.is_reported),
        unfinished=tuple(report for _, report in known if report is not None and not report.is_reported),
        not_accepted=tuple(report for report in reported if report.state == ReportState.SUBMITTED),
        own_drafts=tuple(draft for draft in drafts if draft.author == by),
        other_drafts=tuple(draft for draft in drafts if draft.author != by),
        stamp=_stamp(known),
    )


def _change(report: ProgressReport, previous: dict[int, str]) -> StandingChange | None:
    after, said = Standing(report.standing), previous.get(report.activity_id)
    before = Standing(said) if said else None
    if before == after:
        return None
    return StandingChange(report.activity, before, after, direction(before, after) if before else None)


def _drafts(round: ReportingRound, rows: dict[int, Activity]) -> list[UnsavedRow]:
    drafts = EntryDraft.objects.filter(round=round).select_related("author").order_by("activity__order", "pk")
    return [UnsavedRow(rows[draft.activity_id], draft.author, draft.saved_at) for draft in drafts]


def _stamp(known: Iterable[tuple[Activity, ProgressReport | None]]) -> str:
    return "|".join(f"{row.code}:{report.version if report else 0}" for row, report in known)


def versions_in(stamp: str) -> Mapping[str, int]:
    """By the code of the row. What cannot be read is left out, so that it counts as not seen."""
    pairs = (part.rpartition(":") for part in stamp.split("|"))
    return {code: int(seen) for code, _, seen in pairs if seen.isascii() and seen.isdecimal() and len(seen) < 10}


def changed_since(check: ClosingCheck, seen_stamp: str) -> str:
    """Which rows were saved after a person opened the check, by whom and when; "" when that cannot be told."""
    seen, now = versions_in(seen_stamp), versions_in(check.stamp)
    codes = [code for code in now if seen.get(code) != now[code]]
    if not seen or not codes:
        return ""
    rows = Activity.objects.filter(plan=check.round.plan_id, code__in=codes).in_plan_order()
    saved = {each.activity_id: each for each in check.round.reports.filter(activity__in=rows).with_last_save()}
    return "、".join(f"{row.label}{_last_save(saved.get(row.pk))}" for row in rows)


def _last_save(report: Any) -> str:
    if report is None or not report.saved_at:
        return ""
    at = timezone.localtime(report.saved_at)
    return f"（{at.month}月{at.day}日 {at:%H:%M} {report.saved_by}さんが保存、いまは「{report.get_state_display()}」）"
