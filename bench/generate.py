"""Made-up plans for measuring, the same each time: `town` as Otaki might have it, `large` as no town will.

Bulk writes on purpose: nothing here goes through the actions, and nothing of it is ever loaded by the portal.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import product

from django.utils import timezone

from committee.models import Meeting
from initiatives.models import Initiative, Plan
from schedule.choices import ScheduleKind, Standing
from schedule.models import Activity, ProgressReport, ReportingRound
from townhall import fiscal
from townhall.choices import Role
from townhall.models import RoleAssignment, Section, User

KINDS = (ScheduleKind.FROM, ScheduleKind.ONGOING, ScheduleKind.YEARLY, ScheduleKind.DEADLINE)
STANDINGS = (Standing.ON_TRACK, Standing.ON_TRACK, Standing.SLIGHTLY_LATE, Standing.ON_TRACK, Standing.LATE)
BATCH = 500


@dataclass(frozen=True)
class Size:
    name: str
    initiatives: int
    rows: int
    first_year: int
    years: int  # of rounds, four each

    @property
    def today(self) -> date:
        """In the last month of the last round, when all of them have been reported."""
        return fiscal.fiscal_year_end(self.first_year + self.years - 1) - timedelta(days=5)


TOWN = Size("town", initiatives=8, rows=19, first_year=2021, years=5)
LARGE = Size("large", initiatives=40, rows=1000, first_year=2023, years=3)


def generate(size: Size) -> None:
    """One plan, its rows, every round reported on with history, a meeting before the last round, people and posts."""
    sections = [Section(code=f"s{number}", name=f"第{number}課", order=number) for number in range(1, 9)]
    Section.objects.bulk_create(sections)
    _person("member", Role.MEMBER, None)
    _person("office", Role.SECRETARIAT, sections[0])
    last = size.first_year + size.years - 1
    plan = Plan(
        code=size.name, name="計測用の計画", starts_on=date(size.first_year, 4, 1), ends_on=date(last + 1, 3, 31)
    )
    plan.save()
    rows = _rows(plan, size, sections)
    rounds = [_round(plan, year, quarter) for year in range(size.first_year, last + 1) for quarter in (1, 2, 3, 4)]
    ReportingRound.objects.bulk_create(rounds)
    _reports(rows, rounds)
    Meeting(number=1, held_on=rounds[-1].opens_on - timedelta(days=10), starts_at=time(13, 30), place="会議室").save()


def _person(username: str, role: Role, section: Section | None) -> None:
    user = User(username=username, name=f"見本 {username}", email=f"{username}@town.example")
    user.set_unusable_password()
    user.save()
    RoleAssignment(user=user, role=role, section=section, valid_from=date(2020, 4, 1)).save()


def _rows(plan: Plan, size: Size, sections: list[Section]) -> list[Activity]:
    initiatives = [
        Initiative(plan=plan, kind="priority", number=n, code=str(n), name=f"取組その{n}", text="計画の記載です。")
        for n in range(1, size.initiatives + 1)
    ]
    Initiative.objects.bulk_create(initiatives)
    rows = []
    for number in range(size.rows):
        initiative = initiatives[number % size.initiatives]
        kind = KINDS[number % len(KINDS)]
        rows.append(
            Activity(
                plan=plan,
                initiative=initiative,
                owner_section=sections[number % len(sections)],
                code=f"{initiative.number}-{number // size.initiatives + 1}",
                order=initiative.number * 100 + number // size.initiatives,
                content=f"{initiative.name}の{number + 1}番目の内容を、関係する課と進めます。",
                timing_text=f"令和{size.first_year - 2018}年度～実施",
                kind=kind,
                first_year=plan.first_year,
                last_year=plan.last_year,
                due_on=plan.ends_on if kind == ScheduleKind.DEADLINE else None,
            )
        )
    return list(Activity.objects.bulk_create(rows, batch_size=BATCH))


def _round(plan: Plan, year: int, quarter: int) -> ReportingRound:
    last_day = fiscal.quarter_end(year, quarter)
    due_on = last_day + timedelta(days=10)
    return ReportingRound(
        plan=plan, fiscal_year=year, quarter=quarter, opens_on=last_day - timedelta(days=20), due_on=due_on
    )


def _reports(rows: list[Activity], rounds: list[ReportingRound]) -> None:
    """Submitted, then accepted: two versions of each."""
    reports = [
        _report(row, round, number + at) for (at, round), (number, row) in product(enumerate(rounds), enumerate(rows))
    ]
    ProgressReport.objects.bulk_create(reports, batch_size=BATCH)
    history = ProgressReport.history.model
    names = [field.attname for field in ProgressReport._meta.concrete_fields]
    for state, days in (("submitted", 0), ("accepted", 1)):
        history.objects.bulk_create(
            [
                history(
                    **{name: getattr(report, name) for name in names} | {"state": state},
                    history_date=report.reported_at + timedelta(days=days),
                    history_type="+" if state == "submitted" else "~",
                    history_actor="第1課 見本 三郎",
                    history_source="画面",
                )
                for report in reports
            ],
            batch_size=BATCH,
        )


def _report(row: Activity, round: ReportingRound, number: int) -> ProgressReport:
    standing = STANDINGS[number % len(STANDINGS)]
    at = timezone.make_aware(datetime.combine(round.opens_on + timedelta(days=5), time(10)), UTC)
    return ProgressReport(
        activity=row,
        round=round,
        state="accepted",
        standing=standing,
        percent=number * 7 % 101,
        text=f"{row.code}について、関係する課と3回打ち合わせ、来期の進め方を決めました。" * 3,
        reason="担当する職員の異動があり、引継ぎに時間がかかりました。" if standing in Standing.NEED_REASON else "",
        next_step="次の期に残りを進めます。",
        reported_at=at,
        reported_by="第1課 見本 三郎",
    )
