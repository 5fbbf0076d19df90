"""Rows of a round that are not reported, and with whom each of them lies."""

from collections.abc import Iterable
from dataclasses import dataclass

from schedule.choices import ReportState
from schedule.models import Activity, ProgressReport, ReportingRound
from townhall.models import Section


@dataclass(frozen=True)
class MissingRow:
    """R4: neither submitted nor accepted. `report` is None while nothing is recorded."""

    activity: Activity
    report: ProgressReport | None

    @property
    def waits_for_head(self) -> bool:
        """The section has done its part; its 課長 has not yet confirmed it."""
        return self.report is not None and self.report.state == ReportState.CHECKING

    @property
    def is_returned(self) -> bool:
        return self.report is not None and self.report.state == ReportState.RETURNED

    @property
    def state_label(self) -> str:
        """「下書き」「課長の確認待ち」「差戻し」; empty while nothing is recorded."""
        return self.report.get_state_display() if self.report else ""

    @property
    def words(self) -> str:
        """「5-3（差戻し）」"""
        return f"{self.activity.label}（{self.state_label}）" if self.report else self.activity.label


def missing_rows(round: ReportingRound) -> tuple[MissingRow, ...]:
    """In plan order. Two queries."""
    reported = round.reports.reported()
    begun = round.reports.exclude(state__in=ReportState.REPORTED)
    reports = {report.activity_id: report for report in begun}
    rows = Activity.objects.filter(plan=round.plan_id).exclude(pk__in=reported.values("activity"))
    in_order = rows.in_plan_order().select_related("owner_section", "initiative__owner_section")
    return tuple(MissingRow(row, reports.get(row.pk)) for row in in_order)


def by_section(rows: Iterable[MissingRow]) -> dict[Section | None, tuple[MissingRow, ...]]:
    """In the order of the sections; rows that no section owns come last."""
    found: dict[Section | None, list[MissingRow]] = {}
    for row in rows:
        found.setdefault(row.activity.section, []).append(row)
    sections = sorted(found, key=lambda section: (section is None, section.order if section else 0, str(section)))
    return {section: tuple(found[section]) for section in sections}


def listed(words: Iterable[str], *, at_most: int) -> str:
    """「5-1・5-3 ほか2行」"""
    known = list(words)
    shown = "・".join(known[:at_most])
    return f"{shown} ほか{len(known) - at_most}行" if len(known) > at_most else shown
