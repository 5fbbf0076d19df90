"""What the search knows beside the plan, proposals and meetings: 宿題, budget, indicators and the ledgers."""

from collections.abc import Iterator

from committee.models import ActionItem, BudgetLine
from initiatives.models import BusinessProcess, Indicator, StandardizedSystem
from otaki_dx.search import Entry, Kind, entry
from schedule.models import PolicyDocument, PolicyFinding
from townhall import fiscal


def action_item_entries() -> tuple[Entry, ...]:
    """For those who see meetings; one query."""
    tasks = ActionItem.objects.select_related("meeting", "section").order_by("-meeting__held_on", "pk")
    return tuple(
        entry(Kind.TASK, str(task), task.get_absolute_url(), str(task.meeting), task.text, task.outcome_note)
        for task in tasks
    )


def budget_entries() -> tuple[Entry, ...]:
    """For those who see the budget; one query."""
    lines = BudgetLine.objects.select_related("section")
    return tuple(
        entry(
            Kind.BUDGET,
            line.name,
            line.get_absolute_url(),
            f"{fiscal.format_fiscal_year(line.budget_year)}　{line.section}",
            line.account,
            line.note,
        )
        for line in lines
    )


def indicator_entries() -> tuple[Entry, ...]:
    """One query."""
    return tuple(
        entry(Kind.INDICATOR, str(each), each.get_absolute_url(), each.plan.name, each.formula, each.source, each.note)
        for each in Indicator.objects.select_related("plan")
    )


def system_entries() -> tuple[Entry, ...]:
    """One query."""
    return tuple(
        entry(Kind.SYSTEM, each.name, each.get_absolute_url(), each.ministry, each.aliases)
        for each in StandardizedSystem.objects.all()
    )


def process_entries() -> tuple[Entry, ...]:
    """One query."""
    return tuple(
        entry(Kind.PROCESS, each.name, each.get_absolute_url(), each.section.name, each.summary)
        for each in BusinessProcess.objects.select_related("section")
    )


def policy_entries() -> tuple[Entry, ...]:
    """Documents and what is to be mended; two queries."""
    return (*_documents(), *_findings())


def _documents() -> Iterator[Entry]:
    for each in PolicyDocument.objects.filter(is_active=True):
        yield entry(Kind.POLICY, each.name, each.get_absolute_url(), each.get_kind_display())


def _findings() -> Iterator[Entry]:
    for each in PolicyFinding.objects.select_related("owner_section").order_by("-found_on", "pk"):
        note = f"指摘　{each.owner_section}"
        yield entry(Kind.POLICY, each.content, each.get_absolute_url(), note, each.task, each.done_note)
