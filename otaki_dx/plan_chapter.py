"""One chapter of the plan to read. Here, because chapter 6 looks at the rows of `schedule`. Composition only."""

from dataclasses import dataclass
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from initiatives.models import Plan
from initiatives.reading import Passage, TermReader, read_chapter
from schedule.models import Activity
from townhall import fiscal
from townhall.permissions import Permission, requires


@dataclass(frozen=True)
class YearCell:
    year: int
    is_planned: bool
    is_due: bool  # the deadline lies in this year


@dataclass(frozen=True)
class ScheduleRow:
    activity: Activity
    lines: tuple[str, ...]
    cells: tuple[YearCell, ...]


@dataclass(frozen=True)
class ScheduleGroup:
    """Rows of one 取組事項, in the plan's order."""

    name: str
    url: str
    rows: tuple[ScheduleRow, ...]


@dataclass(frozen=True)
class Schedule:
    years: tuple[int, ...]
    groups: tuple[ScheduleGroup, ...]
    terms: Passage


@require_safe
@requires(Permission.VIEW_PLAN)
def plan_chapter(request: HttpRequest, number: int) -> HttpResponse:
    plan = Plan.objects.current(today=request.today)  # type: ignore[attr-defined]
    chapters = list(plan.chapters.order_by("number")) if plan else []
    position = next((at for at, chapter in enumerate(chapters) if chapter.number == number), None)
    if plan is None or position is None:
        raise Http404(f"計画本文に {number} 章はありません。")
    chapter = chapters[position]
    reader = TermReader(plan.terms.all())
    blocks = read_chapter(chapter, reader)
    context = {
        "plan": plan,
        "chapter": chapter,
        "blocks": blocks,
        "schedule": _schedule(plan, reader) if any(block.kind == "schedule" for block in blocks) else None,
        "previous": chapters[position - 1] if position else None,
        "next": chapters[position + 1] if position + 1 < len(chapters) else None,
    }
    return render(request, "otaki_dx/plan_chapter.html", context)


def _schedule(plan: Plan, reader: TermReader) -> Schedule:
    """One query. Years are those of the plan file, which derives them from 実施時期 (計画書 6)."""
    activities = plan.activities.scheduled().in_plan_order().select_related("initiative")
    years = tuple(plan.years)
    groups = tuple(
        ScheduleGroup(name, _url_of(group[0]), tuple(_row(activity, years) for activity in group))
        for name, members in groupby(activities, key=lambda activity: activity.group_name)
        if (group := list(members))
    )
    contents = "\n".join(row.activity.content for group in groups for row in group.rows)
    return Schedule(years, groups, reader.plain(contents))


def _url_of(activity: Activity) -> str:
    return activity.initiative.get_absolute_url() if activity.initiative else ""


def _row(activity: Activity, years: tuple[int, ...]) -> ScheduleRow:
    due_year = fiscal.fiscal_year(activity.due_on) if activity.due_on else None
    cells = tuple(YearCell(year, activity.covers(year), year == due_year) for year in years)
    return ScheduleRow(activity, tuple(activity.content.splitlines()), cells)
