"""What residents are shown, as plain values, and as JSON that is always the same. Pure: no rows, no clock."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from datetime import date
from functools import cache, lru_cache
from types import UnionType
from typing import Any, cast, get_args, get_origin, get_type_hints

from schedule.choices import Standing
from townhall.cells import clean_text

# Beside the standings: an accepted report that is not shown, and one that 事務局 has not accepted yet.
WITHHELD, UNCONFIRMED = "withheld", "unconfirmed"
WORDS = {WITHHELD: "非公開", UNCONFIRMED: "確認中"}


@dataclass(frozen=True)
class Shown:
    """A standing as a mark with its word (townhall's `badge`)."""

    tone: str
    label: str


def shown_standing(value: str) -> Shown:
    return Shown("miss", WORDS[value]) if value in WORDS else Shown(Standing(value).tone, Standing(value).label)


@dataclass(frozen=True)
class PublicRow:
    code: str
    label: str
    initiative: str  # its code; empty for the row of 推進体制
    group: str
    title: str
    kind: str
    timing: str
    years: str
    section: str
    standing: str  # of Standing, or WITHHELD, UNCONFIRMED
    text: str = ""
    next_step: str = ""

    @property
    def state(self) -> Shown:
        return shown_standing(self.standing)


@dataclass(frozen=True)
class PublicInitiative:
    code: str
    label: str
    kind: str
    name: str
    section: str
    plan_text: tuple[str, ...]  # paragraphs in the plan's words
    plain: str = ""
    plain_is_example: bool = False


@dataclass(frozen=True)
class PublicChange:
    label: str
    title: str
    initiative: str
    before: str
    after: str


@dataclass(frozen=True)
class PublicRate:
    name: str
    definition: str
    part: int
    whole: int
    percent: str  # one decimal; empty when there is nothing to divide by


@dataclass(frozen=True)
class PublicSystem:
    code: str
    name: str
    is_target: bool
    exclusion_reason: str
    is_example: bool
    counted: int | None  # of 40, as published


@dataclass(frozen=True)
class PublicSystems:
    as_of: date | None
    source: str
    rates: tuple[PublicRate, ...]
    lines: tuple[PublicSystem, ...]


@dataclass(frozen=True)
class PublicFigure:
    """One value of an indicator that is flagged 公開してよい; measured or estimated, never joined."""

    indicator: int
    name: str
    unit: str
    initiative: str
    formula: str
    fiscal_year: int
    part: str
    basis: str
    value: str
    target: str
    target_upper: str  # where a range is good
    target_by: str
    as_of: date
    source: str


@dataclass(frozen=True)
class PublicGrade:
    """One letter of the plan's scale, with what it means."""

    code: str
    label: str
    meaning: str


@dataclass(frozen=True)
class PublicLetter:
    """What the committee gave an initiative in a year that is fixed; never joined with the standings of the rounds."""

    initiative: str
    fiscal_year: int
    grade: PublicGrade
    fixed_on: date
    is_corrected: bool


@dataclass(frozen=True)
class PublicTerm:
    number: int
    term: str
    definition: str
    aliases: str  # one a line


@dataclass(frozen=True)
class PublicBlock:
    kind: str  # heading, paragraph, principles, initiatives, schedule, roles
    text: str = ""
    items: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class PublicChapter:
    number: int
    heading: str
    blocks: tuple[PublicBlock, ...]

    @property
    def title(self) -> str:
        return f"{self.number} {self.heading}"


@dataclass(frozen=True)
class PublicContent:
    plan_code: str
    plan_name: str
    period: str
    starts_on: date
    ends_on: date
    round: str  # empty: no round has been closed
    round_key: str
    round_year: int | None
    closed_on: date | None
    initiatives: tuple[PublicInitiative, ...]
    rows: tuple[PublicRow, ...]
    systems: PublicSystems
    figures: tuple[PublicFigure, ...]
    terms: tuple[PublicTerm, ...]
    chapters: tuple[PublicChapter, ...]
    is_example: bool = False  # the demonstration
    letters: tuple[PublicLetter, ...] = ()
    scale: tuple[PublicGrade, ...] = ()  # empty while no letter is public
    scale_is_example: bool = False
    since: date | None = None  # the publication that `changes` compares with
    changes: tuple[PublicChange, ...] = ()

    @property
    def scheduled(self) -> tuple[PublicRow, ...]:
        """The rows of 全体スケジュール, without 検討事項."""
        return tuple(row for row in self.rows if not row.code.startswith("k"))

    @property
    def counts(self) -> tuple[tuple[Shown, int], ...]:
        """How the rows of the schedule stand; what is not shown is counted too, so the numbers add up."""
        return _counts(self.scheduled)

    @property
    def priorities(self) -> tuple[PublicInitiative, ...]:
        return tuple(each for each in self.initiatives if not each.code.startswith("k"))

    @property
    def studies(self) -> tuple[PublicInitiative, ...]:
        return tuple(each for each in self.initiatives if each.code.startswith("k"))

    @property
    def latest_figures(self) -> tuple[PublicFigure, ...]:
        """Of each indicator the newest measured value, and the newest estimate in a line of its own."""
        return tuple({(each.indicator, each.basis): each for each in self.figures}.values())

    @property
    def shown_rows(self) -> int:
        return sum(row.standing not in WORDS and row.standing != Standing.UNREPORTED for row in self.rows)

    def counts_of(self, code: str) -> tuple[tuple[Shown, int], ...]:
        return _counts(self.rows_of(code))

    def next_of(self, code: str) -> str:
        return next((row.next_step for row in self.rows_of(code) if row.next_step), "")

    def rows_of(self, code: str) -> tuple[PublicRow, ...]:
        return tuple(row for row in self.rows if row.initiative == code)

    def figures_of(self, code: str) -> tuple[PublicFigure, ...]:
        return tuple(each for each in self.figures if each.initiative == code)

    def letters_of(self, code: str) -> tuple[PublicLetter, ...]:
        """Oldest year first."""
        return tuple(each for each in self.letters if each.initiative == code)

    @property
    def alone(self) -> "PublicContent":
        """Without what depends on the publication before it."""
        return replace(self, since=None, changes=())


def _counts(rows: Sequence[PublicRow]) -> tuple[tuple[Shown, int], ...]:
    found = [row.standing for row in rows]
    order = [*Standing.FOR_ROWS, *Standing.FOR_STUDIES, Standing.UNREPORTED, *WORDS]
    return tuple((shown_standing(each), found.count(each)) for each in dict.fromkeys(order) if each in found)


def with_changes(content: PublicContent, before: PublicContent | None, *, since: date | None) -> PublicContent:
    """Beside each row what stood there in the publication before."""
    if before is None:
        return content.alone
    return replace(content, since=since, changes=tuple(_changes(before, content)))


def _changes(before: PublicContent, after: PublicContent) -> list[PublicChange]:
    if before.plan_code != after.plan_code:
        return []
    old = {row.code: row for row in before.rows}
    pairs = [(old.get(row.code), row) for row in after.rows]
    return [
        PublicChange(row.label, row.title, row.initiative, then.state.label if then else "（なし）", row.state.label)
        for then, row in pairs
        if then is None or then.standing != row.standing
    ]


# --- to and from JSON


def as_json(content: PublicContent) -> str:
    """The same content always gives the same text."""
    return json.dumps(
        _plain(asdict(content)), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def mark_of(content: str) -> str:
    """sha256 of what `as_json` wrote."""
    return hashlib.sha256(content.encode()).hexdigest()


@lru_cache(maxsize=4)
def from_json(content: str) -> PublicContent:
    """Also of a publication by an earlier version of the portal: what it did not know has its default.

    The last few are kept: every page for residents reads the same one.
    """
    made: PublicContent = _made(PublicContent, json.loads(content))
    return made


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, Sequence) else value


def _made(kind: Any, plain: Any) -> Any:
    """A value of that annotation from what JSON made of it."""
    if is_dataclass(kind):
        known: dict[str, Any] = _hints(cast(Any, kind))
        return kind(**{name: _made(known[name], plain[name]) for name in known if name in plain})  # type: ignore[operator]
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        return tuple(_made(inner, each) for each in plain)
    if get_origin(kind) is UnionType:
        return None if plain is None else _made(get_args(kind)[0], plain)
    return date.fromisoformat(plain) if kind is date else plain


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
