"""The three shapes in which the ministries publish about 標準化20業務, found by their headings, never by position.

A 月次一覧 by 団体, B 業務別ステップ別, C 特定移行の結果一覧. Of each only this town's lines are read. No database, no clock.
"""

import calendar
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from openpyxl.utils import get_column_letter

from initiatives.choices import StepState
from initiatives.models.systems import PUBLISHED_STEPS
from townhall import fiscal
from townhall.cells import fold, quoted
from townhall.sheets.extract import Extract
from townhall.sheets.guard import SheetError
from townhall.sheets.table import Cell, Line

PREFECTURE, TOWN = "千葉県", "大多喜町"
TOWN_CODES = ("124419", "12441")  # 全国地方公共団体コード, with and without its check digit
WORDS = [TOWN, f"{PREFECTURE}{TOWN}", *TOWN_CODES]

MONTHLY, STEPS, TRANSITION = "monthly", "steps", "transition"
LABELS = {
    MONTHLY: "月次の進捗一覧（団体別）",
    STEPS: "業務別ステップ別の進捗一覧",
    TRANSITION: "特定移行支援システムの結果一覧",
}
PREFECTURES, TOWNS = ("都道府県", "都道府県名"), ("市区町村", "市区町村名", "団体名", "自治体名")
RATE, SYSTEM, CODE = ("完了率",), ("業務名",), ("団体コード",)
FIXED = {*PREFECTURES, *TOWNS, *RATE, *SYSTEM, *CODE}
APPLIES = {"●", "◯", "○", "〇", "該当"}

BY_PREFECTURE = (
    "「{title}」シートは都道府県別の表です（市区町村の列がありません）。町の値は入っていません。"
    "団体別の一覧のファイルを選んでください。"
)
UNKNOWN_SHAPE = (
    "国の公表ファイルの見出しが見つかりません。団体別の月次一覧（都道府県・市区町村・完了率）、"
    "業務別ステップ別（都道府県名・市区町村名・業務名）、特定移行の結果一覧（団体コード・自治体名）のどれかを選んでください。"
)
NOT_HERE = f"「{{title}}」シートに、{PREFECTURE} {TOWN}の行がありません。"
NO_DAY = "ファイルから基準日（例　令和8年1月末）が分かりません。もう一度ファイルを選び、「基準日」に入力してください。"


@dataclass(frozen=True)
class Finding:
    """What the file says about one 業務."""

    name: str  # as in the file
    place: str  # 「シート」!D3
    counted: int | None = None
    excluded: int | None = None
    steps: tuple[tuple[str, str], ...] = ()
    applies: bool | None = None  # 特定移行


@dataclass(frozen=True)
class MinistryTable:
    kind: str
    title: str
    as_of: date
    total: int  # lines looked at
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        findings = [vars(each) | {"steps": [list(step) for step in each.steps]} for each in self.findings]
        return vars(self) | {"as_of": self.as_of.isoformat(), "findings": findings, "notes": list(self.notes)}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "MinistryTable":
        findings = tuple(
            Finding(**(each | {"steps": tuple((name, word) for name, word in each["steps"])}))
            for each in kept["findings"]
        )
        day = date.fromisoformat(kept["as_of"])
        return cls(kept["kind"], kept["title"], day, kept["total"], findings, tuple(kept["notes"]))


@dataclass
class Heads:
    """The columns of a sheet by their folded heading; two lines of headings are read as one."""

    line: int
    columns: dict[str, int]
    names: list[str] = field(default_factory=list)  # as written, by column

    def at(self, wanted: Sequence[str]) -> int | None:
        return next((self.columns[key(word)] for word in wanted if key(word) in self.columns), None)


def interpret(extracts: Sequence[Extract], *, file_name: str, known: Iterable[str], said: date | None) -> MinistryTable:
    """`known`: every name a 業務 may have; `said`: the 基準日 that the person typed. Raises SheetError."""
    names = {key(name) for name in known}
    problem = UNKNOWN_SHAPE
    for extract in extracts:
        heads, kind = _shape(extract, names)
        if kind == "prefectures":
            problem = BY_PREFECTURE.format(title=extract.title)
        elif heads and kind:
            return _table(extract, heads, kind, names, _day(extracts, extract, file_name, said))
    raise SheetError(problem)


