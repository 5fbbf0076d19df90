"""Figures and states as they stand on paper: with their unit, a mark and a word, and 「―」 where nothing is known."""

from datetime import date
from typing import Protocol

from townhall import calendar, fiscal
from townhall.context import DEMO_NOTICE
from townhall.models import Notice
from townhall.paper.content import Pair

NOTHING = "―"
SENDER = "大多喜町情報化推進委員会事務局（総務課）"
COMMITTEE = "大多喜町情報化推進委員会"
# By tone, as the pages draw them; black on white the mark and the word have to do.
MARKS = {"ok": "○", "slow": "△", "late": "×", "done": "✓", "none": "－", "miss": "？", "study": "◇"}
DIRECTIONS = {"worse": "▼悪化", "better": "▲改善", "same": "同じ"}


class Toned(Protocol):
    @property
    def tone(self) -> str: ...
    @property
    def label(self) -> str: ...


def demo_note() -> str:
    """Paper leaves the portal and its strips behind, so made-up data says so itself; one query."""
    return Notice.objects.filter(key=DEMO_NOTICE).values_list("text", flat=True).first() or ""


def marked(thing: Toned) -> str:
    return f"{MARKS[thing.tone]} {thing.label}"


def marked_word(tone: str, word: str) -> str:
    return f"{MARKS.get(tone, '')} {word}".strip()


def long_day(day: date) -> str:
    return f"{fiscal.format_date(day)}（{calendar.weekday_ja(day)}）"


def figure(value: int | None, unit: str) -> str:
    return NOTHING if value is None else f"{value:,}{unit}"


def pairs_of(*rows: tuple[str, str, str]) -> tuple[Pair, ...]:
    """Key, label, text; what says nothing is said as 「―」, so that no field is missing in one of two editions."""
    return tuple(Pair(key, label, text or NOTHING) for key, label, text in rows)
