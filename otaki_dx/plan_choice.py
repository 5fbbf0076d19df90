"""Which plan a page is about: the one in force, unless the address names another (?plan=code)."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from initiatives.models import Plan
from townhall.http import PortalRequest


@dataclass(frozen=True)
class PlanLink:
    plan: Plan
    url_query: str
    state: str  # 「計画期間中」
    is_chosen: bool


@dataclass(frozen=True)
class PlanChoice:
    plan: Plan | None
    state: str
    is_asked: bool  # another than the page would show by itself
    links: tuple[PlanLink, ...]  # every plan, newest first
    has_next: bool  # a plan that follows the chosen one
    sentence: str  # about a code that no plan has

    @property
    def suffix(self) -> str:
        """For links to this plan's pages: codes of rows are those of one plan, so no link may lead into another."""
        return plan_query(self.plan) if self.plan and self.is_asked else ""


def plan_choice(request: PortalRequest) -> PlanChoice:
    """One query."""
    plans = list(Plan.objects.order_by("-starts_on", "-pk"))
    usual = current_of(plans, today=request.today)
    code = request.GET.get("plan", "").strip()
    asked = next((plan for plan in plans if plan.code == code), None)
    chosen = asked or usual
    links = tuple(
        PlanLink(
            plan, plan_query(plan) if plan != usual else "?", state_of(plan, plans, today=request.today), plan == chosen
        )
        for plan in plans
    )
    return PlanChoice(
        plan=chosen,
        state=next((link.state for link in links if link.is_chosen), ""),
        is_asked=chosen is not None and chosen != usual,
        links=links,
        has_next=chosen is not None and any(plan.starts_on > chosen.starts_on for plan in plans),
        sentence="" if asked or not code else "その記号の計画はありません。いまの計画を表示しています。",
    )


def current_of(plans: list[Plan], *, today: date) -> Plan | None:
    """As `PlanQuerySet.current`, of plans that are read already (newest first)."""
    started = [plan for plan in plans if plan.starts_on <= today]
    return started[0] if started else (plans[-1] if plans else None)


def state_of(plan: Plan, plans: list[Plan], *, today: date) -> str:
    """A plan is superseded when its successor began before the plan's own end."""
    if not plan.has_started(today):
        return "計画期間の前"
    followers = [each for each in plans if each.predecessor_id == plan.pk and each.has_started(today)]
    if any(each.starts_on <= plan.ends_on for each in followers):
        return "改定により旧版"
    return "終了" if plan.has_ended(today) else "計画期間中"


def plan_query(plan: Plan) -> str:
    return f"?{urlencode({'plan': plan.code})}"
