"""進捗報告 in and out. A line is found by plan, round and row; it is saved by the same action as in the grid."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from import_export.widgets import Widget

from schedule.actions.reporting import ReportError, record_report
from schedule.choices import Standing
from schedule.completion import planned_days
from schedule.models import Activity, ProgressReport, ReportingRound
from schedule.report_cells import code_text, parse_day, parse_standing, parse_whole_percent
from schedule.report_rules import LABELS, LONGEST, ReportValues
from townhall.cells import fold, quoted
from townhall.changes import StaleVersion
from townhall.sheets.bulk import take_back_what_cp932_changed
from townhall.sheets.columns import DayCell
from townhall.sheets.keys import key_from, parts_of
from townhall.sheets.resource import Column, SafeResource, YesNoCell, as_text


class StandingCell(Widget):
    """「順調」, 「1 順調」 or 「○」; the words depend on the kind of row."""

    def clean(self, value: Any, row: Any = None, instance: Any = None, **kwargs: Any) -> str:
        return parse_standing(value, instance.activity.kind)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return Standing(value).label if value else ""


class PercentCell(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        return parse_whole_percent(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> int | None:
        return value


class LastDayCell(DayCell):
    """As people write a day; 「令和9年3月」 is its last day."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date:
        return parse_day(value)


class ProgressReportResource(SafeResource):
    plan = Column("計画", "round__plan__code", is_key=True)
    round = Column("期", "round__label", is_key=True)
    activity = Column("番号", "activity__label", is_key=True)
    group = Column("取組", "activity__group_name", is_shown_only=True)
    content = Column("内容", "activity__title", is_shown_only=True)
    section = Column("主担当", "activity__section__name", is_shown_only=True)
    standing = Column("状況", "standing", widget=StandingCell())
    percent = Column("進捗率（％）", "percent", widget=PercentCell())
    text = Column("今期の実績", "text")
    reason = Column("遅れ・変更の理由", "reason")
    next_step = Column("来期の予定", "next_step")
    completes_on = Column("完了予定", "completes_on", widget=LastDayCell())
    to_committee = Column("委員会に諮る", "to_committee", widget=YesNoCell())
    # Written out for the reader; it changes by importing, so it is not compared.
    state = Column("提出の状態", "get_state_display", is_shown_only=True, is_free=True)

    WIDTHS = (9, 22, 7, 28, 34, 12, 11, 9, 50, 34, 40, 17, 9, 11)

    class Meta:
        model = ProgressReport
        import_id_fields = ("plan", "round", "activity")
        fields = (
            *("plan", "round", "activity", "group", "content", "section"),
            *("standing", "percent", "text", "reason", "next_step", "completes_on", "to_committee", "state"),
        )

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Everything a line can point to, read once."""
        rounds = list(ReportingRound.objects.select_related("plan"))
        self._rounds = {(each.plan.code, word): each for each in rounds for word in (each.key, fold(each.label))}
        rows = Activity.objects.select_related("plan", "initiative__owner_section", "owner_section")
        self._activities = {(each.plan.code, each.code): each for each in rows}
        self._reports: dict[tuple[int, int], ProgressReport] = {}
        for report in ProgressReport.objects.all():
            self._reports[report.activity_id, report.round_id] = report
        self._planned: dict[int, dict[int, date]] = {}

    def key_of(self, row: dict[str, Any]) -> str:
        plan, round, code = (as_text(row.get(heading) or "") for heading in self.key_headings())
        return key_from(plan, round_text(round), code_text(code))

    def find(self, key: str) -> tuple[Any, bool]:
        plan, round_word, code = parts_of(key)
        round = self._rounds.get((plan, round_word))
        activity = self._activities.get((plan, code))
        if round is None:
            raise ValidationError({"round": f"計画{quoted(plan)}に、期{quoted(round_word)}はありません。"})
        if activity is None:
            raise ValidationError({"activity": f"計画{quoted(plan)}に、番号{quoted(code)}の行はありません。"})
        report = self._reports.get((activity.pk, round.pk))
        if report is None:
            return ProgressReport(activity=activity, round=round), True
        report.activity, report.round = activity, round
        return report, False

    def name_of(self, instance: Any) -> str:
        return f"{instance.activity.label} {instance.activity.title}（{instance.round.label}）"

    def is_unchanged(self, instance: Any, original: Any) -> bool:
        if self.sheet.encoding == "cp932":
            take_back_what_cp932_changed(instance, original, tuple(LONGEST))
        return ReportValues.of(instance).as_stored(self._planned_on(instance)) == ReportValues.of(original)

    def _planned_on(self, report: ProgressReport) -> date | None:
        """The completion known before the round; read once for each round in the file."""
        if report.round_id not in self._planned:
            self._planned[report.round_id] = planned_days(report.round)
        return self._planned[report.round_id].get(report.activity_id)

    def record(self, instance: Any, *, seen_version: int | None) -> None:
        try:
            saved = record_report(
                instance.activity,
                instance.round,
                by=self.by,
                today=self.today,
                now=self.now,
                seen_version=seen_version,
                source=self.source,
                history_reason=self.reason,
                **vars(ReportValues.of(instance)),
            )
        except ReportError as refused:
            raise ValidationError({name or NON_FIELD_ERRORS: text for name, text in refused.errors.items()}) from None
        except StaleVersion as stale:
            raise ValidationError(stale.sentence) from None
        instance.pk, instance.state = saved.pk, saved.state
        instance.reason, instance.completes_on = saved.reason, saved.completes_on

    def lines_of(self, reports: Iterable[ProgressReport]) -> list[list[Any]]:
        """The lines of a file for these reports, in the order of `headings`; a row without a report is half empty."""
        return [list(line) for line in self.export(reports)]


def round_text(typed: str) -> str:
    """「2025-4」 or the label of a round. Excel turns a typed 2025-4 into the first of April."""
    text = fold(typed)
    if day := re.fullmatch(r"([0-9]{4})-0?([1-4])-01", text):
        return f"{day[1]}-{day[2]}"
    return text


def column_notes() -> list[tuple[str, str]]:
    """What each column takes, for the import page."""
    words = "・".join(Standing(name).label for name in Standing.FOR_ROWS)
    studies = "・".join(Standing(name).label for name in Standing.FOR_STUDIES)
    return [
        ("計画・期・番号", "行を見つける鍵です。この三つの列は必ず入れます（例 r5-r7、令和7年度 第4四半期、5-3）。"),
        ("取組・内容・主担当", "確かめるための列です。取り込みでは変えられません。"),
        (LABELS["standing"], f"{words}。検討事項は{studies}。"),
        ("進捗率（％）", "0～100の数。検討事項は空欄。"),
        (LABELS["completes_on"], "変わるときだけ（R9.3.31、令和9年3月 など）。変えるときは理由も書きます。"),
        ("委員会に諮る", "はい・いいえ。"),
        ("提出の状態", "見るための列です。取り込みでは使いません。"),
    ]
