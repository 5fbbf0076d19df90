"""What a report may say about a row. Pure: plain values in, sentences out; no database, no clock."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol, Self

from schedule.choices import ScheduleKind, Standing
from townhall import fiscal
from townhall.cells import clean_text

LABELS = {
    "standing": "状況",
    "percent": "進捗率",
    "text": "今期の実績",
    "reason": "遅れ・変更の理由",
    "next_step": "来期の予定",
    "completes_on": "完了予定",
    "to_committee": "委員会に諮る",
}
LONGEST = {"text": 4000, "reason": 2000, "next_step": 4000}


class HasValues(Protocol):
    """A report, or anything with the same seven columns."""

    standing: str
    percent: int | None
    text: str
    reason: str
    next_step: str
    completes_on: date | None
    to_committee: bool


@dataclass(frozen=True)
class ReportValues:
    """The seven things a person says about a row. `completes_on` None: as planned, or as an earlier round said."""

    standing: str = ""
    percent: int | None = None
    text: str = ""
    reason: str = ""
    next_step: str = ""
    to_committee: bool = False
    completes_on: date | None = None

    @classmethod
    def of(cls, report: HasValues | None) -> Self:
        """Blank when nothing is recorded yet."""
        return cls(**{name: getattr(report, name) for name in LABELS}) if report is not None else cls()

    @property
    def is_blank(self) -> bool:
        return self == ReportValues()

    @property
    def is_complete(self) -> bool:
        """Enough to be a report; anything less is a draft."""
        return bool(self.standing and self.text)

    def moves(self, planned_on: date | None) -> bool:
        """Does this report move the completion away from what was known before the round?"""
        return planned_on is not None and self.completes_on not in (None, planned_on)

    def needs_reason(self, planned_on: date | None = None) -> bool:
        return self.standing in Standing.NEED_REASON or self.moves(planned_on)

    def as_stored(self, planned_on: date | None = None) -> "ReportValues":
        """Texts cleaned and trimmed; the planned date itself is no news.

        A reason belongs to やや遅れ, 遅れ and a moved completion; elsewhere it would contradict the standing.
        """
        values: dict[str, Any] = {name: clean_text(getattr(self, name)).strip() for name in LONGEST}
        if not self.needs_reason(planned_on):
            values["reason"] = ""
        if self.completes_on == planned_on:
            values["completes_on"] = None
        return replace(self, **values)

    def as_typed(self) -> dict[str, str]:
        """As the controls of a form hold them: the raw text of each field."""
        percent = "" if self.percent is None else str(self.percent)
        day = fiscal.format_date_short(self.completes_on) if self.completes_on else ""
        return vars(self) | {
            "percent": percent,
            "completes_on": day,
            "to_committee": "on" if self.to_committee else "",
        }


def standings_for(kind: str) -> tuple[Standing, ...]:
    """What a person may choose, in the order of the keys 1, 2, 3 …"""
    names = Standing.FOR_STUDIES if kind == ScheduleKind.STUDY else Standing.FOR_ROWS
    return tuple(Standing(name) for name in names)


def errors_in(values: ReportValues, *, kind: str, planned_on: date | None = None) -> dict[str, str]:
    """Field name → sentence. An incomplete report is no error: it is kept as a draft.

    `planned_on` is the completion known before this round (schedule/completion.py), None when there is none.
    """
    errors = {
        name: f"{LABELS[name]}は{limit:,}文字までです（いまは{len(getattr(values, name)):,}文字）。"
        for name, limit in LONGEST.items()
        if len(getattr(values, name)) > limit
    }
    standing = _standing_errors(values, kind)
    # A standing that the row cannot have asks for no reason.
    delay = {} if standing else _delay_errors(values)
    return errors | standing | _percent_errors(values, kind) | _completion_errors(values, kind, planned_on) | delay


def _standing_errors(values: ReportValues, kind: str) -> dict[str, str]:
    allowed = standings_for(kind)
    if values.standing and values.standing not in allowed:
        words = "・".join(each.label for each in allowed)
        return {"standing": f"状況は、{words}から選んでください。"}
    if kind == ScheduleKind.ONGOING and values.standing == Standing.LATE:  # R10
        return {
            "standing": "随時・継続の行は「遅れ」になりません。滞っているときは「やや遅れ」を選び、理由を書いてください。"
        }
    return {}


def _percent_errors(values: ReportValues, kind: str) -> dict[str, str]:
    if values.percent is None:
        return {}
    if kind == ScheduleKind.STUDY:
        return {"percent": "検討事項に進捗率はありません。空欄にしてください。"}
    if not 0 <= values.percent <= 100:
        return {"percent": f"進捗率は 0～100 で入力してください（いまの値 {values.percent}）。"}
    return {}


def _delay_errors(values: ReportValues) -> dict[str, str]:
    """R1, asked when the report is otherwise complete."""
    if not (values.is_complete and values.standing in Standing.NEED_REASON):
        return {}
    word = Standing(values.standing).label
    return {
        name: f"「{word}」のときは、{LABELS[name]}を入力してください。"
        for name in ("reason", "next_step")
        if not getattr(values, name)
    }


def _completion_errors(values: ReportValues, kind: str, planned_on: date | None) -> dict[str, str]:
    if values.completes_on is None:
        return {}
    if kind not in ScheduleKind.WITH_END:
        return {"completes_on": "この行に完了予定はありません。空欄にしてください。"}
    if values.is_complete and planned_on and values.moves(planned_on) and not values.reason:
        before = fiscal.format_date(planned_on)
        return {"reason": f"完了予定を{before}から変えるときは、{LABELS['reason']}を入力してください。"}
    return {}


def hint_about(values: ReportValues) -> str:
    """A contradiction worth a look, never a reason to refuse."""
    if values.percent == 100 and values.standing not in ("", Standing.DONE):
        return "進捗率が100％です。終わっていれば「完了」を選んでください。"
    if values.standing == Standing.DONE and values.percent is not None and values.percent < 100:
        return f"「完了」ですが、進捗率が{values.percent}％です。"
    return ""


def in_words(values: ReportValues, name: str) -> str:
    """One field as people read it."""
    value = getattr(values, name)
    if name == "standing" and value:
        return Standing(value).label
    if name == "to_committee":
        return "諮る" if value else "諮らない"
    if name == "percent" and value is not None:
        return f"{value}％"
    if name == "completes_on" and value is not None:
        return fiscal.format_date(value)
    return str(value) if value else "（空欄）"
