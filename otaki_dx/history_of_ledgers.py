"""変更履歴 of the ledgers beside the plan's rows: indicators, evaluations, duties, trainings, policies, systems, processes."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.urls import reverse

from initiatives.models import (
    BusinessProcess,
    Evaluation,
    Indicator,
    IndicatorTarget,
    IndicatorValue,
    Initiative,
    ProcessStep,
    StandardizedSystem,
    SystemStep,
)
from otaki_dx.history_source import Source, own_title, own_url, url_of
from schedule.models import (
    Activity,
    Attendance,
    DutyOccurrence,
    PolicyDocument,
    PolicyFinding,
    PolicyReview,
    PolicyVersion,
    PublicLine,
    Training,
    TrainingSession,
)
from townhall.models import User
from townhall.permissions import Permission, can, sections_open_to


def ledger_sources(user: User, *, today: date) -> Iterator[Source]:
    yield from _indicators()
    yield from _evaluations()
    yield from _duties()
    yield from _trainings(user, today=today)
    yield from _policies()
    yield from _systems()
    yield from _processes()
    if can(user, Permission.PUBLISH, today=today):
        yield _public_words()


def _indicators() -> Iterator[Source]:
    yield Source("indicator", "指標", Indicator, Indicator.history.all(), ("plan", "initiative"), own_title, own_url)
    for slug, kind, model in (
        ("target", "指標の目標", IndicatorTarget),
        ("value", "指標の実績", IndicatorValue),
    ):
        yield Source(
            slug, kind, model, model.history.all(), ("indicator",), lambda row: str(row.indicator), url_of("indicator")
        )


def _evaluations() -> Iterator[Source]:
    yield Source(
        "evaluation",
        "年度評価",
        Evaluation,
        Evaluation.history.all(),
        ("year__plan", "initiative", "grade"),
        lambda row: f"{row.year}　{row.initiative.label}　{row.instance.get_stage_display()}",
        url_of("year"),
        of_section=lambda section: Q(initiative__in=Initiative.objects.filter(owner_section=section).values("pk")),
    )


def _duties() -> Iterator[Source]:
    yield Source(
        "duty",
        "毎年度の義務",
        DutyOccurrence,
        DutyOccurrence.history.all(),
        ("duty",),
        lambda row: f"{row.duty.name}（{row.instance.period}）",
        own_url,
        of_section=lambda section: Q(
            duty__in=DutyOccurrence.objects.filter(duty__owner_section=section).values("duty")
        ),
    )


def _trainings(user: User, *, today: date) -> Iterator[Source]:
    """Who attended only of the sections whose names this person may read."""
    yield Source(
        "training",
        "研修",
        Training,
        Training.history.all(),
        ("occurrence__duty",),
        lambda row: str(row.occurrence),
        own_url,
    )
    yield Source(
        "session",
        "研修の実施回",
        TrainingSession,
        TrainingSession.history.all(),
        ("training__occurrence__duty",),
        lambda row: f"{row.training}　{row.instance}",
        url_of("training"),
    )
    open_to = sections_open_to(user, Permission.VIEW_TRAINEE, today=today)
    narrowed = Q() if open_to is None else Q(section__in=open_to)
    yield Source(
        "attendance",
        "受講の記録",
        Attendance,
        Attendance.history.filter(narrowed),
        ("training__occurrence__duty", "trainee", "section", "session__training"),
        lambda row: f"{row.training}　{row.trainee}",
        url_of("training"),
        of_section=lambda section: Q(section=section),
    )


def _policies() -> Iterator[Source]:
    yield Source(
        "policy",
        "ポリシーの文書",
        PolicyDocument,
        PolicyDocument.history.all(),
        ("owner_section", "activity__initiative"),
        own_title,
        own_url,
        of_section=lambda section: Q(owner_section=section),
    )
    yield Source(
        "policy_version",
        "ポリシーの版",
        PolicyVersion,
        PolicyVersion.history.all(),
        ("document", "comparison"),
        lambda row: f"{row.document} {row.instance.label}",
        url_of("document"),
    )
    yield Source(
        "policy_review",
        "ポリシーの見直し",
        PolicyReview,
        PolicyReview.history.all(),
        ("document",),
        lambda row: str(row.document),
        url_of("document"),
    )
    yield Source(
        "finding",
        "指摘",
        PolicyFinding,
        PolicyFinding.history.all(),
        ("document", "owner_section"),
        own_title,
        own_url,
        of_section=lambda section: Q(owner_section=section),
    )


def _systems() -> Iterator[Source]:
    yield Source(
        "system",
        "標準化20業務",
        StandardizedSystem,
        StandardizedSystem.history.all(),
        ("owner_section",),
        own_title,
        own_url,
        of_section=lambda section: Q(owner_section=section),
    )
    yield Source(
        "system_step",
        "20業務の手順",
        SystemStep,
        SystemStep.history.all(),
        ("system",),
        lambda row: f"{row.system}　{row.number} {row.name}",
        url_of("system"),
        of_section=lambda section: Q(system__in=StandardizedSystem.objects.filter(owner_section=section).values("pk")),
    )


def _processes() -> Iterator[Source]:
    yield Source(
        "process",
        "業務の棚卸し",
        BusinessProcess,
        BusinessProcess.history.all(),
        ("section", "initiative"),
        own_title,
        own_url,
        of_section=lambda section: Q(section=section),
    )
    yield Source(
        "process_step",
        "業務の手順",
        ProcessStep,
        ProcessStep.history.all(),
        ("process",),
        lambda row: f"{row.process}　{row.order} {row.name}",
        url_of("process"),
        of_section=lambda section: Q(process__in=BusinessProcess.objects.filter(section=section).values("pk")),
    )


def _public_words() -> Source:
    """For who publishes: what is not published yet is nobody else's to read."""
    return Source(
        "public_line",
        "住民向けの記載",
        PublicLine,
        PublicLine.history.all(),
        ("activity", "round"),
        lambda row: f"{row.activity.label} {row.activity.title}　{row.round.label}",
        lambda row: reverse("public_line_edit", args=[row.activity.code]),
        of_round=lambda round: Q(round=round.pk),
        of_section=lambda section: Q(activity__in=Activity.objects.owned_by([section]).values("pk")),
    )
