"""入力用Excel: one section's rows of one round as a form to fill in, and what is asked of it when it comes back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from schedule.choices import ScheduleKind, Standing
from schedule.entry import EntryLine, EntrySheet
from schedule.exchange import PLAN, ROUND, ROW, SECTION_HEADING, TITLE_HEADING, VERSION
from schedule.models import ReportingRound
from schedule.report_cells import CODE, NAMES
from schedule.report_rules import LABELS, standings_for
from townhall import fiscal
from townhall.models import Section
from townhall.sheets.workbook import FormColumn, write_form_workbook

SHEET = "入力"
HIDDEN = (PLAN, ROUND, ROW, VERSION)
BEFORE_STANDING, BEFORE_TEXT = "前期の状況", "前期の実績"
SHOWN = (NAMES[CODE], TITLE_HEADING, SECTION_HEADING, BEFORE_STANDING, BEFORE_TEXT)
KNOWN = (*SHOWN, *LABELS.values(), *HIDDEN)
STUDY = "検"

INSTRUCTIONS = (
    "白い欄に入力し、保存してから、ポータルの「入力用Excel」の画面で選んでください。",
    "灰色の欄と、行・列・シートは変えないでください。変えると、取り込むときに場所を示してお知らせします。",
    "状況は一覧から選べます。「やや遅れ」「遅れ」のときは、理由と来期の予定も入力してください。",
    "完了予定は、変わるときだけ入力してください。変えるときは理由も入力してください。",
    "空欄のままの欄は、ポータルの内容を変えません。",
    "取り込む前に、変わるところを1か所ずつ画面で確かめられます。",
)


def section_workbook(sheet: EntrySheet, section: Section | None, *, now: datetime, unreported_only: bool) -> bytes:
    """The rows of a section (None: all that this person may report) as .xlsx."""
    lines = [
        line
        for line in sheet.lines
        if (section is None or line.activity.section_id == section.pk) and not (unreported_only and line.is_reported)
    ]
    title = f"進捗入力　{sheet.round.label}"
    return write_form_workbook(
        SHEET, _columns(), [_row(line) for line in lines], instructions=[title, *INSTRUCTIONS], now=now
    )


def _columns() -> list[FormColumn]:
    shown = [
        FormColumn(heading, width, is_locked=True) for heading, width in zip(SHOWN, (7, 34, 12, 11, 40), strict=True)
    ]
    typed = [
        FormColumn(LABELS["standing"], 12, choices=_standings),
        FormColumn(LABELS["percent"], 9, kind="percent"),
        FormColumn(LABELS["text"], 50),
        FormColumn(LABELS["reason"], 34),
        FormColumn(LABELS["next_step"], 40),
        FormColumn(LABELS["completes_on"], 13),
        FormColumn(LABELS["to_committee"], 11, choices=("はい", "いいえ")),
    ]
    return [*shown, *typed, *(FormColumn(heading, 8, is_locked=True, is_hidden=True) for heading in HIDDEN)]


def _standings(row: Sequence[Any]) -> list[str]:
    kind = ScheduleKind.STUDY if str(row[0]).startswith(STUDY) else ScheduleKind.FROM
    return [each.label for each in standings_for(kind)]


def _row(line: EntryLine) -> list[Any]:
    activity, values, before = line.activity, line.values, line.previous
    return [
        activity.label,
        activity.title,
        activity.section.name if activity.section else "",
        before.standing_choice.label if before and before.standing_choice else "",
        before.text if before else "",
        Standing(values.standing).label if values.standing else "",
        values.percent,
        values.text,
        values.reason,
        values.next_step,
        fiscal.format_date_short(values.completes_on) if values.completes_on else "",
        ("はい" if values.to_committee else "いいえ") if line.report else "",
        activity.plan.code,
        line.round.key,
        activity.code,
        str(line.version),
    ]


def file_name(round: ReportingRound, section: Section | None) -> str:
    return f"進捗入力_{round.key}_{section.name if section else '全課'}.xlsx"
