"""Three lines of every ledger that goes in and out, with the letters that get lost on the way elsewhere."""

from datetime import date
from decimal import Decimal

from committee.choices import BudgetStage
from initiatives.actions.evaluations import adopt_scale
from initiatives.grading import PRESETS
from initiatives.models import ProcessStep, SystemStep
from tests.committee import factories as committee
from tests.conftest import TODAY
from tests.factories import TESTS, create_person
from tests.initiatives import factories as figures
from tests.initiatives import ledgers
from tests.schedule import duties, policies, small_plan, trainings
from tests.schedule import factories as schedule
from tests.schedule.trainings import create_trainee
from townhall.changes import create_row
from townhall.choices import Role
from townhall.models import Section, User

HARD = "〜−‖①髙𠮷 令和７年度\n二行目 =1+1"
DAY = date(2019, 5, 1)  # 令和元年5月1日


def three_of_every_kind(office: User, section: Section) -> None:
    plan = small_plan.create_plan()
    adopt_scale(plan, PRESETS[0], by=TESTS, today=TODAY)
    round = schedule.create_round(plan=plan)
    writer = create_person(username="writer", name="見本 書子", role=Role.SECTION_HEAD, section=section)
    for number, name in enumerate(("髙𠮷〜−‖①", "=1+1", "'+花子"), 1):
        initiative = small_plan.create_initiative(plan=plan, number=number, owner_section=section)
        _figures(name, number, office=office, section=section, initiative=initiative)
        _ledgers(name, number, section=section)
        committee.create_draft(by=writer, section=section, initiative=initiative, title=name, problem=HARD)
        activity = small_plan.create_activity(initiative=initiative)
        schedule.record(activity, round, by=office, text=f"{name}{HARD}")


def _figures(name: str, number: int, *, office: User, section: Section, initiative: object) -> None:
    figures.give(initiative, 2025, "self", "B", comment=f"{name}{HARD}")
    figures.map_to_the_nation(initiative, name=name)
    indicator = figures.create_indicator(plan=initiative.plan, name=name, formula=HARD, source="=1+1")
    figures.aim(indicator, 2025, f"{number}0.5")
    committee.create_source(name=name, kind="national", note=HARD, last_year=2027)
    line = committee.create_budget_line(by=office, section=section, initiative=initiative, name=name, note=HARD)
    committee.record(line, BudgetStage.REQUEST, 1500, by=office, note=f"'{HARD}")


def _ledgers(name: str, number: int, *, section: Section) -> None:
    create_trainee(name, section=section, staff_number=f"0{number}", hired_on=DAY)
    process = ledgers.create_process(section=section, name=name, summary=HARD, surveyed_on=DAY)
    odd = ProcessStep(process=process, order=3, name=name, minutes=Decimal("0.5"), volume=0, problem=f"={name}")
    create_row(odd, by=TESTS, today=TODAY)
    system = ledgers.create_system(code=f"std{number}", name=name, number=number, risk=HARD, planned_live_on=DAY)
    done = SystemStep(system=system, number=1, phase="1plan", name=name, state="done", done_on=DAY, note=f"-{name}")
    create_row(done, by=TESTS, today=TODAY)
    duty = duties.create_duty(code=f"duty-{number}", name=name, guidance=HARD, first_year=2019, owner_section=section)
    past = date(2025, 11, 28)
    training = trainings.start(occurrence=duties.create_occurrence(duty=duty, done_on=TODAY))
    session = trainings.hold(training, place=name, note=f"={name} 〜−‖①髙𠮷")
    trainings.attend(session, *(row.trainee.name for row in training.attendances.select_related("trainee")))
    duties.create_occurrence(duty=duty, due_on=past, done_on=past, evidence=name, note=HARD)
    document = policies.create_document(code=f"policy-{number}", name=name, owner_section=section, next_review_on=past)
    policies.add_version(document, f"第{number}版〜", reason=f"={name}", approved_by=name)
    policies.review(document, note=HARD)
    policies.find(section, content=f"{name} 〜−‖①髙𠮷", task=HARD, done_on=past, done_note=name, found_on=DAY)
