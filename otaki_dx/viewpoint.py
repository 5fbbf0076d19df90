"""From which day a page looks at the plan, and which earlier day it compares with. Both stand in the address."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from committee.models import Meeting
from otaki_dx.days import KnownDay, known_days, read_day
from otaki_dx.freshness import remembered
from otaki_dx.plan_choice import PlanChoice
from townhall import fiscal
from townhall.http import PortalRequest
from townhall.permissions import Permission, can


@dataclass(frozen=True)
class Since:
    """What a page compares with, in a sentence and at the head of a column."""

    name: str
    heading: str


LAST_MEETING = Since("前回の委員会", "前回比")
ROUND_BEFORE = Since("前期", "前期比")


@dataclass(frozen=True)
class DayChooser:
    """A list of days that have a name, and a field for any other."""

    name: str
    label: str
    day: date | None
    choices: tuple[KnownDay, ...]
    typed: str  # the day in words, unless the list has it


@dataclass(frozen=True)
class Viewpoint:
    as_of: date
    is_today: bool
    base: date | None  # None: no meeting has been held before that day, so the round before is compared with
    since: Since
    sentences: tuple[str, ...]
    choosers: tuple[DayChooser, ...]
    front_is_off: bool = False  # イナズマ線を消す
    plan_code: str = ""  # of a plan that is not the one in force

    @property
    def has_typed(self) -> bool:
        return any(chooser.typed for chooser in self.choosers)

    @property
    def query(self) -> str:
        """For links to the other pages of the same view; empty as the page opens by itself."""
        return self._query(front_is_off=self.front_is_off)

    @property
    def front_query(self) -> str:
        """The same page with the イナズマ線 the other way."""
        return self._query(front_is_off=not self.front_is_off)

    def _query(self, *, front_is_off: bool) -> str:
        asked = {} if self.is_today else {"as_of": self.as_of.isoformat()}
        if self.base and self.since != LAST_MEETING:
            asked["base"] = self.base.isoformat()
        if self.plan_code:
            asked["plan"] = self.plan_code
        if front_is_off:
            asked["front"] = "off"
        return f"?{urlencode(asked)}" if asked else ""


def viewpoint(request: PortalRequest, choice: PlanChoice) -> Viewpoint:
    """?as_of= (today when empty) and ?base= (the last meeting before it); two queries.

    Both take a day as people write it. What cannot be used is left out and a sentence says so.
    """
    plan = choice.plan
    sees_meetings = can(request.user, Permission.VIEW_MEETING, today=request.today)
    known = remembered(
        request,
        "known_days",
        plan and plan.pk,
        sees_meetings,
        make=lambda: known_days(plan, today=request.today, with_meetings=sees_meetings),
    )
    as_of, as_of_said = read_day(asked_day(request, "as_of"), today=request.today)
    base, base_said = _base(asked_day(request, "base"), as_of=as_of, today=request.today)
    last = last_meeting(known, before=as_of)
    chosen = _named(base, known) if base else last
    today = KnownDay(request.today, f"今日（{fiscal.format_date(request.today)}）")
    return Viewpoint(
        as_of=as_of,
        is_today=as_of == request.today,
        base=chosen.day if chosen else None,
        since=(LAST_MEETING if chosen == last else Since(chosen.label, "比較")) if chosen else ROUND_BEFORE,
        sentences=tuple(sentence for sentence in (choice.sentence, as_of_said, base_said) if sentence),
        choosers=(
            chooser("as_of", "時点", as_of, (today, *known)),
            chooser("base", "比べる相手", chosen.day if chosen else None, known),
        ),
        front_is_off=request.GET.get("front", "") == "off",
        plan_code=plan.code if plan and choice.is_asked else "",
    )


def last_meeting(known: tuple[KnownDay, ...], *, before: date) -> KnownDay | None:
    return next((each for each in known if each.is_meeting and each.day < before), None)


def last_meeting_day(*, before: date) -> date | None:
    """The same from the database; one query."""
    return Meeting.objects.past(today=before).values_list("held_on", flat=True).first()


def asked_day(request: PortalRequest, name: str) -> str:
    """What was typed counts; a day of the list only where nothing was."""
    return request.GET.get(name, "").strip() or request.GET.get(f"{name}_day", "").strip()


def chooser(name: str, label: str, day: date | None, choices: tuple[KnownDay, ...]) -> DayChooser:
    typed = "" if day is None or any(each.day == day for each in choices) else fiscal.format_date(day)
    return DayChooser(name, label, day, choices, typed)


def _base(text: str, *, as_of: date, today: date) -> tuple[date | None, str]:
    if not text:
        return None, ""
    day, sentence = read_day(text, today=today)
    if sentence:
        return None, sentence.replace("今日の状況を表示しています", "前回の委員会と比べています")
    if day >= as_of:
        return (
            None,
            f"比べる相手（{fiscal.format_date(day)}）は、時点より前の日にしてください。前回の委員会と比べています。",
        )
    return day, ""


def _named(day: date, known: tuple[KnownDay, ...]) -> KnownDay:
    return next((each for each in known if each.day == day), KnownDay(day, fiscal.format_date(day)))
