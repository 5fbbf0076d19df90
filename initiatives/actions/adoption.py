"""Changes to the plan as data. Each function is one thing a person does."""

from datetime import date
from typing import Any

from django.db import transaction

from initiatives.adoption import Adoption
from initiatives.choices import InitiativeKind
from initiatives.models import Chapter, GlossaryTerm, Initiative, Plan, PlanRole, Principle
from initiatives.planfile import PlanFile
from initiatives.source_text import without_marks


@transaction.atomic
def adopt_plan(planfile: PlanFile, *, by: Any, today: date, overwrite: bool = False) -> tuple[Plan, Adoption]:
    """Write the plan's text, its lists and its glossary; a second time nothing changes.

    The rows of 全体スケジュール follow in `schedule.plan_rows.adopt_rows`, in the same transaction.
    """
    adoption = Adoption(by=by, today=today, overwrite=overwrite)
    plan = adoption.adopt(
        Plan(code=planfile.code, name=planfile.name, starts_on=planfile.starts_on, ends_on=planfile.ends_on),
        found=Plan.objects.filter(code=planfile.code).first(),
        wording=["name", "starts_on", "ends_on"],
    )
    _adopt_text(plan, planfile, adoption)
    _adopt_initiatives(plan, planfile, adoption)
    _adopt_terms_and_roles(plan, planfile, adoption)
    return plan, adoption


def _adopt_text(plan: Plan, planfile: PlanFile, adoption: Adoption) -> None:
    chapters = {chapter.number: chapter for chapter in plan.chapters.all()}
    for entry in planfile.chapters:
        wanted = Chapter(plan=plan, number=entry.number, heading=entry.heading, text=entry.text)
        adoption.adopt(wanted, found=chapters.get(entry.number), wording=["heading", "text"])
    principles = {principle.number: principle for principle in plan.principles.all()}
    for entry_ in planfile.principles:
        principle = Principle(plan=plan, number=entry_.number, text=entry_.text)
        adoption.adopt(principle, found=principles.get(entry_.number), wording=["text"])


def _adopt_initiatives(plan: Plan, planfile: PlanFile, adoption: Adoption) -> None:
    initiatives = {(row.kind, row.number): row for row in plan.initiatives.all()}
    lists = (
        (InitiativeKind.PRIORITY, "", planfile.priorities),
        (InitiativeKind.STUDY, "k", planfile.studies),
    )
    for kind, prefix, entries in lists:
        for entry in entries:
            wanted = Initiative(
                plan=plan,
                kind=kind,
                number=entry.number,
                code=f"{prefix}{entry.number}",
                name=entry.name,
                text=entry.text,
            )
            adoption.adopt(wanted, found=initiatives.get((kind, entry.number)), wording=["name", "text"])


def _adopt_terms_and_roles(plan: Plan, planfile: PlanFile, adoption: Adoption) -> None:
    terms = {term.number: term for term in plan.terms.all()}
    for entry in planfile.terms:
        wanted = GlossaryTerm(
            plan=plan,
            number=entry.number,
            term=entry.term,
            definition=entry.definition,
            aliases="\n".join(entry.aliases),
        )
        adoption.adopt(wanted, found=terms.get(entry.number), wording=["term", "definition", "aliases"])
    roles = {role.number: role for role in plan.roles.all()}
    for number, role in enumerate(planfile.roles, start=1):
        wanted_role = PlanRole(
            plan=plan, number=number, name=role.name, holder=role.holder, duty=without_marks(role.duty)
        )
        adoption.adopt(wanted_role, found=roles.get(number), wording=["name", "holder", "duty"])
