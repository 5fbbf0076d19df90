"""The pages of one initiative and of one row of the schedule: the whole chain from the plan to the decision."""

from functools import partial
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from committee.forms import CommentForm
from committee.models import AgendaItem, BudgetLine, EffectReview, Proposal
from committee.models.budget import BudgetLineQuerySet
from committee.summaries.action_items import ActionItemRow, tasks_about
from committee.summaries.budget import LineRow, lines_of
from committee.summaries.comments import Talk, talk_about
from committee.summaries.effects import EffectRow, effect_rows
from initiatives.chapter_text import join_lines, paragraphs_of
from initiatives.models import Initiative, Plan
from initiatives.reading import Passage, TermReader
from initiatives.summaries import IndicatorTable, indicator_table
from initiatives.summaries.evaluations import YearLetter, letters_of
from otaki_dx.freshness import remembered, revalidated
from otaki_dx.ledger_links import ledger_links
from otaki_dx.plan_choice import plan_choice
from otaki_dx.plan_pages import count_own_items
from schedule.models import Activity
from schedule.summaries import activity_summary, initiative_summary
from schedule.summaries.rows import RoundLine
from townhall.choices import Role
from townhall.http import PortalRequest
from townhall.models import RoleAssignment
from townhall.permissions import Permission, can, requires


@require_safe
@requires(Permission.VIEW_PLAN)
@revalidated
def initiative_detail(request: PortalRequest, code: str) -> HttpResponse:
    initiatives = Initiative.objects.select_related("plan", "owner_section")
    choice = plan_choice(request)
    initiative = initiatives.filter(plan=choice.plan, code=code).first()
    if initiative is None:
        raise Http404(f"取組 {code} は、この計画にありません。")
    summary = remembered(
        request,
        "initiative_summary",
        initiative.pk,
        make=lambda: initiative_summary(initiative, as_of=request.today, suffix=choice.suffix),
    )
    context = {
        "plan_choice": choice,
        "initiative": initiative,
        "summary": summary,
        "passages": _plan_text(initiative),
        "indicators": _indicators(request, initiative),
        "letters": _letters(request, initiative),
        "sees_evaluations": can(request.user, Permission.VIEW_EVALUATION, today=request.today),
        **_proposals_and_effects(request, Q(initiative=initiative) | Q(execution__activity__initiative=initiative)),
        "people": _people(request, initiative.owner_section_id),
        **_money(request, BudgetLine.objects.filter(initiative=initiative)),
        "ledgers": ledger_links(request, initiative),
        "may_propose": can(request.user, Permission.WRITE_PROPOSAL, today=request.today),
        "items": _agenda_items(request, Q(proposal__initiative=initiative) | Q(activity__initiative=initiative)),
        "tasks": _tasks(request, Q(item__activity__initiative=initiative) | Q(item__proposal__initiative=initiative)),
        "entry_key": "" if choice.is_asked else _entry_key(request, summary.round, initiative.owner_section_id),
    }
    return _page(request, "otaki_dx/initiative_detail.html", context)


@require_safe
@requires(Permission.VIEW_PLAN)
@revalidated
def activity_detail(request: PortalRequest, code: str) -> HttpResponse:
    choice = plan_choice(request)
    activity = activity_of(choice.plan, code)
    summary = remembered(
        request,
        "activity_summary",
        activity.pk,
        make=lambda: activity_summary(activity, as_of=request.today, suffix=choice.suffix),
    )
    context = {
        "plan_choice": choice,
        "activity": activity,
        "summary": summary,
        **_proposals_and_effects(
            request, Q(initiative=activity.initiative, initiative__isnull=False) | Q(execution__activity=activity)
        ),
        "items": _agenda_items(request, Q(activity=activity)),
        "tasks": _tasks(request, Q(item__activity=activity) | Q(item__proposal__execution__activity=activity)),
        **_talk(request, activity),
        "people": _people(request, activity.section_id),
        **_money(request, BudgetLine.objects.filter(activity=activity)),
        "ledgers": ledger_links(request, activity.initiative),
        # These two pages are those of the plan in force.
        "entry_key": "" if choice.is_asked else _entry_key(request, summary.round, activity.section_id),
        "may_see_history": not choice.is_asked and can(request.user, Permission.VIEW_HISTORY, today=request.today),
    }
    return _page(request, "otaki_dx/activity_detail.html", context)


