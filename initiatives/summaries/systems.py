"""標準化20業務 as numbers: the board, and the page of one 業務.

Two percentages stand side by side, because the published one takes 対象外 as done:
総務省方式 = (完了 + 対象外) / (20業務 × 40), to compare with what is published; 対象外を除く = 完了 / (対象業務の対象ステップ),
to decide by. Both speak of one 基準日; nothing to divide by is None, shown as ―.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Max

from initiatives.choices import StepState, SystemStatus
from initiatives.models import PublishedProgress, StandardizedSystem
from initiatives.models.systems import PUBLISHED_STEPS, SYSTEMS
from townhall import fiscal

STALE_AFTER = timedelta(days=45)  # published every month
SOON = timedelta(days=90)
DUE_CHOICES = (
    ("past", "予定日を過ぎた"),
    ("soon", "90日以内"),
    ("later", "91日より先"),
    ("none", "予定日が未登録"),
)


@dataclass(frozen=True)
class Rate:
    name: str
    definition: str
    part: int
    whole: int

    @property
    def percent(self) -> Decimal | None:
        """One decimal; None when there is nothing to divide by."""
        if not self.whole:
            return None
        return (Decimal(self.part) * 100 / self.whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True)
class SystemLine:
    """One 業務 on the board."""

    code: str
    name: str
    url: str
    section_id: int | None
    section: str
    status: SystemStatus
    is_example: bool
    is_target: bool
    exclusion_reason: str
    is_transitional: bool
    vendor: str
    planned_live_on: date | None
    live_on: date | None
    counted: int | None  # of 40, as published; None: nothing published on that day
    excluded: int | None
    doing: int  # of the 40 steps, where the published file names them
    own_done: int
    own_all: int  # of the town's own steps, those of 対象外 left out
    due: str  # a key of DUE_CHOICES; empty when it is live or 対象外

    @property
    def when(self) -> str:
        """「R7.10稼働」「R8.3予定」, or why there is none."""
        if self.status == SystemStatus.OUT:
            return "対象外"
        if self.live_on:
            return f"{fiscal.format_month_short(self.live_on)}稼働"
        return f"{fiscal.format_month_short(self.planned_live_on)}予定" if self.planned_live_on else "稼働日 未登録"

    @property
    def done_text(self) -> str:
        return "―" if self.counted is None else f"{self.counted}/{PUBLISHED_STEPS}"


@dataclass(frozen=True)
class SystemBoard:
    lines: tuple[SystemLine, ...]  # 遅れ → 作業中 → 未着手 → 完了 → 対象外
    as_of: date | None  # 基準日 of the published figures
    source: str
    published_rate: Rate
    real_rate: Rate
    stale_days: int | None  # since the 基準日, once that is long ago
    without_figure: int

    @property
    def counts(self) -> tuple[tuple[SystemStatus, int], ...]:
        found = [line.status for line in self.lines]
        return tuple((status, found.count(status)) for status in SystemStatus if status in found)

    @property
    def targets(self) -> int:
        return sum(line.is_target for line in self.lines)

    @property
    def late(self) -> int:
        return sum(line.status == SystemStatus.LATE for line in self.lines)

    @property
    def live(self) -> int:
        return sum(line.live_on is not None for line in self.lines if line.is_target)

    @property
    def has_examples(self) -> bool:
        return any(line.is_example for line in self.lines)

    @property
    def rates(self) -> tuple[Rate, Rate]:
        return self.published_rate, self.real_rate

    def chosen(self, *, section: str, due: str) -> tuple[SystemLine, ...]:
        """Those of one section (its id as text, 「none」 for no section) and of one kind of date; empty: all."""
        return tuple(
            line
            for line in self.lines
            if (not section or section == (str(line.section_id) if line.section_id else "none"))
            and (not due or due == line.due)
        )

    @property
    def section_choices(self) -> list[tuple[str, str]]:
        named = {str(line.section_id): line.section for line in self.lines if line.section_id}
        missing = [("none", "主管課なし")] if any(not line.section_id for line in self.lines) else []
        return [*sorted(named.items(), key=lambda pair: int(pair[0])), *missing]


def system_board(*, today: date) -> SystemBoard:
    """Four queries."""
    systems = StandardizedSystem.objects.in_ministry_order().select_related("owner_section").prefetch_related("steps")
    as_of = PublishedProgress.objects.filter(as_of__lte=today).aggregate(newest=Max("as_of"))["newest"]
    figures = {row.system_id: row for row in PublishedProgress.objects.filter(as_of=as_of)}
    lines = [_line(system, figures.get(system.pk), today=today) for system in systems]
    order = list(SystemStatus)
    stale = as_of is not None and today - as_of > STALE_AFTER
    return SystemBoard(
        lines=tuple(sorted(lines, key=lambda line: order.index(line.status))),
        as_of=as_of,
        source="、".join(dict.fromkeys(row.source for row in figures.values())),
        published_rate=published_rate(lines),
        real_rate=real_rate(lines),
        stale_days=(today - as_of).days if stale and as_of else None,
        without_figure=sum(line.counted is None for line in lines),
    )


def published_rate(lines: list[SystemLine]) -> Rate:
    """The whole is always 20 × 40, as the ministry counts; without any figure there is nothing to divide."""
    known = [line.counted for line in lines if line.counted is not None]
    definition = "（完了＋対象外）÷（20業務×40ステップ）"
    return Rate("総務省方式", definition, sum(known), SYSTEMS * PUBLISHED_STEPS if known else 0)


def real_rate(lines: list[SystemLine]) -> Rate:
    """Only 業務 the town takes part in, and of these only the steps that are not 対象外."""
    known = [(line.counted, line.excluded or 0) for line in lines if line.is_target and line.counted is not None]
    part = sum(counted - excluded for counted, excluded in known)
    whole = sum(PUBLISHED_STEPS - excluded for _, excluded in known)
    return Rate("対象外を除く", "完了÷（対象とする業務の、対象外でないステップ）", part, whole)


def _line(system: StandardizedSystem, figure: PublishedProgress | None, *, today: date) -> SystemLine:
    steps = [step.state for step in system.steps.all()]
    counted = figure.counted if figure else None
    status = status_of(system, counted, has_begun=any(s in ("doing", "done") for s in steps), today=today)
    section = system.owner_section
    return SystemLine(
        code=system.code,
        name=system.name,
        url=system.get_absolute_url(),
        section_id=section.pk if section else None,
        section=section.name if section else "",
        status=status,
        is_example=system.is_example,
        is_target=system.is_target,
        exclusion_reason=system.exclusion_reason,
        is_transitional=system.is_transitional,
        vendor=system.vendor_after or system.vendor_now,
        planned_live_on=system.planned_live_on,
        live_on=system.live_on,
        counted=counted,
        excluded=figure.excluded if figure else None,
        doing=sum(word == StepState.DOING.label for _, word in figure.steps) if figure else 0,
        own_done=steps.count(StepState.DONE),
        own_all=len(steps) - steps.count(StepState.OUT),
        due=due_of(system, status, today=today),
    )


def status_of(system: StandardizedSystem, counted: int | None, *, has_begun: bool, today: date) -> SystemStatus:
    """完了 when it is live or all 40 steps are; 遅れ only once a day that the town itself has planned is over."""
    if not system.is_target:
        return SystemStatus.OUT
    if (system.live_on and system.live_on <= today) or counted == PUBLISHED_STEPS:
        return SystemStatus.DONE
    if system.planned_live_on and system.planned_live_on < today:
        return SystemStatus.LATE
    return SystemStatus.DOING if counted or has_begun else SystemStatus.NOT_STARTED


def due_of(system: StandardizedSystem, status: SystemStatus, *, today: date) -> str:
    if status in (SystemStatus.OUT, SystemStatus.DONE):
        return ""
    day = system.planned_live_on
    if day is None:
        return "none"
    if day < today:
        return "past"
    return "soon" if day <= today + SOON else "later"


@dataclass(frozen=True)
class PublishedLine:
    as_of: date
    counted: int
    excluded: int | None
    percent: Decimal
    source: str


@dataclass(frozen=True)
class SystemPage:
    line: SystemLine
    as_of: date | None
    published: tuple[PublishedLine, ...]  # newest first
    published_steps: tuple[tuple[int, str, str], ...]  # number, name, word as published; of the newest that has them
    published_steps_on: date | None


def system_page(system: StandardizedSystem, *, today: date) -> SystemPage:
    """Two queries beside the system itself."""
    rows = list(system.published.filter(as_of__lte=today).order_by("-as_of"))
    newest = rows[0] if rows else None
    named = next((row for row in rows if row.steps), None)
    return SystemPage(
        line=_line(system, newest, today=today),
        as_of=newest.as_of if newest else None,
        published=tuple(
            PublishedLine(row.as_of, row.counted, row.excluded, _percent(row.counted), row.source) for row in rows
        ),
        published_steps=tuple((n, name, word) for n, (name, word) in enumerate(named.steps, 1)) if named else (),
        published_steps_on=named.as_of if named else None,
    )


def _percent(counted: int) -> Decimal:
    return Decimal(counted) * 100 / PUBLISHED_STEPS
