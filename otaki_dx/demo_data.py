"""Fills an empty portal with made-up people, reports and proposals through the same actions as everybody else.

Everything is 架空 and is marked so: the notice written here puts a strip on every page. Production never calls it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from initiatives.models import Initiative, Plan
from otaki_dx.demo import ACCOUNTS
from schedule.actions.reporting import record_report
from schedule.choices import ScheduleKind, Standing
from schedule.models import Activity, ReportingRound, RoundRule
from townhall import calendar, fiscal
from townhall.changes import System, create_row, save_row
from townhall.context import DEMO_NOTICE
from townhall.models import Notice, RoleAssignment, Section, User

FILE = Path(settings.BASE_DIR) / "fixtures" / "demo" / "progress.yaml"
SOURCE = "例のデータ"
BY = System("例のデータ")
QUARTERS = 12
SIGNS = {
    "○": Standing.ON_TRACK,
    "△": Standing.SLIGHTLY_LATE,
    "×": Standing.LATE,
    "✓": Standing.DONE,
    "－": Standing.NOT_STARTED,
    "検": Standing.CONSIDERING,
    "試": Standing.TRYING,
    "決": Standing.DECIDED,
    "実": Standing.RUNNING,
}
NOTICE_TEXT = "例のデータで動いています。氏名・数値・日付・状況・担当課は架空です。"


@transaction.atomic
def load_people(*, password: str, today: date) -> None:
    """The accounts of otaki_dx.demo with their posts, and the strip that says so on every page."""
    Notice(key=DEMO_NOTICE, text=NOTICE_TEXT).save()
    hashed = make_password(password)  # once: hashing is slow on purpose, and the password is shared
    for account in ACCOUNTS:
        email = f"{account.username}@otaki-dx.example"
        user = User(username=account.username, name=account.name, email=email, password=hashed)
        create_row(user, by=BY, today=today, source=SOURCE)
        section = Section.objects.get(code=account.section) if account.section else None
        ends_on = fiscal.fiscal_year_end(fiscal.fiscal_year(today)) if account.role == "expert" else None
        post = RoleAssignment(
            user=user,
            role=account.role,
            section=section,
            title=account.title,
            valid_from=date(2023, 4, 1),
            valid_until=ends_on,
        )
        create_row(post, by=BY, today=today, source=SOURCE)


@transaction.atomic
def load_progress(*, today: date) -> None:
    """Twelve closed rounds of the plan and one open round of the final evaluation, partly reported."""
    story = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    plan = Plan.objects.get(code="r5-r7")
    _set_owners(plan, story, today=today)
    create_row(RoundRule(plan=plan), by=BY, today=today, source=SOURCE)
    secretary = User.objects.get(username=ACCOUNTS[0].username)
    rows = {row.code: Line(row, story["lines"][row.code]) for row in plan.activities.in_plan_order()}
    for number, (year, quarter) in enumerate(_quarters(plan)):
        _report_quarter(plan, year, quarter, number, rows, by=secretary)
    _open_final_round(plan, story, rows, by=secretary, today=today)


def _set_owners(plan: Plan, story: dict[str, Any], *, today: date) -> None:
    for code, section_code in story["owners"].items():
        initiative = Initiative.objects.get(plan=plan, code=code)
        initiative.owner_section = Section.objects.get(code=section_code)
        save_row(initiative, by=BY, seen_version=initiative.version, today=today, source=SOURCE)
    organisation = Activity.objects.get(plan=plan, code="0-1")
    organisation.owner_section = Section.objects.get(code=story["organisation_owner"])
    save_row(organisation, by=BY, seen_version=organisation.version, today=today, source=SOURCE)


def _quarters(plan: Plan) -> Iterator[tuple[int, int]]:
    return ((year, quarter) for year in plan.years for quarter in (1, 2, 3, 4))


@dataclass(frozen=True)
class Line:
    """The made-up story of one row: what stood in each quarter."""

    activity: Activity
    story: dict[str, Any]

    @property
    def marks(self) -> str:
        return "".join(self.story["marks"].split())

    def values(self, number: int, *, sign: str = "") -> dict[str, Any]:
        """What the row says in that quarter; `sign` for a standing of its own."""
        standing = SIGNS[sign or self.marks[number]]
        is_delayed = standing in Standing.NEED_REASON
        return {
            "standing": standing,
            "percent": self.percent(number),
            "text": self.text(number),
            "reason": self.story.get("reason", "") if is_delayed else "",
            "next_step": self.story["next"],
            "to_committee": standing == Standing.LATE,
        }

    def text(self, number: int) -> str:
        """The sentences in turn; a row that begins later keeps its first sentence for the time before."""
        texts = self.story["texts"]
        if "－" not in self.marks:
            return str(texts[number % len(texts)])
        return str(texts[0] if self.marks[number] == "－" else texts[1 + number % (len(texts) - 1)])

    def percent(self, number: int) -> int | None:
        """Even steps from the first to the last reported rate; none before the row begins or without a rate."""
        rates = self.story.get("percent")
        if not rates or self.activity.kind == ScheduleKind.STUDY or self.marks[number] == "－":
            return None
        if self.marks[number] == "✓":
            return 100
        begun = self.marks.count("－")
        steps = max(QUARTERS - 1 - begun, 1)
        return int(rates[0] + (rates[1] - rates[0]) * (number - begun) / steps)


def _report_quarter(plan: Plan, year: int, quarter: int, number: int, rows: dict[str, Line], *, by: User) -> None:
    end = fiscal.quarter_end(year, quarter)
    day = calendar.working_day_on_or_before(end)
    opened = ReportingRound(
        plan=plan,
        fiscal_year=year,
        quarter=quarter,
        opens_on=day - timedelta(days=14),
        due_on=day,
    )
    create_row(opened, by=BY, today=day, source=SOURCE)
    for line in rows.values():
        if line.marks[number] != "？":
            _record(line.activity, opened, line.values(number), by=by, day=day)
    opened.closed_at, opened.closed_by = _at(day, 17), by.described_on(day)
    save_row(opened, by=BY, seen_version=opened.version, today=day, source=SOURCE)


def _open_final_round(plan: Plan, story: dict[str, Any], rows: dict[str, Line], *, by: User, today: date) -> None:
    """計画期間の終了後: the round a clerk of the demonstration can work on today."""
    final = ReportingRound(
        plan=plan,
        fiscal_year=fiscal.fiscal_year(today),
        quarter=fiscal.quarter(today),
        is_final=True,
        opens_on=calendar.working_day_on_or_before(today - timedelta(days=7)),
        due_on=calendar.working_day_on_or_after(today + timedelta(days=14)),
    )
    create_row(final, by=BY, today=today, source=SOURCE)
    day = calendar.working_day_on_or_before(today)
    for code, sign in story["final_reported"].items():
        line = rows[code]
        _record(line.activity, final, line.values(QUARTERS - 1, sign=sign), by=by, day=day)


def _record(activity: Activity, round: ReportingRound, values: dict[str, Any], *, by: User, day: date) -> None:
    record_report(activity, round, by=by, today=day, now=_at(day, 10), seen_version=None, source=SOURCE, **values)


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
