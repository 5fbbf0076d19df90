"""変更履歴 of what the committee, the budget, 財源 and the effects are about."""

from collections.abc import Iterator
from datetime import date

from django.db.models import F, OuterRef, Q, Subquery

from committee.choices import MinutesState
from committee.models import (
    ActionItem,
    AgendaItem,
    BudgetAmount,
    BudgetLine,
    Decision,
    EffectReview,
    Execution,
    Meeting,
    Minutes,
    ProjectTeam,
    Proposal,
    ProposalEdition,
    ProposalFunding,
    Seat,
    TeamMember,
)
from otaki_dx.history_source import Source, own_title, own_url, url_of
from townhall.models import User
from townhall.permissions import Permission, sections_open_to


def committee_sources(user: User, *, today: date) -> Iterator[Source]:
    yield from _meetings()
    yield from _teams()
    yield from _budget()
    yield from _effects(user, today=today)
    yield _funding(user, today=today)


def _meetings() -> Iterator[Source]:
    """What stands on a meeting's page, and the minutes since they were confirmed."""
    yield Source("meeting", "会議", Meeting, Meeting.history.all(), (), own_title, own_url)
    yield Source(
        "agenda",
        "議題",
        AgendaItem,
        AgendaItem.history.all(),
        ("meeting", "proposal", "activity", "occurrence__duty", "team"),
        lambda row: f"{row.meeting.short_name}　{row.title}",
        url_of("meeting"),
    )
    yield Source(
        "decision",
        "決定",
        Decision,
        Decision.history.all(),
        ("item__meeting",),
        lambda row: f"{row.item.meeting.short_name}　{row.item.title}",
        lambda row: row.item.meeting.get_absolute_url(),
    )
    yield Source(
        "seat",
        "出欠",
        Seat,
        Seat.history.all(),
        ("meeting", "person"),
        lambda row: f"{row.meeting.short_name}　{row.seat}",
        url_of("meeting"),
    )
    yield Source(
        "task",
        "宿題",
        ActionItem,
        ActionItem.history.all(),
        ("meeting", "item", "section"),
        lambda row: f"{row.meeting.short_name}　{row.instance}",
        own_url,
        of_section=lambda section: Q(section=section),
    )
    yield Source(
        "minutes",
        "会議録",
        Minutes,
        Minutes.history.filter(state=MinutesState.CONFIRMED),
        ("meeting",),
        lambda row: row.meeting.short_name,
        url_of("meeting"),
    )


def _teams() -> Iterator[Source]:
    yield Source(
        "team",
        "専門部会",
        ProjectTeam,
        ProjectTeam.history.all(),
        ("section",),
        own_title,
        own_url,
        of_section=lambda section: Q(section=section),
    )
    yield Source(
        "team_member",
        "部会員",
        TeamMember,
        TeamMember.history.all(),
        ("team", "person"),
        lambda row: f"{row.team}　{row.person}",
        url_of("team"),
    )


def _budget() -> Iterator[Source]:
    yield Source(
        "budget",
        "予算の事業",
        BudgetLine,
        BudgetLine.history.all(),
        ("initiative", "activity", "proposal", "section"),
        own_title,
        own_url,
        of_section=lambda section: Q(section=section),
    )
    yield Source(
        "amount",
        "予算の金額",
        BudgetAmount,
        BudgetAmount.history.all(),
        ("line",),
        lambda row: f"{row.line}　{row.instance.label}",
        url_of("line"),
        of_section=lambda section: Q(line__in=BudgetLine.objects.filter(section=section).values("pk")),
    )


def _effects(user: User, *, today: date) -> Iterator[Source]:
    """Of proposals this person may open."""
    visible = Proposal.objects.visible_to(user, today=today).values("pk")
    own = Proposal.objects.all()
    yield Source(
        "execution",
        "提案の実施",
        Execution,
        Execution.history.filter(proposal__in=visible),
        ("proposal", "activity__initiative"),
        lambda row: str(row.proposal),
        url_of("proposal"),
        of_section=lambda section: Q(proposal__in=own.filter(section=section).values("pk")),
    )
    yield Source(
        "effect",
        "効果の検証",
        EffectReview,
        EffectReview.history.filter(execution__in=Execution.objects.filter(proposal__in=visible).values("pk")),
        ("execution__proposal",),
        lambda row: f"{row.execution.proposal}　{row.instance.label}",
        lambda row: row.execution.proposal.get_absolute_url(),
        of_section=lambda section: Q(execution__in=Execution.objects.filter(proposal__section=section).values("pk")),
    )


def _funding(user: User, *, today: date) -> Source:
    """財源の内訳 of another section's proposal: what was changed since it was first submitted."""
    visible = Proposal.objects.visible_to(user, today=today).values("pk")
    own = sections_open_to(user, Permission.WRITE_PROPOSAL, today=today) or []
    submitted_at = ProposalEdition.objects.filter(proposal=OuterRef("proposal_id")).order_by("number")
    rows = ProposalFunding.history.annotate(submitted_at=Subquery(submitted_at.values("frozen_at")[:1]))
    is_own = Q(proposal__in=Proposal.objects.filter(section__in=own).values("pk"))
    return Source(
        "funding",
        "提案の財源",
        ProposalFunding,
        rows.filter(is_own | Q(history_date__gt=F("submitted_at")), proposal__in=visible),
        ("proposal", "source"),
        lambda row: f"{row.proposal}　{row.source}",
        url_of("proposal"),
        of_section=lambda section: Q(proposal__in=Proposal.objects.filter(section=section).values("pk")),
    )