def key(text: object) -> str:
    """「子ども・子育て支援」 and 「子ども･子育て支援」 are one."""
    return re.sub(r"[\s・･／/]", "", fold(str(text or ""))).casefold()


# --- which shape


def _shape(extract: Extract, names: set[str]) -> tuple[Heads | None, str]:
    for number in range(len(extract.top)):
        heads = _heads(extract.top, number, names)
        if heads.at(TOWNS) is not None and heads.at(CODE) is not None and names & set(heads.columns):
            return heads, TRANSITION
        if heads.at(PREFECTURES) is None:
            continue
        if heads.at(TOWNS) is not None and heads.at(SYSTEM) is not None:
            return heads, STEPS
        if heads.at(RATE) is not None and names & set(heads.columns):
            return heads, MONTHLY if heads.at(TOWNS) is not None else "prefectures"
    return None, ""


def _heads(top: Sequence[Line], number: int, known: set[str]) -> Heads:
    """A heading stands in this line; a 業務 may be named in the one below or above, under a common heading."""
    around = [top[at].cells for at in (number, number + 1, number - 1) if 0 <= at < len(top)]
    if number + 1 < len(top) and _names_us(top[number + 1]):  # already data
        around.pop(1)
    width = max((len(cells) for cells in around), default=0)
    names = [_name([cells[at] for cells in around if at < len(cells)], known) for at in range(width)]
    columns: dict[str, int] = {}
    for at, name in enumerate(names):
        if key(name):
            columns.setdefault(key(name), at)
    return Heads(number, columns, names)


def _name(cells: Sequence[Cell], known: set[str]) -> str:
    written = [str(cell) for cell in cells if cell not in (None, "")]
    if written and written[0] in FIXED:  # below 業務名 stands the first 業務
        return written[0]
    return next((each for each in written if key(each) in known), written[0] if written else "")


def _names_us(line: Line) -> bool:
    return any(fold(str(cell)) in WORDS for cell in line.cells if cell is not None)


# --- of which day


def _day(extracts: Sequence[Extract], extract: Extract, file_name: str, said: date | None) -> date:
    """From the sheet's name, its first lines, the file's name or the other sheets; else what the person typed."""
    top = [str(cell) for line in extract.top[:3] for cell in line.cells if isinstance(cell, str)]
    found = next((day for text in (extract.title, *top, file_name) if (day := month_end(text))), None)
    found = found or next((day for each in extracts if (day := month_end(each.title))), None)
    if found and said and found != said:
        raise SheetError(
            f"ファイルの基準日は{fiscal.format_date(found)}ですが、{fiscal.format_date(said)}と入力されています。"
            "どちらが正しいか確かめてください。"
        )
    if found is None and said is None:
        raise SheetError(NO_DAY)
    return found or said  # type: ignore[return-value]


def month_end(text: str) -> date | None:
    """「令和8年1月_進捗状況」 → 2026-01-31; a full day is taken as it is."""
    match = re.search(r"(令和(?:元|[0-9]{1,2})年[0-9]{1,2}月)([0-9]{1,2}日)?", fold(text))
    if match is None:
        return None
    try:
        first = fiscal.parse_date(match[1] + (match[2] or "1日"))
    except fiscal.DateTextError:
        return None
    return first if match[2] else first.replace(day=calendar.monthrange(first.year, first.month)[1])


# --- what it says


def _table(extract: Extract, heads: Heads, kind: str, names: set[str], as_of: date) -> MinistryTable:
    lines = [line for line in extract.lines if _is_ours(line, heads)]
    if not lines:
        raise SheetError(NOT_HERE.format(title=extract.title))
    problems: list[str] = []
    if kind == STEPS:
        findings = [_steps(extract, heads, line, problems) for line in lines]
    else:
        if len(lines) > 1:
            shown = "、".join(f"{line.number}行目" for line in lines)
            raise SheetError(f"「{extract.title}」シートに{TOWN}の行が二つ以上あります（{shown}）。")
        findings = _row(extract, heads, lines[0], kind, names, problems)
    unknown = [each for each in findings if key(each.name) not in names]
    problems += [f"{each.place} の業務{quoted(each.name)}は、20業務にありません。" for each in unknown]
    seen = [key(each.name) for each in findings]
    problems += [
        f"{each.place} 業務{quoted(each.name)}が二つ以上あります。"
        for n, each in enumerate(findings)
        if key(each.name) in seen[:n]
    ]
    if problems:
        raise SheetError(*problems)
    return MinistryTable(kind, extract.title, as_of, extract.total, tuple(findings))


