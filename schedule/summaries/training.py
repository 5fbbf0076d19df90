"""Attendance of trainings in numbers: per course and year, per section. No name of anybody."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F

from schedule.models import Attendance, DutyOccurrence, Training
from schedule.models.duty import DutyKind
from schedule.models.training import AttendanceQuerySet
from schedule.summaries.duties import SOON_DAYS, DutyLine, DutyState, line_of
from townhall.models import ClosingDay

# R9: said wherever a rate stands.
DEFINITION = "受講率＝受講した人÷（対象者－免除の人）。小数点以下は切り捨てです。"

COMPLETE = DutyState("done", "全員受講")
NOBODY = DutyState("none", "対象者なし")
LATE = DutyState("late", "未受講あり")
SOON = DutyState("slow", "期限間近")
GOING_ON = DutyState("none", "受講中")


@dataclass(frozen=True)
class Rate:
    """The fields are the values of AttendanceState. R9: 免除 leaves the denominator. The percentage is rounded down, so that 100 means everybody."""

    attended: int = 0
    excused: int = 0
    missing: int = 0

    @property
    def required(self) -> int:
        return self.attended + self.missing

    @property
    def people(self) -> int:
        return self.required + self.excused

    @property
    def percent(self) -> int | None:
        return self.attended * 100 // self.required if self.required else None

    @property
    def words(self) -> str:
        """「91/124人（73％）」."""
        if self.percent is None:
            return "対象者なし"
        return f"{self.attended}/{self.required}人（{self.percent}％）"

    def plus(self, other: "Rate") -> "Rate":
        return Rate(self.attended + other.attended, self.excused + other.excused, self.missing + other.missing)


@dataclass(frozen=True)
class SectionRate:
    section_id: int
    section: str
    rate: Rate
    state: DutyState


@dataclass(frozen=True)
class TrainingLine:
    """One course in one year. `pk` and `url` are of the training; None and empty while no attendance is kept."""

    pk: int | None
    url: str
    duty: DutyLine
    rate: Rate
    state: DutyState
    sections: tuple[SectionRate, ...]
    sessions: int


@dataclass(frozen=True)
class TrainingYear:
    fiscal_year: int
    as_of: date
    years: tuple[int, ...]
    lines: tuple[TrainingLine, ...]  # in the order of their due dates

    @property
    def kept(self) -> tuple[TrainingLine, ...]:
        """Those of which attendance is kept."""
        return tuple(line for line in self.lines if line.pk)


def training_year(fiscal_year: int, *, today: date) -> TrainingYear:
    """Four queries, however many courses, sections and people."""
    closing_days = ClosingDay.days()
    occurrences = DutyOccurrence.objects.filter(duty__kind=DutyKind.TRAINING)
    rows = occurrences.filter(fiscal_year=fiscal_year).select_related("duty__owner_section", "training")
    rows = rows.annotate(sessions=Count("training__sessions"))
    rates = _rates(Attendance.objects.filter(training__occurrence__fiscal_year=fiscal_year))
    shown = [row for row in rows if row.duty.is_active or not row.is_open]
    lines = [_line(row, rates, closing_days, today=today) for row in shown]
    lines.sort(key=lambda line: (line.duty.due_on, line.duty.name, line.duty.pk))
    years = occurrences.order_by("fiscal_year").values_list("fiscal_year", flat=True).distinct()
    return TrainingYear(fiscal_year, today, tuple(years), tuple(lines))


def training_line(training: Training, *, today: date) -> TrainingLine:
    """Three queries. Call with `occurrence__duty__owner_section` selected."""
    row = training.occurrence
    row.sessions = training.sessions.count()  # type: ignore[attr-defined]
    return _line(row, _rates(training.attendances.all()), ClosingDay.days(), today=today)


Rates = dict[int, dict[tuple[int, int, str], Rate]]


def _rates(attendances: AttendanceQuerySet) -> Rates:
    """By training, then by section; one query."""
    found: Rates = defaultdict(lambda: defaultdict(Rate))
    counted = attendances.order_by().values("training_id", "section_id", "state", "section__order", "section__name")
    for row in counted.annotate(number=Count("pk"), order=F("section__order")):
        place = (row["order"], row["section_id"], row["section__name"])
        rates = found[row["training_id"]]
        rates[place] = rates[place].plus(Rate(**{row["state"]: row["number"]}))
    return found


def _line(row: DutyOccurrence, rates: Rates, closing_days: frozenset[date], *, today: date) -> TrainingLine:
    duty = line_of(row, closing_days, today=today)
    training = getattr(row, "training", None)
    of_sections = rates.get(training.pk, {}) if training else {}
    total = Rate()
    for rate in of_sections.values():
        total = total.plus(rate)
    return TrainingLine(
        pk=training.pk if training else None,
        url=training.get_absolute_url() if training else "",
        duty=duty,
        rate=total,
        state=state_of(total, duty.days_left),
        sections=tuple(
            SectionRate(pk, name, rate, state_of(rate, duty.days_left))
            for (_, pk, name), rate in sorted(of_sections.items())
        ),
        sessions=row.sessions,  # type: ignore[attr-defined]
    )


def state_of(rate: Rate, days_left: int) -> DutyState:
    if not rate.required:
        return NOBODY
    if not rate.missing:
        return COMPLETE
    if days_left < 0:
        return LATE
    return SOON if days_left <= SOON_DAYS else GOING_ON
