"""効果の検証: what was planned beside what was measured, for the same months; never added together (R9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F

from committee.bars import BarPair, bar_pair
from committee.models import EffectReview, Proposal
from committee.summaries.budget import percent
from schedule import recurrence
from townhall.models import ClosingDay, User

STATES = {
    "measured": ("done", "測定済み"),
    "late": ("late", "期限を過ぎた"),
    "asked": ("slow", "測定の時期"),
    "coming": ("none", "これから"),
    "stopped": ("none", "見送り"),
}


@dataclass(frozen=True)
class EffectRow:
    review: EffectReview
    deadline: date  # as a working day (R5)
    state: str

    @property
    def proposal(self) -> Proposal:
        return self.review.execution.proposal

    @property
    def badge(self) -> tuple[str, str]:
        """Tone and word."""
        return STATES[self.state]

    @property
    def percent(self) -> Decimal | None:
        """実測 ÷ 計画 of the hours of the same months; None before it is measured."""
        return percent(self.review.measured_hours, self.review.planned_hours)


@dataclass(frozen=True)
class EffectTable:
    rows: tuple[EffectRow, ...]

    @property
    def measured(self) -> int:
        return sum(row.review.is_measured for row in self.rows)

    @property
    def late(self) -> int:
        return sum(row.state == "late" for row in self.rows)

    @property
    def bars(self) -> BarPair | None:
        """Of what is measured: planned and measured hours."""
        shown = [row for row in self.rows if row.review.is_measured]
        return bar_pair(
            (
                (
                    f"{row.proposal.number_label} {row.review.months}か月",
                    row.review.planned_hours,
                    row.review.measured_hours,
                )
                for row in shown
            ),
            unit="時間",
        )


def effect_table(user: User, *, today: date) -> EffectTable:
    """Every review of what this person may see, the next due first; two queries."""
    visible = Proposal.objects.visible_to(user, today=today)
    reviews = EffectReview.objects.filter(execution__proposal__in=visible).with_proposal()
    return EffectTable(
        effect_rows(reviews.order_by(F("measured_on").asc(nulls_first=True), "due_on", "pk"), today=today)
    )


def effect_rows(reviews: Iterable[EffectReview], *, today: date) -> tuple[EffectRow, ...]:
    """One query for the closing days, none without reviews."""
    found = list(reviews)
    closing = ClosingDay.days() if found else frozenset()
    return tuple(_row(review, recurrence.deadline(review.due_on, closing), today) for review in found)


def _row(review: EffectReview, deadline: date, today: date) -> EffectRow:
    if review.is_measured:
        state = "measured"
    elif review.execution.proposal.state != "running":
        state = "stopped"
    elif deadline < today:
        state = "late"
    else:
        state = "asked" if review.asked_from <= today else "coming"
    return EffectRow(review, deadline, state)