def _is_ours(line: Line, heads: Heads) -> bool:
    prefecture, town, code = heads.at(PREFECTURES), heads.at(TOWNS), heads.at(CODE)
    if code is not None and _text(line, code) in TOWN_CODES:
        return True
    if town is None or _text(line, town) not in (TOWN, f"{PREFECTURE}{TOWN}"):
        return False
    return prefecture is None or _text(line, prefecture) in ("", PREFECTURE)


def _row(extract: Extract, heads: Heads, line: Line, kind: str, names: set[str], problems: list[str]) -> list[Finding]:
    findings = []
    for name in sorted(names & set(heads.columns), key=heads.columns.__getitem__):
        column = heads.columns[name]
        place = _place(extract, line, column)
        cell = line.cells[column] if column < len(line.cells) else None
        if kind == TRANSITION:
            findings.append(_applies(heads.names[column], place, cell, problems))
        elif cell not in (None, "") and fold(str(cell)) != "-":  # an empty cell keeps what is recorded
            counted = _counted(cell, place, problems)
            findings.append(Finding(heads.names[column], place, counted=counted))
    return findings


def _applies(name: str, place: str, cell: Cell, problems: list[str]) -> Finding:
    text = str(cell or "").strip()
    if text and text not in APPLIES and fold(text) not in ("-", "×"):
        problems.append(f"{place} の{quoted(text)}は読めません。該当は「●」、該当しないときは空欄です。")
    return Finding(name, place, applies=text in APPLIES)


def _counted(cell: Cell, place: str, problems: list[str]) -> int:
    """0.85, 「85%」 or 85 → 34 of 40; anything that is no multiple of 1/40 is no published value."""
    text = fold(str(cell))
    try:
        number = Decimal(text.removesuffix("%"))
    except InvalidOperation:
        problems.append(f"{place} の{quoted(cell)}は率として読めません。")
        return 0
    share = number / 100 if text.endswith("%") or number > 1 else number
    steps = round(share * PUBLISHED_STEPS, 4)
    if not 0 <= steps <= PUBLISHED_STEPS or steps != int(steps):
        problems.append(f"{place} の{quoted(cell)}は、{PUBLISHED_STEPS}ステップの率（2.5％きざみ）ではありません。")
        return 0
    return int(steps)


def _steps(extract: Extract, heads: Heads, line: Line, problems: list[str]) -> Finding:
    """完了済み and 対象外 are counted; every other word is kept as it stands."""
    system = heads.at(SYSTEM) or 0
    place = _place(extract, line, system)
    named = [(at, name) for at, name in enumerate(heads.names) if at > system and name]
    if len(named) != PUBLISHED_STEPS:
        problems.append(f"{place} ステップの列が{len(named)}あります。{PUBLISHED_STEPS}列の表を選んでください。")
        named = named[:PUBLISHED_STEPS]
    words = tuple((name, str(line.cells[at] or "") if at < len(line.cells) else "") for at, name in named)
    excluded = sum(fold(word) == StepState.OUT.label for _, word in words)
    counted = sum(fold(word) == StepState.DONE.label for _, word in words) + excluded
    name = str(line.cells[system] or "") if system < len(line.cells) else ""
    return Finding(name, place, counted=counted, excluded=excluded, steps=words)


def _text(line: Line, column: int) -> str:
    cell = line.cells[column] if column < len(line.cells) else None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return fold(str(cell)).replace(" ", "") if cell is not None else ""


def _place(extract: Extract, line: Line, column: int) -> str:
    return f"「{extract.title}」!{get_column_letter(column + 1)}{line.number}"
