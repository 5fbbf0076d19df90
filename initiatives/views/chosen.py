"""Which plan a page of this package is about: the one in force, unless the address names another (?plan=code)."""

from urllib.parse import urlencode

from django.http import Http404

from initiatives.models import Plan
from townhall.http import PortalRequest


def chosen_plan(request: PortalRequest) -> Plan | None:
    """None while there is no plan at all; Http404 for a code that no plan has."""
    code = request.GET.get("plan", "").strip()
    if not code:
        return Plan.objects.current(today=request.today)
    plan = Plan.objects.filter(code=code).first() if code.isascii() and code.isprintable() and len(code) <= 30 else None
    if plan is None:
        raise Http404("その記号の計画はありません。")
    return plan


def plan_suffix(request: PortalRequest, plan: Plan) -> str:
    """For links that stay with a plan which is not the one in force."""
    return "" if plan == Plan.objects.current(today=request.today) else f"?{urlencode({'plan': plan.code})}"
