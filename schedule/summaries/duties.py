"""The yearly duties of one fiscal year, as the page 研修・ポリシー and the dashboard show them. Three queries."""

from dataclasses import dataclass
from datetime import date

from schedule.choices import YearPart
from schedule.letters import distance_in_words
from schedule.models import DutyOccurrence
from schedule.models.duty import DutyKind
from schedule.recurrence import deadline
from townhall.models import ClosingDay

# From here on a duty is 期限間近.
SOON_DAYS = 30


@dataclass(frozen=True)
class DutyState:
    """Mark, word and colour of one duty in one year."""

    tone: str
    label: str


DONE = DutyState("done", "済み")
SKIPPED = DutyState("none", "行わない")
OVERDUE = DutyState("late", "期限切れ")
SOON = DutyState("slow", "期限間近")
COMING = DutyState("none", "これから")


@dataclass(frozen=True)
class DutyLine:
    pk: int
    url: str
    name: str
    kind: DutyKind
    basis: str
    section: str  # empty while nobody owns it
    section_id: int | None
    due_on: date  # on an open day (R5)
    days_left: int
    state: DutyState
    done_on: date | None
    evidence: str
    no_change: bool
    skipped_reason: str

    @property
    def is_open(self) -> bool:
        return self.done_on is None and not self.skipped_reason

    @property
    def distance(self) -> str:
        return distance_in_words(self.days_left) if self.is_open else ""


@dataclass(frozen=True)
class DutyYear:
    fiscal_year: int
    years: tuple[int, ...]  # with rows, oldest first
    lines: tuple[DutyLine, ...]  # in the order of their due dates

    @property
    def done(self) -> int:
        return sum(line.done_on is not None for line in self.lines)

    @property
    def overdue(self) -> tuple[DutyLine, ...]:
        return tuple(line for line in self.lines if line.state == OVERDUE)

    @property
    def groups(self) -> list[tuple[str, tuple[DutyLine, ...]]]:
        """研修, セキュリティポリシー, その他; without the empty ones."""
        found = [(kind.label, tuple(line for line in self.lines if line.kind == kind)) for kind in DutyKind]
        return [(label, lines) for label, lines in found if lines]

    @property
    def next_open(self) -> DutyLine | None:
        return next((line for line in self.lines if line.is_open), None)


def duty_year(fiscal_year: int, *, today: date) -> DutyYear:
    """An open row of a duty no longer in use is left out; what was done stays."""
    closing_days = ClosingDay.days()
    rows = DutyOccurrence.objects.filter(fiscal_year=fiscal_year).select_related("duty__owner_section")
    lines = [line_of(row, closing_days, today=today) for row in rows if row.duty.is_active or not row.is_open]
    years = DutyOccurrence.objects.order_by("fiscal_year").values_list("fiscal_year", flat=True).distinct()
    lines.sort(key=lambda line: (line.due_on, line.name, line.pk))
    return DutyYear(fiscal_year, tuple(years), tuple(lines))


def line_of(row: DutyOccurrence, closing_days: frozenset[date], *, today: date) -> DutyLine:
    """Call with `duty__owner_section` selected: no query of its own."""
    due_on = deadline(row.due_on, closing_days)
    section = row.duty.owner_section
    return DutyLine(
        pk=row.pk,
        url=row.get_absolute_url(),
        name=row.duty.name if row.part == YearPart.WHOLE else f"{row.duty.name}（{YearPart(row.part).label}）",
        kind=DutyKind(row.duty.kind),
        basis=row.duty.basis,
        section=section.name if section else "",
        section_id=row.duty.owner_section_id,
        due_on=due_on,
        days_left=(due_on - today).days,
        state=_state(row, (due_on - today).days),
        done_on=row.done_on,
        evidence=row.evidence,
        no_change=row.no_change,
        skipped_reason=row.skipped_reason,
    )


def _state(row: DutyOccurrence, days_left: int) -> DutyState:
    if row.done_on:
        return DONE
    if row.skipped_reason:
        return SKIPPED
    if days_left < 0:
        return OVERDUE
    return SOON if days_left <= SOON_DAYS else COMING
