"""自己評価 of the year that has ended, and after it the word of the 課長, as due things of each section."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter

from django.urls import reverse

from initiatives.actions.evaluations import PERMISSION_OF_STAGE
from initiatives.choices import EvaluationStage
from initiatives.models import Evaluation, EvaluationScale, EvaluationYear, Initiative, Plan
from schedule.recurrence import Reach
from schedule.sources import DueDay, DueItem, Kind
from townhall import fiscal
from townhall.models import Section

EVALUATION = "evaluation"
# The plan names no day: so many 開庁日 after the year has ended, which the town may change. Told as soon as it waits.
EVALUATION_KIND = Kind(
    EVALUATION,
    "年度評価の自己評価と一次評価",
    lead_days=(20, 10, 3),
    days_after=(1,),
    in_working_days=True,
    answer_within=20,
)
ORDER = attrgetter("order")
# 自己評価 is named as it was before the stage after it was asked for as well.
SUBJECT = {EvaluationStage.SELF: "", EvaluationStage.FIRST: ":first"}


@dataclass(frozen=True)
class Asked:
    plan: Plan
    fiscal_year: int
    on: date  # the day from which it waits


def evaluation_items(day: DueDay) -> Iterator[DueItem]:
    """At most six queries. Of each plan with letters only the newest year that has ended, until it is fixed."""
    for asked in _asked(day.today):
        waiting = Counter((initiative.owner_section, stage) for initiative, stage in _waiting(asked))
        yield from (_item(asked, section, stage, count, day) for (section, stage), count in waiting.items())


def _asked(today: date) -> list[Asked]:
    """Who adopts a scale late is asked late: what nobody could do is no debt."""
    adopted: dict[int, datetime] = dict(
        EvaluationScale.history.filter(history_type="+").values_list("plan_id", "history_date")
    )
    fixed = set(EvaluationYear.objects.filter(fixed_on__isnull=False).values_list("plan_id", "fiscal_year"))
    found = []
    for plan in Plan.objects.filter(scale__isnull=False).order_by("pk"):
        year = min(plan.last_year, fiscal.fiscal_year(today) - 1)
        if year >= plan.first_year and (plan.pk, year) not in fixed:
            began = fiscal.fiscal_year_start(year + 1)
            found.append(Asked(plan, year, max(began, fiscal.japan_date(adopted.get(plan.pk, began)))))
    return found


def _waiting(asked: Asked) -> Iterator[tuple[Initiative, EvaluationStage]]:
    """The section's next stage of each initiative; once a later one has spoken, an earlier is not asked for any more."""
    spoken = Evaluation.objects.filter(year__plan=asked.plan, year__fiscal_year=asked.fiscal_year)
    last: dict[int, EvaluationStage] = {}
    for initiative, said in spoken.values_list("initiative", "stage"):
        last[initiative] = max(last.get(initiative, EvaluationStage.SELF), EvaluationStage(said), key=ORDER)
    for row in asked.plan.initiatives.priorities().in_plan_order().select_related("owner_section"):
        if row.pk not in last:
            yield row, EvaluationStage.SELF
        elif last[row.pk] == EvaluationStage.SELF:
            yield row, EvaluationStage.FIRST


def _item(asked: Asked, section: Section | None, stage: EvaluationStage, count: int, day: DueDay) -> DueItem:
    due_on = day.answer_by(EVALUATION_KIND, asked.on)
    page = reverse("evaluation_year", args=[asked.fiscal_year])
    return DueItem(
        kind=EVALUATION,
        subject=f"evaluation:{asked.plan.pk}:{asked.fiscal_year}:section:{section.pk if section else 0}{SUBJECT[stage]}",
        due_on=due_on,
        title=f"{fiscal.format_fiscal_year(asked.fiscal_year)}の年度評価　{stage.label}（残り {count}件）",
        path=f"{page}?plan={asked.plan.code}",
        section=section,
        permission=PERMISSION_OF_STAGE[stage],
        steps=day.steps(EVALUATION_KIND, due_on),
        begins_with=Reach.HEAD,
    )
