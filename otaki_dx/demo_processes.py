"""業務の棚卸し of the demonstration: one 業務 that was planned and measured, one that is only planned. All made up."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from initiatives.actions import processes as actions
from initiatives.models import BusinessProcess, Initiative, ProcessStep
from townhall.models import Section, User

SOURCE = "例のデータ"
# name, person, medium, minutes, volume, change, planned, measured
Row = tuple[str, str, str, str, int, str, str | None, str | None]
COUNTER: list[Row] = [
    ("申請書の記入を案内する", "窓口", "paper", "6", 14500, "e", "0", None),
    ("本人確認をする", "窓口", "spoken", "2", 14500, "", None, None),
    ("システムへ入力する", "窓口", "digital", "4", 14500, "d", "1.5", None),
    ("決裁を回す", "係長", "paper", "1", 14500, "s", "0.5", None),
]
MINUTES: list[Row] = [
    ("録音を聞いて書き起こす", "担当", "digital", "90", 320, "d", "10", "12"),
    ("下書きを直す", "担当", "digital", "30", 320, "", None, "32"),
    ("係内で確かめる", "係長", "paper", "20", 320, "c", "15", "15"),
]


@transaction.atomic
def load_processes(*, today: date) -> None:
    _load("税務住民課", "zeimu", "証明書の交付（窓口）", "1", COUNTER, measured_on=None, today=today)
    _load("企画課", "kikaku", "会議録の作成", "k2", MINUTES, measured_on=today - timedelta(days=60), today=today)


def _load(
    section_name: str,
    section: str,
    name: str,
    initiative: str,
    rows: list[Row],
    *,
    measured_on: date | None,
    today: date,
) -> None:
    by = User.objects.get(username="jimukyoku")
    who: dict[str, Any] = {"by": by, "today": today, "source": SOURCE}
    process = BusinessProcess(
        section=Section.objects.get(code=section),
        name=name,
        initiative=Initiative.objects.get(plan__code="r5-r7", code=initiative),
        summary=f"{section_name}の見本です（分と件数は架空）。",
        surveyed_on=today - timedelta(days=200),
        measured_on=measured_on,
        remeasure_on=today + timedelta(days=120),
    )
    process = actions.create_process(process, **who)
    actions.save_steps(process, [_step(row) for row in rows], seen_version=process.version, **who)


def _step(row: Row) -> ProcessStep:
    name, person, medium, minutes, volume, change, planned, measured = row
    return ProcessStep(
        name=name,
        person=person,
        medium=medium,
        minutes=Decimal(minutes),
        volume=volume,
        frequency="毎日" if volume > 1000 else "随時",
        change=change,
        minutes_planned=None if planned is None else Decimal(planned),
        minutes_measured=None if measured is None else Decimal(measured),
    )
