"""Whose histories the 変更履歴 reads, each narrowed to what one person may see.

Everybody who reads the history also reads meetings, budget, evaluations, duties and processes (townhall.permissions.INSIDERS,
held together by a test): what is narrowed further are drafts, and proposals of other sections.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from committee.models import Proposal
from initiatives.models import Initiative
from otaki_dx.history_of_committee import committee_sources
from otaki_dx.history_of_ledgers import ledger_sources
from otaki_dx.history_source import Source, own_title, own_url
from schedule.choices import ReportState
from schedule.models import Activity, ProgressReport, ReportingRound
from townhall.history import HIDDEN
from townhall.models import User
from townhall.permissions import Permission, sections_open_to

# What the title of an entry says already, and bookkeeping.
NOT_ASKED_FOR = HIDDEN | {"plan", "activity", "round"}


def sources_for(user: User, *, today: date) -> tuple[Source, ...]:
    return (
        *_plan_sources(),
        Source(
            "proposal",
            "提案",
            Proposal,
            _visible_proposals(user, today=today),
            ("section", "initiative", "author", "process"),
            own_title,
            own_url,
            of_section=lambda section: Q(section=section),
        ),
        *committee_sources(user, today=today),
        *ledger_sources(user, today=today),
    )


def _plan_sources() -> Iterator[Source]:
    # A draft is not a report: only its section and the secretariat see it, in the entry grid.
    yield Source(
        "report",
        "進捗報告",
        ProgressReport,
        ProgressReport.history.exclude(state=ReportState.DRAFT),
        ("activity__initiative", "round"),
        lambda row: f"{row.activity.label} {row.activity.title}　{row.round.label}",
        lambda row: row.activity.get_absolute_url(),
        of_round=lambda round: Q(round=round.pk),
        of_section=lambda section: Q(activity__in=Activity.objects.owned_by([section]).values("pk")),
    )
    yield Source(
        "row",
        "取組内容",
        Activity,
        Activity.history.all(),
        ("plan", "initiative", "owner_section"),
        lambda row: f"{row.instance.label} {row.instance.title}",
        own_url,
        of_section=lambda section: Q(id__in=Activity.objects.owned_by([section]).values("pk")),
    )
    yield Source(
        "initiative",
        "取組",
        Initiative,
        Initiative.history.all(),
        ("plan", "owner_section"),
        own_title,
        own_url,
        of_section=lambda section: Q(owner_section=section),
    )
    yield Source(
        "round",
        "期",
        ReportingRound,
        ReportingRound.history.all(),
        ("plan",),
        lambda row: row.instance.label,
        lambda row: "",
        of_round=lambda round: Q(id=round.pk),
    )


def _visible_proposals(user: User, *, today: date) -> QuerySet[Any]:
    """What is visible now, and of another section's proposal only what it said since it was first submitted."""
    visible = Proposal.objects.visible_to(user, today=today).values("pk")
    own = sections_open_to(user, Permission.WRITE_PROPOSAL, today=today) or []
    return Proposal.history.filter(Q(edition__gt=0) | Q(section__in=own), id__in=visible)


def field_choices(sources: Iterable[Source]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can change, by kind; only what a person fills in."""
    return [
        (source.kind, [(f"{source.slug}.{field.name}", str(field.verbose_name)) for field in _fields_of(source.model)])
        for source in sources
    ]


def _fields_of(model: Any) -> list[Any]:
    named = [field for field in model.history.model.tracked_fields if field.name not in NOT_ASKED_FOR]
    return [field for field in named if field.editable or field.name == "state"]