def _page(request: PortalRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    count_own_items(request)
    return render(request, template, context)


def activity_of(plan: Plan | None, code: str) -> Activity:
    rows = Activity.objects.select_related("plan", "owner_section", "initiative__owner_section")
    activity = rows.filter(plan=plan, code=code).first()
    if activity is None:
        raise Http404(f"行 {code} は、この計画の全体スケジュールにありません。")
    return activity


def _plan_text(initiative: Initiative) -> list[Passage]:
    """One query: the terms, explained where they are met."""
    reader = TermReader(initiative.plan.terms.all())
    return [reader.passage(join_lines(paragraph)) for paragraph in paragraphs_of(initiative.text)]


def _indicators(request: PortalRequest, initiative: Initiative) -> IndicatorTable:
    make = partial(indicator_table, initiative.plan, initiative=initiative)
    return remembered(request, "indicators_of_initiative", initiative.pk, make=make)


def _letters(request: PortalRequest, initiative: Initiative) -> tuple[YearLetter, ...]:
    """The fixed 年度評価 of each year; 検討事項 have none."""
    plan = initiative.plan
    letters = remembered(request, "letters", plan.pk, make=partial(letters_of, plan, as_of=request.today))
    return letters.of(initiative.pk)


def _proposals_and_effects(request: PortalRequest, about: Q) -> dict[str, list[Proposal] | tuple[EffectRow, ...]]:
    """Those that were proposed for it, and those that became one of its rows; and what was measured of them."""
    if not can(request.user, Permission.VIEW_PROPOSAL, today=request.today):
        return {"proposals": [], "effects": ()}
    visible = Proposal.objects.visible_to(request.user, today=request.today).filter(about)
    proposals = list(visible.select_related("section"))
    reviews = EffectReview.objects.filter(execution__proposal__in=[proposal.pk for proposal in proposals])
    effects = effect_rows(reviews.with_proposal(), today=request.today) if proposals else ()
    return {"proposals": proposals, "effects": effects}


def _money(request: PortalRequest, lines: BudgetLineQuerySet) -> dict[str, bool | tuple[LineRow, ...]]:
    may_see = can(request.user, Permission.VIEW_BUDGET, today=request.today)
    return {"may_see_budget": may_see, "money": lines_of(lines) if may_see else ()}


def _people(request: PortalRequest, section_id: int | None) -> list[RoleAssignment]:
    """課長 and 担当 of the section today, the 課長 first."""
    posts = RoleAssignment.objects.on(request.today).filter(section=section_id, role__in=Role.OF_A_SECTION)
    known = posts.select_related("user", "section").filter(user__is_active=True) if section_id else []
    return sorted(known, key=lambda post: (post.role != Role.SECTION_HEAD, post.pk))


def _agenda_items(request: PortalRequest, about: Q) -> list[AgendaItem]:
    """What meetings discussed and decided, newest meeting first."""
    if not can(request.user, Permission.VIEW_MEETING, today=request.today):
        return []
    items = AgendaItem.objects.filter(about).select_related("meeting", "decision")
    return list(items.order_by("-meeting__held_on", "order"))


def _tasks(request: PortalRequest, about: Q) -> tuple[ActionItemRow, ...]:
    """宿題 that meetings gave about it."""
    if not can(request.user, Permission.VIEW_MEETING, today=request.today):
        return ()
    return tasks_about(about, request.user, today=request.today)


def _talk(request: PortalRequest, activity: Activity) -> dict[str, Talk | CommentForm | None]:
    """意見 about the row, for those who read meetings; the form, for those who may write one."""
    if not can(request.user, Permission.VIEW_MEETING, today=request.today):
        return {"talk": None}
    talk = talk_about("activity", activity.pk, request.user, today=request.today)
    return {"talk": talk, "comment_form": CommentForm() if talk.can_comment else None}


def _entry_key(request: PortalRequest, now: RoundLine | None, section_id: int | None) -> str:
    """The round in addresses, for those who may report this row in it; empty for everybody else."""
    if now is None or not can(request.user, Permission.RECORD_PROGRESS, today=request.today, section=section_id or 0):
        return ""
    return now.key
