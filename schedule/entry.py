"""What the entry grid shows: a person's rows of one round in plan order, what is recorded, and what stood there before."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from schedule.choices import ReportState, Standing
from schedule.completion import planned_days, times_moved
from schedule.models import Activity, EntryDraft, ProgressReport, ReportingRound
from schedule.report_rules import LABELS, ReportValues, hint_about
from townhall.models import ClosingDay, User
from townhall.permissions import Permission, sections_open_to


@dataclass(frozen=True)
class EntryLine:
    """One row of the plan. `report` and `previous` are None while nothing is recorded."""

    round: ReportingRound
    activity: Activity
    report: ProgressReport | None
    previous: ProgressReport | None
    today: date
    planned_on: date | None = None  # the completion known before this round
    draft: EntryDraft | None = None  # what this person typed and has not saved
    is_own: bool = False  # of a section in which this person holds a post
    times_moved: int = 0  # in how many rounds, this one included, 完了予定 was moved

    @property
    def values(self) -> ReportValues:
        return ReportValues.of(self.report)

    @property
    def version(self) -> int:
        """0 for a row not yet recorded: "I saw nothing" is a version too."""
        return self.report.version if self.report else 0

    @property
    def is_reported(self) -> bool:
        return self.report is not None and self.report.is_reported

    @property
    def is_draft(self) -> bool:
        return self.report is not None and self.report.state in ReportState.WITH_SECTION and not self.values.is_blank

    @property
    def left_over(self) -> tuple[tuple[str, str], ...]:
        """Field and text of a draft that the closing of the round has outlived."""
        if self.draft is None or not self.round.is_closed:
            return ()
        typed = {name: self.draft.typed.get(name, "") for name in LABELS}
        typed["standing"] = Standing(typed["standing"]).label if typed["standing"] in Standing.values else ""
        typed["to_committee"] = "諮る" if typed["to_committee"] else ""
        return tuple((LABELS[name], text) for name, text in typed.items() if text)

    @property
    def moved_words(self) -> str:
        """「完了予定の変更 2回目」, so that a date that keeps moving is noticed."""
        if not self.times_moved:
            return ""
        is_now = self.report is not None and self.report.moved_from is not None
        return f"完了予定の変更 {self.times_moved}回{'目' if is_now else 'あり'}"

    @property
    def hint(self) -> str:
        return hint_about(self.values)

    @property
    def saved_when(self) -> str:
        """「13:41」 today, 「11/14」 on another day."""
        return self._when(getattr(self.report, "saved_at", None))

    @property
    def draft_when(self) -> str:
        return self._when(self.draft.saved_at if self.draft else None)

    def _when(self, moment: datetime | None) -> str:
        if moment is None:
            return ""
        at = timezone.localtime(moment)
        return f"{at:%H:%M}" if at.date() == self.today else f"{at.month}/{at.day}"


@dataclass(frozen=True)
class EntrySheet:
    round: ReportingRound
    today: date
    lines: tuple[EntryLine, ...]
    sees_all: bool
    due_on: date  # the deadline as a working day (R5)
    before: ReportingRound | None = None
    after: ReportingRound | None = None

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def reported(self) -> int:
        return sum(line.is_reported for line in self.lines)

    @property
    def missing(self) -> int:
        return self.total - self.reported

    @property
    def drafts(self) -> int:
        return sum(line.is_draft for line in self.lines)

    @property
    def submitted(self) -> int:
        """What waits for the secretariat."""
        return sum(line.report is not None and line.report.state == ReportState.SUBMITTED for line in self.lines)

    @property
    def checking(self) -> int:
        """What waits for the 課長."""
        return sum(line.report is not None and line.report.state == ReportState.CHECKING for line in self.lines)

    @property
    def own(self) -> int:
        return sum(line.is_own for line in self.lines)

    @property
    def reported_width(self) -> str:
        return f"{100 * self.reported / self.total:.1f}%" if self.total else "0%"

    @property
    def is_open(self) -> bool:
        return self.round.is_open_on(self.today)

    @property
    def has_begun(self) -> bool:
        return self.round.opens_on <= self.today

    @property
    def days_left(self) -> int:
        return (self.due_on - self.today).days

    @property
    def days_over(self) -> int:
        return -self.days_left

    def shows(self, line: EntryLine, shown: str) -> bool:
        """Does the filter すべて (""), 未入力 ("missing"), 自課 ("own") or 誤り ("error": decided by the grid) show it?"""
        if shown == "error":
            return False
        if shown == "missing":
            return not line.is_reported
        return line.is_own if shown == "own" else True


def entry_sheet(round: ReportingRound, *, user: User, today: date) -> EntrySheet:
    """The rows this person may report, all of them for the secretariat. Ten queries, whatever the number of rows."""
    open_to = sections_open_to(user, Permission.RECORD_PROGRESS, today=today)
    rounds = list(ReportingRound.objects.filter(plan=round.plan_id).latest_first())
    position = rounds.index(round)
    before = rounds[position + 1] if position + 1 < len(rounds) else None
    reports = {report.activity_id: report for report in round.reports.with_last_save()}
    previous = {report.activity_id: report for report in before.reports.reported()} if before else {}
    planned = planned_days(round)
    moved = times_moved(round.plan, until=round)
    drafts = {draft.activity_id: draft for draft in EntryDraft.objects.filter(round=round, author=user)}
    rows = round.plan.activities.owned_by(open_to).in_plan_order()
    own_sections = frozenset(post.section_id for post in user.posts_on(today) if post.section_id)
    lines = tuple(
        EntryLine(
            round,
            row,
            reports.get(row.pk),
            previous.get(row.pk),
            today,
            planned_on=planned.get(row.pk),
            draft=drafts.get(row.pk),
            is_own=row.section_id in own_sections,
            times_moved=moved.get(row.pk, 0),
        )
        for row in rows.select_related("initiative__owner_section", "owner_section")
    )
    return EntrySheet(
        round=round,
        today=today,
        lines=lines,
        sees_all=open_to is None,
        due_on=round.deadline(ClosingDay.days()),
        before=before,
        after=rounds[position - 1] if position else None,
    )


def values_seen(report: ProgressReport, version: int) -> ReportValues | None:
    """What the report said at that version, None when no such version is on record."""
    if version == 0:
        return ReportValues()
    return ReportValues.of(seen) if (seen := report.history.filter(version=version).first()) else None
