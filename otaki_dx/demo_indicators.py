"""Made-up indicators of the demonstration, defined, aimed and measured through the actions. Targets and figures are 架空."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from initiatives.actions import indicators as actions
from initiatives.models import Indicator, IndicatorTarget, IndicatorValue, Initiative
from otaki_dx.demo import ACCOUNTS
from townhall import fiscal
from townhall.models import User


@dataclass(frozen=True)
class Story:
    """One indicator; figures of R5, R6, R7 in turn, None where there is none."""

    initiative: str
    name: str
    unit: str
    kind: str
    direction: str
    formula: str
    baseline: str | None
    targets: tuple[str | None, ...]
    measured: tuple[str | None, ...]
    estimated: tuple[str | None, ...] = (None, None, None)


STORIES = (
    Story(
        *("1", "オンラインで申請できる手続の数", "手続", "outcome", "up", "オンラインで受け付ける手続の数（年度末）"),
        *("12", ("18", "28", "40"), ("16", "25", None), (None, None, "34")),
    ),
    Story(
        *("1", "窓口の平均待ち時間（繁忙期）", "分", "outcome", "down", "3～4月の受付から呼出しまでの平均"),
        *("41", ("38", "34", "30"), ("40", "36", "33")),
    ),
    Story(
        *("2", "全職員研修の受講率", "%", "activity", "up", "受講した職員数 ÷ 対象の職員数"),
        *(None, ("80", "90", "100"), ("76", "91", "88")),
    ),
    Story(
        *("8", "マイナンバーカードの保有率", "%", "outcome", "up", "保有枚数 ÷ 人口"),
        *(None, (None, None, None), ("71.5", "76.2", "79.8")),
    ),
)


@transaction.atomic
def load_indicators(*, today: date) -> None:
    """Two with everything, one whose baseline is unknown, one the town has set no target for."""
    office = User.objects.get(username=ACCOUNTS[0].username)
    for story in STORIES:
        _load(story, by=office, today=today)


def _load(story: Story, *, by: User, today: date) -> None:
    initiative = Initiative.objects.select_related("plan").get(plan__code="r5-r7", code=story.initiative)
    indicator = Indicator(
        plan=initiative.plan,
        initiative=initiative,
        name=story.name,
        unit=story.unit,
        kind=story.kind,
        direction=story.direction,
        formula=story.formula,
        source="例（架空の値）",
        baseline_year=initiative.plan.first_year - 1 if story.baseline else None,
        baseline_value=Decimal(story.baseline) if story.baseline else None,
    )
    actions.create_indicator(indicator, by=by, today=today)
    for year, target, measured, estimated in zip(
        initiative.plan.years, story.targets, story.measured, story.estimated, strict=True
    ):
        if target:
            row = IndicatorTarget(indicator=indicator, fiscal_year=year, value=Decimal(target))
            row.decided_by = "第1回情報化推進委員会（例）"
            actions.set_target(row, by=by, today=today, seen_version=None)
        _figure(indicator, year, measured, "measured", by=by, today=today)
        _figure(indicator, year, estimated, "estimated", by=by, today=today)


def _figure(indicator: Indicator, year: int, figure: str | None, basis: str, *, by: User, today: date) -> None:
    if figure is not None:
        value = IndicatorValue(indicator=indicator, fiscal_year=year, basis=basis, value=Decimal(figure))
        value.as_of = min(fiscal.fiscal_year_end(year), today)
        value.is_public = indicator.number == 1  # one that residents are shown
        actions.record_value(value, by=by, today=today)
