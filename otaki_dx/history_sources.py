"""Whose histories the 変更履歴 reads, each narrowed to what one person may see."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from committee.models import Proposal
from initiatives.models import Initiative
from schedule.choices import ReportState
from schedule.models import Activity, ProgressReport, ReportingRound
from townhall.history import HIDDEN
from townhall.models import User
from townhall.permissions import Permission, sections_open_to

MODELS = {
    "report": ProgressReport,
    "row": Activity,
    "initiative": Initiative,
    "round": ReportingRound,
    "proposal": Proposal,
}
KINDS = {"report": "進捗報告", "row": "取組内容", "initiative": "取組", "round": "期", "proposal": "提案"}
# What the title of an entry says already, and bookkeeping.
NOT_ASKED_FOR = HIDDEN | {"plan", "activity", "round"}


@dataclass(frozen=True)
class Source:
    """The history of one model, already narrowed to what this person may see."""

    slug: str
    rows: QuerySet[Any]
    related: tuple[str, ...]  # read with the row, so that naming it costs no query
    title: Callable[[Any], str]
    url: Callable[[Any], str]
    of_round: Callable[[ReportingRound], Q] | None = None  # None: knows no round
    of_section: Callable[[int], Q] | None = None

    @property
    def kind(self) -> str:
        return KINDS[self.slug]


def sources_for(user: User, *, today: date) -> tuple[Source, ...]:
    return (
        # A draft is not a report: only its section and the secretariat see it, in the entry grid.
        Source(
            "report",
            ProgressReport.history.exclude(state=ReportState.DRAFT),
            ("activity__initiative", "round"),
            lambda row: f"{row.activity.label} {row.activity.title}　{row.round.label}",
            lambda row: row.activity.get_absolute_url(),
            of_round=lambda round: Q(round=round.pk),
            of_section=lambda section: Q(activity__in=Activity.objects.owned_by([section]).values("pk")),
        ),
        Source(
            "row",
            Activity.history.all(),
            ("plan", "initiative", "owner_section"),
            lambda row: f"{row.instance.label} {row.instance.title}",
            lambda row: row.instance.get_absolute_url(),
            of_section=lambda section: Q(id__in=Activity.objects.owned_by([section]).values("pk")),
        ),
        Source(
            "initiative",
            Initiative.history.all(),
            ("plan", "owner_section"),
            lambda row: str(row.instance),
            lambda row: row.instance.get_absolute_url(),
            of_section=lambda section: Q(owner_section=section),
        ),
        Source(
            "round",
            ReportingRound.history.all(),
            ("plan",),
            lambda row: row.instance.label,
            lambda row: "",
            of_round=lambda round: Q(id=round.pk),
        ),
        Source(
            "proposal",
            _visible_proposals(user, today=today),
            ("section", "initiative", "author"),
            lambda row: str(row.instance),
            lambda row: row.instance.get_absolute_url(),
            of_section=lambda section: Q(section=section),
        ),
    )


def _visible_proposals(user: User, *, today: date) -> QuerySet[Any]:
    """What is visible now, and of another section's proposal only what it said since it was first submitted."""
    visible = Proposal.objects.visible_to(user, today=today).values("pk")
    own = sections_open_to(user, Permission.WRITE_PROPOSAL, today=today) or []
    return Proposal.history.filter(Q(edition__gt=0) | Q(section__in=own), id__in=visible)


def field_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """What can change, by kind; of the report and the others only what a person fills in."""
    return [
        (KINDS[slug], [(f"{slug}.{field.name}", str(field.verbose_name)) for field in _fields_of(model)])
        for slug, model in MODELS.items()
    ]


def _fields_of(model: Any) -> list[Any]:
    named = [field for field in model.history.model.tracked_fields if field.name not in NOT_ASKED_FOR]
    return [field for field in named if field.editable or field.name == "state"]
