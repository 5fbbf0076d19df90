"""Proposals as lists and pages show them: plain values, a fixed number of queries."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch, Q
from django.urls import reverse

from committee import contents, course
from committee.breakeven import Chart, chart_of
from committee.choices import ProposalAction, ProposalState
from committee.costs import YEARS_COUNTED, CostPlan
from committee.models import AgendaItem, BudgetLine, Decision, Meeting, Proposal
from committee.models.proposal import ProposalQuerySet
from committee.summaries.action_items import ActionItemRow, Filter, tasks_about
from committee.summaries.budget import LineRow, lines_of
from committee.summaries.comments import Talk, talk_about
from committee.summaries.editions import Comparison, Edition, compared, editions_of
from committee.summaries.effects import EffectRow, effect_rows
from committee.turns import Turn, item_at_hand, whose_turn
from committee.workflow import Step, may_edit, open_steps
from schedule.models import Activity
from townhall import fiscal
from townhall.models import User
from townhall.permissions import Permission, can

ROWS_PER_PAGE = 50
FILTERS = {"all": "すべて", "own": "自課", "yours": "あなたの番", "committee": "審査待ち"}


# --- proposals in rows


@dataclass(frozen=True)
class ProposalRow:
    pk: int
    url: str
    number: str
    title: str
    section: str
    state: ProposalState
    turn: Turn
    is_yours: bool
    hours_saved: int | None
    total_cost: int | None  # 千円, five years
    moved_at: datetime | None

    def days_waiting(self, today: date) -> int | None:
        return None if self.moved_at is None else (today - fiscal.japan_date(self.moved_at)).days


@dataclass(frozen=True)
class ProposalTable:
    rows: tuple[ProposalRow, ...]
    page: Page[Proposal]
    filters: tuple[Filter, ...]
    show: str
    years: tuple[int, ...]
    year: int | None

    @property
    def is_narrowed(self) -> bool:
        return self.show != "all" or self.year is not None


def proposal_rows(
    user: User, *, today: date, show: str = "all", year: int | None = None, page: int | str = 1
) -> ProposalTable:
    """What this person may see, narrowed by a filter and a fiscal year; five queries."""
    visible = Proposal.objects.visible_to(user, today=today)
    in_year = visible if year is None else visible.of_year(year)
    narrowed = {
        "all": in_year,
        "own": in_year.of_own_section(user, today=today),
        "yours": in_year.waiting_for(user, today=today),
        "committee": in_year.before_the_committee(),
    }
    counts = visible.aggregate(
        **{key: Count("pk", filter=Q(pk__in=rows.values("pk"))) for key, rows in narrowed.items()}
    )
    show = show if show in FILTERS else "all"
    pages = Paginator(_with_context(narrowed[show]).with_last_move().order_by("-created_at", "-pk"), ROWS_PER_PAGE)
    chosen = pages.get_page(page)
    numbered = visible.exclude(fiscal_year=None).order_by().values_list("fiscal_year", flat=True).distinct()
    return ProposalTable(
        rows=tuple(_row(proposal, user, today) for proposal in chosen.object_list),
        page=chosen,
        filters=tuple(Filter(key, label, counts[key]) for key, label in FILTERS.items()),
        show=show,
        years=tuple(sorted({*(fy for fy in numbered if fy), fiscal.fiscal_year(today)}, reverse=True)),
        year=year,
    )


def proposals_waiting_for(user: User, *, today: date) -> tuple[ProposalRow, ...]:
    """あなたの番: the longest waiting first; two queries."""
    rows = Proposal.objects.visible_to(user, today=today).waiting_for(user, today=today)
    return tuple(_row(proposal, user, today) for proposal in _with_context(rows).longest_waiting_first())


def _with_context(rows: ProposalQuerySet) -> ProposalQuerySet:
    items = Prefetch("agenda_items", AgendaItem.objects.select_related("meeting", "decision"))
    return rows.select_related("section", "execution").prefetch_related(items, "execution__reviews")


def _row(proposal: Proposal, user: User, today: date) -> ProposalRow:
    turn = whose_turn(proposal)
    return ProposalRow(
        pk=proposal.pk,
        url=proposal.get_absolute_url(),
        number=proposal.number_label,
        title=proposal.shown_title,
        section=proposal.section.name,
        state=proposal.state_choice,
        turn=turn,
        is_yours=turn.is_yours(user, today=today),
        hours_saved=proposal.hours_saved,
        total_cost=proposal.total_cost,
        moved_at=getattr(proposal, "moved_at", None),
    )


# --- one proposal


@dataclass(frozen=True)
class ProposalFacts:
    """What it says, in its three sections."""

    outline: tuple[contents.Line, ...]
    measured_by: tuple[contents.Line, ...]
    checked: tuple[contents.Line, ...]
    plan: CostPlan | None


def proposal_facts(proposal: Proposal, *, all_lines: bool) -> ProposalFacts:
    """`all_lines`: also the empty ones that nobody must fill in. Reads `funding` (prefetched)."""
    outline, measured_by, checked = (
        contents.shown_lines(proposal, names, all_of_them=all_lines)
        for names in (contents.OUTLINE, contents.MEASURED_BY, contents.CHECKED)
    )
    return ProposalFacts(outline, measured_by, checked, plan=proposal.cost_plan)


@dataclass(frozen=True)
class StepLink:
    step: Step
    url: str


# Steps that belong beside the main button of the ball; the rest stands apart, where no hand slips.
WITH_A_PAGE = (ProposalAction.TABLE, ProposalAction.START)
BESIDE = (ProposalAction.RETURN, ProposalAction.SEND_BACK)


@dataclass(frozen=True)
class Aftermath:
    """What became of an adopted proposal: the row of the plan, the lines of the budget, what was measured."""

    activity: Activity | None
    started_on: date | None
    money: tuple[LineRow, ...] | None  # None for those who may not read the budget
    effects: tuple[EffectRow, ...]
    can_place: bool
    can_measure: bool


@dataclass(frozen=True)
class ProposalPage:
    turn: Turn
    is_yours: bool
    can_edit: bool
    answer: Step | None  # the answer that is this person's to give
    beside: tuple[StepLink, ...]
    others: tuple[StepLink, ...]
    here: int
    flow: tuple[course.FlowStep, ...]
    threads: tuple[course.Thread, ...]
    moments: tuple[course.Moment, ...]
    chart: Chart | None
    decisions: tuple[Decision, ...]  # newest first
    meeting: Meeting | None  # the one it is before
    next_meeting: Meeting | None  # the one it could still be put before
    aftermath: Aftermath | None  # None until it is adopted
    waiting_since: date | None
    days_waiting: int
    may_score: bool
    editions: tuple[Edition, ...]
    changed: Comparison | None  # the newest edition against the one before
    talk: Talk | None  # 意見, once it was submitted
    tasks: tuple[ActionItemRow, ...]  # 宿題 that meetings gave about it

    @property
    def open_threads(self) -> tuple[course.Thread, ...]:
        return tuple(thread for thread in self.threads if not thread.answer)


def proposal_page(proposal: Proposal, user: User, *, today: date) -> ProposalPage:
    """Everything around one proposal, as this person sees it; eight queries at most: events, agenda items, questions, editions, the opening, the next meeting, 意見, 宿題."""
    events = list(proposal.events.all())
    items = list(proposal.agenda_items.all())
    at_hand = item_at_hand(proposal)
    editions = editions_of(proposal)
    decisions = sorted(
        (i.decision for i in items if i.decision_or_none), key=lambda d: (d.decided_on, d.pk), reverse=True
    )
    turn = whose_turn(proposal)
    meeting = at_hand.meeting if at_hand else None
    steps = open_steps(proposal, by=user, today=today)
    # Decisions, and taking an item off the agenda, have their place on the meeting's page.
    pages = [step for step in steps if step.action in WITH_A_PAGE or not (step.needs_meeting or step.elsewhere)]
    links = [StepLink(step, reverse(f"proposal_{step.action}", args=[proposal.pk])) for step in pages]
    since = fiscal.japan_date(events[-1].at) if events else None
    return ProposalPage(
        turn=turn,
        is_yours=turn.is_yours(user, today=today),
        # The page for writing is the section's; the secretariat corrects what it received in the admin.
        can_edit=may_edit(proposal, by=user, today=today)
        and can(user, Permission.WRITE_PROPOSAL, today=today, section=proposal.section_id),
        answer=next((step for step in steps if step.action == ProposalAction.ANSWER), None),
        beside=tuple(link for link in links if link.step.action in BESIDE),
        others=tuple(link for link in links if link.step.action not in BESIDE and link.url != turn.url),
        here=course.step_of(proposal, events),
        flow=course.flow(proposal, events, today=today, meeting=meeting, decision=decisions[0] if decisions else None),
        threads=course.threads(list(proposal.questions.all())),
        moments=course.moments(events, inside=proposal.is_open_inside_to(user, today=today)),
        chart=chart_of(proposal, years=YEARS_COUNTED),
        decisions=tuple(decisions),
        meeting=meeting,
        next_meeting=_could_be_heard_at(proposal, today),
        aftermath=_aftermath(proposal, user, today=today),
        waiting_since=since,
        days_waiting=(today - since).days if since else 0,
        may_score=proposal.edition > 0 and can(user, Permission.SCORE_PROPOSAL, today=today),
        editions=editions,
        changed=compared(editions[-2], editions[-1]) if len(editions) > 1 else None,
        talk=talk_about("proposal", proposal.pk, user, today=today) if proposal.edition else None,
        tasks=tasks_about(Q(item__proposal=proposal), user, today=today) if items else (),
    )


def _could_be_heard_at(proposal: Proposal, today: date) -> Meeting | None:
    if proposal.state in (*ProposalState.DECIDED, *ProposalState.CLOSED, ProposalState.TABLED):
        return None
    return Meeting.objects.upcoming(today=today).first()


def _aftermath(proposal: Proposal, user: User, *, today: date) -> Aftermath | None:
    """Reads `execution__reviews` (prefetched); one query, with lines of the budget four, with reviews one more."""
    if proposal.state not in ProposalState.ADOPTED_OR_LATER:
        return None
    may_see_budget = can(user, Permission.VIEW_BUDGET, today=today)
    execution = getattr(proposal, "execution", None)
    activity = execution.activity if execution else None
    return Aftermath(
        activity=activity,
        started_on=execution.started_on if execution else None,
        money=lines_of(BudgetLine.objects.filter(proposal=proposal)) if may_see_budget else None,
        effects=effect_rows(execution.reviews.all() if execution else (), today=today),
        can_place=activity is None
        and proposal.state != ProposalState.DROPPED
        and can(user, Permission.EDIT_PLAN, today=today),
        can_measure=can(user, Permission.WRITE_PROPOSAL, today=today, section=proposal.section_id),
    )
