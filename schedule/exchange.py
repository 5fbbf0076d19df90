"""What a table from Excel would change in one round: each line against what it was made from and what stands now.

A paste and a workbook both come as a Sheet. Nothing is written here; schedule/actions/exchange.py applies a preview.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from schedule.actions.reporting import ReportError, check_report
from schedule.completion import planned_days
from schedule.entry import values_seen
from schedule.models import Activity, EntryDraft, ProgressReport, ReportingRound
from schedule.report_cells import CODE, NAMES, code_text, parse_cell
from schedule.report_rules import LABELS, LONGEST, ReportValues, in_words
from townhall.cells import CellError, fold, quoted
from townhall.models import User
from townhall.permissions import Permission, sections_open_to
from townhall.sheets.resource import as_text
from townhall.sheets.table import PASTED, Cell, Line, Sheet

PLAN, ROUND, ROW, VERSION = "計画", "期", "行", "版"  # the hidden columns of a form workbook
TITLE_HEADING, SECTION_HEADING = "内容", "主担当"
THEIRS, MINE = "theirs", "mine"
NO_VERSIONS = (
    "隠れた列「版」がないため、いまの内容と比べています。このファイルを作ったあとにほかの人が変えた欄も、"
    "ファイルの値に変わります。"
)


@dataclass(frozen=True)
class CellChange:
    label: str
    where: str  # 「入力」!F7
    before: str
    after: str


@dataclass(frozen=True)
class CellConflict:
    """Both sides changed the cell since the file was made."""

    label: str
    where: str
    base: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class LinePreview:
    number: int
    name: str  # 「5-3 民間と…」, or what stood in the file when no such row exists
    code: str
    changes: tuple[CellChange, ...] = ()
    conflicts: tuple[CellConflict, ...] = ()
    errors: tuple[str, ...] = ()
    values: ReportValues | None = None
    version: int = 0  # of the report as it stands now
    activity: Activity | None = None
    left: tuple[str, ...] = ()  # fields that this person has typed in the grid, not saved, and that the table leaves be
    is_reason_dropped: bool = False  # a reason that the standing does not ask for is not kept (report_rules)
    choice: str = ""  # of a conflicting row: theirs or mine

    @property
    def left_words(self) -> str:
        return "・".join(LABELS[name] for name in self.left)

    @property
    def verdict(self) -> str:
        if self.errors:
            return "error"
        if self.conflicts:
            return "conflict"
        return "change" if self.changes else "same"

    @property
    def stays_draft(self) -> bool:
        return bool(self.changes) and self.values is not None and not self.values.is_complete


@dataclass(frozen=True)
class Preview:
    round: ReportingRound
    lines: tuple[LinePreview, ...]
    warnings: tuple[str, ...] = ()

    def of(self, verdict: str) -> list[LinePreview]:
        return [line for line in self.lines if line.verdict == verdict]

    @property
    def changed(self) -> list[LinePreview]:
        return self.of("change")

    @property
    def same(self) -> list[LinePreview]:
        return self.of("same")

    @property
    def failed(self) -> list[LinePreview]:
        return self.of("error")

    @property
    def conflicting(self) -> list[LinePreview]:
        return self.of("conflict")

    @property
    def cells(self) -> int:
        return sum(len(line.changes) for line in self.lines if not line.errors)

    @property
    def versions(self) -> dict[str, int]:
        """By row: what the preview was made from, compared again when it is applied."""
        return {line.code: line.version for line in self.lines if line.activity}


@dataclass
class _Run:
    round: ReportingRound
    by: User
    today: date
    sheet: Sheet
    rows: dict[str, Activity]
    reports: dict[int, ProgressReport]
    planned: dict[int, date]
    drafts: dict[int, EntryDraft]
    open_to: list[int] | None
    choices: Mapping[str, str]
    seen: set[str] = field(default_factory=set)


def preview(
    sheet: Sheet, round: ReportingRound, *, by: User, today: date, choices: Mapping[str, str] | None = None
) -> Preview:
    """Every line with what it would change. An empty cell keeps what stands.

    `choices` says for conflicting rows, by code, whether theirs or mine counts; without it they stay conflicts.
    """
    rows = Activity.objects.filter(plan=round.plan_id).select_related(
        "plan", "initiative__owner_section", "owner_section"
    )
    run = _Run(
        round=round,
        by=by,
        today=today,
        sheet=sheet,
        rows={row.code: row for row in rows},
        reports={report.activity_id: report for report in round.reports.all()},
        planned=planned_days(round),
        drafts={draft.activity_id: draft for draft in EntryDraft.objects.filter(round=round, author=by)},
        open_to=sections_open_to(by, Permission.RECORD_PROGRESS, today=today),
        choices=choices or {},
    )
    warnings = sheet.warnings
    if VERSION not in sheet.headers and sheet.encoding != PASTED:
        warnings = (*warnings, NO_VERSIONS)
    return Preview(round, tuple(_line(run, line) for line in sheet.lines), warnings)


def chosen_in(preview: Preview, choices: Mapping[str, str]) -> Preview:
    """The same, with what has been chosen for its conflicting rows."""
    return replace(preview, lines=tuple(replace(line, choice=choices.get(line.code, "")) for line in preview.lines))


def without_versions(sheet: Sheet) -> list[str]:
    """The hidden columns that a form workbook had, and this one has lost; a .csv may come without them."""
    hidden = (PLAN, ROUND, ROW, VERSION)
    return [heading for heading in hidden if heading not in sheet.headers] if sheet.encoding == "xlsx" else []


def _line(run: _Run, line: Line) -> LinePreview:
    cells = run.sheet.values(line)
    typed = as_text(cells.get(CODE) or cells.get(NAMES[CODE]) or cells.get(ROW) or "")
    code = code_text(typed)
    activity = run.rows.get(code)
    name = f"{activity.label} {activity.title}" if activity else quoted(typed) if typed else "（番号なし）"
    found = LinePreview(line.number, name, code, activity=activity)
    errors = _errors_of_the_row(run, line, cells, code, activity)
    if errors or activity is None:
        return replace(found, errors=tuple(errors))
    report = run.reports.get(activity.pk)
    version = report.version if report else 0
    found = replace(found, version=version)
    mine, errors = _read(run, line, cells, activity)
    seen, problem = _version(run, line, cells, version)
    if problem:
        errors.append(problem)
    if errors:
        return replace(found, errors=tuple(errors))
    return _merged(run, line, found, mine, report, seen)


def _errors_of_the_row(
    run: _Run, line: Line, cells: Mapping[str, Cell], code: str, activity: Activity | None
) -> list[str]:
    where = run.sheet.address(line, CODE if CODE in run.sheet.headers else NAMES[CODE])
    if not code:
        return [f"{where}：番号がありません。どの行か分かりません。"]
    if activity is None:
        return [f"{where}：番号{quoted(code)}の行は、この計画にありません。"]
    if code in run.seen:
        return [f"{where}：同じ番号の行が二つ以上あります。"]
    run.seen.add(code)
    if run.open_to is not None and activity.section_id not in run.open_to:
        return [f"{where}：{activity.label}は、あなたの課の行ではありません。"]
    section = activity.section.name if activity.section else ""
    expected = {
        PLAN: run.round.plan.code,
        ROUND: run.round.key,
        ROW: activity.code,
        TITLE_HEADING: activity.title,
        SECTION_HEADING: section,
    }
    return [
        f"{run.sheet.address(line, heading)}：「{heading}」は変えられません。元の値は{quoted(value)}です。"
        if heading in (TITLE_HEADING, SECTION_HEADING)
        else f"{run.sheet.address(line, heading)}：この行は{run.round.label}の{activity.label}のものではありません（{quoted(cells[heading])}）。"
        for heading, value in expected.items()
        if cells.get(heading) not in (None, "") and _plain(cells[heading]) != _plain(value)
    ]


def _plain(value: Any) -> str:
    return "".join(fold(as_text(value)).split())


def _read(run: _Run, line: Line, cells: Mapping[str, Cell], activity: Activity) -> tuple[dict[str, Any], list[str]]:
    """The fields that the line says something about, and a sentence for each cell that cannot be read."""
    mine: dict[str, Any] = {}
    errors = []
    for name, label in LABELS.items():
        heading = name if name in run.sheet.headers else label
        value = cells.get(heading)
        if value in (None, ""):
            continue
        try:
            mine[name] = parse_cell(name, value, activity.kind)
        except CellError as error:
            errors.append(f"{run.sheet.address(line, heading)}　{label}：{error}")
    return mine, errors


def _version(run: _Run, line: Line, cells: Mapping[str, Cell], now: int) -> tuple[int, str]:
    """The version the line was made from; a table without versions is taken as made from what stands now."""
    if VERSION not in run.sheet.headers:
        return now, ""
    text = as_text(cells.get(VERSION) if cells.get(VERSION) is not None else "")
    if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) > now:
        where = run.sheet.address(line, VERSION)
        return (
            now,
            f"{where}：隠れた列「{VERSION}」が読めません（{quoted(text)}）。入力用Excelをダウンロードし直してください。",
        )
    return int(text), ""


def _merged(
    run: _Run, line: Line, found: LinePreview, mine: dict[str, Any], report: ProgressReport | None, seen: int
) -> LinePreview:
    """Three ways: what the file was made from, what stands now, what the file says."""
    activity = run.rows[found.code]
    theirs = ReportValues.of(report)
    base = theirs if seen == found.version else (values_seen(report, seen) if report else None) or ReportValues()
    planned, conflicts, values = run.planned.get(activity.pk), [], {}
    for name, value in mine.items():
        now, then = getattr(theirs, name), getattr(base, name)
        if name == "completes_on" and value == planned:
            value = None
        if value in (now, then) or _lost_in_cp932(run, name, value, then):
            continue
        if now != then and found.code not in run.choices:
            shown = in_words(replace(theirs, **{name: value}), name)
            where = _address(run, line, name)
            conflicts.append(CellConflict(LABELS[name], where, in_words(base, name), in_words(theirs, name), shown))
        elif now == then or run.choices[found.code] == MINE:
            values[name] = value
    merged = replace(theirs, **values).as_stored(planned)
    changes = tuple(
        CellChange(LABELS[name], _address(run, line, name), in_words(theirs, name), in_words(merged, name))
        for name in LABELS
        if getattr(merged, name) != getattr(theirs, name)
    )
    found = replace(
        found,
        changes=changes,
        conflicts=tuple(conflicts),
        values=merged,
        left=_left_typed(run.drafts.get(activity.pk), theirs, values),
        is_reason_dropped=bool(values.get("reason")) and not merged.reason,
    )
    if not changes or conflicts:
        return found
    try:
        check_report(activity, run.round, merged, by=run.by, today=run.today)
    except ReportError as refused:
        return replace(found, errors=tuple(_placed(run, line, name, text) for name, text in refused.errors.items()))
    return found


def _lost_in_cp932(run: _Run, name: str, value: Any, then: Any) -> bool:
    """〜 and − come back from a CP932 file as other signs; that is no change of the text."""
    return run.sheet.encoding == "cp932" and name in LONGEST and fold(value) == fold(then)


def _left_typed(draft: EntryDraft | None, theirs: ReportValues, taken: Mapping[str, Any]) -> tuple[str, ...]:
    """Saving a row uses up its draft: what the table says nothing about must not go with it."""
    if draft is None:
        return ()
    recorded = theirs.as_typed()
    return tuple(name for name in LABELS if name not in taken and draft.typed.get(name, "") != recorded[name])


def _placed(run: _Run, line: Line, name: str, sentence: str) -> str:
    return f"{_address(run, line, name)}　{LABELS[name]}：{sentence}" if name in LABELS else sentence


def _address(run: _Run, line: Line, name: str) -> str:
    return run.sheet.address(line, name if name in run.sheet.headers else LABELS[name])
