"""What would be public now: the plan, and of the newest closed round what is accepted and flagged (R11)."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import QuerySet

from initiatives.choices import PartOfYear, ValueBasis
from initiatives.models import Evaluation, EvaluationGrade, IndicatorTarget, IndicatorValue, Initiative, Plan
from initiatives.reading import Block, TermReader, read_chapter
from initiatives.summaries.systems import SystemBoard, system_board
from schedule.choices import ReportState, Standing
from schedule.models import Activity, ProgressReport, PublicLine, ReportingRound
from schedule.public.content import (
    UNCONFIRMED,
    WITHHELD,
    PublicBlock,
    PublicChapter,
    PublicContent,
    PublicFigure,
    PublicGrade,
    PublicInitiative,
    PublicLetter,
    PublicRate,
    PublicRow,
    PublicSystem,
    PublicSystems,
    PublicTerm,
)
from townhall import fiscal
from townhall.context import DEMO_NOTICE
from townhall.models import Notice


@dataclass(frozen=True)
class RoundRows:
    """The rows of a plan with what the round holds about each."""

    round: ReportingRound | None
    activities: tuple[Activity, ...]
    reports: dict[int, ProgressReport]
    lines: dict[int, PublicLine]


def round_rows(plan: Plan) -> RoundRows:
    """Four queries. The round is the newest that has been closed: an open one is not finished."""
    rows = plan.activities.in_plan_order().select_related("owner_section", "initiative__owner_section")
    found = plan.rounds.filter(closed_at__isnull=False).latest_first().first()
    if found is None:
        return RoundRows(None, tuple(rows), {}, {})
    reports = {each.activity_id: each for each in found.reports.all()}
    lines = {each.activity_id: each for each in found.public_lines.all()}
    return RoundRows(found, tuple(rows), reports, lines)


def candidate(plan: Plan, *, today: date, rows: RoundRows | None = None) -> PublicContent:
    """Everything that 公開する would freeze, without what changed since the last time. A fixed number of queries."""
    held = rows or round_rows(plan)
    closed = held.round
    letters = _letters(plan)
    return PublicContent(
        plan_code=plan.code,
        plan_name=plan.name,
        period=plan.period_label,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        round=f"{closed.label}（{closed.period_label}）" if closed else "",
        round_key=closed.key if closed else "",
        round_year=closed.fiscal_year if closed else None,
        closed_on=fiscal.japan_date(closed.closed_at) if closed and closed.closed_at else None,
        initiatives=_initiatives(plan.initiatives.in_plan_order()),
        rows=tuple(_row(activity, held) for activity in held.activities),
        systems=_systems(today),
        figures=_figures(plan),
        terms=tuple(
            PublicTerm(each.number, each.term, each.definition, each.aliases) for each in plan.terms.order_by("number")
        ),
        chapters=_chapters(plan, held.activities),
        is_example=Notice.objects.filter(key=DEMO_NOTICE).exists(),
        letters=letters,
        **(_scale(plan) if letters else {}),
    )


def _row(activity: Activity, held: RoundRows) -> PublicRow:
    line = held.lines.get(activity.pk)
    standing = _standing(held.reports.get(activity.pk), line)
    is_shown = line is not None and standing not in (WITHHELD, UNCONFIRMED, Standing.UNREPORTED)
    section = activity.section
    return PublicRow(
        code=activity.code,
        label=activity.label,
        initiative=activity.initiative.code if activity.initiative else "",
        group=activity.group_name,
        title=activity.title,
        kind=activity.get_kind_display(),
        timing=activity.timing_text,
        years=activity.years_label,
        section=section.name if section else "",
        standing=standing,
        text=line.text if line and is_shown else "",
        next_step=line.next_step if line and is_shown else "",
    )


def _standing(report: ProgressReport | None, line: PublicLine | None) -> str:
    if report is None or report.state in ReportState.WITH_SECTION:
        return Standing.UNREPORTED  # R4: never counted as fine, and a draft is no report
    if report.state != ReportState.ACCEPTED:
        return UNCONFIRMED
    return report.standing if line is not None and line.is_public else WITHHELD


def _initiatives(initiatives: QuerySet[Initiative]) -> tuple[PublicInitiative, ...]:
    found = initiatives.select_related("owner_section", "plain_words")
    return tuple(_initiative(each) for each in found)


def _initiative(each: Initiative) -> PublicInitiative:
    plain = getattr(each, "plain_words", None)
    return PublicInitiative(
        code=each.code,
        label=each.label,
        kind=each.get_kind_display(),
        name=each.name,
        section=each.owner_section.name if each.owner_section else "",
        plan_text=tuple(each.text.split("\n\n")),
        plain=plain.text if plain else "",
        plain_is_example=plain is not None and plain.is_example,
    )


def _systems(today: date) -> PublicSystems:
    """Only what the ministries have published about the town, with their source: dates, vendors and cost stay inside."""
    board = system_board(today=today)
    return PublicSystems(as_of=board.as_of, source=board.source, rates=_rates(board), lines=tuple(_system_lines(board)))


def _rates(board: SystemBoard) -> tuple[PublicRate, ...]:
    return tuple(
        PublicRate(each.name, each.definition, each.part, each.whole, "" if each.percent is None else str(each.percent))
        for each in board.rates
    )


def _system_lines(board: SystemBoard) -> list[PublicSystem]:
    return [
        PublicSystem(line.code, line.name, line.is_target, line.exclusion_reason, line.is_example, line.counted)
        for line in sorted(board.lines, key=lambda line: line.code)
    ]


def _figures(plan: Plan) -> tuple[PublicFigure, ...]:
    """Two queries. A target is shown beside a value that is public, never alone."""
    values = IndicatorValue.objects.filter(indicator__plan=plan, indicator__is_active=True, is_public=True)
    found = values.select_related("indicator__initiative").order_by("indicator__number", "fiscal_year", "part", "basis")
    targets = {
        (each.indicator_id, each.fiscal_year): each for each in IndicatorTarget.objects.filter(indicator__plan=plan)
    }
    return tuple(_figure(each, targets.get((each.indicator_id, each.fiscal_year))) for each in found)


def _figure(row: IndicatorValue, target: IndicatorTarget | None) -> PublicFigure:
    indicator = row.indicator
    return PublicFigure(
        indicator=indicator.number,
        name=indicator.name,
        unit=indicator.unit,
        initiative=indicator.initiative.code if indicator.initiative else "",
        formula=indicator.formula,
        fiscal_year=row.fiscal_year,
        part=PartOfYear(row.part).label,
        basis=ValueBasis(row.basis).label,
        value=_number(row.value),
        target=_number(target.value) if target else "",
        target_upper=_number(target.upper) if target and target.upper is not None else "",
        target_by=target.decided_by if target else "",
        as_of=row.as_of,
        source=row.source or indicator.source,
    )


def _letters(plan: Plan) -> tuple[PublicLetter, ...]:
    """The committee's alone; the words of a stage, also of the committee, stay inside."""
    flagged = Evaluation.objects.final().fixed().filter(year__plan=plan, is_public=True)
    found = flagged.select_related("year", "initiative", "grade").order_by("year__fiscal_year", "initiative__number")
    return tuple(_letter(each) for each in found)


