"""会議資料: cover, 次第, how the plan stands, a sheet for each subject, and what the committee needs beside them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from committee.models import AgendaItem, CommitteeRules, Meeting
from committee.papers.agenda import agenda_section, items_of, when_and_where
from committee.papers.homework import carried_to, given_by, homework_section
from committee.papers.item import decisions_section, item_section
from committee.papers.money import money_section
from committee.papers.people import roll_sections
from committee.papers.situation import situation_sections
from committee.papers.words import COMMITTEE, SENDER, demo_note
from committee.summaries.attendance import roll_of
from initiatives.models import Plan
from schedule.summaries import PlanSummary, plan_summary
from townhall.paper.content import Cover, Pairs, Paper, Section


def pack_paper(meeting: Meeting, *, as_of: date) -> Paper:
    """Everything the meeting looks at, on that day. The number of queries grows with plans, not with subjects."""
    items, rules = items_of(meeting), CommitteeRules.now()
    current = Plan.objects.current(today=as_of)
    summaries = _summaries(items, current, meeting, as_of=as_of)
    rows = {row.pk: row for summary in summaries.values() for row in summary.all_rows}
    carried = carried_to(meeting)
    return Paper(
        title=f"{meeting} 会議資料",
        running=f"{meeting} 会議資料",
        as_of=as_of,
        note=demo_note(),
        cover=Cover((COMMITTEE, f"{meeting.short_name} 会議資料"), when_and_where(meeting), SENDER),
        sections=(
            agenda_section(meeting, items, rules, lists_papers=True),
            *situation_sections(summaries.get(current.pk) if current else None),
            *(item_section(item, number, rows=rows, carried=carried) for number, item in enumerate(items, start=1)),
            *_numbered(
                decisions_section(items),
                homework_section(carried, given_by(meeting)),
                money_section(as_of=as_of),
                *roll_sections(roll_of(meeting, rules)),
            ),
        ),
    )


def agenda_paper(meeting: Meeting, *, as_of: date) -> Paper:
    """次第, on one sheet."""
    section = agenda_section(meeting, items_of(meeting), CommitteeRules.now())
    when = Pairs("when", when_and_where(meeting))
    sections = (Section("agenda", f"{meeting} 次第", (when, *section.blocks)),)
    return Paper(f"{meeting} 次第", COMMITTEE, as_of, sections, note=demo_note())


def _summaries(
    items: Iterable[AgendaItem], current: Plan | None, meeting: Meeting, *, as_of: date
) -> dict[int, PlanSummary]:
    """By plan: of the one in force, and of those whose rows are on the agenda."""
    earlier = Meeting.objects.past(today=as_of).filter(held_on__lt=meeting.held_on)
    before = earlier.values_list("held_on", flat=True).first()
    plans = {plan.pk: plan for plan in (current, *(item.activity.plan for item in items if item.activity)) if plan}
    return {pk: plan_summary(plan, as_of=as_of, base=before) for pk, plan in plans.items()}


def _numbered(*sections: Section) -> Iterable[Section]:
    return (replace(section, number=f"参考{number}") for number, section in enumerate(sections, start=1))