def _letter(each: Evaluation) -> PublicLetter:
    fixed_on = cast(date, each.year.fixed_on)
    return PublicLetter(
        each.initiative.code, each.year.fiscal_year, _grade(each.grade), fixed_on, is_corrected=bool(each.correction)
    )


def _grade(row: EvaluationGrade) -> PublicGrade:
    return PublicGrade(row.code, row.label, row.meaning)


def _scale(plan: Plan) -> dict[str, Any]:
    grades = list(EvaluationGrade.objects.filter(scale__plan=plan).select_related("scale").order_by("order"))
    return {
        "scale": tuple(_grade(each) for each in grades),
        "scale_is_example": any(not each.scale.is_confirmed for each in grades),
    }


def _number(value: object) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _chapters(plan: Plan, activities: tuple[Activity, ...]) -> tuple[PublicChapter, ...]:
    """Paragraphs keep their 【※n】; the page that shows them explains the terms."""
    chapters = plan.chapters.select_related("plan").order_by("number")
    return tuple(
        PublicChapter(
            each.number,
            each.heading,
            tuple(_block(block, activities) for block in read_chapter(each, TermReader(()))),
        )
        for each in chapters
    )


def _block(block: Block, activities: tuple[Activity, ...]) -> PublicBlock:
    if block.passage is not None:
        return PublicBlock(block.kind, block.passage.text)
    if block.kind == "roles":
        return PublicBlock("roles", items=tuple((role.name, role.holder, role.duty) for role in block.roles))
    if block.kind == "schedule":
        rows = [row for row in activities if not row.is_study]
        return PublicBlock(
            "schedule", items=tuple((row.group_name, row.label, row.title, row.timing_text) for row in rows)
        )
    return PublicBlock(
        block.kind,
        items=tuple(
            (entry.label, entry.name.text if entry.name else "", *(each.text for each in entry.paragraphs))
            for entry in block.entries
        ),
    )
